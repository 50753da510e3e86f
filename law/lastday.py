"""The last lawful day of each step of one meeting, before it and after it: for a meeting that exists or a question.

Pure: the kind of the akim's unit, the days and the readings are arguments. A step to which the act gives no number has
no last day after the meeting; before it, it must be done when the meeting begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from law.deadlines import Anchors, Days, DueDates, dates, named_day, term_before
from law.readings import Readings
from law.register import NoRuleInForce, Wording, rule
from law.scope import covered, first_report

BEFORE, AFTER = "before", "after"
LAW, READING, HOUSE = "law", "reading", "house"
#: Announcement by the level of the akim who holds the meeting.
ANNOUNCE = ("826-3.4.e", "826-3.4.f")
#: What must be there when the meeting begins; no number of days in the act.
PREPARE = ("826-3.4.a1", "826-3.4.a2", "826-3.4.b1", "826-3.4.b2", "826-3.4.a3", "826-3.4.c")
RECEPTION, PUBLISH = "826-3.5.a1", ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")
ARRANGE = ("826-3.5.b1", "826-3.5.b2")
PROGRESS = "826-3.5.d1"
#: The Government gathers the issues that need a central solution twice a year.
CENTRAL = ("826-5.2.h1", "826-5.2.h3")


@dataclass(frozen=True)
class Step:
    """One step: the line that asks for it, on which side of the meeting, its dates if the act gives any.

    `last` is the last day by the chosen reading (None: the act gives no number); `mark` says whose rule it is;
    `anchors` are what the dates were counted from.
    """

    wording: Wording
    side: str
    mark: str
    last: date | None
    due: DueDates
    anchors: Anchors = field(default_factory=dict)


def steps(
    holder_kind: str,
    meeting_on: date,
    readings: Readings,
    days: Days,
    *,
    reception_on: date | None = None,
    off_calendar: bool = False,
) -> list[Step]:
    """Every step of one meeting, those before it first, each group by its last day; raises YearMissing.

    A line that was not in force on the day of the meeting, or whose text is not held, is left out.
    """
    found = [
        *_before(holder_kind, meeting_on, readings, days, off_calendar=off_calendar),
        *_after(meeting_on, readings, days, reception_on),
    ]
    return sorted(found, key=lambda step: (step.side == AFTER, step.last is None, step.last or date.max))


def earliest_meeting(holder_kind: str, announced_on: date, readings: Readings) -> date | None:
    """The first lawful day of a meeting that is announced on a day; None where no announcement is asked for."""
    line = announcement(holder_kind, announced_on)
    return announced_on + timedelta(days=term_before(line, readings)) if line else None


def announcement(holder_kind: str, on: date) -> Wording | None:
    """The line by which the akim of such a unit announces a meeting of a day; None where none asks for it."""
    return next(
        (line for rule_id in ANNOUNCE if (line := _held(rule_id, on)) and holder_kind in line.bound.akims), None
    )


def _held(rule_id: str, on: date) -> Wording | None:
    try:
        return rule(rule_id, on)
    except NoRuleInForce:
        return None


def _before(
    holder_kind: str, meeting_on: date, readings: Readings, days: Days, *, off_calendar: bool
) -> Iterator[Step]:
    line = announcement(holder_kind, meeting_on)
    if line is not None:
        anchors: dict[str, date | int] = {"meeting.date": meeting_on}
        if off_calendar:
            anchors["off_calendar"] = 1
        yield _counted(line, BEFORE, anchors, readings, days)
    for rule_id in PREPARE:
        line = _held(rule_id, meeting_on)
        if line is not None:
            yield Step(line, BEFORE, LAW, meeting_on, dates(line, {}, readings, days))


def _after(meeting_on: date, readings: Readings, days: Days, reception_on: date | None) -> Iterator[Step]:
    anchors: dict[str, date | int] = {"meeting.end_date": meeting_on}
    if reception_on is not None:
        anchors["reception.end_date"] = reception_on
    published = [line for rule_id in PUBLISH if (line := _held(rule_id, meeting_on))]
    reception = _held(RECEPTION, meeting_on)
    if reception is not None:
        # Later than that the reception no longer starts the ten days of the publication.
        last = meeting_on + timedelta(days=published[0].timing["n"]) if published else None
        yield Step(reception, AFTER, READING if last else LAW, last, dates(reception, {}, readings, days))
    for line in published:
        yield _counted(line, AFTER, anchors, readings, days)
    for rule_id in ARRANGE:
        line = _held(rule_id, meeting_on)
        if line is not None:
            yield Step(line, AFTER, LAW, None, dates(line, {}, readings, days))
    progress = _held(PROGRESS, meeting_on)
    list_on = next((step.due_on for line in published if (step := dates(line, anchors, readings, days)).due_on), None)
    quarter = first_report(meeting_on, list_on, readings) if progress else None
    if progress is not None and quarter is not None:
        yield _counted(progress, AFTER, {"period.end": quarter.end}, readings, days)
    yield from _central(meeting_on, readings, days)


def _central(meeting_on: date, readings: Readings, days: Days) -> Iterator[Step]:
    """The first gathering of central issues that can hold an issue of this meeting."""
    found = []
    for rule_id in CENTRAL:
        line = _held(rule_id, meeting_on)
        if line is None:
            continue
        for year in (meeting_on.year, meeting_on.year + 1):
            named = named_day(line, year)
            if named > meeting_on and covered(line, named, readings).holds(meeting_on):
                found.append((named, year, line))
    if found:
        _named, year, line = min(found, key=lambda item: item[:2])
        yield _counted(line, AFTER, {"year": year}, readings, days)


def _counted(line: Wording, side: str, anchors: Anchors, readings: Readings, days: Days) -> Step:
    due = dates(line, anchors, readings, days)
    # Where another listed reading gives another day, the day shown is a choice and not the bare word of the act.
    mark = READING if due.safe_on != due.due_on or line.timing.get("edge") == "until" else LAW
    return Step(line, side, mark, due.due_on, due, anchors)
