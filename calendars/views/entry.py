"""Quick entry: one form that stays. After each meeting it offers the next hole, with the last values kept."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from journal.dates import official_date
from law.periods import period_from
from territories.models import Territory
from territories.scope import today

from .. import services
from ..board import Board, key_of, key_text
from ..coverage import Cell
from ..forms import MeetingForm
from ..models import Meeting
from ..services.rows import FIELDS, walls
from ..warnings import Announcements, Row, check
from . import saved
from .chosen import Chosen, chosen, tabs
from .kept import address_for, kept_values, remember
from .meeting import put_walls
from .pairs import candidates, further_pairs
from .planning import proposals
from .units import holders_for, places_for, search_url

#: The hour that a fresh session begins with; afterwards the last one is kept.
FIRST_HOUR = "10:00"
#: How many further holes the side of the page lists.
NEXT_SHOWN = 8


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def entry(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled for the hole that `cell` names. POST: saves and offers the next one."""
    about = chosen(request)
    if not about.may_enter:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    if about.calendar is None:
        return HttpResponseRedirect(about.url("coverage"))
    if request.method == "GET":
        return offer(request, about, wanted=request.GET.get("cell", ""))
    form = form_for(about, data=request.POST)
    if not form.is_valid():
        return page(request, about, form, current=request.POST.get("cell", ""), status=422)
    try:
        pairs = further_pairs(about, None, form.values, form.pairs)
        outcome = services.plan(about.calendar, form.values, pairs, by=about.who)
    except services.WallHit as wall:
        put_walls(form, wall.problems.get(0, []))
        return page(request, about, form, current=request.POST.get("cell", ""), status=422)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, about, form, current=request.POST.get("cell", ""), status=422)
    remember(request, form.cleaned_data)
    if "close" in request.POST:
        if request.htmx:
            return closed(request, about, outcome)
        return saved.back(request, outcome, about.url("meeting", outcome.meetings[0].pk))
    if not request.htmx:
        messages.success(request, sentence(outcome))
        return HttpResponseRedirect(about.url("entry", after=request.POST.get("cell", "")))
    response = offer(request, about, after=request.POST.get("cell", ""))
    return saved.toast(response, outcome, about=about, text=sentence(outcome), refresh=True)


def closed(request: HttpRequest, about: Chosen, outcome: services.Outcome) -> HttpResponse:
    """After "save and close": the panel goes away; the page gives way to the meeting's."""
    if request.htmx.target == "entry-page":
        saved.message(request, outcome, about)
        return HttpResponseClientRedirect(about.url("meeting", outcome.meetings[0].pk))
    return saved.toast(HttpResponse(""), outcome, about=about, close="panel", refresh=True)


def sentence(outcome: services.Outcome) -> str:
    """Which meeting stands now, for the toast."""
    meeting = outcome.meetings[0]
    return f"{meeting.place.name()}, {official_date(meeting.date)}."


def form_for(about: Chosen, **kwargs: Any) -> MeetingForm:
    return MeetingForm(
        calendar=about.draft,
        holders=holders_for(about),
        places=places_for(about),
        search_url=search_url(about),
        **kwargs,
    )


def board_for(about: Chosen) -> Board:
    under = about.under or scope_of(about)
    return Board(about.region, about.year, about.calendar, under=under, only_holes=True)


def scope_of(about: Chosen) -> str:
    """An office below is offered the holes of its own akims only."""
    return "" if about.of_region else about.who.path


def offer(request: HttpRequest, about: Chosen, *, wanted: str = "", after: str = "") -> HttpResponse:
    """The form for a hole: the wanted one, or the one that follows `after` on the board."""
    after = after or request.GET.get("after", "")
    board = board_for(about)
    holes = holes_of(about, board)
    cell = board.cell(wanted) if wanted else following(after, board, holes)
    initial: dict[str, Any] = {"time": FIRST_HOUR, **kept_values(request), "date": None, "address": ""}
    free = request.GET.get("free") == "1"
    if free:
        cell = None
        initial["date"] = request.GET.get("date") or None
        for name in ("holder", "place"):
            initial[name] = request.GET.get(name) or None
    elif cell is not None:
        place = Territory.objects.filter(pk=cell.target_id).first()
        initial |= {
            "holder": Territory.objects.filter(pk=cell.holder_id).first(),
            "place": place,
            "date": day_for(about, board, cell),
            "address": address_for(place, initial | {"address": kept_values(request).get("address", "")}),
        }
    form = form_for(about, initial=initial)
    return page(request, about, form, current=key_text(cell) if cell else "", board=board, holes=holes)


def holes_of(about: Chosen, board: Board) -> list[Cell]:
    """Holes that this person may fill."""
    holes = board.holes()
    if about.of_region:
        return holes
    return [cell for cell in holes if about.who.covers(board.units[cell.holder_id].path)]


def following(after: str, board: Board, holes: list[Cell]) -> Cell | None:
    """The first hole behind the given cell in the order of the board; the first one at all at the end."""
    if not holes:
        return None
    last = board.cell(after) if after else None
    if last is None:
        return holes[0]
    return holes[bisect_right(holes, board.order(last), key=board.order) % len(holes)]


def day_for(about: Chosen, board: Board, cell: Cell) -> dt.date | None:
    """The planner's day for a hole, in view of the other holes of the same akim and period."""
    siblings = [c for c in board.cells if c.missing and c.holder_id == cell.holder_id and c.period == cell.period]
    for proposal in proposals(about, siblings, board):
        if key_of(proposal.cell) == key_of(cell):
            return proposal.date
    return None


def page(
    request: HttpRequest,
    about: Chosen,
    form: MeetingForm,
    *,
    current: str = "",
    board: Board | None = None,
    holes: list[Cell] | None = None,
    status: int = 200,
) -> HttpResponse:
    board = board or board_for(about)
    holes = holes_of(about, board) if holes is None else holes
    cell = board.cell(current) if current else None
    context = {
        "about": about,
        "form": form,
        "cell": current,
        "line": cell.line if cell else "",
        "period": cell.period if cell else "",
        "cell_holder": board.units[cell.holder_id].name if cell else "",
        "cell_target": board.units[cell.target_id].name if cell else "",
        "span": period_from(cell.period) if cell else None,
        "holes_left": len(holes),
        "next_holes": [
            {
                "url": about.url("entry", cell=key_text(hole)),
                "line": hole.line,
                "holder": board.units[hole.holder_id].name,
                "target": board.units[hole.target_id].name,
                "period": hole.period,
                "own": hole.holder_id == hole.target_id,
            }
            for hole in upcoming(board, holes, cell)
        ],
        "check_url": about.url("check"),
        "page": not request.htmx or request.htmx.target == "entry-page",
        "tabs": tabs(about, ""),
    }
    template = "calendars/_entry.html" if request.htmx else "calendars/entry.html"
    return render(request, template, context, status=status)


def upcoming(board: Board, holes: list[Cell], cell: Cell | None) -> list[Cell]:
    """The holes that come after the present one."""
    if cell is None:
        return holes[:NEXT_SHOWN]
    place = board.order(cell)
    before, behind = bisect_left(holes, place, key=board.order), bisect_right(holes, place, key=board.order)
    return (holes[behind : behind + NEXT_SHOWN] + holes[:before])[:NEXT_SHOWN]


@require_POST
def live(request: HttpRequest) -> HttpResponse:
    """Warnings and walls for a form that is being filled in; nothing is saved."""
    about = chosen(request)
    if not about.may_enter or about.calendar is None:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    form = form_for(about, data=request.POST)
    form.is_valid()
    data = form.cleaned_data
    context: dict[str, Any] = {"about": about, "warnings": [], "problems": [], "joint": []}
    holder, place, day = (data.get(name) for name in ("holder", "place", "date"))
    if holder and place and day:
        meeting = Meeting(calendar=about.draft, **defaults(form))
        meeting.holder, meeting.place = holder, place
        values = {name: getattr(meeting, name) for name in FIELDS}
        context["problems"] = walls(values, about.draft, {holder.pk: holder, place.pk: place})
        if day.year == about.year:
            now = today()
            row = Row.of(meeting, id=known_id(request))
            context["warnings"] = check(about.draft, [row], today=now).get(0, [])
            context |= {"day": day, "today": now, "announce": Announcements(about.draft).legal_day(holder, day)}
        given = set(request.POST.getlist("pair"))
        context["joint"] = [pair | {"checked": pair["key"] in given} for pair in candidates(about, holder, place)]
    return render(request, "calendars/_live.html", context)


def known_id(request: HttpRequest) -> int | None:
    """The row that is being edited, so that it does not clash with itself."""
    given = request.GET.get("id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def defaults(form: MeetingForm) -> dict[str, Any]:
    """Clean values; where a field is still wrong, what a new form would hold."""
    names = [
        "date",
        "time",
        "planned_minutes",
        "report_minutes",
        "format",
        "broadcast",
        "broadcast_note",
        "languages",
        "address",
        "remarks",
    ]
    found = {}
    for name in names:
        value = form.cleaned_data.get(name)
        if value is None and name not in ("time", "date"):
            value = form.fields[name].initial or ""
        found[name] = value
    return found
