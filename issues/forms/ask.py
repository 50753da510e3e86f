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


class GuardedForm(forms.Form):
    """A form that anybody may send: it knows when it was opened, and has a field that people do not see."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)
    #: People do not see it; programs fill everything.
    website = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("website"):
            raise ValidationError(_("Leave the field “website” empty and send again."))
        ticket = read_ticket(data.get("ticket", ""))
        if ticket is None or not LEAST_SECONDS <= ticket[1] <= MOST_SECONDS:
            raise ValidationError(self.again(), code="ticket")
        data["client_key"] = ticket[0]
        return data

    def again(self) -> str:
        return _("Look at your question once more and send it again.")

    def with_fresh_ticket(self) -> GuardedForm:
        """The form with everything that was typed, and a new ticket where the old one is spent."""
        if self.has_error("__all__", "ticket"):
            typed = self.data.copy()
            typed["ticket"] = new_ticket()
            self.data = typed
        return self


class AskForm(GuardedForm):
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

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if not any(sign.isalpha() for sign in text):
            raise ValidationError(_("Write your question in words."))
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = any(data.get(name) for name in ("name", "phone", "email"))
        if told and not data.get("consent"):
            text = _("Your name and contacts are kept only if you agree. Tick the box, or leave them empty.")
            self.add_error("consent", text)
        return super().clean()

    @property
    def has_person(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("name", "phone", "email"))


class NotSolvedForm(GuardedForm):
    """An asker says by the code of his question that his issue is not solved."""

    question = forms.CharField(
        label=gettext_lazy("Code of your question"),
        max_length=20,
        help_text=gettext_lazy("Ten letters and digits that you got when you asked."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("What is not solved"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("The akim's office reads it; it is not published. Leave out names and telephones."),
        error_messages={"required": gettext_lazy("Write what is not solved.")},
    )

    def clean_question(self) -> str:
        return "".join(self.cleaned_data["question"].split()).replace("-", "").upper()

    def again(self) -> str:
        return _("Look at your words once more and send them again.")
