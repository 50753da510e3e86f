"""Items of the plans: an executor's own, the office's and those below it; progress and new days."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars import rules as calendar_rules
from journal.paging import PLACE, KeyPaginator
from territories.models import Role
from territories.scope import Who, today

from .. import rules, services
from ..forms.progress import DecisionForm, ItemFilters, NewDayForm, ProgressForm, ShowForm
from ..models import DueChange, FileKind, ItemState, PlanItem, Progress
from .page import attempt, done, form_page, found, require_office, unit_of
from .uploads import kept_all

PER_PAGE = 50


def require_reader(who: Who) -> None:
    if who.role != Role.EXECUTOR and not calendar_rules.reads_rows(who):
        raise PermissionDenied(_("Your post does not read items of action plans."))


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """An executor's own items, or those of the chosen unit and below it, the nearest day first."""
    require_reader(request.who)
    mine, day = request.who.role == Role.EXECUTOR, today()
    scope = PlanItem.objects.visible_to(request.who).exclude(state__in=(ItemState.DRAFT, ItemState.DROPPED))
    unit = None if mine else unit_of(request)
    if unit is not None:
        scope = scope.under_unit(unit)
    filters = ItemFilters(request.GET)
    if mine:
        del filters.fields["executor"]
    asked = DueChange.objects.filter(item=OuterRef("pk"), state="asked")
    rows = filters.narrow(scope, day)
    whole = PlanItem.objects.annotate(new_day_asked=Exists(asked)).select_related("issue__place", "unit")
    page = KeyPaginator(rows, PER_PAGE, order=("due_on", "pk"), whole=whole).page_of(request.GET)
    owed = scope.owed()
    context = {
        "title": _("My items") if mine else _("Items of action plans"),
        "may_import": rules.brings_own(request.who) if unit is None else rules.answers_for(request.who, unit),
        "mine": mine,
        "unit": unit,
        "filters": filters,
        "filtered": any(value for name, value in request.GET.items() if name not in PLACE),
        "page": page,
        "items": list(page.object_list),
        "owed": owed.count(),
        "late": owed.filter(due_on__lt=day).count(),
        "asked": scope.filter(due_changes__state="asked").count(),
        "today": day,
    }
    return render(request, "issues/items.html", context)


def item_of(request: HttpRequest, pk: int) -> PlanItem:
    rows = PlanItem.objects.visible_to(request.who).exclude(state=ItemState.DRAFT)
    return found(rows.select_related("issue__place", "issue__topic", "unit", "plan__meeting__place"), pk)


@require_GET
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what is owed, each step with its proof, each new day that was asked for."""
    row = item_of(request, pk)
    changes = list(row.due_changes.select_related("created_by", "decided_by", "unit").order_by("-pk"))
    context = {
        "title": _("Item %(item)s") % {"item": row},
        "item": row,
        "issue": row.issue,
        "steps": list(row.progress.select_related("created_by").prefetch_related("files")),
        "changes": changes,
        "asked": next((change for change in changes if change.state == "asked"), None),
        "office": rules.answers_for(request.who, row.unit),
        "may_report": rules.can_report(request.who, row),
        "today": today(),
    }
    return render(request, "issues/item.html", context)


def back_to(row: PlanItem) -> str:
    return reverse("issues:item", args=[row.pk])


def require_reporter(who: Who, row: PlanItem) -> None:
    if not rules.can_report(who, row):
        raise PermissionDenied(_("Only the executor of this item or its office reports progress."))


@require_http_methods(["GET", "POST"])
def progress_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what was done, with files and photographs of the proof."""
    row = item_of(request, pk)
    require_reporter(request.who, row)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProgressForm(data, files, initial={"on": today(), "kind": "in_work"})
    if data is not None and form.is_valid():
        values = form.cleaned_data

        def act() -> Progress:
            stored = kept_all(values["files"], field="files", unit=row.unit, kind=FileKind.PROOF, by=request.who)
            return services.record_progress(
                row, kind=values["kind"], on=values["on"], text=values["text"], files=stored, today=today(),
                by=request.who,
            )  # fmt: skip

        if attempt(form, act) is not None:
            return done(request, _("The progress is recorded."), back_to(row))
    return form_page(request, form, title=_("Tell of the progress"), back=back_to(row), lead=f"{row}: {row.measure()}")


@require_http_methods(["GET", "POST"])
def new_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new day; the old one stands until the office has decided."""
    row = item_of(request, pk)
    require_reporter(request.who, row)
    form = NewDayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data

        def act() -> DueChange:
            return services.ask_due_change(row, to=values["to"], reason=values["reason"], today=today(), by=request.who)

        if attempt(form, act) is not None:
            return done(request, _("The new day is asked for. Until the decision the old one stands."), back_to(row))
    lead = _("Promised: %(day)s. A later day is counted as a slip and stays visible to everybody.")
    return form_page(
        request, form, title=_("Ask for a new day"), back=back_to(row), lead=lead % {"day": f"{row.due_on:%d.%m.%Y}"},
        button=pgettext("button", "Ask"),
    )  # fmt: skip


def change_of(request: HttpRequest, pk: int) -> DueChange:
    rows = DueChange.objects.visible_to(request.who).select_related("item__issue", "unit")
    row = found(rows, pk)
    require_office(request.who, row.unit)
    return row


@require_http_methods(["GET", "POST"])
def new_day_grant(request: HttpRequest, pk: int) -> HttpResponse:
    return decide(request, change_of(request, pk), grant=True)


@require_http_methods(["GET", "POST"])
def new_day_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return decide(request, change_of(request, pk), grant=False)


def decide(request: HttpRequest, change: DueChange, *, grant: bool) -> HttpResponse:
    """Grant the day, which counts a slip, or refuse it with a reason."""
    form = DecisionForm(request.POST if request.method == "POST" else None, needed=not grant)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["decision"]
        verb = services.grant_due_change if grant else services.refuse_due_change
        if attempt(form, lambda: verb(change, decision=words, today=today(), by=request.who)) is not None:
            text = _("The new day is granted.") if grant else _("The new day is refused.")
            return done(request, text, back_to(change.item))
    lead = f"{change.item}: {change.was:%d.%m.%Y} → {change.to:%d.%m.%Y}. {change.reason}"
    return form_page(
        request,
        form,
        title=_("Grant the new day") if grant else _("Refuse the new day"),
        back=back_to(change.item),
        lead=lead,
        button=pgettext("button", "Grant") if grant else pgettext("button", "Refuse"),
    )


@require_POST
def progress_show(request: HttpRequest, pk: int) -> HttpResponse:
    """The office lets everybody read a step, with its photographs, or takes that back."""
    row = found(Progress.objects.visible_to(request.who).select_related("item", "unit"), pk)
    require_office(request.who, row.unit)
    form = ShowForm(request.POST)
    shown = None
    if form.is_valid():
        public, seen = form.cleaned_data["public"], form.cleaned_data["version"] or 0
        act = lambda: services.show_progress(row, public=public, seen_version=seen, by=request.who)  # noqa: E731
        shown = attempt(form, act)
    if shown is None:
        title = _("Who reads this step")
        return form_page(request, form, title=title, back=back_to(row.item), lead=f"{row.item}: {row.text[:300]}")
    text = _("Everybody reads this step now.") if shown.public else _("The step is read by the office only.")
    return done(request, text, back_to(row.item))
