"""Which unit's norm a meeting closes: by its akim, its place and the norms of 826-2.1 (A-09)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property

from deadlines.readings import readings_of
from law.coverage import Norm, norms
from law.readings import Readings
from territories.models import Territory

from .models import Calendar, Meeting


class Served:
    """Which norms a meeting serves, by the tree and the readings of its calendar (A-09)."""

    def __init__(self, calendar: Calendar, units: Mapping[int, Territory], readings: Readings | None = None) -> None:
        self.calendar, self.units, self.readings = calendar, units, readings

    @cached_property
    def norms(self) -> Sequence[Norm]:
        """Asked for only where a row may come to serve another unit."""
        first_day = dt.date(self.calendar.year, 1, 1)
        return norms(first_day, self.readings or readings_of(self.calendar.region_id, first_day))

    def wanted(
        self,
        meeting: Meeting,
        given: Sequence[tuple[int, int]] | None,
        held: set[tuple[int, int]] | None = None,
    ) -> list[tuple[int, int]]:
        """The pairs that the meeting serves: as given, else as they are, else by its holder and place."""
        if given is not None:
            return sorted(set(given))
        return sorted(held) if held else [(meeting.holder_id, self.target(meeting))]

    def target(self, meeting: Meeting) -> int:
        """The unit whose norm the holder closes at the place; the place itself where there is none."""
        place = self.units[meeting.place_id]
        found = self.norm_of(self.units[meeting.holder_id], self.chain(place))
        return found[1].pk if found else place.pk

    def chain(self, place: Territory) -> list[Territory]:
        """The place and the units above it, upward."""
        return [self.units[int(pk)] for pk in reversed(place.path.strip("/").split("/"))]

    def norm_of(self, holder: Territory, chain: Sequence[Territory]) -> tuple[Norm, Territory] | None:
        """The norm that a meeting of this akim at a place closes, and toward which unit, or None.

        `chain` is the place and its parents upward. The raion's akim in a village of an okrug closes
        the okrug; the okrug's akim there closes the village (A-09, `place_only`).
        """
        for unit in chain:
            for norm in self.norms:
                if asks_for(norm, holder, unit, self.units):
                    return norm, unit
        return None


def at_place(meeting: Meeting, target: int, units: Mapping[int, Territory]) -> bool:
    """Does the meeting take place inside the target?"""
    return units[meeting.place_id].path.startswith(units[target].path)


def asks_for(norm: Norm, holder: Territory, target: Territory, units: Mapping[int, Territory]) -> bool:
    """Does the norm ask this akim for a meeting in this unit? `units` holds the units above the target."""
    if holder.kind not in norm.holder_kinds or target.kind not in norm.target_kinds:
        return False
    if norm.target_own_akim not in (None, target.own_akim):
        return False
    if norm.relation == "own":
        return target.pk == holder.pk
    if norm.relation == "child":
        return target.parent_id == holder.pk
    between = units.get(target.parent_id or 0)
    return between is not None and between.kind in norm.via_kinds and between.parent_id == holder.pk
