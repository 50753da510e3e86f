"""The form of a reception: its days, citizens, and the six categories of list L-3."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from calendars.forms.fields import DayField

from ..models import ReceptionCategory
from ..views.page import VersionForm

MOST_PEOPLE = 100_000


class ReceptionForm(VersionForm):
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    citizens = forms.IntegerField(label=gettext_lazy("Citizens received"), min_value=0, max_value=MOST_PEOPLE)
    address = forms.CharField(label=gettext_lazy("Hall and address"), max_length=300, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def own(self) -> list[Any]:
        """The fields of the reception itself."""
        return [self[name] for name in ("starts_on", "ends_on", "citizens", "address", "note")]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "citizens", "address", "note")}


class ParticipantForm(forms.Form):
    """One category: how many were asked to come and came, or why nobody did."""

    category = forms.CharField(widget=forms.HiddenInput, max_length=14)
    invited = forms.IntegerField(label=gettext_lazy("Invited"), min_value=0, max_value=MOST_PEOPLE, required=False)
    present = forms.IntegerField(label=gettext_lazy("Came"), min_value=0, max_value=MOST_PEOPLE, required=False)
    note = forms.CharField(label=gettext_lazy("Note or reason"), max_length=300, required=False)

    @property
    def word(self) -> str:
        """The category in words."""
        value = self["category"].value()
        return str(dict(ReceptionCategory.choices).get(value, value))


ParticipantFormSet = forms.formset_factory(
    ParticipantForm, extra=0, min_num=len(ReceptionCategory), max_num=len(ReceptionCategory), absolute_max=10
)


def counts_of(formset: Any) -> dict[str, tuple[int, int, str]]:
    """Of a clean formset: invited, came, note by category."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("category")]
    return {row["category"]: (row["invited"] or 0, row["present"] or 0, row["note"]) for row in rows}
