"""Every line of every act can say in three languages when it is owed, by whom, to whom, and what proves it."""

import datetime as dt

import pytest

from law import asked
from law.register import acts, line, rule

WORDINGS = [w for act in acts().values() for r in act.rules.values() for w in r.wordings if not w.missing]


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_no_line_is_without_words(lang):
    for wording in WORDINGS:
        assert asked.when(wording.timing, lang), wording.key
        asked.bound(wording, lang), asked.recipients(wording, lang), asked.evidence(wording, lang)


@pytest.mark.parametrize(
    ("rule_id", "kk", "ru", "en"),
    [
        ("826-2.1.h2", "жыл сайын 15 қаңтарға дейін", "ежегодно до 15 января", "every year before 15 January"),
        (
            "826-3.4.f",
            "кездесу күнінен кемінде 1 апта бұрын",
            "не менее чем за 1 неделю до дня встречи",
            "at least 1 week before the day of the meeting",
        ),
        (
            "826-3.5.d1",
            "тоқсан сайын, есепті кезеңнен кейінгі айдың 25-күніне қарай",
            "ежеквартально, к 25-му числу месяца, следующего за отчетным периодом",
            "every quarter, by the 25th of the month after the period",
        ),
    ],
)
def test_the_timing_of_a_line_reads_like_the_act(rule_id, kk, ru, en):
    timing = rule(rule_id, dt.date(2027, 1, 1)).timing
    assert [asked.when(timing, lang) for lang in ("kk", "ru", "en")] == [kk, ru, en]


def test_akims_are_named_by_their_kind_and_all_of_them_in_one_word():
    assert asked.bound(line("826-1.h1").wordings[0], "ru") == "акимы всех уровней"
    assert asked.bound(line("826-2.1.a").wordings[-1], "ru") == "акимы: область"


def test_every_edition_says_in_the_readers_language_how_its_first_day_is_known():
    for act in acts().values():
        for edition in act.editions:
            assert asked.basis(act.code, edition, "ru") != edition.basis, (act.code, edition.code)
