"""Filters of the two lists. They live in the address, so a wrong value is left out, not shouted at."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import words
from .models import Entry, Notice


def start_of(day: date) -> datetime:
    """The instant at which a civil day of Kazakhstan begins."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


class _PeriodForm(forms.Form):
    since = forms.DateField(label=pgettext_lazy("period", "From"), required=False)
    until = forms.DateField(label=pgettext_lazy("period", "To"), required=False)

    def within(self, name: str) -> Q:
        """The rows whose instant `name` lies between both days, the last one included."""
        found = Q()
        if self.cleaned_data.get("since"):
            found &= Q(**{f"{name}__gte": start_of(self.cleaned_data["since"])})
        if self.cleaned_data.get("until"):
            found &= Q(**{f"{name}__lt": start_of(self.cleaned_data["until"] + timedelta(days=1))})
        return found


class NoticeFilter(_PeriodForm):
    """The outbox by addressee or subject line, delivery, kind and day of writing."""

    BOUNCED = "bounced"

    q = forms.CharField(label=_("Addressee or subject"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Delivery"), required=False)
    kind = forms.ChoiceField(label=_("Kind of letter"), required=False)
    field_order = ["q", "state", "kind", "since", "until"]

    def __init__(self, *args, kinds: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            *everything,
            *Notice.State.choices,
            (self.BOUNCED, _("Came back")),
        ]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            *everything,
            *sorted(((kind, words.kind_word(kind)) for kind in kinds), key=lambda pair: pair[1]),
        ]

    def narrow(self, notices: QuerySet[Notice]) -> QuerySet[Notice]:
        self.is_valid()
        given = self.cleaned_data
        if given.get("q"):
            notices = notices.filter(
                Q(recipient_email__icontains=given["q"])
                | Q(recipient_name__icontains=given["q"])
                | Q(subject__icontains=given["q"])
            )
        if given.get("state") == self.BOUNCED:
            notices = notices.filter(bounced_at__isnull=False)
        elif given.get("state"):
            notices = notices.filter(state=given["state"])
        if given.get("kind"):
            notices = notices.filter(kind=given["kind"])
        return notices.filter(self.within("created_at"))


class EntryFilter(_PeriodForm):
    """The journal by person, verb, thing and day."""

    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    what = forms.CharField(label=_("With what"), required=False, max_length=100)
    object_type = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    object_id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = ["who", "action", "what", "since", "until"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("All")), *words.actions()]  # type: ignore[attr-defined]

    def narrow(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        self.is_valid()
        given = self.cleaned_data
        if given.get("who"):
            entries = entries.filter(Q(actor_text__icontains=given["who"]) | Q(post_text__icontains=given["who"]))
        if given.get("what"):
            entries = entries.filter(object_text__icontains=given["what"])
        for name in ("action", "object_type", "object_id", "batch"):
            if given.get(name):
                entries = entries.filter(**{name: given[name]})
        return entries.filter(self.within("at"))


class ReasonForm(forms.Form):
    """Why an administrator changed the fate of a letter."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
