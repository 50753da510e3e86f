"""The clock's door: the timetable of beat wakes these; running twice, late or at once changes nothing."""

from celery import shared_task

from . import delivery


@shared_task(ignore_result=True)
def drain() -> None:
    """Send what is due."""
    delivery.drain()


@shared_task(ignore_result=True)
def reap() -> None:
    """Give back what vanished workers held and settle what is in doubt."""
    delivery.reap()
