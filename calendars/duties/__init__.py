"""What the calendars tell the ledger of duties, and what duties are about in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from deadlines.services.facts import Told

from . import akims, bodies, meetings, regional
from .akims import quarters_begin
from .meetings import come_near
from .named import named

__all__ = ["come_near", "facts", "named", "quarters_begin"]


def facts(today: dt.date, years: Sequence[int]) -> Iterable[Told]:
    """Everything that the tree, the calendars and the meetings of these years make somebody owe."""
    for year in years:
        yield from regional.facts(year)
        yield from akims.facts(year, today)
        yield from meetings.facts(year, today)
        yield from bodies.facts(year, today)
