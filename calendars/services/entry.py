"""Entering one new meeting, however often the button is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from territories.scope import Who

from ..models import Calendar, MeetingState
from .rows import Create, Outcome, lock
from .sheets import apply

#: How long the same meeting entered by the same person is one press too many, not a second meeting.
SAME_PRESS = dt.timedelta(minutes=10)


@transaction.atomic
def plan(calendar: Calendar, values: Mapping[str, Any], pairs: Sequence[tuple[int, int]] | None, *, by: Who) -> Outcome:
    """Enter a meeting. A double click, or Back and send again, gives the meeting that is there already.

    One akim meets the people of one place at one hour of one day once, so the twin is found by these
    under the calendar's lock. Raises what `apply` raises.
    """
    locked = lock(calendar)
    twin = (
        locked.meetings.filter(
            holder_id=values["holder_id"],
            place_id=values["place_id"],
            date=values["date"],
            time=values["time"],
            created_by=by.user,
            created_at__gte=timezone.now() - SAME_PRESS,
        )
        .exclude(state__in=(MeetingState.REMOVED, MeetingState.CANCELLED))
        .select_related("holder", "place")
        .first()
    )
    if twin is not None:
        return Outcome(meetings=[twin], step=None, unchanged=1)
    return apply(calendar, [Create(values, pairs)], by=by, label=_("New meeting"), verb="meeting.planned")
