"""Letters to the maslikhat: send, send again, end a link, read what was written, acknowledge in person."""

from __future__ import annotations

import datetime as dt

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal.rendering import render as render_letter
from territories.scope import today

from .. import rules
from ..forms.approval import AcknowledgeForm, ResendForm
from ..letters import languages_of, maslikhat_context
from ..models import CalendarVersion
from ..services import notify
from ..services.notify import LinkIsDead
from .scope import notice_or_404, version_or_404


def back(version: CalendarVersion) -> HttpResponse:
    query = f"?unit={version.calendar.region_id}&year={version.calendar.year}"
    return redirect(reverse("calendars:approval") + query + "#notices")


@require_POST
def notify_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to every address that has no letter about this version yet."""
    version = version_or_404(request, pk)
    try:
        rows = notify.notify_now(version, by=request.who, today=today())
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        if rows:
            text = _("Letters are on their way to: %(addresses)s.")
            messages.success(request, text % {"addresses": ", ".join(row.address for row in rows)})
        else:
            messages.info(request, _("There is no address that has not been written to."))
    return back(version)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the notice again, or to a new address."""
    version = version_or_404(request, pk)
    form = ResendForm(request.POST)
    if form.is_valid():
        try:
            row = notify.resend(version, **form.cleaned_data, by=request.who, today=today())
        except ValidationError as wrong:
            form.add_error(None, wrong)
        else:
            if row.notice_id:
                messages.success(request, _("A letter is on its way to %(address)s.") % {"address": row.address})
            else:
                text = _("No letter could be written to %(address)s; check the address.")
                messages.warning(request, text % {"address": row.address})
            return back(version)
    context = {"version": version, "region": version.calendar.region, "form": form}
    return render(request, "approval/resend.html", context, status=422)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    row = notice_or_404(request, pk)
    try:
        notify.revoke(row, reason=request.POST.get("reason", "")[:300], by=request.who)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The link sent to %(address)s has ended.") % {"address": row.address})
    return back(row.version)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretary acknowledges under his account."""
    row = notice_or_404(request, pk)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write your name or your post."))
        return back(row.version)
    try:
        notify.acknowledge(row, **form.cleaned_data, by=request.who, now=timezone.now())
    except LinkIsDead:
        messages.warning(request, _("This notice was replaced or withdrawn. Acknowledge the newest one."))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("Recorded: the maslikhat has taken notice of the calendar."))
    return back(row.version)


@require_safe
@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": []})  # type: ignore[arg-type]
def letter(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The letter as the maslikhat reads it, with a link that does nothing: the real one is its secret."""
    version = version_or_404(request, pk)
    if language not in ("both", "kk", "ru") or not rules.of_region(request.who, version.calendar):
        raise Http404(_("There is no such page."))
    until = today() + dt.timedelta(days=settings.ACKNOWLEDGE_LINK_DAYS)
    link = f"{settings.SITE_URL}/ack/…"
    kind = "calendar_approved" if version.number == 1 else "calendar_corrected"
    texts = render_letter(kind, maslikhat_context(version, language, link, until), language=languages_of(language)[0])
    response = HttpResponse(texts.html)
    response["Cache-Control"] = "private, no-store"
    return response
