"""The clock of this room."""

from celery import shared_task
from django.utils import timezone

from journal.clock import clocks_agree
from journal.delivery.relay import clock_is_trusted
from territories.scope import clock, today


@shared_task
def forget() -> int:
    """Delete personal data whose term is over; a batch each time, so a long backlog goes in pieces."""
    from . import services

    by, now = clock("forget"), timezone.now()
    forgotten = services.forget_persons(today(), by=by) + services.forget_unconfirmed(now)
    return forgotten + services.forget_sheets(now, by=by) + services.forget_letters(now, by=by)


@shared_task
def look() -> int:
    """Look at our own public pages: is what was published still there, whole and in both languages?"""
    from .looking import look_at_due

    return look_at_due(timezone.now())


@shared_task
def tell_superiors() -> int:
    """Letters to superiors about what is past its promised day; a clock that may be wrong tells nobody."""
    from .services import tell_overdue

    return tell_overdue(timezone.now()) if clocks_agree() and clock_is_trusted() else 0


@shared_task
def tell_followers() -> int:
    """Letters to those who follow issues and places; a batch each time."""
    from . import services

    return services.tell_followers(timezone.now())
