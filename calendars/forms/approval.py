"""Forms of approval, notice, submission and review: raw input to clean values; they save nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from territories.models import Mailbox
from territories.scans import Scan, read_scan

ACCEPTED = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"


class ScanField(forms.FileField):
    """A scan, checked by its content; cleans to a `Scan`."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> Scan:
        return read_scan(super().clean(data, initial))


class ApproveForm(forms.Form):
    """The order that approves the calendar, its scan, and what the approver has seen."""

    order_number = forms.CharField(label=_("Number of the order"), max_length=60)
    order_date = forms.DateField(label=_("Date of the order"))
    scan = ScanField(label=_("Signed scan"), help_text=_("PDF, JPEG or PNG, at most 10 MB."))
    reason = forms.CharField(
        label=_("Reason of the correction"),
        help_text=_("The maslikhat reads it in its notice."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    holes_confirmed = forms.BooleanField(
        label=_("I approve the calendar although required meetings are missing"), required=False
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def shaped(self, *, correction: bool, holes: bool) -> ApproveForm:
        """The fields that the present state of the calendar asks for."""
        if correction:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]
        if not holes:
            del self.fields["holes_confirmed"]
        return self


class ResendForm(forms.Form):
    """An address of the maslikhat, and the language of its letter."""

    address = forms.EmailField(label=_("E-mail address of the maslikhat"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language of the notice"),
        choices=Mailbox._meta.get_field("language").choices or (),
        initial="both",
    )


class AcknowledgeForm(forms.Form):
    """Who acknowledges, and under which incoming number the maslikhat registered the letter."""

    name = forms.CharField(label=_("Your name or post"), max_length=200)
    number = forms.CharField(label=_("Incoming number, if the letter was registered"), max_length=60, required=False)


class SubmitForm(forms.Form):
    """The covering letter to the Government."""

    letter_number = forms.CharField(label=_("Number of the covering letter"), max_length=60)
    letter_date = forms.DateField(label=_("Date of the covering letter"))


class RemarkForm(forms.Form):
    """A remark of the Government; `row` is the number of a row, empty for the calendar as a whole."""

    row = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=pgettext_lazy("of the Government", "Remark"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AcceptForm(forms.Form):
    """The number under which the Government Office registered the letter."""

    incoming_number = forms.CharField(label=_("Incoming number"), max_length=60)
    lock = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Why the calendar goes back, in addition to the remarks at its rows."""

    text = forms.CharField(
        label=_("What has to be corrected"),
        help_text=_("May stay empty if the remarks at the rows say everything."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    incoming_number = forms.CharField(label=_("Incoming number"), max_length=60, required=False)
    lock = forms.IntegerField(widget=forms.HiddenInput)


class SettleForm(forms.Form):
    """What the region did about a remark."""

    text = forms.CharField(label=_("What was done"), max_length=500)


class VersionFilter(forms.Form):
    """Filters of the rows of a version; all of them live in the address."""

    raion = forms.ChoiceField(label=_("Raion or city"), required=False)
    line = forms.ChoiceField(label=pgettext_lazy("of the decree", "Line"), required=False)
    month = forms.TypedChoiceField(label=_("Month"), required=False, coerce=int, empty_value=None)
    check = forms.ChoiceField(label=_("Findings"), required=False)

    def __init__(
        self,
        *args: Any,
        raions: list[tuple[str, str]],
        lines: list[str],
        months: list[tuple[int, str]],
        checks: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("all"))]
        self.fields["raion"].choices = [*everything, *raions]  # type: ignore[attr-defined]
        self.fields["line"].choices = [*everything, *((line, line) for line in lines)]  # type: ignore[attr-defined]
        self.fields["month"].choices = [*everything, *months]  # type: ignore[attr-defined]
        self.fields["check"].choices = [*everything, *checks]  # type: ignore[attr-defined]
