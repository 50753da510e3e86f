"""Forms of bodies and mailboxes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms_versioned import VersionedForm
from .models import Organisation, Territory
from .models.organisations import NOTICE_LANGUAGES, OrganisationKind
from .models.tree import REGION_KINDS

#: Bodies that no unit brings along; only these are entered and closed by hand.
CENTRAL = [
    choice
    for choice in OrganisationKind.choices
    if choice[0] not in (OrganisationKind.AKIM_OFFICE, OrganisationKind.MASLIKHAT)
]


class BodyFilterForm(forms.Form):
    """Which bodies to list."""

    q = forms.CharField(
        label=_("Name or key"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all kinds")), *OrganisationKind.choices])
    region = forms.ModelChoiceField(
        queryset=Territory.objects.none(), label=_("Region"), required=False, empty_label=_("all regions")
    )
    boxes = forms.ChoiceField(
        label=_("Mailboxes"),
        required=False,
        choices=[
            ("", _("with and without")),
            ("yes", _("with a mailbox in use")),
            ("no", _("without a mailbox in use")),
            ("bounced", _("with a mailbox that sends mail back")),
        ],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Territory.objects.filter(kind__in=REGION_KINDS, valid_to=None).order_by("code")


class BodyForm(VersionedForm):
    """A body; the key is given once, when it is entered."""

    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=300)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=300)
    name_en = forms.CharField(label=_("Name in English"), max_length=300, required=False)
    short_ru = forms.CharField(label=_("Short name"), max_length=80, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    valid_to = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty: still exists."))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class NewBodyForm(BodyForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.SlugField(
        label=_("Key"), max_length=40, help_text=_("Latin letters, digits and hyphens, for example min-health.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CENTRAL)
    under = forms.ModelChoiceField(
        label=_("Under"), queryset=Organisation.objects.none(), required=False, empty_label=_("nobody")
    )
    field_order = ["key", "kind", "under"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [choice[0] for choice in CENTRAL]
        self.fields["under"].queryset = Organisation.objects.filter(kind__in=kinds, valid_to=None).order_by("name_kk")


class MailboxForm(VersionedForm):
    """A mailbox. The address is judged by the service, so that every door says the same of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    address = forms.CharField(
        label=_("E-mail address"),
        max_length=400,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the notice"), choices=NOTICE_LANGUAGES, initial="both")
    addressee = forms.CharField(
        label=_("To whom (post)"),
        max_length=200,
        required=False,
        help_text=_("For example: secretary of the maslikhat. No personal data is needed."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class TableForm(forms.Form):
    """A file with rows."""

    file = forms.FileField(
        label=_("Excel workbook (.xlsx) or CSV"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    )
