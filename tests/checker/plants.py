"""Errors as a ledger may have them, each planted into a correct dump; it answers which duty is wrong, and in what."""

from datetime import date, timedelta

from tests.checker import world

DATED = ("safe_on", "due_on", "late_after", "target_on")
RESULTS = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")
ANNOUNCE = ("826-3.4.e", "826-3.4.f")
GOVERNMENT = ("826-5.1.h1", "826-5.2.h1", "826-5.2.h2", "826-5.2.h3", "826-5.2.h4")
PLANTS = []


def plant(function):
    PLANTS.append(function)
    return function


def key(duty):
    return duty["rule"], duty["about"], duty["subject"], duty["period"]


def pick(dump, rng, *rules, when=lambda duty: True):
    rules = [rules] if isinstance(rules, str) else rules
    found = [duty for duty in dump["duties"] if (not rules or duty["rule"] in rules) and when(duty)]
    return rng.choice(found)


def shift(value, days):
    return str(date.fromisoformat(value) + timedelta(days=days))


def unmet(duty):
    return duty["met_on"] is None and duty["due_on"] is not None


def done(duty):
    return duty["met_by"] == "fact" and duty["due_on"] is not None


def moved(name, days, *rules, what=None):
    """A plant that moves one date of a duty of these lines by some days."""

    def function(dump, rng):
        duty = pick(dump, rng, *rules, when=lambda duty: duty[name] is not None)
        duty[name] = shift(duty[name], days)
        return key(duty), what or name

    function.__doc__ = f"{name} of {', '.join(rules)} moved by {days} days"
    function.__name__ = f"{name}_moved_by_{days}_of_{rules[0]}"
    return plant(function)


for rules_ in (("826-2.1.h2",), ("826-2.2.h1",), ("826-3.5.d1",), ANNOUNCE, RESULTS, GOVERNMENT, ("12-1.4.h1",)):
    moved("due_on", 1, *rules_)
    moved("due_on", -1, *rules_)
moved("safe_on", 1, *ANNOUNCE)
moved("safe_on", -1, *RESULTS)
moved("late_after", 1, *RESULTS)
moved("late_after", 3, "826-5.2.h3")
moved("late_after", -1, "826-3.5.d1")
moved("target_on", 1, "12-3.1.h1", "12-3.1.h2")
moved("target_on", 1, "826-5.3.h2")
moved("target_on", -1, "826-2.1.f2")


@plant
def met_day_moved_into_time(dump, rng):
    """A late notice shown as sent a day earlier."""
    duty = pick(dump, rng, *ANNOUNCE, when=lambda duty: done(duty))
    duty["met_on"] = shift(duty["met_on"], -1)
    return key(duty), "met_on"


@plant
def met_day_moved_out_of_time(dump, rng):
    """A publication shown a month later."""
    duty = pick(dump, rng, *RESULTS, when=done)
    duty["met_on"] = shift(duty["met_on"], 30)
    return key(duty), "met_on"


@plant
def late_shown_as_met(dump, rng):
    """A breach called met."""
    duty = pick(dump, rng, when=lambda duty: duty["state"] == "breach")
    duty["state"] = "met"
    return key(duty), "state"


@plant
def contested_shown_as_breach(dump, rng):
    """A duty that some reading allows called a breach."""
    duty = pick(dump, rng, when=lambda duty: duty["state"] in ("contested", "met_contested"))
    duty["state"] = "breach"
    return key(duty), "state"


@plant
def open_shown_as_breach(dump, rng):
    """A duty that is not yet due called a breach."""
    duty = pick(dump, rng, when=lambda duty: duty["state"] == "open")
    duty["state"] = "breach"
    return key(duty), "state"


@plant
def no_number_shown_as_breach(dump, rng):
    """A breach on a line to which the act gives no number."""
    duty = pick(dump, rng, when=lambda duty: duty["state"] == "no_number")
    duty["state"] = "breach"
    return key(duty), "state"


@plant
def unmet_shown_as_met(dump, rng):
    """Met without anything that was done."""
    duty = pick(dump, rng, when=unmet)
    duty |= {"met_on": duty["due_on"], "noted_on": duty["due_on"], "met_by": "fact", "state": "met"}
    return key(duty), "met_on"


@plant
def done_but_open(dump, rng):
    """What was done is not noted."""
    duty = pick(dump, rng, *ANNOUNCE, when=done)
    duty |= {"met_on": None, "noted_on": None, "met_by": "", "state": "breach"}
    return key(duty), "met_on"


@plant
def one_place_called_published(dump, rng):
    """Met on the day of the first place, though the second came later or never (A-16)."""
    rows = [row for row in dump["publications"] if len(row["places"]) == 1 and not row["withdrawn"]]
    row = rng.choice(rows)
    duty = next(d for d in dump["duties"] if d["rule"] in row["rules"] and d["subject"] == row["meeting"])
    on = row["places"]["site"]
    duty |= {"met_on": on, "noted_on": on, "met_by": "fact"}
    return key(duty), "met_on"


@plant
def withdrawn_publication_still_counts(dump, rng):
    """The page was taken back, the duty is met all the same."""
    duty = pick(dump, rng, *RESULTS, when=done)
    for row in dump["publications"]:
        if row["meeting"] == duty["subject"] and duty["rule"] in row["rules"]:
            row["withdrawn"] = True
    return key(duty), "met_on"


@plant
def withdrawn_evidence_still_counts(dump, rng):
    """The proof was withdrawn, the duty is met all the same."""
    duty = pick(dump, rng, when=lambda duty: duty["met_by"] == "hand")
    for proof in dump["evidence"]:
        if proof["duty"] == duty["id"]:
            proof["withdrawn_on"] = "2027-09-01"
    return key(duty), "met_on"


@plant
def lost_evidence(dump, rng):
    """The proof of a met duty is not there."""
    duty = pick(dump, rng, when=lambda duty: duty["met_by"] == "hand")
    dump["evidence"] = [proof for proof in dump["evidence"] if proof["duty"] != duty["id"]]
    return key(duty), "met_on"


@plant
def evidence_not_heeded(dump, rng):
    """A proof lies there, the duty is open."""
    duty = pick(dump, rng, when=unmet)
    proof = {"id": 99999, "duty": duty["id"], "done_on": "2027-02-01", "recorded_on": "2027-02-01"}
    dump["evidence"].append(proof | {"withdrawn_on": None})
    return key(duty), "met_on"


@plant
def bounced_letter_counts(dump, rng):
    """The letter to the maslikhat came back, the notice is met by its day."""
    duty = pick(dump, rng, "826-2.1.h3", when=done)
    versions = [row["id"] for row in dump["versions"] if row["region"] == duty["subject"] and row["number"] == 1]
    bounced = next(row for row in dump["notices"] if row["version"] in versions and row["bounced_at"])
    duty["met_on"] = bounced["sent_at"][:10]
    return key(duty), "met_on"


@plant
def met_in_the_wrong_zone(dump, rng):
    """An approval at 20:00 UTC dated by UTC instead of the region's day."""
    duty = pick(dump, rng, "826-2.1.h2", when=done)
    duty["met_on"] = shift(duty["met_on"], -1)
    return key(duty), "met_on"


def lost(*rules):
    def function(dump, rng):
        duty = pick(dump, rng, *rules)
        dump["duties"].remove(duty)
        return key(duty), "missing"

    function.__doc__ = f"a duty of {', '.join(rules)} lost"
    function.__name__ = f"lost_{rules[0]}"
    return plant(function)


lost("826-2.1.h3")
lost("826-2.2.h1")
lost(*ANNOUNCE)
lost(*RESULTS)
lost("826-3.5.d1")
lost(*GOVERNMENT)
lost("12-1.4.h1")
lost("12-3.1.h1", "12-3.3.h2")


@plant
def cancelled_though_owed(dump, rng):
    """A living duty dropped."""
    duty = pick(dump, rng, *ANNOUNCE)
    duty["cancelled"] = True
    return key(duty), "missing"


@plant
def surplus_of_a_cancelled_meeting(dump, rng):
    """A meeting that was cancelled still asks for its announcement."""
    meeting = rng.choice([row for row in dump["meetings"] if row["state"] == "cancelled"])
    duty = dict(pick(dump, rng, *ANNOUNCE, when=unmet), id=77777, subject=meeting["id"])
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def surplus_of_an_unknown_meeting(dump, rng):
    """Results of a meeting that nobody planned."""
    duty = dict(pick(dump, rng, "826-3.5.c2"), id=77777, subject=123456)
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def both_terms_for_one_meeting(dump, rng):
    """Two weeks and one week asked of the same meeting."""
    duty = dict(pick(dump, rng, "826-3.4.e"), id=77777, rule="826-3.4.f")
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def report_of_a_quarter_to_come(dump, rng):
    """The quarterly information asked for before its quarter began."""
    duty = dict(pick(dump, rng, "826-3.5.d1"), id=77777, period="2027-Q4")
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def report_after_the_last_issue_was_solved(dump, rng):
    """A quarter owed after every issue of the akim was shown solved (A-15)."""
    duty = pick(dump, rng, "826-3.5.d1", when=lambda duty: duty["period"] == "2027-Q3")
    for row in dump["issues"]:
        if row["akim"] == duty["subject"]:
            row["closed_in"] = "2027-Q2"
            row["meeting_on"] = min(row["meeting_on"], "2027-05-05")
    return key(duty), "surplus"


@plant
def excluded_ministry_reports(dump, rng):
    """A ministry that Resolution 12 leaves out is asked for its information."""
    left_out = next(row for row in dump["organisations"] if row["key"] == "defence")
    duty = dict(pick(dump, rng, "12-1.4.h1"), id=77777, subject=left_out["id"], body=left_out["id"])
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def line_that_no_act_has(dump, rng):
    """A duty of a line that is not in the register."""
    duty = dict(pick(dump, rng, "826-3.4.e"), id=77777, rule="826-3.4.z")
    dump["duties"].append(duty)
    return key(duty), "surplus"


@plant
def day_where_the_act_gives_none(dump, rng):
    """The commission of a meeting has a legal day."""
    duty = dict(pick(dump, rng, "826-3.4.e"), id=77777, rule="826-3.4.a1")
    dump["duties"].append(duty)
    return key(duty), "due_on"


@plant
def duty_twice(dump, rng):
    """One duty stands twice."""
    duty = dict(pick(dump, rng, *ANNOUNCE), id=77777, met_on=None, met_by="")
    dump["duties"].insert(0, duty)
    return key(duty), "twice"


@plant
def wrong_edition(dump, rng):
    """A duty by a wording that was not in force."""
    duty = pick(dump, rng, "826-2.1.h2", "826-2.2.h1")
    duty["edition"] = "e1"
    return key(duty), "edition"


@plant
def wrong_debtor(dump, rng):
    """Another akim's meeting."""
    duty = pick(dump, rng, *ANNOUNCE)
    duty["debtor"] = 105 if duty["debtor"] != 105 else 104
    return key(duty), "debtor"


@plant
def wrong_region(dump, rng):
    """A duty counted for another region."""
    duty = pick(dump, rng, *RESULTS)
    duty["region"] = 101 if duty["region"] == 1 else 1
    return key(duty), "region"


@plant
def wrong_year(dump, rng):
    """A duty of another year."""
    duty = pick(dump, rng, "826-3.5.d1")
    duty["year"] = 2026
    return key(duty), "year"


@plant
def wrong_quarter(dump, rng):
    """The information of a quarter dated by the quarter before."""
    duty = pick(dump, rng, "12-1.4.h1", when=lambda duty: duty["period"] == "2027-Q2")
    before = next(d for d in dump["duties"] if key(d) == (*key(duty)[:3], "2027-Q1"))
    duty |= {name: before[name] for name in DATED}
    return key(duty), "due_on"


@plant
def terms_of_the_other_level(dump, rng):
    """A raion's akim given one week."""
    duty = pick(dump, rng, "826-3.4.e", when=lambda duty: duty["region"] == 1 and unmet(duty))
    duty |= {name: shift(duty[name], 7) for name in ("safe_on", "due_on", "late_after")}
    return key(duty), "due_on"


@plant
def default_reading_where_the_region_chose_another(dump, rng):
    """Full days between chosen, the same weekday counted (A-07)."""
    duty = pick(dump, rng, *ANNOUNCE, when=lambda duty: duty["region"] == 101)
    duty["due_on"] = duty["late_after"]
    return key(duty), "due_on"


@plant
def met_duty_recounted_by_a_later_reading(dump, rng):
    """A calendar approved in January dated by a reading that was decided in July."""
    duty = pick(dump, rng, "826-2.1.h2", when=lambda duty: duty["region"] == 1 and done(duty))
    duty["due_on"] = duty["late_after"]
    return key(duty), "due_on"


@plant
def open_duty_not_recounted_after_a_new_reading(dump, rng):
    """A reading decided yesterday, an open duty still under the old one."""
    duty = pick(dump, rng, "826-3.5.d1", when=lambda duty: unmet(duty) and duty["period"] == "2027-Q3")
    fresh = {"key": "by_edge", "value": "exclusive", "region": duty["region"], "valid_from": "2027-01-01"}
    dump["readings"].append(fresh | {"valid_to": None, "decided_on": "2027-09-05"})
    stale(dump, duty)
    return key(duty), "due_on"


@plant
def reception_not_heeded(dump, rng):
    """The ten days counted from the meeting although a reception followed in time (A-06)."""
    rows = {row["meeting"]: row["ended_on"] for row in dump["receptions"]}
    held = {row["id"]: row["held_on"] for row in dump["meetings"]}
    later = [pk for pk, on in rows.items() if held[pk] < on <= shift(held[pk], 10)]
    duty = pick(dump, rng, *RESULTS, when=lambda duty: duty["subject"] in later and unmet(duty))
    days = (date.fromisoformat(rows[duty["subject"]]) - date.fromisoformat(held[duty["subject"]])).days
    duty |= {name: shift(duty[name], -days) for name in DATED}
    return key(duty), "due_on"


@plant
def moved_meeting_not_followed(dump, rng):
    """The meeting was moved, its open duty kept the old days."""
    duty = pick(dump, rng, *ANNOUNCE, when=lambda duty: unmet(duty) and duty["state"] == "open")
    row = next(row for row in dump["meetings"] if row["id"] == duty["subject"])
    row["dates"] = [["2027-05-01", row["date"]], ["2027-09-01", shift(row["date"], 3)]]
    row["date"] = shift(row["date"], 3)
    stale(dump, duty)
    return key(duty), "due_on"


def stale(dump, duty):
    """The ledger of the changed events, but for one duty that stayed as it was."""
    dump["duties"], dump["evidence"] = world.counted(dump)
    place = next(n for n, other in enumerate(dump["duties"]) if key(other) == key(duty))
    dump["duties"][place] = duty
