"""Keeps the figures of large units beforehand, and compares what is kept with what the rows say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from calendars.models import Calendar
from deadlines.services.locks import lock_taken
from issues.models import Issue
from journal.heartbeats import beat

from .changes import FIGURES, Changes
from .models import Cell

#: Only one works at a time; a second one leaves.
DESK_LOCK = 826_000_005
HEARTBEAT = "desk"
COLUMNS = ", ".join(FIGURES)
SAME = " AND ".join(f"f.{name} = c.{name}" for name in FIGURES)
KEY = "f.year = c.year AND f.unit_id = c.unit_id AND f.whole = c.whole AND f.day = c.day"


@dataclass
class Kept:
    """What a refresh wrote, by the row."""

    gone: int = 0
    new: int = 0


def years() -> list[int]:
    """Years that have a calendar or an issue."""
    found = set(Calendar.objects.order_by().values_list("year", flat=True).distinct())
    return sorted(found | set(Issue.objects.order_by().values_list("year", flat=True).distinct()))


def recent(today: dt.date) -> list[int]:
    """Years in which much still happens: last year, this one and those that are planned."""
    return [year for year in years() if year >= today.year - 1]


@transaction.atomic
def refresh(chosen: Collection[int] | None = None) -> Kept | None:
    """Bring what is kept in line with the rows, writing differences only; None when somebody else is at it.

    May run twice, late or after a standstill: the cells are the same.
    """
    if not lock_taken(DESK_LOCK):
        return None
    done = Kept()
    table = Cell._meta.db_table
    for year in years() if chosen is None else chosen:
        with fresh(year) as name, connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE id IN (SELECT c.id FROM {table} c LEFT JOIN {name} f"
                f" ON {KEY} AND {SAME} WHERE c.year = {year:d} AND f.unit_id IS NULL)"
            )
            done.gone += cursor.rowcount
            cursor.execute(
                f"INSERT INTO {table} (year, unit_id, whole, day, {COLUMNS})"
                f" SELECT f.year, f.unit_id, f.whole, f.day, {', '.join(f'f.{n}' for n in FIGURES)} FROM {name} f"
                f" LEFT JOIN {table} c ON {KEY} WHERE c.id IS NULL"
            )
            done.new += cursor.rowcount
    beat(HEARTBEAT, did=vars(done))
    return done


@transaction.atomic
def differences(chosen: Collection[int] | None = None) -> dict[int, int]:
    """By year the cells that are missing, surplus or wrong beside what the rows say. Writes nothing."""
    found = {}
    table = Cell._meta.db_table
    for year in years() if chosen is None else chosen:
        with fresh(year) as name, connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (SELECT COUNT(*) FROM {name} f LEFT JOIN {table} c ON {KEY} AND {SAME} WHERE c.id IS NULL),"
                f" (SELECT COUNT(*) FROM {table} c LEFT JOIN {name} f ON {KEY} WHERE c.year = {year:d}"
                " AND f.unit_id IS NULL)"
            )
            found[year] = sum(cursor.fetchone())
    return found


@contextmanager
def fresh(year: int) -> Iterator[str]:
    """A table of this transaction with the cells of a year as the rows say them."""
    name = f"fresh_cells_{year:d}"
    statement = Changes(year)
    sums = ", ".join(f"SUM({figure}) AS {figure}" for figure in FIGURES)
    changes = statement.sql()
    # An office counts for itself and for every unit above it; kept are regions and units with offices below.
    places = (
        "SELECT t.id AS office, t.id AS unit_id, {no} AS whole FROM territories_territory t WHERE {below}"
        " UNION ALL SELECT t.id, t.id, {yes} FROM territories_territory t WHERE {below}"
        " UNION ALL SELECT t.id, t.parent_id, {yes} FROM territories_territory t WHERE t.parent_id IS NOT NULL"
        " UNION ALL SELECT t.id, p.parent_id, {yes} FROM territories_territory t JOIN territories_territory p"
        " ON p.id = t.parent_id WHERE p.parent_id IS NOT NULL"
        " UNION ALL SELECT t.id, g.parent_id, {yes} FROM territories_territory t JOIN territories_territory p"
        " ON p.id = t.parent_id JOIN territories_territory g ON g.id = p.parent_id WHERE g.parent_id IS NOT NULL"
    ).format(
        yes="TRUE",
        no="FALSE",
        below="(t.parent_id IS NULL OR EXISTS"
        " (SELECT 1 FROM territories_territory b WHERE b.parent_id = t.id AND b.own_akim))",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {name} AS SELECT {year:d} AS year, unit_id, whole, day, {sums}"
            f" FROM ({changes}) days JOIN ({places}) places ON places.office = days.unit"
            " GROUP BY unit_id, whole, day",
            statement.params,
        )
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {name}")
    try:
        yield name
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {name}")
