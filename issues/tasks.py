"""The clock of this room."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from journal.clock import clocks_agree
from journal.delivery.relay import clock_is_trusted
from journal.heartbeats import beat
from territories.scope import clock, today

logger = logging.getLogger(__name__)

#: The longest table is read and taken in within some tens of seconds.
TABLE_SECONDS = 600


@shared_task
def forget() -> int:
    """Delete personal data whose term is over; a batch each time, so a long backlog goes in pieces."""
    from . import services
    from .services import importing

    by, now = clock("forget"), timezone.now()
    done = {
        "persons": services.forget_persons(today(), by=by),
        "unconfirmed": services.forget_unconfirmed(now),
        "sheets": services.forget_sheets(now, by=by),
        "tables": importing.forget_tables(now, by=by),
        "letters": services.forget_letters(now, by=by),
    }
    beat("forget", done)
    return sum(done.values())


@shared_task
def look() -> int:
    """Look at our own public pages: is what was published still there, whole and in both languages?"""
    from .looking import look_at_due

    return look_at_due(timezone.now())


@shared_task
def tell_superiors() -> int:
    """Letters to superiors about what is past its promised day; a clock that may be wrong tells nobody."""
    from .services import tell_overdue

    return tell_overdue(timezone.now()) if clocks_agree() and clock_is_trusted() else 0


@shared_task
def tell_followers() -> int:
    """Letters to those who follow issues and places; a batch each time."""
    from . import services

    return services.tell_followers(timezone.now())


@shared_task(name="issues.tables.work", time_limit=TABLE_SECONDS, soft_time_limit=TABLE_SECONDS - 20)
def work_on_table(job_id: int) -> bool:
    """Read one table that was brought, or take it in. May run twice, late, or at once with another."""
    from .services import importing

    return importing.work(job_id, today=today())


@shared_task(name="issues.tables.work_on_waiting", time_limit=TABLE_SECONDS, soft_time_limit=TABLE_SECONDS - 20)
def work_on_tables() -> int:
    """Tables that nobody has in hand: those whose message was lost, or whose worker died."""
    from .services import importing

    return sum(importing.work(pk, today=today()) for pk in importing.waiting().values_list("pk", flat=True)[:3])


def ask_to_work(job_id: int) -> None:
    """Wake a worker after the commit. A courtesy: without a broker the sweep finds the job within seconds."""
    transaction.on_commit(lambda: send(job_id))


def send(job_id: int) -> None:
    try:
        work_on_table.apply_async((job_id,), retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("No worker could be woken for table %s (%s); the sweep will find it.", job_id, error)
