"""Issues of central level: what lies with which body, its answer, its way of solution and course by the quarter."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calendars import rules as calendar_rules
from law.periods import period_of
from territories.models import Role
from territories.scope import Who, today

from .. import rules, services
from ..forms.progress import AnswerForm, CourseForm
from ..models import CentralRouting, CourseUpdate, FileKind, RouteState
from ..services.quarterly import quarter_of
from .page import attempt, done, form_page, found
from .uploads import kept

PER_PAGE = 50
READERS = (Role.CENTRAL_BODY, Role.GOVERNMENT, Role.ADMINISTRATION)


def require_reader(who: Who) -> None:
    if who.role not in READERS and not calendar_rules.reads_rows(who):
        raise PermissionDenied(_("Your post does not read issues of central level."))


@require_GET
def central(request: HttpRequest) -> HttpResponse:
    """Per body: what lies with it, what it answered, whether its course was told this quarter (826-5.3)."""
    require_reader(request.who)
    period = period_of("quarter", today())
    quarter = {"year": period.start.year, "quarter": quarter_of(period)}
    fresh = CourseUpdate.objects.filter(routing=OuterRef("pk"), **quarter)
    scope = CentralRouting.objects.visible_to(request.who)
    unit = getattr(request, "unit", None)
    if unit is not None and calendar_rules.reads_rows(request.who):
        scope = scope.under_unit(unit)
    bodies = scope.order_by().values("organisation", "organisation__name_kk", "organisation__name_ru").annotate(
        n=Count("pk"), waiting=Count("pk", filter=Q(state=RouteState.SENT))
    )  # fmt: skip
    rows = scope
    wanted = request.GET.get("body", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        rows = rows.filter(organisation=int(wanted))
    if request.GET.get("state") in RouteState.values:
        rows = rows.filter(state=request.GET["state"])
    rows = rows.annotate(told=Exists(fresh)).select_related("issue__place", "organisation", "unit")
    page = Paginator(rows.order_by("-sent_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Issues of central level"),
        "bodies": list(bodies.order_by("organisation__name_kk")[:200]),
        "chosen": wanted,
        "page": page,
        "rows": list(page.object_list),
        "period": period,
        "mine": request.who.role == Role.CENTRAL_BODY,
        "inside": calendar_rules.reads_rows(request.who),
        "today": today(),
    }
    return render(request, "issues/central.html", context)


def routing_of(request: HttpRequest, pk: int) -> CentralRouting:
    require_reader(request.who)
    rows = CentralRouting.objects.visible_to(request.who)
    return found(rows.select_related("issue__place", "issue__topic", "organisation", "unit", "file"), pk)


@require_GET
def central_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue at one body: the proposal, the answer, the course quarter by quarter."""
    row = routing_of(request, pk)
    context: dict[str, Any] = {
        "title": str(row.issue),
        "routing": row,
        "issue": row.issue,
        "courses": list(row.courses.select_related("by")),
        "may_answer": rules.can_answer(request.who, row),
        "inside": calendar_rules.reads_rows(request.who),
        "today": today(),
    }
    return render(request, "issues/central_one.html", context)


def back_to(row: CentralRouting) -> str:
    return reverse("issues:central_one", args=[row.pk])


def require_answerer(who: Who, row: CentralRouting) -> None:
    if not rules.can_answer(who, row):
        raise PermissionDenied(_("Only the body itself or the office that asked enters its answer."))


@require_http_methods(["GET", "POST"])
def central_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The body answers or returns the issue; the office and the asker are told by letter."""
    row = routing_of(request, pk)
    require_answerer(request.who, row)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {
        "version": row.version, "on": today(), "answer_kk": row.answer_kk, "answer_ru": row.answer_ru,
        "number": row.answer_number,
    }  # fmt: skip
    form = AnswerForm(data, files, initial=initial)
    if data is not None and form.is_valid():
        values = form.cleaned_data

        def act() -> CentralRouting:
            letter = kept(values["file"], field="file", unit=row.unit, kind=FileKind.LETTER, by=request.who)
            return services.answer_central(
                row,
                on=values["on"],
                answer_kk=values["answer_kk"],
                answer_ru=values["answer_ru"],
                number=values["number"],
                file=letter,
                returned=values["returned"],
                seen_version=values["version"] or 0,
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The answer is recorded; the office and the asker are told."), back_to(row))
    return form_page(request, form, title=_("Answer on issue %(issue)s") % {"issue": row.issue}, back=back_to(row))


@require_http_methods(["GET", "POST"])
def central_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Way of solution and course of execution, once a quarter."""
    row = routing_of(request, pk)
    require_answerer(request.who, row)
    last = row.courses.first()
    names = ("way_kk", "way_ru", "course_kk", "course_ru")
    initial = {"on": today()} | ({name: getattr(last, name) for name in names} if last else {})
    form = CourseForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in names}

        def act() -> CourseUpdate:
            return services.update_course(row, on=form.cleaned_data["on"], texts=texts, today=today(), by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The course of this quarter is recorded."), back_to(row))
    return form_page(request, form, title=_("Way of solution and course"), back=back_to(row))
