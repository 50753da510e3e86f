"""The form that approves: what will be frozen, what is missing, the order and its scan."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from territories.models import Territory
from territories.scope import today

from .. import rules
from ..difference import lines
from ..forms.approval import ApproveForm
from ..models import Calendar, CalendarVersion
from ..progress import APPROVE, Progress
from ..services.approval import HolesNotConfirmed, StaleCalendar, approve, snapshot
from .scope import calendar_of, region_of

#: Holes shown by name on the form; the board of coverage shows them all.
HOLES_SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
def approval_form(request: HttpRequest) -> HttpResponse:
    calendar = approvable(request)
    if request.method == "POST":
        return submitted(request, calendar)
    return page(request, calendar)


def approvable(request: HttpRequest) -> Calendar:
    """The chosen calendar; 404 outside the scope, 403 for a post that does not approve."""
    region = region_of(request)
    calendar = calendar_of(request, region) if region else None
    if calendar is None:
        raise Http404(_("There is no calendar of this region and year yet."))
    if not rules.can_approve(request.who, calendar):
        raise PermissionDenied(_("Only the post that approves the calendar of this region may do that."))
    return calendar


def submitted(request: HttpRequest, calendar: Calendar) -> HttpResponse:
    form = ApproveForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, calendar, form, status=422)
    values = form.cleaned_data
    try:
        done = approve(
            calendar,
            order_number=values["order_number"],
            order_date=values["order_date"],
            scan=values["scan"],
            reason=values["reason"],
            holes_confirmed=values["holes_confirmed"],
            seen_version=values["seen_version"],
            idempotency_key=str(values["idempotency_key"]),
            today=today(),
            by=request.who,
        )
    except StaleCalendar as stale:
        return page(request, calendar, form, status=409, stale=stale)
    except HolesNotConfirmed as refused:
        form.add_error("holes_confirmed", str(refused))
        return page(request, calendar, form, status=422)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return page(request, calendar, form, status=422)
    tell(request, done.version, repeated=done.repeated)
    query = f"?unit={calendar.region_id}&year={calendar.year}"
    return redirect(reverse("calendars:approval") + query)


def tell(request: HttpRequest, version: CalendarVersion, *, repeated: bool) -> None:
    values = {"number": version.number, "order": version.order_number}
    if repeated:
        text = _("Version %(number)s was approved already by this order; it was not approved twice.")
        messages.info(request, text % values)
        return
    messages.success(request, _("Version %(number)s is approved by order No. %(order)s.") % values)
    letters = version.notices.exclude(notice=None).count()
    if letters:
        messages.info(request, _("The notice to the maslikhat is on its way; its delivery is shown below."))
    else:
        text = _("The approval stands, but the maslikhat could not be notified: no address is known. Enter one below.")
        messages.warning(request, text)


def page(
    request: HttpRequest,
    calendar: Calendar,
    form: ApproveForm | None = None,
    *,
    status: int = 200,
    stale: StaleCalendar | None = None,
) -> HttpResponse:
    """The form with what it is about. A stale one keeps what was typed and takes the present state as seen."""
    calendar.refresh_from_db(fields=["version"])
    versions = list(calendar.versions.select_related("approved_by").order_by("-number"))
    progress = Progress(calendar, versions, today(), request.who)
    shot = snapshot(calendar)
    if form is None:
        form = ApproveForm(initial={"seen_version": calendar.version, "idempotency_key": uuid.uuid4()})
    elif stale is not None:
        form.data = {**form.data.dict(), "seen_version": str(calendar.version)}  # type: ignore[attr-defined]
    form.shaped(correction=bool(versions), holes=bool(shot["missing"]))
    context = {
        "calendar": calendar,
        "region": calendar.region,
        "year": calendar.year,
        "form": form,
        "progress": progress,
        "due": None if versions else progress.due.get(APPROVE),
        "snapshot": shot,
        "holes": named(shot["holes"][:HOLES_SHOWN]),
        "holes_more": shot["missing"] - min(len(shot["holes"]), HOLES_SHOWN),
        "lines": lines(progress.pending),
        "stale": stale,
    }
    return render(request, "approval/form.html", context, status=status)


def named(holes: list[dict]) -> list[dict]:
    """Holes with the names of their units; codes were kept so that the version can be read in ten years."""
    codes = {hole[side] for hole in holes for side in ("holder", "target")}
    units = {unit.code: unit for unit in Territory.objects.filter(code__in=codes, valid_to=None)}
    return [hole | {"holder": units.get(hole["holder"]), "target": units.get(hole["target"])} for hole in holes]
