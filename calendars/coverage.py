"""Which meetings lines a–e of 826-2.1 require, and which of them are planned and held.

The norms are the rows of `law.coverage`; here they run as one SQL statement over the tree and the
meetings, for a region or the nation: required pairs × periods, left join the meetings that serve
them. `law.coverage.required` runs the same rows in memory; a test holds the two equal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from deadlines.readings import readings_by_region
from law.readings import Readings
from territories.models import Territory

from .caching import Results
from .required import LINES, Statement

#: Coverage as it was counted last, of whole regions at the most.
made = Results(most=32, most_rows=4000)


class Cell(NamedTuple):
    """One required pair in one period. Dates are civil; `planned` counts held meetings too."""

    line: str
    region_id: int
    holder_id: int
    target_id: int
    period: str
    need: int
    planned: int
    held: int
    first_date: dt.date | None
    meeting_id: int | None
    short_notice: bool

    @property
    def missing(self) -> int:
        return max(0, self.need - self.planned)


class Sum(NamedTuple):
    """One line of one raion or city: meetings required, and how many of them are planned and held."""

    line: str
    group_id: int
    required: int
    planned: int
    held: int


@dataclass(frozen=True, slots=True)
class LineTotal:
    """Meetings of one line: required, and how many of them are planned and held (never more than needed)."""

    line: str
    required: int
    planned: int
    held: int

    @property
    def missing(self) -> int:
        return self.required - self.planned

    @property
    def percent(self) -> int:
        """Whole percents of the plan, rounded down so that 100 means complete."""
        return self.planned * 100 // self.required if self.required else 100


def add_up(cells: Iterable[Cell]) -> list[LineTotal]:
    """Totals by line of cells of one region, in the order of the lines."""
    sums: dict[str, list[int]] = {}
    for cell in cells:
        line = sums.setdefault(cell.line, [0, 0, 0])
        line[0] += cell.need
        line[1] += min(cell.planned, cell.need)
        line[2] += min(cell.held, cell.need)
    return [LineTotal(line, *sums[line]) for line in LINES if line in sums]


def add_sums(sums: Iterable[Sum]) -> list[LineTotal]:
    """Totals by line of the sums of raions, in the order of the lines."""
    found: dict[str, list[int]] = {}
    for row in sums:
        line = found.setdefault(row.line, [0, 0, 0])
        for place, number in enumerate((row.required, row.planned, row.held)):
            line[place] += number
    return [LineTotal(line, *found[line]) for line in LINES if line in found]


def sum_up(totals: Iterable[LineTotal]) -> LineTotal:
    rows = list(totals)
    return LineTotal("all", sum(r.required for r in rows), sum(r.planned for r in rows), sum(r.held for r in rows))


def groups(regions: Sequence[Territory], year: int) -> list[tuple[Readings, list[Territory]]]:
    """Regions that share their readings on 1 January, so that each group is one statement."""
    chosen = readings_by_region([r.pk for r in regions], dt.date(year, 1, 1))
    found: dict[Readings, list[Territory]] = {}
    for region in regions:
        found.setdefault(chosen[region.pk], []).append(region)
    return list(found.items())


def run(sql: str, params: Sequence[Any]) -> list[tuple]:
    """The rows of a statement; pages ask for the same coverage several times before anything changes."""

    def read() -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return made.of((sql, repr(params)), read)


def cells(
    regions: Sequence[Territory],
    year: int,
    *,
    under: str = "",
    lines: Iterable[str] = LINES,
    only_holes: bool = False,
) -> list[Cell]:
    """The required cells of regions and a year, ordered by line, holder, target, period.

    `under`: path of a unit; only cells whose holder or target lies in it. `only_holes`: only cells
    whose plan is short. One statement for all regions that share their readings.
    """
    found: list[Cell] = []
    lines = tuple(lines)
    for readings, members in groups(regions, year):
        statement = Statement(year, readings, members, lines=lines, under=under)
        if not statement.rows:
            continue
        sql = statement.counted(days=True)
        holes = " WHERE planned < need" if only_holes else ""
        rows = run(f"{sql} SELECT * FROM counted{holes} ORDER BY line, holder, target, period", statement.params)
        codes = statement.codes
        cells = [
            Cell(LINES[line], region, holder, target, codes[period], need, planned, held, first, meeting, short)
            for line, region, holder, target, period, need, planned, held, first, meeting, short in rows
        ]
        found += cells if connection.vendor == "postgresql" else map(as_typed, cells)
    return found


def sums(
    region: Territory, year: int, *, under: str = "", lines: Iterable[str] = LINES
) -> tuple[list[Sum], list[Cell]]:
    """Sums by line and raion of one region, and the cells whose plan is short, both from one statement.

    What a page shows before a raion is opened: the two thousand cells of a region never leave the database.
    These cells do not name a meeting, even where one of several was planned.
    """
    ((readings, members),) = groups([region], year)
    statement = Statement(year, readings, members, lines=tuple(lines), under=under, grouped=True)
    if not statement.rows:
        return [], []
    rows = run(
        f"{statement.counted(twice=True)} SELECT line, step, SUM(need), {least('planned')}, {least('held')},"
        " NULL, NULL, NULL, NULL, 1 AS total FROM counted GROUP BY line, step"
        " UNION ALL SELECT line, step, need, planned, held, region, holder, target, period, 0"
        " FROM counted WHERE planned < need",
        statement.params,
    )
    found: list[Sum] = []
    holes: list[Cell] = []
    for line, step, *counts, place, holder, target, period, total in rows:
        name, numbers = LINES[line], tuple(int(number) for number in counts)
        if total:
            found.append(Sum(name, int(step or region.pk), *numbers))
        else:
            code = statement.codes[period]
            required, planned, held = numbers
            holes.append(Cell(name, place, holder, target, code, required, planned, held, None, None, False))
    return sorted(found), sorted(holes, key=lambda cell: cell[:5])


def least(column: str) -> str:
    """SQL for the sum of meetings of a column, never more of a cell than it needs."""
    return f"SUM(CASE WHEN {column} < need THEN {column} ELSE need END)"


def as_typed(cell: Cell) -> Cell:
    """SQLite hands the date of an expression back as text and a truth as a number."""
    first = dt.date.fromisoformat(cell.first_date) if isinstance(cell.first_date, str) else cell.first_date
    return cell._replace(first_date=first, short_notice=bool(cell.short_notice))


def totals(regions: Sequence[Territory], year: int, *, under: str = "") -> dict[int, list[LineTotal]]:
    """Totals by line for each region id; summed in the database."""
    found: dict[int, list[LineTotal]] = {region.pk: [] for region in regions}
    for readings, members in groups(regions, year):
        statement = Statement(year, readings, members, under=under)
        rows = run(
            f"{statement.counted()} SELECT region, line, SUM(need),"
            f" {least('planned')}, {least('held')} FROM counted GROUP BY region, line ORDER BY region, line",
            statement.params,
        )
        for region, line, need, planned, held in rows:
            found[region].append(LineTotal(LINES[line], int(need), int(planned), int(held)))
    return found


def region_totals(region: Territory, year: int, *, under: str = "") -> list[LineTotal]:
    """Totals by line of one region; lines without any requirement are left out."""
    return totals([region], year, under=under)[region.pk]


def required_by_holder(region: Territory, year: int) -> dict[int, int]:
    """How many meetings the decree asks of each akim of one region in a year; nothing of calendars is read."""
    ((readings, members),) = groups([region], year)
    statement = Statement(year, readings, members)
    if not statement.rows:
        return {}
    sql = f"WITH tree AS ({statement.tree()}), required AS ({statement.required()})"
    return {
        holder: int(need)
        for holder, need in run(f"{sql} SELECT holder, SUM(need) FROM required GROUP BY holder", statement.params)
    }
