"""What a person says about a table: which file, what its columns mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from calendars.models import Meeting
from calendars.workbook.template import Template

from ..models import TableKind
from ..services.importing.layout import Proposed
from .requests import MeetingChoice


class TableForm(forms.Form):
    """One file of one kind; an empty one is let through, because the guard says better what is wrong with it."""

    kind = forms.ChoiceField(label=_("What the table holds"), choices=TableKind)
    file = forms.FileField(
        label=_("File with the table"),
        allow_empty_file=True,
        max_length=255,
        help_text=_("Excel workbook (.xlsx) or CSV in UTF-8, at most 10 MB and 50,000 rows. Any order of columns."),
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "class": "drop-zone"}),
    )
    meeting = MeetingChoice(
        label=_("For the meeting"),
        queryset=Meeting.objects.none(),
        required=False,
        help_text=_("Only for requests; issues name their meeting by its day."),
    )


class ColumnsForm(forms.Form):
    """For each column of the file what it is read as; empty is not read."""

    def __init__(self, columns: list[Proposed], template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        language = (get_language() or "kk")[:2]
        told = [(column.key, column.headings.get(language, column.key)) for column in template.columns]
        for column in columns:
            self.fields[f"column_{column.number}"] = forms.ChoiceField(
                label=f"{column.letter}: {column.heading}",
                choices=[("", _("– not read –")), *told],
                required=False,
                initial=column.key,
            )

    @property
    def lines(self) -> list[tuple[Proposed, forms.BoundField]]:
        return [(column, self[f"column_{column.number}"]) for column in self.columns]

    def chosen(self) -> dict[str, int]:
        """Column by key; a second column of one meaning is an error."""
        found: dict[str, int] = {}
        for column in self.columns:
            if key := self.cleaned_data[f"column_{column.number}"]:
                if key in found:
                    self.add_error(f"column_{column.number}", _("Another column is read as this already."))
                found.setdefault(key, column.number)
        return found
