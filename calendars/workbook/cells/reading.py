"""What reading one cell gives."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, NamedTuple


class Remark(NamedTuple):
    """A finding without its place. ``accepted`` is the value that the offer stands for."""

    code: str
    params: Mapping[str, Any] = {}
    offer: object = ""
    accepted: object = None
    seen: object = None  # instead of the cell's content


class Reading(NamedTuple):
    """``repairs`` are keys of ``messages.table.REPAIRS``; ``moment`` is the time that stood with a date."""

    value: Any = None
    remarks: tuple[Remark, ...] = ()
    repairs: tuple[str, ...] = ()
    moment: time | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What readers of cells may know about the world.

    ``year`` is the year of the calendar, used in examples and to offer bare numbers as dates.
    ``known_words`` are right spellings (names of units, of places, usual words) to mend look-alike letters with.
    ``known_codes`` are codes of the classifier, to name candidates for a broken one.
    """

    year: int
    date1904: bool = False
    known_words: Collection[str] = field(default_factory=frozenset)
    known_codes: Collection[str] = field(default_factory=frozenset)

    @property
    def example(self) -> str:
        return f"15.03.{self.year}"
