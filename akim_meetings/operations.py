"""The administrator's page of background work: what is wrong, queues, last sweeps, letters, failed tasks."""

from __future__ import annotations

import datetime as dt
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from journal import services
from journal.models import Heartbeat, TaskFailure
from journal.queries import outbox_health, unseen_failures
from reporting.exports.models import ExportJob, ExportState

from . import celery_app, readiness, tasks, terms
from .training import FILE

QUEUES = ("sweep", "mail", "files")
#: Failures named one by one.
SHOWN = 50


def administrators(view):
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.who.is_administrator:
            raise PermissionDenied(_("Only an administrator sees the background work."))
        return view(request, *args, **kwargs)

    return shown


@require_GET
@administrators
def operations(request: HttpRequest) -> HttpResponse:
    """One look: what is wrong now and where to mend it."""
    now = timezone.now()
    failures = TaskFailure.objects.filter(settled_at=None)
    context = {
        "findings": [readiness.WORDS[name] for name in readiness.findings()],
        "queues": queue_lengths(),
        "beats": [
            (beat, now - beat.finished_at, beat.name in readiness.still_jobs({beat.name: beat.finished_at}, now))
            for beat in Heartbeat.objects.order_by("name")
        ],
        "health": outbox_health(),
        "refused": unseen_failures().count(),
        "exports_waiting": ExportJob.objects.filter(state__in=(ExportState.QUEUED, ExportState.RUNNING)).count(),
        "terms": terms.shown(),
        "failures": [(row, row.task in celery_app.tasks) for row in failures[:SHOWN]],
        "copy": copy_made(),
        "copy_days": settings.TRAINING_COPY_DAYS,
    }
    return render(request, "operations.html", context)


def queue_lengths() -> list[tuple[str, int | None]]:
    """How many messages wait in each queue; None where the broker does not answer."""
    try:
        with celery_app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
            channel = broker.default_channel
            return [(name, channel.queue_declare(queue=name, durable=True).message_count) for name in QUEUES]
    except (OSError, OperationalError):
        return [(name, None) for name in QUEUES]


@require_POST
@administrators
def make_copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy for training; a worker writes it."""
    send("akim_meetings.tasks.make_training", [request.who.user.pk])
    messages.success(request, _("The copy for training is being written. Look again in some minutes."))
    return redirect("operations")


@require_GET
@administrators
def training_copy(request: HttpRequest) -> FileResponse:
    """The last copy for training; 404 where there is none."""
    file = tasks.folder_of_training() / FILE
    if not file.exists():
        raise Http404(_("There is no copy for training. Ask for one."))
    response = FileResponse(file.open("rb"), as_attachment=True, filename=FILE, content_type="application/gzip")
    response["Cache-Control"] = "private, no-store"
    return response


def copy_made() -> tuple[dt.datetime, int] | None:
    """When the copy that lies there was written, and how large it is in bytes."""
    file = tasks.folder_of_training() / FILE
    if not file.exists():
        return None
    found = file.stat()
    return dt.datetime.fromtimestamp(found.st_mtime, dt.UTC), found.st_size


@require_POST
@administrators
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a failed task again. Each may run twice or late: it asks the database what is to be done."""
    failure = get_object_or_404(TaskFailure, pk=min(pk, 2**63 - 1))
    if failure.task not in celery_app.tasks:
        messages.error(request, _("This task does not exist any more."))
        return redirect("operations")
    try:
        services.retry_failure(failure, send=send, by=request.who.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The task is asked for again."))
    return redirect("operations")


def send(task: str, arguments: list[Any]) -> None:
    try:
        celery_app.tasks[task].apply_async(arguments, retry=False, ignore_result=True)
    except (OSError, OperationalError):
        return  # the timetable asks for it again by itself


@require_POST
@administrators
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    failure = get_object_or_404(TaskFailure, pk=min(pk, 2**63 - 1))
    try:
        services.put_failure_aside(failure, by=request.who.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The failure is put aside. If it happens again, it stands here again."))
    return redirect("operations")
