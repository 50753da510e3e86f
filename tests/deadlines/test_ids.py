"""The id of a duty says what it is about, the same in every run."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from deadlines import ids
from deadlines.ids import Subject
from law.numbers import BadNumbersFile, load, number_of, numbers, rule_with
from law.register import acts

PERIODS = some.builds(lambda year, part: f"{year}{part}", some.integers(2001, 2127), some.sampled_from(ids.PARTS))


@given(
    kind=some.sampled_from(list(Subject)),
    subject=some.integers(1, (1 << 30) - 1),
    rule_id=some.sampled_from(sorted(numbers())),
    period=PERIODS | some.just(""),
)
def test_an_id_can_be_taken_apart_again_and_fits_into_53_bits(kind, subject, rule_id, period):
    pk = ids.duty_id(kind, subject, rule_id, period)
    assert ids.parts(pk) == (kind, subject, rule_id, period)
    assert 0 < pk < 1 << 53
    first, last = ids.range_of(kind, subject)
    assert first <= pk <= last


def test_ids_that_were_given_once_stay_what_they_are():
    # Stored in databases and sent in letters: these numbers may never change.
    assert ids.duty_id(Subject.MEETING, 1, "826-3.4.e") == 2251799814245376
    assert [number_of(rule) for rule in ("826-0.h1", "826-2.1.h2", "826-3.5.d1", "12-1.1.h2")] == [1, 6, 47, 65]


def test_every_line_of_the_register_has_a_number_of_its_own():
    lines = [rule_id for act in acts().values() for rule_id in act.rules]
    assert {rule_with(number_of(rule_id)) for rule_id in lines} == set(lines)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('["826"]\n"826-1.h1" = 7\n"826-1.h2" = 7\n', "7 is the number of 826-1.h1"),
        ('["826"]\n"826-1.h1" = 512\n', "512 is no whole number from 1 to 511"),
        ('["826"]\n"12-1.h1" = 1\n', "it stands in the table of 826"),
    ],
)
def test_a_bad_file_of_numbers_is_refused_with_its_line(tmp_path, text, fault):
    (tmp_path / "numbers.toml").write_text(text)
    with pytest.raises(BadNumbersFile, match=fault):
        load(tmp_path / "numbers.toml")


@pytest.mark.parametrize("subject", [0, -1, 1 << 30])
def test_a_subject_that_does_not_fit_is_refused(subject):
    with pytest.raises(ValueError, match="does not fit"):
        ids.duty_id(Subject.MEETING, subject, "826-3.4.e")


@pytest.mark.parametrize("code", ["2027-Q5", "1999", "2128", "2027-H3"])
def test_a_period_that_is_none_is_refused(code):
    with pytest.raises(ValueError, match="no period"):
        ids.period_number(code)
