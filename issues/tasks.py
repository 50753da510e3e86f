"""The clock of this room."""

from celery import shared_task

from territories.scope import clock, today


@shared_task
def forget() -> int:
    """Delete personal data whose term is over; a batch each time, so a long backlog goes in pieces."""
    from .services import forget_persons

    return forget_persons(today(), by=clock("forget"))


@shared_task
def look() -> int:
    """Look at our own public pages: is what was published still there, whole and in both languages?"""
    from django.utils import timezone

    from .looking import look_at_due

    return look_at_due(timezone.now())
