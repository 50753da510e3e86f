"""How allauth works here: nobody signs up by himself, mail goes through the outbox, secrets are encrypted."""

import base64
import logging
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .middleware import BEGAN_KEY, client_address
from .services import people

log = logging.getLogger(__name__)
#: A log-in this fresh need not be repeated before a sensitive step.
FRESH_SECONDS = 5 * 60


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right. Wait for the next one and type it."),
        "incorrect_password": _("The password is not right."),
        "invalid_password_reset": _("This link is no longer valid."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_client_ip(self, request) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a name for "no address", nothing is bound

    def pre_login(self, request, user, **kwargs):
        """Accounts of a demonstration exist in a demonstration only."""
        if user.is_demo and not settings.DEMO:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, **kwargs):
        """Write the log-in down; on a machine that never chose a language take that of the account."""
        people.note_login(user, address=client_address(request), request_id=request.request_id)
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, user.language)
        return response

    def authentication_failed(self, request, **credentials) -> None:
        log.warning("log-in refused from %s", client_address(request))

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not within minutes of the log-in itself: whoever sets up his second factor just came in."""
        began = self.request.session.get(BEGAN_KEY, 0)
        return time.time() - began > FRESH_SECONDS

    def set_password(self, user, password: str) -> None:
        """Change the password; the account's owner is told by mail (`services.people`)."""
        people.set_password(
            user,
            password=password,
            address=client_address(self.request),
            request_id=self.request.request_id,
        )

    def send_password_reset_mail(self, user, email: str, context: dict) -> None:
        people.send_reset_link(user, address=client_address(self.request), request_id=self.request.request_id)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_profile")


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        """Secrets of second factors are unreadable in a stolen copy of the database."""
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken when the installation's key is another one."""
        return vault().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return settings.MFA_TOTP_ISSUER


def vault() -> MultiFernet:
    """The cipher of this installation: keys derived from SECRET_KEY and, for reading, its predecessors."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factor")
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))


def keep_language(response, language: str) -> None:
    """Remember the language on this machine."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.HTTPS,
    )
