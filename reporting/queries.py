"""The twenty regions of a year as the national desk tells them: what was received, how complete, how late.

The Government and the Administration read versions that were submitted, the administrator every
approved one; what a post may not see counts as not received. A constant number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from calendars.models import CalendarVersion, MeetingState, Submission, SubmissionRemark, VersionRow
from calendars.models.submission import SubmissionState
from calendars.progress import SUBMIT, counted_days
from deadlines.readings import readings_by_region
from law.deadlines import standing
from law.zones import civil_day
from territories.models import Role, Territory
from territories.scope import Who


@dataclass(frozen=True)
class DeskRow:
    """One region. Figures of coverage are those of the version as approved; `held` are facts of its rows."""

    region: Territory
    version_id: int | None = None
    number: int | None = None
    order_number: str = ""
    order_date: dt.date | None = None
    submission_id: int | None = None
    letter_number: str = ""
    letter_date: dt.date | None = None
    received_on: dt.date | None = None
    state: str = ""
    state_words: str = ""
    incoming_number: str = ""
    row_count: int = 0
    required: int = 0
    planned: int = 0
    missing: int = 0
    held: int = 0
    remarks_open: int = 0
    due_on: dt.date | None = None
    late_after: dt.date | None = None
    punctuality: str = ""

    @property
    def percent(self) -> int:
        """Whole percents of the plan, rounded down so that 100 means complete."""
        return self.planned * 100 // self.required if self.required else 0


def desk(
    year: int, *, who: Who, today: dt.date, only: Territory | None = None, with_held: bool = True
) -> list[DeskRow]:
    """A row for every region in the order of the classifier, as known on the day `today`, which judges what is late.

    `with_held` False leaves out the held meetings, which cost the most.
    """
    regions = list(Territory.objects.regions().on(dt.date(year, 1, 1)).order_by("code"))
    if only is not None:
        regions = [region for region in regions if region.pk == only.pk]
    end = end_of(today)
    submissions = submissions_by_region(year, who, end)
    versions = newest_by_region(year, who, end, submissions)
    held: dict[int, int] = {}
    if with_held:
        ids = [found["id"] for found in versions.values()]
        met = VersionRow.objects.filter(version__in=ids, meeting__state=MeetingState.HELD)
        held = counted(met.filter(meeting__held_on__lte=today).values("version"), "version")
    remarks = counted(
        SubmissionRemark.objects.filter(
            Q(settled_at=None) | Q(settled_at__gte=end),
            submission__in=[s.pk for found in submissions.values() for s in found if state_of(s, end) == RETURNED],
        ).values("submission__version__calendar__region"),
        "submission__version__calendar__region",
    )
    readings = readings_by_region([r.pk for r in regions], dt.date(year, 1, 1))
    rows = []
    for region in regions:
        due = counted_days(SUBMIT, year, readings[region.pk])
        sent = submissions.get(region.pk, [])
        first = civil_day(sent[-1].submitted_at, region.time_zone) if sent else None
        row = DeskRow(
            region=region,
            due_on=due.due_on if due else None,
            late_after=due.late_after if due else None,
            punctuality=standing(due, today=today, done_on=first) if due else "",
            remarks_open=remarks.get(region.pk, 0),
            **facts(versions.get(region.pk), sent, held, region.time_zone, end),
        )
        rows.append(row)
    return rows


RETURNED, SUBMITTED = SubmissionState.RETURNED, SubmissionState.SUBMITTED
#: Roles that read what was submitted, and nothing else of a calendar.
READ_SUBMITTED = (Role.GOVERNMENT, Role.ADMINISTRATION)

#: An instant after every other.
NEVER = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """The instant at which a civil day of Kazakhstan is over."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(settings.TIME_ZONE))


def state_of(submission: Submission, end: dt.datetime) -> str:
    """How a submission stood at an instant."""
    decided = submission.decided_at is not None and submission.decided_at < end
    return submission.state if decided else SUBMITTED


def newest_by_region(
    year: int, who: Who, end: dt.datetime, submissions: Mapping[int, Iterable[Submission]]
) -> dict[int, dict[str, Any]]:
    """The newest version before an instant that the reader may see, by region; without its long lists."""
    versions = CalendarVersion.objects.visible_to(who).filter(calendar__year=year, approved_at__lt=end)
    if who.role in READ_SUBMITTED:
        versions = versions.filter(pk__in=[s.version_id for found in submissions.values() for s in found])
    names = ("id", "number", "order_number", "order_date", "row_count", "calendar__region_id")
    figures = ("coverage__required", "coverage__planned", "coverage__missing")
    return {row["calendar__region_id"]: row for row in versions.order_by("number").values(*names, *figures)}


def submissions_by_region(year: int, who: Who, end: dt.datetime) -> dict[int, list[Submission]]:
    """Submissions before an instant that the reader may see, by region, the newest first."""
    rows = Submission.objects.visible_to(who).filter(version__calendar__year=year, submitted_at__lt=end)
    found: dict[int, list[Submission]] = {}
    for row in rows.select_related("version__calendar").defer("version__coverage", "version__difference"):
        found.setdefault(row.version.calendar.region_id, []).append(row)
    return found


def newest_now(year: int, who: Who) -> list[int]:
    """Ids of the newest versions that the reader may see, one a region."""
    sent = submissions_by_region(year, who, NEVER)
    return [found["id"] for found in newest_by_region(year, who, NEVER, sent).values()]


def counted(rows: QuerySet, name: str) -> dict[int, int]:
    return {row[name]: row["n"] for row in rows.annotate(n=Count("pk")).order_by(name)}


def facts(
    version: dict[str, Any] | None, sent: Iterable[Submission], held: dict[int, int], zone: str, end: dt.datetime
) -> dict[str, Any]:
    """What is known of the version and of its submission; nothing of a region that sent none."""
    if version is None:
        return {}
    known: dict[str, Any] = {
        "version_id": version["id"],
        "number": version["number"],
        "order_number": version["order_number"],
        "order_date": version["order_date"],
        "row_count": version["row_count"],
        "required": version["coverage__required"] or 0,
        "planned": version["coverage__planned"] or 0,
        "missing": version["coverage__missing"] or 0,
        "held": held.get(version["id"], 0),
    }
    submission = next((s for s in sent if s.version_id == version["id"]), None)
    if submission is None:
        return known
    state = state_of(submission, end)
    return known | {
        "submission_id": submission.pk,
        "letter_number": submission.letter_number,
        "letter_date": submission.letter_date,
        "received_on": civil_day(submission.submitted_at, zone),
        "state": state,
        "state_words": str(SubmissionState(state).label),
        "incoming_number": submission.incoming_number if state != SUBMITTED else "",
    }


def version_rows(year: int, *, who: Who, region: Territory | None = None) -> QuerySet[VersionRow]:
    """Rows of the newest visible version of each region, in the order of regions and days."""
    rows = VersionRow.objects.filter(version__in=newest_now(year, who))
    if region is not None:
        rows = rows.filter(version__calendar__region=region)
    order = ("version__calendar__region__code", "date", "number")
    return rows.select_related("version__calendar__region").order_by(*order)


def lines_of(year: int, *, who: Who, region: Territory | None = None) -> list[dict[str, Any]]:
    """Coverage by line of 826-2.1 and the named holes, as the visible versions were approved."""
    ids = newest_now(year, who)
    versions = CalendarVersion.objects.filter(pk__in=ids).select_related("calendar__region").defer("difference")
    if region is not None:
        versions = versions.filter(calendar__region=region)
    return [
        {"region": v.calendar.region, "number": v.number, "coverage": v.coverage}
        for v in versions.order_by("calendar__region__code")
    ]


def units_by_code(codes: Iterable[str]) -> dict[str, Territory]:
    """Living units by code, for the names of holes."""
    return {unit.code: unit for unit in Territory.objects.filter(Q(valid_to=None), code__in=set(codes))}
