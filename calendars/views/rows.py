"""Rows of lists and chips: plain dictionaries with everything that a template shows, in one query."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import pgettext

from ..models import Format, Meeting, MeetingState
from ..wording import named

FIELDS = (
    "pk",
    "number",
    "version",
    "date",
    "time",
    "state",
    "announced_on",
    "holder_id",
    "place_id",
    "address",
    "format",
    "broadcast",
    "planned_minutes",
    "off_calendar",
)
#: State of a row -> class of its chip.
CHIPS = {
    "proposed": "draft",
    "returned": "warn",
    "planned": "planned",
    "announced": "announced",
    "held": "held",
    "cancelled": "cancelled",
}
#: State of a row -> icon of its chip.
ICONS = {
    "proposed": "person-plus",
    "returned": "arrow-counterclockwise",
    "planned": "calendar3",
    "announced": "megaphone",
    "held": "check-circle",
    "cancelled": "slash-circle",
}


def shown_state(state: str, announced_on: dt.date | None) -> str:
    """State for the eye: a planned meeting that was announced reads so."""
    if state == MeetingState.PLANNED and announced_on:
        return "announced"
    return state


def state_word(shown: str) -> str:
    if shown == "announced":
        return pgettext("meeting state", "Announced")
    return str(MeetingState(shown).label)


def read(meetings: QuerySet[Meeting], *more: str) -> list[dict[str, Any]]:
    """Rows with names in the reader's language; `more` names further columns."""
    address = reverse("calendars:meeting", args=[0])
    words = {state: state_word(state) for state in ICONS}
    formats = dict(Format.choices)
    rows = list(
        meetings.values(
            *FIELDS,
            *more,
            holder_name=named("holder"),
            holder_kind=F("holder__kind"),
            place_name=named("place"),
        )
    )
    for row in rows:
        shown = shown_state(row["state"], row["announced_on"])
        row["shown"] = shown
        row["word"] = words.get(shown) or state_word(shown)
        row["chip"] = CHIPS.get(shown, "planned")
        row["icon"] = ICONS.get(shown, "circle")
        row["url"] = address.replace("/0/", f"/{row['pk']}/")
        row["key"] = f"{row['pk']}:{row['version']}"
        row["format_word"] = formats[row["format"]]
        row["own"] = row["holder_id"] == row["place_id"]
    return rows


def by_day(rows: Iterable[dict[str, Any]]) -> dict[dt.date, list[dict[str, Any]]]:
    """Rows under their day, in the order given."""
    days: defaultdict[dt.date, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        days[row["date"]].append(row)
    return days
