"""Two people, one meeting: the second is shown both values, field by field, and chooses.

Nothing typed is lost: the answer is a form that carries all of it, the new version, and a choice for
each field that differs. `resolved` reads the choice back; a further change meanwhile asks again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from ..models import Meeting
from ..services import Conflict
from ..services.rows import FIELDS, plain
from ..wording import label, unit_names, units_in, words

THEIRS, MINE = "theirs", "mine"
#: Fields of the form that the choice replaces.
OWN = ("csrfmiddlewaretoken", "version", "seen")


def snapshot(meeting: Meeting) -> str:
    """The row as it stands now, for the hidden field `seen` of a form."""
    return json.dumps({name: plain(getattr(meeting, name)) for name in FIELDS}, ensure_ascii=False)


def answer(
    request: HttpRequest,
    clash: Conflict,
    *,
    mine: Mapping[str, Any],
    seen: Mapping[str, Any],
    action: str,
    page: str,
    target: str = "#dialog-body",
) -> HttpResponse:
    """409 with both values of each differing field.

    `mine`: what the person wanted, by column; `seen`: what the form showed when it was opened.
    `action` takes the choice, its answer goes into `target`; `page` is where "keep theirs" leads
    without scripts.
    """
    meeting = clash.meeting
    fields = compared(meeting, mine, seen)
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OWN and not name.startswith("take_")
        for value in values
    ]
    context = {
        "meeting": meeting,
        "fields": fields,
        "to_choose": any(field["choose"] for field in fields),
        "action": action,
        "page": page,
        "target": target,
        "hidden": [*sent, ("version", meeting.version), ("seen", snapshot(meeting))],
    }
    template = "calendars/_conflict.html" if request.htmx else "calendars/conflict.html"
    response = render(request, template, context, status=409)
    if request.htmx:
        response["HX-Retarget"] = "#dialog-body"
        response["HX-Reswap"] = "innerHTML"
    return response


def compared(meeting: Meeting, mine: Mapping[str, Any], seen: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields that the other person or this one has changed, with both values in words."""
    theirs = {name: getattr(meeting, name) for name in mine}
    names = unit_names(units_in([mine, theirs]))
    found = []
    for name, wanted in mine.items():
        stands, want, was = plain(theirs[name]), plain(wanted), seen.get(name)
        if stands == want:
            continue
        they_did = name not in seen or stands != was
        i_did = name not in seen or want != was
        found.append(
            {
                "name": name,
                "label": label(name),
                "theirs": words(name, theirs[name], names),
                "mine": words(name, wanted, names),
                "choose": they_did and i_did,
                "default": THEIRS if they_did else MINE,
            }
        )
    return found


def was_chosen(data: QueryDict) -> bool:
    """Does the form carry choices of the page above?"""
    return any(name.startswith("take_") for name in data)


def resolved(data: QueryDict, meeting: Meeting, names: Mapping[str, str] | None = None) -> QueryDict:
    """What was sent, with the other person's values where they were chosen."""
    chosen = data.copy()
    for key, value in data.items():
        name = key.removeprefix("take_")
        if name == key or value != THEIRS or name not in FIELDS:
            continue
        field = (names or {}).get(name, name.removesuffix("_id"))
        stands = plain(getattr(meeting, name))
        if isinstance(stands, bool):
            chosen.pop(field, None)
            if stands:
                chosen[field] = "on"
        else:
            chosen[field] = "" if stands is None else str(stands)
        chosen.pop(f"{field}_text", None)
    return chosen
