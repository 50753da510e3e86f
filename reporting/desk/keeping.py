"""Keeps the figures of large units beforehand, and compares what is kept with what the rows say. PostgreSQL only.

At every moment: what the rows say = cells + changes not yet folded + marked issues as they are. Readers ask for all
three in one statement (`figures`), so that nothing they see is older than the rows. On SQLite nothing is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from calendars.models import Calendar
from deadlines.services.locks import lock_taken
from issues.models import Issue
from journal.heartbeats import beat

from .changes import FIGURES, Changes
from .models import Cell, Change, Mark
from .triggers import EVERYTHING, SETTING, recount

#: Only one works at a time; a second one leaves.
DESK_LOCK = 826_000_005
HEARTBEAT = "desk"
#: Issues that one transaction adds again at the most.
BATCH = 5000
CELLS, CHANGES, MARKS = (model._meta.db_table for model in (Cell, Change, Mark))
COLUMNS = ", ".join(FIGURES)
SUMS = ", ".join(f"SUM({name}) AS {name}" for name in FIGURES)
NOTHING = f"({', '.join('0' for _name in FIGURES)})"
SAME = " AND ".join(f"f.{name} = c.{name}" for name in FIGURES)
KEY = "f.year = c.year AND f.unit_id = c.unit_id AND f.whole = c.whole AND f.day = c.day"
UNMARKED = f"NOT EXISTS (SELECT 1 FROM {MARKS} k WHERE k.issue_id = i.id)"
MARKED = f"i.id IN (SELECT issue_id FROM {MARKS})"
#: An office counts for itself and for every unit above it; kept are regions and units with offices below.
PLACES = (
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


@dataclass
class Kept:
    """What was written, by the row: cells gone and new when all is counted, changes and issues folded."""

    gone: int = 0
    new: int = 0
    changes: int = 0
    issues: int = 0


def years() -> list[int]:
    """Years that have a calendar or an issue."""
    found = set(Calendar.objects.order_by().values_list("year", flat=True).distinct())
    return sorted(found | set(Issue.objects.order_by().values_list("year", flat=True).distinct()))


def is_kept() -> bool:
    """May the cells be read? Not on SQLite, and not until everything was counted after the tree had changed."""
    return connection.vendor == "postgresql" and not Mark.objects.filter(pk=EVERYTHING).exists()


# -- What was told since ------------------------------------------------------------------------------
def keep() -> Kept | None:
    """Bring the cells up to date: fold what was told, or count everything where that is asked for.

    None when somebody else is at it. May run twice, late or after a standstill: readers see the same.
    """
    if connection.vendor != "postgresql":
        return Kept()
    return fold() if is_kept() else refresh()


def fold() -> Kept | None:
    """Bring changes and marked issues into the cells; issues that somebody is just changing wait for the next time."""
    done = Kept()
    while True:
        with transaction.atomic():
            if not lock_taken(DESK_LOCK):
                return None
            marked = free_marks()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL jit = off")
                fold_once(cursor, marked, done)
            if len(marked) < BATCH:
                beat(HEARTBEAT, did=vars(done))
                return done


def free_marks() -> list[int]:
    """Marked issues that nobody is changing, locked until the end of the transaction."""
    rows = Mark.objects.exclude(pk=EVERYTHING).select_for_update(skip_locked=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def fold_once(cursor, marked: list[int], done: Kept) -> None:
    """One statement, so that all of it sees one moment: what leaves the changes and marks stands in the cells."""
    issues = Changes(None, issues="i.id = ANY(%s)", given=[marked])
    again = issues.sql(others=False)
    adding = ", ".join(f"{name} = {CELLS}.{name} + excluded.{name}" for name in FIGURES)
    cursor.execute(
        f"WITH gone AS (DELETE FROM {CHANGES} RETURNING year, unit_id AS unit, day, {COLUMNS}),"
        f" unmarked AS (DELETE FROM {MARKS} WHERE issue_id = ANY(%s)),"
        f" told AS (SELECT * FROM gone UNION ALL {again}),"
        f" written AS (INSERT INTO {CELLS} (year, unit_id, whole, day, {COLUMNS})"
        f" SELECT year, unit_id, whole, day, {SUMS} FROM told JOIN ({PLACES}) places ON places.office = told.unit"
        f" GROUP BY year, unit_id, whole, day HAVING ({', '.join(f'SUM({n})' for n in FIGURES)}) <> {NOTHING}"
        f" ON CONFLICT (year, unit_id, whole, day) DO UPDATE SET {adding})"
        " SELECT COUNT(*) FROM gone",
        [marked, *issues.params],
    )
    done.changes += cursor.fetchone()[0]
    done.issues += len(marked)


# -- Everything anew ----------------------------------------------------------------------------------
@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction all of whose statements see one moment; inside a transaction of the caller, that one."""
    if connection.in_atomic_block or connection.vendor != "postgresql":
        with transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def refresh(chosen: Collection[int] | None = None) -> Kept | None:
    """Count the cells from the rows, writing differences only; None when somebody else is at it.

    `chosen`: these years alone; that everything was to be counted stays on record then.
    """
    if connection.vendor != "postgresql":
        return Kept()
    done = Kept()
    with one_moment():
        if not lock_taken(DESK_LOCK):
            return None
        with connection.cursor() as cursor:
            for year in years() if chosen is None else chosen:
                with fresh(year) as name:
                    cursor.execute(
                        f"DELETE FROM {CELLS} WHERE id IN (SELECT c.id FROM {CELLS} c LEFT JOIN {name} f"
                        f" ON {KEY} AND {SAME} WHERE c.year = {year:d} AND f.unit_id IS NULL)"
                    )
                    done.gone += cursor.rowcount
                    cursor.execute(
                        f"INSERT INTO {CELLS} (year, unit_id, whole, day, {COLUMNS})"
                        f" SELECT f.year, f.unit_id, f.whole, f.day, {', '.join(f'f.{n}' for n in FIGURES)}"
                        f" FROM {name} f LEFT JOIN {CELLS} c ON {KEY} WHERE c.id IS NULL"
                    )
                    done.new += cursor.rowcount
                cursor.execute(f"DELETE FROM {CHANGES} WHERE year = {year:d}")
            if chosen is None:
                cursor.execute(f"DELETE FROM {MARKS} WHERE issue_id = {EVERYTHING}")
        beat(HEARTBEAT, did=vars(done))
    return done


def differences(chosen: Collection[int] | None = None) -> dict[int, int]:
    """By year the cells that are missing, surplus or wrong beside what the rows say. Writes nothing.

    Issues that are marked are counted as they are by every reader, and are left out on both sides.
    """
    found: dict[int, int] = {}
    if connection.vendor != "postgresql":
        return found
    names = ", ".join(FIGURES)
    with one_moment(), connection.cursor() as cursor:
        for year in years() if chosen is None else chosen:
            read = (
                f"SELECT year, unit_id, whole, day, {SUMS} FROM ("
                f"SELECT year, unit_id, whole, day, {names} FROM {CELLS} WHERE year = {year:d} UNION ALL"
                f" SELECT h.year, places.unit_id, places.whole, h.day, {names} FROM {CHANGES} h"
                f" JOIN ({PLACES}) places ON places.office = h.unit_id WHERE h.year = {year:d}"
                f") parts GROUP BY year, unit_id, whole, day HAVING ({', '.join(f'SUM({n})' for n in FIGURES)})"
                f" <> {NOTHING}"
            )
            with fresh(year) as name:
                cursor.execute(
                    f"SELECT COUNT(*) FROM ({read}) c FULL JOIN {name} f ON {KEY} AND {SAME}"
                    " WHERE c.unit_id IS NULL OR f.unit_id IS NULL"
                )
                found[year] = cursor.fetchone()[0]
    return found


@contextmanager
def fresh(year: int) -> Iterator[str]:
    """A table of this transaction with the cells of a year as the rows say them, without marked issues."""
    name = f"fresh_cells_{year:d}"
    statement = Changes(year, issues=UNMARKED)
    changes = statement.sql()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {name} AS SELECT {year:d} AS year, unit_id, whole, day, {SUMS}"
            f" FROM ({changes}) days JOIN ({PLACES}) places ON places.office = days.unit"
            f" GROUP BY unit_id, whole, day HAVING ({', '.join(f'SUM({n})' for n in FIGURES)}) <> {NOTHING}",
            statement.params,
        )
        cursor.execute(f"ANALYZE {name}")
    try:
        yield name
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE {name}")


def recount_later() -> None:
    """In this transaction tell no change, and mark everything instead: for whole years that are brought at once."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {SETTING} = 'later'")
        cursor.execute(recount())
