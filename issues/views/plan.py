"""The action plan of a meeting: items, approval, money, and the table as a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from calendars.models import Meeting
from territories.downloads import download
from territories.scope import today

from .. import services
from ..forms.plans import ApproveForm, DropForm, FinancingForm, ItemForm
from ..models import ActionPlan, FileKind, Financing, Issue, ItemState, PlanItem, PlanVersion
from ..models.plans import OPEN_ITEMS
from ..queries import maslikhat_of
from ..services.plans import ITEM_FIELDS
from ..sheets import plan_book
from ..tendays import ten_days
from .page import attempt, done, form_page, found, meeting_context, meeting_of, require_office
from .reception import systematised
from .uploads import kept

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def own(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    return meeting


def address(meeting: Meeting) -> str:
    return reverse("issues:plan", args=[meeting.pk])


def plan_lines(meeting: Meeting, items: list[PlanItem]) -> list[tuple[Issue, list[PlanItem]]]:
    """Each issue of the meeting with its items, those without one too; taken-out ones last."""
    by_issue: dict[int, list[PlanItem]] = {}
    for item in items:
        by_issue.setdefault(item.issue_id, []).append(item)
    return [(issue, by_issue.get(issue.pk, [])) for issue in systematised(meeting)]


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue by issue: what will be done, by what day and by whom; what is missing stands out."""
    meeting = meeting_of(request, pk)
    current = ActionPlan.objects.filter(meeting=meeting).first()
    items = list(current.items.select_related("executor__territory", "issue", "unit")) if current else []
    lines = plan_lines(meeting, items)
    kept_items = [item for item in items if item.state != ItemState.DROPPED]
    bare = [i for i, mine in lines if i.is_open and all(x.state == ItemState.DROPPED for x in mine)]
    context = meeting_context(request, meeting, "plan") | {
        "title": _("Action plan"),
        "plan": current,
        "lines": lines,
        "bare": bare,
        "drafts": [item for item in kept_items if item.state == ItemState.DRAFT],
        "kept": kept_items,
        "versions": list(PlanVersion.objects.filter(plan=current)) if current else [],
        "financing": list(Financing.objects.filter(meeting=meeting).prefetch_related("issues").select_related("file")),
        "maslikhat": maslikhat_of(meeting.holder),
        "clock": ten_days(meeting, today()),
    }
    return render(request, "issues/plan.html", context)


# -- Items ----------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def item_add(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """A measure for an issue; the first one opens the plan."""
    meeting = own(request, pk)
    row = found(Issue.objects.standing().filter(meeting=meeting).select_related("unit"), issue)
    initial = {"order": None}
    form = ItemForm(
        request.POST if request.method == "POST" else None, unit=meeting.holder, today=today(), initial=initial
    )
    if request.method == "POST" and form.is_valid():

        def act() -> PlanItem:
            opened = services.open_plan(meeting, by=request.who)
            return services.add_item(opened, row, values=item_values(form), today=today(), by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The item stands in the draft of the plan."), address(meeting))
    return form_page(request, form, title=_("New item of the plan"), back=address(meeting), lead=lead_of(row))


@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """A draft is changed freely; of an approved item everything but the promised day."""
    meeting = own(request, pk)
    row = item_of(meeting, item)
    promised = row.state != ItemState.DRAFT
    names = ITEM_FIELDS
    initial = {name: getattr(row, name) for name in names} | {"version": row.version}
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        unit=meeting.holder,
        today=today(),
        promised=promised,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"] or 0

        def act() -> PlanItem:
            return services.edit_item(row, values=item_values(form), seen_version=seen, today=today(), by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The item is changed."), address(meeting))
    return form_page(
        request, form, title=_("Change the item of the plan"), back=address(meeting), lead=lead_of(row.issue)
    )


def item_of(meeting: Meeting, pk: int) -> PlanItem:
    return found(PlanItem.objects.filter(plan__meeting=meeting).select_related("issue", "unit"), pk)


def lead_of(issue: Issue) -> str:
    return f"{issue}: {issue.text()}"


def item_values(form: ItemForm) -> dict[str, Any]:
    values = {name: form.cleaned_data[name] for name in ITEM_FIELDS}
    if not values["order"]:
        del values["order"]
    return values


@require_http_methods(["GET", "POST"])
def item_drop(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Take an item out: a draft goes, a promise stays visible as taken out, with the reason."""
    meeting = own(request, pk)
    row = item_of(meeting, item)
    form = DropForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    if row.state not in (ItemState.DRAFT, *OPEN_ITEMS):
        form.fields["reason"].disabled = True
    if request.method == "POST" and form.is_valid():
        reason, seen = form.cleaned_data["reason"], form.cleaned_data["version"] or 0
        if attempt(form, lambda: services.drop_item(row, reason=reason, seen_version=seen, by=request.who)) is not None:
            return done(request, _("The item is taken out."), address(meeting))
    return form_page(
        request, form, title=_("Take the item out"), back=address(meeting), button=_("Take out"),
        lead=f"{row}: {row.measure()}",
    )  # fmt: skip


# -- Approval and money ---------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def plan_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the plan as its next version by a document."""
    meeting = own(request, pk)
    row = found(ActionPlan.objects.select_related("unit"), plan_id(meeting))
    initial = {"version": row.version, "on": today()}
    form = ApproveForm(
        request.POST if request.method == "POST" else None, first=not row.approved_number, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> PlanVersion:
            return services.approve_plan(
                row,
                on=data["on"],
                document=data["document"],
                reason=data.get("reason", ""),
                seen_version=data["version"] or 0,
                today=today(),
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The plan is approved. Its days and executors are promised now."), address(meeting))
    return form_page(
        request, form, title=_("Approve the action plan"), back=address(meeting), button=_("Approve"),
        lead=_("Drafts become promises: their days change by a request only, and every slip stays visible."),
    )  # fmt: skip


def plan_id(meeting: Meeting) -> int:
    return ActionPlan.objects.filter(meeting=meeting).values_list("pk", flat=True).first() or 0


@require_http_methods(["GET", "POST"])
def financing_add(request: HttpRequest, pk: int) -> HttpResponse:
    """What a session of the maslikhat decided on the money; a refusal is evidence too."""
    meeting = own(request, pk)
    issues = Issue.objects.standing().filter(meeting=meeting).order_by("year", "number")
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    year = today().year
    form = FinancingForm(data, files, issues=issues, initial={"budget_year": year})
    council = maslikhat_of(meeting.holder)
    if data is not None and form.is_valid():
        chosen = list(form.cleaned_data["issues"])
        names = ("session_number", "session_date", "outcome", "decision", "amount", "budget_year")
        values = {name: form.cleaned_data[name] for name in names} | {"maslikhat": council}

        def act() -> Financing:
            upload = form.cleaned_data["file"]
            scan = kept(upload, field="file", unit=meeting.holder, kind=FileKind.ORDER, by=request.who)
            return services.record_financing(
                meeting, chosen, values=values | {"file": scan}, today=today(), by=request.who
            )

        if attempt(form, act) is not None:
            return done(request, _("The session is recorded."), f"{address(meeting)}#money")
    lead = _("Session of: %(body)s") % {"body": council.name()} if council else ""
    return form_page(
        request, form, title=_("Financing at the session of the maslikhat"), back=address(meeting), lead=lead
    )


# -- What is frozen -------------------------------------------------------------------------------
@require_GET
def plan_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A frozen version beside the one before it: rows that changed are marked."""
    meeting = meeting_of(request, pk)
    rows = PlanVersion.objects.filter(plan__meeting=meeting)
    version = found(rows, rows.filter(number=number).values_list("pk", flat=True).first() or 0)
    before = rows.filter(number=number - 1).first()
    context = meeting_context(request, meeting, "plan") | {
        "title": _("Action plan, version %(number)s") % {"number": number},
        "version": version,
        "before": before,
        "pairs": compared(version.rows, before.rows if before else []),
    }
    return render(request, "issues/plan_version.html", context)


def compared(rows: list[dict], before: list[dict]) -> list[tuple[dict, dict | None, str]]:
    """Rows of a version with their row before, and what happened: new, changed, same, gone."""
    old = {row["item"]: row for row in before}
    found_rows: list[tuple[dict, dict | None, str]] = []
    for row in rows:
        was = old.pop(row["item"], None)
        same = was is not None and {**was, "first_due_on": ""} == {**row, "first_due_on": ""}
        found_rows.append((dated(row), dated(was) if was else None, "same" if same else "changed" if was else "new"))
    return found_rows + [(dated(row), None, "gone") for row in old.values()]


def dated(row: dict) -> dict:
    """A frozen row with its days as days."""
    days = {n: dt.date.fromisoformat(row[n]) if row.get(n) else None for n in ("due_on", "first_due_on")}
    return row | days


@require_GET
def plan_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as it stands, as a table."""
    meeting = meeting_of(request, pk)
    items = PlanItem.objects.filter(plan__meeting=meeting).exclude(state=ItemState.DROPPED)
    rows = list(items.select_related("issue__place", "issue__topic"))
    name = f"plan-{meeting.holder.code}-{meeting.date:%Y-%m-%d}.xlsx"
    return download(plan_book(meeting, rows), name=name, content_type=XLSX)
