"""Django's own mail (password reset, log-in notices) goes out by the same outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from .services import Attachment, Letter, Recipient, queue_many


class OutboxBackend(BaseEmailBackend):
    """Queues instead of sending; the words are wiped after delivery, for they may hold a key to an account."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            fact = ("mail", uuid.uuid4().hex)
            html = next((str(body) for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
            headers = {"Reply-To": ", ".join(message.reply_to)} if message.reply_to else {}
            queue_many(
                Letter(
                    kind="account",
                    template="_given",
                    to=Recipient(address, name, language=get_language() or "kk"),
                    about=fact,
                    context={"subject": message.subject, "text": str(message.body), "html": html},
                    attachments=_attachments(message),
                    headers=headers,
                    priority=1,
                    confidential=True,
                )
                for name, address in map(parseaddr, message.recipients())
            )
        return len(email_messages)


def _attachments(message: EmailMessage) -> list[Attachment]:
    return [
        Attachment(
            str(name or "file"),
            kind or "application/octet-stream",
            content.encode() if isinstance(content, str) else bytes(content),
        )
        for name, content, kind in message.attachments
    ]
