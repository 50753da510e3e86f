"""Sent, late, failed: what became of the reminders and of all letters, day by day; for the administrator."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journal import services as journal_services
from journal.models import Heartbeat, Notice
from journal.queries import outbox_health, unseen_failures
from territories.scope import today

from ..models import Reminder
from ..services.ledger import UNCOUNTED
from .tabs import DELIVERY, tabs

#: Days that the table shows.
DAYS = 30
#: A letter that left later after it was written is called late.
LATE = dt.timedelta(minutes=10)
#: Failures named one by one.
SHOWN = 50


def administrator_only(request: HttpRequest) -> None:
    if not request.who.is_administrator:
        raise PermissionDenied(_("Only an administrator sees the delivery of all letters."))


@require_GET
def delivery(request: HttpRequest) -> HttpResponse:
    """Counts by day, the oldest letter that waits, refusals with their reason, signs of life; a few queries."""
    administrator_only(request)
    day = today()
    first = day - dt.timedelta(days=DAYS - 1)
    told = Heartbeat.objects.exclude(name=UNCOUNTED).order_by("name")
    context: dict[str, Any] = {
        "days": by_day(first, day),
        "health": outbox_health(),
        "failures": list(unseen_failures().select_related("notice").order_by("-pk")[:SHOWN]),
        "beats": [(beat, timezone.now() - beat.finished_at) for beat in told],
        "uncounted": Heartbeat.objects.filter(name=UNCOUNTED).first(),
        "is_administrator": True,
        "today": day,
        "tabs": tabs(request.who, DELIVERY),
    }
    return render(request, "deadlines/remind/delivery.html", context)


def by_day(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """The newest day first; days on which nothing happened are told as such."""
    given = {
        row["day"]: row
        for row in Reminder.objects.filter(day__range=(first, last))
        .order_by()
        .values("day")
        .annotate(
            shown=Count("pk", filter=Q(channel=Reminder.Channel.PAGE)),
            mailed=Count("pk", filter=Q(channel=Reminder.Channel.MAIL)),
        )
    }
    State = Notice.State
    took = ExpressionWrapper(F("sent_at") - F("created_at"), output_field=DurationField())
    since = dt.datetime.combine(first, dt.time(), timezone.get_default_timezone())
    letters = {
        row["on"]: row
        for row in Notice.objects.filter(created_at__gte=since)
        .annotate(on=TruncDate("created_at"), took=took)
        .order_by()
        .values("on")
        .annotate(
            written=Count("pk"),
            digests=Count("pk", filter=Q(kind="reminder_digest")),
            sent=Count("pk", filter=Q(state=State.SENT)),
            late=Count("pk", filter=Q(state=State.SENT, took__gt=LATE)),
            waiting=Count("pk", filter=Q(state__in=(State.PENDING, *Notice.IN_HAND, State.DOUBTFUL, State.HELD))),
            failed=Count("pk", filter=Q(state=State.FAILED) | Q(bounced_at__isnull=False)),
        )
    }
    days = [last - dt.timedelta(days=back) for back in range((last - first).days + 1)]
    return [{"day": day, **given.get(day, {}), **letters.get(day, {})} for day in days]


@require_POST
def see_failures(request: HttpRequest) -> HttpResponse:
    """The administrator has looked at the refused letters; they are no alarm any more."""
    administrator_only(request)
    journal_services.see_failures(by=request.who.actor)
    messages.success(request, _("The refused letters are looked at. New ones will be told."))
    return redirect("deadlines:delivery")
