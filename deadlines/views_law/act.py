"""The act: each paragraph with what it asks, of whom, when, by which proof, and how it stands in the reader's unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from law import asked
from law.readings import catalogue
from law.register import Act, Rule, Wording, acts
from territories.scope import today

from ..models import Duty, DutyState
from .tabs import ORDER, act_name, tabs

#: In the order in which the states of a line are told.
STATES = (
    DutyState.BREACH,
    DutyState.CONTESTED,
    DutyState.OPEN,
    DutyState.NO_NUMBER,
    DutyState.MET_CONTESTED,
    DutyState.MET,
)


def kind_words() -> dict[str, str]:
    """Kinds of line of the register, and what they mean to a reader."""
    return {
        "deadline": pgettext("kind of line", "deadline"),
        "coverage": pgettext("kind of line", "how often and where"),
        "content": pgettext("kind of line", "content"),
        "participation": pgettext("kind of line", "who takes part"),
        "permission": pgettext("kind of line", "permission"),
        "process": pgettext("kind of line", "what must be done"),
        "right": pgettext("kind of line", "right of the population"),
        "status": pgettext("kind of line", "about the act"),
    }


def certainty_words() -> dict[str, tuple[str, str]]:
    """How surely the first day of an edition is known: kind of mark, words."""
    return {
        "printed": ("law", _("the day stands in the act")),
        "assumed": ("reading", _("the day is assumed, to be confirmed at the official source")),
        "draft": ("reading", _("wording of the draft; the signed text is not held")),
    }


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The decree in force, to which the menu leads."""
    return act(request, ORDER[0])


@require_GET
def act(request: HttpRequest, code: str) -> HttpResponse:
    """One act, line by line; one query for all its states in the chosen unit and year."""
    found = acts().get(code)
    if found is None:
        raise Http404(_("The register holds no such act."))
    language = get_language() or "kk"
    counts = states_of(request, found)
    paragraphs: dict[str, list[dict]] = {}
    for row in drawn(code, language):
        paragraphs.setdefault(row["paragraph"], []).append({**row, "states": counts[row["id"]]})
    context = {
        "act": found,
        "name": act_name(code),
        "title": found.title[language],
        "label": found.label.get(language, ""),
        "editions": editions(found, language),
        "paragraphs": paragraphs,
        "lines": len(found.rules),
        "tabs": tabs(code),
        "holes": sum(1 for rule in found.rules.values() for wording in rule.wordings if wording.missing),
        "unit": request.unit,
        "year": request.year,
    }
    return render(request, "deadlines/law/act.html", context)


def states_of(request: HttpRequest, found: Act) -> defaultdict[str, list[dict]]:
    """For each line of the act: its duties in the chosen unit and year by state, with the way to them."""
    rows = Duty.objects.visible_to(request.who).filter(rule_id__in=list(found.rules), year=request.year)
    if request.unit is not None:
        rows = rows.under(request.unit)
    counted = rows.with_state(today()).order_by().values_list("rule_id", "state").annotate(n=Count("pk"))
    by_line: dict[str, dict[str, int]] = defaultdict(dict)
    for rule_id, state, number in counted:
        by_line[rule_id][state] = number
    ledger = reverse("deadlines:ledger")
    unit = {"unit": request.unit.pk} if request.unit is not None else {"unit": ""}
    answer: defaultdict[str, list[dict]] = defaultdict(list)
    for rule_id, numbers in by_line.items():
        for state in STATES:
            if number := numbers.get(state):
                query = urlencode({"rule": rule_id, "state": state, "year": request.year, **unit})
                answer[rule_id].append(
                    {"state": state, "label": state.label, "number": number, "url": f"{ledger}?{query}"}
                )
    return answer


@cache
def drawn(code: str, language: str) -> list[dict[str, Any]]:
    """The lines of an act as they stand on the page before and after their states: the same for every reader.

    Drawn once by a process, as the act itself is read once; the language must be the active one.
    """
    lines = []
    for rule in acts()[code].rules.values():
        row = line(rule, language)
        head, tail = (render_to_string(f"deadlines/law/_line_{part}.html", {"row": row}) for part in ("head", "tail"))
        lines.append({"id": rule.id, "paragraph": row["paragraph"], "missing": row["newest"]["missing"]})
        lines[-1] |= {"head": head, "tail": tail}
    return lines


def line(rule: Rule, language: str) -> dict[str, Any]:
    """One line of the register in words: its newest wording, and the earlier ones below it."""
    *earlier, newest = [told(rule, wording, language) for wording in rule.wordings]
    return {
        "id": rule.id,
        "paragraph": newest["wording"].cite[language].partition(",")[0],
        "kind": kind_words()[rule.kind],
        "newest": newest,
        "earlier": earlier[::-1],
    }


def told(rule: Rule, wording: Wording, language: str) -> dict[str, Any]:
    """One wording in words; of a missing one only that it is missing."""
    row: dict[str, Any] = {"wording": wording, "cite": wording.cite[language], "missing": wording.missing}
    kind, words = certainty_words()[wording.certainty]
    row |= {"certainty_kind": kind, "certainty": words}
    if wording.missing:
        return row
    return row | {
        "sentence": wording.sentence[language],
        "bound": asked.bound(wording, language),
        "when": asked.when(wording.timing, language),
        "recipients": asked.recipients(wording, language),
        "evidence": asked.evidence(wording, language),
        "readings": readings_of(rule.id, wording),
    }


def readings_of(rule_id: str, wording: Wording) -> list[dict]:
    """Codes of the readings that touch a line, the deciding ones marked, with where they can be changed."""
    keyed = {reading.code for reading in catalogue().values()}
    page = reverse("act:readings")
    return [
        {
            "code": code,
            "decides": code in wording.decisive,
            "url": f"{page}#{code}" if code in keyed else "",
        }
        for code in sorted({*wording.readings, *wording.decisive})
    ]


def editions(found: Act, language: str) -> list[dict]:
    """The editions of the act, the newest first, with how surely their first day is known."""
    return [
        {
            "edition": edition,
            "until": following.in_force - dt.timedelta(days=1) if following else found.until,
            "basis": asked.basis(found.code, edition, language),
            "certainty_kind": certainty_words()[edition.certainty][0],
            "certainty": certainty_words()[edition.certainty][1],
        }
        for edition, following in reversed(
            list(zip(found.editions, [*found.editions[1:], None], strict=True)),
        )
    ]
