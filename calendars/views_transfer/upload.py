"""The page on which a table is brought: templates to take, a place to drop the file, what was brought before."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from territories.scope import today

from .. import tasks
from ..forms.transfer import UploadForm
from ..models import ImportJob
from ..services import importing
from ..views.chosen import Chosen, chosen, tabs
from ..workbook import guard
from ..workbook.findings import Findings

#: Imports that the page lists.
PAST_SHOWN = 15


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """GET: the page. POST: the guard looks at the file; what it lets through becomes a job."""
    about = chosen(request)
    if not about.may_enter:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    if request.method == "GET" or about.calendar is None:
        return page(request, about, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, about, form, status=422)
    file = form.cleaned_data["file"]
    inspection = guard.inspect(file, file.name)
    try:
        job = importing.receive(about.calendar, inspection, by=about.who)
    except importing.Refused as refusal:
        return page(request, about, form, findings=refusal.findings, refused=file.name, status=422)
    except importing.AlreadyLoaded as known:
        return page(request, about, form, loaded=known.job, status=409)
    begin(job, inspection)
    return HttpResponseRedirect(reverse("calendars:import_job", args=[job.pk]))


def begin(job: ImportJob, inspection: guard.Inspection) -> None:
    """Small files are read at once, large ones by the worker while the page shows that it goes on."""
    if importing.is_quick(inspection):
        importing.read(job.pk, today=today(), inspection=inspection)
    else:
        tasks.ask_to_read(job.pk)


def page(
    request: HttpRequest,
    about: Chosen,
    form: UploadForm,
    *,
    findings: Findings | None = None,
    refused: str = "",
    loaded: ImportJob | None = None,
    status: int = 200,
) -> HttpResponse:
    past = ImportJob.objects.none()
    if about.calendar is not None:
        past = ImportJob.objects.visible_to(about.who).filter(calendar=about.calendar)
    context = {
        "about": about,
        "form": form,
        "findings": findings.shown if findings else [],
        "refused": refused,
        "loaded": loaded,
        "loaded_text": str(importing.loaded_before(loaded)) if loaded else "",
        "past": past.select_related("created_by").defer("rows", "findings")[:PAST_SHOWN],
        "tabs": tabs(about, ""),
    }
    return render(request, "calendars/transfer/import.html", context, status=status)
