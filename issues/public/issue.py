"""The page of one issue: what was asked, what was promised for when, how often that slipped, what was done."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from calendars import published
from calendars.caching import answer
from calendars.public import above, public_page
from territories.downloads import download
from territories.scope import today

from ..documents.paper import qr
from ..models import Issue, StoredFile
from ..models.requests import CODE_LENGTH
from . import facts
from .telling import items_of, responsible, told
from .words import pair

MOST_ID = 2**63 - 1


def public_issue(code: str) -> Issue:
    """A published issue by its code, in whatever case it was typed; a joined one leads to what it was joined into."""
    code = code.upper()[:CODE_LENGTH]
    rows = Issue.objects.public().select_related("place", "unit", "topic", "meeting__place", "meeting__holder")
    issue = rows.filter(Q(code=code) | Q(joined__code=code)).first()
    if issue is None:
        raise Http404(_("There is no published issue with this code."))
    return issue


def address(issue: Issue) -> str:
    """Of the page in the language of now."""
    return settings.SITE_URL + reverse("public:issue", args=[issue.code])


@public_page
def issue(request: HttpRequest, code: str) -> HttpResponse:
    row = public_issue(code)
    now = today()
    events = told(row)
    items = [
        {
            "measure": pair(item, "measure"),
            "completion": pair(item, "completion"),
            "who": responsible(item),
            "first_due_on": item.first_due_on,
            "due_on": item.due_on,
            "state": item.state,
            "state_words": item.get_state_display(),
            "finished_on": item.finished_on,
            "is_open": item.state in ("waiting", "in_work", "reported"),
        }
        for item in items_of(row)
    ]
    documents = facts.published_of([row.meeting_id] if row.meeting_id else [])
    tag = published.etag("issue", row.pk, row.version, row.updated_at.timestamp(), row.place.name(), events, items, now)

    def make() -> HttpResponse:
        here = address(row)
        context = facts.shown(row) | {
            "above": [*above(row.place), row.place],
            "holder": row.unit.name(),
            "level": row.get_level_display(),
            "events": events,
            "items": items,
            "meeting": row.meeting,
            "documents": documents.get(row.meeting_id or 0, []),
            "today": now,
            "address": here,
            # Our own drawing of our own address.
            "qr": SafeString(qr(here)),
            "description": str(pair(row, "text"))[:200],
        }
        return render(request, "public/issue.html", context)

    return answer(request, tag, make)


@public_page
def file(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A proof that the office shows to everybody, of a step or an end that everybody may read; always to be saved."""
    row = public_issue(code)
    shown = StoredFile.objects.filter(pk=pk if pk <= MOST_ID else 0, public=True)
    found = (
        shown.filter(progress__issue=row, progress__public=True).first() or shown.filter(closings__issue=row).first()
    )
    if found is None:
        raise Http404

    def make() -> HttpResponse:
        with found.file.open("rb") as opened:
            return download(opened.read(), name=found.shown_name, content_type=found.content_type)

    return answer(request, published.etag("file", found.pk, found.sha256), make)
