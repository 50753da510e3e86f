"""Submission to the Government, its review row by row, and the region's answers to remarks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from territories.scope import today

from .. import rules
from ..forms.approval import AcceptForm, RemarkForm, ReturnForm, SettleForm, SubmitForm
from ..models import Submission, SubmissionRemark
from ..progress import SUBMIT, due_days
from ..services import submit as services
from ..services.submit import StaleSubmission
from .scope import submission_or_404, version_or_404
from .versions import about


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """The covering letter; two clicks send once."""
    version = version_or_404(request, pk)
    if not rules.can_submit(request.who, version.calendar):
        raise PermissionDenied(_("Only staff of this region's akimat submit its calendar."))
    form = SubmitForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _row, fresh = services.submit(version, **form.cleaned_data, today=today(), by=request.who)
            except ValidationError as wrong:
                form.add_error(None, wrong)
            else:
                if fresh:
                    messages.success(request, _("The calendar is submitted to the Government."))
                else:
                    messages.info(request, _("This version lies with the Government already; it was not sent twice."))
                query = f"?unit={version.calendar.region_id}&year={version.calendar.year}"
                return redirect(reverse("calendars:approval") + query)
        status = 422
    context = {
        "version": version,
        "region": version.calendar.region,
        "calendar": version.calendar,
        "form": form,
        "before": version.submissions.first(),
        "due": due_days(version.calendar).get(SUBMIT),
    }
    return render(request, "approval/submit.html", context, status=status)


@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """The submitted version with its remarks; for the reviewer with the buttons that decide."""
    return page(request, submission_or_404(request, pk))


def page(request: HttpRequest, row: Submission, status: int = 200, **forms) -> HttpResponse:
    return render(request, "approval/version.html", about(request, row.version, row) | forms, status=status)


def back(request: HttpRequest, row: Submission, anchor: str = "") -> HttpResponse:
    """To the page with its filters as they were."""
    url = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(url, None) or not url.startswith("/staff/"):
        url = reverse("calendars:submission", args=[row.pk])
    return redirect(url.partition("#")[0] + (f"#{anchor}" if anchor else ""))


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """A remark on a row of the submitted version, or on the whole."""
    row = submission_or_404(request, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return page(request, row, status=422, remark_form=form)
    wanted = form.cleaned_data["row"]
    # A row of another version is answered like one that does not exist.
    frozen = get_object_or_404(row.version.rows, pk=wanted) if wanted else None
    try:
        services.remark(row, text=form.cleaned_data["text"], row=frozen, by=request.who)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return back(request, row, f"row-{frozen.number}" if frozen else "remarks")


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = remark_or_404(request, pk)
    try:
        services.take_back(found, by=request.who)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return back(request, found.submission, "remarks")


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    row = submission_or_404(request, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return page(request, row, status=422, accept_form=form)
    values = form.cleaned_data
    try:
        services.accept(
            row, incoming_number=values["incoming_number"], seen=values["lock"], today=today(), by=request.who
        )
    except StaleSubmission as stale:
        return decided_already(request, stale, accept_form=form)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return page(request, row, status=422, accept_form=form)
    messages.success(request, _("The calendar is accepted. The region is told by mail."))
    return redirect("calendars:submission", pk=row.pk)


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    row = submission_or_404(request, pk)
    form = ReturnForm(request.POST, prefix="return")
    if not form.is_valid():
        return page(request, row, status=422, return_form=form)
    values = form.cleaned_data
    try:
        services.return_with_remarks(
            row,
            text=values["text"],
            incoming_number=values["incoming_number"],
            seen=values["lock"],
            today=today(),
            by=request.who,
        )
    except StaleSubmission as stale:
        return decided_already(request, stale, return_form=form)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return page(request, row, status=422, return_form=form)
    messages.success(request, _("The calendar is returned with remarks. The region is told by mail."))
    return redirect("calendars:submission", pk=row.pk)


def decided_already(request: HttpRequest, stale: StaleSubmission, **forms: Any) -> HttpResponse:
    """409 with the decision that was made first, beside what this reviewer wrote."""
    messages.warning(request, str(stale))
    row = submission_or_404(request, stale.submission.pk)
    (typed,) = forms.values()
    pairs = [("text", row.decision_text), ("incoming_number", row.incoming_number)]
    conflict = [
        {"label": typed.fields[name].label, "theirs": theirs, "mine": typed.cleaned_data[name]}
        for name, theirs in pairs
        if name in typed.fields and typed.cleaned_data[name] != theirs
    ]
    return page(request, row, status=409, conflict=conflict, **forms)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The region writes what it did about a remark."""
    found = remark_or_404(request, pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what was done about the remark, or why nothing."))
        return back(request, found.submission, "remarks")
    try:
        services.settle(found, text=form.cleaned_data["text"], by=request.who)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The answer to the remark is kept."))
    return back(request, found.submission, "remarks")


def remark_or_404(request: HttpRequest, pk: int) -> SubmissionRemark:
    """A remark of a submission within the scope; the region does not see it before the decision."""
    visible = Submission.objects.visible_to(request.who)
    rows = SubmissionRemark.objects.filter(submission__in=visible)
    if not rules.can_review(request.who):
        rows = rows.exclude(submission__state="submitted")
    return get_object_or_404(rows.select_related("submission__version__calendar__region"), pk=pk)
