"""What is owed by the raw events of a dump, and where the ledger says otherwise."""

import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checker.coverage import Coverage, counts, serves
from checker.dates import DAY, dates, law_of

REGIONS = ("oblast", "city_rep", "capital")
YEARLY = ("826-2.1.h1", "826-2.1.h2", "826-2.1.h3", "826-2.2.h1")
CORRECTION, TWO_WEEKS, ONE_WEEK, PROGRESS = "826-2.1.f2", "826-3.4.e", "826-3.4.f", "826-3.5.d1"
RESULTS = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")
GOVERNMENT = ("826-5.1.h1", "826-5.2.h1", "826-5.2.h2", "826-5.2.h3", "826-5.2.h4")
LISTS, OF_QUARTERS = "826-5.3.h2", ("12-1.1.h2", "12-1.4.h1")
MEET = "826-1.h1"
LINES = ("826-2.1.a", "826-2.1.b", "826-2.1.c", "826-2.1.d", "826-2.1.e")
INFORMATION = ("12-3.1.h1", "12-3.1.h2", "12-3.3.h1", "12-3.3.h2")
#: Lines whose duties are recounted; every other line of the act has no day of its own.
RECOUNTED = {
    *YEARLY,
    CORRECTION,
    TWO_WEEKS,
    ONE_WEEK,
    PROGRESS,
    *RESULTS,
    *GOVERNMENT,
    LISTS,
    *OF_QUARTERS,
    *INFORMATION,
    *LINES,
    MEET,
}
#: Places of publication that the act names, each by the codes that stand for it, and those that the reading
#: `site_and_egov` makes mandatory (A-16).
NAMED = {"826-3.5.c6": (("site",), ("egov",), ("media", "print", "radio")), "826-3.5.d2": (("site",), ("egov",))}
MANDATORY = (("site",), ("egov",))
FILES = "units organisations readings versions notices submissions meetings targets receptions"
FILES += " publications reports evidence"


class Difference(NamedTuple):
    """`duty` is its key (rule, about, subject, period); `what` is missing, surplus, or the name of a field."""

    duty: tuple
    what: str
    expected: object
    found: object

    def __str__(self):
        rule, about, subject, period = self.duty
        where = f"{rule} of {about} {subject}{f', {period}' if period else ''}"
        return f"{where}: {self.what}: expected {self.expected}, found {self.found}"


class Owed(NamedTuple):
    """One duty as it should be. `facts` gives what it is counted from, as that was known on a day."""

    year: int
    debtor: object
    body: object
    region: object
    facts: object
    done: object = None


def day(value):
    return date.fromisoformat(value) if isinstance(value, str) else None


def quarters(year):
    ends = ((3, 31), (6, 30), (9, 30), (12, 31))
    return [(f"{year}-Q{n}", date(year, 3 * n - 2, 1), date(year, *end)) for n, end in enumerate(ends, 1)]


def quarter_of(on):
    return f"{on.year}-Q{(on.month + 2) // 3}"


def read(folder, name):
    path = Path(folder, f"{name}.jsonl")
    if not path.is_file():
        return None
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def group(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


class Dump:
    """The files of one folder, and the law by which they are judged."""

    def __init__(self, folder, law_folder):
        self.law = law_of(law_folder)
        meta = json.loads(Path(folder, "meta.json").read_text("utf-8"))
        self.today, self.years = day(meta["today"]), meta["years"]
        for name in FILES.split():
            setattr(self, name, read(folder, name) or [])
        self.issues, self.duties = read(folder, "issues"), read(folder, "duties") or []
        self.unit = {row["id"]: row for row in self.units}
        self.version = {row["id"]: row for row in self.versions}
        self.proofs = group(self.evidence, "duty")
        self.held = [(row, day(row["held_on"]) or day(row["date"])) for row in self.meetings if row["state"] == "held"]
        self.coverage = Coverage(law_folder, self.law, self.units)
        self.known = {}
        #: Days on which readings were decided and receptions recorded; of each meeting, the days it has had.
        self.learnt = {day(row["decided_on"]) for row in self.readings}
        self.learnt |= {day(row["recorded_on"]) for row in self.receptions}
        self.moves = {row["id"]: row["dates"] for row in self.meetings}

    def chosen(self, region, year, known_on):
        """Every reading on 1 January of a year, as decided by a day: the region's word, else the nation's."""
        asked = (region, year, known_on)
        if asked not in self.known:
            first, nation, own = date(year, 1, 1), {}, {}
            for row in sorted(self.readings, key=lambda row: row["valid_from"]):
                holds = day(row["valid_from"]) <= first <= (day(row["valid_to"]) or date.max)
                if holds and day(row["decided_on"]) <= known_on and row["region"] in (None, region):
                    (nation if row["region"] is None else own)[row["key"]] = row["value"]
            self.known[asked] = {**self.law.defaults, **nation, **own}
        return self.known[asked]

    def civil(self, moment, region):
        """The civil day of a moment in the zone of a region."""
        zone = ZoneInfo(self.unit[region]["time_zone"])
        return datetime.fromisoformat(moment).astimezone(zone).date() if moment else None

    # -- what is owed

    def owed(self):
        """(rule, about, subject, period) -> Owed, for every line that is recounted here."""
        for year in self.years:
            for found in (
                self.of_regions,
                self.of_lines,
                self.of_each_akim,
                self.of_akims,
                self.of_meetings,
                self.of_bodies,
            ):
                for key, owed in found(year):
                    if self.law.wording(key[0], date(year, 1, 1)):
                        yield key, owed

    def of_regions(self, year):
        first, period = date(year, 1, 1), f"{year}"
        versions, told, sent = defaultdict(list), defaultdict(list), defaultdict(list)
        for row in self.versions:
            if row["year"] == year:
                versions[row["region"]].append(row)
        for row in self.notices:
            region = self.version[row["version"]]["region"]
            told[row["version"]] += [self.civil(row["acknowledged_at"], region)] if row["acknowledged_at"] else []
            told[row["version"]] += (
                [self.civil(row["sent_at"], region)] if row["sent_at"] and not row["bounced_at"] else []
            )
        for row in self.submissions:
            version = self.version[row["version"]]
            if version["year"] == year:
                sent[version["region"]].append(self.civil(row["submitted_at"], version["region"]))
        for unit in self.units:
            if unit["kind"] not in REGIONS or not exists(unit, first, first):
                continue
            region = unit["id"]
            approved = sorted(versions[region], key=lambda row: row["number"])
            on = self.civil(approved[0]["approved_at"], region) if approved else None
            notified = [found for row in approved if row["number"] == 1 for found in told[row["id"]]]
            done = (on, on, min(notified, default=None), min(sent[region], default=None))
            for rule, met in zip(YEARLY, done, strict=True):
                yield (
                    (rule, "calendar", region, period),
                    Owed(year, region, None, region, lambda _: {"year": year}, met),
                )
            for row in approved:
                if row["number"] > 1:
                    facts = {"day": self.civil(row["approved_at"], region)}
                    met = min(told[row["id"]], default=None)
                    yield (
                        (CORRECTION, "version", row["id"], period),
                        Owed(year, region, None, region, lambda _, facts=facts: facts, met),
                    )

    def of_lines(self, year):
        """Each akim owes his line once a period; it is met when the last of his targets was."""
        rows, visits = group(self.targets, "meeting"), defaultdict(list)
        for meeting, on in self.held:
            if meeting["year"] == year:
                for row in rows[meeting["id"]]:
                    visits[row["holder"], row["target"]].append((day(meeting["date"]), on, meeting, row))
        owed = defaultdict(list)
        for rule, code, end, holder, target, need, offsite in self.coverage.pairs(
            year, lambda region: self.chosen(region, year, date.max)
        ):
            region = holder["region"] or holder["id"]
            chosen = self.chosen(region, year, date.max)
            held = sorted(
                on
                for planned, on, meeting, row in visits[holder["id"], target["id"]]
                if code_of(code, planned) and serves(meeting, row, offsite, chosen)
            )
            met = None if len(held) < need else held[0] if need == 1 else held[-1]
            owed[rule, holder["id"], code, region, end].append(met)
        for (rule, holder, code, region, end), met in owed.items():
            last = None if None in met else max(met)
            yield (rule, "akim", holder, code), Owed(year, holder, None, region, lambda _, end=end: {"end": end}, last)

    def of_each_akim(self, year):
        """Each akim meets the population once in the year; the first meeting of his that counts met it."""
        wording = self.law.wording(MEET, date(year, 1, 1))
        if wording is None:
            return
        first = {}
        for meeting, on in self.held:
            if meeting["year"] == year and counts(meeting, self.chosen(meeting["region"], year, date.max)):
                first[meeting["holder"]] = min(on, first.get(meeting["holder"], date.max))
        for unit, code, end in self.coverage.akims(wording, year, lambda region: self.chosen(region, year, date.max)):
            whose = unit["id"], None, unit["region"] or unit["id"]
            yield (
                (MEET, "akim", unit["id"], code),
                Owed(year, *whose, lambda _, end=end: {"end": end}, first.get(unit["id"])),
            )

    def of_akims(self, year):
        """The quarterly information, from the first issue of an akim on until every one was shown solved (A-15)."""
        region_of = {row["holder"]: row["region"] for row, _ in self.held}
        issues = self.issues
        if issues is None:
            issues = [
                {"akim": row["holder"], "meeting_on": str(on), "list_on": None, "closed_in": None}
                for row, on in self.held
            ]
        by_akim, reports = group(issues, "akim"), group(self.reports, "akim")
        met_people = defaultdict(lambda: date.max)
        for row, on in self.held:
            met_people[row["holder"]] = min(met_people[row["holder"]], on)
        for akim in by_akim.keys() | met_people.keys():
            region = region_of.get(akim) or self.unit[akim]["region"] or akim
            chosen = self.chosen(region, year, date.max)
            starts = "list_on" if issues is self.issues and chosen["first_quarter"] == "of_list" else "meeting_on"
            spans = [(quarter_of(day(row[starts])), row["closed_in"]) for row in by_akim[akim] if row[starts]]
            for code, start, end in quarters(year):
                due = any(first <= code and (last is None or code <= last) for first, last in spans)
                nil = chosen["nil_report"] == "required" and met_people[akim] <= end
                if start <= self.today and (due or nil):
                    rows = [row for row in reports[akim] if row["quarter"] == code]
                    facts = {"end": end}
                    met = self.published(rows, "826-3.5.d2", chosen)
                    yield (
                        (PROGRESS, "akim", akim, code),
                        Owed(year, akim, None, region, lambda _, facts=facts: facts, met),
                    )

    def of_meetings(self, year):
        receptions, published = group(self.receptions, "meeting"), group(self.publications, "meeting")
        for row in self.meetings:
            if row["year"] != year or row["state"] not in ("planned", "held"):
                continue
            holder, region = row["holder"], row["region"]
            week = self.law.wording(ONE_WEEK, date(year, 1, 1))
            short = week is not None and self.unit[holder]["kind"] in week["bound"]["akims"]
            rule = ONE_WEEK if short else TWO_WEEKS

            def before(known_on, row=row):
                reason = row["off_calendar"] and row["short_notice_reason"]
                return {"day": date_of(row, known_on), "off_calendar": row["off_calendar"], "reason": reason}

            def after(known_on, row=row):
                took_place = [day(r["ended_on"]) for r in receptions[row["id"]] if day(r["recorded_on"]) <= known_on]
                ended = day(row["held_on"]) or date_of(row, known_on)
                return {"day": ended, "reception": max(took_place, default=None), "round": day(row["round_end"])}

            told = day(row["announced_on"])
            yield (rule, "meeting", row["id"], ""), Owed(year, holder, None, region, before, told)
            chosen = self.chosen(region, year, date.max)
            for rule in RESULTS:
                rows = [found for found in published[row["id"]] if rule in found["rules"]]
                met = self.published(rows, "826-3.5.c6", chosen)
                yield (rule, "meeting", row["id"], ""), Owed(year, holder, None, region, after, met)

    def of_bodies(self, year):
        first, last = date(year, 1, 1), date(year, 12, 31)
        for body in self.organisations:
            if not exists(body, last, first):
                continue
            yearly = GOVERNMENT if body["kind"] == "government" else INFORMATION if body["information"] else ()
            for rule in yearly:
                yield (
                    (rule, "body", body["id"], f"{year}"),
                    Owed(year, None, body["id"], None, lambda _: {"year": year}),
                )
            listed = (LISTS,) if body["kind"] in ("ministry", "holding", "company") else ()
            for code, start, end in quarters(year):
                for rule in (*listed, *(OF_QUARTERS if body["under_12"] else ())):
                    if start <= self.today:
                        facts = {"end": end}
                        yield (
                            (rule, "body", body["id"], code),
                            Owed(year, None, body["id"], None, lambda _, facts=facts: facts),
                        )

    def published(self, rows, line, chosen):
        """The day on which the last mandatory place was reached; None while one is missing (A-16)."""
        reading = chosen.get(f"mandatory_places:{line}", chosen["mandatory_places"])
        found = {}
        for row in rows:
            if not row["withdrawn"]:
                for place, on in row["places"].items():
                    found[place] = min(day(on), found.get(place, date.max))
        if reading == "any":
            return min(found.values(), default=None)
        wanted = NAMED[line] if reading == "all_listed" else MANDATORY
        reached = [min((found[code] for code in codes if code in found), default=None) for codes in wanted]
        return None if None in reached else max(reached)

    # -- the comparison

    def differences(self):
        ledger, seen = {}, set()
        for row in self.duties:
            key = (row["rule"], row["about"], row["subject"], row["period"])
            if key in ledger:
                yield Difference(key, "twice", "one duty", row["id"])
            ledger[key] = row
        for key, owed in self.owed():
            seen.add(key)
            row = ledger.get(key)
            if row is None or row["cancelled"]:
                yield Difference(key, "missing", f"a duty of {owed.debtor or owed.body}", row and "cancelled")
            else:
                yield from self.compared(key, owed, row)
        for key, row in ledger.items():
            if key in seen or row["cancelled"] or (row["met_on"] and row["trace"] == "fact_gone"):
                continue
            if key[0] in RECOUNTED or key[0] not in self.law.lines:
                yield Difference(key, "surplus", None, row["id"])
            elif row["due_on"] or row["late_after"]:
                yield Difference(key, "due_on", "no day: the act gives none", row["due_on"])
            elif row["state"] != (undated := "met" if row["met_on"] else "no_number"):
                yield Difference(key, "state", undated, row["state"])

    def compared(self, key, owed, row):
        wording = self.law.wording(key[0], date(owed.year, 1, 1))
        whose = {"edition": wording["edition"], "year": owed.year}
        whose |= {"debtor": owed.debtor, "body": owed.body, "region": owed.region}
        yield from (Difference(key, name, value, row[name]) for name, value in whose.items() if row[name] != value)
        found = tuple(day(row[name]) for name in ("safe_on", "due_on", "late_after", "target_on"))
        allowed = [self.dates(key[0], wording, owed, known_on) for known_on in self.known_on(row)]
        expected = allowed[-1]
        if found not in allowed:
            names = zip(("safe_on", "due_on", "late_after", "target_on"), expected, found, strict=True)
            yield from (Difference(key, name, one, other) for name, one, other in names if one != other)
        met = day(row["met_on"])
        by_hand = [day(proof["done_on"]) for proof in self.proofs[row["id"]] if not proof["withdrawn_on"]]
        possible = [("fact", owed.done)] if owed.done else []
        possible += [("hand", min(by_hand))] if by_hand else []
        if (row["met_by"], met) not in (possible or [("", None)]):
            best = possible[0] if possible else ("", None)
            yield Difference(key, "met_on", f"{best[1]} {best[0]}".strip(), f"{met} {row['met_by']}".strip())
        state = state_of(expected if found not in allowed else found, met, self.today)
        if row["state"] != state:
            yield Difference(key, "state", state, row["state"])

    def known_on(self, row):
        """Days whose knowledge a duty may rest on: all of the dump for an open one, the day of its note for a met one.

        What was learnt on that same day may have come before or after it. Of a duty whose proof was
        changed afterwards only the last note is kept: any earlier knowledge may be the one.
        """
        noted = day(row["noted_on"])
        if not row["met_on"] or noted is None:
            return [date.max]
        if row["trace"] == "changed":
            learnt = self.learnt | {day(on) for on, _ in self.moves.get(row["subject"], ())}
            return sorted({on for on in learnt if on <= noted} | {noted})
        return [noted - DAY, noted]

    def dates(self, rule, wording, owed, known_on):
        facts = owed.facts(known_on)
        key = (rule, owed.year, owed.region, known_on, tuple(sorted(facts.items(), key=str)))
        if key not in self.known:
            chosen = self.chosen(owed.region, owed.year, known_on)
            self.known[key] = dates(self.law, rule, wording["timing"], facts, chosen)
        return self.known[key]


def code_of(code, on):
    """True if a day lies in the period of a code ("2027", "2027-H1")."""
    return code in (f"{on.year}", f"{on.year}-H{(on.month + 5) // 6}", quarter_of(on))


def exists(row, by, since):
    """True if something begins no later than one day and has not ended before another."""
    return (day(row["valid_from"]) or date.min) <= by and (day(row["valid_to"]) or date.max) >= since


def date_of(meeting, known_on):
    """The day of a meeting as it stood on a day."""
    earlier = [on for recorded, on in meeting["dates"] if day(recorded) <= known_on]
    later = [on for recorded, on in meeting["dates"] if day(recorded) > known_on]
    if not later:
        return day(meeting["date"])
    return day(earlier[-1] if earlier else later[0])


def state_of(dates_, met, today):
    _safe, due, late, _target = dates_
    if due is None:
        return "met" if met else "no_number"
    if met:
        return "met" if met <= due else "met_contested" if met <= late else "breach"
    return "open" if today <= due else "contested" if today <= late else "breach"


def differences(folder, law_folder):
    """Every difference between the ledger of a dump and what its events ask for."""
    return list(Dump(folder, law_folder).differences())
