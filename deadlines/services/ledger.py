"""Duties follow facts: opened, re-dated, met and dropped by comparing what the rooms report with what is stored.

The comparison is made for a whole kind of facts at once, and only differences are written, so that
a sweep may run twice, late or never for a week: what it leaves is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from law import workdays
from law.deadlines import dates
from law.readings import Readings
from law.register import rule

from ..models import Duty
from ..readings import readings_by_region

#: Columns that follow the facts while a duty is open.
FOLLOWING = (
    "edition",
    "debtor_id",
    "title_kk",
    "title_ru",
    "url",
    "anchors",
    "safe_on",
    "due_on",
    "late_after",
    "target_on",
    "derivation",
    "met_on",
    "evidence",
    "cancelled_at",
)


@dataclass(frozen=True)
class Fact:
    """Something that makes a unit owe something: the rule, whose it is, of what, counted from which days.

    `on` is the day whose wording and readings hold: 1 January of the year, so that a year is counted
    in one way. `anchors` name days (civil) or years as the rule's timing does. `met_on` and `evidence` say when
    and by what it was fulfilled, as far as it was.
    """

    rule_id: str
    debtor_id: int
    region_id: int
    subject_type: str
    subject_id: int
    period: str
    year: int
    on: dt.date
    anchors: Mapping[str, Any]
    title_kk: str = ""
    title_ru: str = ""
    url: str = ""
    met_on: dt.date | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, int, str]:
        return (self.rule_id, self.subject_type, self.subject_id, self.period)


@dataclass
class Counts:
    """What a sweep changed."""

    opened: int = 0
    redated: int = 0
    met: int = 0
    dropped: int = 0
    reminded: int = 0
    mailed: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


class Dates:
    """Dates of many facts; a rule with the same anchors and readings is counted once."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        days: dict[dt.date, set[int]] = {}
        for fact in facts:
            days.setdefault(fact.on, set()).add(fact.region_id)
        # Readings are long; facts carry the number of their set instead, so that keys stay short.
        self.sets: list[Readings] = []
        numbers: dict[Readings, int] = {}
        self.number_of: dict[tuple[int, dt.date], int] = {}
        for day, regions in days.items():
            for region, readings in readings_by_region(regions, day).items():
                if readings not in numbers:
                    numbers[readings] = len(self.sets)
                    self.sets.append(readings)
                self.number_of[region, day] = numbers[readings]
        self.known: dict[Any, dict[str, Any]] = {}

    def of(self, fact: Fact) -> dict[str, Any]:
        number = self.number_of[fact.region_id, fact.on]
        key = (fact.rule_id, fact.on, tuple(sorted(fact.anchors.items())), number)
        if key not in self.known:
            wording = rule(fact.rule_id, fact.on)
            found = dates(wording, fact.anchors, self.sets[number], workdays)
            self.known[key] = {
                "edition": wording.edition,
                "anchors": {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in fact.anchors.items()},
                "safe_on": found.safe_on,
                "due_on": found.due_on,
                "late_after": found.late_after,
                "target_on": found.target_on,
                "derivation": [step.as_data() for step in found.derivation],
            }
        return self.known[key]


@transaction.atomic
def sync(facts: list[Fact], *, rule_ids: Iterable[str], years: Iterable[int], today: dt.date) -> Counts:
    """Bring the duties of the given rules and years in line with the facts.

    A met duty keeps its dates, its derivation and its evidence whatever happens to its fact; a
    fact that is gone closes an open duty without calling it met.
    """
    counts = Counts()
    known = {
        (d.rule_id, d.subject_type, d.subject_id, d.period): d
        for d in Duty.objects.select_for_update().filter(rule_id__in=list(rule_ids), year__in=list(years))
    }
    counted = Dates(facts)
    fresh: list[Duty] = []
    changed: list[Duty] = []
    for fact in facts:
        duty = known.pop(fact.key, None)
        if duty is not None and duty.met_on is not None:
            continue
        values = counted.of(fact) | {
            "debtor_id": fact.debtor_id,
            "title_kk": fact.title_kk,
            "title_ru": fact.title_ru,
            "url": fact.url,
            "met_on": fact.met_on,
            "evidence": dict(fact.evidence),
            "cancelled_at": None,
        }
        if duty is None:
            fresh.append(
                Duty(
                    rule_id=fact.rule_id,
                    subject_type=fact.subject_type,
                    subject_id=fact.subject_id,
                    period=fact.period,
                    year=fact.year,
                    opened_on=today,
                    **values,
                )
            )
            counts.opened += 1
            counts.met += fact.met_on is not None
            continue
        if any(getattr(duty, name) != values[name] for name in FOLLOWING):
            counts.redated += duty.due_on != values["due_on"]
            counts.met += fact.met_on is not None
            for name in FOLLOWING:
                setattr(duty, name, values[name])
            duty.version += 1
            changed.append(duty)
    for duty in known.values():
        if duty.met_on is None and duty.cancelled_at is None:
            duty.cancelled_at = timezone.now()
            duty.version += 1
            changed.append(duty)
            counts.dropped += 1
    Duty.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    Duty.objects.bulk_update(changed, [*(name.removesuffix("_id") for name in FOLLOWING), "version"], batch_size=200)
    return counts
