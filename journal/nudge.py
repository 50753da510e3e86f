"""Wakes a drain right after a commit. A courtesy: the timetable would wake one within seconds anyway."""

import logging
import time

from celery import current_app

from .conf import outbox
from .failpoints import reach

logger = logging.getLogger(__name__)

#: A broker that did not answer is left alone for so long, lest every click wait for it again.
QUIET_AFTER_FAILURE = 30.0
BETWEEN_NUDGES = 1.0

_not_before = 0.0


def nudge() -> None:
    """Ask for a drain; never raises, never retries, and is dropped when nobody takes it soon."""
    global _not_before
    reach("after-commit")
    if not outbox().nudge or current_app.conf.task_always_eager or time.monotonic() < _not_before:
        return
    _not_before = time.monotonic() + BETWEEN_NUDGES
    try:
        current_app.send_task("journal.tasks.drain", retry=False, expires=15, ignore_result=True)
    except Exception as error:
        # The letters are in the database; beat, or the timer of the system, will find them.
        _not_before = time.monotonic() + QUIET_AFTER_FAILURE
        logger.warning("No drain could be woken (%s); the timetable will.", error)
