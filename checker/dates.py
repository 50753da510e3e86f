"""The four dates of a duty, by the text of the law as data; written apart from the program's own arithmetic.

`due` is counted under the chosen readings. `safe` and `late` are not counted by formulas of their own: every
listed reading of the words is tried, and the earliest and the latest of the days that come out are taken.
"""

import tomllib
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path

DAY = timedelta(days=1)
#: Readings that move a day by the sense of its words, by the kind of term. (A-04 `r51_year` decides which calendars are
#: meant.)
OF_WORDS = {"BACK": ("back_mode",), "FWD": ("forward_day_zero", "late_reception", "series")}
OF_EDGES = ("until_edge", "by_edge")


class Law:
    """The files of the law, read as they are."""

    def __init__(self, folder):
        self.lines, self.editions, self.last_day, self.acts = {}, {}, {}, {}
        for path in sorted(Path(folder, "acts").glob("*.toml")):
            act = tomllib.loads(path.read_text("utf-8"))
            code = act["act"]["code"]
            self.last_day[code] = act["act"].get("until", date.max)
            self.editions.update({(code, e["code"]): e["in_force"] for e in act["edition"]})
            for rule in act["rule"]:
                self.lines[rule["id"]] = rule["wording"]
                self.acts[rule["id"]] = code
        rows = tomllib.loads(Path(folder, "readings.toml").read_text("utf-8"))["reading"]
        self.defaults = {row["key"]: text(row["default"]) for row in rows}
        self.values = {row["key"]: [text(v["code"]) for v in row.get("value", ())] for row in rows}
        self.off, self.worked = set(), set()
        for path in Path(folder, "days").glob("*.toml"):
            year = tomllib.loads(path.read_text("utf-8"))
            self.off |= {day for row in year["holiday"] for day in row["days"]}
            self.off |= {row["day"] for row in year.get("day_off", ())}
            self.off |= {row["off"] for row in year.get("moved", ())}
            self.worked |= {row["worked"] for row in year.get("moved", ())}

    def wording(self, line, day):
        """The wording in force on a day, or None: before the act, after it, or where its text is missing."""
        code, found = self.acts[line], None
        for row in self.lines[line]:
            if self.editions[code, row["edition"]] <= day <= self.last_day[code]:
                found = row
        return None if found is None or found.get("missing") else found

    def working(self, day):
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def walk(self, day, step):
        while not self.working(day):
            day += step
        return day


@cache
def law_of(folder):
    """The law of a folder; its files are read once."""
    return Law(folder)


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def later(day, months, number):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(number, monthrange(year, month)[1]))


def move(day, timing, sign):
    if timing["unit"] == "month":
        return later(day, sign * timing["n"], day.day)
    return day + sign * timing["n"] * (7 if timing["unit"] == "week" else 1) * DAY


def plain(timing, facts, read):
    """The last day in time under one set of readings, days off not looked at."""
    rule, edge = timing["rule"], timing.get("edge")
    if rule == "BACK":
        return move(facts["day"], timing, -1) - (read["back_mode"] == "full_days") * DAY
    if rule == "FWD":
        start = facts["round"] if read["series"] == "round" and facts.get("round") else facts["day"]
        reception = facts.get("reception")
        if (
            reception
            and reception > start
            and (read["late_reception"] == "move" or reception <= move(start, timing, 1))
        ):
            start = reception
        return move(start, timing, 1) - (read["forward_day_zero"] == "previous") * DAY
    if rule == "PERIODIC":
        named = later(facts["end"], timing["month_offset"], timing["day"])
    else:
        year = facts["year"] + (read.get(timing.get("year_reading", "")) == "next")
        named = date(year, *map(int, timing["md"].split("-")))
    return named - (read.get(f"{edge}_edge") == "exclusive") * DAY


def dates(law, line, timing, facts, chosen):
    """(safe, due, late, target) of a line; `chosen` gives the value of every reading. None for what is not dated."""
    read = {key: chosen.get(f"{key}:{line}", value) for key, value in chosen.items() if ":" not in key}
    house = timing.get("house", {})
    if "working_days" in house:
        day = facts["day"]
        for _ in range(int(read[house["working_days"]])):
            day = law.walk(day + DAY, DAY)
        return None, None, None, day
    if "day" in house:
        return None, None, None, law.walk(later(facts["end"], house["month_offset"], house["day"]), -DAY)
    if timing["rule"] in ("WINDOW", "COVER"):
        return facts["end"], facts["end"], facts["end"], law.walk(facts["end"], -DAY)
    off_calendar = facts.get("off_calendar") and read["announce_off_calendar"]
    if timing["rule"] not in ("FIXED", "WITH", "PERIODIC", "BACK", "FWD") or off_calendar == "none":
        return None, None, None, None
    words = OF_WORDS.get(timing["rule"], OF_EDGES)
    every = [dict(zip(words, values, strict=True)) for values in product(*(law.values[key] for key in words))]
    possible = [plain(timing, facts, read | one) for one in every]
    due = plain(timing, facts, read)
    back = timing["rule"] == "BACK"
    if read["nonworking_shift"] == "previous" or (read["nonworking_shift"] == "next" and not back):
        due = law.walk(due, DAY if read["nonworking_shift"] == "next" else -DAY)
    late = max(possible) if back else max(due, law.walk(max(possible), DAY))
    if off_calendar == "reason" and facts.get("reason"):
        late = facts["day"]
    return min(min(possible), due), due, late, law.walk(due, -DAY)
