"""A year of two regions as raw events, and the ledger that belongs to it by the program's own arithmetic."""

import json
import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from checker.ledger import Dump
from law import register, workdays
from law.deadlines import dates, standing
from law.readings import Readings

LAW = register.ACTS_FOLDER.parent
TODAY = date(2027, 9, 6)
DAY = timedelta(days=1)
#: id, kind, parent, own akim, whom its akim visits.
WHO = (
    (1, "oblast", None, True, (2, 3)),
    (2, "raion", 1, True, (4, 5)),
    (3, "city_oblast", 1, True, (8,)),
    (4, "okrug", 2, True, (6, 7)),
    (5, "village", 2, True, (5,)),
    (6, "village", 4, False, ()),
    (7, "village", 4, False, ()),
    (8, "settlement", 3, True, (8,)),
    (101, "city_rep", None, True, (102, 103)),
    (102, "raion_in_city", 101, True, (102,)),
    (103, "raion_in_city", 101, True, (103,)),
    # The edition of the classifier of 15 April: an okrug gave way to a village with an akim of its own. And one
    # village that nobody has to visit.
    (9, "okrug", 2, True, (10,)),
    (10, "village", 9, False, ()),
    (11, "village", 2, True, (11,)),
    (12, "village", 4, False, ()),
)
GONE, CAME, EXCLUDED = (9, 10), 11, 12
EDITION = date(2027, 4, 15)
VISITS = {pk: visits for pk, _kind, _parent, _own, visits in WHO if visits}
ANCHORS = {
    "BACK": ("meeting.date",),
    "FWD": ("meeting.end_date",),
    "AFTER": ("calendar.corrected_at",),
}


def events(seed):
    """Every file of a dump but the duties, as lists of rows by the name of the file."""
    rng = random.Random(seed)
    world = {
        name: [] for name in ("versions", "notices", "submissions", "meetings", "receptions", "publications", "targets")
    }
    world["units"] = [
        {
            "id": pk,
            "kind": kind,
            "parent": parent,
            "region": (101 if pk > 100 else 1) if parent else None,
            "own_akim": own,
            "excluded": pk == EXCLUDED,
            "valid_from": str(EDITION) if pk == CAME else None,
            "valid_to": str(EDITION - DAY) if pk in GONE else None,
            "time_zone": "Asia/Aqtobe" if pk > 100 else "Asia/Almaty",
        }
        for pk, kind, parent, own, _visits in WHO
    ]
    world["organisations"] = [
        {"id": 900 + n, "kind": kind, "key": key, "under_12": twelve, "information": key == "info", **open_ended()}
        for n, (kind, key, twelve) in enumerate(
            (
                ("government", "gov", False),
                ("ministry", "health", True),
                ("ministry", "defence", False),
                ("ministry", "info", True),
                ("company", "rail", False),
            )
        )
    ]
    world["readings"] = [
        reading("back_mode", "full_days", 101, "2027-01-01", "2026-12-20"),
        reading("nonworking_shift:826-2.2.h1", "previous", None, "2027-01-01", "2026-12-20"),
        reading("until_edge", "inclusive", 1, "2027-01-01", "2027-07-01"),  # long after calendars were approved
        reading("forward_day_zero", "previous", None, "2028-01-01", "2027-08-01"),  # not of this year
    ]
    for region in (1, 101):
        calendar_of(world, rng, region)
    akims = list(VISITS)
    for pk in range(1, 81):
        meeting(world, rng, pk, rng.choice(akims))
    world["issues"] = issues(world, rng)
    world["reports"] = reports(world, rng)
    return world


def open_ended():
    return {"valid_from": None, "valid_to": None}


def reading(key, value, region, valid_from, decided_on):
    row = {"key": key, "value": value, "region": region, "valid_from": valid_from}
    return row | {"valid_to": None, "decided_on": decided_on}


def moment(day, hour=6):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC).isoformat()


def some(rng, first, last):
    return first + DAY * rng.randint(0, (last - first).days)


def calendar_of(world, rng, region):
    for number in range(1, rng.randint(2, 4)):
        approved = some(rng, date(2027, 1, 5), date(2027, 1, 17)) + DAY * 60 * (number - 1)
        pk = region * 10 + number
        world["versions"].append(
            {"id": pk, "region": region, "year": 2027, "number": number, "approved_at": moment(approved, 20)}
        )
        for n, (sent, bounced) in enumerate(((approved, True), (approved + 2 * DAY, False))):
            world["notices"].append(
                {
                    "id": pk * 10 + n,
                    "version": pk,
                    "sent_at": moment(sent),
                    "bounced_at": moment(sent + DAY) if bounced else None,
                    "acknowledged_at": None if bounced else moment(sent + 3 * DAY),
                }
            )
        on = some(rng, approved, approved + 9 * DAY)
        world["submissions"].append({"id": pk, "version": pk, "submitted_at": moment(on)})


def meeting(world, rng, pk, holder):
    region = 1 if holder < 100 else 101
    first = EDITION if holder == CAME else date(2027, 1, 25)
    on = some(rng, first, EDITION - DAY if holder in GONE else date(2027, 12, 20))
    held = on < TODAY and rng.random() < 0.9
    moved = rng.random() < 0.3
    told = on - DAY * rng.choice((5, 7, 8, 13, 14, 15, 16, 20, 30))
    off_calendar = rng.random() < 0.15
    first = on - DAY * rng.randint(1, 20)
    world["meetings"].append(
        {
            "id": pk,
            "region": region,
            "year": 2027,
            "holder": holder,
            "state": "held" if held else rng.choice(("planned", "planned", "cancelled")),
            "off_calendar": off_calendar,
            "short_notice_reason": off_calendar and rng.random() < 0.5,
            "date": str(on),
            "dates": [[str(told - DAY * 30), str(first)], [str(told - DAY), str(on)]] if moved else [],
            "held_on": str(on) if held else None,
            "announced_on": str(told) if rng.random() < 0.85 and told <= TODAY else None,
            "round_end": str(on + DAY * 4) if rng.random() < 0.1 else None,
            "video_only": rng.random() < 0.1,
            "in_version": rng.random() < 0.5,
        }
    )
    world["targets"].append(
        {"meeting": pk, "holder": holder, "target": rng.choice(VISITS[holder]), "at_place": rng.random() < 0.9}
    )
    if not held:
        return
    ended = on + DAY * rng.choice((0, 0, 3, 9, 10, 11, 25))
    if rng.random() < 0.6 and ended <= TODAY:
        world["receptions"].append({"id": pk, "meeting": pk, "ended_on": str(ended), "recorded_on": str(ended)})
    for rule in ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3"):
        at = max(on, ended) + DAY * rng.choice((1, 9, 10, 11, 12, 20))
        both = {"site": str(at), "egov": str(at + DAY * rng.randint(0, 1))}
        if rng.random() < 0.8 and at + DAY <= TODAY:
            places = both if rng.random() < 0.8 else {"site": str(at)}
            row = {"id": len(world["publications"]) + 1, "meeting": pk, "rules": [rule], "places": places}
            world["publications"].append(row | {"withdrawn": rng.random() < 0.1})


def issues(world, rng):
    rows = []
    for row in world["meetings"]:
        if row["state"] == "held" and rng.random() < 0.7:
            closed = rng.choice((None, None, "2027-Q3"))
            issue = {"id": row["id"], "akim": row["holder"], "meeting_on": row["held_on"], "list_on": None}
            rows.append(issue | {"closed_in": closed})
    return rows


def reports(world, rng):
    rows = []
    for akim in sorted({row["akim"] for row in world["issues"]}):
        for quarter, end in (("2027-Q1", date(2027, 3, 31)), ("2027-Q2", date(2027, 6, 30))):
            at = end + DAY * rng.choice((10, 24, 25, 26, 30))
            if rng.random() < 0.8:
                row = {"id": len(rows) + 1, "akim": akim, "quarter": quarter, "withdrawn": False}
                rows.append(row | {"places": {"site": str(at), "egov": str(at)}})
    return rows


def write(folder, world):
    """Write the files of a world; answers the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "meta.json").write_text(json.dumps({"today": str(TODAY), "years": [2027]}), encoding="utf-8")
    for name, rows in world.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def ledger(folder, rng):
    """The duties of the events in a folder, each dated by `law.deadlines` as the program would date it.

    Which duties there are is asked of the checker; what they are dated is not. A few are met by hand.
    """
    dump = Dump(folder, LAW)
    duties, evidence = [], []
    for number, ((rule, about, subject, period), owed) in enumerate(dump.owed(), start=1):
        wording = register.rule(rule, date(owed.year, 1, 1))
        by_hand = owed.done is None and rng.random() < 0.15
        met = owed.done or (some(rng, date(2027, 1, 10), date(2027, 8, 20)) if by_hand else None)
        noted = None if met is None else max(met, met + DAY * rng.randint(0, 2))
        found = dates(
            wording, anchors(wording, owed, noted or date.max), chosen(dump, owed, noted or date.max), workdays
        )
        state = standing(found, today=TODAY, done_on=met)
        duties.append(
            {
                "id": number,
                "rule": rule,
                "edition": wording.edition,
                "about": about,
                "subject": subject,
                "period": period,
                "year": owed.year,
                "debtor": owed.debtor,
                "body": owed.body,
                "region": owed.region,
                **{name: text(getattr(found, name)) for name in ("safe_on", "due_on", "late_after", "target_on")},
                "met_on": text(met),
                "noted_on": text(noted),
                "met_by": "" if met is None else "hand" if by_hand else "fact",
                "state": "met" if state == "no_number" and met else state,
                "cancelled": False,
                "trace": "",
            }
        )
        if by_hand:
            proof = {"id": number, "duty": number, "done_on": text(met), "recorded_on": text(noted)}
            evidence.append(proof | {"withdrawn_on": None})
    return duties, evidence


def text(day):
    return None if day is None else str(day)


def anchors(wording, owed, known_on):
    """The facts of a duty under the names that the program's rules count from."""
    facts = owed.facts(known_on)
    named = {"year": facts.get("year"), "period.end": facts.get("end")}
    for name in ANCHORS.get(wording.timing.rule, ()):
        named[name] = facts["day"]
    named["reception.end_date"], named["round.end_date"] = facts.get("reception"), facts.get("round")
    named["off_calendar"] = 1 if facts.get("off_calendar") else None
    named["short_notice_reason"] = 1 if facts.get("reason") else None
    return {name: value for name, value in named.items() if value is not None}


def chosen(dump, owed, known_on):
    first = date(owed.year, 1, 1)
    nation, own = {}, {}
    for row in dump.readings:
        if date.fromisoformat(row["valid_from"]) <= first and date.fromisoformat(row["decided_on"]) <= known_on:
            if row["region"] is None:
                nation[row["key"]] = row["value"]
            elif row["region"] == owed.region:
                own[row["key"]] = row["value"]
    return Readings.stored(nation | own)


def correct(seed):
    """A world with the ledger that belongs to it; a copy of its own for every caller."""
    return json.loads(written(seed))


@cache
def written(seed):
    world = events(seed)
    world["duties"], world["evidence"] = counted(world)
    return json.dumps(world)


def counted(world):
    """The duties and the evidence that belong to the events of a world."""
    with tempfile.TemporaryDirectory() as folder:
        raw = {name: rows for name, rows in world.items() if name not in ("duties", "evidence")}
        return ledger(write(Path(folder), raw), random.Random(1))
