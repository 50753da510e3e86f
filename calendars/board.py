"""The coverage as people look at it: cells with names, grouped by raion and akim, with what waits.

Cells come from one statement (`coverage.cells`); names, proposals and groups are added in memory,
so the number of queries does not depend on how many cells there are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import get_language

from law.periods import period_of
from territories.models import Kind, Territory

from . import coverage
from .coverage import LINES, Cell, LineTotal
from .models import Calendar, MeetingTarget
from .rules import PROPOSALS

#: Rows of the classifier that no norm names.
NOT_NAMED = (Kind.MINOR, Kind.OTHER_MAIN, Kind.TERRITORY_ROW)
#: holder, target, period: what tells one cell from another.
Key = tuple[int, int, str]


KEY_TEXT = re.compile(r"([a-e])\.(\d{1,18})\.(\d{1,18})\.(\d{4}(?:-H[12])?)")


def key_of(cell: Cell) -> Key:
    return cell.holder_id, cell.target_id, cell.period


def key_text(cell: Cell) -> str:
    """A cell in an address or a form field."""
    return f"{cell.line}.{cell.holder_id}.{cell.target_id}.{cell.period}"


class Unit(NamedTuple):
    """What the board needs to know of a unit."""

    id: int
    name: str
    path: str
    kind: str
    sort: str
    depth: int
    #: Id of the raion or city right below the region in which the unit lies; a region's own id for itself.
    group: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal of a lower office that would close a cell."""

    meeting_id: int
    date: dt.date
    returned: bool


@dataclass
class Group:
    """One raion or city of the region: the sums of its cells."""

    unit: Unit
    required: int = 0
    planned: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def missing(self) -> int:
        return self.required - self.planned

    @property
    def percent(self) -> int:
        return self.planned * 100 // self.required if self.required else 100


#: Longer lists of ids are not sent to the database; one range of paths is read sooner.
MOST_IDS = 300


class Board:
    """The required cells of a region and year, within a unit and some lines."""

    def __init__(
        self,
        region: Territory,
        year: int,
        calendar: Calendar | None,
        *,
        under: str = "",
        lines: Iterable[str] = LINES,
        only_holes: bool = False,
    ) -> None:
        self.region, self.year, self.calendar, self.under = region, year, calendar, under
        self.cells: Sequence[Cell] = coverage.cells(
            [region], year, under=under, lines=tuple(lines), only_holes=only_holes
        )

    def only(self, line: str) -> Board:
        """The same board with the cells of one line."""
        board = copy(self)
        board.__dict__.pop("groups", None)
        board.cells = [cell for cell in self.cells if cell.line == line]
        return board

    @property
    def totals(self) -> list[LineTotal]:
        """Sums by line, in the order of the lines."""
        return coverage.add_up(self.cells)

    @cached_property
    def units(self) -> dict[int, Unit]:
        """Every unit that a cell can name, by id."""
        ids = {pk for cell in self.cells for pk in (cell.holder_id, cell.target_id)} | self.more_ids
        here = Territory.objects.filter(path__startswith=self.under or self.region.path).exclude(kind__in=NOT_NAMED)
        found = self.read(Territory.objects.filter(pk__in=ids) if len(ids) <= MOST_IDS else here)
        return self.completed(found, ids | {unit.group for unit in found.values()})

    @property
    def more_ids(self) -> set[int]:
        """Units that the board names besides those of its cells."""
        return set()

    def completed(self, units: dict[int, Unit], ids: set[int]) -> dict[int, Unit]:
        """The units and those with the further ids, which are read where they are not there yet."""
        missing = ids - units.keys()
        return units | self.read(Territory.objects.filter(pk__in=missing)) if missing else units

    def read(self, rows) -> dict[int, Unit]:
        language = get_language() or "kk"
        found = {}
        for pk, path, kind, sort, kk, ru, en in rows.values_list(
            "pk", "path", "kind", "sort_kk", "name_kk", "name_ru", "name_en"
        ):
            name = ru if language == "ru" else (en if language == "en" else "") or kk
            steps = path.split("/", 2)
            found[pk] = Unit(pk, name, path, kind, sort, path.count("/"), int(steps[1] or steps[0]))
        return found

    @cached_property
    def waiting(self) -> dict[Key, Waiting]:
        """Proposals by the cell that they would close."""
        if self.calendar is None:
            return {}
        rows = MeetingTarget.objects.filter(meeting__calendar=self.calendar, meeting__state__in=PROPOSALS)
        pers = {(cell.holder_id, cell.target_id): cell.period for cell in self.cells}
        found: dict[Key, Waiting] = {}
        for holder, target, meeting, day, state in rows.values_list(
            "holder_id", "target_id", "meeting_id", "meeting__date", "meeting__state"
        ):
            known = pers.get((holder, target))
            if known is None:
                continue
            code = period_of("half_year" if "-H" in known else "year", day).code
            found.setdefault((holder, target, code), Waiting(meeting, day, state == "returned"))
        return found

    def group_of(self, cell: Cell) -> int:
        """Id of the raion or city under which the cell stands: that of its target."""
        return self.units[cell.target_id].group

    @cached_property
    def groups(self) -> list[Group]:
        """Raions and cities with their sums, in the order of the Kazakh alphabet."""
        found: dict[int, Group] = {}
        units = self.units
        for cell in self.cells:
            pk = units[cell.target_id].group
            group = found.get(pk)
            if group is None:
                group = found[pk] = Group(units[pk])
            group.required += cell.need
            group.planned += min(cell.planned, cell.need)
            group.held += min(cell.held, cell.need)
            if cell.missing and key_of(cell) in self.waiting:
                group.waiting += 1
        return sorted(found.values(), key=lambda group: group.unit.sort)

    def holes(self, *, with_proposals: bool = False) -> list[Cell]:
        """Cells that nobody has planned, in the order of the board; proposed ones are left out unless asked for."""
        found = [cell for cell in self.cells if cell.missing and (with_proposals or key_of(cell) not in self.waiting)]
        return sorted(found, key=self.order)

    def order(self, cell: Cell) -> tuple:
        """Raion by raion, akims from the top down, their units by name, period after period."""
        units = self.units
        group, holder, target = units[self.group_of(cell)], units[cell.holder_id], units[cell.target_id]
        return group.sort, holder.depth, holder.sort, holder.id, target.sort, target.id, cell.period

    def by_akim(self, cells: Iterable[Cell]) -> list[tuple[Unit, str, list[tuple[Unit, list[Cell]]]]]:
        """(akim's unit, line, [(target, cells of the periods)]) in the order of the board."""
        found: defaultdict[tuple[int, str], dict[int, list[Cell]]] = defaultdict(dict)
        for cell in sorted(cells, key=self.order):
            found[cell.holder_id, cell.line].setdefault(cell.target_id, []).append(cell)
        return [
            (self.units[holder], line, [(self.units[target], row) for target, row in targets.items()])
            for (holder, line), targets in found.items()
        ]

    def cell(self, text: str) -> Cell | None:
        """The cell that a form field names; one that is no hole any more is rebuilt from its name."""
        match = KEY_TEXT.fullmatch(text)
        if not match:
            return None
        line, holder, target, period = match[1], int(match[2]), int(match[3]), match[4]
        for cell in self.cells:
            if (cell.holder_id, cell.target_id, cell.period, cell.line) == (holder, target, period, line):
                return cell
        here = Territory.objects.filter(path__startswith=self.region.path, pk__in={holder, target} - self.units.keys())
        self.units |= self.read(here)
        if holder not in self.units or target not in self.units:
            return None
        self.units = self.completed(self.units, {self.units[target].group})
        return Cell(line, self.region.pk, holder, target, period, 1, 1, 0, None, None, False)


class Overview(Board):
    """The board before a raion is opened: sums of every raion, and as its cells only those whose plan is short."""

    def __init__(self, region: Territory, year: int, calendar: Calendar | None, *, under: str = "") -> None:
        self.region, self.year, self.calendar, self.under = region, year, calendar, under
        self.sums, self.cells = coverage.sums(region, year, under=under)

    def only(self, line: str) -> Overview:
        board = copy(self)
        board.__dict__.pop("groups", None)
        board.sums = [row for row in self.sums if row.line == line]
        board.cells = [cell for cell in self.cells if cell.line == line]
        return board

    @property
    def totals(self) -> list[LineTotal]:
        return coverage.add_sums(self.sums)

    @property
    def more_ids(self) -> set[int]:
        return {row.group_id for row in self.sums}

    @cached_property
    def groups(self) -> list[Group]:
        found: dict[int, Group] = {}
        for row in self.sums:
            group = found.setdefault(row.group_id, Group(self.units[row.group_id]))
            group.required += row.required
            group.planned += row.planned
            group.held += row.held
        for cell in self.cells:
            if key_of(cell) in self.waiting:
                found[self.group_of(cell)].waiting += 1
        return sorted(found.values(), key=lambda group: group.unit.sort)
