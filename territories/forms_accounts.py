"""allauth's forms in our words, without placeholders that vanish while one types."""

from allauth.account import forms as account
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import User


def word(form: forms.Form, **labels) -> None:
    """Give fields their labels and take the placeholders away."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)


class SamePasswords:
    """The password is typed twice; the second field says so when they differ."""

    def clean(self):
        cleaned = super(account.PasswordVerificationMixin, self).clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return cleaned


class LoginForm(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, login=gettext_lazy("E-mail address"), password=gettext_lazy("Password"))
        self.fields["password"].help_text = ""


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, password=gettext_lazy("Password"))
        self.fields["password"].help_text = ""


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, email=gettext_lazy("E-mail address"))


class ResetPasswordKeyForm(SamePasswords, account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(self, password1=gettext_lazy("New password"), password2=gettext_lazy("New password once more"))


class ChangePasswordForm(SamePasswords, account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        word(
            self,
            oldpassword=gettext_lazy("Present password"),
            password1=gettext_lazy("New password"),
            password2=gettext_lazy("New password once more"),
        )
        self.fields["oldpassword"].help_text = ""


class UserTokenForm(account.UserTokenForm):
    """A link that was mailed is worth nothing once the account is closed."""

    def _get_user(self, uidb36):
        user = super()._get_user(uidb36)
        return user if user is not None and user.is_active else None


class OnlyOnce:
    """A code is accepted once, for as long as it could be accepted at all (time before and after it)."""

    user: User

    def clean_code(self) -> str:
        code = super().clean_code()
        life = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        typed = "".join(sign for sign in code if sign.isalnum())
        if not cache.add(f"second-factor:{self.user.pk}:{typed}", True, timeout=life):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


def ask_for_digits(form: forms.Form, label) -> None:
    """One field for six digits, which telephones show a number pad for."""
    word(form, code=label)
    form.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code", maxlength=12)


class AuthenticateForm(OnlyOnce, mfa.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_digits(self, gettext_lazy("Code of the application, or a recovery code"))


class ReauthenticateCodeForm(OnlyOnce, mfa.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_digits(self, gettext_lazy("Code of the application, or a recovery code"))


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ask_for_digits(self, gettext_lazy("Code that the application shows"))


class ProfileForm(forms.ModelForm):
    """What a person says of himself."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = User
        fields = ("full_name", "phone", "language")

    @property
    def values(self) -> dict:
        """The typed values without the version that they were typed over."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class TokenForm(forms.Form):
    """A new key for a program."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("For example: exchange with the document system."),
    )
    expires_on = forms.DateField(label=gettext_lazy("Valid until"))
