"""Forms about rows that others may change meanwhile."""

from typing import Any

from django import forms


class VersionedForm(forms.Form):
    """A form about a row that others may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def extras(self) -> dict[str, Any]:
        """Arguments with which the form is made anew."""
        return {}
