"""Errors as a ledger may have them, each planted into a correct dump; it answers which duty is wrong, and in what."""

from datetime import date, timedelta

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
