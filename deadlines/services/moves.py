"""What a sweep has to look at: meetings and units that have moved since the last one, by the marks of the database.

Duties of meetings, and what akims owe by periods, are nearly all there are, and on a day few of them move. A sweep may
therefore look at these alone, as long as everything was looked at not long ago; what it leaves is what a sweep of
everything would leave. Duties of other kinds are always looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from journal.models import Heartbeat

from .. import marks
from ..ids import Subject
from ..models import Counting, Duty, Moved

#: Of each kind of subject named here a sweep looks at these ids alone; of other kinds at everything.
Only = dict[Subject, list[int]]

#: Where more meetings have moved, everything is looked at: a calendar was planned, approved or imported.
MOST = 4000
#: Under this name it is kept on which day what was swept last.
HEARTBEAT = "sweep"


def moved(today: dt.date, years: Sequence[int], window: Iterable[int], *, full_each: int) -> Only | None:
    """The meetings and units to look at, taken off the marks; None where everything must be looked at.

    `window`: the years that a sweep without given years looks at. `full_each`: everything is looked at once in so many
    days.
    """
    did = last()
    if connection.vendor != "postgresql" or not did or not set(years) <= set(did["years"]):
        return None
    swept, full = dt.date.fromisoformat(did["day"]), dt.date.fromisoformat(did["full"])
    if not full <= swept <= today or (today - full).days >= full_each:
        return None
    found = taken(years)
    if marks.EVERYTHING in found or len(found) > MOST:
        return None
    if swept < today:
        for name in settings.DUTY_DAYS:
            found.update(import_string(name)(swept, today, years))
    if marks.EVERYTHING in found or len(found) > MOST:
        return None
    return {Subject.MEETING: sorted(found), Subject.AKIM: sorted(units_taken(years, window))}


def taken(years: Sequence[int]) -> set[int]:
    """Take the marks of meetings of these years off; they come back with the transaction if it fails.

    A mark for everything stands for all years: it is read here, and goes with the next sweep of `all_taken`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {marks.TABLE} WHERE year = ANY(%s) RETURNING meeting_id", [list(years)])  # noqa: S608
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(f"SELECT 1 FROM {marks.TABLE} WHERE meeting_id = {marks.EVERYTHING} LIMIT 1")  # noqa: S608
        return found | ({marks.EVERYTHING} if cursor.fetchone() else set())


def units_taken(years: Sequence[int], window: Iterable[int]) -> set[int]:
    """Take the marks of units off for these years; each other year of the window keeps one of its own."""
    every, others = marks.EVERY_YEAR, sorted(set(window) - set(years))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {marks.UNITS} WHERE year = ANY(%s) RETURNING unit_id, year",  # noqa: S608
            [[every, *years]],
        )
        found = cursor.fetchall()
        if others and found:
            cursor.execute(
                f"INSERT INTO {marks.UNITS} (unit_id, year) SELECT u, y FROM UNNEST(CAST(%s AS bigint[])) u"  # noqa: S608
                " CROSS JOIN UNNEST(CAST(%s AS smallint[])) y"
                f" WHERE NOT EXISTS (SELECT 1 FROM {marks.UNITS} m WHERE m.unit_id = u AND m.year = y)",
                [sorted({unit for unit, year in found if year == every}), others],
            )
    return {unit for unit, _year in found}


def all_taken(years: Sequence[int], window: Iterable[int]) -> None:
    """Everything of these years is about to be looked at: their marks go. Where these are all years that are swept
    (`window`), all marks do: a year that comes to them later is looked at as a whole."""
    if connection.vendor != "postgresql":
        return
    marked = Moved.objects.all() if set(window) <= set(years) else Moved.objects.filter(year__in=years)
    marked.delete()
    units_taken(years, window)


def counted_anew() -> None:
    """Let the database count its duties: while it believes that there are none, it reads all of them once a meeting."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Duty._meta.db_table}, {Counting._meta.db_table}")


def last() -> dict | None:
    """Day, years and the day of everything of the last sweep; None before the first."""
    did = Heartbeat.objects.filter(name=HEARTBEAT).values_list("did", flat=True).first() or {}
    return did if {"day", "full", "years"} <= did.keys() else None


def kept(today: dt.date, years: Sequence[int], *, everything: bool) -> dict:
    """What the next sweep has to know of this one."""
    did = last() or {}
    return {
        "day": today.isoformat(),
        "full": today.isoformat() if everything else did["full"],
        "years": list(years) if everything else did["years"],
    }
