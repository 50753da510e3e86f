"""The national desk: twenty regions as squares and as a table, and their summaries in Excel."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calendars.tiles import arranged
from territories.models import Territory
from territories.scope import today

from . import queries, rules, services
from .queries import DeskRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUESTIONS = ("sent", "coverage", "punctuality")


def desk_only(view):
    """For posts that read the nation; others are told so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.reads_desk(request.who):
            raise PermissionDenied(_("The national desk is for the Government and the Administration."))
        return view(request, *args, **kwargs)

    return require_safe(shown)


@desk_only
def desk(request: HttpRequest) -> HttpResponse:
    """Which region has sent its calendar, how complete it is, and who is late."""
    now = today()
    rows = queries.desk(request.year, who=request.who, today=now)
    by_region = {row.region.pk: row for row in rows}
    question = request.GET.get("ask", "")
    question = question if question in QUESTIONS else QUESTIONS[0]
    squares = [
        tile(by_region[unit.pk], question) if unit is not None else None
        for unit in arranged(row.region for row in rows)
    ]
    context = {
        "year": request.year,
        "rows": rows,
        "squares": squares,
        "questions": [(code, question_words(code), code == question) for code in QUESTIONS],
        "totals": totals(rows),
        "due_on": next((row.due_on for row in rows if row.due_on), None),
        "today": now,
        "punctuality": {code: services.punctuality_words(code) for code in PUNCTUALITY_KINDS},
    }
    return render(request, "reporting/desk.html", context)


def question_words(code: str) -> str:
    return {
        "sent": pgettext("question of the desk", "Calendar sent?"),
        "coverage": pgettext("question of the desk", "Coverage"),
        "punctuality": pgettext("question of the desk", "In time?"),
    }[code]


PUNCTUALITY_KINDS = {
    "met": "success",
    "met_contested": "warning",
    "open": "",
    "contested": "warning",
    "breach": "danger",
}


def tile(row: DeskRow, question: str) -> dict[str, Any]:
    """A square: a sign, a word and a colour; never the colour alone."""
    if question == "coverage":
        if row.number is None:
            sign, word, kind = "–", _("not received"), ""
        else:
            kind = "success" if row.percent >= 100 else "warning" if row.percent >= 90 else "danger"
            sign, word = f"{row.percent} %", _("planned")
    elif question == "punctuality":
        kind = PUNCTUALITY_KINDS.get(row.punctuality, "")
        sign = {"met": "✓", "met_contested": "?", "contested": "?", "breach": "!"}.get(row.punctuality, "–")
        word = services.punctuality_words(row.punctuality)
    else:
        signs = {"accepted": ("✓", "success"), "submitted": ("→", "info"), "returned": ("↩", "warning")}
        late = row.punctuality == "breach" and row.number is None
        sign, kind = signs.get(row.state, ("!" if late else "–", "danger" if late else ""))
        word = row.state_words or (_("not received") if row.number is None else _("not submitted"))
    return {"row": row, "sign": sign, "word": word, "kind": kind}


def totals(rows: list[DeskRow]) -> dict[str, int]:
    return {
        "received": sum(1 for row in rows if row.submission_id),
        "accepted": sum(1 for row in rows if row.state == "accepted"),
        "late": sum(1 for row in rows if row.punctuality == "breach"),
        "contested": sum(1 for row in rows if row.punctuality in ("contested", "met_contested")),
        "required": sum(row.required for row in rows),
        "planned": sum(row.planned for row in rows),
        "missing": sum(row.missing for row in rows),
        "held": sum(row.held for row in rows),
        "remarks": sum(row.remarks_open for row in rows),
    }


@desk_only
def coverage_xlsx(request: HttpRequest) -> HttpResponse:
    """The table of the desk, its lines and the missing pairs."""
    return file(request, "coverage", None)


@desk_only
def calendar_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The newest version of a region that the reader may see."""
    region = get_object_or_404(Territory.objects.regions(), code=code, valid_to=None)
    return file(request, "calendar", region)


def file(request: HttpRequest, kind: str, region: Territory | None) -> HttpResponse:
    language = get_language() or "kk"
    try:
        data = services.export(kind, request.year, region=region, who=request.who, today=today(), language=language)
    except services.NothingApproved as nothing:
        raise Http404(str(nothing)) from nothing
    where = region.code if region else "kz"
    response = HttpResponse(data, content_type=XLSX)
    name = f"{kind}-{where}-{request.year}-{language}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
