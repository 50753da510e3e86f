"""An e-mail address of a body as people type it: what is wrong with it, each slip with its own words."""

from __future__ import annotations

import re
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from journal.addresses import fold_address

_SEPARATORS = re.compile(r"[;,]|\s+(?=\S*@)")


def clean_address(text: str) -> str:
    """The one spelling of one address. Raises ValidationError that says what to do."""
    text = text.replace("\u00a0", " ").strip()
    if not text:
        raise ValidationError(_("Write the address, for example kense@example.kz."), code="empty")
    if text.count("@") > 1:
        parts = [part.strip() for part in _SEPARATORS.split(text) if "@" in part]
        raise ValidationError(
            _("“%(text)s” holds several addresses (%(count)s). Enter each of them as a mailbox of its own."),
            code="several",
            params={"text": text, "count": len(parts) or 2},
        )
    if "<" in text or ">" in text:
        address = parseaddr(text)[1]
        raise ValidationError(
            _("“%(text)s” holds a name beside the address. Write only the address: %(address)s."),
            code="display_name",
            params={"text": text, "address": address or "kense@example.kz"},
        )
    if re.search(r"\s", text):
        raise ValidationError(
            _("The address “%(text)s” has a space inside. Remove it: %(offer)s."),
            code="space",
            params={"text": text, "offer": re.sub(r"\s+", "", text)},
        )
    return fold_address(text)
