"""Pages of a long list of duties: each begins where the last one ended, and nothing is counted.

Duties are in the order of their due days; those to which the act gives no day come last, in the order of their ids.
A page costs the same wherever it lies, and with every number of duties the same number of queries.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from .models import Duty

#: Stands for the day of a duty that has none.
UNDATED = "-"


@dataclass(frozen=True)
class Slice:
    """One page of duties; `following` is where the next begins, "" on the last one, `first` whether it is the first."""

    duties: list[Duty]
    following: str
    first: bool


def page_after(rows: QuerySet[Duty], cursor: str, size: int) -> Slice:
    """The duties after a cursor ("2027-03-01_4503…", as `following` gave it); a cursor that is none begins anew."""
    place = read(cursor)
    if place is not None:
        day, pk = place
        later = (
            Q(due_on=None, pk__gt=pk) if day is None else Q(due_on=None) | Q(due_on__gt=day) | Q(due_on=day, pk__gt=pk)
        )
        rows = rows.filter(later)
        if day is not None:
            # Said once more by itself, so that the index of days is entered at the right place.
            rows = rows.filter(Q(due_on=None) | Q(due_on__gte=day))
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[: size + 1])
    shown = found[:size]
    return Slice(shown, write(shown[-1]) if len(found) > size else "", place is None)


def read(cursor: str) -> tuple[dt.date | None, int] | None:
    day, _, pk = cursor.partition("_")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= 16):
        return None
    try:
        return None if day == UNDATED else dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def write(duty: Any) -> str:
    return f"{duty.due_on.isoformat() if duty.due_on else UNDATED}_{duty.pk}"
