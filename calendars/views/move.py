"""Moving a meeting to another day: first what would change, then the step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from journal.dates import period as period_words
from territories.scope import today

from .. import coverage, rules, services
from ..forms import MoveForm
from ..models import Meeting
from ..models.meeting import IN_CALENDAR
from ..services.rows import FIELDS, walls
from ..warnings import Announcements, Row, check
from . import conflict, saved
from .chosen import Chosen, chosen, tabs
from .meeting import found


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """GET, or a dropped chip: what the new day would change. POST with `save`: moves."""
    about = chosen(request)
    meeting = found(about, pk)
    if not rules.can_edit(about.who, meeting):
        raise PermissionDenied(_("This meeting can no longer be moved by your office."))
    data = request.POST if request.method == "POST" else request.GET
    if "day" not in data:
        form = MoveForm(initial={"day": meeting.date, "version": meeting.version})
        return page(request, about, meeting, form, None)
    given = conflict.resolved(data, meeting, {"date": "day"}) if request.method == "POST" else data.copy()
    given.setdefault("version", str(meeting.version))
    form = MoveForm(given)
    if not form.is_valid():
        return page(request, about, meeting, form, None, status=422)
    day = form.cleaned_data["day"]
    if request.method == "GET" or "save" not in request.POST:
        return page(request, about, meeting, form, day)
    item = services.Change(meeting.pk, {"date": day}, form.cleaned_data["version"])
    try:
        outcome = services.apply(
            meeting.calendar, [item], by=about.who, label=_("Moving to another day"), verb="meeting.moved"
        )
    except services.Conflict as clash:
        seen = {"date": request.POST.get("was", "")}
        return conflict.answer(
            request,
            clash,
            mine={"date": day},
            seen=seen,
            action=about.url("move", pk),
            page=about.url("meeting", pk),
        )
    except services.WallHit:
        return page(request, about, meeting, form, day, status=422)
    if not request.htmx:
        return saved.back(request, outcome, about.url("meeting", pk))
    return saved.toast(HttpResponse(""), outcome, about=about, close="dialog", refresh=True)


def page(
    request: HttpRequest, about: Chosen, meeting: Meeting, form: MoveForm, day: dt.date | None, status: int = 200
) -> HttpResponse:
    context = {
        "about": about,
        "meeting": meeting,
        "form": form,
        "day": day,
        "was": meeting.date,
        "today": today(),
        "url": about.url("move", meeting.pk),
        "tabs": tabs(about, ""),
    }
    if day is not None:
        context |= effects(meeting, day)
    template = "calendars/_move.html" if request.htmx else "calendars/move.html"
    return render(request, template, context, status=status)


def effects(meeting: Meeting, day: dt.date) -> dict[str, Any]:
    """What another day would change: the announcement, the coverage, clashes, walls."""
    values = {name: getattr(meeting, name) for name in FIELDS} | {"date": day}
    units = {meeting.holder_id: meeting.holder, meeting.place_id: meeting.place}
    problems = walls(values, meeting.calendar, units)
    announcements = Announcements(meeting.calendar)
    found: dict[str, Any] = {
        "problems": problems,
        "last_was": announcements.legal_day(meeting.holder, meeting.date),
        "warnings": [],
        "coverage": [],
    }
    if problems:
        return found
    found["last_will"] = announcements.legal_day(meeting.holder, day)
    found["warnings"] = check(meeting.calendar, [Row.of(meeting, date=day)], today=today()).get(0, [])
    found["coverage"] = coverage_effect(meeting, day)
    return found


def coverage_effect(meeting: Meeting, day: dt.date) -> list[dict[str, Any]]:
    """Cells that gain or lose the meeting when it changes its period."""
    if meeting.state not in IN_CALENDAR:
        return []
    pairs = set(meeting.targets.values_list("holder_id", "target_id"))
    cells = coverage.cells([meeting.calendar.region], meeting.calendar.year, under=meeting.holder.path)
    found = []
    for cell in cells:
        if (cell.holder_id, cell.target_id) not in pairs:
            continue
        was, will = within(cell.period, meeting.date), within(cell.period, day)
        if was == will:
            continue
        after = cell.planned + (1 if will else -1)
        found.append(
            {
                "period": period_words(cell.period),
                "need": cell.need,
                "before": cell.planned,
                "after": after,
                "opens": after < cell.need <= cell.planned,
                "closes": after >= cell.need > cell.planned,
            }
        )
    return found


def within(code: str, day: dt.date) -> bool:
    """Does the day lie in the year or half-year with this code?"""
    if code.endswith("-H1"):
        return day.month <= 6
    if code.endswith("-H2"):
        return day.month > 6
    return True
