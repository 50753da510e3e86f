"""The form of an uploaded table. What is in the file is judged elsewhere."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """One file; an empty one is let through, because the guard says better what is wrong with it."""

    file = forms.FileField(
        label=_("File with the table"),
        allow_empty_file=True,
        help_text=_("Excel workbook (.xlsx) or CSV in UTF-8, at most 10 MB and 20,000 rows."),
        error_messages={"required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "class": "drop-zone"}),
    )
