"""One field of one row, edited inside the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ..wording import label
from .fields import DayField, HourField, has_words, one_line


class CellForm(forms.Form):
    """`value` has the type of the column; `version` is the row's as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        kinds = {
            "date": DayField(label=label(field)),
            "time": HourField(label=label(field), required=False),
            "address": forms.CharField(label=label(field), max_length=300, required=False),
        }
        self.fields["value"] = kinds[field]

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.field == "address":
            value = one_line(value)
            if value and not has_words(value):
                raise forms.ValidationError(_("Write the hall and the street in words, or leave it empty."))
        return value
