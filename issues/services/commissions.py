"""Commissions for collecting requests, standing or for one meeting (826-3.4.a1, a2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from calendars.models import Meeting
from journal.services import record
from territories.models import Kind, Territory
from territories.scope import Who

from ..models import Capacity, Commission, CommissionMember, StoredFile
from .changing import Conflict, create, edit, lock, need, not_future, require_office, tidy

#: Where a local community assembly exists, and where a public council (A-17; outside the decree).
ASSEMBLY_KINDS = (Kind.CITY_RAION, Kind.VILLAGE, Kind.SETTLEMENT, Kind.OKRUG)
COUNCIL_KINDS = (Kind.OBLAST, Kind.CITY_REP, Kind.CAPITAL, Kind.RAION, Kind.CITY_OBLAST)


@dataclass(frozen=True)
class Member:
    """A member of a commission as entered: capacity and post; the name may stay out."""

    capacity: str
    post: str
    name: str = ""
    chair: bool = False


def bodies_of(unit: Territory) -> list[str]:
    """Capacities that must sit in a commission of this unit, because the body exists there (A-17)."""
    found = [Capacity.ASSEMBLY] if unit.kind in ASSEMBLY_KINDS else []
    return [*found, Capacity.COUNCIL] if unit.kind in COUNCIL_KINDS else list(found)


@transaction.atomic
def form_commission(
    unit: Territory,
    *,
    order_number: str,
    order_date: dt.date,
    members: Sequence[Member],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    meeting: Meeting | None = None,
    no_assembly_note: str = "",
    no_council_note: str = "",
    order_file: StoredFile | None = None,
    today: dt.date,
    by: Who,
) -> Commission:
    """Create a commission for collecting requests, standing or for one meeting (826-3.4.a1, a2).

    At least one member of each body that exists in the unit, or the note why there is none.
    """
    require_office(by, unit)
    values = commission_values(
        unit,
        order_number=order_number,
        order_date=order_date,
        members=members,
        valid_from=valid_from,
        valid_to=valid_to,
        meeting=meeting,
        no_assembly_note=no_assembly_note,
        no_council_note=no_council_note,
        order_file=order_file,
        today=today,
    )
    row = create(Commission, by=by, unit=unit, values=values)
    became = values | {"members": names_of(write_members(row, members))}
    record(by.actor, "commission.formed", row, became=became, basis="826-3.4.a1")
    return row


def commission_values(
    unit: Territory,
    *,
    order_number: str,
    order_date: dt.date,
    members: Sequence[Member],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    meeting: Meeting | None = None,
    no_assembly_note: str = "",
    no_council_note: str = "",
    order_file: StoredFile | None = None,
    today: dt.date,
) -> dict[str, Any]:
    """The columns of a new commission. Raises ValidationError."""
    not_future(order_date, today, "order_date")
    check_commission(unit, members, no_assembly_note, no_council_note)
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first one.")})
    if meeting is not None and meeting.holder_id != unit.pk:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    return {
        "meeting": meeting,
        "order_number": need(order_number, "order_number", _("Write the number of the order.")),
        "order_date": order_date,
        "order_file": order_file,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "no_assembly_note": no_assembly_note,
        "no_council_note": no_council_note,
    }


@transaction.atomic
def edit_commission(
    commission: Commission, *, values: Mapping[str, Any], members: Sequence[Member], seen_version: int, by: Who
) -> Commission:
    """Change the composition or the term of a commission. Raises Conflict."""
    row = lock(Commission, commission.pk)
    require_office(by, row.unit)
    notes = {"no_assembly_note": row.no_assembly_note, "no_council_note": row.no_council_note} | dict(values)
    check_commission(row.unit, members, notes["no_assembly_note"], notes["no_council_note"])
    before = [(m.capacity, m.post) for m in row.members.all()]
    if seen_version != row.version:
        mine = [(m.capacity, m.post) for m in members]
        others = [(str(_("Members of the commission")), listed(before), listed(mine))] if before != mine else []
        fields = [name for name, value in values.items() if getattr(row, name) != value]
        raise Conflict(row=row, mine=values, fields=fields, others=others)
    was, became = edit(row, values, seen_version=seen_version, by=by)
    after = [(m.capacity, m.post) for m in members]
    if before != after:
        row.members.all().delete()
        write_members(row, members)
        if not became:
            edit(row, {"updated_at": by.moment}, seen_version=None, by=by)
        was, became = was | {"members": before}, became | {"members": after}
    if became:
        record(by.actor, "commission.changed", row, was=was, became=became)
    return row


def listed(members: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{post} ({Capacity(capacity).label})" for capacity, post in members)


def check_commission(unit: Territory, members: Sequence[Member], no_assembly: str, no_council: str) -> None:
    if not members:
        raise ValidationError({"members": _("Enter the members of the commission.")})
    if any(not tidy(member.post) for member in members):
        raise ValidationError({"members": _("Write the post of each member.")})
    sits = {member.capacity for member in members}
    notes = {Capacity.ASSEMBLY: tidy(no_assembly), Capacity.COUNCIL: tidy(no_council)}
    for capacity in bodies_of(unit):
        if capacity not in sits and not notes[Capacity(capacity)]:
            text = _("The commission needs a member of the %(body)s, or a note why there is none.")
            raise ValidationError({"members": text % {"body": Capacity(capacity).label}})


def write_members(row: Commission, members: Sequence[Member]) -> list[CommissionMember]:
    return CommissionMember.objects.bulk_create(members_of(row, members))


def members_of(row: Commission, members: Sequence[Member]) -> list[CommissionMember]:
    """Rows of members in the order in which they were entered, not saved yet."""
    return [
        CommissionMember(
            commission=row,
            capacity=member.capacity,
            post=tidy(member.post)[:200],
            name=tidy(member.name)[:200],
            chair=member.chair,
            order=order,
        )
        for order, member in enumerate(members, 1)
    ]


def names_of(members: Sequence[CommissionMember]) -> list[str]:
    """Members in the words of the journal."""
    return [f"{member.get_capacity_display()}: {member.post}" for member in members]


def commission_of(meeting: Meeting) -> Commission | None:
    """The commission that serves a meeting: its own, else the standing one in whose term it falls."""
    rows = Commission.objects.filter(unit_id=meeting.holder_id, closed_at=None, valid_from__lte=meeting.date)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=meeting.date), Q(meeting=meeting) | Q(meeting=None))
    return rows.order_by(F("meeting_id").desc(nulls_last=True), "-valid_from").first()


@transaction.atomic
def close_commission(commission: Commission, *, reason: str, by: Who) -> Commission:
    """A commission that works no longer serves no further meeting; it stays readable."""
    row = lock(Commission, commission.pk)
    require_office(by, row.unit)
    reason = need(reason, "reason", _("Write the reason."))
    if edit(row, {"closed_at": row.closed_at or by.moment}, seen_version=None, by=by)[1]:
        record(by.actor, "commission.closed", row, reason=reason)
    return row
