"""Counts a derivation again from its steps alone: no act, no list of days off and no reading is looked at.

A derivation that tells its reader less than he needs to come to the same dates fails here.
"""

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)
WAYS = {"until": {"exclusive": -1, "inclusive": 0}, "by": {"exclusive": -1, "inclusive": 0}}


class Wrong(AssertionError):
    """A step says something that the steps before it do not give."""


def replay(steps):
    """(safe_on, due_on, late_after, target_on) by the steps; raises Wrong where a step does not follow."""
    told = [(step.key, {k: _value(v) for k, v in step.params.items()}) for step in steps]
    return _Replay(told).run()


def _value(value):
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def months_later(day, months, number):
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(number, monthrange(year, month)[1]))


class _Replay:
    def __init__(self, told):
        self.told = told
        self.anchors = {}
        self.due = self.strict = self.lenient = self.target = None
        self.named = self.base = None
        self.number = self.month_day = self.offset = self.whole_round = None
        self.series, self.off_calendar = "each", None

    def same(self, found, said, key):
        if found != said:
            raise Wrong(f"{key}: the steps before give {found}, it says {said}.")

    def run(self):
        if self.told[0][0] != "paragraph":
            raise Wrong("The paragraph stands first.")
        for place, (key, said) in enumerate(self.told):
            rest = self.told[place + 1 :]
            getattr(self, f"do_{key}", self.others)(said, rest, key)
        return self.safe, self.due, self.late, self.target

    safe = late = None

    def others(self, said, rest, key):
        if key.startswith("covers") or key in ("paragraph", "no_number", "per_period", "day_off", "late_reason_given"):
            if key == "late_reason_given":
                self.same(self.base, said["date"], key)
                self.late = said["date"]
            return
        raise Wrong(f"A reader cannot follow the step {key!r}.")

    # -- a named day

    def do_year(self, said, rest, key):
        self.base = said["year"]

    def do_r51_year_same(self, said, rest, key):
        self.same(self.base, said["year"], key)

    def do_r51_year_next(self, said, rest, key):
        self.same(self.base, said["year"], key)
        self.base += 1

    def do_period(self, said, rest, key):
        self.base = said["end"]

    def do_period_ends(self, said, rest, key):
        if said["date"] > self.base:
            raise Wrong(f"{key}: {said['date']} lies after the period.")
        self.safe = self.due = self.late = said["date"]

    def do_later_month(self, said, rest, key):
        self.named = months_later(self.base, said["n"], said["day"])

    def act(self, said, rest, key):
        if isinstance(self.base, int):
            self.same(self.base, said["date"].year, key)
        else:
            self.same(self.named, said["date"], key)
        self.named = self.due = self.lenient = said["date"]
        self.strict = self.named if key == "act_not_later" else self.named - DAY

    do_act_until = do_act_by = do_act_not_later = act

    def edge(self, said, rest, key):
        word, way = key.split("_")
        self.due = self.named + WAYS[word][way] * DAY
        self.same(self.due, said["date"], key)

    do_until_exclusive = do_until_inclusive = do_by_inclusive = do_by_exclusive = edge

    # -- a term

    def do_anchor(self, said, rest, key):
        self.anchors[said["anchor"]] = self.base = said["date"]

    def do_series_each(self, said, rest, key):
        self.whole_round = said["date"]

    def do_series_round(self, said, rest, key):
        self.whole_round, self.series = said["date"], "round"

    def start(self):
        return self.whole_round if self.series == "round" else self.anchors["meeting.end_date"]

    def do_no_reception_meeting_end(self, said, rest, key):
        self.base = self.start()
        self.same(self.base, said["date"], key)

    def do_from_the_later(self, said, rest, key):
        self.base = max(self.start(), self.anchors["reception.end_date"])
        self.same(self.base, said["date"], key)

    def do_late_reception_warn(self, said, rest, key):
        self.base = self.start()
        self.same(self.base, said["date"], key)

    def do_late_reception_move(self, said, rest, key):
        self.base = said["reception"]
        self.same(self.base, said["date"], key)

    def later(self, day, said, sign=1):
        if said["unit"] == "month":
            return months_later(day, sign * said["n"], day.day)
        return day + sign * timedelta(days=said["n"] * (7 if said["unit"] == "week" else 1))

    def forward(self, said, rest, key):
        self.due = self.later(self.base, said) - (DAY if key == "forward_previous" else 0 * DAY)
        self.same(self.due, said["date"], key)
        bases = [self.base]
        if "meeting.end_date" in self.anchors and ("reception.end_date" in self.anchors or self.whole_round):
            bases = [day for day in (self.anchors["meeting.end_date"], self.whole_round) if day]
            reception = self.anchors.get("reception.end_date")
            if reception:
                after = [max(base, reception) for base in bases]
                kept = [base for base in bases if max(base, reception) > self.later(base, said)]
                in_time = [max(base, reception) for base in bases if max(base, reception) <= self.later(base, said)]
                bases = after + kept + in_time
        self.strict = self.later(min(bases), said) - DAY
        self.lenient = self.later(max(bases), said)

    do_forward_event = do_forward_previous = forward

    def back(self, said, rest, key):
        self.lenient = self.later(self.base, said, -1)
        self.strict = self.lenient - DAY
        self.due = self.strict if key == "back_full_days" else self.lenient
        self.same(self.due, said["date"], key)

    do_back_same_weekday = do_back_full_days = back

    def do_days_counted(self, said, rest, key):
        self.same((said["end"] - said["start"]).days, said["n"], key)
        self.same({self.base, self.due}, {said["start"], said["end"]}, key)

    def nothing(self, said, rest, key):
        pass

    do_off_calendar_full = do_off_calendar_reason = do_off_calendar_none = nothing

    # -- days off

    def do_due_on_day_off(self, said, rest, key):
        self.same(self.due, said["date"], key)

    def reached(self, said, rest):
        """The day reached over the day off that is named and those that the next steps name."""
        way = DAY if said["date"] > said["before"] else -DAY
        day = said["before"] + way
        for key, more in rest:
            if key != "day_off" or more["date"] != day:
                break
            day += way
        return day

    def shift(self, said, rest, key):
        self.same(self.due, said["before"], key)
        self.due = self.reached(said, rest)
        self.same(self.due, said["date"], key)

    do_shift_next = do_shift_previous = shift

    def do_safe(self, said, rest, key):
        self.safe = min(self.strict, self.due)
        self.same(self.safe, said["date"], key)

    def do_late(self, said, rest, key):
        self.late = max(self.lenient, self.due)
        self.same(self.late, said["date"], key)

    def do_late_back(self, said, rest, key):
        self.late = self.lenient
        self.same(self.late, said["date"], key)

    def do_late_next_working(self, said, rest, key):
        self.same(self.lenient, said["before"], key)
        self.late = self.reached(said, rest)
        self.same(self.late, said["date"], key)

    def do_target(self, said, rest, key):
        self.same(self.due, said["date"], key)
        self.target = self.due

    def do_target_previous_working(self, said, rest, key):
        self.same(self.due, said["before"], key)
        self.target = self.reached(said, rest)
        self.same(self.target, said["date"], key)

    # -- house rules

    def do_house_working_days(self, said, rest, key):
        self.same(self.base, said["before"], key)
        off = {more["date"] for key_, more in rest if key_ == "day_off"}
        day, left = said["before"], said["n"]
        while left:
            day += DAY
            left -= day not in off
        self.same(day, said["date"], key)
        self.target = day

    def do_house_day(self, said, rest, key):
        day = said["day"]
        for key_, more in rest:
            if key_ == "day_off" and more["date"] == day:
                day -= DAY
        self.same(day, said["date"], key)
        self.target = day
