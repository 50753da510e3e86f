"""Sends what is due. Runs any number of times, anywhere, late or twice: the rows decide.

For each letter:

1. claim it (state `leased`), build it, talk to the relay up to the last line of the text;
2. write down `dot`, unless the lease is over;
3. look at the clock that counts sleep: a worker that was frozen drops the connection;
4. send the dot, read the answer, write it down, and repeat that until the lease ends.

Killed before 2: certainly not accepted. Killed after 2: in doubt, and settled by `reap`.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from ..conf import OutboxConf, outbox
from ..failpoints import reach
from ..heartbeats import beat
from ..mime import build
from ..models import Notice
from .claims import Claim, claim
from .folder import FolderTransport
from .outcomes import NoAnswer, Refused, RelayAway, TryAgain, Undelivered
from .relay import gate, is_well, let_rest, rests_for
from .smtp import SmtpTransport

logger = logging.getLogger(__name__)

State = Notice.State
Transport = SmtpTransport | FolderTransport
BEAT_EVERY = 5.0
#: Longer than the rest, so that the database's clock agrees that it is over.
A_LITTLE = 0.05


def drain(*, today: date | None = None, limit: int | None = None, budget: float | None = None) -> Counter:
    """Send due letters until none is left, the budget of seconds is spent, or the relay needs a rest beyond it.

    Answers how many letters had which outcome. `today` is the civil day of Kazakhstan for letters
    that may not leave earlier; left out, it is now.
    """
    conf = outbox()
    day = today or timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    worker = f"{socket.gethostname()}/{os.getpid()}"
    done: Counter = Counter()
    ends = time.monotonic() + (conf.budget_seconds if budget is None else budget)
    closed = gate(conf)
    if closed:
        beat("drain", {"held": closed})
        return done
    transport: Transport = FolderTransport(conf) if conf.transport == "file" else SmtpTransport(conf)
    next_beat = time.monotonic() + BEAT_EVERY
    well = False
    try:
        while time.monotonic() < ends and (limit is None or done.total() < limit):
            taken = claim(conf, today=day, worker=worker)
            if taken is None:
                break
            reach("claimed")
            outcome = _deliver(taken, transport, conf, first=not well)
            done[outcome] += 1
            if outcome == "sent":
                well = True
            elif outcome == "relay away":
                well = False
                transport.quit()
                if not _rested(conf, ends):
                    break
            if time.monotonic() > next_beat:
                beat("drain", dict(done))
                next_beat = time.monotonic() + BEAT_EVERY
    finally:
        transport.quit()
    beat("drain", dict(done))
    return done


def _rested(conf: OutboxConf, ends: float) -> bool:
    """Wait until the relay may be asked again; False if that would take longer than this drain lasts.

    The timetable would come back to it only up to two seconds after the rest, and other work may stand before it.
    """
    left = rests_for(conf) + A_LITTLE
    if not conf.wait_for_relay or time.monotonic() + left >= ends:
        return False
    beat("drain", {"waits": round(left, 1)})
    time.sleep(left)
    return True


def _deliver(taken: Claim, transport: Transport, conf: OutboxConf, *, first: bool) -> str:
    notice = taken.notice
    try:
        message = build(notice, conf)
    except Exception as error:
        # One letter that cannot be built must not stop those behind it.
        logger.exception("Notice %s cannot be made into a letter.", notice.pk)
        taken.refused(State.LEASED, "build", f"{type(error).__name__}: {error}")
        return "failed"
    try:
        transport.offer(notice, message)
    except Undelivered as trouble:
        return _not_accepted(taken, conf, trouble, State.LEASED)
    return _hand_over(taken, transport, conf, first=first)


def _hand_over(taken: Claim, transport: Transport, conf: OutboxConf, *, first: bool) -> str:
    try:
        ours = taken.mark_dot()
    except Exception:
        transport.abandon()
        raise
    if not ours:
        transport.abandon()
        taken.fenced("body")
        return "fenced"
    reach("dot-committed")
    if taken.has_slept:
        transport.abandon()
        # The dot was never sent. If the lease still runs the letter is free again; if not, `reap`
        # has called it doubtful and the relay's log will say that it is not there.
        taken.give_back(State.DOT, "dot", "", "fenced")
        return "fenced"
    try:
        reply = transport.hand_over()
    except NoAnswer as silence:
        taken.in_doubt(str(silence))
        return "doubtful"
    except Undelivered as trouble:
        return _not_accepted(taken, conf, trouble, State.DOT)
    reach("after-250")
    if reply.code // 100 == 2:
        reach("before-commit")
        taken.accepted(str(reply))
        if first:
            is_well(conf)
        return "sent"
    if reply.is_too_much:
        return _not_accepted(taken, conf, RelayAway("dot", reply, "limit"), State.DOT)
    if reply.code // 100 == 4:
        return _not_accepted(taken, conf, TryAgain("dot", reply), State.DOT)
    if reply.code // 100 == 5:
        return _not_accepted(taken, conf, Refused("dot", reply), State.DOT)
    taken.in_doubt(f"unexpected answer: {reply}")
    return "doubtful"


def _not_accepted(taken: Claim, conf: OutboxConf, trouble: Undelivered, expected: str) -> str:
    if isinstance(trouble, RelayAway):
        # The rest begins before the letter is free again, lest another worker run into the same wall.
        let_rest(conf, trouble)
        taken.untried(expected, trouble.step, trouble.reply)
        return "relay away"
    if isinstance(trouble, Refused):
        taken.refused(expected, trouble.step, trouble.reply)
        return "failed"
    taken.refused_for_now(expected, trouble.step, trouble.reply)
    return "retry"
