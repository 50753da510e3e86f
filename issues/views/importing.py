"""Tables of offices: brought, their columns confirmed, looked at, taken in; one page for the four kinds."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from calendars.models import Meeting
from calendars.workbook import guard
from calendars.workbook.findings import Finding, Severity
from calendars.workbook.messages.table import REPAIRS
from calendars.workbook.words import language
from territories.downloads import download
from territories.models import Territory
from territories.scope import today

from .. import rules, sheets, tasks
from ..forms.imports import ColumnsForm, TableForm
from ..models import TableImport, TableKind, TableState
from ..sealing import KeyMissing
from ..services import importing
from ..services.files import XLSX
from ..services.importing import layout as layouts
from ..services.importing.columns import template_of
from ..services.importing.meaning import columns_missing
from .page import found, require_office, require_reader, unit_of
from .requests import meetings_of, office_of

#: Tables and findings that a page lists.
PAST_SHOWN, FINDINGS_SHOWN = 20, 500
#: Where the rows of a kind are seen.
LISTS = {
    TableKind.REQUESTS: "issues:requests",
    TableKind.ISSUES: "issues:issues",
    TableKind.PLAN: "issues:items",
    TableKind.PROGRESS: "issues:items",
}


def own_office(request: HttpRequest) -> Territory:
    """The office for which the person brings tables; for an executor the unit of his post."""
    if rules.brings_own(request.who):
        return office_of(request.who.territory)
    require_reader(request.who)
    office = office_of(unit_of(request))
    require_office(request.who, office)
    return office


def kinds_of(request: HttpRequest) -> list[TableKind]:
    """Kinds that the person may bring."""
    return [TableKind.PROGRESS] if rules.brings_own(request.who) else list(TableKind)


def kind_of(word: str) -> TableKind:
    try:
        return TableKind(word)
    except ValueError as error:
        raise Http404 from error


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """GET: bring a table, take an empty one, see what was brought. POST: the guard looks, the columns are proposed."""
    office, kinds = own_office(request), kinds_of(request)
    asked = request.GET.get("kind", "")
    first = {"kind": asked if asked in kinds else kinds[0], "meeting": request.GET.get("meeting")}
    form = TableForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial=first,
        use_required_attribute=False,
    )
    form.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
    if TableKind.REQUESTS in kinds:
        form.fields["meeting"].queryset = meetings_of(office, request.who)
    else:
        del form.fields["meeting"]
    findings: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        meeting: Meeting | None = given.get("meeting") if given["kind"] == TableKind.REQUESTS else None
        inspection = guard.inspect(given["file"], given["file"].name)
        try:
            job = importing.receive(inspection, kind=given["kind"], unit=office, meeting=meeting, by=request.who)
        except importing.Refused as refusal:
            findings = refusal.findings.shown
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            return HttpResponseRedirect(reverse("issues:import_columns", args=[job.pk]))
    past = TableImport.objects.visible_to(request.who).defer("findings", "wrong")
    context = {
        "title": _("Tables from Excel"),
        "form": form,
        "office": office,
        "findings": findings,
        "own": rules.brings_own(request.who),
        "kinds": [(kind.value, kind.label, HELP[kind]()) for kind in kinds],
        "past": list(past[:PAST_SHOWN]),
    }
    return render(request, "issues/imports/list.html", context, status=422 if request.method == "POST" else 200)


HELP = {
    TableKind.REQUESTS: lambda: _("Day, channel, what is asked; place, topic and who asks if there is a consent."),
    TableKind.ISSUES: lambda: _("Day, the issue in Kazakh or in Russian; place, topic, level, day of the meeting."),
    TableKind.PLAN: lambda: _("Open issues of the office that have no measure yet: fill in measure, day, executor."),
    TableKind.PROGRESS: lambda: _("Open items, one a row: fill in day, state and what was done."),
}


def table_of(request: HttpRequest, pk: int) -> TableImport:
    """A table that the person brought himself under this post; else 404, as for one that does not exist."""
    if not rules.brings_own(request.who):
        require_reader(request.who)
    rows = TableImport.objects.visible_to(request.who)
    return found(rows.select_related("unit", "region", "sheet", "meeting__place"), pk)


def back(job: TableImport) -> HttpResponse:
    return HttpResponseRedirect(reverse("issues:import", args=[job.pk]))


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column means what: proposed from the headings and from last time. POST: the file is read so."""
    job = table_of(request, pk)
    if not job.waits_for_word:
        return back(job)
    try:
        workbook, layout = importing.first_look(job, sheet=request.GET.get("sheet", ""), row=number(request, "row"))
    except FileNotFoundError as gone:
        raise Http404(_("The uploaded file is no longer there. Bring it again.")) from gone
    except KeyMissing:
        importing.note_damage(job, by=request.who)
        return back(job)
    template = template_of(job.kind)
    form = ColumnsForm(layouts.proposed(workbook, layout), template, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        layout.columns = form.chosen()
        for group in columns_missing(job.kind, layout.columns) if not form.errors else ():
            names = " / ".join(template.column(key).headings[language()] for key in group)
            form.add_error(None, _("Choose the column for: %(names)s.") % {"names": names})
        if not form.errors:
            importing.choose_columns(job, layout, by=request.who)
            work(job)
            return back(job)
    needed = [
        " / ".join(template.column(key).headings[language()] for key in group)
        for group in columns_missing(job.kind, {})
    ]
    context = {
        "title": _("Columns of the table"),
        "job": job,
        "form": form,
        "layout": layout,
        "needed": needed,
        "sheets": [sheet.name for sheet in workbook.sheets] if len(workbook.sheets) > 1 else [],
        "query": request.GET.urlencode(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "issues/imports/columns.html", context, status=status)


def number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def work(job: TableImport) -> None:
    """Small tables at once, large ones by the worker while the page shows how far it is."""
    if importing.is_quick(job):
        importing.work(job.pk, today=today())
    else:
        tasks.ask_to_work(job.pk)


@require_GET
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Being read, what it would enter and what is wrong, being taken in, done."""
    job = table_of(request, pk)
    if job.state == TableState.COLUMNS:
        return HttpResponseRedirect(reverse("issues:import_columns", args=[pk]))
    return page(request, job)


def page(request: HttpRequest, job: TableImport, *, problem: str = "", status: int = 200) -> HttpResponse:
    kept = [each for each in job.findings if each["severity"] == Severity.ERROR]
    others = [each for each in job.findings if each["severity"] != Severity.ERROR]
    template = template_of(job.kind)
    chosen = layouts.Layout.from_dict(job.layout)
    context = {
        "title": job.file_name,
        "job": job,
        "problem": problem,
        "errors": [Finding.from_dict(each) for each in kept[:FINDINGS_SHOWN]],
        "more": max(0, job.counts.get("errors", 0) - FINDINGS_SHOWN),
        "notes": [Finding.from_dict(each) for each in others[:FINDINGS_SHOWN]],
        "repairs": [
            str(REPAIRS[name]) % {"count": count}
            for name, count in sorted(job.facts.get("repairs", {}).items())
            if name in REPAIRS
        ],
        "mapping": [
            (heading, next((template.column(k).headings[language()] for k, n in chosen.columns.items() if n == at), ""))
            for at, heading in sorted(chosen.headings.items())
        ],
        "has_file": bool(job.sheet.file),
        "left": job.expected - job.progress,
        "list_url": reverse(LISTS[TableKind(job.kind)]),
    }
    return render(request, "issues/imports/table.html", context, status=status)


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second while a worker has it; when that ends, the page is asked for anew."""
    job = table_of(request, pk)
    if not job.is_worked_on:
        return HttpResponseClientRefresh()
    return render(request, "issues/imports/_status.html", {"job": job})


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows or none, or the good ones now."""
    job = table_of(request, pk)
    try:
        job = importing.begin(job, whole=request.POST.get("how") != "good", by=request.who)
    except ValidationError as reason:
        return page(request, job, problem=" ".join(reason.messages), status=409)
    work(job)
    return back(job)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    job = importing.drop(table_of(request, pk), by=request.who)
    messages.info(request, _("The file “%(file)s” was given up; nothing more is taken in.") % {"file": job.file_name})
    return HttpResponseRedirect(reverse("issues:imports") + f"?kind={job.kind}")


@require_GET
def wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong rows under their own headings with the reasons, to be mended and brought again."""
    job = table_of(request, pk)
    if not job.wrong:
        raise Http404
    try:
        data = importing.wrong_rows(job)
    except FileNotFoundError as gone:
        raise Http404(_("The uploaded file is no longer there. Bring it again.")) from gone
    except KeyMissing:
        return page(request, job, problem=importing.damaged(), status=409)
    return download(data, name=f"{Path(job.file_name).stem} - {_('wrong rows')}.xlsx", content_type=XLSX)


@require_GET
def empty(request: HttpRequest, kind: str) -> HttpResponse:
    """A table of the kind to fill in: with the office's open issues or items, where there are such."""
    office = own_office(request)
    if kind_of(kind) not in kinds_of(request):
        raise Http404
    data = sheets.table_to_fill(kind_of(kind), office, request.who)
    return download(data, name=f"{kind}.xlsx", content_type=XLSX)
