"""What the public pages ask the database for, few queries each: issues that were published, meetings that were told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language

from calendars.difference import unit as frozen_unit
from calendars.difference import unit_name, words
from calendars.models import CalendarVersion, Meeting, MeetingState, VersionRow
from calendars.published import DAYS_BACK, of_unit, rows_of_unit
from issues.models import OPEN_STATES, Issue, IssueState, Publication, PublishedVersion, QuarterlyReport, What
from territories.models import Territory

from .words import pair

#: States of a meeting that the public hears of.
TOLD = (MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED)
MOST_MEETINGS = 400
#: Quarters whose information a place names.
QUARTERS = 4


def issues_of(unit: Territory | None) -> QuerySet[Issue]:
    """Published issues of a place and of what lies in it, and those of its akim; of the country without a unit."""
    rows = Issue.objects.public()
    if unit is None:
        return rows
    if unit.is_region:
        return rows.filter(region=unit)
    # By ids, which lead into the indices of both columns; by the path of the place, every issue of the country is read.
    places = Territory.objects.filter(path__startswith=unit.path).values_list("pk", flat=True)
    return rows.filter(Q(place__in=list(places)) | Q(unit=unit))


def late(today: dt.date) -> Q:
    """Promised and slipped: put off at least once, or open past its day."""
    return Q(state__in=OPEN_STATES) & (Q(slips__gt=0) | Q(due_on__lt=today))


def standing(rows: QuerySet[Issue], today: dt.date) -> dict[str, Any]:
    """How many were asked, are open, done, explained, declined, slipped; and what changes with any of them."""
    return rows.order_by().aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        done=Count("pk", filter=Q(state=IssueState.DONE)),
        explained=Count("pk", filter=Q(state=IssueState.EXPLAINED)),
        declined=Count("pk", filter=Q(state=IssueState.DECLINED)),
        late=Count("pk", filter=late(today)),
        versions=Sum("version"),
        changed=Max("updated_at"),
    )


def shown(issue: Issue) -> dict[str, Any]:
    """An issue as a list shows it."""
    return {
        "issue": issue,
        "code": issue.code,
        "text": pair(issue, "text"),
        "place": issue.place.name(),
        "topic": issue.topic.name() if issue.topic else "",
        "state": issue.state,
        "state_words": issue.get_state_display(),
        "raised_on": issue.raised_on,
        "first_due_on": issue.first_due_on,
        "due_on": issue.due_on,
        "slips": issue.slips,
        "is_open": issue.is_open,
        "closed_on": issue.closed_on,
    }


def listed(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    """With what a list shows of each."""
    return rows.select_related("place", "topic", "unit").defer("folded")


# -- Meetings -------------------------------------------------------------------------------------
def meetings_of(place: Territory, versions: list[CalendarVersion], today: dt.date) -> list[dict[str, Any]]:
    """Meetings of a place that the public knows of, from a year back on, in their order; three queries.

    Rows of the approved calendar, and what was announced: an announced meeting is told as announced, because that
    word went out after the calendar. Notes and remarks of the staff stay inside.
    """
    since = today - dt.timedelta(days=DAYS_BACK)
    frozen = {row.meeting_id: row for row in rows_of_unit(place, versions, since)}
    announced = of_unit(place) & Q(announced_on__isnull=False, date__gte=since)
    rows = Meeting.objects.filter(Q(pk__in=frozen) | announced, state__in=TOLD)
    live = {m.pk: m for m in rows.select_related("holder", "place").order_by("-date")[:MOST_MEETINGS]}
    told = []
    for pk in frozen.keys() | live.keys():
        meeting, row = live.get(pk), frozen.get(pk)
        if meeting is not None and (row is None or meeting.announced_on):
            told.append(of_meeting(meeting))
        elif row is not None:
            told.append(of_row(row, meeting))
    told = [one for one in told if one["date"] >= since]
    return sorted(told, key=lambda one: (one["date"], one["time"], one["id"]))


def of_row(row: VersionRow, meeting: Meeting | None) -> dict[str, Any]:
    state = meeting.state if meeting is not None else MeetingState.PLANNED
    held_on = meeting.held_on if meeting is not None else None
    return telling(row.meeting_id, row.data, held_on or row.date, state, announced=False, off_calendar=False)


def of_meeting(meeting: Meeting) -> dict[str, Any]:
    """An announced meeting with the words of a frozen row."""
    data = {
        "time": f"{meeting.time:%H:%M}" if meeting.time else "",
        "holder": frozen_unit(meeting.holder),
        "place": frozen_unit(meeting.place),
        "address": meeting.address,
        "format": meeting.format,
        "languages": meeting.languages,
        "broadcast": meeting.broadcast,
    }
    return telling(
        meeting.pk,
        data,
        meeting.held_on or meeting.date,
        meeting.state,
        announced=bool(meeting.announced_on),
        off_calendar=meeting.off_calendar,
    )


def telling(
    pk: int, data: dict[str, Any], date: dt.date, state: str, *, announced: bool, off_calendar: bool
) -> dict[str, Any]:
    return {
        "id": pk,
        "date": date,
        "time": data["time"],
        "holder": unit_name(data["holder"]),
        "place": unit_name(data["place"]),
        "place_code": data["place"]["code"],
        "address": hall_in(data["address"]),
        "format": words(data, "format"),
        "languages": words(data, "languages"),
        "broadcast": data["broadcast"] == "yes",
        "state": str(state),
        "cancelled": state == MeetingState.CANCELLED,
        "announced": announced,
        "off_calendar": off_calendar,
        "results": [],
    }


def hall_in(address: str) -> str:
    """The hall in the reader's language: an address written "kk / ru" is taken apart."""
    kk, slash, ru = address.partition(" / ")
    return (ru if slash and get_language() == "ru" else kk).strip()


def quarterly_of(unit: Territory) -> list[QuarterlyReport]:
    """Newest published quarterly information of an akim's office, quarter by quarter, the last first. One query."""
    stands = Publication.objects.filter(quarterly=OuterRef("pk"))
    rows = QuarterlyReport.objects.filter(Exists(stands), unit=unit).order_by("-year", "-quarter", "-number")
    newest: dict[str, QuarterlyReport] = {}
    for row in rows[: 3 * QUARTERS]:
        newest.setdefault(row.period, row)
    return list(newest.values())[:QUARTERS]


def published_of(meetings: Iterable[int]) -> dict[int, list[PublishedVersion]]:
    """Newest published version of each document by meeting: results, list, plan; without its data. One query.

    Frozen is not published: a version without a place where it stands is still the office's own.
    """
    rows = PublishedVersion.objects.filter(meeting__in=list(meetings), publications__isnull=False).distinct()
    order = {what: n for n, what in enumerate(What.values)}
    found: dict[int, dict[str, PublishedVersion]] = {}
    for row in rows.defer("data").order_by("number", "pk"):
        found.setdefault(row.meeting_id, {})[row.what] = row
    return {pk: sorted(by.values(), key=lambda v: order[v.what]) for pk, by in found.items()}
