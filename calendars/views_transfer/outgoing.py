"""The calendar taken out: as a workbook, as CSV, as an empty or half-filled template."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from territories.downloads import download
from territories.models import Territory
from territories.scope import today

from .. import coverage, exporting
from ..coverage import Cell
from ..models import Calendar, Meeting
from ..views.chosen import Chosen, chosen
from ..views.filters import filter_form, narrowed


def language_of(request: HttpRequest) -> str:
    """The language that the address asks for, else the reader's."""
    asked = request.GET.get("language", "")
    return asked if asked in ("kk", "ru") else get_language() or "kk"


def rows_of(request: HttpRequest, about: Chosen) -> tuple[Calendar, QuerySet[Meeting]]:
    """The calendar and the reader's rows, narrowed by the filters of the address as on the list."""
    if about.calendar is None:
        raise Http404(_("The calendar of this year is not open yet."))
    return about.calendar, narrowed(about.rows, filter_form(request.GET, about).values)


@require_GET
def xlsx(request: HttpRequest) -> HttpResponse:
    about = chosen(request)
    calendar, rows = rows_of(request, about)
    data = exporting.workbook(calendar, language_of(request), rows=rows)
    return download(data, name=exporting.file_name(calendar, "xlsx"), content_type=exporting.XLSX)


@require_GET
def csv(request: HttpRequest) -> HttpResponse:
    about = chosen(request)
    calendar, rows = rows_of(request, about)
    data = exporting.csv_table(calendar, language_of(request), rows=rows)
    return download(data, name=exporting.file_name(calendar, "csv"), content_type=exporting.CSV)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty table; `rows=missing`: one row for each required meeting still missing; `propose=1`: with days."""
    about = chosen(request)
    cells = missing_cells(about) if request.GET.get("rows") == "missing" else []
    days = None
    if request.GET.get("propose") == "1":
        days = exporting.proposed_days(about.draft, cells, today=today())
    data = exporting.workbook(
        about.draft,
        language_of(request),
        rows=Meeting.objects.none(),
        missing=cells,
        days=days,
        template_only=not cells,
    )
    kind = "missing" if cells else "template"
    name = exporting.file_name(about.draft, "xlsx").replace("calendar-", f"{kind}-")
    return download(data, name=name, content_type=exporting.XLSX)


def missing_cells(about: Chosen) -> list[Cell]:
    """Required meetings that nobody has planned and that this person may enter."""
    cells = coverage.cells([about.region], about.year, under=about.under, only_holes=True)
    if about.of_region:
        return cells
    holders = Territory.objects.filter(pk__in={cell.holder_id for cell in cells})
    own = {pk for pk, path in holders.values_list("pk", "path") if about.who.covers(path)}
    return [cell for cell in cells if cell.holder_id in own]
