"""Letters whose links act for their reader: the words stay as evidence, the links are for him alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .models import Notice

LINK = re.compile(r"https?://[^\s\"'<>]+")


def mask_links(text: str) -> str:
    """Every address cut down to its host: enough to see where a link led, useless to follow."""
    return LINK.sub(lambda found: f"{urlsplit(found[0]).scheme}://{urlsplit(found[0]).netloc}/…", text)


def words_for_others(notice: Notice) -> tuple[str, str]:
    """Plain text and HTML as anybody but the addressee may read them."""
    if not notice.confidential:
        return notice.body_text, notice.body_html
    if notice.subject_type == "mail":
        # Mail of the log-in machinery may hold codes that are no links.
        return "", ""
    return mask_links(notice.body_text), mask_links(notice.body_html)


def kept_after_delivery(notice: Notice) -> dict[str, str]:
    """Changes of the row once the letter is out or will never go: no secret lies about in a table."""
    if not notice.confidential:
        return {}
    text, html = words_for_others(notice)
    return {"body_text": text, "body_html": html}
