"""Gives back what vanished workers held, and settles what is in doubt."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from ..conf import OutboxConf, outbox
from ..heartbeats import beat
from ..masking import kept_after_delivery
from ..models import Notice, NoticeAttempt
from ..relay_log import LogUnreadable, seen
from .folder import letter_path
from .outcomes import growing_pause

logger = logging.getLogger(__name__)

State = Notice.State
Outcome = NoticeAttempt.Outcome

#: A letter whose workers died more often than this may be what kills them: it lets others go first.
PATIENT_DEATHS = 3


def reap() -> Counter:
    """One round; answers how many letters came to which end. Harmless to repeat."""
    conf = outbox()
    done: Counter = Counter()
    over = Notice.objects.filter(lease_until__lte=Now())
    for notice in over.filter(state=State.LEASED):
        # The dot was never sent: certainly not accepted.
        freed: dict = {"state": State.PENDING, "token": None, "lease_until": None, "next_try": None}
        deaths = notice.attempts - notice.refusals
        if deaths > PATIENT_DEATHS:
            pause = growing_pause(conf.retry_seconds, deaths - PATIENT_DEATHS)
            freed["next_try"] = Now() + timedelta(seconds=pause)
        done["freed"] += _move(notice, freed, Outcome.EXPIRED)
    for notice in over.filter(state=State.DOT):
        # The token stays: should its worker wake up and have seen a 250, it may still say so.
        doubt = {"state": State.DOUBTFUL, "doubtful_at": Now(), "lease_until": None}
        done["doubtful"] += _move(notice, doubt, Outcome.DOUBTFUL)
    done.update(settle(conf))
    # Last, so that what has just come free does not wait for the next round.
    for notice in Notice.objects.filter(state=State.PENDING, called_back_at__isnull=False):
        done["called back"] += _move(
            notice, {"state": State.CANCELLED, "next_try": None, **kept_after_delivery(notice)}, Outcome.CALLED_BACK
        )
    beat("reap", +done)
    return +done


def settle(conf: OutboxConf) -> Counter:
    """Ask the witness about every doubtful letter. What it saw is sent at once; what it did not see
    goes out again, but only after no earlier connection can be alive any more."""
    done: Counter = Counter()
    doubtful = list(Notice.objects.filter(state=State.DOUBTFUL))
    if not doubtful:
        return done
    try:
        accepted = witnessed(doubtful, conf)
    except LogUnreadable as error:
        logger.error("%d letters stay in doubt: the relay's log cannot be read (%s).", len(doubtful), error)
        done["log unreadable"] = len(doubtful)
        return done
    if accepted is not None:
        for notice in doubtful:
            if notice.message_id in accepted:
                done["found"] += mark_found(notice)
    wait = 0 if conf.transport == "file" else conf.doubt_wait_seconds
    ripe = Notice.objects.filter(state=State.DOUBTFUL, doubtful_at__lte=Now() - timedelta(seconds=wait))
    for notice in ripe.filter(pk__in=[notice.pk for notice in doubtful]):
        again: dict = {"state": State.PENDING, "token": None, "next_try": None, "dot_at": None, "doubtful_at": None}
        if accepted is None:
            again["resolved_by"] = Notice.ResolvedBy.RESEND
            done["resent"] += _move(notice, again, Outcome.RESENT)
        else:
            done["absent"] += _move(notice, again, Outcome.ABSENT)
    return done


def witnessed(notices: list[Notice], conf: OutboxConf) -> set[str] | None:
    """Message-IDs that were certainly accepted; None if there is no witness to ask."""
    if conf.transport == "file":
        return {notice.message_id for notice in notices if letter_path(conf, notice).exists()}
    if conf.doubt == "reconcile":
        return seen([notice.message_id for notice in notices], conf)
    return None


def mark_found(notice: Notice) -> int:
    """The relay has it: sent, and the moment of the dot is the nearest known to the acceptance."""
    changes: dict = {
        "state": State.SENT,
        "token": None,
        "lease_until": None,
        "sent_at": notice.dot_at or Now(),
        "resolved_by": Notice.ResolvedBy.LOG,
        **kept_after_delivery(notice),
    }
    return _move(notice, changes, Outcome.FOUND)


@transaction.atomic
def _move(notice: Notice, changes: dict, outcome: str) -> int:
    """Change the row if nobody has done so meanwhile, and tell why in its history."""
    moved = Notice.objects.filter(
        pk=notice.pk, state=notice.state, token=notice.token, attempts=notice.attempts
    ).update(**changes)
    if moved:
        NoticeAttempt.objects.create(notice=notice, number=notice.attempts, step=notice.state, outcome=outcome)
    return moved
