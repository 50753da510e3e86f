"""Around many meetings: whom they invite, and how they are broadcast (826-3.2, 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import Change, record_many
from territories.scope import Who

from ...models import Audience, AudienceCategory, BroadcastRecord
from ..changing import tidy
from .rows import change, lock_meetings, lock_rows, make


@transaction.atomic
def record_audiences(told: Mapping[tuple[int, str], Mapping[str, Any]], *, by: Who) -> None:
    """Categories of the audience, by meeting id and category: invited, came, a note (826-4.h2)."""
    meetings = lock_meetings((pk for pk, _category in told), by=by)
    if any(category not in AudienceCategory for _pk, category in told):
        raise ValidationError({"category": _("There is no such category.")})
    there = Audience.objects.filter(meeting__in=meetings).values_list("pk", flat=True)
    known = {(row.meeting_id, row.category): row for row in lock_rows(Audience, there).values()}
    new = {key: values for key, values in told.items() if key not in known}
    rows = make(
        Audience,
        [
            (meetings[pk].holder, dict(values) | {"meeting": meetings[pk], "category": category})
            for (pk, category), values in new.items()
        ],
        by=by,
    )
    changes = [
        Change(row, became=values, object_text=f"{row.category}, {row.meeting}")
        for row, values in zip(rows, new.values(), strict=True)
    ]
    old = [known[key] for key in told if key in known]
    differences = change(old, [told[row.meeting_id, row.category] for row in old], by=by)
    for row, (was, became) in zip(old, differences, strict=True):
        if became:
            changes.append(Change(row, was, became, object_text=f"{row.category}, {meetings[row.meeting_id]}"))
    record_many(by.actor, "audience.recorded", changes)


@transaction.atomic
def record_broadcasts(told: Mapping[int, Mapping[str, Any]], *, by: Who) -> Sequence[BroadcastRecord]:
    """The first word on the broadcast of each meeting: an address, or the reason why there is none (826-3.2.h1)."""
    meetings = lock_meetings(told, by=by)
    for values in told.values():
        if bool(tidy(values.get("address", ""))) == bool(tidy(values.get("reason", ""))):
            text = _("Give either the address of the broadcast or the reason why there is none.")
            raise ValidationError({"address": text})
    items = [(meetings[pk].holder, dict(values) | {"meeting": meetings[pk]}) for pk, values in told.items()]
    rows = make(BroadcastRecord, items, by=by)
    record_many(
        by.actor,
        "broadcast.recorded",
        [
            Change(row, became=values, object_text=str(row.meeting))
            for row, values in zip(rows, told.values(), strict=True)
        ],
    )
    return rows
