"""The readings: defaults, choices, refusals, and that the file speaks of lines that exist."""

import re

import pytest

from law import readings, register
from law.readings import BadReadingsFile, Readings, UnknownReading, catalogue


def test_the_defaults_are_those_of_the_register():
    chosen = Readings.default()
    assert (chosen["until_edge"], chosen["by_edge"], chosen["nonworking_shift"]) == ("exclusive", "inclusive", "none")
    assert (chosen["raion_targets"], chosen["micro"], chosen["city_okrug"]) == (
        "own_akim_units",
        "districts_first",
        "villages",
    )
    assert chosen["notice_internal_days"] == 5
    assert chosen["video_counts"] is False


def test_choosing_leaves_the_first_readings_as_they_were():
    first = Readings.default()
    second = first.with_(until_edge="inclusive")
    assert (first["until_edge"], second["until_edge"]) == ("exclusive", "inclusive")
    assert dict(second.chosen) == {"until_edge": "inclusive"}


def test_choosing_the_default_is_choosing_nothing():
    assert Readings.default().with_(until_edge="exclusive") == Readings.default()
    assert hash(Readings.default().with_(until_edge="exclusive")) == hash(Readings.default())
    assert Readings.default().with_(until_edge="inclusive") != Readings.default()


def test_one_duty_may_be_read_apart_where_the_key_allows_it():
    chosen = Readings.default().with_({"nonworking_shift:826-2.2.h1": "previous"})
    assert chosen.of("nonworking_shift", "826-2.2.h1") == "previous"
    assert chosen.of("nonworking_shift", "826-5.1.h1") == "none"
    assert chosen != Readings.default()


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"until_edge": "maybe"}, "'until_edge' cannot be 'maybe'. Allowed: exclusive, inclusive."),
        ({"untill": "exclusive"}, "no reading 'untill'. Allowed keys: until_edge, by_edge"),
        ({"video_counts": "false"}, "Allowed: false, true."),
        ({"video_counts": 0}, "Allowed: false, true."),
        ({"notice_internal_days": 0}, "Allowed: a whole number from 1 to 30."),
        ({"notice_internal_days": True}, "Allowed: a whole number from 1 to 30."),
        ({"until_edge:826-2.2.h1": "inclusive"}, "'until_edge' cannot be chosen for line '826-2.2.h1' alone"),
        ({"nonworking_shift:826-9.x": "next"}, "cannot be chosen for line '826-9.x' alone"),
    ],
)
def test_what_the_file_does_not_list_is_refused_with_what_is_allowed(choice, message):
    with pytest.raises(UnknownReading) as refused:
        Readings.default().with_(choice)
    assert message in str(refused.value)


def test_readings_come_back_from_the_texts_in_which_they_were_stored():
    stored = {"video_counts": "true", "notice_internal_days": "7", "micro": "both"}
    assert dict(Readings.stored(stored).chosen) == {"micro": "both", "notice_internal_days": 7, "video_counts": True}
    with pytest.raises(UnknownReading, match="Allowed: false, true"):
        Readings.stored({"video_counts": "True"})


def test_every_key_is_a_mapping_key():
    chosen = Readings.default()
    assert set(chosen) == set(catalogue())
    assert "until_edge" in chosen
    assert "unheard_of" not in chosen


def test_every_number_of_the_list_that_has_a_key_is_there():
    without_a_key = {"A-20", "A-23"}
    assert {found.code for found in catalogue().values()} == {f"A-{n:02}" for n in range(1, 25)} - without_a_key


def test_every_reading_speaks_of_lines_that_exist_in_three_languages():
    for found in catalogue().values():
        for rule_id in found.rules:
            assert register.line(rule_id).id == rule_id
        for titles in (found.title, *found.values.values()):
            assert all(titles[lang].strip() for lang in ("kk", "ru", "en"))
        assert re.search("[әіңғүұқөһ]", found.title["kk"].lower()), found.key


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'default = "none"',
            'default = "some"',
            "readings.toml, line 4, reading 'k': the default 'some' is not allowed (none, one)",
        ),
        ('title.ru = "r"', "", "reading 'k': 'ru' is missing"),
        ('code = "A-01"', "", "reading 'k': 'code' is missing"),
        ('key = "k"', 'key = "k', "line 4"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(tmp_path, old, new, message):
    good = (
        '\n[[reading]]\ncode = "A-01"\nkey = "k"\ndefault = "none"\nrules = []\n'
        'title.kk = "k"\ntitle.ru = "r"\ntitle.en = "e"\n'
        '[[reading.value]]\ncode = "none"\nkk = "k"\nru = "r"\nen = "e"\n'
        '[[reading.value]]\ncode = "one"\nkk = "k"\nru = "r"\nen = "e"\n'
    )
    path = tmp_path / "readings.toml"
    path.write_text(good, encoding="utf-8")
    assert readings.load(path)["k"].default == "none"
    path.write_text(good.replace(old, new), encoding="utf-8")
    with pytest.raises(BadReadingsFile) as refused:
        readings.load(path)
    assert message in str(refused.value)
    path.write_text(good + good, encoding="utf-8")
    with pytest.raises(BadReadingsFile, match="line 23, reading 'k': the key stands twice"):
        readings.load(path)
