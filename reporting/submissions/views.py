"""Submissions: what came from the regions and what goes on, each with number, date, registrar and version."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, DutyState
from journal import dates
from law.readings import catalogue
from territories.downloads import download
from territories.models import Organisation, Role, Territory
from territories.models.organisations import OrganisationKind
from territories.scope import Who, today

from .. import queries
from . import contents, documents, services
from .contents import Contents
from .forms import ReceivedForm, RegisterForm
from .models import Dispatch, Kind
from .services import CALENDARS, ContentsChanged

READERS = (Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR, Role.CENTRAL_BODY)
#: Who may look at what was not registered yet.
PREPARERS = (Role.GOVERNMENT, Role.ADMINISTRATOR)


def for_roles(*roles: str):
    """For posts of some roles; others are told so."""

    def decorate(view):
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.who.role not in roles:
                raise PermissionDenied(_("Submissions are read by the Government, the Administration and bodies."))
            return view(request, *args, **kwargs)

        return shown

    return decorate


@require_safe
@for_roles(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Which region has sent its calendar and how it stands; what was registered; what is due next."""
    who, year, now = request.who, request.year, today()
    nation = who.role != Role.CENTRAL_BODY
    rows = queries.desk(year, who=who, today=now, with_held=False) if nation else []
    dispatches = Dispatch.objects.visible_to(who).filter(year=year).select_related("organisation", "registered_by")
    context = {
        "title": _("Submissions, %(year)s") % {"year": year},
        "year": year,
        "today": now,
        "rows": rows,
        "missing": [row.region for row in rows if row.submission_id is None],
        "returned": [row.region for row in rows if row.state == "returned"],
        "dispatches": list(dispatches.defer("data")),
        "duties": duties_of_government(year, now) if nation else [],
        "prepares": who.role in PREPARERS,
        "own_body": who.post.organisation_id if who.role == Role.CENTRAL_BODY else None,
        "quarters": range(1, 5),
    }
    return render(request, "reporting/submissions.html", context)


def duties_of_government(year: int, now: dt.date) -> list[Duty]:
    """The five duties of paragraph 5 with a day, as they stand; one query."""
    lines = (CALENDARS, *(line for pair in contents.LINES.values() for line in pair))
    bodies = Organisation.objects.filter(kind=OrganisationKind.GOVERNMENT).values_list("pk", flat=True)
    ids = [duty_id(Subject.BODY, body, line, f"{year}") for body in bodies for line in lines]
    found = list(Duty.objects.filter(pk__in=ids, cancelled_at=None).with_state(now).order_by("due_on", "pk"))
    for duty in found:
        duty.state_words = DutyState(duty.state).label
    return found


# -- Preparing and registering --------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@for_roles(*PREPARERS)
def calendars(request: HttpRequest) -> HttpResponse:
    """The bundle for the Administration: regions with their versions, and those that are missing (826-5.1)."""
    addressee = Organisation.objects.filter(kind=OrganisationKind.ADMINISTRATION).first()
    if addressee is None:
        raise Http404(_("The Administration of the President is not in the directory of bodies."))
    found = contents.calendars(request.year, who=request.who, today=today())
    return prepared(request, Kind.CALENDARS, addressee, 0, found, {"basis": "826-5.1"})


@require_http_methods(["GET", "POST"])
@for_roles(*PREPARERS)
def issues(request: HttpRequest, month: int) -> HttpResponse:
    """Issues of central level with their proposals for 15 February or 15 August (826-5.2), by a reading of A-04."""
    if month not in contents.LINES:
        raise Http404(_("There is no such list."))
    year = request.year
    chosen = contents.nations_readings(dt.date(year, 1, 1))
    reading = wish(request, "scope", contents.SCOPES, str(chosen["r52_scope"]))
    collector = Organisation.objects.filter(kind=OrganisationKind.GOVERNMENT).first()
    if collector is None:
        raise Http404(_("The Government is not in the directory of bodies."))
    found = contents.issues(year, month, reading=reading)
    scope = contents.scope_of(year, month, reading)
    code = request.GET.get("region", "")
    more = {
        "basis": "826-5.2",
        "month": month,
        "scope": scope,
        "filters": reading_links(request, "scope", "r52_scope", contents.SCOPES, reading),
        "regions": contents.by_region(found.rows),
        "silent": silent_regions(year, found),
        "region_code": code,
        "rows": [row for row in found.data["rows"] if code in ("", row["region"]["code"])],
        "by_choice": reading == str(chosen["r52_scope"]),
    }
    return prepared(request, Kind.ISSUES, collector, month, found, more)


def silent_regions(year: int, found: Contents) -> list[Territory]:
    """Regions without an issue of central level in the list: asked, or truly without one."""
    told = {row["region"]["code"] for row in found.rows}
    regions = Territory.objects.regions().on(dt.date(year, 1, 1)).order_by("code")
    return [region for region in regions if region.code not in told]


@require_safe
@for_roles(*PREPARERS)
def bodies(request: HttpRequest, quarter: int) -> HttpResponse:
    """Each body with the issues of its list in a quarter, those without a course, and what was registered (826-5.3)."""
    year = request.year
    if quarter not in range(1, 5):
        raise Http404(_("A year has four quarters."))
    reading = origin_of(request, year)
    told = Q(courses__year=year, courses__quarter=quarter)
    rows = contents.routed(year, quarter, reading=reading).order_by().values("organisation")
    counts = {
        row["organisation"]: (row["n"], row["told"])
        for row in rows.annotate(n=Count("pk", distinct=True), told=Count("pk", filter=told, distinct=True))
    }
    registered = Dispatch.objects.filter(kind=Kind.BODY, year=year, part=quarter).order_by("number")
    newest = {row.organisation_id: row for row in registered.defer("data")}
    found = Organisation.objects.filter(pk__in=counts.keys() | newest.keys()).order_by("name_kk")
    context = {
        "title": _("Lists of central bodies, %(period)s") % {"period": dates.period(f"{year}-Q{quarter}")},
        "year": year,
        "quarter": quarter,
        "quarters": range(1, 5),
        "rows": [(body, *counts.get(body.pk, (0, 0)), newest.get(body.pk)) for body in found],
        "filters": reading_links(request, "origin", "r53_origin", contents.ORIGINS, reading),
        "reading": reading,
    }
    return render(request, "reporting/bodies.html", context)


@require_http_methods(["GET", "POST"])
@for_roles(*PREPARERS, Role.CENTRAL_BODY)
def body(request: HttpRequest, quarter: int, pk: int) -> HttpResponse:
    """The list of one body: issues with ways of solution and course (826-5.3), by a reading of A-24."""
    own = request.who.post.organisation_id if request.who.role == Role.CENTRAL_BODY else pk
    organisation = get_object_or_404(Organisation, pk=pk)
    if own != pk or quarter not in range(1, 5):
        raise Http404(_("There is no such list."))
    reading = origin_of(request, request.year)
    found = contents.body(organisation, request.year, quarter, reading=reading)
    more = {
        "basis": "826-5.3",
        "quarter": quarter,
        "body": organisation,
        "filters": reading_links(request, "origin", "r53_origin", contents.ORIGINS, reading),
    }
    return prepared(request, Kind.BODY, organisation, quarter, found, more)


def wish(request: HttpRequest, name: str, known: tuple[str, ...], default: str) -> str:
    value = request.GET.get(name, "")
    return value if value in known else default if default in known else known[0]


def origin_of(request: HttpRequest, year: int) -> str:
    return wish(request, "origin", contents.ORIGINS, str(contents.nations_readings(dt.date(year, 1, 1))["r53_origin"]))


def reading_links(
    request: HttpRequest, name: str, key: str, known: tuple[str, ...], chosen: str
) -> list[tuple[str, str, bool]]:
    """The readings as a filter: address, words, whether it is the shown one."""
    language = dates.language()
    titles = catalogue()[key].values
    found = []
    for code in known:
        query = request.GET.copy()
        query[name] = code
        found.append((f"?{query.urlencode()}", titles[code][language], code == chosen))
    return found


def prepared(
    request: HttpRequest,
    kind: str,
    organisation: Organisation,
    part: int,
    found: Contents,
    more: dict[str, Any],
) -> HttpResponse:
    """The contents as they are now with the form that registers them; 409 where they changed meanwhile."""
    who = request.who
    earlier = Dispatch.objects.filter(kind=kind, organisation=organisation, year=request.year, part=part)
    versions = list(earlier.select_related("registered_by").defer("data").order_by("-number"))
    registers = services.may_register(who, kind, organisation)
    status = 200
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        later=bool(versions),
        holes=bool(found.missing),
        initial={"letter_date": today(), "seen": found.sha256},
    )
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data
            try:
                dispatch = services.register(
                    kind, organisation, request.year, part, found, today=today(), by=who, **values
                )
            except ContentsChanged:
                text = _("The contents have changed since you opened the page. They are shown anew: look and confirm.")
                form = fresh(request, form, found, text)
                status = 409
            except ValidationError as error:
                add_errors(form, error)
                status = 422
            else:
                messages.success(request, _("Registered under number %(n)s.") % {"n": dispatch.letter_number})
                return redirect("reporting:dispatch", dispatch.pk)
        else:
            status = 422
    context = {
        "title": Dispatch(kind=kind, year=request.year, part=part, number=len(versions) + 1).title(organisation),
        "kind": kind,
        "organisation": organisation,
        "year": request.year,
        "found": found,
        "rows": found.data["rows"],
        "ru": dates.language() == "ru",
        "versions": versions,
        "form": form,
        "registers": registers,
        "today": today(),
        "reading": found.reading,
    } | more
    return render(request, "reporting/prepare.html", context, status=status)


def fresh(request: HttpRequest, form: RegisterForm, found: Contents, text: str) -> RegisterForm:
    """What was typed, beside the digest of the contents that are shown now."""
    data = request.POST.copy()
    data["seen"] = found.sha256
    again = RegisterForm(data, kind=form.kind, later="reason" in form.fields, holes=bool(found.missing))
    again.add_error(None, text)
    return again


def add_errors(form: RegisterForm | ReceivedForm, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


# -- One dispatch ---------------------------------------------------------------------------------
def dispatch_or_404(request: HttpRequest, pk: int) -> Dispatch:
    rows = Dispatch.objects.visible_to(request.who).select_related("organisation", "registered_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@for_roles(*READERS)
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """A registered document: its contents as they were, its files, its versions."""
    return shown(request, dispatch_or_404(request, pk), None)


def shown(request: HttpRequest, found: Dispatch, form: ReceivedForm | None, status: int = 200) -> HttpResponse:
    who: Who = request.who
    receives = found.kind == Kind.CALENDARS and not found.incoming_number
    receives = receives and who.role in (Role.GOVERNMENT, Role.ADMINISTRATION)
    others = Dispatch.objects.visible_to(who).filter(
        kind=found.kind, year=found.year, part=found.part, organisation=found.organisation
    )
    if receives and form is None:
        form = ReceivedForm(initial={"incoming_date": today(), "lock": found.lock})
    context = {
        "title": found.title(found.organisation),
        "dispatch": found,
        "rows": found.data["rows"],
        "missing": found.data["missing"],
        "missing_words": documents.missing_words(found),
        "missing_names": documents.names_of(found, found.data["missing"], "ru" if dates.language() == "ru" else "kk"),
        "versions": list(others.defer("data").order_by("-number")),
        "lines": [(line, line in found.proved) for line in services.lines_of(found)],
        "receive_form": form,
        "visible_versions": who.role != Role.CENTRAL_BODY,
        "ru": dates.language() == "ru",
        "today": today(),
    }
    return render(request, "reporting/dispatch.html", context, status=status)


@require_POST
@for_roles(Role.GOVERNMENT, Role.ADMINISTRATION)
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """The incoming number of the Administration."""
    found = dispatch_or_404(request, pk)
    form = ReceivedForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.receive(
                found,
                incoming_number=values["incoming_number"],
                incoming_date=values["incoming_date"],
                seen=values["lock"],
                today=today(),
                by=request.who,
            )
        except services.AlreadyReceived as clash:
            add_errors(form, clash)
            return shown(request, clash.row, form, status=409)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The incoming number is entered."))
            return redirect("reporting:dispatch", pk)
    return shown(request, found, form, status=422)


@require_safe
@for_roles(*READERS)
def letter(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The letter with its list as a Word file."""
    if language not in documents.LANGUAGES:
        raise Http404(_("The letter is written in Kazakh and in Russian."))
    found = dispatch_or_404(request, pk)
    name = f"{documents.file_name(found)}-{language}.docx"
    return download(documents.letter(found, language), name=name, content_type=documents.DOCX)


@require_safe
@for_roles(*READERS)
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive with the letters and each calendar as approved, once the clock has put it together."""
    found = dispatch_or_404(request, pk)
    if not found.bundle:
        if found.kind != Kind.CALENDARS:
            raise Http404(_("Only calendars are put together as an archive."))
        messages.info(request, _("The archive is being put together; look again in a minute."))
        return redirect(reverse("reporting:dispatch", args=[pk]))
    with found.bundle.open("rb") as file:
        data = file.read()
    return download(data, name=f"{documents.file_name(found)}.zip", content_type="application/zip")
