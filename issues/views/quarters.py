"""Quarterly information on the progress of issues: drafted, edited, frozen, published at both places."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deadlines.legal import LegalDay, Question
from law import workdays
from law.periods import Period, periods
from law.register import NormTextMissing, NoRuleInForce, rule
from territories.models import Territory
from territories.scope import today

from .. import looking, rules, services
from ..duties.quarterly import PLACES, PROGRESS
from ..forms.publishing import QuarterForm, ReasonForm
from ..models import Channel, FileKind, Publication, QuarterlyReport, QuarterState
from .page import attempt, done, form_page, found, require_office, require_reader, unit_of
from .publication import publish_form
from .uploads import kept


def counted(unit: Territory, quarter: Period) -> LegalDay | None:
    """By which day the information of a quarter is published; None where the rule or the days off are not held."""
    try:
        line = rule(PROGRESS, quarter.end)
        first = dt.date(quarter.start.year, 1, 1)
        question = Question(line, {"period.end": quarter.end}, unit.region_id or unit.pk, first)
        return question.day(question.counted())
    except (NoRuleInForce, NormTextMissing, workdays.YearMissing):
        return None


@require_GET
def quarters(request: HttpRequest) -> HttpResponse:
    """The four quarters of the chosen year for the akim of the chosen unit: what is owed, what stands where."""
    require_reader(request.who)
    unit, day = unit_of(request), today()
    year = request.year
    reports: dict[int, list[QuarterlyReport]] = {}
    rows = QuarterlyReport.objects.visible_to(request.who).filter(unit=unit, year=year).order_by("-number")
    for report in rows:
        reports.setdefault(report.quarter, []).append(report)
    stands: dict[int, list[Publication]] = {}
    for row in Publication.objects.filter(quarterly__in=rows).select_related("channel"):
        stands.setdefault(row.quarterly_id, []).append(row)
    lines = []
    for number, quarter in enumerate(periods("quarter", year), 1):
        mine = reports.get(number, [])
        due = counted(unit, quarter)
        lines.append(
            {
                "number": number,
                "period": quarter,
                "over": quarter.end < day,
                "begun": quarter.start <= day,
                "due": due,
                "reports": [(report, stands.get(report.pk, [])) for report in mine],
                "owed": services.issues_for(unit, quarter).count() if quarter.start <= day else 0,
            }
        )
    context = {
        "title": _("Quarterly information"),
        "unit": unit,
        "year": year,
        "lines": lines,
        "may_edit": rules.answers_for(request.who, unit) and unit.own_akim,
        "today": day,
    }
    return render(request, "issues/quarters.html", context)


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft the information of a quarter from the data; what is there already is opened."""
    unit = unit_of(request)
    require_office(request.who, unit)
    number = request.POST.get("quarter", "")
    if number not in ("1", "2", "3", "4"):
        raise Http404
    report = services.draft_quarter(unit, year=request.year, quarter=int(number), by=request.who)
    return done(request, _("The draft is made from the progress that was told."), address(report))


def address(report: QuarterlyReport) -> str:
    return reverse("issues:quarter", args=[report.pk])


def report_of(request: HttpRequest, pk: int) -> QuarterlyReport:
    require_reader(request.who)
    return found(QuarterlyReport.objects.visible_to(request.who).select_related("unit"), pk)


@require_http_methods(["GET", "POST"])
def quarter(request: HttpRequest, pk: int) -> HttpResponse:
    """The report: words of the office and the progress of each issue, in both languages."""
    report = report_of(request, pk)
    if request.method == "POST":
        require_office(request.who, report.unit)
    form = form_of(report, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("text_kk", "text_ru")}
        seen = form.cleaned_data["version"] or 0

        def act() -> QuarterlyReport:
            return services.edit_quarter(report, values=values, rows=form.row_texts, seen_version=seen, by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The draft is saved."), address(report))
    return page(request, report, form, getattr(form, "status", 422 if form.is_bound and not form.is_valid() else 200))


def form_of(report: QuarterlyReport, data: Any = None) -> QuarterForm:
    rows = list(report.rows.select_related("issue__place", "issue__unit"))
    initial = {"text_kk": report.text_kk, "text_ru": report.text_ru, "version": report.version}
    return QuarterForm(data, rows=rows, initial=initial)


def page(request: HttpRequest, report: QuarterlyReport, form: QuarterForm, status: int = 200) -> HttpResponse:
    office = rules.answers_for(request.who, report.unit)
    places = services.mandatory_places(PLACES, region_id=report.region_id, on=dt.date(report.year, 1, 1))
    there = list(report.publications.select_related("channel", "copy"))
    names = {channel.code: channel.name() for channel in Channel.objects.all()}
    groups = [
        {
            "name": ", ".join(names.get(code, code) for code in codes),
            "code": codes[0],
            "rows": [row for row in there if row.channel.code in codes],
        }
        for codes in places
    ]
    period = periods("quarter", report.year)[report.quarter - 1]
    context: dict[str, Any] = {
        "title": _("Quarterly information"),
        "report": report,
        "form": form,
        "rows": form.rows,
        "editing": office and report.state == QuarterState.DRAFT,
        "office": office,
        "over": period.end < today(),
        "groups": groups,
        "due": counted(report.unit, period),
        "today": today(),
    }
    return render(request, "issues/quarter.html", context, status=status)


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    report = report_of(request, pk)
    require_office(request.who, report.unit)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    try:
        services.freeze_quarter(report, seen_version=seen, today=today(), by=request.who)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return done(request, "", address(report))
    except services.Conflict as clash:
        # Nothing was typed here: the page shows the report as the other person left it.
        messages.error(request, str(clash))
        return page(request, report, form_of(report), 409)
    return done(request, _("The information is frozen. Now record both places where it stands."), address(report))


@require_http_methods(["GET", "POST"])
def redraft(request: HttpRequest, pk: int) -> HttpResponse:
    """The next number beside a frozen report, with the reason of the change."""
    report = report_of(request, pk)
    require_office(request.who, report.unit)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = attempt(form, lambda: services.redraft_quarter(report, reason=reason, by=request.who))
        if made is not None:
            return done(request, _("The next number is drafted; the frozen one stays."), address(made))
    return form_page(request, form, title=_("Draft the next number"), back=address(report))


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen report stands at a place: the official resource, the e-government portal."""
    report = report_of(request, pk)
    require_office(request.who, report.unit)
    form = publish_form(request, Channel.objects.filter(quarterly=True))
    if form.is_bound and form.is_valid():

        def act() -> Publication:
            link = looking.address(report) if form.cleaned_data["own_page"] else form.cleaned_data["link"]
            copy = kept(form.cleaned_data["copy"], field="copy", unit=report.unit, kind=FileKind.COPY, by=request.who)
            return services.publish_quarter(
                report, channel=form.cleaned_data["channel"], published_at=form.published_at, link=link, copy=copy,
                own_page=form.cleaned_data["own_page"], by=request.who,
            )  # fmt: skip

        if attempt(form, act) is not None:
            return done(request, _("The place is recorded."), address(report))
    return form_page(request, form, title=_("Where the quarterly information stands"), back=address(report))
