"""Standing commissions of many offices (826-3.4.a1, a2), formed as one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from journal.bulk import insert
from journal.services import Change, record_many
from territories.models import Territory
from territories.scope import Who

from ...models import Commission
from ..changing import require_office
from ..commissions import Member, commission_values, members_of, names_of
from .rows import make


@dataclass(frozen=True)
class Formed:
    """The standing commission of an office for a term, by its order."""

    unit: Territory
    order_number: str
    order_date: dt.date
    members: Sequence[Member]
    valid_from: dt.date
    valid_to: dt.date | None = None


@transaction.atomic
def form_commissions(formed: Sequence[Formed], *, today: dt.date, by: Who) -> list[Commission]:
    """At least one member of each body that exists in a unit."""
    items = []
    for one in formed:
        require_office(by, one.unit)
        values = commission_values(
            one.unit,
            order_number=one.order_number,
            order_date=one.order_date,
            members=one.members,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            today=today,
        )
        items.append((one.unit, values))
    rows = make(Commission, items, by=by)
    members = [members_of(row, one.members) for row, one in zip(rows, formed, strict=True)]
    insert([member for some in members for member in some])
    changes = [
        Change(row, became=values | {"members": names_of(some)})
        for row, (_unit, values), some in zip(rows, items, members, strict=True)
    ]
    record_many(by.actor, "commission.formed", changes, basis="826-3.4.a1")
    return rows
