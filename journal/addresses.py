"""E-mail addresses and header lines: one spelling for one mailbox, and nothing that splits a header."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")
#: Invisible marks that come along when an address is copied out of a document.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


class NoticeRefused(ValidationError):
    """A letter that cannot be sent as asked; the message tells the user what to mend."""


def fold_address(text: str) -> str:
    """The one spelling under which an address is stored: trimmed, lower case, domain as in DNS.

    Raises NoticeRefused for whatever could not be a mailbox, and for look-alike letters.
    """
    if CONTROL.search(text.strip()):
        raise NoticeRefused(
            _("The address “%(address)s” contains a line break or a control character."),
            params={"address": shown(text)},
        )
    folded = text.replace("\N{NO-BREAK SPACE}", " ").translate(INVISIBLE).strip().lower()
    local, at, domain = folded.rpartition("@")
    stranger = next((letter for letter in local if not letter.isascii()), None) or _look_alike(domain)
    if stranger:
        raise NoticeRefused(
            _(
                "The address “%(address)s” contains the letter “%(letter)s” (%(name)s). "
                "Type the address anew with the English keyboard."
            ),
            params={"address": shown(text), "letter": stranger, "name": unicodedata.name(stranger, "?")},
        )
    try:
        domain = domain.encode("idna").decode("ascii")
        folded = f"{local}{at}{domain}"
        validate_email(folded)
    except (UnicodeError, ValidationError):
        raise NoticeRefused(
            _("“%(address)s” is not an e-mail address. Write it as name@example.kz."),
            params={"address": shown(text)},
        ) from None
    if len(folded) > 254:
        raise NoticeRefused(
            _("The address “%(address)s” is longer than 254 characters."), params={"address": shown(text)}
        )
    return folded


def refuse_control(text: str, what: str) -> str:
    """The text itself, if it fits on one header line. `what` names it for the reader."""
    if CONTROL.search(text):
        raise NoticeRefused(
            _("%(what)s “%(text)s” contains a line break or a control character."),
            params={"what": what, "text": shown(text)},
        )
    return text


def shown(text: str, limit: int = 60) -> str:
    """A text for a message: control characters made visible, long ones cut."""
    visible = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def _look_alike(domain: str) -> str | None:
    """A Cyrillic letter inside a label that otherwise has Latin ones."""
    for label in domain.split("."):
        cyrillic = [letter for letter in label if "CYRILLIC" in unicodedata.name(letter, "")]
        if cyrillic and any(letter.isascii() and letter.isalpha() for letter in label):
            return cyrillic[0]
    return None
