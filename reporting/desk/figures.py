"""The figures of units as of a day: kept ones where units are large, added up as they are where they are small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from territories.models import Territory

from . import keeping
from .changes import FIGURES, Changes


@dataclass(frozen=True)
class Figures:
    """How a unit stands: sums of `changes.FIGURES`, and what follows from them."""

    held: int = 0
    announce_met: int = 0
    announce_contested: int = 0
    announce_late: int = 0
    publish_met: int = 0
    publish_contested: int = 0
    publish_late: int = 0
    quarter_met: int = 0
    quarter_contested: int = 0
    quarter_late: int = 0
    duty_met: int = 0
    duty_contested: int = 0
    duty_late: int = 0
    raised: int = 0
    done: int = 0
    explained: int = 0
    declined: int = 0
    past: int = 0
    slipped: int = 0
    reports: int = 0
    #: The day on which the newest quarterly information was frozen.
    last_report: dt.date | None = None

    @classmethod
    def of(cls, numbers: Iterable[Any], last_report: dt.date | str | None = None) -> Figures:
        """From sums in the order of `changes.FIGURES`."""
        values = dict(zip(FIGURES, (int(number or 0) for number in numbers), strict=True))
        return cls(**values, last_report=as_date(last_report))

    @property
    def open(self) -> int:
        """Issues raised and not yet closed in any of the three ways."""
        return self.raised - self.done - self.explained - self.declined

    def judged(self, group: str) -> int:
        """Duties of a group whose day has come or which are met."""
        return sum(getattr(self, f"{group}_{state}") for state in ("met", "contested", "late"))


def total(rows: Iterable[Figures]) -> Figures:
    """The figures of several units together."""
    rows = list(rows)
    days = [row.last_report for row in rows if row.last_report]
    return Figures.of((sum(getattr(row, name) for row in rows) for name in FIGURES), max(days, default=None))


@dataclass(frozen=True)
class Member:
    """A row of the desk: a unit with everything below it, or (`own`) a unit's own office alone."""

    unit: Territory
    own: bool = False
    #: The unit has offices below it, so that its own page is a desk again.
    opens: bool = False


def members(unit: Territory | None, day: dt.date) -> list[Member]:
    """What the desk of a unit lists: the regions, or its own office and the units right below it with an akim."""
    below = Territory.objects.filter(own_akim=True, parent=OuterRef("pk"))
    rows = Territory.objects.annotate(opens=Exists(below)).on(day)
    if unit is None:
        return [Member(row, opens=True) for row in rows.regions().order_by("code")]
    children = list(rows.filter(parent=unit, own_akim=True).order_by("sort_kk", "code"))
    own = [Member(unit, own=True, opens=bool(children))] if unit.own_akim else []
    return own + [Member(row, opens=row.opens) for row in children]


def has_rows_below(unit: Territory, day: dt.date) -> bool:
    """Whether a unit has units right below it with an akim; else its desk is an office's."""
    return Territory.objects.on(day).filter(parent=unit, own_akim=True).exists()


Key = tuple[int, bool]


def key(member: Member) -> Key:
    """How `as_of` names a row: the unit, and whether it is the whole of it."""
    return member.unit.pk, not member.own


def as_of(chosen: Sequence[Member], year: int, day: dt.date) -> dict[Key, Figures]:
    """The figures of each row on a day. A constant number of queries."""
    known = kept(chosen)
    found = {}
    if known:
        for unit, whole, *numbers, last in read(known, year, day, "unit, whole"):
            found[unit, bool(whole)] = Figures.of(numbers, last)
    rest = [member for member in chosen if not member.opens or not known]
    return found | (added_up(rest, year, day) if rest else {})


SQL_SUMS = ", ".join(f"SUM({name})" for name in FIGURES)
SQL_LAST = "MAX(CASE WHEN reports > 0 THEN day END)"


def kept(chosen: Sequence[Member]) -> list[Member]:
    """Rows whose figures are kept: large units, once they were counted."""
    large = [member for member in chosen if member.opens]
    return large if large and keeping.is_kept() else []


def read(rows: Sequence[Member], year: int, day: dt.date, by: str) -> list[tuple]:
    """Sums of kept rows up to a day, by `unit, whole` or by `day`, with the day of the last report.

    One statement, which sees one moment: the cells, what was told since, and the issues that are marked.
    """
    marked = Changes(year, issues=keeping.MARKED)
    issues = marked.sql(others=False)
    columns = ", ".join(FIGURES)
    told = (
        f"SELECT unit, day, {keeping.SUMS} FROM (SELECT unit_id AS unit, day, {columns} FROM {keeping.CHANGES}"
        f" WHERE year = {year:d} AND day <= %s UNION ALL SELECT unit, day, {columns} FROM ({issues}) marked"
        " WHERE day <= %s) told GROUP BY unit, day"
    )
    places = ", ".join("(%s, %s, %s)" for _row in rows)
    statement = (
        f"WITH places (unit, whole, path) AS (VALUES {places})"
        f" SELECT {by}, {SQL_SUMS}, {SQL_LAST} FROM ("
        f"SELECT c.unit_id AS unit, c.whole, c.day, {columns} FROM {keeping.CELLS} c JOIN places p"
        f" ON p.unit = c.unit_id AND p.whole = c.whole WHERE c.year = {year:d} AND c.day <= %s"
        f" UNION ALL SELECT p.unit, p.whole, told.day, {columns} FROM ({told}) told"
        " JOIN territories_territory t ON t.id = told.unit"
        " JOIN places p ON CASE WHEN p.whole THEN starts_with(t.path, p.path) ELSE t.id = p.unit END"
        f") days GROUP BY {by}"
    )
    given = [value for row in rows for value in (row.unit.pk, not row.own, row.unit.path)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, day, day, *marked.params, day])
        return cursor.fetchall()


def added_up(chosen: Sequence[Member], year: int, day: dt.date) -> dict[Key, Figures]:
    """The same out of the rows themselves."""
    offices = offices_of(chosen)
    by_row: dict[Key, list[Figures]] = {}
    for office, *numbers, last in live(list(offices), year, day, "unit"):
        row = Figures.of(numbers, last)
        for place in offices[office]:
            by_row.setdefault(place, []).append(row)
    return {place: total(rows) for place, rows in by_row.items()}


def live(offices: Sequence[int], year: int, day: dt.date, by: str) -> list[tuple]:
    """Sums of offices up to a day, by `unit` or by `day`, with the day of the last report."""
    statement = Changes(year, offices)
    changes = statement.sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by}, {SQL_SUMS}, {SQL_LAST} FROM ({changes}) days WHERE day <= %s GROUP BY {by}",
            [*statement.params, day],
        )
        return cursor.fetchall()


def offices_of(chosen: Sequence[Member]) -> dict[int, list[Key]]:
    """Every office that some row counts, with the rows that count it; one query for what lies below them."""
    found: dict[int, list[Key]] = {}
    whole = {member.unit.path: key(member) for member in chosen if not member.own}
    for member in chosen:
        if member.own:
            found.setdefault(member.unit.pk, []).append(key(member))
    if whole:
        for pk, path in below(whole):
            for prefix, place in whole.items():
                if path.startswith(prefix):
                    found.setdefault(pk, []).append(place)
    return found


def below(paths: Collection[str]) -> Iterable[tuple[int, str]]:
    """Ids and paths of the offices at or below some units."""
    rows = Territory.objects.filter(own_akim=True)
    regions = {path.partition("/")[0] for path in paths}
    rows = rows.filter(path__startswith=f"{min(regions)}/") if len(regions) == 1 else rows
    return rows.values_list("pk", "path")


def series(chosen: Sequence[Member], year: int, days: Sequence[dt.date]) -> list[Figures]:
    """The rows together, at each of some ascending days. A constant number of queries."""
    known = kept(chosen)
    changes: list[tuple[dt.date, Figures]] = []
    if known:
        changes += [(day, Figures.of(numbers)) for day, *numbers, _last in read(known, year, days[-1], "day")]
    rest = [member for member in chosen if not member.opens or not known]
    if rest:
        added = live(list(offices_of(rest)), year, days[-1], "day")
        changes += [(as_date(day), Figures.of(numbers)) for day, *numbers, _last in added]
    return [total(row for day, row in changes if day <= until) for until in days]


def as_date(value: Any) -> Any:
    """SQLite hands days of an expression back as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
