"""The program looks at its own public pages: is what was published there, whole, and in both languages?"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.translation import override

from .models import CheckResult, Publication, PublicationCheck, PublishedVersion, What
from .services.publishing import record_check

LANGUAGES = ("kk", "ru")
TIMEOUT_SECONDS, MOST_BYTES = 10, 4 * 1024 * 1024
#: How long a look holds good, and how many pages one sweep looks at.
LOOK_EVERY = dt.timedelta(hours=1)
AT_ONCE = 40
#: So much of a text must stand on the page; a page may cut a long one.
FIRST_CHARACTERS = 120

#: A page by its address: status and text; status 0 where nobody answered.
Fetch = Callable[[str], tuple[int, str]]


def address(document: Any, language: str = "kk") -> str:
    """Where the program itself shows a published document or quarterly information."""
    name = "documents:published" if isinstance(document, PublishedVersion) else "documents:quarterly"
    with override(language):
        return settings.SITE_URL + reverse(name, args=[document.pk])


def fetch(url: str) -> tuple[int, str]:
    """The page as anybody gets it, by HTTP. Only our own site is asked."""
    if not url.startswith(f"{settings.SITE_URL}/"):
        return 0, ""
    try:
        with urlopen(Request(url, headers={"User-Agent": "akim-meetings look"}), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read(MOST_BYTES).decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, ""
    except (URLError, TimeoutError, OSError, ValueError):
        return 0, ""


def expected(publication: Publication, language: str) -> list[str]:
    """Texts that the page must show in a language; an empty one is missing in the document itself."""
    if publication.quarterly_id:
        report = publication.quarterly
        words = [getattr(row, f"progress_{language}") for row in report.rows.all()]
        own = getattr(report, f"text_{language}")
        return [*words, *([own] if own else [])]
    version = publication.version_of
    if version.what == What.RESULTS:
        return [version.data[f"text_{language}"]]
    name = "measure" if version.what == What.PLAN else "text"
    return [row[f"{name}_{language}"] for row in version.data["rows"]]


def words_of(html: str) -> str:
    """The text of a page, spaces as one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def shown_on(page: str, texts: Iterable[str]) -> int:
    """How many of the texts stand on the page."""
    return sum(bool(text) and re.sub(r"\s+", " ", text).strip()[:FIRST_CHARACTERS] in page for text in texts)


def look(publication: Publication, *, at: dt.datetime, fetch: Fetch = fetch) -> PublicationCheck:
    """Open the page in both languages, judge what is there, and write it down with the hour."""
    document = publication.version_of or publication.quarterly
    told: dict[str, Any] = {}
    digest = hashlib.sha256()
    for language in LANGUAGES:
        status, html = fetch(address(document, language))
        texts = expected(publication, language)
        page = words_of(html)
        digest.update(page.encode())
        found = shown_on(page, texts) if status == 200 else 0
        told[language] = {"status": status, "expected": len(texts), "found": found}
    return record_check(publication, at=at, result=judge(told), sha256=digest.hexdigest(), shown=told)


def judge(told: dict[str, dict[str, int]]) -> str:
    """One word for what both languages showed."""
    sides = list(told.values())
    if all(side["status"] != 200 for side in sides):
        return CheckResult.GONE
    whole = [side["status"] == 200 and side["found"] == side["expected"] for side in sides]
    if all(whole):
        return CheckResult.FINE
    if not any(side["found"] for side in sides):
        return CheckResult.EMPTY
    if any(whole) or any(side["status"] != 200 or not side["found"] for side in sides):
        return CheckResult.ONE_LANGUAGE
    return CheckResult.CHANGED


def look_at_due(now: dt.datetime, *, fetch: Fetch = fetch) -> int:
    """Look at own pages that nobody looked at within the hour, the longest ago first; answers how many."""
    last = Max("checks__at")
    rows = (
        Publication.objects.filter(own_page=True)
        .annotate(looked=last)
        .filter(Q(looked=None) | Q(looked__lte=now - LOOK_EVERY))
        .select_related("version_of", "quarterly")
        .order_by(F("looked").asc(nulls_first=True), "pk")[:AT_ONCE]
    )
    return sum(1 for row in rows if look(row, at=now, fetch=fetch))
