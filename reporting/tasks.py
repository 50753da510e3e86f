"""The clock's door of this room."""

import logging

from celery import shared_task

from territories.scope import today

from .desk import keeping
from .exports.tasks import run as run
from .exports.tasks import run_waiting as run_waiting
from .exports.tasks import tidy as tidy
from .submissions import documents, services

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def keep_desk() -> None:
    """Bring the kept figures of recent years in line with the rows."""
    told(keeping.refresh(keeping.recent(today())))


@shared_task(ignore_result=True)
def keep_whole_desk() -> None:
    """The same for every year: issues of years ago are closed today."""
    told(keeping.refresh())


def told(done: keeping.Kept | None) -> None:
    if done is not None and (done.gone or done.new):
        logger.info("The desk: %s cells written, %s taken away.", done.new, done.gone)


@shared_task(ignore_result=True)
def send_on() -> None:
    """Put the waiting archives together, and tell the ledger of documents that it could not take before."""
    if made := documents.put_together():
        logger.info("Archives put together: %s.", made)
    services.prove_waiting(today())
