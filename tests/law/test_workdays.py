"""Working days and days off: what a clerk sees on the wall calendar, for every year that is held."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law import workdays
from law.workdays import BadDaysFile, YearMissing

HELD = st.dates(date(2013, 2, 1), date(2028, 11, 30))


@pytest.mark.parametrize(
    ("day", "kk", "ru", "en"),
    [
        (date(2027, 10, 25), "Республика күні", "День Республики", "Republic Day"),
        (
            date(2027, 1, 4),
            "демалыс күні: Жаңа жыл (2 қаңтар 2027) демалысқа тура келді",
            "выходной: Новый год (2 января 2027) выпадает на выходной",
            "day off: New Year (2 January 2027) falls on a weekend",
        ),
        (
            date(2025, 1, 3),
            "демалыс күні: 5 қаңтар 2025 күнінен ауыстырылған",
            "выходной: перенесен с 5 января 2025",
            "day off: moved from 5 January 2025",
        ),
        (date(2027, 1, 10), "жексенбі", "воскресенье", "Sunday"),
        (date(2027, 5, 16), "Құрбан айттың бірінші күні", "Первый день Курбан-айта", "First day of Kurban Ait"),
    ],
)
def test_a_day_off_says_why_in_each_language(day, kk, ru, en):
    assert not workdays.is_working(day)
    assert [workdays.why_not_working(day, lang) for lang in ("kk", "ru", "en")] == [kk, ru, en]


def test_a_working_day_has_no_reason():
    assert workdays.is_working(date(2027, 1, 5))
    assert workdays.why_not_working(date(2027, 1, 5), "kk") is None


def test_a_sunday_that_was_swapped_for_a_friday_is_worked():
    assert workdays.is_working(date(2025, 1, 5))
    assert not workdays.is_working(date(2025, 1, 3))


def test_constitution_day_left_august_in_2026_and_stands_in_march_from_2027():
    assert not workdays.is_working(date(2025, 9, 1))  # for 30 August 2025, a Saturday
    assert workdays.is_working(date(2026, 8, 31))
    assert workdays.is_working(date(2026, 3, 16))
    assert not workdays.is_working(date(2027, 3, 15))


def test_the_days_around_the_long_nauryz_of_2026():
    assert workdays.next_working(date(2026, 3, 20)) == date(2026, 3, 26)
    assert workdays.next_working_on_or_after(date(2026, 3, 21)) == date(2026, 3, 26)
    assert workdays.previous_working_on_or_before(date(2026, 3, 25)) == date(2026, 3, 20)


def test_a_year_without_a_file_is_refused_with_the_file_to_add():
    with pytest.raises(YearMissing, match=r"2031.*add law/days/2031\.toml"):
        workdays.is_working(date(2031, 5, 5))


def test_every_year_from_2013_to_2028_is_held_and_says_whether_moves_are_decreed():
    assert workdays.years_available() == tuple(range(2013, 2029))
    assert {year: workdays.year(year).moves for year in (2025, 2026, 2027, 2028)} == {
        2025: "decreed",
        2026: "none",
        2027: "not_yet_decreed",
        2028: "not_yet_decreed",
    }


def test_every_moved_day_names_its_order_and_gives_one_day_for_another():
    for number in workdays.years_available():
        year = workdays.year(number)
        assert all(order.startswith(("Resolution", "Order")) for order in year.worked.values())
        assert all(day.weekday() >= 5 or day in year.off for day in year.worked)
        assert all(reason.order for reason in year.off.values() if reason.kind == "moved")


def test_our_days_are_those_of_the_holidays_package():
    """Both were made apart; the difference is listed day by day, and is none."""
    differences = []
    for number in workdays.years_available():
        theirs = holidays.country_holidays("KZ", years=[number - 1, number, number + 1])
        day = date(number, 1, 1)
        while day.year == number:
            if workdays.is_working(day) != theirs.is_working_day(day):
                differences.append((day, theirs.get(day)))
            day += timedelta(days=1)
    assert differences == []


@given(HELD)
def test_the_next_and_the_previous_working_day_are_neighbours(day):
    after, before = workdays.next_working(day), workdays.previous_working_on_or_before(day - timedelta(days=1))
    assert before < day < after
    assert workdays.is_working(before)
    assert workdays.is_working(after)
    between = [before + timedelta(days=number) for number in range(1, (after - before).days)]
    assert [found for found in between if workdays.is_working(found)] == ([day] if workdays.is_working(day) else [])


@given(HELD)
def test_a_day_has_a_reason_exactly_when_it_is_off(day):
    reasons = [workdays.why_not_working(day, lang) for lang in ("kk", "ru", "en")]
    assert [bool(reason) for reason in reasons] == [not workdays.is_working(day)] * 3


GOOD = """
year = 2030
moves = "none"
checked_on = 2026-11-21

[[holiday]]
name = "nauryz"
days = [2030-03-23]

[[day_off]]
day = 2030-03-25
instead_of = 2030-03-23
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year = 2030", "year = 2031", "2030.toml: it speaks of 2031"),
        ('"none"', '"perhaps"', "moves = 'perhaps' is none of decreed"),
        ("checked_on = 2026-11-21", "", "'checked_on' is missing"),
        ('"nauryz"', '"norooz"', "holiday 'norooz': holidays.toml does not name it"),
        ("instead_of = 2030-03-23", "instead_of = 2030-03-22", "2030-03-22 is no holiday"),
        ("day = 2030-03-25", "day = 2029-03-25", "2029-03-25 belongs to another year"),
        ("[[day_off]]", "[day_off", "line 10"),
    ],
)
def test_a_bad_file_of_days_is_refused_with_the_reason(tmp_path, old, new, message):
    path = tmp_path / "2030.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert workdays.load(path).off
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadDaysFile) as refused:
        workdays.load(path)
    assert message in str(refused.value)
