"""Forms of the register of demands and of meetings outside the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField, HourField, UnitField, has_words
from calendars.models import Meeting
from territories.models import Territory

from ..models import Demand
from ..views.page import VersionForm
from .requests import MeetingChoice


class DemandForm(forms.Form):
    place = UnitField(label=gettext_lazy("Place"))
    received_on = DayField(label=gettext_lazy("Received on"))
    number = forms.CharField(label=gettext_lazy("Registration number"), max_length=60, required=False)
    who = forms.CharField(
        label=gettext_lazy("Who demands"),
        max_length=300,
        help_text=gettext_lazy("A group, for example residents of a street; no names."),
    )
    people = forms.IntegerField(label=gettext_lazy("How many people"), min_value=1, max_value=10_000_000)
    text = forms.CharField(label=gettext_lazy("What about"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    letter = forms.FileField(label=gettext_lazy("Letter or photograph"), required=False, max_length=200)

    def __init__(self, *args: Any, unit: Territory, search_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = Territory.objects.filter(path__startswith=unit.path, valid_to=None)
        self.fields["place"].widget.url = search_url


class AnswerForm(VersionForm):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("granted", gettext_lazy("a meeting is held")), ("refused", gettext_lazy("refused"))],
    )
    meeting = MeetingChoice(
        label=gettext_lazy("The meeting that answers it"), queryset=Meeting.objects.none(), required=False
    )
    answered_on = DayField(label=gettext_lazy("Answered on"))
    answer_text = forms.CharField(
        label=gettext_lazy("Text of the answer; the reason of a refusal"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings


class DemandChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Demand) -> str:  # type: ignore[override]
        return f"{obj.received_on:%d.%m.%Y}, {obj.who}"


class OffCalendarForm(forms.Form):
    """A meeting outside the calendar: on demand of the population or by necessity, with the reason (826-3.1)."""

    demand = DemandChoice(
        label=gettext_lazy("On demand of the population"),
        queryset=Demand.objects.none(),
        required=False,
        empty_label=gettext_lazy("no, by necessity"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why the meeting cannot wait for the calendar."),
    )
    place = UnitField(label=gettext_lazy("Place of the meeting"))
    date = DayField(label=gettext_lazy("Date"))
    time = HourField(label=gettext_lazy("Time"))
    address = forms.CharField(label=gettext_lazy("Hall and address"), max_length=300)
    planned_minutes = forms.IntegerField(label=gettext_lazy("Planned minutes"), min_value=20, max_value=720, initial=60)

    def __init__(
        self, *args: Any, unit: Territory, demands: QuerySet[Demand], search_url: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = Territory.objects.filter(path__startswith=unit.path, valid_to=None)
        self.fields["place"].widget.url = search_url
        self.fields["demand"].queryset = demands

    def clean_reason(self) -> str:
        text = self.cleaned_data["reason"].strip()
        if not has_words(text):
            raise ValidationError(_("Write it in words."))
        return text
