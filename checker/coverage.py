"""Lines a to e of 826 para 2(1): whom each akim must meet in a period, and when the last of them was met."""

import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path

LENGTH = {"year": 12, "half_year": 6, "quarter": 3}
CODE = {"year": "", "half_year": "-H", "quarter": "-Q"}


def periods(per, year):
    """(code, first day, last day) of the periods of a year."""
    months = LENGTH[per]
    for number, first in enumerate(range(1, 13, months), 1):
        after = date(year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
        code = f"{year}{CODE[per]}{number if CODE[per] else ''}"
        yield code, date(year, first, 1), date.fromordinal(after.toordinal() - 1)


class Coverage:
    """The rows of `coverage.toml` over the units of one dump."""

    def __init__(self, law_folder, law, units):
        self.rows = tomllib.loads(Path(law_folder, "coverage.toml").read_text("utf-8"))["norm"]
        self.law, self.units = law, units
        self.unit = {unit["id"]: unit for unit in units}
        self.below = defaultdict(list)
        for unit in units:
            self.below[unit["parent"]].append(unit)

    def pairs(self, year, chosen_of):
        """Every pair of a year: rule, period, its end, holder, target, need, offsite; `chosen_of` gives readings."""
        for row in self.rows:
            wording = self.law.wording(row["rule"], date(year, 1, 1))
            if wording is None:
                continue
            timing = wording["timing"]
            for holder in self.units:
                if holder["kind"] not in row["holder"] or not holder["own_akim"] or holder["excluded"]:
                    continue
                chosen = chosen_of(holder["region"] or holder["id"])
                if any(chosen[key] not in map(text, values) for key, values in row.get("when", {}).items()):
                    continue
                for target in self.targets(row, holder):
                    for code, start, end in periods(timing["per"], year):
                        if self.displaced(row, holder, start, end, timing["min"], chosen):
                            continue
                        need = share(timing["min"], start, end, chosen["partial_unit"], holder, target)
                        if need and not target["excluded"]:
                            yield row["rule"], code, end, holder, target, need, timing.get("offsite", False)

    def akims(self, wording, year, chosen_of):
        """Whoever has an akim of the bound kinds for as much of a year as A-08 asks: one meeting, wherever held."""
        timing, bound = wording["timing"], wording["bound"]["akims"]
        for unit in self.units:
            if not unit["own_akim"] or unit["excluded"] or (bound != "all" and unit["kind"] not in bound):
                continue
            partial = chosen_of(unit["region"] or unit["id"])["partial_unit"]
            for code, start, end in periods(timing["per"], year):
                if share(timing["min"], start, end, partial, unit):
                    yield unit, code, end

    def targets(self, row, holder):
        if row["relation"] == "own":
            near = [holder]
        elif row["relation"] == "child":
            near = self.below[holder["id"]]
        else:
            between = [unit for unit in self.below[holder["id"]] if unit["kind"] in row["via"]]
            near = [unit for one in between for unit in self.below[one["id"]]]
        return [u for u in near if u["kind"] in row["target"] and row.get("target_own_akim") in (None, u["own_akim"])]

    def displaced(self, row, holder, start, end, least, chosen):
        """True where the holder has another part that takes the target's place (`unless_siblings`)."""
        return any(
            unit["kind"] in row.get("unless_siblings", ())
            and not unit["excluded"]
            and share(least, start, end, chosen["partial_unit"], unit)
            for unit in self.below[holder["id"]]
        )


def share(least, start, end, partial, *units):
    """How many meetings a period asks of units that existed together for some of its days (A-08)."""
    first = max([start, *(date.fromisoformat(u["valid_from"]) for u in units if u["valid_from"])])
    last = min([end, *(date.fromisoformat(u["valid_to"]) for u in units if u["valid_to"])])
    days, whole = max(0, (last - first).days + 1), (end - start).days + 1
    if days == whole or (days and partial == "required"):
        return least
    return (2 * least * days + whole) // (2 * whole) if partial == "pro_rata" else 0


def serves(meeting, target, offsite, chosen):
    """True if a held meeting closes its confirmed row `target` (A-09, A-12, A-13)."""
    if not counts(meeting, chosen):
        return False
    if chosen["joint"] == "lead_only" and target["holder"] != meeting["holder"]:
        return False
    if chosen["multi_target"] == "place_only" and not target["at_place"]:
        return False
    return not (offsite and meeting["video_only"] and chosen["video_counts"] == "false")


def counts(meeting, chosen):
    """True unless the meeting was outside the calendar and the reading does not count such a one (A-13)."""
    choice = chosen["off_calendar_counts"]
    if meeting["off_calendar"]:
        return choice == "always" or (choice == "after_correction" and meeting["in_version"])
    return True


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
