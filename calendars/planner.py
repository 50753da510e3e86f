"""Proposes days for required meetings that nobody has planned yet. Pure: cells and days in, days out.

Evenly spread over each period, on working days, one meeting of an akim a day while there are days,
never on a day on which a higher akim comes to the same unit. Akims with the same number of places
begin at different shares of the period, so that a region's days are loaded alike. Akims are taken from the top down, so
that the oblast's day in a raion is known before the raion's own days are chosen.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from law.periods import period_from

from .coverage import Cell

#: The first day that a yearly plan uses: the calendar is approved by 15 January (826-2.1) and a
#: meeting is announced two weeks ahead (826-3.4.e). A custom of planning, not a rule of the act.
FIRST_MONTH_AND_DAY = (2, 1)
#: Multiples of it, without their whole part, fill the span from 0 to 1 evenly however many there are.
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Proposal:
    """A day for one required meeting; `crowded` where the akim already had a meeting on every free day."""

    cell: Cell
    date: dt.date
    crowded: bool = False


class Busy:
    """Days on which an akim meets people, and where; both existing rows and what was proposed so far."""

    def __init__(self, paths: Mapping[int, str]) -> None:
        self.paths = paths
        self.by_holder: defaultdict[int, defaultdict[dt.date, int]] = defaultdict(lambda: defaultdict(int))
        self.in_unit: defaultdict[dt.date, list[tuple[str, str]]] = defaultdict(list)

    def add(self, holder: int, place: int, day: dt.date) -> None:
        self.by_holder[holder][day] += 1
        self.in_unit[day].append((self.paths[holder], self.paths[place]))

    def load(self, holder: int, day: dt.date) -> int:
        return self.by_holder[holder][day]

    def superior_comes(self, holder: int, day: dt.date) -> bool:
        """Does an akim above this one meet people inside this one's unit on the day?"""
        own = self.paths[holder]
        return any(
            own != above and own.startswith(above) and place.startswith(own) for above, place in self.in_unit[day]
        )


def propose(
    cells: Iterable[Cell],
    *,
    paths: Mapping[int, str],
    taken: Iterable[tuple[int, int, dt.date]],
    is_working: Callable[[dt.date], bool],
    not_before: dt.date,
) -> list[Proposal]:
    """A day for every missing meeting of the cells.

    `paths`: tree path of every holder and target by id. `taken`: (holder, place, day) of rows that
    stand. `not_before`: the first day that can still be announced in time. A period that has no
    working day left from then on gives no proposal for its cells.
    """
    busy = Busy(paths)
    for holder, place, day in taken:
        busy.add(holder, place, day)
    wanted: defaultdict[tuple[int, int, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        depth = paths[cell.holder_id].count("/")
        wanted[depth, cell.holder_id, cell.period] += [cell] * cell.missing
    found: list[Proposal] = []
    workdays: dict[str, list[dt.date]] = {}
    begins: dict[int, float] = {}
    for (_depth, holder, period), group in sorted(wanted.items(), key=lambda item: item[0]):
        if period not in workdays:
            workdays[period] = working_days(period, is_working, not_before)
        begin = begins.setdefault(holder, (0.5 + len(begins) * GOLDEN) % 1)
        found += spread(holder, group, workdays[period], busy, begin)
    return found


def working_days(period: str, is_working: Callable[[dt.date], bool], not_before: dt.date) -> list[dt.date]:
    """The days of a period that a plan may use, in order."""
    span = period_from(period)
    first = max(span.start, not_before, dt.date(span.start.year, *FIRST_MONTH_AND_DAY))
    days = ((span.end - first).days + 1) if first <= span.end else 0
    return [day for n in range(days) if is_working(day := first + dt.timedelta(days=n))]


def spread(holder: int, cells: list[Cell], days: list[dt.date], busy: Busy, begin: float) -> list[Proposal]:
    """One akim's cells of one period, each on the free day nearest to its even share of the period.

    `begin`: where within its share, from 0 to 1, a meeting lies.
    """
    if not days:
        return []
    found = []
    for index, cell in enumerate(sorted(cells, key=lambda c: busy.paths[c.target_id])):
        ideal = days[min(len(days) - 1, int((index + begin) * len(days) / len(cells)))]
        day = nearest(holder, ideal, days, busy)
        found.append(Proposal(cell, day, crowded=busy.load(holder, day) > 0))
        busy.add(holder, cell.target_id, day)
    return found


def nearest(holder: int, ideal: dt.date, days: list[dt.date], busy: Busy) -> dt.date:
    """The usable day nearest to the ideal one: free first, then the least loaded."""
    start = bisect_left(days, ideal)
    for day in outwards(days, start):
        if not busy.load(holder, day) and not busy.superior_comes(holder, day):
            return day
    return min(outwards(days, start), key=lambda day: busy.load(holder, day))


def outwards(days: list[dt.date], start: int) -> Iterator[dt.date]:
    """The days from one of them on, by turns before and after it, the earlier of equally near ones first."""
    yield from days[start : start + 1]
    for step in range(1, len(days)):
        if start - step >= 0:
            yield days[start - step]
        if start + step < len(days):
            yield days[start + step]
