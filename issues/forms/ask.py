"""The public form of a meeting: a question, and only if one wants, who asks."""

from __future__ import annotations

import secrets
import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: A form that comes back sooner was filled by a program.
LEAST_SECONDS = 3
#: A form that was opened longer ago is asked to be sent again, with everything typed still in it.
MOST_SECONDS = 24 * 3600
SALT = "ask"


def new_ticket() -> str:
    """A signed word of its own for each opened form: when it was opened, and under which key it is kept once."""
    return signing.dumps([secrets.token_hex(16), int(time.time())], salt=SALT)


def read_ticket(text: str) -> tuple[str, int] | None:
    """Key and age in seconds of an opened form; None for a word that we did not sign."""
    try:
        key, at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(key), int(time.time()) - int(at)


class AskForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your question or proposal"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write your question.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Your telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=gettext_lazy("I agree that the akim's office keeps my name and contacts to answer me"), required=False
    )
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    #: People do not see it; programs fill everything.
    website = forms.CharField(required=False, max_length=200)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if not any(sign.isalpha() for sign in text):
            raise ValidationError(_("Write your question in words."))
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = any(data.get(name) for name in ("name", "phone", "email"))
        if told and not data.get("consent"):
            text = _("Your name and contacts are kept only if you agree. Tick the box, or leave them empty.")
            self.add_error("consent", text)
        if data.get("website"):
            raise ValidationError(_("Leave the field “website” empty and send again."))
        ticket = read_ticket(data.get("ticket", ""))
        if ticket is None or not LEAST_SECONDS <= ticket[1] <= MOST_SECONDS:
            raise ValidationError(_("Look at your question once more and send it again."), code="ticket")
        data["client_key"] = ticket[0]
        return data

    @property
    def has_person(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("name", "phone", "email"))
