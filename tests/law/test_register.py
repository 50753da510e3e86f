"""The register: every line of the four acts, the wording in force on a day, the words of the sources, bad files."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from law import register
from law.register import BadActFile, NormTextMissing, NoRuleInForce, UnknownRule
from tests.law.sources import ACTS, needs_acts

EVERY_WORDING = [
    wording for act in register.acts().values() for rule in act.rules.values() for wording in rule.wordings
]
HELD = [wording for wording in EVERY_WORDING if not wording.missing]

COUNTS = {
    "826": {
        "deadline": 17,
        "coverage": 8,
        "content": 12,
        "participation": 4,
        "permission": 1,
        "process": 13,
        "right": 3,
        "status": 4,
    },
    "12": {"deadline": 5, "coverage": 4, "content": 2, "process": 8, "status": 2},
    "190": {
        "deadline": 14,
        "coverage": 3,
        "content": 7,
        "participation": 6,
        "process": 5,
        "right": 1,
        "status": 3,
    },
    "615": {"deadline": 2, "coverage": 4, "content": 2, "participation": 2, "process": 1, "status": 2},
}


@pytest.mark.parametrize("code", COUNTS)
def test_every_line_of_an_act_is_there_by_its_kind(code):
    assert Counter(rule.kind for rule in register.rules(code)) == COUNTS[code]


def test_all_acts_together_hold_135_lines():
    assert sum(len(act.rules) for act in register.acts().values()) == 135


class TestAskedForADay:
    def test_the_second_edition_of_paragraph_2_holds_from_2024(self):
        wording = register.rule("826-2.1.a", date(2024, 1, 1))
        assert (wording.key, wording.timing["per"], wording.timing["min"]) == ("826-2.1.a@e2", "year", 1)

    def test_the_first_edition_of_paragraph_2_is_a_hole(self):
        with pytest.raises(NormTextMissing, match=r"826-2\.2\.h1: the wording in force on 2023-12-31"):
            register.rule("826-2.2.h1", date(2023, 12, 31))
        assert [wording.missing for wording in register.line("826-2.2.h1").wordings] == [True, False]

    def test_the_other_paragraphs_hold_from_the_first_edition(self):
        assert register.rule("826-3.4.e", date(2022, 3, 7)).key == "826-3.4.e@e1"
        assert register.rule("826-3.4.e", date(2027, 1, 1)).key == "826-3.4.e@e1"

    @pytest.mark.parametrize(
        ("rule_id", "day"),
        [
            ("826-1.h1", date(2022, 3, 6)),
            ("12-1.1.h2", date(2024, 1, 17)),
            ("190-2.h1", date(2022, 3, 7)),
            ("190-2.h1", date(2015, 12, 31)),
            ("615-1.h1", date(2013, 9, 30)),
            ("615-1.h1", date(2016, 1, 1)),
        ],
    )
    def test_outside_its_time_no_wording_is_in_force(self, rule_id, day):
        with pytest.raises(NoRuleInForce, match=f"{rule_id}: no wording was in force on {day}"):
            register.rule(rule_id, day)

    def test_on_every_day_since_2013_akims_owe_meetings_under_exactly_one_decree(self):
        day = date(2013, 10, 1)
        while day <= date(2027, 12, 31):
            acts = [act.code for act in register.acts().values() if act.code != "12"]
            in_force = [code for code in acts if _holds(register.act(code), day)]
            assert len(in_force) == 1, day
            day += timedelta(days=1)

    def test_an_unknown_line_or_act_is_refused(self):
        with pytest.raises(UnknownRule, match="no line '826-9'"):
            register.rule("826-9", date(2027, 1, 1))
        with pytest.raises(UnknownRule, match="no act '827'; known: 12, 190, 615, 826"):
            register.act("827")

    def test_a_stored_key_gives_its_wording_back(self):
        for wording in EVERY_WORDING:
            assert register.wording(wording.key) is wording


def _holds(act, day):
    return act.in_force <= day and (act.until is None or day <= act.until)


def test_the_archived_draft_is_labelled_as_a_draft():
    assert register.act("190").label["en"] == "wording of the draft"
    assert {wording.certainty for wording in HELD if wording.act == "190"} == {"draft"}
    assert register.rule("190-1.h1", date(2017, 1, 1)).label["ru"] == "слова проекта"


def test_every_wording_is_told_in_three_languages_cited_and_checked():
    for wording in HELD:
        assert all(wording.sentence[lang].strip() for lang in ("kk", "ru", "en")), wording.key
        assert re.search("[әіңғүұқөһ]", wording.sentence["kk"]), wording.key
        assert len(set(wording.sentence.values())) == 3, wording.key
        assert all(wording.cite[lang] for lang in ("kk", "ru", "en"))
        assert wording.words
        assert wording.checked_on >= date(2026, 11, 21)


def test_the_citation_names_the_place_in_both_languages():
    assert dict(register.line("826-3.4.e").wordings[-1].cite) == {
        "kk": "3-т. 4) тш. 6-абз.",
        "ru": "п. 3, пп. 4), абз. 6",
        "en": "para 3(4), line 6",
    }


def test_no_date_is_ever_a_breach_where_the_act_gives_none():
    """Section 2.5 of the register: the duties without any number."""
    prefixes = ("826-3.1.", "826-3.4.a", "826-3.4.b", "826-3.4.c", "826-3.5.a", "826-3.5.b", "826-5.3.", "12-2.")
    lines = {"826-2.1.f2", "12-3.1.h4", "12-3.2.h1", "12-3.2.h2", "190-12.1.h1", "190-12.5.h1", "190-12.6.h1"}
    for wording in HELD:
        if wording.rule_id.startswith(prefixes) or wording.rule_id in lines | {"190-12.1.h2", "615-4.2.h1"}:
            assert not wording.has_number, wording.rule_id


def test_every_deadline_has_a_number_save_the_two_that_the_act_leaves_open():
    open_ones = {wording.rule_id for wording in HELD if wording.kind == "deadline" and not wording.has_number}
    assert open_ones == {"826-2.1.f2", "826-5.3.h2"}


def test_the_akims_bound_by_the_two_announcement_terms_share_no_kind_and_leave_none_out():
    two_weeks = register.rule("826-3.4.e", date(2027, 1, 1)).bound.akims
    one_week = register.rule("826-3.4.f", date(2027, 1, 1)).bound.akims
    assert not set(two_weeks) & set(one_week)
    assert set(two_weeks) | set(one_week) == set(register.rule("826-1.h1", date(2027, 1, 1)).bound.akims)


@needs_acts
@pytest.mark.parametrize("code", COUNTS)
def test_the_words_stand_in_the_source(code):
    act = register.act(code)
    texts = {source.code: _bare((ACTS / source.file).read_text("utf-8")) for source in act.sources.values()}
    for wording in HELD:
        if wording.act != code:
            continue
        for quote in wording.words:
            place = 0
            for piece in quote.text.split("…"):
                found = texts[quote.source].find(_bare(piece), place)
                assert found >= 0, (wording.rule_id, piece)
                place = found


def _bare(text):
    """Without blanks (the sources are letter-spaced in places) and with Latin look-alikes made Cyrillic."""
    return re.sub(r"\s+", "", text).replace("i", "і").replace("I", "І").replace("Y", "Ү")


GOOD = """
[act]
code = "7"
form = "decree"
number = "7"
adopted = 2030-01-01
title = { kk = "а", ru = "б", en = "c" }

[[source]]
code = "S1"
lang = "ru"
file = "x.txt"

[[edition]]
code = "e1"
in_force = 2030-02-01
certainty = "printed"
basis = "para 9"

[[edition]]
code = "e2"
in_force = 2031-02-01
certainty = "printed"
basis = "para 9"

[[rule]]
id = "7-1"
kind = "deadline"
cite = { kk = "1-т.", ru = "п. 1", en = "para 1" }

[[rule.wording]]
edition = "e1"
checked_on = 2030-03-01
bound = { akims = ["raion"] }
timing = { rule = "FIXED", md = "01-15", edge = "until", year = "calendar_year" }
recipients = ["government"]
evidence = ["DOC"]
readings = ["A-01"]
sentence = { kk = "а", ru = "б", en = "c" }
words = [{ source = "S1", text = "до 15 января" }]

[[rule.wording]]
edition = "e2"
missing = true
"""


def load(tmp_path, text):
    path = tmp_path / "7.toml"
    path.write_text(text, encoding="utf-8")
    return register.load_act(path)


def test_a_good_file_is_read_and_a_new_wording_ends_the_old_one(tmp_path):
    wordings = load(tmp_path, GOOD).rules["7-1"].wordings
    assert [(wording.in_force, wording.until) for wording in wordings] == [
        (date(2030, 2, 1), date(2031, 1, 31)),
        (date(2031, 2, 1), None),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "7"', 'code = "7', "7.toml: Illegal character '\\n' (at line 3, column 10)"),
        ('form = "decree"', "", "7.toml, line 2, act: 'form' is missing."),
        ("adopted = 2030-01-01", 'adopted = "2030"', "7.toml, line 6, act: 'adopted' cannot be '2030'."),
        (
            'ru = "б", en = "c" }\n\n[[source]]',
            'en = "c" }\n\n[[source]]',
            "line 7, act.title: a text is needed in each",
        ),
        ('lang = "ru"', "", "7.toml, line 9, source: 'lang' is missing."),
        ('certainty = "printed"', 'certainty = "sure"', "line 17, edition e1, certainty: 'sure' is unknown"),
        ("in_force = 2031-02-01", "in_force = 2030-01-15", "line 22, edition e2, in_force: editions must stand oldest"),
        (
            "in_force = 2030-02-01",
            "in_force = 2029-12-31",
            "line 16, edition e1: 'in_force' 2029-12-31 precedes the act",
        ),
        ('id = "7-1"', 'id = "8-1"', "line 27, rule 8-1, id: it must begin with 7-."),
        ('kind = "deadline"', 'kind = "date"', "line 28, rule 7-1, kind: 'date' is none of deadline"),
        ("checked_on = 2030-03-01", "", "line 32, rule 7-1, edition e1: 'checked_on' is missing."),
        ('akims = ["raion"]', 'akims = ["rayon"]', "line 34, rule 7-1, edition e1, bound: names the kind 'rayon'"),
        ('"FIXED"', '"FIXT"', "line 35, rule 7-1, edition e1, timing: rule 'FIXT' is none of FIXED"),
        ('md = "01-15"', 'md = "15.01"', "line 35, rule 7-1, edition e1, timing: 'md' of FIXED cannot be '15.01'."),
        ('md = "01-15", ', "", "timing: FIXED needs 'md'."),
        ('edge = "until"', 'edge = "until", n = 3', "timing: FIXED has no part 'n'."),
        ('edge = "until"', 'edge = "until", covers = 3', "timing: 'covers' of FIXED cannot be 3."),
        (
            '["government"]',
            '["cabinet"]',
            "line 36, rule 7-1, edition e1, recipients: 'cabinet' is no body of bodies.toml.",
        ),
        ('["DOC"]', '["PDF"]', "line 37, rule 7-1, edition e1, evidence: 'PDF' is none of DOC"),
        ('["A-01"]', '["A-99"]', "line 38, rule 7-1, edition e1, readings: there is no reading 'A-99'."),
        (
            '{ kk = "а", ru = "б", en = "c" }\nwords',
            '{ kk = "а" }\nwords',
            "line 39, rule 7-1, edition e1, sentence: a text",
        ),
        ('source = "S1"', 'source = "S2"', "line 40, rule 7-1, edition e1, words: there is no source 'S2'."),
        ('edition = "e2"', 'edition = "e3"', "line 43, rule 7-1, edition: there is no edition 'e3'."),
        ('edition = "e2"', 'edition = "e1"', "line 42, rule 7-1: its wordings must stand oldest first."),
    ],
)
def test_a_bad_file_is_refused_with_file_line_table_and_reason(tmp_path, old, new, message):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(BadActFile) as refused:
        load(tmp_path, text)
    assert message in str(refused.value)
    assert str(refused.value).startswith("7.toml")


def test_a_line_that_stands_twice_and_an_end_before_the_start_are_refused(tmp_path):
    rule = GOOD[GOOD.index("[[rule]]") :]
    with pytest.raises(BadActFile, match="line 45, rule 7-1: the id stands twice"):
        load(tmp_path, GOOD + rule)
    with pytest.raises(BadActFile, match="line 6, act, until: it precedes its last edition"):
        load(tmp_path, GOOD.replace("adopted =", "until = 2030-12-31\nadopted ="))
