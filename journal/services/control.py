"""The switch of all outgoing mail: hold, ask the relay, release (after a restore, a moved clock)."""

from __future__ import annotations

import uuid
from collections import Counter

from django.db import transaction
from django.db.models.functions import Now

from ..actors import Actor
from ..conf import outbox
from ..delivery.relay import control
from ..delivery.settling import mark_found, witnessed
from ..models import Notice, OutboxControl
from .entries import record


@transaction.atomic
def hold(*, by: Actor, reason: str) -> None:
    """No letter leaves until `release`. Letters already handed to the relay are not called back."""
    control()
    OutboxControl.objects.update(held=True, held_by_clock=False, held_at=Now(), reason=reason[:300])
    record(by, "outbox.held", became={"held": True}, reason=reason)


@transaction.atomic
def release(*, by: Actor, reason: str = "") -> None:
    """Let mail go: ends a hold, wakes a resting relay, and takes this installation's epoch for true."""
    switch = control()
    epoch = outbox().epoch or switch.epoch or uuid.uuid4().hex
    OutboxControl.objects.update(
        held=False,
        held_by_clock=False,
        held_at=None,
        reason="",
        epoch=epoch,
        clock_seen=None,
        relay_resting_until=None,
        relay_faults=0,
    )
    record(
        by,
        "outbox.released",
        was={"held": switch.held, "epoch": switch.epoch},
        became={"held": False, "epoch": epoch},
        reason=reason,
    )


@transaction.atomic
def see_failures(*, by: Actor) -> None:
    """Somebody has looked at the refused letters: they are no alarm any more. New ones are."""
    control()
    OutboxControl.objects.update(failures_seen_at=Now())
    record(by, "outbox.failures_seen")


def reconcile(*, by: Actor) -> Counter:
    """Ask the witness about every letter that this database does not know to be sent.

    For a restored database, under `hold`: what the relay took after the back-up is marked sent.
    Answers how many were found and how many remain to be sent. Raises LogUnreadable, and ValueError
    if the installation has no witness.
    """
    conf = outbox()
    open_letters = list(Notice.objects.filter(state__in=Notice.OPEN))
    accepted = witnessed(open_letters, conf)
    if accepted is None:
        raise ValueError("no witness: OUTBOX doubt is 'resend'")
    found = sum(mark_found(notice) for notice in open_letters if notice.message_id in accepted)
    counts = Counter(found=found, remaining=len(open_letters) - found)
    record(by, "outbox.reconciled", became=dict(counts))
    return counts
