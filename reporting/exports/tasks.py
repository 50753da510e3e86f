"""The clock's door of this room: exports that wait to be written, files that were kept long enough."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import transaction

from journal.heartbeats import beat
from territories.scope import today

from . import services

logger = logging.getLogger(__name__)

SECONDS = 900


@shared_task(name="reporting.exports.run", time_limit=SECONDS, soft_time_limit=SECONDS - 20)
def run(job_id: int) -> bool:
    """Write one export. May run twice, late, or at once with another."""
    return services.run(job_id, today=today())


@shared_task(name="reporting.exports.run_waiting", time_limit=SECONDS, soft_time_limit=SECONDS - 20)
def run_waiting() -> int:
    """Write what nobody has in hand: jobs whose message was lost, or whose worker died."""
    return sum(services.run(pk, today=today()) for pk in services.waiting().values_list("pk", flat=True)[:3])


@shared_task(name="reporting.exports.tidy")
def tidy() -> int:
    """Throw away files that were kept long enough."""
    done = services.tidy(today())
    beat("tidy_exports", {"files": done})
    return done


def ask_to_run(job_id: int) -> None:
    """Wake a worker after the commit. A courtesy: without a broker the sweep finds the job within seconds."""
    transaction.on_commit(lambda: send(job_id))


def send(job_id: int) -> None:
    try:
        run.apply_async((job_id,), retry=False, ignore_result=True)
    except Exception as error:
        logger.warning("No worker could be woken for export %s (%s); the sweep will write it.", job_id, error)
