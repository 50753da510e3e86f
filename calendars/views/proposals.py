"""Proposals of lower offices: the region takes them in or gives them back with a remark."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from territories.scope import today

from ..models import Meeting, MeetingState
from ..warnings import Row, check
from . import rows as listed
from .chosen import chosen, tabs
from .list import ROWS_A_PAGE

STATES = (MeetingState.PROPOSED, MeetingState.RETURNED)


@require_GET
@vary_on_headers("HX-Request")
def proposals(request: HttpRequest) -> HttpResponse:
    """Rows that wait, with their warnings; those given back are shown under a second heading."""
    about = chosen(request)
    state = "returned" if request.GET.get("state") == "returned" else "proposed"
    rows = about.rows.filter(state=state).order_by("holder__path", "date", "time", "number")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    found = listed.read(
        cast(QuerySet[Meeting], page.object_list), "returned_remark", "proposed_by__full_name", "proposed_by__email"
    )
    meetings = Meeting.objects.select_related("holder", "place").in_bulk([row["pk"] for row in found])
    told = (
        check(about.calendar, [Row.of(meetings[row["pk"]]) for row in found], today=today())
        if about.calendar and found
        else {}
    )
    for index, row in enumerate(found):
        row["warnings"] = tuple(told.get(index, ()))
        row["by"] = row["proposed_by__full_name"] or row["proposed_by__email"] or ""
    context = {
        "about": about,
        "page": page,
        "rows": found,
        "state": state,
        "returned": about.rows.filter(state=MeetingState.RETURNED).count(),
        "may_decide": about.of_region and state == "proposed",
        "tabs": tabs(about, "proposals"),
    }
    piece = request.htmx and request.htmx.target == "calendar-body"
    return render(request, "calendars/_proposals.html" if piece else "calendars/proposals.html", context)
