"""Countings: each combination of wording, readings and days is counted once, whatever many duties share it."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from journal.bulk import insert
from law import workdays
from law.deadlines import DueDates, Step, dates
from law.readings import Readings, catalogue
from law.register import Wording, wording

from ..models import Counting

logger = logging.getLogger(__name__)

#: What a counting hangs on: wording ("826-3.4.e@e2"), readings, day, other day, number.
Key = tuple[str, str, dt.date, dt.date, int]


@cache
def touching(rule_id: str) -> tuple[str, ...]:
    """The keys of the readings that the register names for a line."""
    return tuple(key for key, reading in catalogue().items() if rule_id in reading.rules)


def readings_text(readings: Readings, rule_id: str) -> str:
    """The readings of a line that are not the register's own, as one line of text; "" where all are.

    Regions whose readings differ only in what does not touch the line share their countings.
    """
    chosen = {}
    for key in touching(rule_id):
        value = readings.of(key, rule_id)
        if value != catalogue()[key].default:
            chosen[key] = value
    return json.dumps(chosen, sort_keys=True, separators=(",", ":")) if chosen else ""


def readings_from(text: str) -> Readings:
    """The readings that `readings_text` wrote down."""
    return Readings.default().with_(json.loads(text)) if text else Readings.default()


@dataclass(frozen=True)
class Anchors:
    """Which anchors of the rule the day, the other day and the number of a key are."""

    day: str = ""
    other_day: str = ""
    number: str = ""

    def of(self, key: Key) -> dict[str, dt.date | int]:
        _wording, _readings, day, other_day, number = key
        found: dict[str, dt.date | int] = {}
        for name, value in ((self.day, day), (self.other_day, other_day)):
            if name and value != Counting.NO_DAY:
                found[name] = value
        if self.number and number:
            found[self.number] = number
        return found


class Uncounted(NamedTuple):
    """A combination that could not be counted, and why: its duties do not open, or keep the days they had."""

    wording: str
    day: str
    reason: str


def count_missing(keys: Iterable[Key], anchors: Mapping[str, Anchors]) -> tuple[int, list[Uncounted]]:
    """Count the combinations that nobody counted yet and store them; answers how many, and which cannot be counted.

    `anchors` says for each wording what the parts of its keys are.
    """
    known: dict[Any, DueDates] = {}
    fresh, broken = [], []
    for key in keys:
        try:
            line = wording(key[0])
            days = anchors[key[0]].of(key)
            found = counted(line, key[1], days, known)
        except Exception as error:
            # Whatever is wrong with one line or one year must not keep the duties of all others from opening.
            logger.exception("A duty of %s cannot be counted", key[0])
            day = key[2].isoformat() if key[2] != Counting.NO_DAY else f"{key[4] or ''}"
            broken.append(Uncounted(key[0], day, f"{type(error).__name__}: {error}"[:300]))
            continue
        fresh.append(
            Counting(
                wording=key[0],
                readings=key[1],
                day=key[2],
                other_day=key[3],
                number=key[4],
                anchors={k: v.isoformat() if isinstance(v, dt.date) else v for k, v in days.items()},
                safe_on=found.safe_on,
                due_on=found.due_on,
                late_after=found.late_after,
                target_on=found.target_on,
                derivation=[step.as_data() for step in found.derivation],
            )
        )
    insert(fresh)
    return len(fresh), broken


def counted(line: Wording, readings: str, days: Mapping[str, Any], known: dict[Any, DueDates]) -> DueDates:
    """The dates of a line; lines of equal timing (results, list and plan of one meeting) are counted once.

    A reading may be chosen for one line alone, but then the lines' readings differ too. The first step of a
    derivation names the line, and is the line's own.
    """
    timing = line.timing
    parts = json.dumps(dict(timing.parts), default=str, sort_keys=True)
    same = (timing.rule, parts, line.act, line.edition, readings, tuple(days.items()))
    if same not in known:
        known[same] = dates(line, days, readings_from(readings), workdays)
    first, *others = known[same].derivation
    own = Step(first.key, MappingProxyType({**first.params, "line": line.rule_id}))
    return replace(known[same], derivation=(own, *others))
