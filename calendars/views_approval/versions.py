"""An approved version: its rows with filters and findings, its files, and the difference to another one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deadlines.legal import LegalDay
from deadlines.readings import readings_of
from journal import dates
from law.zones import civil_day
from territories.downloads import download
from territories.scope import today

from .. import review, rules
from ..difference import KIND_WORDS, difference, lines, unlike, words
from ..exporting import workbook_of_version
from ..forms.approval import AcceptForm, RemarkForm, ReturnForm, SettleForm, VersionFilter
from ..ics import version_ics
from ..letters import XLSX, file_name
from ..models import CalendarVersion, Submission
from ..models.submission import SubmissionState
from ..progress import SUBMIT, due_days
from ..services.approval import reasons_of
from .scope import number_or_404, version_or_404

ROWS_ON_PAGE = 50


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of a version as approved."""
    return render(request, "approval/version.html", about(request, version_or_404(request, pk), None))


def about(request: HttpRequest, chosen: CalendarVersion, submission: Submission | None) -> dict[str, Any]:
    """The context of a version's page; with a submission also its remarks and the forms that decide."""
    calendar = chosen.calendar
    found = review.findings(chosen, on=judged_on(chosen, submission))
    raions = review.raions(calendar.region)
    kinds = review.holder_kinds(calendar.year, readings_of(calendar.region_id, dt.date(calendar.year, 1, 1)))
    language = get_language() or "kk"
    form = VersionFilter(
        request.GET,
        raions=[(str(unit.pk), unit.name(language)) for unit in raions],
        lines=list(kinds),
        months=[(month, dates.month_name(month, language)) for month in range(1, 13)],
        checks=[(finding.code, finding.text) for finding in found],
    )
    form.is_valid()
    wish = form.cleaned_data
    only = next((f.rows for f in found if f.code == wish.get("check")), None)
    rows = review.filtered(
        chosen.rows.select_related("holder", "place"),
        raion=next((unit for unit in raions if str(unit.pk) == wish.get("raion")), None),
        kinds=kinds.get(wish.get("line") or ""),
        month=wish.get("month"),
        only=only,
    )
    page = Paginator(rows.order_by("date", "number"), ROWS_ON_PAGE).get_page(request.GET.get("page"))
    remarks = list(submission.remarks.select_related("row", "settled_by")) if submission else []
    if submission and submission.state == SubmissionState.SUBMITTED and not rules.can_review(request.who):
        # Remarks are the reviewer's notes until he decides.
        remarks = []
    by_row: dict[int, list] = {}
    for remark in remarks:
        by_row.setdefault(remark.row_id or 0, []).append(remark)
    decidable = submission is not None and submission.state == SubmissionState.SUBMITTED
    reviews = decidable and rules.can_review(request.who)
    return {
        "version": chosen,
        "calendar": calendar,
        "region": calendar.region,
        "submission": submission,
        "findings": found,
        "due": due_of(submission),
        "coverage_words": review.missing_words(chosen.coverage),
        "filter_form": form,
        "page": page,
        "items": [{"row": row, "remarks": by_row.get(row.pk, []), "format": words(row.data, "format")} for row in page],
        "general_remarks": by_row.get(0, []),
        "remarks": remarks,
        "open_remarks": sum(1 for remark in remarks if remark.settled_at is None),
        "reviews": reviews,
        "sent_along": sent_along(request) if reviews else "",
        "own": rules.of_region(request.who, calendar) and not request.who.system,
        "settles": bool(remarks)
        and submission is not None
        and submission.state == SubmissionState.RETURNED
        and rules.can_submit(request.who, calendar),
        "today": today(),
    } | (forms_of(submission) if submission else {})


def sent_along(request: HttpRequest) -> SafeString:
    """What each form of a row sends beside its own fields: the token, and the page to come back to."""
    fields = (("csrfmiddlewaretoken", get_token(request)), ("back", request.get_full_path()))
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


def due_of(submission: Submission | None) -> LegalDay | None:
    """By which day the year's calendar had to be submitted, and its first submission, which met it."""
    if submission is None:
        return None
    calendar = submission.version.calendar
    first = Submission.objects.filter(version__calendar=calendar).aggregate(at=Min("submitted_at"))["at"]
    return due_days(calendar, {SUBMIT: civil_day(first, calendar.region.time_zone)}).get(SUBMIT)


def forms_of(submission: Submission) -> dict[str, Any]:
    return {
        "remark_form": RemarkForm(),
        "accept_form": AcceptForm(initial={"lock": submission.lock}),
        "return_form": ReturnForm(initial={"lock": submission.lock}, prefix="return"),
        "settle_form": SettleForm(),
    }


def judged_on(chosen: CalendarVersion, submission: Submission | None) -> dt.date:
    """The day on which findings are judged: when it was submitted, else when it was approved."""
    moment = submission.submitted_at if submission else chosen.approved_at
    return civil_day(moment, chosen.calendar.region.time_zone)


# -- Files ----------------------------------------------------------------------------------------
@require_safe
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed scan of the order."""
    chosen = version_or_404(request, pk)
    with chosen.scan.open("rb") as file:
        data = file.read()
    return download(data, name=chosen.scan_name, content_type=chosen.scan_type)


@require_safe
def xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = version_or_404(request, pk)
    data = workbook_of_version(chosen, get_language() or "kk")
    return download(data, name=f"{file_name(chosen)}.xlsx", content_type=XLSX)


@require_safe
def ics(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = version_or_404(request, pk)
    data = version_ics(chosen, get_language() or "kk")
    return download(data, name=f"{file_name(chosen)}.ics", content_type="text/calendar; charset=utf-8")


# -- Difference -----------------------------------------------------------------------------------
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What is different between any two versions of one calendar."""
    older = version_or_404(request, number_or_404(request.GET.get("from", "")))
    newer = version_or_404(request, number_or_404(request.GET.get("to", "")))
    if older.calendar_id != newer.calendar_id:
        raise Http404(_("These versions belong to different calendars."))
    if older.number > newer.number:
        older, newer = newer, older
    was, became = unlike(older, newer)
    found = difference(was, became, reasons_of(newer.calendar, was.keys() - became.keys()))
    context = {
        "calendar": newer.calendar,
        "region": newer.calendar.region,
        "older": older,
        "newer": newer,
        "versions": CalendarVersion.objects.visible_to(request.who).filter(calendar=newer.calendar),
        "counts": [(kind, KIND_WORDS[kind], count) for kind, count in found.counts.items()],
        "lines": lines(found),
    }
    return render(request, "approval/difference.html", context)
