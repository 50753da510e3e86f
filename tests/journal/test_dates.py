"""How a day, a period, a number and a Kazakh word are written, found and put in order."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from journal import dates

DAY = date(2027, 1, 15)


# -- Days -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lang", "words"),
    [("kk", "15 қаңтар 2027 ж."), ("ru", "15 января 2027 г."), ("en", "15 January 2027")],
)
def test_a_date_is_written_as_the_language_writes_it(lang, words):
    assert dates.long_date(DAY, lang) == words


@pytest.mark.parametrize(
    ("lang", "words"),
    [("kk", "2027 жылғы 15 қаңтар"), ("ru", "15 января 2027 года"), ("en", "15 January 2027")],
)
def test_an_order_is_dated_in_official_words(lang, words):
    assert dates.official_date(DAY, lang) == words


def test_the_short_date_has_the_same_width_in_every_language():
    assert {dates.short_date(DAY, lang) for lang in dates.LANGS} == {"15.01.2027"}
    assert dates.short_date(date(2027, 12, 3)) == "03.12.2027"


def test_the_reader_s_language_counts_when_none_is_given():
    with translation.override("ru"):
        assert dates.long_date(DAY) == "15 января 2027 г."
    with translation.override("kk"):
        assert dates.long_date(DAY) == "15 қаңтар 2027 ж."


def test_an_unknown_language_falls_back_to_kazakh():
    assert dates.language("de") == "kk"
    assert dates.language("ru-kz") == "ru"
    with translation.override(None):
        assert dates.language() == "kk"


def test_every_weekday_has_its_name_and_its_short_name():
    week = [date(2027, 1, 11 + n) for n in range(7)]
    assert [dates.weekday(day, "kk") for day in week] == list(dates.weekdays("kk"))
    assert dates.weekday(DAY, "kk") == "жұма"
    assert dates.weekday(DAY, "ru") == "пятница"
    assert dates.weekday(DAY, "en", short=True) == "Fri"
    assert dates.weekdays("kk", short=True) == ("дс", "сс", "ср", "бс", "жм", "сб", "жс")


def test_a_month_is_named_by_its_place_in_the_sentence():
    assert dates.month_name(1, "ru") == "январь"
    assert dates.month_name(1, "ru", "date") == "января"
    assert dates.month_name(1, "ru", "in") == "январе"
    assert dates.month_name(11, "kk", "in") == "қарашада"
    assert dates.month_name(11, "kk", "date") == "қараша"
    assert dates.month_name(5, "en", "in") == "May"


def test_twelve_months_differ_in_every_language_and_case():
    for lang in dates.LANGS:
        for case in ("alone", "date", "in"):
            assert len({dates.month_name(n, lang, case) for n in range(1, 13)}) == 12


@pytest.mark.parametrize("month", [0, 13, -1])
def test_there_is_no_thirteenth_month(month):
    with pytest.raises(ValueError, match="no month"):
        dates.month_name(month, "kk")


def test_a_day_of_a_month_can_be_short_for_narrow_cells():
    assert dates.day_month(DAY, "kk", short=True) == "15 қаң"
    assert dates.day_month(date(2027, 5, 3), "ru", short=True) == "3 мая"
    assert dates.day_month(DAY, "ru") == "15 января"


# -- Distance -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "kk", "ru", "en"),
    [
        (date(2027, 1, 15), "бүгін", "сегодня", "today"),
        (date(2027, 1, 16), "ертең", "завтра", "tomorrow"),
        (date(2027, 1, 14), "кеше", "вчера", "yesterday"),
        (date(2027, 1, 21), "6 күннен кейін", "через 6 дней", "in 6 days"),
        (date(2027, 1, 13), "2 күн бұрын", "2 дня назад", "2 days ago"),
        (date(2027, 2, 5), "21 күннен кейін", "через 21 день", "in 21 days"),
        (date(2027, 1, 27), "12 күннен кейін", "через 12 дней", "in 12 days"),
        (date(2027, 2, 6), "22 күннен кейін", "через 22 дня", "in 22 days"),
        (date(2027, 1, 26), "11 күннен кейін", "через 11 дней", "in 11 days"),
    ],
)
def test_a_day_says_how_far_it_is(day, kk, ru, en):
    assert [dates.distance(day, DAY, lang) for lang in ("kk", "ru", "en")] == [kk, ru, en]


@pytest.mark.parametrize(
    ("day", "kk", "ru", "en"),
    [
        (date(2027, 1, 15), "бүгін", "сегодня", "today"),
        (date(2027, 1, 14), "1 күнге кешікті", "просрочено на 1 день", "1 day late"),
        (date(2027, 1, 13), "2 күнге кешікті", "просрочено на 2 дня", "2 days late"),
        (date(2026, 12, 25), "21 күнге кешікті", "просрочено на 21 день", "21 days late"),
        (date(2027, 1, 17), "2 күннен кейін", "через 2 дня", "in 2 days"),
    ],
)
def test_something_owed_says_how_late_it_is(day, kk, ru, en):
    assert [dates.lateness(day, DAY, lang) for lang in ("kk", "ru", "en")] == [kk, ru, en]


def test_a_moment_is_as_far_as_its_day():
    moment = datetime(2027, 1, 17, 23, 59, tzinfo=UTC)
    assert dates.distance(moment, DAY, "en") == "in 2 days"


# -- Periods, durations, numbers ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "kk", "ru", "en"),
    [
        ("2027", "2027 жыл", "2027 год", "2027"),
        ("2027-H1", "2027 жылғы I жартыжылдық", "I полугодие 2027 года", "first half-year of 2027"),
        ("2027-H2", "2027 жылғы II жартыжылдық", "II полугодие 2027 года", "second half-year of 2027"),
        ("2027-Q4", "2027 жылғы IV тоқсан", "IV квартал 2027 года", "fourth quarter of 2027"),
        ("2027-05", "2027 жылғы мамыр", "май 2027 года", "May 2027"),
    ],
)
def test_a_period_is_said_in_words(code, kk, ru, en):
    assert [dates.period(code, lang) for lang in ("kk", "ru", "en")] == [kk, ru, en]


@pytest.mark.parametrize("code", ["2027-H3", "2027-Q5", "2027-13", "27", "", "2027-H", "x2027"])
def test_a_wrong_period_is_refused(code):
    with pytest.raises(ValueError, match="no "):
        dates.period(code, "kk")


def test_minutes_are_said_as_hours_and_minutes():
    assert dates.duration(135, "kk") == "2\u00a0сағ 15\u00a0мин"
    assert dates.duration(135, "ru") == "2\u00a0ч 15\u00a0мин"
    assert dates.duration(120, "en") == "2\u00a0h"
    assert dates.duration(30, "en") == "30\u00a0min"
    assert dates.duration(0, "kk") == "0\u00a0мин"


def test_numbers_are_grouped_with_a_space_that_does_not_break():
    assert dates.number(16892) == "16\u00a0892"
    assert dates.number(7) == "7"
    assert dates.number(-1234, "ru") == "\u22121\u00a0234"


def test_decimals_follow_the_language():
    assert dates.number(Decimal("1234567.50"), "kk") == "1\u00a0234\u00a0567,50"
    assert dates.number(1234.5, "en", places=2) == "1\u00a0234.50"
    assert dates.number(99.96, "ru", places=1) == "100,0"


# -- Search ---------------------------------------------------------------------------------------
def test_a_name_is_found_however_its_letters_were_typed():
    found = dates.fold("Құмкент ауылдық округі")
    assert found == "кумкент ауылдык округи"
    assert dates.fold("кумкент ауылдык округи") == found
    assert dates.fold("ҚҰМКЕНТ  АУЫЛДЫҚ   ОКРУГІ") == found


def test_every_kazakh_letter_folds_to_its_neighbour():
    assert dates.fold("ә ғ қ ң ө ұ ү һ і ё") == "а г к н о у у х и е"


def test_latin_look_alikes_inside_a_kazakh_word_are_forgiven():
    assert dates.fold("Созaқ") == dates.fold("Созақ")
    assert dates.fold("ШАHАР") == dates.fold("ШАНАР")
    assert dates.fold("шаhар") == dates.fold("шаһар")
    assert dates.fold("Yшбас") == dates.fold("Үшбас")
    assert dates.fold("iшкi") == "ишки"


def test_a_latin_word_stays_latin():
    assert dates.fold("WhatsApp-топ") == "whatsapp топ"


def test_punctuation_never_hides_a_word():
    assert dates.fold("«Жаңа_ауыл» (бұрынғы № 5)") == "жана ауыл бурынгы 5"
    assert dates.fold("  \u00a0 ") == ""


def test_a_letter_composed_of_two_signs_is_the_same_letter():
    assert dates.fold("и\u0306од") == dates.fold("йод")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    once = dates.fold(text)
    assert dates.fold(once) == once


# -- Order ----------------------------------------------------------------------------------------
def test_names_stand_in_the_order_of_the_kazakh_alphabet():
    alphabet = list("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя")
    assert sorted(reversed(alphabet), key=dates.kk_sort_key) == alphabet
    assert sorted((letter.upper() for letter in reversed(alphabet)), key=dates.kk_sort_key) == [
        letter.upper() for letter in alphabet
    ]


def test_real_names_sort_as_a_kazakh_reader_expects():
    names = ["Ұзынағаш", "Үшбас", "Іле", "Жаңатас", "Ақтау", "Әйтеке би", "Қарақұр", "Кентау", "Өзен", "Отырар"]
    assert sorted(names, key=dates.kk_sort_key) == [
        "Ақтау", "Әйтеке би", "Жаңатас", "Кентау", "Қарақұр", "Отырар", "Өзен", "Ұзынағаш", "Үшбас", "Іле",
    ]  # fmt: skip


def test_number_two_comes_before_number_ten():
    assert sorted(["№ 10 ауыл", "№ 2 ауыл", "№ 1 ауыл"], key=dates.kk_sort_key) == [
        "№ 1 ауыл", "№ 2 ауыл", "№ 10 ауыл",
    ]  # fmt: skip


def test_case_quotes_and_spaces_do_not_change_the_order():
    assert dates.kk_sort_key("«Ақтау»") == dates.kk_sort_key("  ақтау ")
    assert dates.kk_sort_key("Ақ  жол") == dates.kk_sort_key("ақ-жол")


def test_a_shorter_name_comes_before_its_continuation():
    assert sorted(["Ақтаулық", "Ақтау ауылы", "Ақтау"], key=dates.kk_sort_key) == ["Ақтау", "Ақтау ауылы", "Ақтаулық"]


@given(st.text(max_size=40))
def test_the_key_is_digits_only_so_that_every_database_orders_it_alike(text):
    key = dates.kk_sort_key(text)
    assert key == "" or (key.isascii() and key.isdigit())
