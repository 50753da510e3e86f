"""Published issues by place, topic, state and words; the same answer for everybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from calendars import published
from calendars.caching import answer
from calendars.public import above, public_page, unit_or_404
from territories.models import Territory
from territories.scope import today

from ..models import Issue, IssueState, Topic
from ..similar import fold
from . import facts

PAGE = 25
#: Words of a search; more would only slow it down.
MOST_WORDS, MOST_LETTERS = 6, 100
STATES: dict[str, Q] = {
    "open": Q(closed_on=None),
    "done": Q(state=IssueState.DONE),
    "explained": Q(state=IssueState.EXPLAINED),
    "declined": Q(state=IssueState.DECLINED),
}


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the reader asked for, in bounds; anything unknown is nothing."""
    get = request.GET
    state = get.get("state", "")
    return {
        "q": get.get("q", "")[:MOST_LETTERS].replace("\0", ""),
        "topic": get.get("topic", "")[:40].replace("\0", ""),
        "state": state if state in (*STATES, "late") else "",
    }


def narrowed(rows: QuerySet[Issue], asked: dict[str, str]) -> QuerySet[Issue]:
    """Only issues of this topic (or of those below it), state, and with all of these words."""
    if asked["topic"]:
        rows = rows.filter(Q(topic__code=asked["topic"]) | Q(topic__parent_code=asked["topic"]))
    if asked["state"] == "late":
        rows = rows.filter(facts.late(today()))
    elif asked["state"]:
        rows = rows.filter(STATES[asked["state"]])
    for word in fold(asked["q"]).split()[:MOST_WORDS]:
        rows = rows.filter(folded__contains=word)
    return rows


def topics() -> list[tuple[str, str]]:
    return [(topic.code, topic.name()) for topic in Topic.objects.filter(region=None, active=True, parent_code="")]


@public_page
def all_issues(request: HttpRequest) -> HttpResponse:
    return issues_page(request, None)


@public_page
def unit_issues(request: HttpRequest, code: str) -> HttpResponse:
    return issues_page(request, unit_or_404(code))


def issues_page(request: HttpRequest, place: Territory | None) -> HttpResponse:
    """A page of the list; a page number out of range is the last one."""
    asked = chosen(request)
    now = today()
    everything = facts.issues_of(place)
    counts = facts.standing(everything, now)
    number = request.GET.get("page", "")[:6]
    tag = published.etag("issues", place and place.pk, place and place.name(), asked, number, counts, now)

    def make() -> HttpResponse:
        pages = Paginator(facts.listed(narrowed(everything, asked)).order_by("-raised_on", "-pk"), PAGE)
        page = pages.get_page(number)
        context: dict[str, Any] = {
            "unit": place,
            "above": [*above(place), place] if place else [],
            "asked": asked,
            "narrowed": any(asked.values()),
            "counts": counts,
            "page": page,
            "issues": [facts.shown(issue) for issue in page],
            "topics": topics(),
            "today": now,
            "query": urlencode({name: value for name, value in asked.items() if value}),
        }
        return render(request, "public/issues.html", context)

    return answer(request, tag, make)
