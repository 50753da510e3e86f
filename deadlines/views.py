"""The staff's door to the ledger: what is owed, why on that day, and what the bell rings for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from law.register import UnknownRule, line
from territories.downloads import download
from territories.panels import form_answer
from territories.scans import type_of_name
from territories.scope import today

from . import ids, rules, services
from .forms import EvidenceForm, WithdrawalForm
from .ids import Subject
from .models import Duty, DutyState, Evidence, Reminder, Trace
from .paging import Part, page_after, parts_of
from .views_remind.tabs import BELL, LEDGER, tabs
from .wording import described, described_all

PAGE_SIZE = 50
WAITING = "waiting"


def chosen(request: HttpRequest, day: dt.date) -> list[Part]:
    """The duties of the reader's scope that the filters in the address leave, as the list reads them."""
    rows = Duty.objects.visible_to(request.who)
    unit = getattr(request, "unit", None)
    if unit is not None:
        rows = rows.under(unit)
    state, rule_id = request.GET.get("state", WAITING), request.GET.get("rule", "")
    if rule_id:
        rows = rows.of_line(rule_id)
    # Only the address chooses a year: without one all that waits is shown, whatever its year.
    if year := asked_year(request):
        rows = rows.filter(year=year)
    if state == WAITING:  # whatever has a day and is not met, late or not
        return parts_of(rows, DutyState.OPEN, DutyState.CONTESTED)
    if state in DutyState.values:
        return parts_of(rows.in_state(state, day), state)
    return parts_of(rows)


def asked_year(request: HttpRequest) -> int | None:
    """The year that the address names, as links of the act page and the picker of years do."""
    year = request.GET.get("year", "")
    return int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None


def line_words(rule_id: str, language: str) -> dict[str, str] | None:
    """A line of the act in words, for the filter that names it; None for no line."""
    try:
        found = line(rule_id).wordings[-1]
    except UnknownRule:
        return None
    return {"id": rule_id, "cite": f"{found.act} {found.cite['kk' if language == 'kk' else 'ru']}"}


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Duties of the chosen unit and everything below it, or of the whole nation, nearest to breach first."""
    day = today()
    # The counting of each day is long and told only by the page that explains it.
    whole = Duty.objects.with_state(day).select_related("debtor", "body", "counting")
    whole = whole.defer("counting__derivation", "counting__anchors")
    page = page_after(chosen(request, day), request.GET.get("after", ""), PAGE_SIZE, whole=whole)
    context: dict[str, Any] = {
        "page": page,
        "rows": described_all(page.duties, get_language() or "kk", reader=request.who),
        "today": day,
        "state": request.GET.get("state", WAITING),
        "states": [(WAITING, None), *DutyState.choices],
        "line": line_words(request.GET.get("rule", ""), get_language() or "kk"),
        "year": asked_year(request),
        "tabs": tabs(request.who, LEDGER),
    }
    return render(request, "deadlines/ledger.html", context)


@require_GET
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Why this date: paragraph, words of the act, counting step by step. A piece for the page."""
    duty = found(request, pk)
    if request.htmx:
        row = described(duty, get_language() or "kk", steps=True, reader=request.who)
        return render(request, "deadlines/_why.html", {"row": row, "days": duty.counting})
    return duty_page(request, duty)


def found(request: HttpRequest, pk: int) -> Duty:
    rows = Duty.objects.visible_to(request.who).with_state(today())
    return get_object_or_404(rows.select_related("debtor", "body", "counting"), pk=pk)


def duty_page(request: HttpRequest, duty: Duty) -> HttpResponse:
    """The duty with its counting, and what proves it."""
    context = {
        "row": described(duty, get_language() or "kk", steps=True, reader=request.who),
        "duty": duty,
        "days": duty.counting,
        "today": today(),
        "proofs": duty.proofs.select_related("recorded_by", "withdrawn_by"),
        "may_prove": rules.can_prove(request.who, duty),
        "trace": Trace(duty.trace).label if duty.trace else "",
    }
    return render(request, "deadlines/duty.html", context)


@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """Record evidence of a duty."""
    duty = provable(request, pk)
    row = described(duty, get_language() or "kk")
    return form_answer(
        request,
        EvidenceForm(
            request.POST or None, request.FILES or None, initial={"done_on": today(), "version": duty.version}
        ),
        lambda clean: services.record_evidence(
            duty, EvidenceForm.proof(clean), seen_version=clean["version"], today=today(), by=request.who
        ),
        title=_("Record evidence"),
        lead=f"{row['sentence']} {row['unit']}",
        done=_("The evidence is recorded."),
        back=reverse("deadlines:explain", args=[pk]),
    )


@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a piece of evidence, as something to save; also of one that was withdrawn."""
    row = get_object_or_404(Evidence.objects.visible_to(request.who).exclude(file=""), pk=pk)
    with row.file.open("rb") as opened:
        return download(opened.read(), name=row.file_name, content_type=type_of_name(row.file.name))


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece of evidence back, with the reason."""
    row = get_object_or_404(Evidence.objects.visible_to(request.who), pk=pk)
    duty = provable(request, row.duty_id)
    return form_answer(
        request,
        WithdrawalForm(request.POST or None, initial={"version": duty.version}),
        lambda clean: services.withdraw_evidence(
            row, reason=clean["reason"], seen_version=clean["version"], today=today(), by=request.who
        ),
        title=_("Withdraw evidence"),
        lead=_("It stays readable, with the reason. A duty that nothing else proves is open again."),
        done=_("The evidence is withdrawn."),
        back=reverse("deadlines:explain", args=[duty.pk]),
    )


def provable(request: HttpRequest, pk: int) -> Duty:
    """The duty of the reader's scope, if he may prove it."""
    duty = found(request, pk)
    if not rules.can_prove(request.who, duty):
        raise PermissionDenied(_("Only the office or the body that owes it, or an office above, records its evidence."))
    return duty


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
    rows = described_all(duties, get_language() or "kk", reader=request.who)
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
    words = described_all((reminder.duty for reminder in told), language, reader=request.who)
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
