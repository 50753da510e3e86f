"""Forms of the pages on accounts and posts: raw input to clean values; nothing is saved here."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.addresses import fold_address
from journal.dates import fold

from . import appointments
from .models import Organisation, Role, Territory, User, UserState
from .models.people import LANGUAGES, TERRITORIAL_ROLES
from .scope import Who

#: How many units that fit a typed name are offered.
MOST_FOUND = 15


def units_found(text: str, who: Who) -> list[Territory]:
    """Units of the giver's scope whose code or name fits what was typed, the nearest to the top first."""
    text = text.strip()[:100]
    if not text:
        return []
    rows = Territory.objects.filter(who.under("path"), valid_to=None).select_related("parent", "region")
    if text.isascii() and text.isdecimal():
        return list(rows.filter(code=text)[:MOST_FOUND])
    for word in fold(text).split():
        rows = rows.filter(search__contains=word)
    return list(rows.order_by("-own_akim", "path")[:MOST_FOUND])


class FilterForm(forms.Form):
    """Which accounts the list shows."""

    q = forms.CharField(label=gettext_lazy("Name or e-mail address"), max_length=100, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("all roles")), *Role.choices]
        states = [*UserState.choices, ("no_post", _("without a post today"))]
        self.fields["state"].choices = [("", _("all states")), *states]


class PostForm(forms.Form):
    """A role at a place, from a day to a day. What cannot sit together is said by the service."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    # Not `unit`: that name in an address picks the unit of the whole page.
    where = forms.CharField(
        label=gettext_lazy("Unit: its name or code"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The region, raion, city or okrug in which the person works."),
    )
    territory = forms.ModelChoiceField(Territory.objects.none(), required=False, label=gettext_lazy("Unit"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, label=gettext_lazy("Body"), empty_label="—"
    )
    title = forms.CharField(label=gettext_lazy("Position"), max_length=200, required=False)
    document = forms.CharField(
        label=gettext_lazy("Ground: number and date of the order"), max_length=200, required=False
    )
    valid_from = forms.DateField(label=gettext_lazy("From"))
    valid_to = forms.DateField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("The last day still counts.")
    )

    def __init__(self, *args, who: Who, **kwargs):
        super().__init__(*args, **kwargs)
        self.who = who
        self.found: list[Territory] = []
        given = appointments.roles_given_by(who)
        self.fields["role"].choices = [("", _("choose")), *((role.value, role.label) for role in given)]
        self.fields["territory"].queryset = Territory.objects.filter(who.under("path"), valid_to=None)
        kinds = appointments.BODIES.get(self.role_chosen, ())  # type: ignore[call-overload]
        self.fields["organisation"].queryset = Organisation.objects.filter(kind__in=kinds, valid_to=None)

    @property
    def role_chosen(self) -> str:
        """The role chosen so far, or none."""
        typed = self.data.get("role") if self.is_bound else self.initial.get("role")
        return str(typed or "")

    @property
    def sits_in_unit(self) -> bool:
        return self.role_chosen in TERRITORIAL_ROLES

    @property
    def sits_in_body(self) -> bool:
        return self.role_chosen in appointments.BODIES

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        text, chosen = cleaned.pop("where", ""), cleaned.get("territory")
        if not self.sits_in_unit:
            cleaned["territory"] = None
        elif chosen is None and text:
            self.found = units_found(text, self.who)
            if len(self.found) == 1:
                cleaned["territory"] = self.found[0]
            elif self.found:
                self.add_error("where", _("Several units fit. Choose one below."))
            else:
                self.add_error("where", _("No unit of your scope fits. Check the name, or type the code."))
        elif chosen is not None:
            self.found = [chosen]
        if not self.sits_in_body:
            cleaned["organisation"] = None
        return cleaned

    def refuse(self, wrong: ValidationError) -> None:
        """Show what the service refused beside the field that is seen."""
        if hasattr(wrong, "error_dict") and "territory" in wrong.error_dict:
            wrong.error_dict["where"] = wrong.error_dict.pop("territory")
        self.add_error(None, wrong)


class InviteForm(PostForm):
    """A person and his first post."""

    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput,
        help_text=gettext_lazy("The person's own address at work. With it he logs in."),
    )
    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=200, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=LANGUAGES)
    field_order = ("email", "full_name", "language")

    def clean_email(self) -> str:
        return fold_address(self.cleaned_data["email"])


class PersonForm(forms.ModelForm):
    """What an administrator may mend on an account."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = ("email", "full_name", "phone", "language")

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class EndPostForm(forms.Form):
    """The last day of a post, or its withdrawal at once."""

    how = forms.ChoiceField(
        label=gettext_lazy("When does it end"),
        widget=forms.RadioSelect,
        choices=[
            ("day", gettext_lazy("at midnight after its last day")),
            ("now", gettext_lazy("at once: withdraw it")),
        ],
    )
    last_day = forms.DateField(label=gettext_lazy("Last day"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason, or number and date of the order"), max_length=500, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how") == "day" and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Choose the last day."))
        return cleaned


class ReasonForm(forms.Form):
    """Why an account is closed or a second factor removed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, help_text=gettext_lazy("It stays in the journal.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
