"""Forms of units and editions: raw input to clean values."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms_versioned import VersionedForm
from .models import Kind, Territory
from .models.tree import REGION_KINDS

SHOWN_KINDS = [choice for choice in Kind.choices if choice[0] != Kind.TERRITORY_ROW]


class SearchForm(forms.Form):
    """Which units to list."""

    q = forms.CharField(
        label=_("Name or code"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    region = forms.ModelChoiceField(
        queryset=Territory.objects.none(), label=_("Region"), required=False, empty_label=_("all regions")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all kinds")), *SHOWN_KINDS])
    state = forms.ChoiceField(
        label=_("Which units"),
        required=False,
        choices=[
            ("", _("that exist now")),
            ("akim", _("with an akim of their own")),
            ("excluded", _("excluded from the required meetings")),
            ("manual", _("entered by hand")),
            ("abolished", _("abolished")),
        ],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Territory.objects.filter(kind__in=REGION_KINDS, valid_to=None).order_by("code")


class NamesForm(VersionedForm):
    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=200, required=False, help_text=_("Empty: the Kazakh name is shown.")
    )


class ExcludeForm(VersionedForm):
    excluded_reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Then no meetings are required of it or in it. The reason is shown to everybody."),
    )


class IncludeForm(VersionedForm):
    pass


class DaysForm(VersionedForm):
    valid_from = forms.DateField(label=_("Exists from"), required=False, help_text=_("Empty: has always existed."))
    valid_to = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty: still exists."))


class MicroraionForm(forms.Form):
    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=200)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=200)
    valid_from = forms.DateField(label=_("Exists from"), required=False, help_text=_("Empty: has always existed."))
    valid_to = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty: still exists."))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the classifier"),
        help_text=_("The workbook of the statistics bureau (.xlsx) or a CSV file in UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    as_of = forms.DateField(
        label=_("State of"), required=False, help_text=_("Only if the name of the file does not tell the day.")
    )


class DecisionForm(VersionedForm):
    """What became of a unit: one of the proposed rows, another row by its code, or nothing of them."""

    choice = forms.ChoiceField(label=_("What became of it"), widget=forms.RadioSelect)
    other = forms.CharField(
        label=_("Code of the other unit"),
        required=False,
        max_length=12,
        help_text=_("For “another row” and, if there is one, for the successor of an abolished unit."),
    )

    def __init__(self, *args, candidates: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.fields["choice"].choices = [
            *((f"same:{code}", text) for code, text in candidates),
            ("same", _("the same unit as another row, by its code")),
            ("abolished", _("abolished")),
        ]

    def extras(self):
        return {"candidates": self.candidates}

    def clean(self):
        values = super().clean()
        choice, _sep, code = values.get("choice", "").partition(":")
        values["code"] = code or values.get("other", "").strip()
        values["choice"] = choice
        if choice == "same" and not values["code"]:
            self.add_error("other", _("Write the code of the row that is this unit."))
        return values
