"""The pool of problem issues of a meeting: gathered from requests, ordered, joined, frozen with its date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.models import Meeting
from territories.scope import today

from .. import services
from ..forms.requests import IssueForm
from ..models import Issue, IssueJoin, IssueState, PoolDraft, PoolVersion, Request, Source
from ..pooling import MOST_ROWS, differs, in_order
from ..services.changing import ended_on
from .page import (
    VersionForm,
    attempt,
    done,
    form_page,
    found,
    meeting_context,
    meeting_of,
    posted,
    require_office,
)
from .requests import living_origin

#: Requests without an issue that the page shows at once; the list has all.
MOST_FREE = 40


class FreezeForm(VersionForm):
    analysis = forms.CharField(
        label=gettext_lazy("Analysis of the requests"),
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What people ask most, what repeats, what is new (826, para 3, subpara 4)."),
    )


@require_GET
def pool(request: HttpRequest, pk: int) -> HttpResponse:
    """Issues of the pool with the requests behind them, requests that wait for an issue, and frozen versions."""
    return pool_page(request, meeting_of(request, pk))


def pool_page(request: HttpRequest, meeting: Meeting, typed: forms.Form | None = None) -> HttpResponse:
    """The page; `typed` is a form that came too late: its order, ticks and words stay, what stands now is beside."""
    issues, draft = in_order(meeting)
    first = {"analysis": draft.analysis if draft else ""}
    if typed is not None:
        rows, ticked = by_number(request, sent_rows(request)), set(numbers(request.POST.getlist("issue")))
        issues.sort(key=lambda issue: rows.index(issue.pk) if issue.pk in rows else MOST_ROWS)
        for issue in issues:
            issue.chosen = issue.pk in ticked
        first = {"analysis": typed.cleaned_data["analysis"]}
    versions = list(PoolVersion.objects.filter(meeting=meeting).annotate(length=Count("rows")))
    free = Request.objects.filter(meeting=meeting, moderation="accepted").filter(~Exists(living_origin()))
    free = free.exclude(classification="appeal").select_related("place", "topic")
    sources = dict(
        Request.objects.filter(meeting=meeting).exclude(moderation="refused").order_by()
        .values_list("source").annotate(n=Count("pk"))
    )  # fmt: skip
    ids = [issue.pk for issue in issues]
    joins = IssueJoin.objects.filter(into__in=ids, undone_at=None).select_related("issue", "into")
    context = meeting_context(request, meeting, "pool") | {
        "title": _("Pool"),
        "issues": issues,
        "others": other_issues(meeting, ids),
        "free": list(free[: MOST_FREE + 1]),
        "most_free": MOST_FREE,
        "waiting": Request.objects.filter(meeting=meeting, moderation="waiting").count(),
        "sources": [(source.label, sources.get(source.value, 0)) for source in Source],
        "joins": list(joins),
        "versions": versions,
        "draft": draft,
        "stale": differs(issues, versions[0] if versions else None),
        "may_freeze": today() <= ended_on(meeting),
        "form": FreezeForm(initial=first),
        "typed": typed,
        "conflict": in_words(typed.clash, issues) if typed is not None else None,
    }
    return render(request, "issues/pool.html", context, status=200 if typed is None else 409)


def in_words(clash: services.Conflict, issues: list[Issue]) -> list[dict[str, str]]:
    """Both orders by the numbers of the issues, and both analyses."""
    names = {issue.pk: str(issue) for issue in issues}

    def words(name: str, value: Any) -> str:
        return str(value) if name == "analysis" else "\n".join(names.get(pk, f"№ {pk}") for pk in value)

    labels = {
        "order": _("Order of the issues"),
        "left_out": _("Left out of the pool"),
        "analysis": _("Analysis of the requests"),
    }
    return [
        {"label": label, "theirs": words(name, getattr(clash.row, name)), "mine": words(name, clash.mine[name])}
        for name, label in labels.items()
        if name in clash.fields
    ]


def sent_rows(request: HttpRequest) -> list[int]:
    return numbers(request.POST.getlist("row"))[:MOST_ROWS]


def other_issues(meeting: Meeting, ids: list[int]) -> list[Issue]:
    """Other open issues of the same akim, to be taken into this pool: the newest first."""
    rows = Issue.objects.standing().open().filter(unit=meeting.holder).exclude(pk__in=ids)
    return list(rows.exclude(state=IssueState.REPORTED).select_related("place").order_by("-raised_on", "-pk")[:30])


class OrderForm(VersionForm):
    analysis = forms.CharField(max_length=10000, required=False)


def own(request: HttpRequest, pk: int) -> Meeting:
    meeting = meeting_of(request, pk)
    require_office(request.who, meeting.holder)
    return meeting


def address(meeting: Meeting) -> str:
    return reverse("issues:pool", args=[meeting.pk])


def chosen_issues(request: HttpRequest, meeting: Meeting) -> list[Issue]:
    """Ticked issues in the order of their numbers; equal numbers keep the order of the page.

    One that is not this akim's is answered like one that does not exist, and then nothing is done with the others.
    """
    ticked = numbers(request.POST.getlist("issue"))
    rows = Issue.objects.filter(unit=meeting.holder).select_related("unit").in_bulk(ticked)
    if len(rows) != len(set(ticked)):
        raise Http404(_("There is no such issue."))
    return [rows[pk] for pk in by_number(request, ticked)]


def numbers(texts: list[str]) -> list[int]:
    """Ids among texts that somebody sent."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def by_number(request: HttpRequest, pks: list[int]) -> list[int]:
    """Ids in the order of the numbers typed for them; equal numbers keep the order of the page."""

    def place(pk: int) -> int:
        given = request.POST.get(f"order_{pk}", "")
        return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else MOST_ROWS

    return sorted(pks, key=place)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the order as it is typed or dragged: the page's script asks for JSON, the button for the page."""
    meeting = own(request, pk)
    form = OrderForm(request.POST)
    rows = by_number(request, sent_rows(request))
    ticked = set(numbers(request.POST.getlist("issue")))
    made = None
    if form.is_valid():
        data = form.cleaned_data

        def act() -> PoolDraft:
            return services.order_pool(
                meeting,
                order=rows,
                left_out=[row for row in rows if row not in ticked],
                analysis=data["analysis"],
                seen_version=data["version"] or 0,
                by=request.who,
            )

        made = attempt(form, act)
    if "application/json" in request.headers.get("accept", ""):
        if made is not None:
            return JsonResponse({"version": made.version, "text": _("The order is kept.")})
        told = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"text": told}, status=getattr(form, "status", 422))
    if made is None:
        return late(request, meeting, form) or refused(request, form, address(meeting))
    return done(request, _("The order is kept."), address(meeting))


@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the ticked issues in their order as the next version of the pool."""
    meeting = own(request, pk)
    form = FreezeForm(request.POST)
    if form.is_valid():
        issues, analysis = chosen_issues(request, meeting), form.cleaned_data["analysis"]

        def act() -> PoolVersion:
            seen = form.cleaned_data["version"]
            return services.freeze_pool(
                meeting, issues, analysis=analysis, seen_version=seen, today=today(), by=request.who
            )

        made = attempt(form, act)
        if made is not None:
            return done(request, _("Pool version %(number)s is frozen.") % {"number": made.number}, address(meeting))
    return late(request, meeting, form) or refused(request, form, address(meeting))


def late(request: HttpRequest, meeting: Meeting, form: forms.Form) -> HttpResponse | None:
    """The page with both orders where somebody else was first; None where it is another refusal."""
    return pool_page(request, meeting, form) if getattr(form, "status", 0) == 409 else None


def refused(request: HttpRequest, form: forms.Form, to: str) -> HttpResponse:
    """The page again with what was wrong."""
    from django.contrib import messages

    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return done(request, "", to)


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the ticked issues into the first of them; each keeps its origins and can be parted again."""
    meeting = own(request, pk)
    issues = chosen_issues(request, meeting)
    form = forms.Form(request.POST)

    def act() -> int:
        if len(issues) < 2:
            raise ValidationError(_("Tick the issues that are the same; the others are joined into the first one."))
        with transaction_of_all():
            for issue in issues[1:]:
                services.join_issues(issue, issues[0], by=request.who)
        return len(issues)

    if attempt(form, act) is None:
        return refused(request, form, address(meeting))
    return done(request, _("The issues are joined into %(issue)s.") % {"issue": issues[0]}, address(meeting))


def transaction_of_all() -> Any:
    from django.db import transaction

    return transaction.atomic()


@require_POST
def part(request: HttpRequest, pk: int, join: int) -> HttpResponse:
    """Undo the joining of two issues."""
    meeting = own(request, pk)
    row = found(IssueJoin.objects.visible_to(request.who).filter(unit=meeting.holder), join)
    services.undo_join_issues(row, by=request.who)
    return done(request, _("The issues are parted again."), address(meeting))


@require_http_methods(["GET", "POST"])
def issue_edit(request: HttpRequest, pk: int, issue: int) -> HttpResponse:
    """Words, topic and level of an issue of the pool."""
    meeting = own(request, pk)
    row = found(Issue.objects.visible_to(request.who).filter(unit=meeting.holder).select_related("unit"), issue)
    names = ("text_kk", "text_ru", "topic", "level")
    initial = {name: getattr(row, name) for name in names} | {"version": row.version}
    form = IssueForm(posted(request), region_id=row.region_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        seen = form.cleaned_data["version"] or 0
        act = lambda: services.edit_issue(row, values=values, seen_version=seen, by=request.who)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, _("The issue is changed."), address(meeting))
    return form_page(request, form, title=_("Issue %(issue)s") % {"issue": row}, back=address(meeting))


@require_http_methods(["GET", "POST"])
def issue_add(request: HttpRequest, pk: int) -> HttpResponse:
    """An issue of the pool without a request: known to the commission."""
    meeting = own(request, pk)
    form = IssueForm(posted(request), region_id=meeting.calendar.region_id, initial={"level": "akim"})
    if request.method == "POST" and form.is_valid():
        data, now = form.cleaned_data, today()

        def act() -> Issue:
            return services.make_issue(
                meeting.holder,
                place=meeting.place,
                text_kk=data["text_kk"],
                text_ru=data["text_ru"],
                topic=data["topic"],
                level=data["level"],
                raised_on=min(now, ended_on(meeting)),
                meeting=meeting,
                today=now,
                by=request.who,
            )

        made = attempt(form, act)
        if made is not None:
            return done(request, _("Issue %(issue)s is made.") % {"issue": made}, address(meeting))
    return form_page(request, form, title=_("New issue"), back=address(meeting))


@require_GET
def pool_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A frozen pool as it stood, to be read and printed."""
    meeting = meeting_of(request, pk)
    rows = PoolVersion.objects.filter(meeting=meeting).select_related("created_by")
    version = found(rows, get_number(rows, number))
    sources = [(source.label, version.sources.get(source.value, 0)) for source in Source]
    context = meeting_context(request, meeting, "pool") | {
        "title": _("Pool of problem issues, version %(number)s") % {"number": number},
        "version": version,
        "rows": list(version.rows.select_related("topic", "issue")),
        "sources": sources,
        "asked": sum(count for _label, count in sources),
    }
    return render(request, "issues/pool_version.html", context)


def get_number(rows: QuerySet[PoolVersion], number: int) -> int:
    return rows.filter(number=min(number, 32767)).values_list("pk", flat=True).first() or 0
