"""The clock's door: beat wakes these; each asks the database what is true now."""

from celery import shared_task

from territories.scope import today

from . import services


@shared_task(ignore_result=True)
def sweep() -> None:
    """Sweep as of today in Kazakhstan."""
    services.sweep(today())
