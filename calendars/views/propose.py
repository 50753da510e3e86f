"""Days for many holes at once: a preview of what the planner proposes, then one step."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from journal.dates import month_name
from territories.models import Territory
from territories.scope import today

from .. import services
from ..board import Board, key_text
from ..coverage import LINES, Cell
from ..models import Format
from ..models.meeting import Broadcast, Languages
from ..warnings import Row, check
from . import saved
from .chosen import Chosen, chosen, tabs
from .entry import holes_of
from .filters import line_word
from .kept import kept_values
from .planning import proposals

#: Proposals that the preview lists; the rest is told by counts.
SHOWN = 200
#: The hour of the first meeting of an akim's day where none was kept from before, and of those after it.
FIRST_HOUR, NEXT_HOURS = dt.time(10), (dt.time(10), dt.time(15), dt.time(17))
LINE = re.compile(r"([a-e]\.\d{1,18}\.\d{1,18}\.\d{4}(?:-H[12])?)=(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What would be planned: the selected holes, or all of a raion, of a line, of everything."""
    about = chosen(request)
    board, cells, gone = wanted(request, about)
    found = proposals(about, cells, board)
    hours = hour_by_day(request, found)
    entries = [(p, hour) for p, hour in zip(found, hours, strict=True)]
    units = Territory.objects.in_bulk({pk for p in found for pk in (p.cell.holder_id, p.cell.target_id)})
    rows = [Row(units[p.cell.holder_id], units[p.cell.target_id], p.date, hour) for p, hour in entries]
    told = check(about.draft, rows, today=today())
    listed = [
        {
            "line": p.cell.line,
            "period": p.cell.period,
            "holder": board.units[p.cell.holder_id].name,
            "target": board.units[p.cell.target_id].name,
            "date": p.date,
            "time": hour,
            "warnings": tuple(told.get(index, ())),
            "key": f"{key_text(p.cell)}={p.date.isoformat()}T{hour:%H:%M}",
        }
        for index, (p, hour) in enumerate(entries)
    ]
    listed.sort(key=lambda row: (not row["warnings"], row["date"], row["time"]))
    lines = Counter(row["line"] for row in listed)
    per_month = Counter(row["date"].month for row in listed)
    codes = Counter(warning.code for warnings in told.values() for warning in warnings)
    context = {
        "about": about,
        "count": len(listed),
        "asked": len(cells),
        "gone": filled(gone),
        "without": sum(cell.missing for cell in cells) - len(listed),
        "lines": [(line_word(line), lines[line]) for line in LINES if lines[line]],
        "months": [(month_name(n).capitalize(), per_month[n]) for n in range(1, 13)],
        "fullest": max(per_month.values(), default=0),
        "warned": len(told),
        "codes": [(warning_word(code), count) for code, count in codes.most_common()],
        "rows": listed[:SHOWN],
        "more": max(0, len(listed) - SHOWN),
        "plan": "\n".join(row["key"] for row in listed),
        "back": about.url("coverage"),
        "tabs": tabs(about, "coverage"),
    }
    return render(request, "calendars/propose.html", context)


def warning_word(code: str) -> str:
    """A kind of warning in few words, for counts."""
    return {
        "day_off": _("on a day off"),
        "holder_busy": _("the akim has another meeting at that hour"),
        "superior_clash": _("the akim above or below meets there on that day"),
        "short_notice": _("too late to announce in time"),
        "serves_none": _("closes no required meeting"),
        "already_covered": _("the period is covered already"),
    }.get(code, code)


def wanted(request: HttpRequest, about: Chosen) -> tuple[Board, list[Cell], int]:
    """The holes that the form names: `cell` each, or `all` with `line` and `raion` as the board shows them; and how
    many of those named are none, or none any more."""
    if not about.may_enter or about.calendar is None:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    board = Board(about.region, about.year, about.calendar, under=about.under, only_holes=True)
    holes = holes_of(about, board)
    if "all" in request.POST:
        line, raion = request.POST.get("line", ""), request.POST.get("raion", "")
        if line:
            holes = [cell for cell in holes if cell.line == line]
        if raion:
            holes = [cell for cell in holes if str(board.group_of(cell)) == raion]
        return board, holes, 0
    asked = set(request.POST.getlist("cell"))
    cells = [cell for cell in holes if key_text(cell) in asked]
    return board, cells, len(asked) - len(cells)


def filled(count: int) -> str:
    """How many of the chosen holes are left alone, and why."""
    if not count:
        return ""
    return ngettext(
        "%(count)s was left alone: it is planned meanwhile, or belongs to another office.",
        "%(count)s were left alone: they are planned meanwhile, or belong to another office.",
        count,
    ) % {"count": count}


def hour_by_day(request: HttpRequest, found: list) -> list[dt.time]:
    """The kept hour for an akim's first meeting of a day, later ones for further meetings of that day."""
    kept = kept_values(request).get("time")
    first = dt.time.fromisoformat(kept) if kept else FIRST_HOUR
    taken: Counter[tuple[int, dt.date]] = Counter()
    hours = []
    for proposal in found:
        place = taken[proposal.cell.holder_id, proposal.date]
        taken[proposal.cell.holder_id, proposal.date] += 1
        hours.append(first if place == 0 else NEXT_HOURS[min(place, len(NEXT_HOURS) - 1)])
    return hours


@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Plans what the preview showed, in one step that can be undone; counts the holes that were filled meanwhile."""
    about = chosen(request)
    if not about.may_enter or about.calendar is None:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    board = Board(about.region, about.year, about.calendar, under=about.under, only_holes=True)
    holes = {key_text(cell): cell for cell in holes_of(about, board)}
    kept = kept_values(request)
    values = {
        "planned_minutes": kept.get("planned_minutes", 120),
        "report_minutes": kept.get("report_minutes", 30),
        "format": Format.IN_PERSON,
        "broadcast": kept.get("broadcast", Broadcast.LATER),
        "languages": kept.get("languages", Languages.BOTH),
    }
    items = []
    lines = request.POST.get("plan", "").splitlines()
    for line in lines:
        match = LINE.fullmatch(line.strip())
        cell = holes.get(match[1]) if match else None
        if match is None or cell is None:
            continue
        day, hour = dt.date.fromisoformat(match[2]), dt.time.fromisoformat(match[3])
        where = {"holder_id": cell.holder_id, "place_id": cell.target_id, "date": day, "time": hour}
        items.append(services.Create(values | where, [(cell.holder_id, cell.target_id)]))
    outcome = services.apply(about.calendar, items, by=about.who, label=_("Proposed plan"), verb="meeting.planned")
    text = f"{saved.words(outcome)} {filled(len(lines) - len(items))}"
    saved.message(request, outcome, about, text.strip())
    return HttpResponseRedirect(about.url("coverage"))
