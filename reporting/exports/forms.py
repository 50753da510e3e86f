"""What a person says when taking out a summary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from territories.scope import Who

from ..summaries import files
from ..summaries.kinds import Kind, text_of, units_below
from ..summaries.model import BOTH

LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), (BOTH, _("Kazakh and Russian")), ("en", _("English"))]
FORMS = {
    "xlsx": _("Excel workbook"),
    "csv": _("CSV: the list, for programs"),
    "json": _("JSON: all tables, for programs"),
    "docx": _("Word: covering letter"),
    "pdf": _("PDF for print"),
    "zip": _("ZIP: a workbook for each region or unit"),
}


class ExportForm(forms.Form):
    """Which year and unit, in which language, as which file, narrowed by what the kind allows."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    unit = forms.TypedChoiceField(label=_("Territory"), coerce=int, empty_value=None, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    form = forms.ChoiceField(label=_("Format"), choices=[(code, FORMS[code]) for code in files.FORMATS])

    def __init__(self, kind: Kind, who: Who, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units_below(who)}
        whole = [("", _("The whole country"))] if who.is_national or who.territory is None else []
        self.fields["unit"].choices = [*whole, *((pk, unit.name()) for pk, unit in self.units.items())]
        self.filters = list(kind.filters)
        for name, (label, choices) in kind.filters.items():
            every = [
                (
                    "",
                    _(
                        "all",
                    ),
                )
            ]
            shown = [(str.__str__(code), str(text)) for code, text in choices]
            self.fields[name] = forms.ChoiceField(label=text_of(label), choices=[*every, *shown], required=False)

    @property
    def unit_chosen(self):
        return self.units.get(self.cleaned_data["unit"])

    @property
    def filters_chosen(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.filters if self.cleaned_data.get(name)}


class ReturnedForm(forms.Form):
    """A calendar that was taken out, with its column of remarks filled in."""

    file = forms.FileField(label=_("Workbook with remarks"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
