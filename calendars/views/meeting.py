"""One meeting: its page and side panel, its form, and the verbs of its life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from deadlines.legal import LegalDay
from journal.dates import distance, long_date
from territories.scope import today

from .. import rules, services
from ..forms import AnnounceForm, CancelForm, HoldForm, MeetingForm, RemarkForm
from ..forms.entry import initial_of
from ..forms.verbs import VersionForm
from ..models import Meeting, MeetingState
from ..services import Outcome
from ..services.rows import FIELDS
from ..warnings import Announcements, Row, check
from ..wording import cited, label, unit_names, units_in, words
from . import conflict, saved
from .chosen import Chosen, chosen, tabs
from .history import history_of
from .pairs import further_pairs, pairs_of
from .rows import shown_state, state_word
from .units import holders_for, places_for, search_url


def whole(about: Chosen) -> QuerySet[Meeting]:
    """Meetings in the reader's scope with everything that their page names."""
    return Meeting.objects.visible_to(about.who).select_related(
        "holder", "place", "calendar__region", "created_by", "updated_by"
    )


def found(about: Chosen, pk: int) -> Meeting:
    """The meeting within the reader's scope, of whichever year the address speaks; else 404."""
    meeting = get_object_or_404(whole(about), pk=pk)
    about.region, about.year = meeting.calendar.region, meeting.calendar.year
    about.__dict__["calendar"] = meeting.calendar
    return meeting


@require_GET
@vary_on_headers("HX-Request")
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    about = chosen(request)
    return shown(request, about, found(about, pk))


def shown(request: HttpRequest, about: Chosen, meeting: Meeting) -> HttpResponse:
    """The panel for htmx, else the page."""
    context = of(about, meeting) | {"tabs": tabs(about, "")}
    template = "calendars/_meeting.html" if request.htmx else "calendars/meeting.html"
    return render(request, template, context)


def of(about: Chosen, meeting: Meeting) -> dict[str, Any]:
    """Everything that the panel and the page show of a meeting."""
    now = today()
    announcements = Announcements(meeting.calendar)
    last_day = announcements.legal_day(meeting.holder, meeting.date, meeting.announced_on)
    open_ = meeting.state in rules.EDITABLE
    told = check(meeting.calendar, [Row.of(meeting)], today=now).get(0, []) if open_ else []
    shown_as = shown_state(meeting.state, meeting.announced_on)
    actions = verbs_of(about, meeting, now)
    return {
        "about": about,
        "meeting": meeting,
        "today": now,
        "shown_state": shown_as,
        "state_word": state_word(shown_as),
        "steps": steps(meeting, last_day, now),
        "last_day": last_day,
        "law_text": cited(last_day.rule_id),
        "warnings": told,
        "pairs": pairs_of(meeting),
        "history": history_of(meeting),
        "actions": actions,
        "next_step": actions[0] if actions else None,
        "may_edit": rules.can_edit(about.who, meeting),
        "is_own": about.who.covers(meeting.holder.path),
    }


def steps(meeting: Meeting, last_day: LegalDay, now: dt.date) -> list[dict[str, Any]]:
    """The state line: planned, announced, held; each with its day."""
    if meeting.state == MeetingState.CANCELLED:
        return [
            {"name": state_word("planned"), "note": long_date(meeting.date), "state": "done"},
            {"name": state_word("cancelled"), "note": meeting.cancel_reason[:80], "state": "failed"},
        ]
    line: list[dict[str, Any]] = []
    if meeting.state in rules.PROPOSALS:
        returned = meeting.state == MeetingState.RETURNED
        line.append({"name": state_word(meeting.state), "note": "", "state": "failed" if returned else "now"})
    planned = meeting.state not in rules.PROPOSALS
    line.append(
        {"name": state_word("planned"), "note": long_date(meeting.date), "state": "done" if planned else "next"}
    )
    if meeting.announced_on:
        late = last_day.due_on is not None and meeting.announced_on > last_day.due_on
        step = {"name": state_word("announced"), "note": long_date(meeting.announced_on), "state": "done"}
        line.append(step | {"day": last_day} if late else step)
    else:
        waiting = planned and meeting.state != MeetingState.HELD
        state = "now" if waiting else "next"
        line.append({"name": state_word("announced"), "note": "", "day": last_day, "state": state})
    if meeting.held_on:
        line.append({"name": state_word("held"), "note": long_date(meeting.held_on), "state": "done"})
    else:
        line.append(
            {
                "name": state_word("held"),
                "note": distance(meeting.date, now),
                "state": "now" if planned and meeting.announced_on else "next",
            }
        )
    return line


def verb_words() -> dict[str, tuple[str, str]]:
    """Verb -> title of its form and word of its button."""
    return {
        "propose": (_("Propose again"), _("Propose again")),
        "accept": (_("Accept into the calendar"), _("Accept")),
        "announce": (_("Record the announcement"), _("Record")),
        "hold": (_("Record that it was held"), _("Record")),
        "return": (_("Return with a remark"), _("Return")),
        "cancel": (_("Cancel the meeting"), _("Cancel the meeting")),
        "remove": (_("Take out of the draft"), _("Take out")),
    }


def verbs_of(about: Chosen, meeting: Meeting, now: dt.date) -> list[dict[str, str]]:
    """What this reader may do with the meeting now; the first is the next step."""
    who = about.who
    names: list[str] = []
    if meeting.state == MeetingState.RETURNED and rules.can_edit(who, meeting):
        names.append("propose")
    if rules.can_decide(who, meeting):
        names += ["accept", "return"]
    if rules.can_run(who, meeting):
        held = ["hold"] if meeting.date <= now else []
        announce = [] if meeting.announced_on else ["announce"]
        names += announce + held
        names.append("cancel")
    if rules.can_edit(who, meeting) and not meeting.frozen.exists():
        names.append("remove")
    words = verb_words()
    return [
        {"name": name, "title": words[name][0], "button": words[name][1], "url": about.url("verb", meeting.pk, name)}
        for name in names
    ]


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a meeting; a version that is no longer the newest gives 409 with both values."""
    about = chosen(request)
    meeting = found(about, pk)
    if not rules.can_edit(about.who, meeting):
        raise PermissionDenied(_("This meeting can no longer be edited by your office."))
    if request.method == "GET":
        form = form_for(about, meeting, initial=initial_of(meeting) | {"seen": conflict.snapshot(meeting)})
        return edit_page(request, about, meeting, form)
    form = form_for(about, meeting, data=conflict.resolved(request.POST, meeting))
    if not form.is_valid():
        return edit_page(request, about, meeting, form, status=422)
    seen_version = form.cleaned_data["version"] or 0
    values = form.values
    try:
        given = "pair" in request.POST or "pairs" in request.POST
        pairs = further_pairs(about, meeting, values, form.pairs) if given else None
    except ValidationError as error:
        form.add_error(None, error)
        return edit_page(request, about, meeting, form, status=422)
    item = services.Change(meeting.pk, values, seen_version, pairs)
    try:
        outcome = services.apply(meeting.calendar, [item], by=about.who, label=_("Editing"))
    except services.Conflict as clash:
        return conflict.answer(
            request,
            clash,
            mine=values,
            seen=form.seen_values,
            action=about.url("edit", pk),
            page=about.url("meeting", pk),
            target="#panel-body",
        )
    except services.WallHit as wall:
        put_walls(form, wall.problems.get(0, []))
        return edit_page(request, about, meeting, form, status=422)
    return after(request, about, pk, outcome)


def put_walls(form: Form, problems: list[services.Problem]) -> None:
    """Shows walls at their fields, with the paragraph."""
    for problem in problems:
        text = f"{problem.text} ({cited(problem.basis)})" if problem.basis else problem.text
        form.add_error(problem.field if problem.field in form.fields else None, text)


def form_for(about: Chosen, meeting: Meeting, **kwargs: Any) -> MeetingForm:
    return MeetingForm(
        calendar=meeting.calendar,
        holders=holders_for(about),
        places=places_for(about),
        meeting=meeting,
        search_url=search_url(about),
        **kwargs,
    )


def edit_page(
    request: HttpRequest, about: Chosen, meeting: Meeting, form: MeetingForm, status: int = 200
) -> HttpResponse:
    context = {
        "about": about,
        "meeting": meeting,
        "form": form,
        "pairs": pairs_of(meeting),
        "check_url": about.url("check", id=meeting.pk),
        "tabs": tabs(about, ""),
    }
    template = "calendars/_edit.html" if request.htmx else "calendars/edit.html"
    return render(request, template, context, status=status)


def after(request: HttpRequest, about: Chosen, pk: int, outcome: Outcome) -> HttpResponse:
    """The meeting as it stands after a step, in the panel or on its page."""
    if not request.htmx:
        return saved.back(request, outcome, about.url("meeting", pk))
    rows = Meeting.objects.visible_to(about.who)
    meeting = (
        rows.select_related("holder", "place", "calendar__region", "created_by", "updated_by").filter(pk=pk).first()
    )
    if meeting is None:
        return saved.toast(HttpResponse(""), outcome, about=about, close="panel", refresh=True)
    close = "dialog" if conflict.was_chosen(request.POST) else ""
    return saved.toast(shown(request, about, meeting), outcome, about=about, close=close, refresh=True)


# -- Verbs ----------------------------------------------------------------------------------------
def run_announce(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.announce(
        meeting,
        on=data["on"],
        url=data["url"],
        reason=data["reason"],
        seen_version=data["version"],
        today=today(),
        by=about.who,
    )


def run_hold(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.hold(
        meeting,
        on=data["on"],
        attendance=data["attendance"],
        seen_version=data["version"],
        today=today(),
        by=about.who,
    )


def run_cancel(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.cancel(meeting, reason=data["reason"], seen_version=data["version"], by=about.who)


def run_remove(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.remove(meeting.calendar, {meeting.pk: data["version"]}, by=about.who)


def run_accept(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.accept(meeting.calendar, {meeting.pk: data["version"]}, by=about.who)


def run_return(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    seen = {meeting.pk: data["version"]}
    return services.return_(meeting.calendar, seen, remark=data["remark"], by=about.who)


def run_propose(meeting: Meeting, data: dict, about: Chosen) -> Outcome:
    return services.propose_again(meeting, seen_version=data["version"], by=about.who)


VERBS: dict[str, tuple[type[Form], Callable[[Meeting, dict, Chosen], Outcome]]] = {
    "announce": (AnnounceForm, run_announce),
    "hold": (HoldForm, run_hold),
    "cancel": (CancelForm, run_cancel),
    "remove": (VersionForm, run_remove),
    "accept": (VersionForm, run_accept),
    "return": (RemarkForm, run_return),
    "propose": (VersionForm, run_propose),
}


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Announce, hold, cancel, take out, accept, return, propose again: GET asks, POST does."""
    if name not in VERBS:
        raise Http404(_("There is no such action."))
    about = chosen(request)
    meeting = found(about, pk)
    form_class, run = VERBS[name]
    allowed = {action["name"] for action in verbs_of(about, meeting, today())}
    if request.method == "GET":
        if name not in allowed:
            raise PermissionDenied(_("This cannot be done with the meeting in its present state under your post."))
        initial = {"version": meeting.version, "on": min(today(), meeting.date)}
        return verb_page(request, about, meeting, form_class(initial=initial), name)
    form = form_class(request.POST)
    if not form.is_valid():
        return verb_page(request, about, meeting, form, name, status=422)
    try:
        outcome = run(meeting, form.cleaned_data, about)
    except services.Conflict as clash:
        data = request.POST.copy()
        data["version"] = str(meeting.version)
        form = form_class(data)
        form.add_error(
            None,
            _("%(who)s has changed this meeting in the meantime; it is shown as it stands now. Look and send again.")
            % {"who": meeting.updated_by or pgettext("person", "Somebody")},
        )
        return verb_page(request, about, meeting, form, name, status=409, now=standing(clash.meeting))
    except ValidationError as error:
        form.add_error(None, error) if not hasattr(error, "error_dict") else put_errors(form, error)
        return verb_page(request, about, meeting, form, name, status=422)
    if name == "remove":
        if request.htmx:
            return saved.toast(HttpResponse(""), outcome, about=about, close="panel", refresh=True)
        saved.back(request, outcome, "")
        return HttpResponseRedirect(about.url("month", meeting.date.month))
    return after(request, about, pk, outcome)


def put_errors(form: Form, error: ValidationError) -> None:
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def standing(meeting: Meeting) -> list[tuple[str, str]]:
    """The meeting as another person has left it, field by field in words."""
    values = {name: getattr(meeting, name) for name in FIELDS}
    names = unit_names(units_in([values]))
    return [(label(name), words(name, value, names)) for name, value in values.items() if value not in ("", None)]


def verb_page(
    request: HttpRequest,
    about: Chosen,
    meeting: Meeting,
    form: Form,
    name: str,
    status: int = 200,
    now: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    title, button = verb_words()[name]
    context = of(about, meeting) | {
        "form": form,
        "verb": name,
        "verb_title": title,
        "verb_button": button,
        "verb_url": about.url("verb", meeting.pk, name),
        "now": now,
        "tabs": tabs(about, ""),
    }
    template = "calendars/_verb.html" if request.htmx else "calendars/verb.html"
    return render(request, template, context, status=status)
