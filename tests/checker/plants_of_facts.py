"""Planted errors of what is owed at all, by whom, and by which facts and readings; the others stand in `plants`."""

from datetime import date

from tests.checker import world
from tests.checker.plants import ANNOUNCE, DATED, GOVERNMENT, RESULTS, done, key, pick, plant, shift, unmet


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


lost("826-1.h1")


# -- A year in which the classifier changed -------------------------------------------------------
def asked_though_not(rule, period, subject, name):
    """A plant of a duty of a unit that is not there for the period as A-08 asks, or that is left out."""

    def function(dump, rng):
        duty = pick(dump, rng, rule)
        row = {"id": 77777, "subject": subject, "debtor": subject, "period": period}
        dump["duties"].append(dict(duty, **row))
        return (rule, "akim", subject, period), "surplus"

    function.__doc__ = f"{rule} asked of a unit that {name} for {period}"
    function.__name__ = f"{name}_asked_for_{period}"
    return plant(function)


asked_though_not("826-2.1.d", "2027-H1", world.GONE[0], "went_in_the_half_year")
asked_though_not("826-2.1.d", "2027-H2", world.GONE[0], "went_before")
asked_though_not("826-1.h1", "2027", world.GONE[0], "was_gone_by_the_end_of_the_year")
asked_though_not("826-2.1.e", "2027-H1", world.CAME, "came_in_the_half_year")
asked_though_not("826-1.h1", "2027", world.CAME, "came_in_the_year")
asked_though_not("826-1.h1", "2027", 6, "has_no_akim")


@plant
def newcomer_not_asked(dump, rng):
    """The village that the new edition brought is not asked for its first whole half-year."""
    duty = next(d for d in dump["duties"] if key(d) == ("826-2.1.e", "akim", world.CAME, "2027-H2"))
    dump["duties"].remove(duty)
    return key(duty), "missing"


@plant
def kept_by_a_visit_to_a_place_left_out(dump, rng):
    """Only the village that nobody has to visit was visited, and the line called kept."""
    duty = pick(dump, rng, "826-2.1.d", when=lambda duty: duty["subject"] == 4)
    visited_by(dump, 4, world.EXCLUDED)
    stale(dump, duty | {"met_on": "2027-06-15", "noted_on": "2027-06-15", "met_by": "fact", "state": "met"})
    return key(duty), "met_on"


@plant
def place_left_out_still_waited_for(dump, rng):
    """A village was excluded; the visit to the other one kept the line, which is still called open."""
    duty = pick(dump, rng, "826-2.1.d", when=lambda duty: duty["subject"] == 4 and duty["period"] == "2027-H1")
    visited_by(dump, 4, 6)
    next(row for row in dump["units"] if row["id"] == 7)["excluded"] = True
    stale(dump, duty | {"met_on": None, "noted_on": None, "met_by": "", "state": "breach"})
    return key(duty), "met_on"


def visited_by(dump, akim, place):
    """The akim met the people of this place alone, once in each half-year."""
    held = {row["meeting"]: row for row in dump["targets"] if row["holder"] == akim}
    for pk, row in held.items():
        row |= {"target": place, "at_place": True}
        on = ("2027-03-01", "2027-08-02")[pk % 2]
        meeting = next(other for other in dump["meetings"] if other["id"] == pk)
        meeting |= {"state": "held", "date": on, "held_on": on, "off_calendar": False, "video_only": False}


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
    duty["debtor"] = 103 if duty["debtor"] != 103 else 102
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


@plant
def line_called_kept_with_a_target_left(dump, rng):
    """All targets called met although one was not visited."""
    duty = pick(dump, rng, "826-2.1.c", "826-2.1.d", "826-2.1.a", "826-2.1.b", when=unmet)
    duty |= {"met_on": "2027-06-15", "noted_on": "2027-06-15", "met_by": "fact", "state": "met"}
    return key(duty), "met_on"


@plant
def video_meeting_counted_as_a_visit(dump, rng):
    """A line met by a meeting that turns out to have been by video alone (A-12)."""
    duty = pick(dump, rng, "826-2.1.a", "826-2.1.b", "826-2.1.c", "826-2.1.d", when=done)
    for row in dump["meetings"]:
        if row["holder"] == duty["subject"]:
            row["video_only"] = True
    others = [
        d for d in dump["duties"] if d["subject"] == duty["subject"] and d["rule"] == duty["rule"] and d is not duty
    ]
    dump["duties"] = [d for d in dump["duties"] if d not in others]
    dump["duties"] += [d | unkept(d) for d in others]
    return key(duty), "met_on"


def unkept(duty):
    """The same duty, not met."""
    if duty["met_by"] != "fact":
        return {}
    state = "open" if duty["due_on"] >= str(world.TODAY) else "breach"
    return {"met_on": None, "noted_on": None, "met_by": "", "state": state}


@plant
def lost_line_of_an_akim(dump, rng):
    """An akim's line of a half-year lost."""
    duty = pick(dump, rng, "826-2.1.e")
    dump["duties"].remove(duty)
    return key(duty), "missing"


@plant
def line_of_a_unit_without_an_akim(dump, rng):
    """A village inside an okrug asked for meetings of an akim it does not have."""
    duty = dict(pick(dump, rng, "826-2.1.e"), id=77777, subject=6, debtor=6)
    dump["duties"].append(duty)
    return key(duty), "surplus"
