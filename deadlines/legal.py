"""A day that the act sets, as every page shows it: never bare, always with the address that says why it is this one.

The days of a duty are explained by the page of the duty. A day that was counted for a plan, before there is a duty,
is explained by its question alone: the address names the wording, the days it is counted from and whose readings
hold, and the page counts it again. So a list of such days costs no query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from law import workdays
from law.deadlines import Dated, DueDates, MissingAnchor, dates
from law.readings import Readings
from law.register import UnknownRule, Wording, wording

from .models import Duty
from .readings import readings_by_region

#: Stands for the readings of the nation, and of bodies that belong to no region.
NATION = 0


@dataclass(frozen=True)
class LegalDay:
    """A counted day. `met_on` is the day on which the thing was done, None while it is owed."""

    rule_id: str
    why: str
    due_on: dt.date | None
    late_after: dt.date | None = None
    met_on: dt.date | None = None


def why_duty(duty: Duty) -> str:
    """The address that explains the days of a duty."""
    return reverse("deadlines:explain", args=[duty.pk])


@dataclass(frozen=True)
class Question:
    """From what a day is counted: a wording, its anchors, and the readings of a region (None: the nation) on a day."""

    wording: Wording
    anchors: Mapping[str, dt.date | int]
    region_id: int | None = None
    as_of: dt.date = field(default=dt.date.min)

    def day(self, due: Dated, *, met_on: dt.date | None = None) -> LegalDay:
        """The answer that somebody counted already, with the address of the question."""
        return LegalDay(self.wording.rule_id, self.why, due.due_on, due.late_after, met_on)

    @property
    def why(self) -> str:
        """The address at which the day is counted again and explained."""
        asked: list[tuple[str, Any]] = [("line", self.wording.key), ("as_of", self.as_of.isoformat())]
        if self.region_id is not None:
            asked.append(("region", self.region_id))
        asked += [("from", f"{name}:{value}") for name, value in self.anchors.items()]
        return f"{reverse('act:why')}?{urlencode(asked)}"

    @classmethod
    def read(cls, query: QueryDict) -> Question:
        """The question of an address; ValueError for one that nobody of us wrote."""
        try:
            line = wording(query.get("line", "")[:40])
        except UnknownRule as error:
            raise ValueError("no such line") from error
        anchors = dict(anchor(text) for text in query.getlist("from")[:6])
        region = query.get("region", "")
        if region and not (region.isascii() and region.isdecimal() and len(region) < 19):
            raise ValueError("no region")
        as_of = dt.date.fromisoformat(query.get("as_of", ""))
        return cls(line, anchors, int(region) if region else None, as_of)

    def counted(self) -> DueDates:
        """The dates; raises ValueError where the anchors do not fit the line, YearMissing for days not held."""
        try:
            return dates(self.wording, self.anchors, self.readings(), workdays)
        except (MissingAnchor, OverflowError) as error:
            raise ValueError("the line is counted from something else") from error

    def readings(self) -> Readings:
        return readings_by_region([self.region_id or NATION], self.as_of)[self.region_id or NATION]


def anchor(text: str) -> tuple[str, dt.date | int]:
    """One anchor of an address: "meeting.date:2027-03-10", "year:2027"."""
    name, _, value = text.partition(":")
    if value.isascii() and value.isdecimal() and len(value) < 6:
        return name, int(value)
    return name, dt.date.fromisoformat(value)
