"""Rows of the table of a calendar: from meetings, from a frozen version, from required meetings still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from law.periods import period_of
from territories.models import Territory

from ..columns import LINES, PERIODS, STATES
from ..coverage import Cell
from ..models import Calendar, CalendarVersion, Meeting, MeetingState, VersionRow
from ..regional import RegionUnits, tidy
from ..targets import Served

#: What is read of a meeting.
FIELDS = (
    "pk", "version", "number", "state", "holder_id", "place_id", "address", "date", "time", "planned_minutes",
    "report_minutes", "format", "broadcast", "broadcast_note", "languages", "remarks", "off_calendar", "announced_on",
)  # fmt: skip
#: What a required meeting is filled with until somebody decides otherwise.
PLANNED_MINUTES, REPORT_MINUTES = 120, 30


@dataclass(slots=True)
class SheetRow:
    """One row of the table with a value for every column; names, line, period and state are words already.

    `meeting_id` and `version` go into the metadata sheet; a row without them is new to the calendar.
    """

    number: int | None
    date: dt.date | None
    time: dt.time | None
    holder: str
    place: str
    address: str
    planned_minutes: int
    report_minutes: int
    format: str
    broadcast: str
    broadcast_note: str
    languages: str
    remarks: str
    off_calendar: bool
    line: str
    period: str
    state: str
    holder_code: str
    place_code: str
    meeting_id: int | None = None
    version: int = 0


class Wording:
    """Words of one language for the rows of one calendar."""

    def __init__(self, calendar: Calendar, units: RegionUnits, language: str) -> None:
        self.units, self.language = units, language
        self.served = Served(calendar, units.by_id)
        self.known: dict[tuple[int, int], tuple[str, str]] = {}

    def line_and_measure(self, holder: int, place: int) -> tuple[str, str]:
        """Line of 826-2.1 that a meeting serves and its kind of period; empty where it serves none."""
        pair = holder, place
        if pair not in self.known:
            units = self.units.by_id
            inside = holder in units and place in units
            found = self.served.norm_of(units[holder], self.chain(place)) if inside else None
            self.known[pair] = (found[0].line, found[0].per) if found else ("", "")
        return self.known[pair]

    def chain(self, place: int) -> list[Territory]:
        path = self.units.by_id[place].path.strip("/").split("/")
        return [self.units.by_id[int(pk)] for pk in reversed(path) if int(pk) in self.units.by_id]

    def line(self, line: str) -> str:
        return LINES[line][self.language] if line else ""

    def period(self, measure: str, day: dt.date | None) -> str:
        return period_word(period_of(measure, day).code, self.language) if measure and day else ""

    def unit(self, pk: int) -> tuple[str, str]:
        """Label and code of a unit."""
        unit = self.units.by_id[pk]
        return self.units.label(unit, self.language), unit.code

    def state(self, state: str, announced: bool = False) -> str:
        return STATES["announced" if state == MeetingState.PLANNED and announced else state][self.language]


def period_word(code: str, language: str) -> str:
    """2027-H1 as "I жартыжылдық"; the whole year as "жыл ішінде"."""
    return PERIODS[code.partition("-")[2] or "year"][language]


def of_meetings(meetings: QuerySet[Meeting], words: Wording) -> list[SheetRow]:
    """Rows of meetings within the reader's scope, by day. One query."""
    found = []
    for row in meetings.order_by("date", "time", "number").values(*FIELDS):
        line, measure = words.line_and_measure(row["holder_id"], row["place_id"])
        holder, holder_code = words.unit(row["holder_id"])
        place, place_code = words.unit(row["place_id"])
        found.append(
            SheetRow(
                number=row["number"],
                date=row["date"],
                time=row["time"],
                holder=holder,
                place=place,
                line=words.line(line),
                period=words.period(measure, row["date"]),
                state=words.state(row["state"], bool(row["announced_on"])),
                holder_code=holder_code,
                place_code=place_code,
                meeting_id=row["pk"],
                version=row["version"],
                **shared(row),
            )
        )
    return found


def of_version(version: CalendarVersion, words: Wording) -> list[SheetRow]:
    """Rows as they were approved; names of units are those of that day. One query."""
    found = []
    rows = VersionRow.objects.filter(version=version).order_by("date", "number")
    for meeting_id, holder_id, place_id, data in rows.values_list("meeting_id", "holder_id", "place_id", "data"):
        day = dt.date.fromisoformat(data["date"])
        line, measure = words.line_and_measure(holder_id, place_id)
        found.append(
            SheetRow(
                number=data["number"],
                date=day,
                time=dt.time.fromisoformat(data["time"]) if data["time"] else None,
                holder=name_then(data["holder"], holder_id, words),
                place=name_then(data["place"], place_id, words),
                line=words.line(line),
                period=words.period(measure, day),
                state=STATES["approved"][words.language],
                holder_code=data["holder"]["code"],
                place_code=data["place"]["code"],
                meeting_id=meeting_id,
                **shared(data),
            )
        )
    found.sort(key=lambda r: (r.date, r.time or dt.time.max, r.number))
    return found


def name_then(frozen: Mapping[str, str], pk: int, words: Wording) -> str:
    """The name in the version; with the parents that tell it from others of that name as long as it is the same."""
    name = tidy(frozen.get(words.language) or frozen["kk"])
    unit = words.units.by_id.get(pk)
    label = words.units.label(unit, words.language) if unit else ""
    return label if label.startswith(f"{name} (") else name


def of_missing(
    cells: Iterable[Cell], words: Wording, days: Mapping[Cell, Sequence[dt.date]] | None = None
) -> list[SheetRow]:
    """One row for each required meeting that nobody has planned, with the days proposed for its cell, if any."""
    found = []
    left = {cell: list(given) for cell, given in (days or {}).items()}
    for cell in cells:
        for _n in range(cell.missing):
            day = left[cell].pop(0) if left.get(cell) else None
            holder, holder_code = words.unit(cell.holder_id)
            place, place_code = words.unit(cell.target_id)
            found.append(
                SheetRow(
                    number=None,
                    date=day,
                    time=dt.time(10) if day else None,
                    holder=holder,
                    place=place,
                    address="",
                    planned_minutes=PLANNED_MINUTES,
                    report_minutes=REPORT_MINUTES,
                    format="in_person",
                    broadcast="later",
                    broadcast_note="",
                    languages="both",
                    remarks="",
                    off_calendar=False,
                    line=words.line(cell.line),
                    period=period_word(cell.period, words.language),
                    state="",
                    holder_code=holder_code,
                    place_code=place_code,
                )
            )
    order = {unit.pk: n for n, unit in enumerate(words.units.listed)}
    place_of = {unit.code: order.get(unit.pk, 0) for unit in words.units.living.values()}
    if days:
        staggered(found)
        return sorted(found, key=lambda r: (r.date or dt.date.max, r.time or dt.time.max, place_of[r.holder_code]))
    return sorted(found, key=lambda r: (place_of[r.holder_code], place_of[r.place_code], r.period))


def staggered(rows: list[SheetRow]) -> None:
    """Several meetings of an akim on one day get hours one after another."""
    taken: dict[tuple[str, dt.date], int] = {}
    hours = (dt.time(10), dt.time(15), dt.time(17))
    for row in rows:
        if row.date is not None:
            place = taken.get((row.holder_code, row.date), 0)
            taken[row.holder_code, row.date] = place + 1
            row.time = hours[min(place, len(hours) - 1)]


def shared(row: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that a meeting and a frozen row have alike."""
    names = (
        "address", "planned_minutes", "report_minutes", "format", "broadcast", "broadcast_note", "languages",
        "remarks", "off_calendar",
    )  # fmt: skip
    return {name: row[name] for name in names}
