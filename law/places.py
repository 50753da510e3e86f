"""Where something must be published, and when it is published: on the day of the last mandatory place (A-16)."""

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from law.readings import Readings

PLACES_FILE = Path(__file__).with_name("places.toml")

#: Groups of codes of channels; a group is reached by any one of its places.
Groups = tuple[tuple[str, ...], ...]


def mandatory(rule_id: str, readings: Readings) -> Groups:
    """The groups of places of which each must be reached; KeyError for a line that names no places."""
    line = _lines()[rule_id]
    choice = str(readings.of("mandatory_places", rule_id))
    if choice == "any":
        return (tuple(dict.fromkeys(code for group in line["places"] for code in group)),)
    groups = line["places"] if choice == "all_listed" else line["mandatory"][choice]
    return tuple(tuple(group) for group in groups)


def published_on(
    rule_id: str, days: Mapping[str, date], readings: Readings, excused: Collection[str] = ()
) -> date | None:
    """The civil day on which the last mandatory place was reached; None while one is missing.

    `days`: the first day in each place, by its code. `excused`: places left out with a written reason, heeded
    where the act allows one and the reading does not ask for every place by the letter.
    """
    forgiving = _lines()[rule_id].get("reason", False) and readings.of("mandatory_places", rule_id) != "all_listed"
    reached: list[date] = []
    for group in mandatory(rule_id, readings):
        found = [days[code] for code in group if code in days]
        if found:
            reached.append(min(found))
        elif not (forgiving and any(code in excused for code in group)):
            return None
    return max(reached, default=None)


@cache
def _lines() -> Mapping[str, Mapping[str, Any]]:
    rows = tomllib.loads(PLACES_FILE.read_text(encoding="utf-8"))["line"]
    return MappingProxyType({row["rule"]: row for row in rows})
