"""What is typed when a document is registered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Kind


class RegisterForm(forms.Form):
    """Number and date; for a later version its reason, for a body's list its address, for a hole the confirmation."""

    letter_number = forms.CharField(label=_("Number of the letter"), max_length=60)
    letter_date = forms.DateField(label=_("Date of the letter"))
    address = forms.URLField(
        label=_("Address of the page where the list stands"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Without it the list is registered, and the duty to publish it stays open."),
    )
    reason = forms.CharField(label=_("Why a new version"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    confirmed = forms.BooleanField(label=_("I register it without what is missing"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, kind: str, later: bool, holes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != Kind.BODY:
            del self.fields["address"]
        if not later:
            del self.fields["reason"]
        if not holes:
            del self.fields["confirmed"]


class ReceivedForm(forms.Form):
    """The addressee's registration."""

    incoming_number = forms.CharField(label=_("Incoming number"), max_length=60)
    incoming_date = forms.DateField(label=_("Incoming date"))
    lock = forms.IntegerField(widget=forms.HiddenInput)
