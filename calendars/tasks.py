"""The clock's door of this room: files that were uploaded and wait to be read."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from journal.heartbeats import beat
from territories.scope import today

from .services import forget_steps, importing

logger = logging.getLogger(__name__)

#: A reader's own limits end it after half a minute; the rest is checking and writing down.
SECONDS = 110


@shared_task(time_limit=SECONDS, soft_time_limit=SECONDS - 10)
def read_import(job_id: int) -> bool:
    """Read one uploaded file and keep its preview. May run twice, late, or at once with another."""
    return importing.read(job_id, today=today())


@shared_task(time_limit=SECONDS, soft_time_limit=SECONDS - 10)
def read_waiting() -> int:
    """Read what nobody has in hand: files whose message was lost, or whose worker died."""
    return sum(importing.read(pk, today=today()) for pk in importing.waiting().values_list("pk", flat=True)[:5])


@shared_task
def tidy() -> int:
    """Throw away files of calendars and steps of people whose term is over; a batch each time."""
    now = timezone.now()
    done = {"files": importing.forget_files(now), "steps": forget_steps(now)}
    beat("tidy_imports", done)
    return sum(done.values())


def ask_to_read(job_id: int) -> None:
    """Wake a worker after the commit. A courtesy: without a broker the sweep finds the job within seconds."""
    transaction.on_commit(lambda: send(job_id))


def send(job_id: int) -> None:
    try:
        read_import.apply_async((job_id,), retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("No worker could be woken for import %s (%s); the sweep will read it.", job_id, error)
