"""The page of one uploaded file: being read, its preview, and the two ways out: take it over or give it up."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from territories.downloads import download
from territories.models import Territory
from territories.scope import today

from .. import exporting, rules, services
from ..models import ImportJob
from ..models.transfer import OPEN_IMPORTS, ImportState
from ..services import importing
from ..views.chosen import Chosen, tabs
from ..workbook import guard, reader
from ..workbook.findings import Finding, Findings
from ..workbook.remarks import remarks_workbook
from .preview import Preview
from .upload import begin


def about_of(request: HttpRequest, pk: int, *, light: bool = True) -> tuple[Chosen, ImportJob]:
    """The job within the reader's scope, and the calendar that it is about, whatever is chosen elsewhere.

    `light`: its rows and findings are fetched only if they are asked for.
    """
    who = request.who
    if not rules.reads_rows(who):
        raise PermissionDenied(_("Your post reads approved calendars, not the rows that are being planned."))
    jobs = ImportJob.objects.visible_to(who).select_related("calendar__region", "created_by", "step")
    if not 0 < pk < 2**63:
        raise Http404
    if light:
        jobs = jobs.defer("rows", "findings")
    found = get_object_or_404(jobs, pk=pk)
    region: Territory = found.calendar.region
    own = who.territory
    unit = own if own is not None and own.path.startswith(region.path) else region
    return Chosen(who=who, unit=unit, region=region, year=found.calendar.year), found


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    about, found = about_of(request, pk, light=False)
    return page(request, about, found)


def page(
    request: HttpRequest, about: Chosen, found: ImportJob, *, problem: str = "", status: int = 200
) -> HttpResponse:
    reading = found.state == ImportState.READING
    is_mine = found.created_by_id == (about.who.user.pk if about.who.user else None)
    context = {
        "about": about,
        "job": found,
        "reading": reading,
        "open": found.state in OPEN_IMPORTS,
        "mine": is_mine and found.created_under_id == (about.who.post.pk if about.who.post else None),
        "problem": problem,
        "stale": found.state == ImportState.READY and about.calendar.version != found.calendar_version,
        "others": others(found, about) if found.state in OPEN_IMPORTS else [],
        "preview": None if reading else Preview(found, request.GET),
        "undo": undo_address(found, about),
        "tabs": tabs(about, ""),
    }
    return render(request, "calendars/transfer/job.html", context, status=status)


def others(found: ImportJob, about: Chosen) -> list[ImportJob]:
    """Files that other people have waiting for the same calendar (the second of two is told of the first)."""
    rows = ImportJob.objects.filter(calendar=found.calendar, state__in=OPEN_IMPORTS).exclude(pk=found.pk)
    rows = rows.exclude(created_by=found.created_by_id).select_related("created_by").defer("rows", "findings")
    return list(rows[:5]) if about.of_region else []


def undo_address(found: ImportJob, about: Chosen) -> str:
    step = found.step
    own = step is not None and about.who.user is not None and step.user_id == about.who.user.pk
    return about.url("undo", step.pk) if own and not step.undone_at else ""


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second while a file is being read; when it is, the page is asked for anew."""
    about, found = about_of(request, pk)
    if found.state != ImportState.READING:
        return HttpResponseClientRefresh()
    return render(request, "calendars/transfer/_status.html", {"about": about, "job": found})


@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    about, found = about_of(request, pk)
    try:
        outcome = importing.commit(found, by=about.who)
    except (importing.CalendarChanged, importing.AlreadyLoaded) as reason:
        return page(request, about, found, problem=str(reason), status=409)
    except (services.WallHit, services.Conflict) as reason:
        text = _("Nothing was taken over: %(reason)s Have the file read again.") % {"reason": reason}
        return page(request, about, found, problem=text, status=409)
    except ValidationError as reason:
        return page(request, about, found, problem=" ".join(reason.messages), status=409)
    count = len(outcome.meetings)
    if count:
        text = ngettext("%(count)s meeting was taken over.", "%(count)s meetings were taken over.", count)
        messages.success(request, text % {"count": count})
    return back(found)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file once more, with the readings that the person has agreed to."""
    about, found = about_of(request, pk)
    try:
        found = importing.again(found, accepted=request.POST.getlist("accept"), by=about.who)
    except ValidationError as reason:
        return page(request, about, found, problem=" ".join(reason.messages), status=409)
    try:
        begin(found, guard.inspect(found.content(), found.file_name))
    except FileNotFoundError:
        # Reading says so, where it is looked for.
        importing.read(found.pk, today=today())
    return back(found)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    about, found = about_of(request, pk)
    importing.drop(found, by=about.who)
    messages.info(request, _("The file “%(file)s” was given up; nothing was changed.") % {"file": found.file_name})
    return HttpResponseRedirect(about.url("import"))


def back(found: ImportJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("calendars:import_job", args=[found.pk]))


@require_GET
def remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own file with what is wrong beside each row."""
    _about, found = about_of(request, pk)
    try:
        content = found.content()
    except FileNotFoundError as gone:
        raise Http404(_("The uploaded file is no longer there.")) from gone
    inspection = guard.inspect(content, found.file_name)
    workbook = reader.read(inspection)
    findings = Findings(sheet.name for sheet in workbook.sheets) if workbook else Findings()
    findings.extend(Finding.from_dict(each) for each in found.findings)
    name = f"{Path(found.file_name).stem} - {_('remarks')}.xlsx"
    return download(remarks_workbook(content, findings, workbook), name=name, content_type=exporting.XLSX)
