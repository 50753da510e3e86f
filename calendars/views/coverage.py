"""The coverage board: which required meetings are planned, held, missing; a hole is a door to planning it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from territories.models import Territory
from territories.scope import today

from .. import rules, services
from ..board import Board, Group, Overview, key_of, key_text
from ..coverage import LINES, Cell, LineTotal, sum_up
from .cells import Pen
from .chosen import Chosen, chosen, tabs
from .filters import line_word

PLAN, FACT = "plan", "fact"


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the address asks of the board; anything unknown is left out."""
    line = request.GET.get("line", "")
    return {
        "line": line if line in LINES else "",
        "holes": request.GET.get("holes") == "1",
        "show": FACT if request.GET.get("show") == FACT else PLAN,
        "raion": request.GET.get("raion", ""),
    }


@require_GET
@vary_on_headers("HX-Request")
def coverage(request: HttpRequest) -> HttpResponse:
    """Totals, and a line for each raion or city; one of them opens at a click."""
    about = chosen(request)
    wants = asked(request)
    whole = Overview(about.region, about.year, about.calendar, under=about.under)
    totals = whole.totals
    board = whole.only(wants["line"]) if wants["line"] else whole
    groups = board.groups
    if wants["holes"]:
        groups = [group for group in groups if left(group, wants["show"])]
    opened = next((g for g in groups if str(g.unit.id) == wants["raion"]), None)
    if opened is None and len(groups) == 1:
        opened = groups[0]
    holes = board.holes()
    cells: Overview | Board = board
    if opened is not None:
        lines = (wants["line"],) if wants["line"] else LINES
        path = opened.unit.path
        under = about.under if about.under.startswith(path) else path
        cells = Board(about.region, about.year, about.calendar, under=under, lines=lines)
    context = {
        "about": about,
        **wants,
        "total_rows": [total_row(about, total, wants) for total in totals],
        "total": sum_up(totals),
        "total_now": sum_up(totals).held if wants["show"] == FACT else sum_up(totals).planned,
        "plan_url": board_url(about, wants, show=PLAN),
        "fact_url": board_url(about, wants, show=FACT),
        "groups": [(group, left(group, wants["show"]), group_url(about, group, wants)) for group in groups],
        "opened": opened,
        "tables": tables(about, cells, opened, wants) if opened else [],
        "line_words": [(line, line_word(line)) for line in LINES if any(t.line == line for t in totals)],
        "raions": [(group.unit.id, group.unit.name) for group in board.groups],
        "hole_count": len(holes),
        "may_enter": about.may_enter and about.calendar is not None,
        "may_open": about.calendar is None and about.of_region,
        "selectable": selectable(about, wants),
        "tabs": tabs(about, "coverage"),
        "empty": about.calendar is None or not any(t.planned for t in totals),
    }
    piece = request.htmx and request.htmx.target == "calendar-body"
    return render(request, "calendars/_coverage.html" if piece else "calendars/coverage.html", context)


def board_url(about: Chosen, wants: dict[str, Any], **more: str) -> str:
    """The board with the filters of this page and one of them changed."""
    asked_for = {"line": wants["line"], "show": wants["show"], "holes": "1" if wants["holes"] else ""} | more
    return about.url("coverage", **{name: value for name, value in asked_for.items() if value})


def total_row(about: Chosen, total: LineTotal, wants: dict[str, Any]) -> dict[str, Any]:
    """A line of the decree with its sums and its bar: held, planned besides, missing."""
    planned = total.planned - total.held
    return {
        "line": total.line,
        "word": line_word(total.line),
        "required": total.required,
        "planned": total.planned,
        "held": total.held,
        "missing": total.required - (total.held if wants["show"] == FACT else total.planned),
        "parts": [(total.held, "success", ""), (planned, "info", "")],
        "label": _("%(planned)s of %(required)s planned, %(held)s held")
        % {"planned": total.planned, "required": total.required, "held": total.held},
        "url": board_url(about, wants, line="" if wants["line"] == total.line else total.line),
    }


def left(group: Group, show: str) -> int:
    """How many meetings the group lacks, in the plan or in fact."""
    return group.required - (group.held if show == FACT else group.planned)


def group_url(about: Chosen, group: Group, wants: dict[str, Any]) -> str:
    more = {name: wants[name] for name in ("line", "show") if wants[name]}
    if wants["holes"]:
        more["holes"] = "1"
    return about.url("coverage_group", group.unit.id, **more)


@require_GET
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The cells of one raion or city, loaded when its line is opened."""
    about, under = around(request, pk)
    wants = asked(request)
    lines = (wants["line"],) if wants["line"] else LINES
    board = Board(about.region, about.year, about.calendar, under=under, lines=lines)
    found = next((g for g in board.groups if g.unit.id == pk), None)
    if found is None:
        raise Http404(_("No required meetings lie in this unit."))
    context = {
        "about": about,
        **wants,
        "opened": found,
        "tables": tables(about, board, found, wants),
        "selectable": selectable(about, wants),
    }
    return render(request, "calendars/_coverage_group.html", context)


def around(request: HttpRequest, pk: int) -> tuple[Chosen, str]:
    """What the request is about, and the path within which the cells of the unit with this id lie.

    The region is that of the unit; a unit that does not lie on the reader's way does not exist for him.
    """
    about = chosen(request)
    unit = get_object_or_404(Territory.objects.select_related("region"), pk=pk)
    if not (about.who.covers(unit.path) or about.who.path.startswith(unit.path)):
        raise Http404(_("No required meetings lie in this unit."))
    region = unit.region or unit
    if region.pk != about.region.pk:
        about.region = about.unit = region
    return about, about.under if about.under.startswith(unit.path) else unit.path


def tables(about: Chosen, board: Board, group: Group, wants: dict[str, Any]) -> list[dict[str, Any]]:
    """Akims of the group with their rows of cells."""
    cells = [cell for cell in board.cells if board.group_of(cell) == group.unit.id]
    if wants["holes"]:
        cells = [cell for cell in cells if is_hole(cell, wants["show"])]
    now = today()
    pen = Pen(selectable=selectable(about, wants))
    found = []
    for holder, line, rows in board.by_akim(cells):
        may = about.of_region or about.who.covers(holder.path)
        found.append(
            {
                "holder": holder,
                "line": line,
                "word": line_word(line),
                "yearly": line in "ab",
                "rows": [
                    {
                        "unit": unit,
                        "own": unit.id == holder.id,
                        "cells": [
                            pen.draw(cell, unit.name)
                            for cell in in_columns(
                                [shown(about, board, cell, wants["show"], may, now) for cell in row], line
                            )
                        ],
                    }
                    for unit, row in rows
                ],
            }
        )
    return found


def selectable(about: Chosen, wants: dict[str, Any]) -> bool:
    """May this reader tick holes to have days proposed for them?"""
    return about.may_enter and about.calendar is not None and wants["show"] == PLAN


def is_hole(cell: Cell, show: str) -> bool:
    return (cell.held if show == FACT else cell.planned) < cell.need


def in_columns(cells: list[dict[str, Any]], line: str) -> list[dict[str, Any] | None]:
    """One cell for the year, or one for each half-year; None where the filter took it out."""
    if line in "ab":
        return list(cells)
    halves: list[dict[str, Any] | None] = [None, None]
    for cell in cells:
        halves[0 if cell["period"].endswith("H1") else 1] = cell
    return halves


def shown(about: Chosen, board: Board, cell: Cell, show: str, may: bool, now) -> dict[str, Any]:
    """What is drawn of a cell: its look, its date, where a click leads."""
    found: dict[str, Any] = {
        "period": cell.period,
        "date": cell.first_date,
        "look": "missing",
        "url": "",
        "key": "",
        "note": f"{cell.planned}/{cell.need}" if cell.need > 1 else "",
    }
    if cell.held >= cell.need:
        found["look"] = "done"
    elif show == FACT and cell.planned and cell.first_date and cell.first_date > now:
        found["look"] = "later"
    elif show == FACT and cell.planned:
        found["look"] = "overdue"
    elif cell.planned >= cell.need:
        found["look"] = "short" if cell.short_notice else "planned"
    if cell.meeting_id and found["look"] != "missing":
        found["url"] = about.url("meeting", cell.meeting_id)
        return found
    waits = board.waiting.get(key_of(cell))
    if waits:
        look = "returned" if waits.returned else "wait"
        return found | {"look": look, "date": waits.date, "url": about.url("meeting", waits.meeting_id)}
    if may and about.may_enter and about.calendar:
        found |= {"url": about.url("entry", cell=key_text(cell)), "key": key_text(cell)}
    return found


@require_POST
def open_calendar(request: HttpRequest) -> HttpResponse:
    """First use: opens the region's empty calendar of the chosen year."""
    about = chosen(request)
    if not rules.of_region(about.who, about.draft):
        raise PermissionDenied(_("Only the staff of the region's akimat opens its calendar."))
    services.open_calendar(about.region, about.year, by=about.who)
    return HttpResponseRedirect(about.url("coverage"))
