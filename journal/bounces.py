"""Reads what arrives at the return address: a bounce (RFC 3464), or something that proves nothing.

An auto-reply ("I am on leave") neither delivers nor acknowledges anything, so it changes nothing.
"""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from enum import StrEnum

#: Both forms of our name for a letter: in its headers, and in the envelope (ENVID).
OURS = re.compile(r"\bn\.[0-9a-f]{32}\b")
LONGEST_TEXT = 2000


class Verdict(StrEnum):
    BOUNCED = "bounced"
    DELAYED = "delayed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a message says of one of our letters. `letter` is the left side of its Message-ID."""

    verdict: Verdict
    letter: str = ""
    recipient: str = ""
    status: str = ""
    text: str = ""


class NotAMessage(ValueError):
    """The input is not an e-mail at all."""


def parse(raw: bytes) -> Bounce:
    """The verdict of one message. Only a machine-readable delivery status counts."""
    message = email.message_from_bytes(raw, policy=policy.default)
    if not message.keys():
        raise NotAMessage("no header was found")
    assert isinstance(message, EmailMessage)
    report = next((part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None)
    if report is None:
        return Bounce(Verdict.NOTHING)
    groups = [group for group in report.get_payload() if isinstance(group, Message)]
    letter = _letter(message, groups)
    for group in groups:
        action = str(group.get("Action", "")).strip().lower()
        if action in ("failed", "delayed"):
            return Bounce(
                Verdict.BOUNCED if action == "failed" else Verdict.DELAYED,
                letter,
                _after_semicolon(group.get("Final-Recipient", "")).lower(),
                str(group.get("Status", "")).strip()[:20],
                _after_semicolon(group.get("Diagnostic-Code", ""))[:LONGEST_TEXT],
            )
    return Bounce(Verdict.NOTHING, letter)


def _letter(message: EmailMessage, groups: list[Message]) -> str:
    """Which letter is meant: by the envelope's name, else by the headers that came back."""
    for group in groups:
        named = OURS.search(str(group.get("Original-Envelope-Id", "")))
        if named:
            return named[0]
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = next(iter(part.iter_parts()), None) if isinstance(part, EmailMessage) else None
            returned = str(inner.get("Message-ID", "")) if inner is not None else ""
        elif kind == "text/rfc822-headers":
            text = part.get_content()
            returned = str(email.message_from_string(text).get("Message-ID", ""))
        else:
            continue
        named = OURS.search(returned)
        if named:
            return named[0]
    return ""


def _after_semicolon(value: object) -> str:
    """The part after the type: "rfc822; a@b.kz" gives "a@b.kz"."""
    text = " ".join(str(value).split())
    return text.partition(";")[2].strip() or text
