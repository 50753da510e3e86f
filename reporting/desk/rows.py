"""The rows of a desk: a region, raion or office with its calendar, its required and planned meetings and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min

from calendars.coverage import required_by_holder
from calendars.models import VersionRow
from calendars.progress import APPROVE
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty
from law.register import NoRuleInForce
from territories.models import Territory
from territories.scope import Who

from .. import queries
from ..queries import DeskRow
from .figures import Figures, Key, Member, as_of, key, members, total


@dataclass(frozen=True)
class Row:
    """One line of the table. None is what was not known on that day; a figure that is nothing is 0."""

    member: Member
    calendar: DeskRow | None
    required: int | None
    planned: int | None
    figures: Figures
    #: The ledger knew the duties of the year on that day; else its figures are not known.
    watched: bool = True

    @property
    def unit(self) -> Territory:
        return self.member.unit

    @property
    def announce(self) -> tuple[int, int] | None:
        return self.in_time("announce")

    @property
    def publish(self) -> tuple[int, int] | None:
        return self.in_time("publish")

    @property
    def quarter(self) -> tuple[int, int] | None:
        return self.in_time("quarter")

    def in_time(self, group: str) -> tuple[int, int] | None:
        """Duties of a group done in time, of those whose day has come."""
        if not self.watched:
            return None
        return getattr(self.figures, f"{group}_met"), self.figures.judged(group)


@dataclass(frozen=True)
class Desk:
    """A unit's desk as known on a day."""

    unit: Territory | None
    year: int
    day: dt.date
    rows: list[Row]
    whole: Row
    #: Of a unit inside a region: the calendar that the region's one document is.
    calendar: DeskRow | None
    #: The first day on which the ledger knew duties of the year; None where it never did.
    watched_from: dt.date | None

    @property
    def is_nation(self) -> bool:
        return self.unit is None


def desk(unit: Territory | None, year: int, day: dt.date, who: Who) -> Desk:
    """The desk of the nation (no unit) or of a unit, as known on a day. A constant number of queries."""
    chosen = members(unit, max(day, dt.date(year, 1, 1)))
    region = unit and (unit.region or unit)
    calendars = {row.region.pk: row for row in queries.desk(year, who=who, today=day, only=region, with_held=False)}
    figures = as_of(chosen, year, day)
    watched_from = first_watched(year, [region] if region else [member.unit for member in chosen])
    known = watched_from is not None and watched_from <= day
    numbers: dict[Key, tuple[int | None, int | None]]
    if unit is None:
        numbers = {
            key(member): (found.required, found.planned)
            for member in chosen
            if (found := calendars.get(member.unit.pk)) is not None and found.number is not None
        }
    else:
        numbers = of_offices(chosen, unit, year, calendars.get(region.pk) if region else None)
    rows = [
        Row(
            member,
            calendars.get(member.unit.pk) if unit is None else None,
            *numbers.get(key(member), (None, None)),
            figures=figures.get(key(member), Figures()),
            watched=known,
        )
        for member in chosen
    ]
    return Desk(
        unit=unit,
        year=year,
        day=day,
        rows=rows,
        whole=added(rows, known),
        calendar=calendars.get(region.pk) if region else None,
        watched_from=watched_from,
    )


def added(rows: Sequence[Row], known: bool) -> Row:
    """All rows together; a sum of what is known."""

    def sum_of(name: str) -> int | None:
        found = [value for row in rows if (value := getattr(row, name)) is not None]
        return sum(found) if found else None

    member = rows[0].member if rows else Member(Territory())
    return Row(member, None, sum_of("required"), sum_of("planned"), total(row.figures for row in rows), known)


def of_offices(
    chosen: Sequence[Member], unit: Territory, year: int, calendar: DeskRow | None
) -> dict[Key, tuple[int | None, int | None]]:
    """Meetings that the decree asks of the akims of each row, and those in the calendar that was known."""
    region = unit.region or unit
    required = asked_of(region, year)
    planned: dict[int, int] = {}
    if calendar is not None and calendar.version_id is not None:
        rows = VersionRow.objects.filter(version=calendar.version_id, holder__path__startswith=unit.path)
        planned = dict(rows.order_by().values_list("holder").annotate(Count("pk")))
    paths: Mapping[int, str] = dict(
        Territory.objects.filter(pk__in=required.keys() | planned.keys(), path__startswith=unit.path).values_list(
            "pk", "path"
        )
    )
    found = {}
    for member in chosen:
        offices = (
            [member.unit.pk] if member.own else [pk for pk, path in paths.items() if path.startswith(member.unit.path)]
        )
        found[key(member)] = (
            sum(required.get(pk, 0) for pk in offices) if required else None,
            sum(planned.get(pk, 0) for pk in offices) if calendar and calendar.version_id is not None else None,
        )
    return found


def asked_of(region: Territory, year: int) -> dict[int, int]:
    """Meetings that the decree asks of each akim; nothing for a year whose wording is not held."""
    try:
        return required_by_holder(region, year)
    except NoRuleInForce:
        return {}


def first_watched(year: int, regions: Sequence[Territory]) -> dt.date | None:
    """The first day on which the ledger knew a year: a calendar's approval is owed before anything else of it."""
    ids = [duty_id(Subject.CALENDAR, region.pk, APPROVE, f"{year}") for region in regions]
    return Duty.objects.filter(pk__in=ids).aggregate(day=Min("opened_on"))["day"]
