"""Dates of duties: the signed table of 2027, each reading of words, and what must hold for every date."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import count, register, workdays
from law.deadlines import MissingAnchor, Step, dates, standing
from law.explain import explain, explain_all
from law.readings import Readings
from law.words import LANGUAGES, texts

DEFAULT = Readings.default()
CASES = tomllib.loads((Path(__file__).parent / "cases" / "year_2027.toml").read_text(encoding="utf-8"))["case"]
FIXED = ("826-2.1.h1", "826-2.2.h1", "826-5.1.h1", "826-5.2.h3", "12-3.1.h1")
BACK = ("826-3.4.e", "826-3.4.f")
FORWARD = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")


def counted(rule_id, readings=DEFAULT, on=date(2027, 1, 1), **anchors):
    named = {name.replace("__", "."): value for name, value in anchors.items()}
    return dates(register.rule(rule_id, on), named, readings, workdays)


def four(due):
    return due.safe_on, due.due_on, due.late_after, due.target_on


@pytest.mark.parametrize(("rule_id", "case"), [(rule_id, case) for case in CASES for rule_id in case["rules"]])
def test_the_year_2027_falls_as_the_signed_table_says(rule_id, case):
    anchors = {"year": case["year"]} if "year" in case else {"period__end": case["period_end"]}
    due = counted(rule_id, **anchors)
    assert four(due) == (case["safe_on"], case["due_on"], case["late_after"], case["target_on"])


class TestTheAnnouncement:
    def test_of_a_raion_akim_stands_two_weeks_before_on_the_same_weekday(self):
        due = counted("826-3.4.e", meeting__date=date(2027, 3, 18))
        assert four(due) == (date(2027, 3, 3), date(2027, 3, 4), date(2027, 3, 4), date(2027, 3, 4))

    def test_of_a_village_akim_stands_one_week_before(self):
        due = counted("826-3.4.f", meeting__date=date(2027, 3, 18))
        assert four(due) == (date(2027, 3, 10), date(2027, 3, 11), date(2027, 3, 11), date(2027, 3, 11))

    def test_never_moves_toward_the_meeting_and_aims_at_the_working_day_before(self):
        due = counted("826-3.4.f", meeting__date=date(2027, 11, 1))  # 25 October is Republic Day
        assert four(due) == (date(2027, 10, 24), date(2027, 10, 25), date(2027, 10, 25), date(2027, 10, 22))
        shifted = counted("826-3.4.f", DEFAULT.with_(nonworking_shift="next"), meeting__date=date(2027, 11, 1))
        assert four(shifted) == four(due)

    def test_asks_full_days_between_under_the_strict_reading(self):
        due = counted("826-3.4.e", DEFAULT.with_(back_mode="full_days"), meeting__date=date(2027, 3, 18))
        assert four(due) == (date(2027, 3, 3), date(2027, 3, 3), date(2027, 3, 4), date(2027, 3, 3))

    def test_has_no_term_off_the_calendar_where_so_read(self):
        off = {"meeting__date": date(2027, 3, 18), "off_calendar": 1}
        assert counted("826-3.4.e", DEFAULT.with_(announce_off_calendar="none"), **off).kind == "no_number"
        assert counted("826-3.4.e", **off).due_on == date(2027, 3, 4)

    def test_across_the_change_of_zone_in_2024_counts_civil_days(self):
        due = counted("826-3.4.e", on=date(2024, 3, 14), meeting__date=date(2024, 3, 14))
        assert due.due_on == date(2024, 2, 29)


class TestTheTenDays:
    def test_run_from_the_meeting_when_there_is_no_reception(self):
        due = counted("826-3.5.c1", meeting__end_date=date(2027, 3, 18))
        assert four(due) == (date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 29), date(2027, 3, 26))

    def test_run_from_the_reception_that_followed(self):
        due = counted("826-3.5.c1", meeting__end_date=date(2027, 3, 18), reception__end_date=date(2027, 3, 24))
        assert four(due) == (date(2027, 4, 2), date(2027, 4, 3), date(2027, 4, 5), date(2027, 4, 2))

    def test_are_not_put_off_by_a_late_reception_but_only_its_breach_is(self):
        late = {"meeting__end_date": date(2027, 3, 18), "reception__end_date": date(2027, 4, 18)}
        due = counted("826-3.5.c1", **late)
        assert four(due) == (date(2027, 3, 27), date(2027, 3, 28), date(2027, 4, 28), date(2027, 3, 26))
        moved = counted("826-3.5.c1", DEFAULT.with_(late_reception="move"), **late)
        assert (moved.safe_on, moved.due_on) == (date(2027, 3, 27), date(2027, 4, 28))

    def test_a_reception_on_the_tenth_day_is_not_late(self):
        due = counted("826-3.5.c1", meeting__end_date=date(2027, 3, 18), reception__end_date=date(2027, 3, 28))
        assert due.due_on == date(2027, 4, 7)

    def test_count_the_day_itself_under_the_strict_reading(self):
        due = counted("826-3.5.c2", DEFAULT.with_(forward_day_zero="previous"), meeting__end_date=date(2027, 3, 18))
        assert four(due) == (date(2027, 3, 27), date(2027, 3, 27), date(2027, 3, 29), date(2027, 3, 26))

    def test_of_a_round_run_from_its_last_meeting_where_so_read(self):
        days = {"meeting__end_date": date(2027, 3, 18), "round__end_date": date(2027, 3, 30)}
        each = counted("826-3.5.c3", **days)
        assert (each.safe_on, each.due_on, each.late_after) == (
            date(2027, 3, 27),
            date(2027, 3, 28),
            date(2027, 4, 9),
        )
        whole = counted("826-3.5.c3", DEFAULT.with_(series="round"), **days)
        assert (whole.safe_on, whole.due_on) == (date(2027, 3, 27), date(2027, 4, 9))


class TestAnotherReading:
    def test_of_until_lets_the_day_itself_count(self):
        due = counted("826-2.1.h1", DEFAULT.with_(until_edge="inclusive"), year=2027)
        assert four(due) == (date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 15), date(2027, 1, 15))

    def test_of_by_asks_for_readiness_when_the_day_begins(self):
        due = counted("826-3.5.d1", DEFAULT.with_(by_edge="exclusive"), period__end=date(2027, 9, 30))
        assert four(due) == (date(2027, 10, 24), date(2027, 10, 24), date(2027, 10, 26), date(2027, 10, 22))

    def test_of_days_off_moves_the_due_day_of_all_duties_or_of_one(self):
        everywhere = DEFAULT.with_(nonworking_shift="next")
        assert counted("826-3.5.d1", everywhere, period__end=date(2027, 9, 30)).due_on == date(2027, 10, 26)
        only_here = DEFAULT.with_({"nonworking_shift:826-3.5.d1": "previous"})
        assert counted("826-3.5.d1", only_here, period__end=date(2027, 9, 30)).due_on == date(2027, 10, 22)
        assert counted("826-5.1.h1", only_here, year=2027).due_on == date(2027, 1, 31)

    def test_of_the_reporting_year_sends_the_calendars_a_year_later(self):
        due = counted("826-5.1.h1", DEFAULT.with_(r51_year="next"), year=2027)
        assert due.due_on == date(2028, 1, 31)
        assert counted("826-5.2.h1", DEFAULT.with_(r51_year="next"), year=2027).due_on == date(2027, 2, 14)


class TestADutyWithoutANumber:
    def test_never_gets_a_legal_date_but_a_house_target(self):
        due = counted("826-2.1.f2", calendar__corrected_at=date(2027, 3, 18))
        assert (due.kind, due.due_on, due.late_after) == ("no_number", None, None)
        assert due.target_on == date(2027, 3, 30)  # five working days, Nauryz in between

    def test_follows_the_reading_for_its_house_term(self):
        due = counted("826-2.1.f2", DEFAULT.with_(notice_internal_days=1), calendar__corrected_at=date(2027, 3, 19))
        assert due.target_on == date(2027, 3, 25)

    def test_without_a_day_of_the_month_aims_at_the_25th(self):
        assert counted("826-5.3.h2", period__end=date(2027, 3, 31)).target_on == date(2027, 4, 23)

    @pytest.mark.parametrize("rule_id", ["826-3.1.h1", "826-3.5.a1", "826-2.1.f2", "826-5.3.h2", "826-7"])
    def test_can_be_asked_before_anything_happened(self, rule_id):
        due = counted(rule_id)
        assert (due.kind, due.target_on) == ("no_number", None)
        assert standing(due, today=date(2027, 1, 1)) == "no_number"


@pytest.mark.parametrize(("minutes", "kept"), [(29, True), (30, True), (31, False)])
def test_the_report_takes_at_most_a_quarter_of_the_planned_time(minutes, kept):
    due = counted("826-3.3.h1", presentation_minutes=minutes, planned_minutes=120)
    assert (due.kind, due.kept) == ("limit", kept)


def test_the_rest_of_the_time_is_for_questions():
    values = {"planned_minutes": 120, "presentation_minutes": 30}
    assert counted("826-3.3.h2", qa_minutes=90, **values).kept
    assert not counted("826-3.3.h2", qa_minutes=89, **values).kept


@pytest.mark.parametrize(
    ("rule_id", "missing"),
    [("826-2.1.h1", "year"), ("826-3.4.e", "meeting.date"), ("826-3.5.c1", "meeting.end_date")],
)
def test_a_missing_day_is_named(rule_id, missing):
    with pytest.raises(MissingAnchor, match=missing):
        counted(rule_id)


@pytest.mark.parametrize(
    ("today", "done_on", "state"),
    [
        (date(2027, 1, 14), None, "open"),
        (date(2027, 1, 15), None, "contested"),
        (date(2027, 1, 16), None, "breach"),
        (date(2027, 5, 1), date(2027, 1, 14), "met"),
        (date(2027, 5, 1), date(2027, 1, 15), "met_contested"),
        (date(2027, 5, 1), date(2027, 1, 16), "breach"),
    ],
)
def test_a_duty_is_a_breach_only_when_no_reading_allows_it(today, done_on, state):
    assert standing(counted("826-2.1.h2", year=2027), today=today, done_on=done_on) == state


READINGS = st.builds(
    lambda **choices: DEFAULT.with_(**choices),
    until_edge=st.sampled_from(["exclusive", "inclusive"]),
    by_edge=st.sampled_from(["inclusive", "exclusive"]),
    forward_day_zero=st.sampled_from(["event", "previous"]),
    nonworking_shift=st.sampled_from(["none", "next", "previous"]),
    r51_year=st.sampled_from(["same", "next"]),
    late_reception=st.sampled_from(["warn", "move"]),
    series=st.sampled_from(["each", "round"]),
    back_mode=st.sampled_from(["same_weekday", "full_days"]),
)
DAYS = st.dates(date(2024, 1, 1), date(2028, 9, 30))
SPANS = st.integers(0, 40)


@st.composite
def duties(draw):
    """A duty with a number, its anchors, and readings."""
    rule_id = draw(st.sampled_from([*FIXED, *BACK, *FORWARD, "826-3.5.d1", "12-1.4.h1"]))
    day = draw(DAYS)
    anchors = {"year": min(day.year, 2027), "period.end": day, "meeting.date": day, "meeting.end_date": day}
    if draw(st.booleans()):
        anchors["reception.end_date"] = day + timedelta(days=draw(SPANS))
    if draw(st.booleans()):
        anchors["round.end_date"] = day + timedelta(days=draw(SPANS))
    return rule_id, anchors, draw(READINGS)


@given(duties())
def test_the_strict_day_is_never_after_the_due_day_nor_the_due_day_after_the_lenient_one(duty):
    rule_id, anchors, readings = duty
    due = dates(register.rule(rule_id, date(2027, 1, 1)), anchors, readings, workdays)
    assert due.safe_on <= due.due_on <= due.late_after
    assert due.target_on <= due.due_on
    assert workdays.is_working(due.target_on)


@given(duties())
def test_choosing_another_reading_never_moves_a_due_day_outside_what_the_default_allows(duty):
    """safe_on and late_after span the listed readings; a shift to another working day is the office's own choice."""
    rule_id, anchors, readings = duty
    wording = register.rule(rule_id, date(2027, 1, 1))
    unshifted = readings.with_(nonworking_shift="none", r51_year="same")
    default = dates(wording, anchors, DEFAULT, workdays)
    chosen = dates(wording, anchors, unshifted, workdays)
    assert default.safe_on <= chosen.due_on <= default.late_after
    assert (default.safe_on, default.late_after) == (chosen.safe_on, chosen.late_after)


@given(duties())
def test_every_derivation_can_be_stored_and_told_in_each_language(duty):
    rule_id, anchors, readings = duty
    due = dates(register.rule(rule_id, date(2027, 1, 1)), anchors, readings, workdays)
    restored = tuple(Step.from_data(step.as_data()) for step in due.derivation)
    assert restored == due.derivation
    for lang in LANGUAGES:
        told = explain_all(restored, lang)
        assert all("{" not in sentence and sentence.strip() for sentence in told)
        assert len(told) == len(restored)


@given(st.sampled_from([*BACK, *FORWARD]), DAYS, st.integers(1, 30))
def test_a_later_meeting_is_never_due_earlier(rule_id, day, shift):
    def due(meeting):
        return counted(rule_id, meeting__date=meeting, meeting__end_date=meeting).due_on

    assert due(day) < due(day + timedelta(days=shift))


class TestTheArchivedActs:
    def test_a_report_within_a_month_counts_months_to_the_same_number(self):
        due = counted("615-3.h1", on=date(2014, 3, 1), meeting__date=date(2014, 2, 10))
        assert four(due) == (date(2014, 3, 9), date(2014, 3, 10), date(2014, 3, 11), date(2014, 3, 7))

    def test_a_month_after_the_last_of_january_ends_with_february(self):
        due = counted("190-9.h1", on=date(2020, 1, 31), meeting__date=date(2020, 1, 31))
        assert (due.safe_on, due.due_on) == (date(2020, 2, 28), date(2020, 2, 29))

    def test_a_schedule_is_published_ten_calendar_days_before(self):
        due = counted("190-5.h1", on=date(2019, 2, 1), meeting__date=date(2019, 2, 25))
        assert four(due) == (date(2019, 2, 14), date(2019, 2, 15), date(2019, 2, 15), date(2019, 2, 15))

    def test_the_progress_was_due_by_the_tenth(self):
        due = counted("190-7.h1", on=date(2019, 1, 1), period__end=date(2018, 12, 31))
        assert four(due) == (date(2019, 1, 9), date(2019, 1, 10), date(2019, 1, 10), date(2019, 1, 10))

    def test_the_minister_of_education_has_a_month_from_the_institutions_information(self):
        received = {"institution_information__received_date": date(2018, 9, 3)}
        assert counted("190-11.h2", on=date(2018, 9, 3), **received).due_on == date(2018, 10, 3)


def test_every_sentence_of_an_explanation_has_the_same_places_in_each_language():
    places = {
        key: {lang: set(re.findall(r"{(\w+)}", sentence)) for lang, sentence in told.items()}
        for key, told in texts()["steps"].items()
    }
    for key, found in places.items():
        assert set(found) == set(LANGUAGES), key
        assert found["kk"] == found["ru"] == found["en"], key


def test_a_month_after_the_31st_of_january_ends_with_february():
    assert count._day_of_later_month(date(2027, 1, 31), 1, 31) == date(2027, 2, 28)
    assert count._day_of_later_month(date(2028, 1, 31), 1, 31) == date(2028, 2, 29)
    assert count._day_of_later_month(date(2027, 12, 31), 1, 31) == date(2028, 1, 31)


def test_a_derivation_reads_like_a_sentence_in_each_language():
    steps = counted("826-3.5.d1", period__end=date(2027, 9, 30)).derivation
    assert explain_all(steps, "kk")[1:4] == [
        "Есепті кезең: 2027 жылғы 3-тоқсан, соңғы күні — 30 қыркүйек 2027.",
        "Есепті кезең аяқталғаннан кейінгі 1-айдың 25-күні.",
        "Актіде аталған күн: 25 қазан 2027 («қарай»).",
    ]
    assert "25 октября 2027 — День Республики; срок не переносится (A-03)." in explain_all(steps, "ru")
    assert explain_all(steps, "en")[-3:] == [
        "Internal target (a house rule): the previous working day, 22 October 2027, "
        "since 25 October 2027 is a day off: Republic Day.",
        "24 October 2027 is no working day either: Sunday.",
        "23 October 2027 is no working day either: Saturday.",
    ]


def test_the_weeks_of_an_announcement_are_counted_in_russian_forms():
    steps = counted("826-3.4.e", meeting__date=date(2027, 3, 18)).derivation
    assert "Срок до встречи — 2 недели, тот же день недели: 4 марта 2027 (A-07)." in explain_all(steps, "ru")


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="kk, ru, en"):
        explain(Step("no_number"), "de")
