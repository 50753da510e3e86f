"""What the room of issues tells the ledger: proofs for each meeting, quarterly information, demands, central lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from deadlines.services.facts import Told

from . import meetings, published, quarterly
from .named import named

__all__ = ["facts", "named"]


def facts(today: dt.date, years: Sequence[int]) -> Iterable[Told]:
    """Everything that was prepared, held, published and answered for the meetings of these years."""
    for year in years:
        yield from meetings.facts(year)
        yield from published.facts(year)
        yield from quarterly.facts(year, today)
