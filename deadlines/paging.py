"""Pages of a long list of duties: each begins where the last one ended, and nothing is counted.

Duties are in the order of their due days; those to which the act gives no day come last, in the order of their ids.
A page costs the same wherever it lies, and with every number of duties the same number of queries. The list is read
in parts, each of which an index gives in this order; their first rows are merged here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from .models import Duty, DutyQuerySet, DutyState

#: Stands for the day of a duty that has none.
UNDATED = "-"


class Part(NamedTuple):
    """Duties that an index gives in the order of the list: all of them have a day, or none has one."""

    rows: QuerySet[Duty]
    dated: bool


def parts_of(rows: DutyQuerySet, *states: str) -> list[Part]:
    """The duties of some states (without any, of all): the unmet with a day, the met with a day, those without one."""
    told = set(states or DutyState.values)
    dated, parts = rows.filter(due_on__isnull=False), []
    if told - {DutyState.MET, DutyState.MET_CONTESTED, DutyState.NO_NUMBER}:
        parts.append(Part(dated.filter(met_on=None), dated=True))
    if told - {DutyState.OPEN, DutyState.CONTESTED, DutyState.NO_NUMBER}:
        late = Q(met_on__gt=F("late_after")) if told == {DutyState.BREACH} else Q()
        parts.append(Part(dated.filter(late, met_on__isnull=False), dated=True))
    if told & {DutyState.MET, DutyState.NO_NUMBER}:
        parts.append(Part(rows.filter(due_on=None), dated=False))
    return parts


@dataclass(frozen=True)
class Slice:
    """One page of duties; `following` is where the next begins, "" on the last one, `first` whether it is the first."""

    duties: list[Duty]
    following: str
    first: bool


def page_after(parts: Iterable[Part], cursor: str, size: int, *, whole: QuerySet[Duty]) -> Slice:
    """The duties after a cursor ("2027-03-01_4503…", as `following` gave it); a cursor that is none begins anew.

    `whole` has what is read with the duties of the page, and no conditions.
    """
    place = read(cursor)
    found: list[tuple[dt.date | None, int]] = []
    # Those without a day come last.
    for dated in (True, False):
        more = (row for part in parts if part.dated is dated for row in following(part, place)[: size + 1])
        found += sorted(more)[: size + 1 - len(found)]
    duties = whole.in_bulk([pk for _day, pk in found[:size]])
    shown = [duties[pk] for _day, pk in found[:size] if pk in duties]
    return Slice(shown, write(*found[size - 1]) if len(found) > size else "", place is None)


def following(part: Part, place: tuple[dt.date | None, int] | None) -> Any:
    """Days and ids of a part after a place of the list, in its order."""
    rows = part.rows
    if place is not None:
        day, pk = place
        if not part.dated:
            rows = rows.filter(pk__gt=pk) if day is None else rows
        elif day is None:
            rows = rows.none()
        else:
            # The day is said once more by itself, so that the index is entered at the right place.
            rows = rows.filter(Q(due_on__gt=day) | Q(pk__gt=pk), due_on__gte=day)
    return rows.order_by(*(("due_on", "pk") if part.dated else ("pk",))).values_list("due_on", "pk")


def read(cursor: str) -> tuple[dt.date | None, int] | None:
    day, _, pk = cursor.partition("_")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= 16):
        return None
    try:
        return None if day == UNDATED else dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def write(day: dt.date | None, pk: int) -> str:
    return f"{day.isoformat() if day else UNDATED}_{pk}"
