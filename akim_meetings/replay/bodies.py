"""What the Government and the central bodies prove in a replayed year (826 para 5, Resolution 12): evidence by hand."""

from __future__ import annotations

import datetime as dt
import random

from deadlines import ids
from deadlines.models import Duty
from deadlines.services.evidence import Proof, record_evidence
from territories.scope import Who

from .course import DAY

#: Of 100 duties: so many are done late, or never proved.
LATE, NEVER = 7, 5
#: How far from its day a duty may be done, in days.
EARLIEST, LATEST = 9, 10


def prove(day: dt.date, *, seed: int, by: Who) -> int:
    """Record what bodies have done by a day of the ledger as it was swept last; answers how many duties were proved."""
    near = Duty.objects.waiting().filter(
        body__isnull=False, due_on__gte=day - LATEST * DAY, due_on__lte=day + EARLIEST * DAY
    )
    count = 0
    for duty in near.select_related("body").order_by("body__key", "pk"):
        assert duty.body is not None
        assert duty.due_on is not None
        part = ids.parts(duty.pk)
        rng = random.Random(f"{seed}-{duty.body.key}-{part.rule_id}-{part.period}")  # noqa: S311
        fate = rng.randrange(100)
        if fate < NEVER:
            continue
        late = fate < NEVER + LATE
        on = duty.due_on + DAY * (rng.randint(1, LATEST) if late else -rng.randint(0, EARLIEST))
        if on == day:
            proof = Proof(kind="SENT", done_on=day, number=f"{part.period}/{part.rule_id}", date=day)
            record_evidence(duty, proof, seen_version=None, today=day, by=by)
            count += 1
    return count
