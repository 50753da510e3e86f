"""Reads that pages, commands and the health check share."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from .conf import outbox
from .models import Heartbeat, Notice, NoticeAttempt, OutboxControl

#: After its wait a doubtful letter should be settled within so long.
SETTLING = timedelta(minutes=10)


@dataclass(frozen=True)
class OutboxHealth:
    """How the outbox stands now. Instants are UTC.

    `closed_by` says what keeps mail from leaving: "operator", "clock", "epoch" or nothing; `closed` in words.
    """

    by_state: dict[str, int]
    bounced: int
    oldest_due: datetime | None
    overdue_doubt: int
    closed_by: str
    closed: str
    epoch: str
    resting_until: datetime | None
    relay_reply: str
    drained_at: datetime | None
    reaped_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def outbox_health(notices: QuerySet[Notice] | None = None) -> OutboxHealth:
    """Four statements, whatever the number of letters. `notices` limits the counts to a scope."""
    rows = Notice.objects.all() if notices is None else notices
    now, conf = timezone.now(), outbox()
    wait = timedelta(seconds=conf.doubt_wait_seconds) + SETTLING
    totals = rows.aggregate(
        bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
        overdue=Count("pk", filter=Q(state=Notice.State.DOUBTFUL, doubtful_at__lt=now - wait)),
        oldest=Min(
            "created_at",
            filter=Q(state=Notice.State.PENDING) & (Q(next_try=None) | Q(next_try__lte=now)),
        ),
    )
    switch = OutboxControl.objects.first() or OutboxControl()
    closed_by, closed = _closed(switch, conf.epoch)
    beats = dict(Heartbeat.objects.filter(name__in=("drain", "reap")).values_list("name", "finished_at"))
    resting = switch.relay == conf.relay and switch.relay_resting_until
    return OutboxHealth(
        by_state=count_by_state(rows),
        bounced=totals["bounced"],
        oldest_due=totals["oldest"],
        overdue_doubt=totals["overdue"],
        closed_by=closed_by,
        closed=closed,
        epoch=switch.epoch,
        resting_until=resting if resting and resting > now else None,
        relay_reply=switch.relay_reply,
        drained_at=beats.get("drain"),
        reaped_at=beats.get("reap"),
    )


def unseen_failures() -> QuerySet[NoticeAttempt]:
    """Final refusals of letters that are still refused, since somebody last looked at them."""
    rows = NoticeAttempt.objects.filter(outcome=NoticeAttempt.Outcome.FAILED, notice__state=Notice.State.FAILED)
    seen = OutboxControl.objects.values_list("failures_seen_at", flat=True).first()
    return rows.filter(at__gt=seen) if seen else rows


def count_by_state(notices: QuerySet[Notice]) -> dict[str, int]:
    return dict(notices.order_by().values_list("state").annotate(number=Count("pk")))


def _closed(switch: OutboxControl, epoch: str) -> tuple[str, str]:
    if switch.held:
        return "clock" if switch.held_by_clock else "operator", switch.reason
    if epoch and switch.epoch and switch.epoch != epoch:
        return "epoch", "the database is of another epoch: reconcile and release"
    return "", ""
