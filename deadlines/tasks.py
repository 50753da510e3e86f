"""The clock's door: beat wakes these; each asks the database what is true now."""

import logging
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from journal.clock import clocks_agree
from journal.delivery.relay import clock_is_trusted

from . import services

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Sweep as of now in Kazakhstan. After a jump of the clock duties are counted and nobody is reminded.

    The first sweep of a day looks at everything, those of the following minutes at the meetings that have moved.
    A machine whose clock is not that of the database does not know the day, and leaves it to others.
    """
    if not clocks_agree():
        logger.error("No sweep: the clocks of this machine and of the database differ by more than two minutes.")
        return
    now = timezone.now()
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    trusted = clock_is_trusted()
    services.sweep(local.date(), at=local.time(), mail=trusted, full_each=1)
    if trusted:
        services.hold_back(now)
