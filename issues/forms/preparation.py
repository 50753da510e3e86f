"""Forms of the preparation board."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField, HourField, UnitField, one_line

from ..models import Capacity
from ..services import Member
from ..views.page import VersionForm

#: Rows for members that an empty form of a commission offers.
MEMBER_ROWS = 7
MOST_MEMBERS = 40


def instant(day: dt.date, hour: dt.time | None) -> dt.datetime:
    """An instant of Kazakhstan; without an hour the beginning of the day."""
    return dt.datetime.combine(day, hour or dt.time(0), ZoneInfo(settings.TIME_ZONE))


class CommissionForm(VersionForm):
    order_number = forms.CharField(label=gettext_lazy("Number of the order"), max_length=60)
    order_date = DayField(label=gettext_lazy("Date of the order"))
    valid_from = DayField(label=gettext_lazy("Works from"))
    valid_to = DayField(
        label=gettext_lazy("Works until"), required=False, help_text=gettext_lazy("Empty: until it is closed.")
    )
    own = forms.BooleanField(
        label=gettext_lazy("Only for this meeting"),
        required=False,
        help_text=gettext_lazy("Otherwise it is standing and serves every meeting inside its term."),
    )
    no_assembly_note = forms.CharField(
        label=gettext_lazy("Why nobody of a local community assembly"), max_length=300, required=False
    )
    no_council_note = forms.CharField(
        label=gettext_lazy("Why nobody of a public council"), max_length=300, required=False
    )
    order_file = forms.FileField(
        label=gettext_lazy("The order (PDF, Word or photograph)"), required=False, max_length=200
    )

    def __init__(self, *args: Any, bodies: list[str], editing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Capacity.ASSEMBLY not in bodies:
            del self.fields["no_assembly_note"]
        if Capacity.COUNCIL not in bodies:
            del self.fields["no_council_note"]
        if editing:
            del self.fields["own"]


class MemberForm(forms.Form):
    capacity = forms.ChoiceField(label=gettext_lazy("Capacity"), choices=[("", "–"), *Capacity.choices], required=False)
    post = forms.CharField(label=gettext_lazy("Post"), max_length=200, required=False)
    name = forms.CharField(label=gettext_lazy("Full name (may stay out)"), max_length=200, required=False)
    chair = forms.BooleanField(label=gettext_lazy("Chair"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("post")) != bool(data.get("capacity")):
            raise ValidationError(_("A member has a capacity and a post."))
        return data


MemberFormSet = forms.formset_factory(MemberForm, extra=MEMBER_ROWS, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS)


def members_of(formset: Any) -> list[Member]:
    """Members of a clean formset; empty rows are left out."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("post")]
    return [Member(row["capacity"], row["post"], row["name"], row["chair"]) for row in rows]


class AnnouncementForm(forms.Form):
    text_kk = forms.CharField(
        label=gettext_lazy("Text in Kazakh"), max_length=5000, widget=forms.Textarea(attrs={"rows": 12, "lang": "kk"})
    )
    text_ru = forms.CharField(
        label=gettext_lazy("Text in Russian"), max_length=5000, widget=forms.Textarea(attrs={"rows": 12, "lang": "ru"})
    )


class ChannelForm(forms.Form):
    """A channel was used, or the reason why not."""

    on = DayField(label=gettext_lazy("Published on"), required=False)
    hour = HourField(label=gettext_lazy("Hour"), required=False)
    address = forms.URLField(
        label=gettext_lazy("Address of the page"), max_length=500, required=False, assume_scheme="https"
    )
    copy = forms.FileField(
        label=gettext_lazy("Copy of the page or photograph"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("PDF, PNG, JPEG or Word, up to 15 MB."),
    )
    reason_late = forms.CharField(
        label=gettext_lazy("Reason, if the announcement came late"), max_length=500, required=False
    )
    reason_unused = forms.CharField(
        label=gettext_lazy("Or: why the channel is not used"), max_length=500, required=False
    )

    def __init__(self, *args: Any, announcement: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not announcement:
            del self.fields["reason_late"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("on")) == bool(data.get("reason_unused")) and not self.errors:
            raise ValidationError(_("Give the day of publication, or the reason why the channel is not used."))
        return data

    @property
    def published_at(self) -> dt.datetime:
        return instant(self.cleaned_data["on"], self.cleaned_data["hour"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AudienceForm(VersionForm):
    invited = forms.IntegerField(label=gettext_lazy("Invited"), min_value=0, max_value=100_000, required=False)
    invited_on = DayField(label=gettext_lazy("Invited on"), required=False)
    present = forms.IntegerField(label=gettext_lazy("Came"), min_value=0, max_value=100_000, required=False)
    letter = forms.FileField(label=gettext_lazy("Letter or list of those invited"), required=False, max_length=200)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)


class BroadcastForm(VersionForm):
    address = forms.URLField(
        label=gettext_lazy("Address of the broadcast"), max_length=500, required=False, assume_scheme="https"
    )
    comments_open = forms.TypedChoiceField(
        label=gettext_lazy("May people comment?"),
        choices=[("", gettext_lazy("not known yet")), ("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))],
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Or: why there is no broadcast"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    recording = forms.URLField(
        label=gettext_lazy("Address of the recording"), max_length=500, required=False, assume_scheme="https"
    )
    comment_count = forms.IntegerField(
        label=gettext_lazy("Number of comments"), min_value=0, max_value=1_000_000, required=False
    )
    comments_copy = forms.FileField(label=gettext_lazy("Copy of the comments"), required=False, max_length=200)


class VideoPointForm(VersionForm):
    place = UnitField(label=gettext_lazy("Unit"), required=False)
    address = forms.CharField(label=gettext_lazy("Hall and address"), max_length=300, required=False)
    connected = forms.TypedChoiceField(
        label=gettext_lazy("Was it connected?"),
        choices=[("", gettext_lazy("not known yet")), ("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))],
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
    )
    present = forms.IntegerField(label=gettext_lazy("People present"), min_value=0, max_value=100_000, required=False)

    def __init__(self, *args: Any, units: Any, search_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = units
        self.fields["place"].widget.url = search_url

    def clean_address(self) -> str:
        return one_line(self.cleaned_data["address"])
