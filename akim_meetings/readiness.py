"""Is the work being done? One list of findings for `/readyz`, for `manage.py watch` and for the strip on staff pages.

Each finding is a word without details, so that the public address tells nothing; `words` explains it to the operator.
"""

from __future__ import annotations

import datetime as dt
import shutil

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from journal.models import Heartbeat
from journal.queries import outbox_health, unseen_failures
from law.workdays import BadDaysFile, YearMissing
from law.workdays import year as days_of
from territories.checks_machine import zone_data
from territories.scope import today

from . import celery_app, terms

#: How long after its last sign of life a job counts as standing still, in seconds.
STILL_AFTER = {"sweep": 180, "drain": 60, "reap": 120}
#: The strip on staff pages waits longer, so that it does not flicker while a new version is put in place.
STRIP_AFTER = dt.timedelta(minutes=10)
#: A letter that is due and waits longer than this is a fault.
OLDEST_LETTER = dt.timedelta(minutes=10)
#: Less free space than this share of the disk is a fault: a full one stops the database.
FREE_SHARE = 0.1

WORDS: dict[str, str | Promise] = {
    "database": _("The database does not answer."),
    "broker": _("The broker of background work does not answer."),
    "sweep": _("The sweep of deadlines stands still: nobody is reminded. Start worker and beat again."),
    "drain": _("The sender of letters stands still. Start worker and beat again."),
    "reap": _("The job that settles unfinished letters stands still. Start worker and beat again."),
    "letters": _("A letter has been waiting for more than ten minutes: look at the mail server."),
    "doubt": _("Letters have been in doubt for too long: the log of the mail server cannot be read."),
    "outbox_held": _("All mail is held back: find out why on the page Mail, then let it go."),
    "failed": _("The mail server refused letters, and nobody has looked at them yet."),
    "terms": _("Data that is kept for a term only is not deleted: a nightly job has stood still for a day."),
    "disk": _("Less than a tenth of the disk is free."),
    "days": _("The days off of this or the next year are not entered: no date of that year can be counted."),
    "zones": _("The time zones of this machine are out of date: legal days would be wrong."),
}


def findings() -> list[str]:
    """What is wrong now, in the order of `WORDS`; empty when everything works."""
    found: list[str] = []
    try:
        beats = {beat.name: beat.finished_at for beat in Heartbeat.objects.all()}
        found += still_jobs(beats, timezone.now())
        found += stuck_letters()
        found += ["terms"] if any(terms.stands_still(beats.get(term.job)) for term in terms.TERMS) else []
    except DatabaseError:
        found.append("database")
    if not broker_answers():
        found.append("broker")
    if not disk_has_room():
        found.append("disk")
    if not days_are_known(today()):
        found.append("days")
    if zone_data(None):
        found.append("zones")
    return [name for name in WORDS if name in found]


def still_jobs(beats: dict[str, dt.datetime], now: dt.datetime) -> list[str]:
    """Jobs whose last sign of life is too old, or that never gave one."""
    return [
        name
        for name, seconds in STILL_AFTER.items()
        if name not in beats or (now - beats[name]).total_seconds() > seconds
    ]


def stuck_letters() -> list[str]:
    """Letters that should have left long ago, that stay in doubt or were refused, or an outbox that is held."""
    health = outbox_health()
    late = health.oldest_due is not None and timezone.now() - health.oldest_due > OLDEST_LETTER
    found = {
        "letters": late,
        "doubt": bool(health.overdue_doubt),
        "outbox_held": bool(health.closed_by),
        "failed": bool(unseen_failures()),
    }
    return [name for name, wrong in found.items() if wrong]


def broker_answers() -> bool:
    """A lost broker delays work; the timer of the system still sweeps."""
    try:
        with celery_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
    except (OSError, OperationalError):
        return False
    return True


def disk_has_room() -> bool:
    usage = shutil.disk_usage(settings.VAR)
    return usage.free >= FREE_SHARE * usage.total


def days_are_known(day: dt.date) -> bool:
    """This year's and the next year's days off can be read."""
    try:
        for year in (day.year, day.year + 1):
            days_of(year)
    except (YearMissing, BadDaysFile):
        return False
    return True


def standing_since() -> dt.datetime | None:
    """Since when reminders have stood still, for the strip on staff pages; None while they work.

    An installation whose sweep never ran is told by `/readyz` and on the administrator's first page.
    """
    last = Heartbeat.objects.filter(name="sweep").values_list("finished_at", flat=True).first()
    return last if last is not None and timezone.now() - last > STRIP_AFTER else None
