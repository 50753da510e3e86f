"""The register of demands of the population, and meetings outside the calendar."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calendars.models import Meeting
from territories.scope import inside, today

from .. import rules, services
from ..forms.demands import AnswerForm, DemandForm, OffCalendarForm
from ..models import Demand, DemandAnswer, FileKind
from .page import (
    attempt,
    done,
    form_page,
    found,
    posted,
    require_office,
    require_reader,
    unit_of,
)
from .preparation import stored
from .requests import meetings_of, office_of, units_url

PAGE_SIZE = 40


@require_GET
def demands(request: HttpRequest) -> HttpResponse:
    """Who demanded a meeting, when, how many, and what was answered; meetings outside the calendar beside."""
    require_reader(request.who)
    unit = unit_of(request)
    rows = Demand.objects.visible_to(request.who).filter(inside(unit.path, "unit", "place"))
    rows = rows.select_related("place", "unit", "meeting__place", "letter")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    meetings = Meeting.objects.visible_to(request.who).filter(inside(unit.path, "holder"), off_calendar=True)
    context = {
        "title": _("Demands for a meeting"),
        "unit": unit,
        "page": page,
        "rows": list(page),
        "meetings": list(meetings.select_related("place", "holder").order_by("-date")[:40]),
        "may_enter": rules.answers_for(request.who, office_of(unit)),
        "today": today(),
    }
    return render(request, "issues/demands.html", context)


def back() -> str:
    return reverse("issues:demands")


@require_http_methods(["GET", "POST"])
def demand_add(request: HttpRequest) -> HttpResponse:
    require_reader(request.who)
    unit = office_of(unit_of(request))
    require_office(request.who, unit)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"place": unit, "received_on": today()}
    form = DemandForm(data, files, unit=unit, search_url=units_url(unit), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("number", "who", "people", "text")}

        def act() -> Demand:
            letter = stored(request, form, "letter", unit, FileKind.LETTER)
            return services.register_demand(
                unit,
                place=form.cleaned_data["place"],
                received_on=form.cleaned_data["received_on"],
                values=values | {"letter": letter},
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The demand is registered."), back())
    return form_page(request, form, title=_("Demand for a meeting"), back=back())


@require_http_methods(["GET", "POST"])
def demand_answer(request: HttpRequest, pk: int) -> HttpResponse:
    require_reader(request.who)
    row = found(Demand.objects.visible_to(request.who).select_related("unit"), pk)
    require_office(request.who, row.unit)
    initial = {
        "answer": row.answer if row.answer != DemandAnswer.OPEN else "granted",
        "meeting": row.meeting_id,
        "answered_on": row.answered_on or today(),
        "answer_text": row.answer_text,
        "version": row.version,
    }
    form = AnswerForm(posted(request), meetings=meetings_of(row.unit, request.who), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Demand:
            return services.answer_demand(
                row,
                answer=data["answer"],
                on=data["answered_on"],
                text=data["answer_text"],
                meeting=data["meeting"] if data["answer"] == DemandAnswer.GRANTED else None,
                seen_version=data["version"] or 0,
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The answer is recorded."), back())
    return form_page(request, form, title=_("Answer to the demand"), back=back(), lead=row.who)


@require_http_methods(["GET", "POST"])
def off_calendar(request: HttpRequest) -> HttpResponse:
    """Plan a meeting outside the calendar; short notice is shown as such, never hidden."""
    require_reader(request.who)
    unit = office_of(unit_of(request))
    require_office(request.who, unit)
    open_demands = Demand.objects.visible_to(request.who).filter(unit=unit, answer=DemandAnswer.OPEN)
    given = request.GET.get("demand", "")
    initial = {"place": unit, "demand": int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None}
    form = OffCalendarForm(
        posted(request), unit=unit, demands=open_demands, search_url=units_url(unit), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        names = ("date", "time", "address", "planned_minutes")
        values = {"place_id": data["place"].pk} | {name: data[name] for name in names}

        def act() -> Meeting:
            return services.plan_off_calendar(
                unit, values=values, reason=data["reason"], demand=data["demand"], today=today(), by=request.who
            )

        made = attempt(form, act)
        if made is not None:
            text = _("The meeting is planned. Announce it now: its window is counted like that of every meeting.")
            return done(request, text, reverse("issues:preparation", args=[made.pk]))
    return form_page(request, form, title=_("Meeting outside the calendar"), back=back(), button=_("Plan the meeting"))
