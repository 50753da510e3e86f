"""What lies with a central body, holding or company: its issues with the way of solution and the course (826-5.3)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from calendars import published
from calendars.caching import answer
from calendars.public import public_page
from territories.models import Organisation
from territories.scope import today

from ..models import CentralRouting, CourseUpdate, Issue, RouteState
from .words import pair

MOST_ID = 2**63 - 1
PAGE = 25


def told() -> QuerySet[CentralRouting]:
    """Issues that stand in a published list and lie with a body; what a body returned as not its own does not."""
    public = Issue.objects.public().values("pk")
    return CentralRouting.objects.filter(issue__in=public, sent_on__isnull=False).exclude(state=RouteState.RETURNED)


@public_page
def bodies(request: HttpRequest) -> HttpResponse:
    """Every body with how many issues lie with it, how many it answered, and of how many it told the course."""
    rows = list(
        told()
        .order_by()
        .values("organisation")
        .annotate(
            all=Count("pk", distinct=True),
            answered=Count("pk", filter=Q(state=RouteState.ANSWERED), distinct=True),
            course=Count("pk", filter=Q(courses__isnull=False), distinct=True),
            last=Max("courses__on"),
        )
    )
    names = Organisation.objects.in_bulk([row["organisation"] for row in rows])

    def make() -> HttpResponse:
        lines: list[dict[str, Any]] = [{**row, "name": names[row["organisation"]].name()} for row in rows]
        lines.sort(key=lambda line: (-line["all"], line["name"]))
        return render(request, "public/central.html", {"lines": lines, "above": []})

    tag = published.etag("central", rows, [(pk, names[pk].name()) for pk in sorted(names)])
    return answer(request, tag, make)


@public_page
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of one body: where the issue was raised, when it was sent and answered, the way and the course."""
    organisation = Organisation.objects.filter(pk=pk).first() if pk <= MOST_ID else None
    everything = told().filter(organisation=organisation)
    count = everything.order_by().aggregate(
        all=Count("pk", distinct=True),
        changed=Max("updated_at"),
        issues=Max("issue__updated_at"),
        last=Max("courses__at"),
    )
    if organisation is None or not count["all"]:
        raise Http404(_("No published issue lies with this body."))
    number = request.GET.get("page", "")[:6]

    def make() -> HttpResponse:
        courses = Prefetch("courses", CourseUpdate.objects.order_by("-year", "-quarter", "-pk"))
        rows = everything.select_related("issue__place", "issue__unit__region").prefetch_related(courses)
        page = Paginator(rows.order_by("-sent_on", "-pk"), PAGE).get_page(number)
        context = {
            "name": organisation.name(),
            "count": count["all"],
            "page": page,
            "lines": [line(row) for row in page],
            "query": "",
            "today": today(),
        }
        return render(request, "public/central_body.html", context)

    return answer(request, published.etag("central-body", pk, organisation.name(), number, count, today()), make)


def line(row: CentralRouting) -> dict[str, Any]:
    """One issue of the list; texts with somebody's number in them are left out."""
    newest = next(iter(row.courses.all()), None)
    issue = row.issue
    return {
        "code": issue.code,
        "text": pair(issue, "text"),
        "place": issue.place.name(),
        "state": issue.state,
        "state_words": issue.get_state_display(),
        "raised_on": issue.raised_on,
        "sent_on": row.sent_on,
        "answered_on": row.answered_on,
        "way": pair(newest, "way") if newest else None,
        "course": pair(newest, "course") if newest else None,
        "told_on": newest.on if newest else None,
    }
