"""Pages of exports: what can be taken out, what was asked for, the file."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars import rules as calendar_rules
from issues.rules import OFFICE_ROLES
from issues.views.page import found
from territories.scope import today

from ..summaries import files
from ..summaries.kinds import KINDS, Kind, kinds_for, text_of
from ..summaries.model import Asked
from . import returned as returning
from . import services, tasks
from .forms import FORMS, ExportForm, ReturnedForm
from .models import ExportJob, ExportState

SHOWN = 50


def takers_only(view):
    """For posts that take out at least one summary; others are told so."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not kinds_for(request.who):
            raise PermissionDenied(_("Your post takes out no summaries."))
        return view(request, *args, **kwargs)

    return shown


@require_GET
@takers_only
def exports(request: HttpRequest) -> HttpResponse:
    """What can be taken out, and what this post has asked for."""
    jobs = list(jobs_of(request)[:SHOWN])
    context = {
        "kinds": kinds_for(request.who),
        "jobs": [told(job) for job in jobs],
        "may_return": may_return(request),
        "kept_days": settings.EXPORT_DAYS,
    }
    return render(request, "exports/list.html", context)


def jobs_of(request: HttpRequest):
    return ExportJob.objects.visible_to(request.who).select_related("unit")


def told(job: ExportJob) -> dict[str, Any]:
    """A job with what it was about in words."""
    kind = KINDS.get(job.kind)
    filters = []
    for name, value in job.filters.items() if kind else ():
        if name in kind.filters:
            label, choices = kind.filters[name]
            words = next((str(text) for code, text in choices if str.__str__(code) == value), value)
            filters.append(f"{text_of(label)}: {words}")
    return {
        "job": job,
        "kind": kind,
        "where": job.unit.name() if job.unit else _("The whole country"),
        "form": FORMS.get(job.form, job.form),
        "filters": filters,
        "is_kept": bool(job.file),
    }


@require_http_methods(["GET", "POST"])
@takers_only
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Say what of a kind is wanted. A small file is written at once, a large one by the worker."""
    kind = kind_of(request, code)
    language = get_language() or "kk"
    first = {"year": request.year, "language": language if language in ("kk", "ru", "en") else "kk", "form": "xlsx"}
    unit = getattr(request, "unit", None)
    if unit is not None:
        first["unit"] = unit.pk
    form = ExportForm(kind, request.who, request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        asked = Asked(
            kind.code, given["year"], request.who, today(), form.unit_chosen, given["language"], form.filters_chosen
        )
        try:
            job = begin(services.ask(asked, given["form"]))
        except ValidationError as wrong:
            for name, texts in wrong.message_dict.items() if hasattr(wrong, "error_dict") else ():
                form.add_error(name if name in form.fields else None, texts)
            if not hasattr(wrong, "error_dict"):
                form.add_error(None, wrong.messages)
        else:
            return HttpResponseRedirect(reverse("exports:job", args=[job.pk]))
    context = {"kind": kind, "form": form}
    return render(request, "exports/new.html", context, status=422 if form.errors else 200)


def kind_of(request: HttpRequest, code: str) -> Kind:
    kind = KINDS.get(code)
    if kind is None or kind not in kinds_for(request.who):
        raise Http404(_("There is no such summary."))
    return kind


def begin(job: ExportJob) -> ExportJob:
    """Write a small file now, leave a large one to the worker."""
    if services.is_quick(job):
        services.run(job.pk, today=today())
        job.refresh_from_db()
    else:
        tasks.ask_to_run(job.pk)
    return job


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: how far it is, the file, until when it is kept."""
    return render(request, "exports/job.html", told(found(jobs_of(request), pk)))


@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page; asks again until the job has ended."""
    return render(request, "exports/_job.html", told(found(jobs_of(request), pk)))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    given_up = services.cancel(found(jobs_of(request), pk), by=request.who)
    if given_up.state == ExportState.CANCELLED:
        messages.info(request, _("The export was cancelled; nothing of it is kept."))
    return HttpResponseRedirect(reverse("exports:job", args=[pk]))


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself: private, as a download, noted in the journal."""
    return handed_out(found(jobs_of(request), pk), request.who)


def handed_out(job: ExportJob, who: Any) -> FileResponse:
    try:
        path = services.take(job, by=who)
    except FileNotFoundError as gone:
        raise Http404(_("The file is no longer kept. Ask for it again.")) from gone
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=job.file_name, content_type=files.TYPES[job.form]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-SHA256"] = job.sha256
    return response


def may_return(request: HttpRequest) -> bool:
    """The Government's reviewer, and offices of akims: they read issues of their own units and of those below."""
    return calendar_rules.can_review(request.who) or request.who.role in OFFICE_ROLES


@require_http_methods(["GET", "POST"])
def returned(request: HttpRequest) -> HttpResponse:
    """A table comes back with remarks: what became of them, or why the file was refused."""
    if not may_return(request):
        raise PermissionDenied(_("Offices above the issue's own, and the Government's reviewer, remark on an issue."))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReturnedForm(*sent)
    outcome = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            outcome = returning.receive(given, given.name, today=today(), by=request.who)
        except ValidationError as wrong:
            form.add_error("file", wrong.messages)
    wrong = bool(request.method == "POST" and (form.errors or (outcome and outcome.refused)))
    reviews = calendar_rules.can_review(request.who)
    # Pages of issues are for the offices; the reviewer reads them in the summary.
    links = not (reviews and outcome and outcome.places and "/issues/" in outcome.places[0][0])
    context = {"form": form, "outcome": outcome, "reviews": reviews, "links": links}
    return render(request, "exports/returned.html", context, status=422 if wrong else 200)
