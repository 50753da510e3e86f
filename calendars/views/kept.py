"""What quick entry remembers from one meeting to the next: hour, minutes, format, words of the address."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest

from territories.models import Territory

from ..models import Meeting

SESSION_KEY = "calendar_entry"
KEPT = ("time", "planned_minutes", "report_minutes", "format", "languages", "broadcast", "broadcast_note")
#: Stands in a remembered address for the name of the place.
PLACE = "{place}"
MARKS_BEFORE = re.compile(r"^(?:\w{1,3}\.\s?)+")
MARKS_AFTER = re.compile(r"(?:\s+\w{1,3}\.(?:\w{1,2}\.?)?)+$|\s+(?:район|ауданы|облысы|область)$", re.IGNORECASE)


def bare(name: str) -> str:
    """A unit's name without the marks of its kind: с.Жидебай, Қараауыл а.о. → Жидебай, Қараауыл."""
    return MARKS_AFTER.sub("", MARKS_BEFORE.sub("", name.strip())).strip() or name


def remember(request: HttpRequest, data: dict[str, Any]) -> None:
    """Keeps the values of a saved form; the place's name in the address becomes a gap to fill."""
    kept = {name: data[name].isoformat("minutes") if name == "time" and data[name] else data[name] for name in KEPT}
    address, place = data["address"], data["place"]
    for name in (place.name_kk, place.name_ru, bare(place.name_kk), bare(place.name_ru)):
        if len(name) > 2 and name in address:
            address = address.replace(name, PLACE)
            break
    request.session[SESSION_KEY] = kept | {"address": address}


def kept_values(request: HttpRequest) -> dict[str, Any]:
    """What the last saved form held; empty in a fresh session."""
    return dict(request.session.get(SESSION_KEY) or {})


def address_for(place: Territory | None, kept: dict[str, Any]) -> str:
    """The hall used in that place before, else the last address with this place's name in it."""
    if place is None:
        return ""
    before = Meeting.objects.filter(place=place).exclude(address="").order_by("-pk").values_list("address", flat=True)
    known = before.first()
    if known:
        return known
    pattern = kept.get("address", "")
    return pattern.replace(PLACE, bare(place.name())) if PLACE in pattern else ""
