"""The list: sorted, filtered, paged; three columns are edited in place."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from journal.dates import weekday
from territories.scope import today

from .. import rules, services
from ..forms import BulkForm, CellForm
from ..models import Meeting
from ..warnings import Row, check
from ..wording import label
from . import conflict, saved
from . import rows as listed
from .chosen import Chosen, chosen, tabs
from .filters import filter_form, narrowed, ordered
from .list_rows import Lines
from .meeting import found

ROWS_A_PAGE = 100
#: Columns that can be edited without leaving the list.
IN_PLACE = ("date", "time", "address")


@require_GET
@vary_on_headers("HX-Request")
def list_(request: HttpRequest) -> HttpResponse:
    about = chosen(request)
    form = filter_form(request.GET, about)
    values = form.values
    order = values.get("order") or "date"
    rows = ordered(narrowed(about.rows, values), order)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    on_page = cast(QuerySet[Meeting], page.object_list)
    context = {
        "about": about,
        "form": form,
        "filtered": bool(values.keys() - {"order"}),
        "order": order,
        "page": page,
        "rows": drawn(about, listed.read(on_page, "holder__path", "calendar_id")),
        "columns": columns(order),
        "bulk": BulkForm(),
        "filter_query": request.GET.urlencode(),
        "tabs": tabs(about, "list"),
    }
    piece = request.htmx and request.htmx.target == "calendar-body"
    return render(request, "calendars/_list.html" if piece else "calendars/list.html", context)


def marked(about: Chosen, rows: list[dict]) -> list[dict]:
    """Says of each row whether this reader may edit it, by the same rule as the service; adds day and hour in words."""
    region = about.of_region
    for row in rows:
        open_ = row["state"] in rules.EDITABLE
        own = row["state"] in rules.PROPOSALS and about.may_enter and about.who.covers(row["holder__path"])
        row["editable"], row["selectable"] = open_ and (region or own), about.may_enter
        row["hour"] = f"{row['time']:%H:%M}" if row["time"] else ""
        row["short_day"] = f"{row['date']:%d.%m.%Y}, {weekday(row['date'], short=True)}"
    return rows


def drawn(about: Chosen, rows: list[dict], focus: str = "") -> list[dict]:
    """The rows with what the template shows of them; the cell of the column `focus` gets the focus."""
    lines = Lines(about.query)
    for row in marked(about, rows):
        row["html"] = lines.draw(row, focus)
    return rows


def columns(order: str) -> list[dict]:
    """Heads of the table with the order that a click on them asks for."""
    named = [
        ("date", label("date")),
        ("time", label("time")),
        ("place", label("place_id")),
        ("holder", label("holder_id")),
        ("address", label("address")),
        ("state", label("state")),
    ]
    found = []
    for name, text in named:
        now = "ascending" if order == name else "descending" if order == f"-{name}" else ""
        found.append(
            {
                "name": name,
                "label": text,
                "sort": now,
                "order": "" if name == "time" else (f"-{name}" if now == "ascending" else name),
            }
        )
    return found


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """One cell of the list: GET gives its small form, POST saves it and gives the whole row back."""
    if field not in IN_PLACE:
        raise Http404(_("This column is not edited in the list."))
    about = chosen(request)
    meeting = found(about, pk)
    if not rules.can_edit(about.who, meeting):
        raise PermissionDenied(_("This meeting can no longer be edited by your office."))
    if request.method == "GET":
        if "leave" in request.GET:
            return row_piece(request, about, meeting, field)
        form = CellForm(field=field, initial={"value": getattr(meeting, field), "version": meeting.version})
        return cell_form(request, about, meeting, field, form)
    form = CellForm(conflict.resolved(request.POST, meeting, {field: "value"}), field=field)
    if not form.is_valid():
        return cell_form(request, about, meeting, field, form, status=422)
    values = {field: form.cleaned_data["value"]}
    item = services.Change(meeting.pk, values, form.cleaned_data["version"])
    try:
        outcome = services.apply(meeting.calendar, [item], by=about.who, label=label(field))
    except services.Conflict as clash:
        seen = {field: request.POST.get("seen", "")}
        return conflict.answer(
            request, clash, mine=values, seen=seen, action=about.url("cell", pk, field), page=about.url("meeting", pk)
        )
    except services.WallHit as wall:
        for problem in wall.problems[0]:
            form.add_error("value", problem.text)
        return cell_form(request, about, meeting, field, form, status=422)
    if conflict.was_chosen(request.POST):
        return saved.toast(HttpResponse(""), outcome, about=about, close="dialog", refresh=True)
    if not request.htmx:
        return saved.back(request, outcome, about.url("list"))
    meeting = found(about, pk)
    response = row_piece(request, about, meeting, field)
    told = check(meeting.calendar, [Row.of(meeting)], today=today()) if field != "address" else {}
    warning = told[0][0].text if told else ""
    return saved.toast(response, outcome, text=warning, about=about)


def cell_form(
    request: HttpRequest, about: Chosen, meeting: Meeting, field: str, form: CellForm, status: int = 200
) -> HttpResponse:
    context = {
        "about": about,
        "meeting": meeting,
        "field": field,
        "form": form,
        "url": about.url("cell", meeting.pk, field),
    }
    response = render(request, "calendars/_cell_form.html", context, status=status)
    if request.method == "POST":
        response["HX-Retarget"], response["HX-Reswap"] = "closest td", "innerHTML"
    return response


def row_piece(request: HttpRequest, about: Chosen, meeting: Meeting, field: str) -> HttpResponse:
    """The row of one meeting, as it stands in the list now; the edited cell gets the focus back."""
    rows = listed.read(Meeting.objects.filter(pk=meeting.pk), "holder__path", "calendar_id")
    return render(request, "calendars/_list_row.html", {"row": drawn(about, rows, focus=field)[0]})
