"""Who owns a letter, and until when. Every step is one conditional statement by the database's clock.

1. `claim` takes the next due letter: state `leased`, a fresh token, a lease.
2. Each later step names id, token, expected state and a lease that still runs; a worker that slept
   through its lease changes no row and stops.
3. Knowledge outranks leases: an answer 250 that was seen is written down however late it is.

No transaction is open and no lock is held while talking to the relay.
"""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from ..conf import OutboxConf
from ..masking import kept_after_delivery
from ..models import Notice, NoticeAttempt
from .outcomes import boot_seconds, growing_pause

logger = logging.getLogger(__name__)

Outcome = NoticeAttempt.Outcome
State = Notice.State

BETWEEN_COMMITS = 0.5

CLAIM = """
    WITH due AS {materialized} (
        SELECT id FROM journal_notice
        WHERE state = 'pending' AND called_back_at IS NULL
          AND (next_try IS NULL OR next_try <= {now})
          AND (earliest_day IS NULL OR earliest_day <= %s)
          AND NOT EXISTS (
              SELECT 1 FROM journal_outboxcontrol
              WHERE held OR (relay = %s AND relay_resting_until > {now})
          )
        ORDER BY priority, id LIMIT 1 {skip_locked}
    )
    UPDATE journal_notice SET state = 'leased', token = %s, lease_until = {lease}, attempts = attempts + 1
    WHERE id IN (SELECT id FROM due) AND state = 'pending' RETURNING id
"""


@dataclass
class Claim:
    """One letter in the hands of this worker."""

    notice: Notice
    token: uuid.UUID
    conf: OutboxConf
    worker: str
    started: float = field(default_factory=boot_seconds)

    @property
    def has_slept(self) -> bool:
        """More than half of the lease is gone: too late to hand anything over."""
        return boot_seconds() - self.started > self.conf.lease_seconds / 2

    @property
    def lease_left(self) -> float:
        return self.conf.lease_seconds - (boot_seconds() - self.started)

    def mark_dot(self) -> bool:
        """Write down that the final dot is next; False if the letter is no longer ours, or was called back."""
        return self._step(State.LEASED, called_back=False, state=State.DOT, dot_at=Now())

    def give_back(self, expected: str, step: str, reply: str, outcome: str, *, pause: float = 0) -> bool:
        """Certainly not accepted: free to be tried again after a pause."""
        with transaction.atomic():
            return self._step(
                expected,
                state=State.PENDING,
                token=None,
                lease_until=None,
                dot_at=None,
                next_try=Now() + timedelta(seconds=pause),
                last_reply=reply,
            ) and self._write(step, reply, outcome)

    def untried(self, expected: str, step: str, reply: str) -> bool:
        """The relay took nothing from anybody: the letter waits as if it had not been claimed.

        Told once in its history, however often the relay is asked.
        """
        with transaction.atomic():
            ours = self._step(
                expected,
                state=State.PENDING,
                token=None,
                lease_until=None,
                dot_at=None,
                attempts=F("attempts") - 1,
                last_reply=reply,
            )
            if ours and self.notice.last_reply != reply:
                self._write(step, reply, Outcome.RETRY)
            return ours

    def fenced(self, step: str) -> None:
        """This worker slept too long; what it held is somebody else's now."""
        self._write(step, "", Outcome.FENCED)

    def refused_for_now(self, expected: str, step: str, reply: str) -> bool:
        """A 4xx of this letter: again later, until it was refused too often."""
        refusals = self.notice.refusals + 1
        if refusals >= self.conf.give_up_after:
            return self.refused(expected, step, reply)
        with transaction.atomic():
            Notice.objects.filter(pk=self.notice.pk, token=self.token).update(refusals=refusals)
            pause = growing_pause(self.conf.retry_seconds, refusals)
            return self.give_back(expected, step, reply, Outcome.RETRY, pause=pause)

    def refused(self, expected: str, step: str, reply: str) -> bool:
        """A 5xx of this letter: final, and visible to the office."""
        with transaction.atomic():
            return self._step(
                expected, state=State.FAILED, token=None, lease_until=None, last_reply=reply
            ) and self._write(step, reply, Outcome.FAILED)

    def in_doubt(self, reply: str) -> bool:
        """The dot was sent and no answer came. The token stays: an answer may still be remembered."""
        with transaction.atomic():
            return self._step(
                State.DOT, state=State.DOUBTFUL, doubtful_at=Now(), lease_until=None, last_reply=reply
            ) and self._write("dot", reply, Outcome.DOUBTFUL)

    def accepted(self, reply: str) -> bool:
        """Write down the 250, again and again until the lease ends: the database may be restarting."""
        while True:
            try:
                return self._accepted(reply)
            except (OperationalError, InterfaceError) as error:
                if connection.in_atomic_block or self.lease_left <= BETWEEN_COMMITS:
                    raise
                logger.warning("Notice %s was accepted, but not written down yet: %s", self.notice.pk, error)
                connection.close()
                time.sleep(BETWEEN_COMMITS)

    @transaction.atomic
    def _accepted(self, reply: str) -> bool:
        mine = Q(token=self.token, state__in=(State.DOT, State.DOUBTFUL))
        # Given back or taken by another worker meanwhile: stop him before his dot.
        undecided = Q(state__in=(State.PENDING, State.LEASED, State.DOUBTFUL))
        changed = Notice.objects.filter(mine | undecided, pk=self.notice.pk).update(
            state=State.SENT,
            token=None,
            lease_until=None,
            sent_at=Now(),
            resolved_by=Notice.ResolvedBy.REPLY,
            last_reply=reply,
            **kept_after_delivery(self.notice),
        )
        self._write("dot", reply, Outcome.SENT)
        return bool(changed)

    def _step(self, expected: str, *, called_back: bool = True, **changes) -> bool:
        """Change the letter if it is still ours; `called_back` False: and was not called back meanwhile."""
        mine = Notice.objects.filter(pk=self.notice.pk, token=self.token, state=expected, lease_until__gt=Now())
        return (mine if called_back else mine.filter(called_back_at=None)).update(**changes) == 1

    def _write(self, step: str, reply: str, outcome: str) -> bool:
        NoticeAttempt.objects.create(
            notice=self.notice,
            number=self.notice.attempts,
            worker=self.worker,
            step=step,
            reply=reply,
            outcome=outcome,
        )
        return True


def claim(conf: OutboxConf, *, today: date, worker: str) -> Claim | None:
    """Take the next letter that is due, or None. Workers do not wait for one another."""
    token, started = uuid.uuid4(), boot_seconds()
    postgresql = connection.vendor == "postgresql"
    if postgresql:
        words = {
            "now": "statement_timestamp()",
            "lease": "statement_timestamp() + %s * interval '1 second'",
            "materialized": "MATERIALIZED",
            "skip_locked": "FOR UPDATE SKIP LOCKED",
        }
        lease: float | str = conf.lease_seconds
    else:
        # One statement takes SQLite's write lock at its start, so two drains cannot take one letter.
        words = {
            "now": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
            "lease": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s)",
            "materialized": "",
            "skip_locked": "",
        }
        lease = f"+{conf.lease_seconds} seconds"
    token_value = token if postgresql else token.hex
    with connection.cursor() as cursor:
        cursor.execute(CLAIM.format(**words), [today, conf.relay, str(token_value), lease])
        rows = cursor.fetchall()
    if not rows:
        return None
    return Claim(Notice.objects.get(pk=rows[0][0]), token, conf, worker, started)
