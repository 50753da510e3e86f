"""The staff's door to the ledger: what is owed, why on that day, and what the bell rings for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from territories.scope import today

from . import ids
from .ids import Subject
from .models import Duty, DutyState, Reminder
from .views_remind.tabs import BELL, LEDGER, tabs
from .wording import described, described_all

PAGE_SIZE = 100
#: Sorting of states on the page: what burns first.
URGENT = (DutyState.BREACH, DutyState.CONTESTED, DutyState.OPEN)


def chosen(request: HttpRequest, day: dt.date) -> QuerySet[Duty]:
    """The duties of the reader's scope that the filters in the address leave."""
    rows = Duty.objects.visible_to(request.who).with_state(day).select_related("debtor", "body", "counting")
    unit = getattr(request, "unit", None)
    if unit is not None:
        rows = rows.under(unit)
    state, rule_id = request.GET.get("state", "waiting"), request.GET.get("rule", "")
    if state == "waiting":
        rows = rows.filter(state__in=URGENT, met_on=None)
    elif state in DutyState.values:
        rows = rows.filter(state=state)
    if rule_id:
        rows = rows.filter(rule_id=rule_id[:20])
    # The counting of each day is long and told only by the page that explains it.
    return rows.defer("counting__derivation", "counting__anchors").order_by("due_on", "pk")


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Duties of the chosen unit and everything below it, nearest to breach first."""
    day = today()
    page = Paginator(chosen(request, day), PAGE_SIZE).get_page(request.GET.get("page"))
    language = get_language() or "kk"
    why = reverse("deadlines:explain", args=[0])
    context: dict[str, Any] = {
        "page_obj": page,
        "rows": [row | {"why_url": why.replace("/0/", f"/{row['duty'].pk}/")} for row in described_all(page, language)],
        "today": day,
        "state": request.GET.get("state", "waiting"),
        "states": [("waiting", None), *DutyState.choices],
        "rule": request.GET.get("rule", ""),
        "tabs": tabs(request.who, LEDGER),
    }
    return render(request, "deadlines/ledger.html", context)


@require_GET
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this date: paragraph, words of the act, counting step by step. A piece for the page."""
    rows = Duty.objects.visible_to(request.who).with_state(today())
    duty = get_object_or_404(rows.select_related("debtor", "body", "counting"), pk=pk)
    row = described(duty, get_language() or "kk", steps=True)
    template = "deadlines/_why.html" if request.htmx else "deadlines/duty.html"
    return render(request, template, {"row": row, "duty": duty, "today": today()})


@require_GET
def of_subject(request: HttpRequest, subject_type: str, subject_id: int) -> HttpResponse:
    """The duties of one meeting or calendar, as a piece for its page."""
    kind = next((kind for kind in Subject if kind.name.lower() == subject_type), None)
    if kind is None or subject_id >= 1 << ids.SUBJECT_BITS:
        raise Http404
    duties = (
        Duty.objects.visible_to(request.who)
        .with_state(today())
        .of_subject(kind, subject_id)
        .select_related("debtor", "body", "counting")
    )
    rows = described_all(duties, get_language() or "kk")
    return render(request, "deadlines/_of_subject.html", {"rows": rows, "today": today()})


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """What the reader was reminded of in the program, the unread first."""
    rows = (
        Reminder.objects.filter(user=request.who.user, channel=Reminder.Channel.PAGE, duty__cancelled_at=None)
        .select_related("duty__debtor", "duty__body", "duty__counting", "stage")
        .order_by("read_at", "-day", "-pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    language = get_language() or "kk"
    told = list(page)
    words = described_all((reminder.duty for reminder in told), language)
    items = [{"reminder": reminder, **row} for reminder, row in zip(told, words, strict=True)]
    return render(
        request,
        "deadlines/bell.html",
        {"page_obj": page, "rows": items, "today": today(), "tabs": tabs(request.who, BELL)},
    )


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark the reader's own reminders as read."""
    Reminder.objects.filter(user=request.who.user, channel=Reminder.Channel.PAGE, read_at=None).update(
        read_at=timezone.now()
    )
    return redirect("deadlines:bell")
