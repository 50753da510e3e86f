"""The pool of problem issues of a meeting (826-3.4.a3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from calendars.models import Meeting
from journal.services import record
from territories.scope import Who

from ..models import Issue, PoolDraft, PoolRow, PoolVersion, Request, Source
from ..pooling import candidates
from ..queries import origin_counts
from .changing import Conflict, create, edit, ended_on, lock_meeting, require_office
from .preparation import next_number
from .snapshots import digest


@transaction.atomic
def order_pool(
    meeting: Meeting,
    *,
    order: Sequence[int],
    left_out: Sequence[int] = (),
    analysis: str = "",
    seen_version: int,
    by: Who,
) -> PoolDraft:
    """Keep the order of the pool while it is made; `seen_version` is 0 where nobody has put one yet.

    Raises Conflict where somebody else has, ValidationError for an issue that cannot stand in this pool.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    known = set(candidates(meeting).filter(pk__in=order).values_list("pk", flat=True))
    if unknown := [pk for pk in order if pk not in known]:
        raise ValidationError(_("Issue № %(pk)s cannot stand in this pool. Reload the page.") % {"pk": unknown[0]})
    values = {
        "order": list(dict.fromkeys(order)),
        "left_out": sorted(known.intersection(left_out)),
        "analysis": analysis,
    }
    row = PoolDraft.objects.select_for_update(of=("self",)).filter(meeting=meeting).select_related("unit").first()
    if row is None:
        row = create(PoolDraft, by=by, unit=meeting.holder, values=values | {"meeting": meeting})
        record(by.actor, "pool.ordered", row, became=values, object_text=str(meeting))
        return row
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "pool.ordered", row, was=was, became=became, object_text=str(meeting))
    return row


def check_pool(meeting: Meeting, issues: Sequence[Issue], *, today: dt.date) -> None:
    """Raises ValidationError for a pool that is empty, late, or holds what is not this akim's."""
    if not issues:
        raise ValidationError(_("Choose the issues of the pool."))
    if today > ended_on(meeting):
        raise ValidationError(_("The meeting is over. A pool is made before it."))
    for issue in issues:
        if issue.unit_id != meeting.holder_id or issue.joined_into_id is not None:
            text = _("Issue %(issue)s is not an issue of this akim that stands by itself.")
            raise ValidationError(text % {"issue": str(issue)})


def rows_of_pool(issues: Sequence[Issue], behind: Mapping[int, int]) -> list[PoolRow]:
    """The rows of a pool in the given order, not saved; `behind`: how many requests stand behind each issue."""
    return [
        PoolRow(
            issue=issue,
            order=order,
            text_kk=issue.text_kk,
            text_ru=issue.text_ru,
            topic_id=issue.topic_id,
            requests=behind.get(issue.pk, 0),
        )
        for order, issue in enumerate(issues, 1)
    ]


@transaction.atomic
def freeze_pool(
    meeting: Meeting,
    issues: Sequence[Issue],
    *,
    analysis: str = "",
    seen_version: int | None = None,
    today: dt.date,
    by: Who,
) -> PoolVersion:
    """Freeze the pool with its date, in the given order. It comes before the meeting or it is no pool.

    The count of every source stands in it, zeros too (826-3.4.b3). A later pool is the next number. `seen_version` is
    that of the order which the person saw; raises Conflict where somebody has put another one since.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    draft = PoolDraft.objects.filter(meeting=meeting).first()
    if draft is not None and seen_version not in (None, draft.version):
        order = [issue.pk for issue in issues]
        raise Conflict(row=draft, mine={"order": order, "analysis": analysis}, fields=["analysis", "order"])
    check_pool(meeting, issues, today=today)
    counts = dict(
        Request.objects.filter(meeting=meeting)
        .exclude(moderation="refused")
        .order_by()
        .values_list("source")
        .annotate(n=Count("pk"))
    )
    behind = origin_counts(issue.pk for issue in issues)
    rows = rows_of_pool(issues, behind)
    values = {
        "meeting": meeting,
        "number": next_number(PoolVersion.objects.filter(meeting=meeting)),
        "frozen_on": today,
        "analysis": analysis,
        "sources": {source: counts.get(source, 0) for source in Source.values},
        "sha256": digest([[row.issue_id, row.text_kk, row.text_ru, row.topic_id] for row in rows]),
    }
    pool = create(PoolVersion, by=by, unit=meeting.holder, values=values)
    for row in rows:
        row.pool = pool
    PoolRow.objects.bulk_create(rows)
    became = {"number": pool.number, "rows": len(rows), "sha256": pool.sha256}
    record(by.actor, "pool.frozen", pool, became=became, object_text=str(meeting), basis="826-3.4.a3")
    return pool
