"""Two clocks are asked before anything is done that depends on the day: this machine's and the database's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

#: The application's clock and the database's may differ by so much.
CLOCKS_APART = timedelta(minutes=2)


def database_now() -> datetime:
    """The instant by the database's clock; SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def clocks_agree() -> bool:
    """May this machine's clock say which day it is?"""
    return abs(database_now() - timezone.now()) <= CLOCKS_APART
