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
    """Bring what was told of the desk into its kept figures."""
    done = keeping.keep()
    if done is not None and any(vars(done).values()):
        logger.info("The desk: %s", ", ".join(f"{name} {number}" for name, number in vars(done).items()))


@shared_task(ignore_result=True)
def recount_desk() -> None:
    """Count everything from the rows once a day; it must find nothing."""
    done = keeping.refresh()
    if done is not None and (done.gone or done.new):
        logger.warning("The desk was wrong: %s cells written, %s taken away.", done.new, done.gone)


@shared_task(ignore_result=True)
def send_on() -> None:
    """Put the waiting archives together, and tell the ledger of documents that it could not take before."""
    if made := documents.put_together():
        logger.info("Archives put together: %s.", made)
    services.prove_waiting(today())
