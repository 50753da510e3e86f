"""One sweep: ask every room for its facts, bring the ledger in line, remind whoever has to be."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from journal.heartbeats import beat

from .ledger import Counts
from .reminders import remind

#: Only one sweep works at a time; a second one leaves. It saves work; correctness comes from the keys.
SWEEP_LOCK = 826_000_001


@transaction.atomic
def sweep(today: dt.date) -> Counts | None:
    """Sweep as of a civil day of Kazakhstan. Returns None when another sweep is at work.

    May run twice, late, or by hand for another day: the ledger and the reminders stay the same.
    """
    if not taken():
        return None
    counts = Counts()
    for name in settings.DUTY_SOURCES:
        counts += import_string(name)(today)
    counts.reminded, counts.mailed = remind(today)
    beat("sweep", did=vars(counts))
    return counts


def taken() -> bool:
    """Is the lock ours until the end of the transaction? SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return cursor.fetchone()[0]
