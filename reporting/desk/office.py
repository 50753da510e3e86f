"""One office below the desk: its meetings with what was owed for each, and its issues, as known on a day.

Staff see the rows of their units. The Government and the Administration see the meetings of the version that was sent
to them, and the issues that stand in a published list: what everybody may see, one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet

from calendars import rules as calendar_rules
from calendars.models import Meeting, MeetingState, VersionRow
from calendars.models.meeting import IN_CALENDAR
from deadlines.ids import Subject, parts
from deadlines.models import Duty, DutyState
from issues.models import Issue
from territories.models import Territory
from territories.scope import Who

from ..queries import end_of, newest_by_region, submissions_by_region
from .changes import GROUPS


@dataclass
class MeetingRow:
    """A meeting of an office: its day, what became of it, and how its duties stand by group."""

    pk: int
    date: dt.date
    place: str
    state: str
    held_on: dt.date | None
    announced_on: dt.date | None
    issues: int = 0
    duties: dict[str, str] = field(default_factory=dict)

    @property
    def announce(self) -> str:
        return self.duties.get("announce", "")

    @property
    def publish(self) -> str:
        return self.duties.get("publish", "")


def meetings(unit: Territory, year: int, day: dt.date, who: Who) -> QuerySet:
    """Meetings that the reader may see of an office, by their days: values in the order of `MeetingRow`."""
    columns = ("date", "place__name_kk", "place__name_ru", "place__name_en")
    facts = ("state", "held_on", "announced_on")
    if calendar_rules.reads_rows(who):
        rows = Meeting.objects.visible_to(who).filter(
            holder=unit, calendar__year=year, state__in=(*IN_CALENDAR, MeetingState.CANCELLED)
        )
        return rows.order_by("date", "pk").values_list("pk", *columns, *facts)
    region = (unit.region or unit).pk
    end = end_of(day)
    newest = newest_by_region(year, who, end, submissions_by_region(year, who, end)).get(region)
    frozen = VersionRow.objects.filter(version=newest["id"] if newest else None, holder=unit)
    return frozen.order_by("date", "meeting").values_list("meeting", *columns, *(f"meeting__{name}" for name in facts))


def shown(rows: Iterable[tuple], year: int, day: dt.date, unit: Territory) -> list[MeetingRow]:
    """The meetings of a page as they were known on a day, with the states of their duties; two queries."""
    found = {}
    for pk, date, kk, ru, en, state, held_on, announced_on in rows:
        if state == MeetingState.HELD and (held_on or date) > day:
            state, held_on = MeetingState.PLANNED, None
        told = announced_on if announced_on is not None and announced_on <= day else None
        found[pk] = MeetingRow(pk, date, Territory.name_of(kk, ru, en), state, held_on, told)
    counts = Issue.objects.standing().filter(meeting__in=found, raised_on__lte=day).order_by()
    for pk, count in counts.values_list("meeting").annotate(Count("pk")):
        found[pk].issues = count
    for pk, group, state in duties(found, year, day, unit):
        row = found[pk].duties
        row[group] = max(row.get(group, ""), state, key=SEVERITY.index)
    return list(found.values())


#: From nothing to the worst: a meeting's group is as bad as the worst of its duties.
SEVERITY = ("", DutyState.MET, DutyState.OPEN, DutyState.MET_CONTESTED, DutyState.CONTESTED, DutyState.BREACH)


def duties(meetings: Iterable[int], year: int, day: dt.date, unit: Territory) -> Iterable[tuple[int, str, str]]:
    """Meeting, group and state of the duties of an office's meetings on a day."""
    wanted = set(meetings)
    rows = Duty.objects.filter(
        debtor=unit,
        year=year,
        rule_id__in=GROUPS["announce"] + GROUPS["publish"],
        cancelled_at=None,
        opened_on__lte=day,
        due_on__isnull=False,
    )
    for pk, rule_id, due_on, late_after, met_on, noted_on in rows.values_list(
        "pk", "rule_id", "due_on", "late_after", "met_on", "noted_on"
    ):
        about = parts(pk)
        if about.kind == Subject.MEETING and about.subject_id in wanted and due_on and late_after:
            known = met_on is not None and max(met_on, noted_on or met_on) <= day
            group = "announce" if rule_id in GROUPS["announce"] else "publish"
            yield about.subject_id, group, state_of(due_on, late_after, met_on if known else None, day)


def state_of(due_on: dt.date, late_after: dt.date, met_on: dt.date | None, day: dt.date) -> str:
    """How a duty stands on a day, as `DutyQuerySet.with_state` says it today."""
    if met_on is not None:
        return (
            DutyState.MET if met_on <= due_on else DutyState.MET_CONTESTED if met_on <= late_after else DutyState.BREACH
        )
    return DutyState.OPEN if day <= due_on else DutyState.CONTESTED if day <= late_after else DutyState.BREACH


def issues(unit: Territory, year: int, day: dt.date, who: Who) -> QuerySet[Issue]:
    """Issues of an office that the reader may see one by one, the open ones with the nearest day first."""
    rows = Issue.objects.visible_to(who) if calendar_rules.reads_rows(who) else Issue.objects.public()
    rows = rows.standing().filter(unit=unit, year=year, raised_on__lte=day)
    if not calendar_rules.reads_rows(who):
        rows = rows.filter(published_at__lt=end_of(day))
    return rows.select_related("place").order_by(F("closed_on").asc(nulls_first=True), "due_on", "pk")
