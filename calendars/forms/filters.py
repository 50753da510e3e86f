"""Filters of lists: they live in the address, so a link shows a colleague the same rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..models import MeetingState
from .fields import DayField

#: States that a list can be asked for; "announced" and "short" are planned rows with more known of them.
STATES = [
    ("", pgettext_lazy("state", "any")),
    ("proposed", MeetingState.PROPOSED.label),
    ("returned", MeetingState.RETURNED.label),
    ("planned", MeetingState.PLANNED.label),
    ("announced", pgettext_lazy("meeting state", "Announced")),
    ("held", MeetingState.HELD.label),
    ("cancelled", MeetingState.CANCELLED.label),
]


class FilterForm(forms.Form):
    """Everything is optional; what cannot be read is left out rather than refused."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("unit, address, number")}),
    )
    level = forms.ChoiceField(label=gettext_lazy("Level of the akim"), required=False)
    raion = forms.ChoiceField(label=gettext_lazy("Raion or city"), required=False)
    line = forms.ChoiceField(label=gettext_lazy("Line of the decree"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=STATES)
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)
    order = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, levels: list, raions: list, lines: list, days: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", pgettext_lazy("filter", "all"))
        self.fields["level"].choices = [every, *levels]
        self.fields["raion"].choices = [every, *raions]
        self.fields["line"].choices = [every, *lines]
        if not days:
            del self.fields["since"], self.fields["until"]

    @property
    def values(self) -> dict[str, Any]:
        """What was understood of the address."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
