"""The clock's door of this room."""

import logging

from celery import shared_task

from .desk import keeping

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def keep_desk() -> None:
    """Bring the kept figures of the desk in line with the rows."""
    done = keeping.refresh()
    if done is not None and (done.gone or done.new):
        logger.info("The desk: %s cells written, %s taken away.", done.new, done.gone)
