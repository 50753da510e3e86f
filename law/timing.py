"""The vocabulary in which the timing of a rule is written down, and the check that data keeps to it.

* FIXED: a day of each year (`md`); `edge` is until = «до / дейін», by = «к / қарай», not_later = «не позднее
  / кешіктірмей»; `year_reading` is the reading that may put it off by a year, `covers` what the document of that
  date is about, `covers_reading` the reading that decides it (`law.scope`)
* PERIODIC: after each closed period, `day` of the month `month_offset` months after its last one; no day = the
  act gives none
* BACK: at least n units before the day of the anchor
* FWD: within n units after the day of the anchor
* WINDOW: at least `min` events per period, inside the named part of it
* COVER: at least `min` meetings per period for each pair of akim and target; no `offsite` = not stated
* LIMIT: an arithmetic check on one event
* EACH: for each event of the kind
* BEFORE, AFTER: before or after the anchor; no `n` = the act gives no number
* TRIGGER: arises from a fact, no number of days in the act
* WITH: together with the named action
* STANDING: holds all the time
* STATUS: about the act itself

`house` is never law: it is the internal target of a duty to which the act gives no number.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from law.units import AKIM_KINDS, KINDS

EDGES = ("until", "by", "not_later", "at_least", "within")
PERIODS = ("year", "half_year", "quarter")
DAY_UNITS = ("calendar_day", "week", "month")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
PARTS = ("Q1", "Q2", "Q3", "Q4", "month_1_of_quarter")


class TimingError(ValueError):
    """A timing that the vocabulary does not know; the message says which part of it."""


@dataclass(frozen=True)
class Timing:
    """A rule of the vocabulary with its parts (`timing["n"]`, `timing.get("house")`)."""

    rule: str
    parts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, part: str) -> Any:
        return self.parts[part]

    def get(self, part: str, default: Any = None) -> Any:
        """A part that the act need not have."""
        return self.parts.get(part, default)

    @property
    def has_number(self) -> bool:
        """True if the act gives a date, a term or a count."""
        if self.rule == "PERIODIC":
            return "day" in self.parts
        if self.rule == "WITH":
            return "md" in self.parts
        return self.rule in ("FIXED", "BACK", "FWD", "WINDOW", "COVER", "LIMIT")


def parse_timing(table: Mapping[str, Any]) -> Timing:
    """Check one timing table against the vocabulary; raises TimingError."""
    rule = str(table.get("rule"))
    if rule not in _VOCABULARY:
        raise TimingError(f"rule {rule!r} is none of {', '.join(_VOCABULARY)}.")
    required, optional = _VOCABULARY[rule]
    parts = {part: value for part, value in table.items() if part != "rule"}
    for part in required:
        if part not in parts:
            raise TimingError(f"{rule} needs {part!r}.")
    for part, value in parts.items():
        if part not in required and part not in optional:
            raise TimingError(f"{rule} has no part {part!r}.")
        if not _CHECKS[part](value):
            raise TimingError(f"{part!r} of {rule} cannot be {value!r}.")
    return Timing(rule=rule, parts=MappingProxyType(parts))


def _one_of(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def _many_of(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(item in allowed for item in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _month_day(value: Any) -> bool:
    return isinstance(value, str) and _MONTH_DAY.fullmatch(value) is not None


_VOCABULARY: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "FIXED": (("md", "edge"), ("year", "year_reading", "covers", "covers_reading")),
    "PERIODIC": (("per",), ("day", "month_offset", "edge", "house")),
    "BACK": (("anchor", "n", "unit", "edge"), ("days",)),
    "FWD": (("anchor", "n", "unit", "edge"), ()),
    "WINDOW": (("per", "within", "min"), ("min_source",)),
    "COVER": (("holder", "target", "per", "min"), ("offsite",)),
    "LIMIT": (("expr",), ()),
    "EACH": (("event",), ("if", "within")),
    "BEFORE": (("anchor",), ("n", "unit")),
    "AFTER": (("anchor",), ("n", "unit", "house")),
    "TRIGGER": (("trigger",), ()),
    "WITH": (("action",), ("md", "edge")),
    "STANDING": ((), ()),
    "STATUS": ((), ("event", "value", "n", "unit", "excluded")),
}

_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "md": _month_day,
    "edge": _one_of(*EDGES),
    "year": _one_of("calendar_year", "reporting_year + 1"),
    "year_reading": _text,
    "covers": lambda value: (
        value == "since_previous_cutoff" or (isinstance(value, dict) and set(value) == {"half", "year"})
    ),
    "covers_reading": _text,
    "per": _one_of(*PERIODS),
    "day": lambda value: _whole(value) and 1 <= value <= 28,
    "month_offset": _whole,
    "anchor": _text,
    "n": _whole,
    "unit": _one_of(*DAY_UNITS),
    "days": _whole,
    "within": _many_of(*PARTS),
    "min": lambda value: _whole(value) and value > 0,
    "min_source": _one_of("implied"),
    "holder": _many_of(*AKIM_KINDS, "central_first_head"),
    "target": _many_of(*KINDS, "own_unit", "any_region"),
    "offsite": lambda value: isinstance(value, bool),
    "expr": _text,
    "event": _text,
    "if": _text,
    "trigger": _text,
    "action": _text,
    "value": bool,
    "excluded": lambda value: isinstance(value, list) and all(_text(item) for item in value),
    "house": lambda value: isinstance(value, dict) and bool(value),
}
