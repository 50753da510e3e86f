"""Reads that several callers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from territories.models import Organisation, Territory
from territories.models.organisations import OrganisationKind

from .models import OPEN_STATES, Issue, IssueOrigin


def family(issue: Issue) -> list[int]:
    """Ids of the issue and of all that were joined into it, however deep; one query a level."""
    found, level = [issue.pk], [issue.pk]
    while level:
        level = list(Issue.objects.filter(joined_into__in=level).exclude(pk__in=found).values_list("pk", flat=True))
        found += level
    return found


def origins(issue: Issue):
    """Living origins of an issue and of all joined into it, the oldest first, with request and source."""
    return (
        IssueOrigin.objects.filter(issue__in=family(issue), undone_at=None)
        .select_related("request", "request__place", "request__meeting")
        .order_by("request__received_on", "pk")
    )


def origin_counts(issues: Iterable[int]) -> dict[int, int]:
    """How many living requests stand behind each issue, joined ones left out; one query."""
    counts: dict[int, int] = {}
    for issue_id in IssueOrigin.objects.filter(issue__in=list(issues), undone_at=None).values_list(
        "issue_id", flat=True
    ):
        counts[issue_id] = counts.get(issue_id, 0) + 1
    return counts


def maslikhat_of(unit: Territory) -> Organisation | None:
    """The maslikhat of the unit, else of the nearest unit above it that has one (A-14); one query."""
    chain = [int(part) for part in unit.path.split("/") if part]
    rows = Organisation.objects.filter(territory__in=chain, kind=OrganisationKind.MASLIKHAT)
    nearest = {row.territory_id: row for row in rows.select_related("territory")}
    return next((nearest[pk] for pk in reversed(chain) if pk in nearest), None)


def standing_of_issues(rows: QuerySet[Issue], today: dt.date, week_end: dt.date) -> dict[str, int]:
    """How many issues are open, past their day, put off, and due by the end of the week; one query."""
    open_ones = Q(state__in=OPEN_STATES)
    return rows.order_by().aggregate(
        open=Count("pk", filter=open_ones),
        late=Count("pk", filter=open_ones & Q(due_on__lt=today)),
        slips=Count("pk", filter=open_ones & Q(slips__gt=0)),
        week=Count("pk", filter=open_ones & Q(due_on__gte=today, due_on__lte=week_end)),
    )
