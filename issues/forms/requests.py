"""Forms of requests: quick entry, sorting, joining, filters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField, UnitField
from calendars.models import Meeting
from territories.models import Territory

from ..models import Classification, Level, Moderation, Source, Topic
from ..models.requests import Language
from ..views.page import VersionForm

ANY = ("", gettext_lazy("any"))


class MeetingChoice(forms.ModelChoiceField):
    """A meeting by its day and place."""

    def label_from_instance(self, obj: Meeting) -> str:  # type: ignore[override]
        hour = f" {obj.time:%H:%M}" if obj.time else ""
        return f"{obj.date:%d.%m.%Y}{hour}, {obj.place.name()}"


def topic_choices(region_id: int) -> list[tuple[Any, Any]]:
    """Two levels: topics under their heading; the heading itself may be chosen too."""
    rows = Topic.objects.for_region(region_id).only("code", "parent_code", "name_kk", "name_ru", "name_en")
    below: dict[str, list[Topic]] = {}
    for row in rows:
        below.setdefault(row.parent_code, []).append(row)
    choices: list[tuple[Any, Any]] = [("", "–")]
    for head in below.get("", []):
        children = [(child.pk, child.name()) for child in below.get(head.code, [])]
        choices.append((head.name(), [(head.pk, head.name()), *children]))
    return choices


class TopicField(forms.TypedChoiceField):
    """A topic of the region's list; cleans to the row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)

    def clean(self, value: Any) -> Topic | None:
        pk = super().clean(value)
        return Topic.objects.filter(pk=pk).first() if pk else None

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Topic) else value


class RequestForm(forms.Form):
    """Quick entry: what stays from one request to the next comes first, the text last."""

    source = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Source.choices, initial=Source.LETTER)
    received_on = DayField(label=gettext_lazy("Received on"))
    place = UnitField(label=gettext_lazy("Place"))
    meeting = MeetingChoice(label=gettext_lazy("For the meeting"), queryset=Meeting.objects.none(), required=False)
    text = forms.CharField(
        label=gettext_lazy("What is asked"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    topic = TopicField(label=gettext_lazy("Topic"))
    classification = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=Classification.choices, initial=Classification.QUESTION
    )
    appeal_number = forms.CharField(
        label=gettext_lazy("Registration number in e-Otinish"), max_length=60, required=False,
        help_text=gettext_lazy("Only for an appeal: it is registered there first and counted there only."),
    )  # fmt: skip
    link = forms.URLField(
        label=gettext_lazy("Address of the page"), max_length=500, required=False, assume_scheme="https"
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices, initial=Language.KK)
    name = forms.CharField(label=gettext_lazy("Name of the person"), max_length=200, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("The person agreed that name and contacts are kept"), required=False
    )
    client_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self,
        *args: Any,
        unit: Territory,
        meetings: QuerySet[Meeting],
        topics: list[tuple[Any, Any]],
        search_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = Territory.objects.filter(path__startswith=unit.path, valid_to=None)
        self.fields["place"].widget.url = search_url
        self.fields["meeting"].queryset = meetings
        self.fields["topic"].choices = topics

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = any(data.get(name) for name in ("name", "phone", "email"))
        if told and not data.get("consent"):
            self.add_error("consent", _("Names and contacts are kept only with the consent of the person."))
        return data

    @property
    def has_person(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("name", "phone", "email"))


class ClassifyForm(VersionForm):
    classification = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Classification.choices)
    appeal_number = forms.CharField(
        label=gettext_lazy("Registration number in e-Otinish"), max_length=60, required=False,
        help_text=gettext_lazy("Only for an appeal: it is registered there first and counted there only."),
    )  # fmt: skip


class EditRequestForm(VersionForm):
    place = UnitField(label=gettext_lazy("Place"))
    meeting = MeetingChoice(label=gettext_lazy("For the meeting"), queryset=Meeting.objects.none(), required=False)
    topic = TopicField(label=gettext_lazy("Topic"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    text = forms.CharField(
        label=gettext_lazy("What is asked"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(
        self, *args: Any, unit: Territory, meetings: QuerySet[Meeting], search_url: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = Territory.objects.filter(path__startswith=unit.path, valid_to=None)
        self.fields["place"].widget.url = search_url
        self.fields["meeting"].queryset = meetings
        self.fields["topic"].choices = topic_choices(unit.region_id or unit.pk)


class RefuseForm(VersionForm):
    refusal = forms.CharField(
        label=gettext_lazy("Why it is not accepted"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class IssueForm(VersionForm):
    """A problem issue in words that may be published."""

    text_kk = forms.CharField(
        label=gettext_lazy("Issue in Kazakh"), max_length=3000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "kk"}),
    )  # fmt: skip
    text_ru = forms.CharField(
        label=gettext_lazy("Issue in Russian"), max_length=3000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ru"}),
        help_text=gettext_lazy("Everybody will read these texts: no names, telephones or addresses of persons."),
    )  # fmt: skip
    topic = TopicField(label=gettext_lazy("Topic"))
    level = forms.ChoiceField(label=gettext_lazy("Who can solve it"), choices=Level.choices)

    def __init__(self, *args: Any, region_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topic_choices(region_id)


#: What a list of requests may be asked for.
STATES = (
    ANY,
    ("waiting", gettext_lazy("to be looked at")),
    ("unsorted", gettext_lazy("not sorted yet")),
    ("free", gettext_lazy("without an issue")),
    ("joined", gettext_lazy("joined to an issue")),
    (Classification.QUESTION, Classification.QUESTION.label),
    (Classification.PROPOSAL, Classification.PROPOSAL.label),
    (Classification.APPEAL, Classification.APPEAL.label),
    (Moderation.REFUSED, Moderation.REFUSED.label),
)


class RequestFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
    source = forms.ChoiceField(label=gettext_lazy("Channel"), choices=[ANY, *Source.choices], required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    topic = forms.TypedChoiceField(label=gettext_lazy("Topic"), coerce=int, empty_value=None, required=False)
    meeting = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args: Any, topics: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [ANY, *topics[1:]]
