"""Each key of the register's section 4.1 changes what it is about: a row a value, value -> effect.

`law/readings.toml` says which keys there are; a key without a row here fails. Keys with one allowed value have
nothing to change: their row shows what the value means.
"""

from datetime import date, timedelta

import pytest

from law import coverage, register, workdays
from law.closing import ACTING, AKIM, DEPUTY, Held, why_not
from law.coverage import Unit, norms, required
from law.deadlines import dates, standing
from law.editions import judging
from law.periods import period_of, periods
from law.places import mandatory, published_on
from law.readings import Readings, as_text, catalogue
from law.scope import covered, first_report, in_central_list, owes_report
from tests.law import trees
from tests.law.sources import REGISTER, needs_register
from tests.law.test_deadlines import counted

DAY = timedelta(days=1)
THURSDAY = date(2027, 3, 18)
RAISED = (period_of("quarter", date(2027, 2, 1)), None)


def due(rule_id, on=date(2027, 1, 1), **anchors):
    return lambda readings: str(counted(rule_id, readings, on=on, **anchors).due_on)


def target(rule_id, **anchors):
    return lambda readings: str(counted(rule_id, readings, **anchors).target_on)


def announced_short(reason):
    """How an off-calendar meeting of 18 March stands that was announced three days before."""

    def stands(readings):
        anchors = {"meeting__date": THURSDAY, "off_calendar": 1, "short_notice_reason": int(reason)}
        return standing(counted("826-3.4.e", readings, **anchors), today=THURSDAY, done_on=THURSDAY - 3 * DAY)

    return stands


def scope(rule_id, named):
    def found(readings):
        has = covered(register.rule(rule_id, date(2027, 1, 1)), named, readings)
        return f"{has.start} {has.end} {has.open_on or ''}".strip()

    return found


def counts(offsite=True, **facts):
    return lambda readings: "counts" if why_not(Held(**facts), offsite, readings) is None else "does not"


def pairs(holder, kind=None, tree=None):
    """How many meetings a year an akim of the register's fixture owes (3.4)."""

    def found(readings):
        units = tree or trees.fixture()
        rows = required(units, norms(date(2027, 1, 1), readings), 2027)
        return sum(pair.minimum for pair in rows if pair.holder == holder)

    return found


def half_a_year(readings):
    units = [Unit("R", None, "raion", True), Unit("V", "R", "village", True, valid_from=date(2027, 3, 15))]
    return pairs("R", tree=units)(readings)


def judged_year(readings):
    """826 e2 stands from 1 January 2024; a period that began in November 2023 is cut by it."""
    period = type(period_of("half_year", date(2024, 1, 1)))(date(2023, 11, 1), date(2024, 4, 30), "half_year")
    found = judging("826-2.1.c", period, readings)
    return found and found.key


def places(readings):
    return str(published_on("826-3.5.c6", {"site": THURSDAY, "egov": THURSDAY + DAY}, readings))


def report_of_april_list(readings):
    return str(first_report(date(2027, 3, 30), date(2027, 4, 8), readings))


def nil(readings):
    return owes_report(period_of("quarter", THURSDAY), [], readings)


LATE = {"meeting__end_date": THURSDAY, "reception__end_date": date(2027, 4, 18)}
ROUND = {"meeting__end_date": THURSDAY, "round__end_date": date(2027, 3, 23)}
JANUARY = {"on": date(2020, 1, 31), "meeting__date": date(2020, 1, 31)}

EFFECTS = {
    "until_edge": (due("826-2.1.h2", year=2027), {"exclusive": "2027-01-14", "inclusive": "2027-01-15"}),
    "by_edge": (
        due("826-3.5.d1", period__end=date(2027, 3, 31)),
        {"inclusive": "2027-04-25", "exclusive": "2027-04-24"},
    ),
    "forward_day_zero": (
        due("826-3.5.c1", meeting__end_date=THURSDAY),
        {"event": "2027-03-28", "previous": "2027-03-27"},
    ),
    "month_end": (due("190-9.h1", **JANUARY), {"clip": "2020-02-29"}),
    "nonworking_shift": (
        due("826-3.5.c1", meeting__end_date=THURSDAY),
        {"none": "2027-03-28", "next": "2027-03-29", "previous": "2027-03-26"},
    ),
    "r51_year": (due("826-5.1.h1", year=2027), {"same": "2027-01-31", "next": "2028-01-31"}),
    "r52_scope": (
        scope("826-5.2.h3", date(2027, 8, 15)),
        {
            "superset": "None 2027-06-30 2027-06-30",
            "reporting_year": "2026-01-01 2026-12-31",
            "previous_half": "2027-01-01 2027-06-30",
        },
    ),
    "announce_off_calendar": (
        announced_short(reason=True),
        {"full": "breach", "reason": "met_contested", "none": "no_number"},
    ),
    "no_reception_anchor": (due("826-3.5.c1", meeting__end_date=THURSDAY), {"meeting_end": "2027-03-28"}),
    "late_reception": (due("826-3.5.c1", **LATE), {"warn": "2027-03-28", "move": "2027-04-28"}),
    "series": (due("826-3.5.c1", **ROUND), {"each": "2027-03-28", "round": "2027-04-02"}),
    "back_mode": (
        due("826-3.4.e", meeting__date=THURSDAY),
        {"same_weekday": "2027-03-04", "full_days": "2027-03-03"},
    ),
    "partial_unit": (half_a_year, {"not_required": 1, "required": 2, "pro_rata": 2}),
    "multi_target": (counts(at_place=False, invited=True), {"place_only": "does not", "invited_units": "counts"}),
    "joint": (counts(lead=False, named=True), {"lead_only": "does not", "named_holders": "counts"}),
    "raion_targets": (pairs("R"), {"own_akim_units": 12, "every_village": 24}),
    "micro": (pairs("K"), {"districts_first": 10, "both": 14, "only_micro": 10}),
    "city_okrug": (pairs("K"), {"villages": 10, "okrug": 8, "none": 6}),
    "empty_d": (pairs("C"), {"none": 0, "self": 2}),
    "seat_offsite": (
        counts(at_seat=True, in_office=True),
        {"place": "counts", "outside_office": "does not", "exempt": "counts"},
    ),
    "video_counts": (counts(video_only=True), {False: "does not", True: "counts"}),
    "off_calendar_counts": (
        counts(off_calendar=True, corrected=True),
        {"after_correction": "counts", "always": "counts", "never": "does not"},
    ),
    "notice_internal_days": (
        target("826-2.1.f2", calendar__corrected_at=THURSDAY),
        {1: "2027-03-19", 5: "2027-03-30", 30: "2027-05-05"},
    ),
    "maslikhat_of": (None, {"approver": None, "approver_and_copies": None}),
    "nil_report": (nil, {"optional": False, "required": True}),
    "first_quarter": (report_of_april_list, {"of_meeting": "2027-Q1", "of_list": "2027-Q2"}),
    "mandatory_places": (places, {"site_and_egov": "2027-03-19", "all_listed": "None", "any": "2027-03-18"}),
    "commission_mode": (None, {"standing": None, "per_meeting": None}),
    "absent_body": (None, {"skip_with_note": None}),
    "presentation_base": (
        lambda readings: counted("826-3.3.h1", readings, presentation_minutes=30, planned_minutes=120).kept,
        {"planned": True},
    ),
    "acting_counts": (counts(by=ACTING), {True: "counts", False: "does not"}),
    "deputy_counts": (counts(by=DEPUTY), {False: "does not", True: "counts"}),
    "edition_cut": (judged_year, {"last_day_if_half": "826-2.1.c@e2", "whole_only": None}),
    "r12_summary": (
        scope("12-3.3.h1", date(2027, 6, 15)),
        {"since_cutoff": "2026-12-15 2027-06-14", "last_closed_half": "2026-07-01 2026-12-31"},
    ),
    "r53_origin": (lambda readings: in_central_list(False, readings), {"offsite_only": False, "all": True}),
}
#: Keys about whom to ask or what to make, not about a day or a count.
OF_OFFICES = ("maslikhat_of", "commission_mode", "absent_body")


def test_every_key_has_its_row_and_every_value_its_effect():
    assert set(EFFECTS) == set(catalogue())
    for key, (_effect, values) in EFFECTS.items():
        if catalogue()[key].limits is None:
            assert set(values) == set(catalogue()[key].values), key


@pytest.mark.parametrize("key", [key for key in EFFECTS if key not in OF_OFFICES])
def test_each_value_has_its_effect(key):
    effect, values = EFFECTS[key]
    for value, expected in values.items():
        assert effect(Readings.default().with_({key: value})) == expected, (key, value)
    if len(values) > 1:
        assert len(set(values.values())) > 1, "some value must change something"


@pytest.mark.parametrize("key", EFFECTS)
def test_the_default_is_what_holds_when_nobody_chose(key):
    effect, values = EFFECTS[key]
    if effect:
        assert effect(Readings.default()) == values[catalogue()[key].default]


@needs_register
def test_every_key_of_the_register_is_there_with_its_values_and_default():
    """Section 4.1 names each key in code font; those with a list of values name these too."""
    text = REGISTER.read_text(encoding="utf-8")
    text = text[text.index("### 4.1 The list") : text.index("### 4.2")]
    assert {key for key in catalogue() if f"`{key}" not in text} == set()
    for key, reading in catalogue().items():
        for value in reading.values:
            if key in ("notice_internal_days", "maslikhat_of", "mandatory_places", "video_counts"):
                continue  # the register names the key and leaves the values open
            assert as_text(value) in text, (key, value)


def every_line_with_a_day():
    for act in register.acts().values():
        for rule in act.rules.values():
            for wording in rule.wordings:
                dated = wording.has_number and wording.timing.rule in ("FIXED", "WITH", "PERIODIC", "BACK", "FWD")
                if dated or wording.timing.get("house"):
                    yield wording


@pytest.mark.parametrize("wording", every_line_with_a_day(), ids=lambda wording: wording.key)
def test_a_reading_that_a_line_is_counted_by_names_the_line(wording):
    """Whoever changes a reading is shown the lines that it touches: none may be missing."""
    day = date(2020, 6, 15)
    anchors = {"year": 2020, "period.end": day, "meeting.date": day, "meeting.end_date": day}
    anchors |= {"institution_information.received_date": day, "calendar.corrected_at": day}
    for more in (
        {"off_calendar": 1},
        {"reception.end_date": day + 40 * DAY, "round.end_date": day + DAY},
        {"reception.end_date": day},
    ):
        used = dates(wording, anchors | more, Readings.default(), workdays).readings
        for key in used:
            assert wording.rule_id in catalogue()[key].rules, key


class TestWhatCountsForANorm:
    def test_an_akim_in_the_hall_of_the_target_counts(self):
        assert why_not(Held(by=AKIM), True, Readings.default()) is None

    def test_the_reading_is_named_by_which_a_meeting_does_not_count(self):
        default = Readings.default()
        assert why_not(Held(by=DEPUTY), True, default) == "deputy_counts"
        assert why_not(Held(lead=False), True, default) == "joint"
        assert why_not(Held(at_place=False, invited=True), True, default) == "multi_target"
        assert why_not(Held(off_calendar=True), True, default) == "off_calendar_counts"
        assert why_not(Held(video_only=True), True, default) == "video_counts"

    def test_line_e_does_not_ask_for_an_offsite_meeting(self):
        assert why_not(Held(video_only=True), False, Readings.default()) is None


class TestReportsOfAQuarter:
    def test_are_owed_from_the_quarter_of_the_meeting_until_the_one_that_shows_it_solved(self):
        q1, q2, q3, q4 = periods("quarter", 2027)
        owed = [owes_report(quarter, [(q2, q3)], Readings.default()) for quarter in (q1, q2, q3, q4)]
        assert owed == [False, True, True, False]

    def test_without_movement_are_owed_all_the_same(self):
        assert all(owes_report(quarter, [RAISED], Readings.default()) for quarter in periods("quarter", 2028))

    def test_an_unpublished_list_starts_no_quarter_where_the_list_decides(self):
        assert first_report(THURSDAY, None, Readings.default().with_(first_quarter="of_list")) is None


class TestThePeriodCutByAnEdition:
    def test_of_which_the_new_wording_held_less_than_half_is_not_judged(self):
        period = type(period_of("half_year", date(2024, 1, 1)))(date(2023, 8, 1), date(2024, 1, 30), "half_year")
        assert judging("826-2.1.c", period, Readings.default()) is None

    def test_a_whole_period_is_judged_under_both_readings(self):
        (first, _second) = periods("half_year", 2024)
        for value in ("last_day_if_half", "whole_only"):
            assert judging("826-2.1.c", first, Readings.default().with_(edition_cut=value)).key == "826-2.1.c@e2"

    def test_a_year_of_which_the_text_is_not_held_is_not_judged(self):
        (year,) = periods("year", 2023)
        assert judging("826-2.1.a", year, Readings.default()) is None

    def test_a_norm_that_took_effect_in_march_judges_the_year_but_not_strictly(self, monkeypatch):
        """Were e2 published on 1 March 2024, ten months of twelve are more than half."""
        moved = {}
        for rule_id in ("826-2.1.a", "826-2.1.c"):
            held = register.line(rule_id).wordings
            late = type(held[1])(**{**vars(held[1]), "in_force": date(2024, 3, 1)})
            early = type(held[0])(**{**vars(held[0]), "until": date(2024, 2, 29)})
            moved[rule_id] = type(register.line(rule_id))(rule_id, "826", "coverage", (early, late))
        original = register.line
        monkeypatch.setattr(register, "line", lambda rule_id: moved.get(rule_id) or original(rule_id))
        monkeypatch.setattr("law.editions.line", register.line)
        for value, halves in (("last_day_if_half", 2), ("whole_only", 1)):
            rows = norms(date(2024, 1, 1), Readings.default().with_(edition_cut=value))
            per_half = next(norm for norm in rows if norm.line == "c")
            assert len(coverage.judged(per_half, 2024)) == halves


class TestPlaces:
    def test_the_portal_is_not_named_for_the_quarterly_report_of_190_but_print_is(self):
        assert mandatory("190-5.h3", Readings.default()) == (("print_central", "print_regional"), ("site",))

    def test_a_channel_of_the_campaign_may_be_left_out_with_a_reason(self):
        used = {code: THURSDAY for group in mandatory("826-3.4.c", Readings.default()) for code in group[:1]}
        without = {code: day for code, day in used.items() if code != "radio"} | {"site": THURSDAY + DAY}
        default = Readings.default()
        assert published_on("826-3.4.c", without, default) is None
        assert published_on("826-3.4.c", without, default, excused=["radio"]) == THURSDAY + DAY
        strict = default.with_({"mandatory_places:826-3.4.c": "all_listed"})
        assert published_on("826-3.4.c", without, strict, excused=["radio"]) is None

    def test_the_first_page_in_a_place_counts_and_the_last_place_decides(self):
        days = {"site": THURSDAY, "egov": THURSDAY + 2 * DAY, "radio": THURSDAY - DAY}
        assert published_on("826-3.5.d2", days, Readings.default()) == THURSDAY + 2 * DAY
