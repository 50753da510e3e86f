"""A stored notice as the bytes of a letter; equal in every attempt."""

from __future__ import annotations

import base64
import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from .conf import OutboxConf
from .models import Content, Notice

#: Headers that a caller may set besides `X-…`; all others are ours.
CALLERS_HEADERS = ("Reply-To", "In-Reply-To", "References", "List-Id", "List-Unsubscribe")


def message_id(*key: object, domain: str) -> str:
    """The one Message-ID of a notice: follows from its key, cannot be guessed by a stranger."""
    digest = salted_hmac("journal.notice", "\n".join(map(str, key)), algorithm="sha256").hexdigest()
    return f"<n.{digest[:32]}@{domain}>"


def envelope_id(notice: Notice) -> str:
    """The name under which the relay reports on this letter (RFC 3461, ENVID)."""
    return notice.message_id.strip("<>").partition("@")[0]


def build(notice: Notice, conf: OutboxConf) -> bytes:
    """The letter with CRLF lines, all of it ASCII, so that any relay carries it unchanged."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _mailbox(*parseaddr(conf.sender))
    message["To"] = _mailbox(notice.recipient_name, notice.recipient_email)
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(notice.created_at.astimezone(ZoneInfo(settings.TIME_ZONE)))
    message["Message-ID"] = notice.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if notice.language:
        message["Content-Language"] = notice.language
    for name, value in notice.headers.items():
        message[name] = value
    message.set_content(notice.body_text, cte="base64")
    if notice.body_html:
        message.add_alternative(notice.body_html, subtype="html", cte="base64")
    files = list(notice.files.all())
    for file in files:
        main, _, sub = file.content_type.partition("/")
        message.add_attachment(b"", maintype=main, subtype=sub or "octet-stream", filename=file.name)
    _fix_boundaries(message, notice.message_id)
    # Folding a workbook line by line costs more than all else: the parts get a place holder that no
    # text can contain, and the bytes go in afterwards, encoded once for all letters that carry them.
    places = [f"{envelope_id(notice)}/file/{file.position}" for file in files]
    for part, place in zip(message.iter_attachments(), places, strict=True):
        part.set_payload(place)
    data = message.as_bytes()
    for file, place in zip(files, places, strict=True):
        data = data.replace(place.encode(), encoded_content(file.content_id), 1)
    return data


@lru_cache(maxsize=4)
def encoded_content(sha256: str) -> bytes:
    """An attachment in base64 with CRLF lines. Contents never change, so neither does this."""
    content = Content.objects.get(pk=sha256)
    return base64.encodebytes(bytes(content.data)).replace(b"\n", b"\r\n").removesuffix(b"\r\n")


def _mailbox(name: str, address: str) -> Address | str:
    return Address(display_name=name, addr_spec=address) if name else address


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Boundaries from the Message-ID instead of chance: every attempt is the same letter."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            digest = hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:24]
            part.set_boundary(f"=_{digest}")
