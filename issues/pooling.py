"""The pool while it is made: which issues may stand in it, in which order, and which are left out."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from calendars.models import Meeting

from .models import Issue, PoolDraft, PoolRow, PoolVersion
from .queries import origin_counts

MOST_ROWS = 300


def candidates(meeting: Meeting) -> QuerySet[Issue]:
    """Issues that may stand in the pool: open ones of the akim, raised for this meeting or asked by its requests."""
    asked = Issue.objects.filter(origins__undone_at=None, origins__request__meeting=meeting).values("pk")
    rows = Issue.objects.standing().filter(unit=meeting.holder).filter(Q(meeting=meeting) | Q(pk__in=asked))
    return rows.select_related("place", "topic", "unit").order_by("pk")


def in_order(meeting: Meeting) -> tuple[list[Issue], PoolDraft | None]:
    """Candidates in the order that was set last, by hand or by freezing; new ones after it, the most asked first.

    Each knows how many asked it (`asked`) and whether it is meant to stand in the pool (`chosen`).
    """
    issues = list(candidates(meeting)[:MOST_ROWS])
    counts = origin_counts(issue.pk for issue in issues)
    draft = PoolDraft.objects.filter(meeting=meeting).select_related("unit").first()
    last = PoolVersion.objects.filter(meeting=meeting).first()
    left_out: set[int] = set()
    if draft is not None and (last is None or draft.updated_at >= last.created_at):
        before = {pk: order for order, pk in enumerate(draft.order)}
        left_out = set(draft.left_out)
    elif last is not None:
        before = dict(PoolRow.objects.filter(pool=last).values_list("issue_id", "order"))
        left_out = {issue.pk for issue in issues if issue.pk not in before and issue.created_at < last.created_at}
    else:
        before = {}
    for issue in issues:
        issue.asked = counts.get(issue.pk, 0)
        issue.chosen = issue.pk not in left_out
    return sorted(issues, key=lambda issue: (before.get(issue.pk, MOST_ROWS), -issue.asked, issue.pk)), draft


def differs(issues: list[Issue], last: PoolVersion | None) -> bool:
    """Would freezing now give other issues or another order than the newest frozen pool?"""
    if last is None:
        return False
    frozen = list(PoolRow.objects.filter(pool=last).order_by("order").values_list("issue_id", flat=True))
    return frozen != [issue.pk for issue in issues if issue.chosen]
