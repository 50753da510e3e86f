"""Raw input of the ledger's pages -> clean values; nothing is saved here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from law import asked
from law.readings import Reading, as_text
from law.units import AKIM_KINDS
from territories.forms_versioned import VersionedForm
from territories.models import Territory
from territories.scans import Scan, read_scan

from .models import EvidenceKind, RemindedRole, Stage
from .services import Proof


class ReadingForm(forms.Form):
    """A choice of a reading. Whether the value is allowed and the days are free is judged by the service."""

    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Territory.objects.none(),
        required=False,
        empty_label=_("the whole country"),
    )
    line = forms.ChoiceField(label=_("For one line only"), required=False)
    valid_from = forms.DateField(
        label=_("First day"), help_text=_("A year is counted by the readings that hold on 1 January of it.")
    )
    valid_to = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    document = forms.CharField(
        label=_("Document"), max_length=200, help_text=_("Who decided it: kind, number and date of the paper.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ["value", "line", "region"]

    def __init__(self, reading: Reading, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "kk"
        value: forms.Field
        if reading.limits is not None:
            low, high = reading.limits
            value = forms.IntegerField(label=_("Value"), min_value=low, max_value=high)
        else:
            choices = [(as_text(code), words[language]) for code, words in reading.values.items()]
            value = forms.ChoiceField(label=_("Value"), choices=choices, widget=forms.RadioSelect)
        self.fields["value"] = value
        if reading.per_duty:
            lines = [("", _("all lines that the reading touches")), *((line, line) for line in reading.rules)]
            self.fields["line"].choices = lines
        else:
            del self.fields["line"]
        self.fields["region"].queryset = Territory.objects.regions().filter(valid_to=None).order_by("sort_kk")
        self.order_fields(self.field_order)


class EvidenceForm(VersionedForm):
    """What proves a duty. Whether it proves enough is judged by the service."""

    kind = forms.ChoiceField(label=_("What proves it"), choices=EvidenceKind.choices)
    done_on = forms.DateField(
        label=_("Done on"), help_text=_("The day on which the thing was done, even if you record it later.")
    )
    number = forms.CharField(label=_("Number of the document"), max_length=60, required=False)
    date = forms.DateField(label=_("Date of the document"), required=False)
    address = forms.URLField(
        label=_("Address of the publication"), max_length=500, required=False, assume_scheme="https"
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("The signed document, letter or photograph as PDF, JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_file(self) -> Scan | None:
        upload = self.cleaned_data.get("file")
        return read_scan(upload) if upload else None

    @staticmethod
    def proof(clean: Mapping[str, Any]) -> Proof:
        names = ("kind", "done_on", "number", "date", "address", "note", "file")
        return Proof(**{name: clean[name] for name in names})


class WithdrawalForm(VersionedForm):
    """Why a piece of evidence is taken back."""

    reason = forms.CharField(
        label=_("Reason of the withdrawal"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndForm(VersionedForm):
    """The last day of a choice."""

    valid_to = forms.DateField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class StageForm(VersionedForm):
    """One rung of the ladder."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    offset_days = forms.IntegerField(
        label=_("Days from the due day"),
        help_text=_("A minus means before: -14 is two weeks before, 0 the day itself, 1 the day after."),
    )
    audience = forms.ChoiceField(label=_("Who is reminded"), choices=Stage.Audience.choices)
    role = forms.ChoiceField(label=_("Role"), choices=RemindedRole.choices, required=False)
    rule_prefix = forms.CharField(
        label=_("Only lines that begin with"),
        max_length=20,
        required=False,
        help_text=_("For example 826-3.4 for announcements, 12- for Resolution 12. Empty: all."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class RulesForm(VersionedForm):
    """When digests may leave, and from when on this installation watches."""

    quiet_from = forms.TimeField(label=_("Quiet from"))
    quiet_until = forms.TimeField(label=_("Quiet until"), help_text=_("The same hour twice: no quiet time."))
    quiet_on_days_off = forms.BooleanField(label=_("Quiet on days off"), required=False)
    watch_from = forms.DateField(
        label=_("Watched from"), help_text=_("Stages before this day were before watching and are never mailed.")
    )


class LastDayForm(forms.Form):
    """A question: whose meeting, on which day."""

    kind = forms.ChoiceField(label=_("Whose meeting"), required=False)
    day = forms.DateField(label=_("Day of the meeting"))
    reception = forms.DateField(label=_("Last day of the reception"), required=False)
    off_calendar = forms.BooleanField(label=_("Outside the calendar"), required=False)
    holder = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = get_language() or "kk"
        self.fields["kind"].choices = [(kind, asked.words()["kinds"][kind][language]) for kind in AKIM_KINDS]

    def clean(self):
        values = super().clean()
        day, reception = values.get("day"), values.get("reception")
        if day and reception and reception < day:
            self.add_error("reception", _("The reception comes after the meeting."))
        return values
