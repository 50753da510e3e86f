"""The twenty regions as squares that lie about where they lie on the map."""

from __future__ import annotations

from collections.abc import Iterable

from territories.models import Territory

#: Seven columns from west to east; the first two digits of the region's code, or nothing.
MAP = (
    ("", "", "39", "59", "", "55", ""),
    ("27", "15", "", "11", "71", "10", "63"),
    ("23", "", "62", "35", "", "33", ""),
    ("47", "43", "61", "31", "75", "19", ""),
    ("", "", "79", "", "", "", ""),
)


def arranged(regions: Iterable[Territory]) -> list[Territory | None]:
    """The regions square by square, None for an empty one; those the map does not know come last."""
    left = {region.code[:2]: region for region in regions}
    squares = [left.pop(code, None) if code else None for row in MAP for code in row]
    while squares and squares[-1] is None:
        squares.pop()
    return [*squares, *left.values()]
