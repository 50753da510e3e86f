"""Issues: the list with its filters, the page that tells one from top to bottom, its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from calendars import rules as calendar_rules
from journal.paging import PLACE, KeyPaginator
from territories.models import Organisation
from territories.scope import today

from .. import rules, services
from ..forms.progress import ANY, CloseForm, DisputeForm, IssueFilters, RouteForm
from ..models import CentralRouting, Closing, DueChange, FileKind, Issue, IssueRemark, ItemState, Topic
from ..models.issues import NATIONAL_LEVELS
from ..models.topics import Proof
from ..queries import origin_counts, standing_of_issues
from ..services.central import BODIES
from ..story import items_of, story
from .page import attempt, done, form_page, found, require_office, require_reader, unit_of
from .uploads import kept_all

PER_PAGE = 50
#: Columns of a topic that its name is made of.
NAMES = ("name_kk", "name_ru", "name_en")


def week_end(day: dt.date) -> dt.date:
    """The Sunday of the week."""
    return day + dt.timedelta(days=6 - day.weekday())


def topic_choices(region_id: int) -> list[tuple[Any, Any]]:
    """The region's topics, one flat list; each two-level heading before its topics."""
    return [ANY, *((row.pk, row.name()) for row in Topic.objects.for_region(region_id).only(*NAMES))]


@require_GET
def issues(request: HttpRequest) -> HttpResponse:
    """Problem issues of the chosen unit and below it: the newest first, narrowed by filters of the address."""
    require_reader(request.who)
    unit, day = unit_of(request), today()
    scope = Issue.objects.standing().visible_to(request.who).under_unit(unit)
    filters = IssueFilters(request.GET, topics=topic_choices(unit.region_id or unit.pk))
    rows = filters.narrow(scope, day, week_end(day))
    whole = Issue.objects.select_related("place", "topic", "unit")
    page = KeyPaginator(rows, PER_PAGE, order=("-raised_on", "-pk"), whole=whole).page_of(request.GET)
    listed = list(page.object_list)
    counts = origin_counts(row.pk for row in listed)
    for row in listed:
        row.asked = counts.get(row.pk, 0)
    context = {
        "title": _("Issues"),
        "may_import": rules.answers_for(request.who, unit),
        "unit": unit,
        "filters": filters,
        "filtered": any(value for name, value in request.GET.items() if name not in PLACE),
        "page": page,
        "issues": listed,
        "standing": standing_of_issues(scope, day, week_end(day)),
        "today": day,
    }
    return render(request, "issues/issues.html", context)


def issue_of(request: HttpRequest, pk: int) -> Issue:
    """An issue within the reader's scope, else 404."""
    rows = Issue.objects.visible_to(request.who).select_related(
        "unit", "place", "topic", "meeting__place", "meeting__holder", "joined_into"
    )
    return found(rows, pk)


@require_GET
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, promised, put off, done and said; at the side who does what by when."""
    row = issue_of(request, pk)
    office = rules.answers_for(request.who, row.unit)
    inside = calendar_rules.reads_rows(request.who)
    items = [item for item in items_of(row) if inside or rules.is_executor_of(request.who, item)]
    routings = CentralRouting.objects.visible_to(request.who).filter(issue=row).select_related("organisation")
    waiting = DueChange.objects.filter(item__issue=row, state="asked").select_related("item", "unit")
    context = {
        "title": f"{row}",
        "issue": row,
        "story": story(row, inside=inside),
        "items": [item for item in items if item.state != ItemState.DRAFT],
        "routings": list(routings),
        "waiting": list(waiting) if office else [],
        "remarks": list(IssueRemark.objects.visible_to(request.who).filter(issue=row)) if inside else [],
        "asked": origin_counts([row.pk]).get(row.pk, 0),
        "office": office,
        "inside": inside,
        "may_close": rules.can_close(request.who, row),
        "may_dispute": office and rules.can_dispute(row),
        "may_route": rules.can_route(request.who, row) and row.level in NATIONAL_LEVELS,
        "proof": Proof(row.topic.proof).label if row.topic else Proof(Proof.TEXT).label,
        "today": today(),
    }
    return render(request, "issues/issue.html", context)


def back_to(row: Issue) -> str:
    return reverse("issues:issue", args=[row.pk])


@require_http_methods(["GET", "POST"])
def issue_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The office confirms the end; "done" asks for the proof that the topic names."""
    row = issue_of(request, pk)
    require_office(request.who, row.unit)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CloseForm(data, files, initial={"version": row.version, "on": today()})
    if data is not None and form.is_valid():
        values = form.cleaned_data

        def act() -> Closing:
            stored = kept_all(values["files"], field="files", unit=row.unit, kind=FileKind.PROOF, by=request.who)
            return services.close_issue(
                row,
                kind=values["kind"],
                on=values["on"],
                text_kk=values["text_kk"],
                text_ru=values["text_ru"],
                files=stored,
                seen_version=values["version"] or 0,
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The issue is closed."), back_to(row))
    lead = ""
    if row.topic and row.topic.proof != Proof.TEXT:
        lead = _("“Done” needs for this topic: %(proof)s.") % {"proof": row.topic.get_proof_display()}
    return form_page(
        request, form, title=_("Close issue %(issue)s") % {"issue": row}, back=back_to(row), lead=lead,
        button=_("Confirm"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def issue_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed issue again with its old days and slips."""
    row = issue_of(request, pk)
    require_office(request.who, row.unit)
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["text"]
        if attempt(form, lambda: services.dispute(row, request=None, text=words, today=today(), by=request.who)):
            return done(request, _("The issue is open again; its old days stand."), back_to(row))
    return form_page(
        request, form, title=_("Open issue %(issue)s again") % {"issue": row}, back=back_to(row),
        button=_("Open again"), lead=_("The days promised before stand; no slip is taken back."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def issue_route(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an issue of central level to a body, holding or company with the proposal for solving it."""
    row = issue_of(request, pk)
    require_office(request.who, row.unit)
    bodies = Organisation.objects.filter(kind__in=BODIES).order_by("kind", "pk")
    form = RouteForm(request.POST if request.method == "POST" else None, bodies=bodies, initial={"sent_on": today()})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        body = values.pop("organisation")

        def act() -> CentralRouting:
            return services.route_central(row, body, **values, today=today(), by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The issue is sent to the body."), back_to(row))
    return form_page(
        request, form, title=_("Send issue %(issue)s to a central body") % {"issue": row}, back=back_to(row),
        button=pgettext("button", "Send"),
    )  # fmt: skip
