"""One sweep: ask every room for its facts, bring the ledger in line, remind whoever has to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from journal.heartbeats import beat

from ..models import Duty
from . import moves
from .digests import NOON, write_digests
from .ledger import Counts, sync
from .locks import lock_taken
from .reminders import remind

#: Only one sweep works at a time; a second one leaves. Opening without a question on conflict relies on it.
SWEEP_LOCK = 826_000_001
#: From this month on the next year is work in hand. A custom, not a rule of the act.
PLANNING_MONTH = 10
#: How many years back something that is still open keeps a year in the sweep; older ones are swept by name only.
YEARS_BACK = 2
#: After so many fresh duties the database counts anew what it has: a sweep of few meetings is planned by it.
MANY = 20_000


def sweep(
    today: dt.date,
    years: Sequence[int] | None = None,
    *,
    at: dt.time = NOON,
    mail: bool = True,
    full_each: int = 0,
) -> Counts | None:
    """Sweep as of a civil day (and hour) of Kazakhstan. Returns None when another sweep is at work.

    May run twice, late, or by hand for another day: the ledger and the reminders stay the same. `years`: only
    these; without them the window of `swept_years`. `mail` False: the clock has jumped; duties are counted, nobody
    is reminded. `full_each`: of meetings and of akims only those are looked at that have moved since the last
    sweep, and all of them once in so many days (`moves`); without it, all.
    """
    counts = swept(today, years, mail=mail, full_each=full_each)
    if counts is not None and mail:
        told, counts.mailed = write_digests(today, at)
        counts.reminded += told
    return counts


@transaction.atomic
def swept(today: dt.date, years: Sequence[int] | None, *, mail: bool, full_each: int) -> Counts | None:
    """The ledger, what everybody is shown in the program, and the sign of life: one transaction."""
    if not taken():
        return None
    window = swept_years(today)
    chosen = sorted(years) if years else window
    only = moves.moved(today, chosen, window, full_each=full_each) if full_each else None
    if only is None:
        moves.all_taken(chosen, window)
    counts = bring_in_line(today, chosen, only=only)
    if counts.opened > MANY:
        moves.counted_anew()
    if mail:
        counts.reminded = remind(today)
    beat(moves.HEARTBEAT, did=vars(counts) | moves.kept(today, chosen, everything=only is None))
    return counts


def bring_in_line(today: dt.date, years: Sequence[int] | None = None, *, only: moves.Only | None = None) -> Counts:
    """The ledger's part of a sweep, without reminders. The caller holds the lock of `taken`, or is alone.

    `only`: of the kinds of subjects that it names, look at these alone.
    """
    chosen = sorted(years) if years else swept_years(today)
    told = [
        (place, item) for place, name in enumerate(settings.DUTY_SOURCES) for item in import_string(name)(today, chosen)
    ]
    return sync(told, today=today, only=only)


def swept_years(today: dt.date) -> list[int]:
    """This year, from October the next, and of the last two those in which something with a date is open."""
    back = range(today.year - YEARS_BACK, today.year)
    open_years = Duty.objects.waiting().filter(year__in=back, due_on__isnull=False).order_by().values("year").distinct()
    years = {today.year, *open_years.values_list("year", flat=True)}
    return sorted(years | {today.year + 1} if today.month >= PLANNING_MONTH else years)


def taken() -> bool:
    """Is this the only sweep until the end of the transaction?"""
    return lock_taken(SWEEP_LOCK)
