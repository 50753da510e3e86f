"""One action for many rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import Broadcast, Format
from ..models.meeting import Languages
from .fields import HourField, has_words

ACTIONS = [
    ("move", gettext_lazy("Move by days or weeks")),
    ("time", gettext_lazy("Set the hour")),
    ("minutes", gettext_lazy("Set the minutes")),
    ("format", gettext_lazy("Set the format")),
    ("broadcast", gettext_lazy("Set the broadcast")),
    ("languages", gettext_lazy("Set the languages")),
    ("repeat", gettext_lazy("Repeat in the other half-year")),
    ("accept", gettext_lazy("Accept proposals")),
    ("return", gettext_lazy("Return proposals with a remark")),
    ("remove", gettext_lazy("Take out of the draft")),
]
#: Which fields an action needs.
NEEDS = {
    "move": ("amount", "measure"),
    "time": ("time",),
    "minutes": ("planned_minutes", "report_minutes"),
    "format": ("format",),
    "broadcast": ("broadcast",),
    "languages": ("languages",),
    "return": ("remark",),
}


class BulkForm(forms.Form):
    """Which action, and its values; only the fields that the action needs are asked."""

    action = forms.ChoiceField(label=gettext_lazy("Action"), choices=ACTIONS)
    amount = forms.IntegerField(
        label=gettext_lazy("By how many"),
        min_value=-366,
        max_value=366,
        required=False,
        initial=1,
        help_text=gettext_lazy("A minus moves to earlier days."),
    )
    measure = forms.ChoiceField(
        label=pgettext_lazy("of time", "Days or weeks"),
        choices=[
            ("working", gettext_lazy("working days")),
            ("days", gettext_lazy("calendar days")),
            ("weeks", gettext_lazy("weeks")),
        ],
        required=False,
        initial="weeks",
    )
    time = HourField(label=gettext_lazy("Time"), required=False)
    planned_minutes = forms.IntegerField(
        label=gettext_lazy("Planned minutes"), min_value=1, max_value=720, required=False, initial=120
    )
    report_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of the report"), min_value=0, max_value=180, required=False, initial=30
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices, required=False)
    broadcast = forms.ChoiceField(
        label=pgettext_lazy("of a meeting", "Broadcast"), choices=Broadcast.choices, required=False
    )
    broadcast_note = forms.CharField(
        label=gettext_lazy("Address of the broadcast or reason"), max_length=300, required=False
    )
    languages = forms.ChoiceField(label=gettext_lazy("Languages"), choices=Languages.choices, required=False)
    remark = forms.CharField(
        label=gettext_lazy("What has to be changed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in NEEDS.get(data.get("action", ""), ()):
            value = data.get(name)
            if value in (None, "") and name not in self.errors:
                self.add_error(name, _("Fill this in for the chosen action."))
            elif name == "remark" and not has_words(value or ""):
                self.add_error(name, _("Write it in words."))
        if data.get("action") == "move" and data.get("amount") == 0:
            self.add_error("amount", _("Zero moves nothing."))
        return data
