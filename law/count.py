"""The arithmetic of each rule of the vocabulary: walks the rule and writes down each step (`law.deadlines`)."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from law.derivation import LIMIT, NO_NUMBER, NUMBER, DueDates, Step
from law.limits import limit
from law.periods import Period, period_of, periods
from law.readings import Readings, Value, as_text, catalogue
from law.register import Wording
from law.scope import covered
from law.timing import Timing
from law.words import LANGUAGES, weekday_text

ONE_DAY = timedelta(days=1)
NO_DAY = timedelta()

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


class Count:
    """One counting: walks the rule and writes down each step, so that the steps alone give the dates again."""

    def __init__(self, wording: Wording, anchors: Anchors, readings: Readings, days: Days) -> None:
        self.wording = wording
        self.rule_id = wording.rule_id
        self.timing: Timing = wording.timing
        self.anchors = anchors
        self.readings = readings
        self.days = days
        self.steps: list[Step] = []
        self.used: dict[str, str] = {}

    def result(self) -> DueDates:
        self.note("paragraph", line=self.rule_id, edition=self.wording.edition)
        if not self.timing.has_number:
            return self.without_number()
        count: Callable[[], DueDates] = {
            "FIXED": self.fixed,
            "WITH": self.fixed,
            "PERIODIC": self.periodic,
            "BACK": self.back,
            "FWD": self.forward,
            "LIMIT": self.limit,
            "WINDOW": self.window,
            "COVER": self.window,
        }.get(self.timing.rule, self.without_number)
        return count()

    # -- the rules

    def fixed(self) -> DueDates:
        """A day of the year."""
        month, day = (int(part) for part in self.timing["md"].split("-"))
        year = self.number("year")
        self.note("year", year=year)
        reading = self.timing.get("year_reading")
        if reading is not None:
            value = self.read(reading)
            self.note(f"{reading}_{value}", year=year)
            year += value == "next"
        named = date(year, month, day)
        self.note_scope(named)
        return self.by_edge(named)

    def periodic(self) -> DueDates:
        """A day of a month after a closed period."""
        period = period_of(self.timing["per"], self.day("period.end"))
        self.note("period", period=period.code, end=period.end)
        named = _day_of_later_month(period.end, self.timing["month_offset"], self.timing["day"])
        self.note("later_month", n=self.timing["month_offset"], day=self.timing["day"])
        return self.by_edge(named)

    def back(self) -> DueDates:
        """At least n units before a day; such a term never moves toward the meeting (A-03, A-07)."""
        anchor = self.day(self.timing["anchor"])
        self.note("anchor", anchor=self.timing["anchor"], date=anchor)
        choice = "full"
        if self.anchors.get("off_calendar") and self.rule_id in catalogue()["announce_off_calendar"].rules:
            choice = self.read("announce_off_calendar")
            self.note(f"off_calendar_{choice}")
        if choice == "none":
            return self.dated_by_nothing()
        lenient = self.moved(anchor, -1)
        safe = lenient - ONE_DAY
        mode = self.read("back_mode")
        due = {"same_weekday": lenient, "full_days": safe}[mode]
        self.note(f"back_{mode}", n=self.timing["n"], unit=self.timing["unit"], date=due)
        self.note_days(due, anchor)
        if self.read("nonworking_shift") == "previous":
            due = self.shifted(due, "previous", self.days.previous_working_on_or_before)
        self.note("safe", date=min(safe, due))
        if choice == "reason" and self.anchors.get("short_notice_reason"):
            lenient = anchor
            self.note("late_reason_given", date=lenient)
        else:
            self.note("late_back", date=lenient)
        return self.dated(min(safe, due), due, lenient)

    def forward(self) -> DueDates:
        """Within n units after a day (A-02), the later of two days where the rule says so (A-06)."""
        chosen, earliest, latest = self.forward_anchors()
        choice = self.read("forward_day_zero")
        due = self.moved(chosen, 1) - (ONE_DAY if choice == "previous" else NO_DAY)
        self.note(f"forward_{choice}", n=self.timing["n"], unit=self.timing["unit"], date=due)
        self.note_days(chosen, due)
        return self.settled(self.moved(earliest, 1) - ONE_DAY, due, self.moved(latest, 1))

    def limit(self) -> DueDates:
        """An arithmetic check on one event."""
        rule = limit(self.timing["expr"])
        self.note("limit_rule", limit=rule.text)
        values = {name: self.number(name) for name in rule.names}
        for name, value in values.items():
            self.note("limit_value", quantity=name, n=value)
        left, right = rule.sides(values)
        kept = rule.holds(values)
        self.note("limit_kept" if kept else "limit_broken", left=left, right=right)
        return DueDates(LIMIT, tuple(self.steps), kept=kept)

    def window(self) -> DueDates:
        """A count of events in a period is owed by its last day; without a period the norm has no day at all."""
        if not isinstance(self.anchors.get("period.end"), date):
            return self.without_number()
        period = period_of(self.timing["per"], self.day("period.end"))
        self.note("period", period=period.code, end=period.end)
        last = self.last_day(period)
        self.note("period_ends", date=last)
        return self.dated(last, last, last)

    def last_day(self, period: Period) -> date:
        """The last day of the parts of the period in which the events may lie."""
        inside = self.timing.get("within", ())
        quarters = [q for q in periods("quarter", period.end.year) if period.start <= q.start <= period.end]
        named = [q.end for q in quarters if q.code.rpartition("-")[2] in inside]
        if named:
            return max(named)
        return _day_of_later_month(period.start, 0, 31) if "month_1_of_quarter" in inside else period.end

    def without_number(self) -> DueDates:
        """The act gives no date; a house rule may still set an internal target."""
        self.note("per_period" if self.timing.has_number else "no_number")
        return self.dated_by_nothing(self.house_target())

    # -- what the rules share

    def by_edge(self, named: date) -> DueDates:
        """The last day in time for a day that the act names (A-01, A-02)."""
        edge = self.timing["edge"]
        self.note(f"act_{edge}", date=named)
        before = named - ONE_DAY
        if edge == "not_later":
            return self.settled(named, named, named)
        choice = self.read(f"{edge}_edge")
        due = before if choice == "exclusive" else named
        self.note(f"{edge}_{choice}", date=due)
        return self.settled(before, due, named)

    def settled(self, strict: date, due: date, lenient: date) -> DueDates:
        """The three dates after the readings on days off (A-03): only the lenient one moves by default."""
        shift = self.read("nonworking_shift")
        if shift == "next":
            due = self.shifted(due, "next", self.days.next_working_on_or_after)
        elif shift == "previous":
            due = self.shifted(due, "previous", self.days.previous_working_on_or_before)
        elif not self.days.is_working(due):
            self.note("due_on_day_off", date=due, **self.why(due))
        safe = min(strict, due)
        self.note("safe", date=safe)
        working = self.days.next_working_on_or_after(lenient)
        late = max(due, working)
        if working == lenient or late != working:
            self.note("late", date=late)
        else:
            self.note("late_next_working", before=lenient, date=late, **self.why(lenient))
            self.note_skipped(lenient, late)
        return self.dated(safe, due, late)

    def dated(self, safe: date, due: date, late: date) -> DueDates:
        target = self.target(due)
        return DueDates(NUMBER, tuple(self.steps), safe, due, late, target, readings=MappingProxyType(self.used))

    def dated_by_nothing(self, target: date | None = None) -> DueDates:
        return DueDates(NO_NUMBER, tuple(self.steps), target_on=target, readings=MappingProxyType(self.used))

    def target(self, due: date) -> date:
        """The internal target: the working day on or before the due day."""
        target = self.days.previous_working_on_or_before(due)
        if target == due:
            self.note("target", date=target)
        else:
            self.note("target_previous_working", before=due, date=target, **self.why(due))
            self.note_skipped(due, target)
        return target

    def shifted(self, due: date, way: str, find: Callable[[date], date]) -> date:
        moved = find(due)
        if moved != due:
            self.note(f"shift_{way}", before=due, date=moved, **self.why(due))
            self.note_skipped(due, moved)
        return moved

    def house_target(self) -> date | None:
        house = self.timing.get("house")
        if house is None:
            return None
        if "working_days" in house:
            anchor = self.anchors.get(self.timing["anchor"])
            if not isinstance(anchor, date):
                return None
            count = int(self.read(house["working_days"]))
            target = anchor
            for _ in range(count):
                target = self.days.next_working(target)
            self.note("anchor", anchor=self.timing["anchor"], date=anchor)
            self.note("house_working_days", n=count, unit="working_day", before=anchor, date=target)
            self.note_skipped(anchor, target)
            return target
        end = self.anchors.get("period.end")
        if not isinstance(end, date):
            return None
        period = period_of(self.timing["per"], end)
        self.note("period", period=period.code, end=period.end)
        named = _day_of_later_month(period.end, house["month_offset"], house["day"])
        target = self.days.previous_working_on_or_before(named)
        self.note("house_day", day=named, date=target)
        if target != named:
            self.note("day_off", date=named, **self.why(named))
            self.note_skipped(named, target)
        return target

    def forward_anchors(self) -> tuple[date, date, date]:
        """The day from which the term runs as chosen; the earliest and the latest that some listed reading takes."""
        main, *others = re.findall(r"[a-z_]+\.[a-z_]+", self.timing["anchor"])
        meeting = self.day(main)
        self.note("anchor", anchor=main, date=meeting)
        whole_round = self.anchors.get("round.end_date")
        bases, chosen = [meeting], meeting
        if others and isinstance(whole_round, date):
            bases.append(whole_round)
            series = self.read("series")
            chosen = whole_round if series == "round" else meeting
            self.note(f"series_{series}", date=whole_round)
        if not others:
            return chosen, chosen, chosen
        reception = self.anchors.get(others[0])
        if not isinstance(reception, date):
            self.note(f"no_reception_{self.read('no_reception_anchor')}", date=chosen)
            return chosen, min(bases), max(bases)
        self.note("anchor", anchor=others[0], date=reception)
        starts = [start for base in bases for start in self.starts_with(base, reception)]
        warned, moved = self.starts_with(chosen, reception)
        if warned != moved:
            choice = self.read("late_reception")
            chosen = moved if choice == "move" else warned
            self.note(f"late_reception_{choice}", reception=reception, date=chosen)
        else:
            chosen = moved
            self.note("from_the_later", date=chosen)
        return chosen, min(starts), max(starts)

    def starts_with(self, base: date, reception: date) -> tuple[date, date]:
        """From when the term runs with a reception: under `warn` and under `move`; the same unless it is late."""
        later = max(base, reception)
        return (base if later > self.moved(base, 1) else later), later

    def moved(self, day: date, sign: int) -> date:
        """A day n units later (or earlier): days and weeks exactly, months to the same number or the last day."""
        count, unit = self.timing["n"], self.timing["unit"]
        if unit == "month":
            self.read("month_end")
            return _day_of_later_month(day, sign * count, day.day)
        return day + sign * timedelta(days=count * (7 if unit == "week" else 1))

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

    def read(self, key: str) -> str:
        """The value of a reading for this line, as text; remembered as used."""
        value: Value = self.readings.of(key, self.rule_id)
        self.used[key] = as_text(value)
        return self.used[key]

    # -- steps

    def note_scope(self, named: date) -> None:
        """What a list, a summary or a schedule of this date is about (A-04, A-22)."""
        key = self.timing.get("covers_reading")
        if key is None and self.timing.get("covers") is None:
            return
        choice = "" if key is None else f"_{self.read(key)}"
        scope = covered(self.wording, named, self.readings)
        if scope.open_on is not None:
            self.note(f"covers{choice}", date=scope.open_on)
        elif scope.start is not None:
            self.note(f"covers{choice}", start=scope.start, end=scope.end)

    def note_days(self, start: date, end: date) -> None:
        """How many calendar days a term in weeks or months is."""
        if self.timing["unit"] != "calendar_day":
            self.note("days_counted", start=start, end=end, n=(end - start).days, unit="calendar_day")

    def note_skipped(self, start: date, end: date) -> None:
        """The days off strictly between two days, each with its reason."""
        way = ONE_DAY if end > start else -ONE_DAY
        day = start + way
        while day != end:
            if not self.days.is_working(day):
                self.note("day_off", date=day, **self.why(day))
            day += way

    def why(self, day: date) -> dict[str, str]:
        """Why a day is off, in each language: kept with the step, since the list of days off may change.

        Nothing for a plain Saturday or Sunday, which the date itself tells.
        """
        reasons = {lang: self.days.why_not_working(day, lang) or "" for lang in LANGUAGES}
        if all(reason == weekday_text(day, lang) for lang, reason in reasons.items()):
            return {}
        return {f"why_{lang}": reason for lang, reason in reasons.items()}

    def note(self, key: str, **params: Any) -> None:
        shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
        self.steps.append(Step(key, MappingProxyType(shown)))


def _day_of_later_month(day: date, months: int, number: int) -> date:
    """Day `number` of the month so many months later, or that month's last day (A-02, month_end = clip)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))
