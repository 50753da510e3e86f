"""Requests of the population: the list with its quick entry, one request, joining and parting."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from calendars.models import Meeting, MeetingState
from journal.paging import KeyPaginator
from territories.models import Territory
from territories.scope import inside, today

from .. import rules, services
from ..forms.requests import (
    ClassifyForm,
    EditRequestForm,
    IssueForm,
    RefuseForm,
    RequestFilter,
    RequestForm,
    topic_choices,
)
from ..models import Issue, IssueOrigin, Request
from ..services import Person
from ..similar import fold, similar_issues, similar_requests
from .page import (
    VersionForm,
    attempt,
    done,
    form_page,
    found,
    posted,
    require_office,
    require_reader,
    unit_of,
)

PAGE_SIZE = 50
#: Meetings offered for a request: from so long ago on.
MEETINGS_SINCE = dt.timedelta(days=30)
MOST_MEETINGS = 60
#: Fields that stay from one quick entry to the next.
STAYING = ("source", "received_on", "place", "meeting", "classification", "language")


def office_of(unit: Territory) -> Territory:
    """The nearest unit with an akim of its own, from this one upwards."""
    if unit.own_akim:
        return unit
    ids = [int(pk) for pk in unit.path.strip("/").split("/")]
    found_units = Territory.objects.filter(pk__in=ids, own_akim=True)
    return max(found_units, key=lambda each: len(each.path), default=unit)


def meetings_of(unit: Territory, who: Any) -> QuerySet[Meeting]:
    """Coming and recent meetings of the akim, for a choice."""
    rows = Meeting.objects.visible_to(who).filter(holder=unit, date__gte=today() - MEETINGS_SINCE)
    ids = rows.filter(state__in=(MeetingState.PLANNED, MeetingState.HELD)).order_by("date").values("pk")
    return Meeting.objects.filter(pk__in=list(ids.values_list("pk", flat=True)[:MOST_MEETINGS])).select_related("place")


def units_url(unit: Territory) -> str:
    return f"{reverse('calendars:units')}?unit={unit.pk}&for=place"


def living_origin() -> QuerySet[IssueOrigin]:
    return IssueOrigin.objects.filter(request=OuterRef("pk"), undone_at=None)


def narrowed(rows: QuerySet[Request], values: dict[str, Any]) -> QuerySet[Request]:
    """The rows that fit the clean values of a `RequestFilter`."""
    if source := values.get("source"):
        rows = rows.filter(source=source)
    state = values.get("state")
    if state == "waiting":
        rows = rows.filter(moderation="waiting")
    elif state == "refused":
        rows = rows.filter(moderation="refused")
    elif state == "free":
        rows = rows.filter(~Exists(living_origin()), moderation="accepted").exclude(classification="appeal")
    elif state == "joined":
        rows = rows.filter(Exists(living_origin()))
    elif state:
        rows = rows.filter(classification=state)
    if topic := values.get("topic"):
        rows = rows.filter(topic=topic)
    if meeting := values.get("meeting"):
        rows = rows.filter(meeting=meeting)
    for word in fold(values.get("q") or "").split():
        rows = rows.filter(folded__contains=word)
    return rows


@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """The list with its filters; above it the quick entry, which stays in the flow."""
    require_reader(request.who)
    unit = unit_of(request)
    office = office_of(unit)
    may_enter = rules.answers_for(request.who, office)
    topics = topic_choices(unit.region_id or unit.pk)
    form = None
    if request.method == "POST":
        require_office(request.who, office)
        form = entry_form(request, office, topics, request.POST)
        added = add(request, form, office) if form.is_valid() else None
        if added is not None:
            kept = {name: form.cleaned_data[name] for name in STAYING}
            form = entry_form(request, office, topics, initial=kept, fresh=True)
            if request.htmx:
                return entry_piece(request, form, office, added)
            text = _("Request № %(number)s is saved.") % {"number": added.pk}
            return done(request, text, request.get_full_path())
        if request.htmx:
            return entry_piece(request, form, office, None, status=getattr(form, "status", 422))
    filters = RequestFilter(request.GET or None, topics=topics)
    values = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    rows = Request.objects.visible_to(request.who)
    rows = rows.filter(inside(unit.path, "unit", "place"))
    whole = Request.objects.select_related("place", "topic")
    listed = KeyPaginator(narrowed(rows, values), PAGE_SIZE, order=("-received_on", "-pk"), whole=whole)
    page = listed.page_of(request.GET)
    shown = list(page)
    issues = issues_behind(shown)
    given = values.get("meeting")
    meeting = (
        Meeting.objects.visible_to(request.who).filter(pk=given).select_related("place").first() if given else None
    )
    if form is None and may_enter:
        initial = {"meeting": meeting} if meeting is not None and meeting.holder_id == office.pk else {}
        form = entry_form(request, office, topics, initial=initial, fresh=True)
    context = {
        "title": _("Requests of the population"),
        "unit": unit,
        "office": office,
        "form": form,
        "filters": filters,
        "filtered": any(values.values()),
        "page": page,
        "rows": [(row, issues.get(row.pk)) for row in shown],
        "meeting": meeting,
        "may_enter": may_enter,
        "may_topics": rules.can_edit_topics(request.who, unit.region or unit),
        "today": today(),
    }
    status = getattr(form, "status", 422) if form is not None and form.is_bound else 200
    return render(request, "issues/requests.html", context, status=status)


def issues_behind(rows: list[Request]) -> dict[int, Issue]:
    """The issue that each request was joined to; one query."""
    origins = IssueOrigin.objects.filter(request__in=rows, undone_at=None).select_related("issue")
    return {origin.request_id: origin.issue for origin in origins}


def entry_form(
    request: HttpRequest,
    office: Territory,
    topics: list[tuple[Any, Any]],
    data: Any = None,
    *,
    initial: dict | None = None,
    fresh: bool = False,
) -> RequestForm:
    start: dict[str, Any] = {"received_on": today(), "place": office, "language": "kk"}
    if fresh:
        start["client_key"] = uuid.uuid4().hex
    return RequestForm(
        data,
        unit=office,
        meetings=meetings_of(office, request.who),
        topics=topics,
        search_url=units_url(office),
        initial=start | (initial or {}),
    )


def add(request: HttpRequest, form: RequestForm, office: Territory) -> Request | None:
    """Enter what the form holds; a double click adds one row."""
    data = form.cleaned_data
    person = None
    if form.has_person:
        consent = _("The person agreed that name and contacts are kept")
        person = Person(name=data["name"], phone=data["phone"], email=data["email"], consent=consent)
    names = (
        "place", "source", "received_on", "text", "topic", "meeting", "classification", "appeal_number",
        "link", "language", "client_key",
    )  # fmt: skip
    values = {name: data[name] for name in names}
    return attempt(form, lambda: services.add_request(office, **values, person=person, today=today(), by=request.who))


def entry_piece(
    request: HttpRequest, form: Form, office: Territory, added: Request | None, status: int = 200
) -> HttpResponse:
    response = render(request, "issues/_entry.html", {"form": form, "office": office, "added": added}, status=status)
    if added is not None:
        from django_htmx.http import trigger_client_event

        text = _("Request № %(number)s is saved.") % {"number": added.pk}
        link = {"url": reverse("issues:request", args=[added.pk]), "action": _("Open")}
        trigger_client_event(response, "toast", {"text": text, "kind": "success"} | link)
        trigger_client_event(response, "requestsChanged", {})
    return response


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """What was asked before that is like the text being typed: in the place, the raion, the region."""
    require_reader(request.who)
    office = office_of(unit_of(request))
    text = request.POST.get("text", "")[:5000]
    return render(request, "issues/_similar.html", {"found": like(request, text, office)})


def like(request: HttpRequest, text: str, unit: Territory, leave_out: int | None = None, most: int = 6) -> list[dict]:
    """Earlier requests and issues like a text, in words; five queries at the most beside the circles."""
    hits = similar_requests(text, unit=unit, who=request.who, most=most, leave_out=leave_out)
    issues = similar_issues(text, unit=unit, most=most)
    rows = Request.objects.select_related("place").in_bulk([hit.pk for hit in hits])
    ids = {hit.pk for hit in issues} | {hit.issue_id for hit in hits if hit.issue_id}
    of_issue = Issue.objects.select_related("place", "unit").in_bulk(ids)
    mine = set(Issue.objects.visible_to(request.who).filter(pk__in=ids).values_list("pk", flat=True))
    shown = [
        {
            "kind": "issue",
            "row": of_issue[hit.pk],
            "text": of_issue[hit.pk].text(),
            "near": hit.near,
            "score": round(hit.score),
            "issue": of_issue[hit.pk],
            "mine": hit.pk in mine,
        }
        for hit in issues
        if hit.pk in of_issue
    ]
    shown += [
        {
            "kind": "request",
            "row": rows[hit.pk],
            "text": rows[hit.pk].text,
            "near": hit.near,
            "score": round(hit.score),
            "issue": of_issue.get(hit.issue_id) if hit.issue_id else None,
            "mine": True,
        }
        for hit in hits
        if hit.pk in rows
    ]
    nearness = {"unit": 0, "raion": 1, "region": 2}
    return sorted(shown, key=lambda each: (nearness[each["near"]], -each["score"]))[: 2 * most]


# -- One request ------------------------------------------------------------------------------------
def request_of(request: HttpRequest, pk: int) -> Request:
    require_reader(request.who)
    rows = Request.objects.visible_to(request.who)
    return found(rows.select_related("unit", "place", "topic", "meeting__place", "updated_by"), pk)


def own_request(request: HttpRequest, pk: int) -> Request:
    row = request_of(request, pk)
    require_office(request.who, row.unit)
    return row


def address(row: Request) -> str:
    return reverse("issues:request", args=[row.pk])


@require_GET
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its text, what it is, its issue, and what is like it."""
    row = request_of(request, pk)
    origins = list(row.origins.select_related("issue", "joined_by", "undone_by").order_by("pk"))
    living = next((origin for origin in origins if origin.undone_at is None), None)
    may_edit = rules.can_edit_request(request.who, row)
    own = rules.is_own_office(request.who, row.unit) or request.who.system
    context = {
        "title": _("Request № %(number)s") % {"number": row.pk},
        "row": row,
        "origins": origins,
        "living": living,
        "own": own,
        "person": getattr(row, "person", None) if own else None,
        "may_edit": may_edit,
        "like": like(request, row.text, row.unit, leave_out=row.pk) if living is None else [],
        "today": today(),
    }
    return render(request, "issues/request.html", context)


@require_http_methods(["GET", "POST"])
def classify(request: HttpRequest, pk: int) -> HttpResponse:
    """Question, proposal, or an appeal that is registered in e-Otinish."""
    row = own_request(request, pk)
    initial = {
        "classification": row.classification,
        "appeal_number": row.appeal_number,
        "version": row.version,
    }
    form = ClassifyForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Request:
            return services.classify_request(
                row,
                classification=data["classification"],
                appeal_number=data["appeal_number"],
                seen_version=data["version"] or 0,
                by=request.who,
            )

        if attempt(form, act) is not None:
            return done(request, _("The request is sorted."), address(row))
    return form_page(request, form, title=_("What is this request?"), back=address(row))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_request(request, pk)
    names = ("place", "meeting", "topic", "language", "text")
    form = EditRequestForm(
        request.POST if request.method == "POST" else None,
        unit=row.unit,
        meetings=meetings_of(row.unit, request.who) | Meeting.objects.filter(pk=row.meeting_id).select_related("place"),
        search_url=units_url(row.unit),
        initial={name: getattr(row, name) for name in names} | {"version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        seen = form.cleaned_data["version"] or 0
        act = lambda: services.edit_request(row, values=values, seen_version=seen, by=request.who)  # noqa: E731
        if attempt(form, act) is not None:
            return done(request, _("The request is changed."), address(row))
    return form_page(request, form, title=_("Change the request"), back=address(row))


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request of the public form in."""
    row = own_request(request, pk)
    form = VersionForm(request.POST)
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        if attempt(form, lambda: services.moderate_request(row, accepted=True, seen_version=seen, by=request.who)):
            return done(request, _("The request is accepted."), address(row))
    return form_page(
        request, form, title=_("Accept the request"), back=address(row), button=_("Accept"), lead=row.text[:300]
    )


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    row = own_request(request, pk)
    form = RefuseForm(posted(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Request:
            return services.moderate_request(
                row, accepted=False, refusal=data["refusal"], seen_version=data["version"] or 0, by=request.who
            )

        if attempt(form, act) is not None:
            return done(request, _("The request is not accepted; it stays in the list with the reason."), address(row))
    return form_page(request, form, title=_("Do not accept the request"), back=address(row), button=_("Do not accept"))


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the request to an issue that is there."""
    row = own_request(request, pk)
    given = request.POST.get("issue", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    issue = found(Issue.objects.visible_to(request.who).select_related("unit"), number)
    form = Form(request.POST)
    if attempt(form, lambda: services.join_request(row, issue, by=request.who)) is None:
        from django.contrib import messages

        messages.error(request, "; ".join(map(str, form.non_field_errors())))
        return done(request, "", address(row))
    return done(request, _("The request is joined to issue %(issue)s.") % {"issue": issue}, address(row))


@require_http_methods(["GET", "POST"])
def new_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem issue out of the request, in words that may be published."""
    row = own_request(request, pk)
    texts = {"text_ru": row.text} if row.language == "ru" else {"text_kk": row.text}
    initial = texts | {"topic": row.topic, "level": "akim"}
    form = IssueForm(posted(request), region_id=row.region_id, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Issue:
            return services.make_issue(
                row.unit,
                place=row.place,
                text_kk=data["text_kk"],
                text_ru=data["text_ru"],
                topic=data["topic"],
                level=data["level"],
                raised_on=row.received_on,
                meeting=row.meeting,
                requests=[row],
                today=today(),
                by=request.who,
            )

        made = attempt(form, act)
        if made is not None:
            return done(request, _("Issue %(issue)s is made.") % {"issue": made}, address(row))
    title = _("New issue from request № %(number)s") % {"number": row.pk}
    return form_page(request, form, title=title, back=address(row))


@require_POST
def part(request: HttpRequest, pk: int, origin: int) -> HttpResponse:
    """Undo the joining; the row stays and says by whom."""
    row = own_request(request, pk)
    link = found(row.origins.select_related("issue__unit"), origin)
    services.undo_join_request(link, by=request.who)
    return done(request, _("The request is taken out of the issue."), address(row))
