"""The first page after log-in: what must I do now? One set of cards, chosen by the reader's post.

Every card asks a constant number of questions of the database, whatever the size of the region.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language

from calendars import coverage
from calendars.models import (
    Calendar,
    CalendarVersion,
    MaslikhatNotice,
    Meeting,
    MeetingState,
    Submission,
)
from calendars.models.submission import SubmissionState
from calendars.rules import EDITING_ROLES, REGION_ROLES
from deadlines import ids
from deadlines.ids import Subject
from deadlines.models import Duty, DutyState
from deadlines.services.ledger import UNCOUNTED
from deadlines.wording import described_all
from issues.models import CentralRouting, Issue, ItemState, PlanItem, RouteState
from issues.queries import standing_of_issues
from journal.dates import long_date, weekday
from journal.models import Heartbeat, Notice
from territories.models import Role, Territory
from territories.scope import inside

from .readiness import still_jobs

#: Rows of a card; the page behind its link shows all.
SHOWN = 8
#: Duties due in this span come first. An announcement that was missed longer ago than this cannot be
#: made good any more; it stands in the ledger, and the first page keeps to what can still be done.
LOOKED_AHEAD, LOOKED_BACK = dt.timedelta(days=45), dt.timedelta(days=30)
#: How far the card of coming meetings looks.
AHEAD = dt.timedelta(days=14)


def cards(request, day: dt.date) -> dict[str, Any]:
    """The context of the home page for the reader's role, unit and year."""
    who = request.who
    unit: Territory | None = request.unit
    context: dict[str, Any] = {"today": day, "day_text": day_in_words(day), "year": request.year, "unit": unit}
    if who.role in EDITING_ROLES or who.is_administrator:
        context |= office(who, unit, request.year, day)
    if who.role in (*REGION_ROLES, Role.GOVERNMENT):
        context["submissions"] = submissions(who, request.year)
    if who.role == Role.GOVERNMENT:
        context["regions"] = regions_of(request.year)
        context["needs"] = needs(who, None, day)
    if who.role == Role.ADMINISTRATION:
        context["versions"] = list(
            Submission.objects.visible_to(who).select_related("version__calendar__region")[:SHOWN]
        )
    if who.role == Role.MASLIKHAT:
        context |= maslikhat(who, request.year)
    if who.role == Role.EXECUTOR:
        context |= own_items(who, day)
    if who.role == Role.CENTRAL_BODY:
        context["routed"] = CentralRouting.objects.visible_to(who).filter(state=RouteState.SENT).count()
    if who.is_administrator:
        context["machine"] = machine()
    return context


def own_items(who, day: dt.date) -> dict[str, Any]:
    """What an executor owes, the nearest day first."""
    owed = PlanItem.objects.visible_to(who).owed()
    first = owed.exclude(state=ItemState.REPORTED).select_related("issue__place").order_by("due_on", "pk")
    return {"my_items": list(first[:SHOWN]), "my_late": owed.filter(due_on__lt=day).count(), "my_all": owed.count()}


def day_in_words(day: dt.date) -> str:
    """ "Thursday, 14 January 2027" in the reader's language."""
    return f"{weekday(day)}, {long_date(day)}"


def needs(who, unit: Territory | None, day: dt.date) -> dict[str, Any]:
    """Duties that are not done, nearest to breach first, with how many there are of each state."""
    rows = Duty.objects.visible_to(who).with_state(day).filter(met_on=None, due_on__isnull=False)
    if unit is not None:
        rows = rows.under(unit)
    near = rows.filter(due_on__lte=day + LOOKED_AHEAD)
    language = get_language() or "kk"
    first_meeting, _last = ids.range_of(Subject.MEETING, 0)
    after_meetings, _last = ids.range_of(Subject.MEETING + 1, 0)
    meetings = Q(pk__gte=first_meeting, pk__lt=after_meetings)
    fresh = near.filter(~meetings | Q(due_on__gte=day - LOOKED_BACK))
    first = list(fresh.select_related("debtor", "body", "counting").order_by("due_on", "pk")[:SHOWN])
    counted = near.aggregate(
        all=Count("pk"),
        breach=Count("pk", filter=Q(state=DutyState.BREACH)),
        contested=Count("pk", filter=Q(state=DutyState.CONTESTED)),
    )
    return {"rows": described_all(first, language, reader=who), **counted}


def office(who, unit: Territory | None, year: int, day: dt.date) -> dict[str, Any]:
    """For those who plan and hold meetings: duties, coverage, coming meetings, proposals, the calendar's state."""
    found: dict[str, Any] = {"needs": needs(who, unit, day)}
    if unit is None:
        return found
    region = unit if unit.is_region else unit.region
    if region is None:
        return found
    totals = coverage.region_totals(region, year, under="" if unit.is_region else unit.path)
    found["totals"], found["total"] = totals, coverage.sum_up(totals)
    calendar = Calendar.objects.visible_to(who).filter(region=region, year=year).select_related("region").first()
    found["calendar"] = calendar
    found["standing"] = standing_of_issues(
        Issue.objects.standing().visible_to(who).under_unit(unit), day, day + dt.timedelta(days=6 - day.weekday())
    )
    if calendar is None:
        return found
    found["version"] = calendar.versions.order_by("-number").first()
    mine = Meeting.objects.of(calendar, who)
    if not unit.is_region:
        mine = mine.filter(inside(unit.path, "holder", "place"))
    found["coming"] = list(
        mine.filter(date__gte=day, date__lte=day + AHEAD, state=MeetingState.PLANNED)
        .select_related("holder", "place")
        .order_by("date", "time", "pk")[:SHOWN]
    )
    found["proposals"] = mine.filter(state=MeetingState.PROPOSED).count()
    found["returned"] = list(
        mine.filter(inside(unit.path, "holder"), state=MeetingState.RETURNED).select_related("place")[:SHOWN]
    )
    return found


def submissions(who, year: int) -> list[Submission]:
    """The latest submissions that the reader may see."""
    rows = Submission.objects.visible_to(who).filter(version__calendar__year=year)
    return list(rows.select_related("version__calendar__region").order_by("-submitted_at")[:SHOWN])


def regions_of(year: int) -> dict[str, int]:
    """How many regions have approved, submitted and been accepted, and how many there are."""
    versions = CalendarVersion.objects.filter(calendar__year=year)
    sent = Submission.objects.filter(version__calendar__year=year)
    return {
        "all": Territory.objects.regions().filter(valid_to=None).count(),
        "approved": versions.values("calendar").distinct().count(),
        "submitted": sent.values("version__calendar").distinct().count(),
        "waiting": sent.filter(state=SubmissionState.SUBMITTED).count(),
        "accepted": sent.filter(state=SubmissionState.ACCEPTED).values("version__calendar").distinct().count(),
    }


def maslikhat(who, year: int) -> dict[str, Any]:
    """For the maslikhat's secretary: versions to acknowledge, and the calendar itself."""
    notices = MaslikhatNotice.objects.filter(
        maslikhat__territory=who.territory, version__calendar__year=year, revoked_at=None
    ).select_related("version__calendar__region")
    waiting: dict[int, MaslikhatNotice] = {}
    done: set[int] = set()
    for notice in notices:
        if notice.acknowledged_at:
            done.add(notice.version_id)
        else:
            waiting.setdefault(notice.version_id, notice)
    return {"waiting": [n for pk, n in waiting.items() if pk not in done], "acknowledged": len(done)}


def machine() -> dict[str, Any]:
    """Signs of life for the administrator: last sweeps, letters that wait or failed."""
    now = timezone.now()
    beats = {beat.name: beat.finished_at for beat in Heartbeat.objects.all()}
    states = dict(Notice.objects.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    uncounted = beats.pop(UNCOUNTED, None)
    return {
        "beats": beats,
        "uncounted": uncounted is not None,
        "still": still_jobs(beats, now),
        "waiting": states.get("pending", 0) + states.get("leased", 0),
        "failed": states.get("failed", 0),
        "doubtful": states.get("doubtful", 0),
    }
