"""The switches that all workers share: held, epoch, the clock gate, and a relay that rests."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from ..clock import CLOCKS_APART, database_now
from ..conf import OutboxConf, outbox
from ..models import OutboxControl
from .outcomes import RelayAway, growing_pause

logger = logging.getLogger(__name__)

#: Between two looks the clock may go back or forward by so much before it is called a jump.
JUMP_BACK = timedelta(minutes=2)
JUMP_FORWARD = timedelta(hours=26)
#: Mail held by a jump leaves after the clock was steady for so long, or by the operator's word.
STEADY = timedelta(hours=1)
#: How often the clock is written down.
LOOK_EVERY = timedelta(seconds=30)


def control() -> OutboxControl:
    """The one row, made on first use."""
    return OutboxControl.objects.get_or_create(pk=OutboxControl.ONLY)[0]


def gate(conf: OutboxConf) -> str:
    """Why no mail may leave now; empty if it may. Irreversible letters wait for a clock that is right."""
    switch = control()
    if switch.epoch != conf.epoch and conf.epoch:
        if switch.epoch:
            return "the database is of another epoch: reconcile and release"
        OutboxControl.objects.filter(pk=switch.pk, epoch="").update(epoch=conf.epoch)
    if conf.clock_gate:
        apart = _clock(switch)
        if apart:
            return apart
    return switch.reason or "held" if switch.held else ""


def clock_is_trusted() -> bool:
    """May something irreversible be decided by the time that it is? False after a jump until the clock was steady.

    Looks as a drain does, and holds the mail in the same way.
    """
    conf, switch = outbox(), control()
    return not (conf.clock_gate and (_clock(switch) or switch.held_by_clock))


def _clock(switch: OutboxControl) -> str:
    now = database_now()
    if abs(now - timezone.now()) > CLOCKS_APART:
        return "the clocks of the database and of this machine differ by more than two minutes"
    seen = switch.clock_seen
    jumped = seen is not None and not (seen - JUMP_BACK <= now <= seen + JUMP_FORWARD)
    if jumped and not (switch.held and not switch.held_by_clock):
        switch.held, switch.held_by_clock, switch.held_at = True, True, now
        switch.reason = f"the clock jumped from {seen:%d.%m.%Y %H:%M} to {now:%d.%m.%Y %H:%M} UTC"
        logger.error("Mail is held: %s. It leaves in an hour, or by `outbox release`.", switch.reason)
    elif switch.held_by_clock and switch.held_at is not None and now - switch.held_at >= STEADY:
        switch.held, switch.held_by_clock, switch.reason = False, False, ""
        logger.warning("The clock was steady for an hour: mail leaves again.")
    elif seen is not None and timedelta() <= now - seen < LOOK_EVERY:
        return ""
    switch.clock_seen = now
    switch.save(update_fields=["clock_seen", "held", "held_by_clock", "held_at", "reason"])
    return ""


def let_rest(conf: OutboxConf, trouble: RelayAway) -> None:
    """Nobody talks to the relay for a while; the pause grows with each trouble in a row.

    Drains that run side by side and meet the same trouble count it once, and share the rest that the first one began.
    """
    bounds = {
        "rest": conf.relay_rest_seconds,
        "fault": conf.relay_fault_seconds,
        "limit": conf.relay_limit_seconds,
    }[trouble.rest]
    switch = control()
    known = switch.relay == conf.relay
    faults = switch.relay_faults + 1 if known else 1
    pause = growing_pause(bounds, faults)
    awake = Q(relay_resting_until=None) | Q(relay_resting_until__lte=Now())
    began = OutboxControl.objects.filter(awake if known else Q(), pk=switch.pk).update(
        relay=conf.relay,
        relay_faults=faults,
        relay_reply=f"{trouble.step}: {trouble.reply}",
        relay_resting_until=Now() + timedelta(seconds=pause),
    )
    if began:
        logger.warning("The relay %s rests for %.0f s (%s: %s).", conf.relay, pause, trouble.step, trouble.reply)


def rests_for(conf: OutboxConf) -> float:
    """Seconds until the relay may be asked again; 0 if it may now."""
    switch = control()
    if switch.relay != conf.relay or switch.relay_resting_until is None:
        return 0.0
    return max(0.0, (switch.relay_resting_until - database_now()).total_seconds())


def is_well(conf: OutboxConf) -> None:
    """The relay took a letter: forget its troubles."""
    OutboxControl.objects.filter(pk=OutboxControl.ONLY, relay_faults__gt=0).update(
        relay_faults=0, relay_resting_until=None, relay_reply=""
    )
