"""A wording and the days of its anchors -> the dates by which it is owed, and how they were counted.

Every date comes with its strictest and its most lenient listed reading (register, 4.0):

* `safe_on`: the last day in time under the strictest reading of the words; the product plans by it;
* `due_on`: the last day in time under the readings chosen;
* `late_after`: the last day that some listed reading allows; only later is it a breach;
* `target_on`: the internal target, a working day on or before `due_on`; a house rule, never law.

All four are civil dates of the region. Pure: anchors, readings and days off are arguments. `derivation` is data
(keys and values, nothing translated); `law.explain` puts it into words.

Anchors by rule: FIXED and WITH a date need `year`, the year of the calendar or of the date; PERIODIC `period.end`;
BACK `meeting.date` (and `off_calendar`: 1 for a meeting outside the calendar); FWD what its anchor names; LIMIT
the numbers of its expression; AFTER with a house term what its anchor names.
"""

import ast
import operator
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from law.periods import period_of
from law.readings import Readings
from law.register import Wording
from law.timing import Timing
from law.words import LANGUAGES

ONE_DAY = timedelta(days=1)
NO_DAY = timedelta()
NUMBER, LIMIT, NO_NUMBER = "number", "limit", "no_number"
MET, MET_CONTESTED, OPEN, CONTESTED, BREACH = "met", "met_contested", "open", "contested", "breach"

Anchors = Mapping[str, date | int]


class MissingAnchor(ValueError):
    """A day or a number that the rule counts from was not given; the message names it."""


class Days(Protocol):
    """What is asked of the days off; `law.workdays` is one."""

    def is_working(self, day: date) -> bool: ...
    def why_not_working(self, day: date, lang: str) -> str | None: ...
    def next_working(self, day: date) -> date: ...
    def next_working_on_or_after(self, day: date) -> date: ...
    def previous_working_on_or_before(self, day: date) -> date: ...


@dataclass(frozen=True)
class Step:
    """One step of a derivation: a key of `texts.toml` and its values (dates as ISO text)."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def as_data(self) -> dict[str, Any]:
        """What a row stores: plain text and numbers."""
        return {"key": self.key, "params": dict(self.params)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Step":
        """The step that was stored."""
        return cls(data["key"], MappingProxyType(dict(data["params"])))


@dataclass(frozen=True)
class DueDates:
    """The dates of one duty, or none (`kind` no_number), or whether a limit was kept (`kind` limit)."""

    kind: str
    derivation: tuple[Step, ...]
    safe_on: date | None = None
    due_on: date | None = None
    late_after: date | None = None
    target_on: date | None = None
    kept: bool | None = None


def dates(wording: Wording, anchors: Anchors, readings: Readings, days: Days) -> DueDates:
    """The dates of a wording for these anchors; raises MissingAnchor, and YearMissing from `days`."""
    return _Count(wording, anchors, readings, days).result()


def standing(due: DueDates, *, today: date, done_on: date | None = None) -> str:
    """How a duty stands on a day: met, met_contested, open, contested, breach, or no_number (register, 4.0)."""
    if due.due_on is None or due.late_after is None:
        return NO_NUMBER
    if done_on is not None:
        if done_on <= due.due_on:
            return MET
        return MET_CONTESTED if done_on <= due.late_after else BREACH
    if today <= due.due_on:
        return OPEN
    return CONTESTED if today <= due.late_after else BREACH


class _Count:
    """One counting: walks the rule and writes down each step."""

    def __init__(self, wording: Wording, anchors: Anchors, readings: Readings, days: Days) -> None:
        self.rule_id = wording.rule_id
        self.timing: Timing = wording.timing
        self.anchors = anchors
        self.readings = readings
        self.days = days
        self.steps: list[Step] = []

    def result(self) -> DueDates:
        if not self.timing.has_number:
            return self.without_number()
        count: Callable[[], DueDates] = {
            "FIXED": self.fixed,
            "WITH": self.fixed,
            "PERIODIC": self.periodic,
            "BACK": self.back,
            "FWD": self.forward,
            "LIMIT": self.limit,
        }.get(self.timing.rule, self.without_number)
        return count()

    # -- the rules

    def fixed(self) -> DueDates:
        """A day of the year."""
        month, day = (int(part) for part in self.timing["md"].split("-"))
        year = self.number("year")
        reading = self.timing.get("year_reading")
        if reading is not None:
            value = str(self.readings[reading])
            year += value == "next"
            self.note(f"{reading}_{value}", year=self.number("year"))
        return self.by_edge(date(year, month, day))

    def periodic(self) -> DueDates:
        """A day of a month after a closed period."""
        period = period_of(self.timing["per"], self.day("period.end"))
        self.note("period", period=period.code, end=period.end)
        return self.by_edge(_day_of_later_month(period.end, self.timing["month_offset"], self.timing["day"]))

    def back(self) -> DueDates:
        """At least n units before a day; such a term never moves toward the meeting (A-03, A-07)."""
        if self.anchors.get("off_calendar"):
            choice = self.readings["announce_off_calendar"]
            self.note(f"off_calendar_{choice}")
            if choice == "none":
                return DueDates(NO_NUMBER, tuple(self.steps))
        anchor = self.day(self.timing["anchor"])
        self.note("anchor", anchor=self.timing["anchor"], date=anchor)
        lenient = self.moved(anchor, -1)
        safe = lenient - ONE_DAY
        due = {"same_weekday": lenient, "full_days": safe}[str(self.readings["back_mode"])]
        self.note(f"back_{self.readings['back_mode']}", n=self.timing["n"], unit=self.timing["unit"], date=due)
        if self.readings.of("nonworking_shift", self.rule_id) == "previous":
            due = self.shifted(due, "previous", self.days.previous_working_on_or_before)
        self.note("safe", date=min(safe, due))
        self.note("late_back", date=lenient)
        return self.dated(min(safe, due), due, lenient)

    def forward(self) -> DueDates:
        """Within n units after a day (A-02), the later of two days where the rule says so (A-06)."""
        chosen, earliest, latest = self.forward_anchors()
        choice = self.readings["forward_day_zero"]
        due = self.moved(chosen, 1) - (ONE_DAY if choice == "previous" else NO_DAY)
        self.note(f"forward_{choice}", n=self.timing["n"], unit=self.timing["unit"], date=due)
        return self.settled(self.moved(earliest, 1) - ONE_DAY, due, self.moved(latest, 1))

    def limit(self) -> DueDates:
        """An arithmetic check on one event."""
        expression = ast.parse(self.timing["expr"], mode="eval").body
        if not isinstance(expression, ast.Compare):
            raise TypeError(f"{self.rule_id}: {self.timing['expr']!r} compares nothing.")
        self.note("limit_rule", limit=self.timing["expr"])
        names = [node.id for node in ast.walk(expression) if isinstance(node, ast.Name)]
        for name in dict.fromkeys(names):
            self.note("limit_value", quantity=name, n=self.number(name))
        left, right = (self.value_of(side) for side in (expression.left, expression.comparators[0]))
        kept = _COMPARISONS[type(expression.ops[0])](left, right)
        self.note("limit_kept" if kept else "limit_broken", left=left, right=right)
        return DueDates(LIMIT, tuple(self.steps), kept=kept)

    def without_number(self) -> DueDates:
        """The act gives no date; a house rule may still set an internal target."""
        self.note("per_period" if self.timing.has_number else "no_number")
        target = self.house_target()
        return DueDates(NO_NUMBER, tuple(self.steps), target_on=target)

    # -- what the rules share

    def by_edge(self, named: date) -> DueDates:
        """The last day in time for a day that the act names (A-01, A-02)."""
        edge = self.timing["edge"]
        self.note(f"act_{edge}", date=named)
        before = named - ONE_DAY
        if edge == "not_later":
            return self.settled(named, named, named)
        choice = str(self.readings[f"{edge}_edge"])
        due = before if choice == "exclusive" else named
        self.note(f"{edge}_{choice}", date=due)
        return self.settled(before, due, named)

    def settled(self, strict: date, due: date, lenient: date) -> DueDates:
        """The three dates after the readings on days off (A-03): only the lenient one moves by default."""
        shift = self.readings.of("nonworking_shift", self.rule_id)
        if shift == "next":
            due = self.shifted(due, "next", self.days.next_working_on_or_after)
        elif shift == "previous":
            due = self.shifted(due, "previous", self.days.previous_working_on_or_before)
        elif not self.days.is_working(due):
            self.note("due_on_day_off", date=due, **self.why(due))
        safe = min(strict, due)
        self.note("safe", date=safe)
        late = max(due, self.days.next_working_on_or_after(lenient))
        if late == lenient:
            self.note("late", date=late)
        else:
            self.note("late_next_working", before=lenient, date=late, **self.why(lenient))
        return self.dated(safe, due, late)

    def dated(self, safe: date, due: date, late: date) -> DueDates:
        target = self.target(due)
        return DueDates(NUMBER, tuple(self.steps), safe, due, late, target)

    def target(self, due: date) -> date:
        """The internal target: the working day on or before the due day."""
        target = self.days.previous_working_on_or_before(due)
        if target == due:
            self.note("target", date=target)
        else:
            self.note("target_previous_working", before=due, date=target, **self.why(due))
        return target

    def shifted(self, due: date, way: str, find: Callable[[date], date]) -> date:
        moved = find(due)
        if moved != due:
            self.note(f"shift_{way}", before=due, date=moved, **self.why(due))
        return moved

    def house_target(self) -> date | None:
        house = self.timing.get("house")
        if house is None:
            return None
        if "working_days" in house:
            anchor = self.anchors.get(self.timing["anchor"])
            if not isinstance(anchor, date):
                return None
            count = int(self.readings[house["working_days"]])
            target = anchor
            for _ in range(count):
                target = self.days.next_working(target)
            self.note("house_working_days", n=count, unit="working_day", before=anchor, date=target)
            return target
        end = self.anchors.get("period.end")
        if not isinstance(end, date):
            return None
        named = _day_of_later_month(period_of(self.timing["per"], end).end, house["month_offset"], house["day"])
        target = self.days.previous_working_on_or_before(named)
        self.note("house_day", day=named, date=target)
        return target

    def forward_anchors(self) -> tuple[date, date, date]:
        """The day from which the term runs as chosen; the earliest and the latest that some listed reading takes."""
        main, *others = re.findall(r"[a-z_]+\.[a-z_]+", self.timing["anchor"])
        meeting = self.day(main)
        whole_round = self.anchors.get("round.end_date")
        bases = [meeting, whole_round] if isinstance(whole_round, date) else [meeting]
        chosen = bases[-1] if self.readings["series"] == "round" else meeting
        if chosen is meeting:
            self.note("anchor", anchor=main, date=meeting)
        else:
            self.note("series_round", date=chosen)
        if not others:
            return chosen, min(bases), max(bases)
        reception = self.anchors.get(others[0])
        if not isinstance(reception, date):
            self.note("no_reception_meeting_end", date=chosen)
            return chosen, min(bases), max(bases)
        starts = [start for base in bases for start in self.starts_with(base, reception)]
        warned, moved = self.starts_with(chosen, reception)
        if warned != moved:
            self.note(f"late_reception_{self.readings['late_reception']}", reception=reception, date=chosen)
        elif reception > chosen:
            self.note("anchor", anchor=others[0], date=reception)
        return (moved if self.readings["late_reception"] == "move" else warned), min(starts), max(starts)

    def starts_with(self, base: date, reception: date) -> tuple[date, date]:
        """From when the term runs with a reception: under `warn` and under `move`; the same unless it is late."""
        later = max(base, reception)
        return (base if later > self.moved(base, 1) else later), later

    def moved(self, day: date, sign: int) -> date:
        """A day n units later (or earlier): days and weeks exactly, months to the same number or the last day."""
        count, unit = self.timing["n"], self.timing["unit"]
        if unit == "month":
            return _day_of_later_month(day, sign * count, day.day)
        return day + sign * timedelta(days=count * (7 if unit == "week" else 1))

    def value_of(self, node: ast.expr) -> int:
        """The value of one side of a limit: names, whole numbers, sums, differences and products only."""
        if isinstance(node, ast.Name):
            return self.number(node.id)
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return node.value
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            return _ARITHMETIC[type(node.op)](self.value_of(node.left), self.value_of(node.right))
        raise TypeError(f"{self.rule_id}: {self.timing['expr']!r} holds more than sums and products.")

    def day(self, name: str) -> date:
        value = self.anchors.get(name)
        if not isinstance(value, date):
            raise MissingAnchor(f"{self.rule_id} counts from {name!r}, and no day is given for it.")
        return value

    def number(self, name: str) -> int:
        value = self.anchors.get(name)
        if not isinstance(value, int):
            raise MissingAnchor(f"{self.rule_id} needs the number {name!r}.")
        return value

    def why(self, day: date) -> dict[str, str]:
        """Why a day is off, in each language: kept with the step, since the list of days off may change."""
        return {f"why_{lang}": self.days.why_not_working(day, lang) or "" for lang in LANGUAGES}

    def note(self, key: str, **params: Any) -> None:
        shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
        self.steps.append(Step(key, MappingProxyType(shown)))


def _day_of_later_month(day: date, months: int, number: int) -> date:
    """Day `number` of the month so many months later, or that month's last day (A-02, month_end = clip)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))


_ARITHMETIC: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
}
