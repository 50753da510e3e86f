"""What is worth knowing before a row is saved. Warnings, never walls: the person decides.

All checks of a list of rows are done together: a constant number of queries for 1 or 2,005 rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from deadlines.legal import LegalDay, Question
from deadlines.readings import readings_by_region, readings_of
from journal.dates import official_date
from law import workdays
from law.deadlines import dates
from law.periods import period_of
from law.readings import Readings, Value
from law.register import Wording, rule
from law.register import wording as wording_of
from territories.models import Territory

from .models import Broadcast, Calendar, Format, Meeting, MeetingState, MeetingTarget
from .targets import Served
from .wording import named

LAW, READING, HOUSE = "law", "reading", "house"
#: States whose rows occupy their akim's day.
OCCUPYING = (MeetingState.PROPOSED, MeetingState.PLANNED, MeetingState.HELD)


@dataclass(frozen=True)
class Row:
    """What is known of a row while it is being typed; `id` is None for a new one."""

    holder: Territory
    place: Territory
    date: dt.date
    time: dt.time | None = None
    planned_minutes: int = 120
    format: str = Format.IN_PERSON
    broadcast: str = Broadcast.LATER
    broadcast_note: str = ""
    announced_on: dt.date | None = None
    id: int | None = None

    @classmethod
    def of(cls, meeting: Meeting, **changed: Any) -> Row:
        """The row of a stored meeting, with `holder` and `place` loaded; `changed` are values being tried."""
        names = [
            "holder",
            "place",
            "date",
            "time",
            "planned_minutes",
            "format",
            "broadcast",
            "broadcast_note",
            "announced_on",
            "id",
        ]
        return cls(**({name: getattr(meeting, name) for name in names} | changed))


@dataclass(frozen=True)
class Warning_:
    """One warning in the reader's language. `mark` says whose rule it is: law, reading or house.

    `why`: the address that explains the day of the act which the text names.
    """

    code: str
    field: str
    text: str
    mark: str
    basis: str = ""
    suggestion: dt.date | None = None
    why: str = ""


class Announcements:
    """Last announcement days of many rows of one calendar; the readings are asked once."""

    def __init__(self, calendar: Calendar, readings: Readings | None = None) -> None:
        first = dt.date(calendar.year, 1, 1)
        self.region_id, self.first = calendar.region_id, first
        self.readings = readings or readings_of(calendar.region_id, first)
        self.one_week = rule("826-3.4.f", first)
        self.two_weeks = rule("826-3.4.e", first)
        self.chosen = tuple(self.readings.chosen.items())

    def line(self, holder: Territory) -> Wording:
        """The line that the akim of a unit announces by."""
        return self.one_week if holder.kind in self.one_week.bound.akims else self.two_weeks

    def last_day(self, holder: Territory, day: dt.date) -> dt.date:
        return last_announcement(self.line(holder).key, self.chosen, day)

    def why(self, holder: Territory, day: dt.date) -> str:
        """The address that explains `last_day`."""
        return Question(self.line(holder), {"meeting.date": day}, self.region_id, self.first).why

    def legal_day(self, holder: Territory, day: dt.date, announced_on: dt.date | None = None) -> LegalDay:
        """`last_day` as pages show it, met by the announcement if there is one."""
        question = Question(self.line(holder), {"meeting.date": day}, self.region_id, self.first)
        return question.day(dates(self.line(holder), question.anchors, self.readings, workdays), met_on=announced_on)


@lru_cache(maxsize=20_000)
def last_announcement(wording: str, chosen: tuple[tuple[str, Value], ...], day: dt.date) -> dt.date:
    """The last day to announce a meeting of a day, by the key of a wording under chosen readings: always the same."""
    return dates(wording_of(wording), {"meeting.date": day}, Readings(dict(chosen)), workdays).due_on or day


def announcements(calendars: Iterable[Calendar]) -> dict[int, Announcements]:
    """`Announcements` of several calendars by their ids; the readings of a year are asked once."""
    by_year: defaultdict[int, list[Calendar]] = defaultdict(list)
    for calendar in calendars:
        by_year[calendar.year].append(calendar)
    found: dict[int, Announcements] = {}
    for year, some in by_year.items():
        readings = readings_by_region([calendar.region_id for calendar in some], dt.date(year, 1, 1))
        found |= {calendar.pk: Announcements(calendar, readings[calendar.region_id]) for calendar in some}
    return found


def check(calendar: Calendar, rows: Sequence[Row], *, today: dt.date) -> dict[int, list[Warning_]]:
    """Warnings by the index of the row; rows without any are left out. `today` is a civil day."""
    checker = Checker(calendar, rows, today)
    found = {index: checker.row(row) for index, row in enumerate(rows)}
    return {index: warnings for index, warnings in found.items() if warnings}


class Checker:
    """Reads once what the rows' neighbours are, then judges row by row."""

    def __init__(self, calendar: Calendar, rows: Sequence[Row], today: dt.date) -> None:
        self.calendar, self.today = calendar, today
        self.announcements = Announcements(calendar)
        self.served = Served(calendar, units_above(rows), self.announcements.readings)
        self.by_day = self.neighbours({row.date for row in rows})
        self.closing = self.closed_cells({row.holder.pk for row in rows})

    def neighbours(self, days: set[dt.date]) -> dict[dt.date, list[dict]]:
        """All occupying meetings of the region on the days, with the paths of akim and place."""
        found: defaultdict[dt.date, list[dict]] = defaultdict(list)
        meetings = Meeting.objects.filter(calendar=self.calendar, date__in=days, state__in=OCCUPYING)
        fields = ("id", "date", "time", "planned_minutes", "holder_id", "holder__path", "place__path")
        for meeting in meetings.order_by().values(*fields, holder_name=named("holder")):
            found[meeting["date"]].append(meeting)
        return found

    def closed_cells(self, holders: set[int]) -> dict[tuple[int, int], list[tuple[int | None, dt.date]]]:
        """For each pair (akim, target): which meetings of the year serve it already, and when."""
        found: defaultdict[tuple[int, int], list[tuple[int | None, dt.date]]] = defaultdict(list)
        targets = MeetingTarget.objects.filter(
            meeting__calendar=self.calendar, meeting__state__in=OCCUPYING, holder__in=holders, at_place=True
        )
        for holder, target, meeting, day in targets.values_list(
            "holder_id", "target_id", "meeting_id", "meeting__date"
        ):
            found[holder, target].append((meeting, day))
        return found

    def row(self, row: Row) -> list[Warning_]:
        checks = (self.day_off, self.busy, self.superior, self.short_notice, self.norm, self.broadcast)
        return [warning for check in checks for warning in check(row)]

    def day_off(self, row: Row) -> list[Warning_]:
        if workdays.is_working(row.date):
            return []
        instead = workdays.next_working(row.date)
        text = gettext("%(day)s is a day off (%(why)s). The nearest working day is %(instead)s.")
        language = get_language() or "kk"
        values = {
            "day": official_date(row.date, language),
            "why": workdays.why_not_working(row.date, language),
            "instead": official_date(instead, language),
        }
        return [Warning_("day_off", "date", text % values, HOUSE, suggestion=instead)]

    def busy(self, row: Row) -> list[Warning_]:
        same_akim = [m for m in self.others(row) if m["holder_id"] == row.holder.pk]
        clashes = [m for m in same_akim if overlap(m["time"], m["planned_minutes"], row.time, row.planned_minutes)]
        if not clashes:
            return []
        text = ngettext(
            "The akim holds another meeting at that hour.",
            "The akim holds %(count)s other meetings at that hour.",
            len(clashes),
        )
        return [Warning_("holder_busy", "time", text % {"count": len(clashes)}, HOUSE)]

    def superior(self, row: Row) -> list[Warning_]:
        """A higher akim meets people inside this akim's unit on the same day, or the other way round."""
        found = []
        for other in self.others(row):
            above = other["holder__path"] != row.holder.path and row.holder.path.startswith(other["holder__path"])
            if above and other["place__path"].startswith(row.holder.path):
                text = gettext("On that day the akim above (%(name)s) meets people in this unit.")
                found.append(Warning_("superior_clash", "date", text % {"name": other["holder_name"]}, HOUSE))
                break
            below = row.holder.path != other["holder__path"] and other["holder__path"].startswith(row.holder.path)
            if below and row.place.path.startswith(other["holder__path"]):
                text = gettext("On that day the akim of the place holds a meeting of his own.")
                found.append(Warning_("superior_clash", "date", text, HOUSE))
                break
        return found

    def short_notice(self, row: Row) -> list[Warning_]:
        """826-3.4.e, f: two weeks or one week before, by the level of the akim who holds it."""
        last = self.announcements.last_day(row.holder, row.date)
        told = row.announced_on or self.today
        if told <= last or row.date < self.today:
            return []
        text = gettext(
            "It can no longer be announced in time: the last day was %(last)s. The first day in time is %(first)s."
        )
        first = row.date + (told - last)
        language = get_language() or "kk"
        values = {"last": official_date(last, language), "first": official_date(first, language)}
        basis = self.announcements.line(row.holder).rule_id
        why = self.announcements.why(row.holder, row.date)
        return [Warning_("short_notice", "date", text % values, LAW, basis, first, why)]

    def norm(self, row: Row) -> list[Warning_]:
        found = self.served.norm_of(row.holder, self.served.chain(row.place))
        if found is None:
            text = gettext("No line of the decree asks this akim for a meeting there; it closes no required meeting.")
            return [Warning_("serves_none", "place", text, LAW, "826-2.1")]
        norm, target = found
        warnings = []
        period = period_of(norm.per, row.date)
        already = [
            day
            for meeting, day in self.closing.get((row.holder.pk, target.pk), [])
            if meeting != row.id and period.start <= day <= period.end
        ]
        if len(already) >= norm.minimum:
            text = gettext("%(target)s already has its meeting in this period, on %(day)s.")
            values = {"target": target.name(), "day": official_date(min(already), get_language() or "kk")}
            warnings.append(Warning_("already_covered", "place", text % values, LAW, norm.rule_id))
        if norm.offsite and row.format == Format.VIDEO_ONLY:
            text = gettext("A videoconference alone does not close an offsite meeting; the akim must be there.")
            warnings.append(Warning_("video_only", "format", text, READING, "A-12"))
        if target.excluded:
            text = gettext("%(target)s is excluded from the required meetings.")
            warnings.append(Warning_("excluded", "place", text % {"target": target.name()}, HOUSE))
        return warnings

    def broadcast(self, row: Row) -> list[Warning_]:
        if row.broadcast != Broadcast.NO or row.broadcast_note.strip():
            return []
        text = gettext("Write why a broadcast is technically impossible: the reason is the evidence.")
        return [Warning_("broadcast_reason", "broadcast_note", text, LAW, "826-3.2.h1")]

    def others(self, row: Row) -> list[dict]:
        return [m for m in self.by_day[row.date] if m["id"] != row.id]


def units_above(rows: Sequence[Row]) -> Mapping[int, Territory]:
    """The rows' units and all units above them, by id; one query for those not loaded yet."""
    units = {unit.pk: unit for row in rows for unit in (row.holder, row.place)}
    above = {int(pk) for unit in units.values() for pk in unit.path.strip("/").split("/")} - units.keys()
    return units | Territory.objects.in_bulk(above)


def overlap(start: dt.time | None, minutes: int, other: dt.time | None, other_minutes: int) -> bool:
    """Do two meetings of one day overlap? An unknown hour is taken as a clash to look at."""
    if start is None or other is None:
        return True
    a, b = (t.hour * 60 + t.minute for t in (start, other))
    return a < b + other_minutes and b < a + minutes
