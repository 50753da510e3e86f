"""Derivations: complete enough to be counted again, with the paragraph, the days off that were passed, the readings."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from law import register, workdays
from law.deadlines import Step, dates
from law.explain import explain_all
from law.readings import Readings
from tests.law.replay import Wrong, replay
from tests.law.test_deadlines import counted, duties, four

DEFAULT = Readings.default()
#: Steps that state a fact and count nothing.
FACTS = ("day_off", "anchor", "series_each", "series_round")


@given(duties())
def test_every_derivation_gives_its_dates_again_from_its_steps_alone(duty):
    rule_id, anchors, readings = duty
    due = dates(register.rule(rule_id, date(2027, 1, 1)), anchors, readings, workdays)
    assert replay(due.derivation) == four(due)


@given(duties())
def test_a_date_that_was_changed_in_one_step_is_noticed(duty):
    rule_id, anchors, readings = duty
    due = dates(register.rule(rule_id, date(2027, 1, 1)), anchors, readings, workdays)
    for place, step in enumerate(due.derivation):
        if step.key.startswith("covers") or "date" not in step.params or step.key in FACTS:
            continue
        if step.key.startswith("act_") and due.derivation[1].key == "year":
            continue
        forged = dict(step.params) | {"date": str(date.fromisoformat(step.params["date"]) + timedelta(days=1))}
        steps = (*due.derivation[:place], replace(step, params=forged), *due.derivation[place + 1 :])
        assert not gives_again(steps, four(due)), step


def gives_again(steps, found):
    try:
        return replay(steps) == found
    except Wrong:
        return False


def test_the_line_of_the_act_stands_first_and_is_told_as_people_cite_it():
    steps = counted("826-3.4.e", meeting__date=date(2027, 3, 18)).derivation
    assert steps[0] == Step("paragraph", {"line": "826-3.4.e", "edition": "e1"})
    assert [explain_all(steps, lang)[0] for lang in ("kk", "ru", "en")] == [
        "Негізі — № 826 Жарлық (3-т. 4) тш. 6-абз.).",
        "Основание — Указ № 826 (п. 3, пп. 4), абз. 6).",
        "By Decree No. 826 (para 3(4), line 6).",
    ]
    resolution = counted("12-1.4.h1", period__end=date(2027, 3, 31)).derivation
    assert explain_all(resolution, "ru")[0].startswith("Основание — Постановление Правительства № 12 (п. 1, пп. 4)")


def test_weeks_and_months_are_told_in_calendar_days_too():
    steps = counted("826-3.4.e", meeting__date=date(2027, 3, 18)).derivation
    assert "С 4 марта 2027 по 18 марта 2027: 14 календарных дней." in explain_all(steps, "ru")
    month = counted("190-9.h1", on=date(2020, 1, 31), meeting__date=date(2020, 1, 31)).derivation
    assert "From 31 January 2020 to 29 February 2020: 29 calendar days." in explain_all(month, "en")


def test_every_day_off_that_was_passed_is_named_with_its_reason():
    """Ten days after 11 March 2027 end on Nauryz: 21 to 23 March and the day given for the Sunday."""
    told = explain_all(counted("826-3.5.c1", meeting__end_date=date(2027, 3, 11)).derivation, "en")
    place = next(number for number, sentence in enumerate(told) if sentence.startswith("Under the most lenient"))
    assert told[place].startswith("Under the most lenient reading the last day is 25 March 2027, since 21 March")
    assert told[place + 1 : place + 4] == [
        "22 March 2027 is no working day either: Nauryz.",
        "23 March 2027 is no working day either: Nauryz.",
        "24 March 2027 is no working day either: day off: Nauryz (21 March 2027) falls on a weekend.",
    ]


def test_a_plain_weekend_is_told_by_its_weekday_and_stored_without_words():
    steps = counted("826-3.5.c1", meeting__end_date=date(2027, 3, 18)).derivation
    late = next(step for step in steps if step.key == "late_next_working")
    assert dict(late.params) == {"before": "2027-03-28", "date": "2027-03-29"}
    told = explain_all(steps, "kk")
    assert any("өйткені 28 наурыз 2027 — жексенбі" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("rule_id", "anchors", "used"),
    [
        ("826-2.1.h2", {"year": 2027}, {"until_edge": "exclusive", "nonworking_shift": "none"}),
        (
            "826-5.1.h1",
            {"year": 2027},
            {"r51_year": "same", "until_edge": "exclusive", "nonworking_shift": "none"},
        ),
        ("826-3.5.d1", {"period__end": date(2027, 3, 31)}, {"by_edge": "inclusive", "nonworking_shift": "none"}),
        ("826-3.4.e", {"meeting__date": date(2027, 3, 18)}, {"back_mode": "same_weekday", "nonworking_shift": "none"}),
        (
            "826-3.5.c1",
            {"meeting__end_date": date(2027, 3, 18)},
            {"no_reception_anchor": "meeting_end", "forward_day_zero": "event", "nonworking_shift": "none"},
        ),
        ("826-2.1.f2", {"calendar__corrected_at": date(2027, 3, 18)}, {"notice_internal_days": "5"}),
        ("12-1.4.h1", {"period__end": date(2027, 3, 31)}, {"nonworking_shift": "none"}),
    ],
)
def test_the_readings_that_were_used_are_kept_with_the_dates(rule_id, anchors, used):
    assert dict(counted(rule_id, **anchors).readings) == used


def test_an_exception_for_one_duty_is_the_reading_that_was_used():
    readings = DEFAULT.with_({"nonworking_shift:826-5.1.h1": "previous"})
    assert counted("826-5.1.h1", readings, year=2027).readings["nonworking_shift"] == "previous"
