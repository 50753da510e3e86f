"""The page of a region's calendar on its way: steps, the next step, letters, versions, submissions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from territories.models import Role, Territory
from territories.scope import Who, today

from .. import rules
from ..forms.approval import AcknowledgeForm, ResendForm
from ..models import Calendar, CalendarVersion, MaslikhatNotice
from ..models.submission import SubmissionState
from ..progress import Progress, notice_lines
from ..views.chosen import chosen, tabs
from .scope import calendar_of, region_of


@dataclass(frozen=True)
class NextStep:
    """The one big button of the page, or why there is none."""

    text: str
    url: str = ""
    button: str = ""
    icon: str = "arrow-right"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Approval page of the chosen region and year."""
    region = region_of(request)
    if region is None:
        regions = Territory.objects.visible_to(request.who).regions().filter(valid_to=None)
        return render(request, "approval/choose.html", {"regions": regions, "year": request.year})
    calendar = calendar_of(request, region)
    context = {"region": region, "year": request.year, "calendar": calendar} | tabs_of(request)
    if calendar is None:
        may_plan = rules.of_region(request.who, Calendar(region=region, year=request.year))
        return render(request, "approval/none.html", context | {"may_plan": may_plan})
    versions = list(
        CalendarVersion.objects.visible_to(request.who)
        .filter(calendar=calendar)
        .select_related("approved_by", "calendar__region")
        .order_by("-number")
    )
    if request.who.role == Role.MASLIKHAT:
        return for_maslikhat(request, context | {"versions": versions})
    progress = Progress(calendar, versions, today(), request.who)
    context |= {
        "progress": progress,
        "versions": versions,
        "due": progress.due,
        "own": rules.of_region(request.who, calendar) and not request.who.system,
        "reads_rows": rules.reads_rows(request.who),
        "next": next_step(progress, request.who),
        "resend": ResendForm(),
    }
    if MaslikhatNotice.objects.visible_to(request.who).filter(version__calendar=calendar).exists():
        context["notices"] = notice_lines(progress, timezone.now())
    return render(request, "approval/overview.html", context)


def tabs_of(request: HttpRequest) -> dict:
    """The tabs of the calendar, for those who read its rows."""
    if not rules.reads_rows(request.who):
        return {}
    return {"tabs": tabs(chosen(request), "versions")}


def for_maslikhat(request: HttpRequest, context: dict) -> HttpResponse:
    """What the secretary sees: the versions, and what he has not acknowledged yet."""
    mine = MaslikhatNotice.objects.visible_to(request.who).filter(version__calendar=context["calendar"])
    waiting, newest = None, context["versions"][0] if context["versions"] else None
    if newest is not None and not mine.filter(version=newest, acknowledged_at__isnull=False).exists():
        waiting = mine.filter(version=newest, revoked_at=None).first()
    done = mine.filter(acknowledged_at__isnull=False).select_related("version").order_by("-version__number")
    form = AcknowledgeForm(initial={"name": request.user.get_full_name()})
    return render(request, "approval/maslikhat.html", context | {"waiting": waiting, "done": done, "form": form})


def next_step(progress: Progress, who: Who) -> NextStep:
    """What to do now, in words for whoever looks."""
    calendar, newest, submission = progress.calendar, progress.newest, progress.submission
    if not rules.of_region(who, calendar) or who.system:
        return NextStep("")
    query = f"?unit={calendar.region_id}&year={calendar.year}"
    approve = reverse("calendars:approval_form") + query
    may_approve = rules.can_approve(who, calendar)
    if not progress.row_count:
        text = _("The calendar has no meetings yet. Enter or import them, then approve.")
        return NextStep(text, reverse("calendars:coverage") + query, _("Go to planning"), "calendar-plus")
    if newest is None:
        if not may_approve:
            return NextStep(_("The calendar waits for the post that approves it in your akimat."))
        return NextStep(_("The calendar is not approved yet."), approve, _("Approve the calendar"), "check-circle")
    returned = submission is not None and submission.state == SubmissionState.RETURNED
    if progress.pending:
        text = _("Rows were changed after version %(number)s. They count once the correction is approved.")
        text = text % {"number": newest.number}
        if not may_approve:
            return NextStep(text + " " + _("The correction waits for the post that approves."))
        return NextStep(text, approve, _("Approve the correction"), "check-circle")
    if returned:
        text = _("The Government has returned the calendar. Correct its rows, approve the next version, submit again.")
        url = reverse("calendars:submission", args=[submission.pk])
        return NextStep(text, url, _("Read the remarks"), "chat-left-text")
    if submission is None:
        text = _("The approved calendar has not been submitted to the Government yet.")
        url = reverse("calendars:version_submit", args=[newest.pk])
        return NextStep(text, url, _("Submit to the Government"), "send")
    if submission.state == SubmissionState.SUBMITTED:
        return NextStep(_("The calendar lies with the Government. You will be told by mail what it decides."))
    return NextStep(_("The calendar is approved and accepted. Nothing has to be done now."))
