"""One action for many rows: what changes a date or makes rows is shown first; all is one undoable step."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from territories.scope import today

from .. import rules, services
from ..board import Board
from ..forms import BulkForm
from ..forms.bulk import NEEDS
from ..models import Meeting, MeetingState
from ..services.rows import FIELDS
from ..shifts import other_half, shifted
from ..warnings import Row, check
from ..wording import cited, label
from . import saved
from .chosen import Chosen, chosen, tabs
from .filters import filter_form, narrowed
from .planning import working

#: Rows that a preview lists; the rest is told by counts.
SHOWN = 100
#: Actions whose outcome is shown before it is written.
PREVIEWED = ("move", "repeat", "remove")
#: The most rows that one action takes: a region's year with room to spare.
MOST_ROWS = 5000


@dataclass
class Plan:
    """What an action would do: the items for the pipeline, and rows it leaves alone with the reason."""

    items: list = field(default_factory=list)
    #: (meeting, day as it is, day as it will be) for the preview.
    lines: list[tuple[Meeting, dt.date, dt.date]] = field(default_factory=list)
    skipped: list[tuple[Meeting, str]] = field(default_factory=list)


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Nothing is written while one of the chosen rows is gone, foreign or changed; the person is told how many."""
    about = chosen(request)
    if about.calendar is None or not about.may_enter:
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    form = BulkForm(request.POST)
    seen, gone = seen_rows(request, about)
    if len(seen) > MOST_ROWS:
        form.add_error(None, _("At most %(most)s meetings at once: narrow the filter.") % {"most": MOST_ROWS})
        return ask(request, about, form, {}, status=422)
    if gone:
        form.add_error(None, missing(gone))
        return ask(request, about, form, seen, status=409)
    fresh = "action_given" not in request.POST and "save" not in request.POST
    if seen and fresh and request.POST.get("action") in NEEDS:
        return ask(request, about, BulkForm(), seen)
    if not form.is_valid() or not seen:
        if not seen:
            form.add_error(None, _("Choose at least one meeting."))
        return ask(request, about, form, seen, status=422)
    action = form.cleaned_data["action"]
    meetings = list(
        about.rows.filter(pk__in=seen)
        .select_related("holder", "place", "calendar__region")
        .order_by("date", "time", "pk")
    )
    plan = plan_for(about, action, form.cleaned_data, meetings, seen)
    if action in PREVIEWED and "save" not in request.POST:
        return preview(request, about, form, seen, plan)
    try:
        outcome = run(about, action, form.cleaned_data, plan, seen)
    except services.Conflict as clash:
        now = dict(about.rows.filter(pk__in=seen).values_list("pk", "version"))
        form.add_error(None, clashed(clash, seen, now))
        return ask(request, about, form, now, status=409)
    except services.WallHit as wall:
        form.add_error(None, walled(wall, plan))
        return ask(request, about, form, seen, status=422)
    except ValidationError as error:
        form.add_error(None, error)
        return ask(request, about, form, seen, status=422)
    text = left_alone(plan)
    if request.htmx:
        response = HttpResponse("")
        return saved.toast(response, outcome, about=about, text=text, close="dialog", refresh=True)
    saved.message(request, outcome, about, f"{saved.words(outcome)} {text}".strip())
    return HttpResponseRedirect(way_back(request, about))


def way_back(request: HttpRequest, about: Chosen) -> str:
    """The page from which the action was sent."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else about.url("list")


def seen_rows(request: HttpRequest, about: Chosen) -> tuple[dict[int, int], int]:
    """Ids and versions of the chosen rows, those with a tick or all that fit the filters of the address; and how many
    of those with a tick are not, or no longer, among the rows that the person sees."""
    if "every" in request.POST:
        filters = QueryDict(request.POST.get("filters", ""))
        asked = filter_form(filters, about).values
        return dict(narrowed(about.rows, asked).values_list("pk", "version")[: MOST_ROWS + 1]), 0
    texts = {*request.POST.getlist("row"), *request.POST.get("rows", "").split(",")} - {""}
    found = {}
    for text in texts:
        pk, _colon, version = text.partition(":")
        if pk.isascii() and pk.isdigit() and len(pk) < 19 and version.isascii() and version.isdigit():
            found[int(pk)] = int(version[:9])
    if len(found) > MOST_ROWS:
        return found, 0
    there = set(about.rows.filter(pk__in=found).values_list("pk", flat=True))
    return {pk: version for pk, version in found.items() if pk in there}, len(texts) - len(there)


# -- What an action would do ----------------------------------------------------------------------
def plan_for(about: Chosen, action: str, data: dict[str, Any], meetings: list[Meeting], seen: dict[int, int]) -> Plan:
    if action == "repeat":
        return repeating(about, meetings)
    if action in ("accept", "return", "remove"):
        return choosing(about, action, meetings)
    plan = Plan()
    for meeting in meetings:
        if not rules.can_edit(about.who, meeting):
            plan.skipped.append((meeting, _("it can no longer be edited by your office")))
            continue
        values = values_for(action, data, meeting)
        day = values.get("date", meeting.date)
        if day.year != about.year:
            plan.skipped.append((meeting, _("it would leave the year of the calendar")))
            continue
        plan.items.append(services.Change(meeting.pk, values, seen[meeting.pk]))
        plan.lines.append((meeting, meeting.date, day))
    return plan


def values_for(action: str, data: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """New values of one row."""
    if action == "move":
        return {"date": shifted(meeting.date, data["amount"], data["measure"], working)}
    if action == "minutes":
        return {name: data[name] for name in ("planned_minutes", "report_minutes")}
    if action == "broadcast":
        note = {"broadcast_note": data["broadcast_note"]} if data["broadcast_note"] else {}
        return {"broadcast": data["broadcast"]} | note
    return {action: data[action]}


def choosing(about: Chosen, action: str, meetings: list[Meeting]) -> Plan:
    """Rows that a verb fits; the others are named with the reason."""
    plan = Plan()
    frozen: set[int] = set()
    if action == "remove":
        ids = [meeting.pk for meeting in meetings]
        frozen = set(Meeting.objects.filter(pk__in=ids, frozen__isnull=False).values_list("pk", flat=True))
    for meeting in meetings:
        if action == "remove" and meeting.pk in frozen:
            plan.skipped.append((meeting, _("it stands in an approved version: cancel it with a reason")))
        elif action == "remove" and not rules.can_edit(about.who, meeting):
            plan.skipped.append((meeting, _("it can no longer be edited by your office")))
        elif action != "remove" and not rules.can_decide(about.who, meeting):
            plan.skipped.append((meeting, _("it is no proposal that waits for your word")))
        else:
            plan.items.append(meeting)
            plan.lines.append((meeting, meeting.date, meeting.date))
    return plan


def repeating(about: Chosen, meetings: list[Meeting]) -> Plan:
    """New rows for the other half-year, where a required meeting is still missing there."""
    board = Board(about.region, about.year, about.calendar, only_holes=True)
    open_cells = {(cell.holder_id, cell.target_id, cell.period) for cell in board.holes()}
    pairs: dict[int, list[tuple[int, int]]] = {}
    ids = [meeting.pk for meeting in meetings]
    rows = Meeting.objects.filter(pk__in=ids).values_list("pk", "targets__holder_id", "targets__target_id")
    for pk, holder, target in rows:
        pairs.setdefault(pk, []).append((holder, target))
    plan = Plan()
    for meeting in meetings:
        if not rules.can_hold_for(about.who, meeting.calendar, meeting.holder.path):
            plan.skipped.append((meeting, _("your office does not enter meetings of this akim")))
            continue
        if meeting.state == MeetingState.CANCELLED:
            plan.skipped.append((meeting, _("it is cancelled")))
            continue
        day = other_half(meeting.date, working)
        half = f"{about.year}-H{1 if day.month <= 6 else 2}"
        closes = [(h, t) for h, t in pairs.get(meeting.pk, []) if (h, t, half) in open_cells]
        if not closes:
            plan.skipped.append((meeting, _("nothing is missing there in the other half-year")))
            continue
        open_cells -= {(h, t, half) for h, t in closes}
        values = {name: getattr(meeting, name) for name in FIELDS} | {"date": day, "broadcast_note": ""}
        plan.items.append(services.Create(values, pairs[meeting.pk]))
        plan.lines.append((meeting, meeting.date, day))
    return plan


# -- Doing it -------------------------------------------------------------------------------------
def run(about: Chosen, action: str, data: dict[str, Any], plan: Plan, seen: dict[int, int]) -> services.Outcome:
    calendar, who = about.calendar, about.who
    assert calendar is not None
    chosen_rows = {meeting.pk: seen[meeting.pk] for meeting, _was, _will in plan.lines}
    if action == "accept":
        return services.accept(calendar, chosen_rows, by=who)
    if action == "return":
        return services.return_(calendar, chosen_rows, remark=data["remark"], by=who)
    if action == "remove":
        return services.remove(calendar, chosen_rows, by=who)
    words = {
        "move": _("Moving"),
        "repeat": _("Repeating in the other half-year"),
        "minutes": _("Planned minutes"),
    }
    verbs = {"move": "meeting.moved", "repeat": "meeting.planned"}
    return services.apply(
        calendar,
        plan.items,
        by=who,
        label=words.get(action) or label(action),
        verb=verbs.get(action, "meeting.edited"),
    )


def left_alone(plan: Plan) -> str:
    """How many rows were left alone, and why."""
    if not plan.skipped:
        return ""
    count = len(plan.skipped)
    told = ngettext("%(count)s was left alone:", "%(count)s were left alone:", count) % {"count": count}
    reasons = Counter(why for _meeting, why in plan.skipped).most_common()
    return f"{told} {'; '.join(f'{why} ({times})' for why, times in reasons)}."


def missing(count: int) -> str:
    """How many of the chosen rows are not to be found, why that can be, and what sending again does."""
    return ngettext(
        "Nothing was written: %(count)s of the chosen meetings is not among the rows of this calendar that you see. It "
        "was taken out meanwhile, or belongs to another office. Sent again, the action works on the other meetings.",
        "Nothing was written: %(count)s of the chosen meetings are not among the rows of this calendar that you see. "
        "They were taken out meanwhile, or belong to another office. Sent again, the action works on the other "
        "meetings.",
        count,
    ) % {"count": count}


def clashed(clash: services.Conflict, seen: dict[int, int], fresh: dict[int, int]) -> str:
    """How many of the rows others have changed, and what sending again does."""
    count = sum(1 for pk, version in seen.items() if fresh.get(pk) != version)
    return ngettext(
        "Nothing was written: %(count)s meeting (%(first)s) was changed by another person meanwhile. "
        "Look at it, then send again; the action then works on the rows as they stand now.",
        "Nothing was written: %(count)s meetings (the first: %(first)s) were changed by others meanwhile. "
        "Look at them, then send again; the action then works on the rows as they stand now.",
        count,
    ) % {"count": count, "first": clash.meeting}


def walled(wall: services.WallHit, plan: Plan) -> str:
    """The first forbidden row in words; nothing was written."""
    index, problems = next(iter(wall.problems.items()))
    row = str(plan.lines[index][0]) if index < len(plan.lines) else ""
    basis = f" ({cited(problems[0].basis)})" if problems[0].basis else ""
    return _("Nothing was written. %(row)s: %(problem)s") % {"row": row, "problem": f"{problems[0].text}{basis}"}


# -- Pieces ---------------------------------------------------------------------------------------
def ask(request: HttpRequest, about: Chosen, form: BulkForm, seen: dict[int, int], status: int = 200) -> HttpResponse:
    """The dialog in which the values of an action are filled in or mended."""
    action = request.POST.get("action", "")
    context = {
        "about": about,
        "form": form,
        "action": action,
        "title": dict(form.fields["action"].choices).get(action, _("Action for many meetings")),
        "fields": [form[name] for name in NEEDS.get(action, ())],
        "note_field": form["broadcast_note"] if action == "broadcast" else None,
        "count": len(seen),
        "rows": packed(seen),
        "back": request.POST.get("back", ""),
        "tabs": tabs(about, "list"),
    }
    template = "calendars/_bulk.html" if request.htmx else "calendars/bulk.html"
    return render(request, template, context, status=status)


def packed(seen: dict[int, int]) -> str:
    return ",".join(f"{pk}:{version}" for pk, version in seen.items())


def preview(request: HttpRequest, about: Chosen, form: BulkForm, seen: dict[int, int], plan: Plan) -> HttpResponse:
    """Was and will be, with the warnings of the new days."""
    action = form.cleaned_data["action"]
    told = {}
    if action in ("move", "repeat"):
        rows = [
            Row.of(meeting, date=will, **({"id": None, "announced_on": None} if action == "repeat" else {}))
            for meeting, _was, will in plan.lines
        ]
        told = check(about.draft, rows, today=today())
    lines = [
        {"meeting": meeting, "was": was, "will": will, "warnings": tuple(told.get(index, ()))}
        for index, (meeting, was, will) in enumerate(plan.lines)
    ]
    lines.sort(key=lambda line: not line["warnings"])
    context = {
        "about": about,
        "form": form,
        "action": action,
        "title": dict(form.fields["action"].choices)[action],
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "count": len(lines),
        "warned": len(told),
        "skipped": plan.skipped[:SHOWN],
        "skipped_count": len(plan.skipped),
        "rows": packed(seen),
        "values": [(name, request.POST[name]) for name in ("amount", "measure") if name in request.POST],
        "back": request.POST.get("back", ""),
        "tabs": tabs(about, "list"),
    }
    template = "calendars/_bulk_preview.html" if request.htmx else "calendars/bulk_preview.html"
    return render(request, template, context)
