"""The clock's door: the timetable of beat wakes these; running twice, late or at once changes nothing."""

from celery import shared_task
from django.utils import timezone

from . import delivery, services
from .heartbeats import beat


@shared_task(ignore_result=True)
def drain() -> None:
    """Send what is due."""
    delivery.drain()


@shared_task(ignore_result=True)
def reap() -> None:
    """Give back what vanished workers held and settle what is in doubt."""
    delivery.reap()


@shared_task(ignore_result=True)
def seal() -> None:
    """Bind the entries that were committed since the last time to all before them."""
    services.seal()


@shared_task(ignore_result=True)
def forget_answers() -> None:
    """Throw away the answers of the API that nobody asks for again."""
    beat("forget_answers", {"answers": services.forget_answers(timezone.now())})
