"""Locks that say "somebody is at this already": they save work; correctness comes from keys and constraints."""

from django.db import connection


def lock_taken(number: int) -> bool:
    """Is the lock ours until the end of the transaction? SQLite has one writer anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
