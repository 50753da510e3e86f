"""Dates and times as people type them and as Excel keeps them."""

import datetime as dt

import pytest

from calendars.workbook.cells import Context, read
from calendars.workbook.sheet import Cell, CellKind
from calendars.workbook.template import Column, Kind

from .books import CONTEXT, GOOD_ROW, codes, said, table, xlsx

DAY = Column("day", {"kk": "Күні"}, kind=Kind.DATE)
TIME = Column("time", {"kk": "Уақыты"}, kind=Kind.TIME)


def day(value, context=CONTEXT):
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    return read(Cell(value, kind), DAY, context)


def message(value, language, column=3):
    """The one finding about a value put into the column of dates (or times), in words."""
    row = list(GOOD_ROW)
    row[column] = value
    _found, findings = table(xlsx([row]))
    (finding,) = list(findings)
    return said(finding, language)


@pytest.mark.parametrize(
    "typed",
    [
        "15.01.2027", "15/01/2027", "15-01-2027", "2027-01-15", "2027.01.15", "2027/01/15", "15.1.2027", "15. 01. 2027",
        "15 қаңтар 2027 ж.", "15 қаңтар 2027", "15 Қаңтар 2027 жыл", "2027 жылғы 15 қаңтар", "2027 ж. 15 қаңтар",
        "15 января 2027 г.", "15 января 2027 года", "«15» января 2027 г.", "15 ЯНВАРЯ 2027", "15 янв. 2027",
        "15 January 2027", "15-янв-2027", "15.01.2027 г.", "15.01.2027 ж.",
    ],
)  # fmt: skip
def test_b23_listed_forms_of_a_date_are_accepted_and_counted(typed):
    reading = day(typed)

    assert reading.value == dt.date(2027, 1, 15)
    assert reading.repairs == ("text_date",)
    assert reading.remarks == ()


@pytest.mark.parametrize("month", range(1, 13))
def test_b23_every_month_in_kazakh_and_russian(month):
    kazakh = "қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан"
    russian = "января, февраля, марта, апреля, мая, июня, июля, августа, сентября, октября, ноября, декабря"

    for names in (kazakh, russian):
        assert day(f"7 {names.split(', ')[month - 1]} 2027").value == dt.date(2027, month, 7)


@pytest.mark.parametrize(
    "typed", ["ертең", "наурыз", "15", "2027", "1-тоқсан", "15.03", "15.03.20226", "15 мартобря 2027"]
)
def test_b23_anything_else_is_not_a_date(typed):
    assert day(typed).value is None
    assert day(typed).remarks[0].code in ("B23", "B29")


def test_b23_says_so():
    assert message("ертең", "ru") == (
        "Лист «Күнтізбе», строка 2, столбец D («Күні»): «ертең» не дата. Запишите как 15.03.2027."
    )


def test_b24_a_bare_serial_is_offered_and_not_taken():
    assert message(46037, "ru") == (
        "Лист «Күнтізбе», строка 2, столбец D («Күні»): число 46037 похоже на дату 15 января 2026 без формата даты. "
        "Задайте ячейке формат даты или согласитесь с предложенным прочтением 15.01.2026."
    )
    assert "46037 саны күн пішімі қойылмаған күнге ұқсайды (15 қаңтар 2026)" in message(46037, "kk")
    assert day(46037).value is None
    assert day(46037).remarks[0].accepted == dt.date(2026, 1, 15)
    assert day("46037").remarks[0].accepted == dt.date(2026, 1, 15)


def test_b24_a_serial_of_the_1904_system_is_offered_by_that_system():
    assert day(44575, Context(year=2027, date1904=True)).remarks[0].accepted == dt.date(2026, 1, 15)


def test_b25_an_ambiguous_date_is_read_day_first_with_the_reading_written_out():
    assert day("01/02/2027").value == dt.date(2027, 2, 1)
    assert message("01/02/2027", "ru") == (
        "Лист «Күнтізбе», строка 2, столбец D («Күні»): «01/02/2027» можно прочитать двояко; "
        "прочитано как 1 февраля 2027 (сначала день). "
        "Если имеется в виду другой день, запишите его в виде 01.02.2027."
    )
    assert "ол 1 ақпан 2027 деп оқылды (алдымен күні)" in message("01/02/2027", "kk")


@pytest.mark.parametrize("typed", ["15/01/2027", "01.02.2027", "05/05/2027"])
def test_b25_what_can_be_read_in_one_way_only_needs_no_warning(typed):
    assert day(typed).remarks == ()


def test_b25_a_year_of_two_digits_is_written_out():
    assert day("15.01.27").value == dt.date(2027, 1, 15)
    assert "прочитано как 15 января 2027" in message("15.01.27", "ru")


@pytest.mark.parametrize(
    "typed", ["30.02.2027", "31.04.2027", "15.13.2027", "29.02.2027", "00.01.2027", "31 сәуір 2027"]
)
def test_b26_impossible_days_are_errors(typed):
    assert day(typed).value is None
    assert [remark.code for remark in day(typed).remarks] == ["B26"]


def test_b26_says_exactly_what_the_contract_promises():
    assert message("15.13.2027", "ru") == (
        "Лист «Күнтізбе», строка 2, столбец D («Күні»): «15.13.2027» не дата. Запишите как 15.03.2027."
    )
    assert message("15.13.2027", "kk") == (
        '"Күнтізбе" парағы, 2-жол, D бағаны («Күні»): «15.13.2027» күн емес. Күнді 15.03.2027 түрінде жазыңыз.'
    )


def test_b26_the_example_keeps_the_year_that_was_typed():
    assert day("15.13.2028").remarks[0].params["example"] == "15.03.2028"


def test_b27_midnight_is_removed_and_other_times_are_handed_on():
    midnight = read(Cell(dt.datetime(2027, 3, 15), CellKind.DATETIME), DAY, CONTEXT)
    late = read(Cell(dt.datetime(2027, 3, 15, 23, 59), CellKind.DATETIME), DAY, CONTEXT)

    assert (midnight.value, midnight.moment, midnight.repairs) == (dt.date(2027, 3, 15), None, ("midnight",))
    assert (late.value, late.moment) == (dt.date(2027, 3, 15), dt.time(23, 59))
    assert day("15.03.2027 14:30").moment == dt.time(14, 30)
    assert day("2027-03-15T14:30:00").moment == dt.time(14, 30)
    assert day("15 наурыз 2027 ж., 14:30").moment == dt.time(14, 30)


@pytest.mark.parametrize("typed", ["2027-03-15T14:30:00Z", "15.03.2027 14:30+05:00", "2027-03-15T14:30:00.000Z"])
def test_b27_a_zone_is_refused(typed):
    assert [remark.code for remark in day(typed).remarks] == ["B27.zone"]


def test_b27_says_so():
    assert "указан часовой пояс. Запишите местное время без часового пояса" in message("2027-03-15T14:30:00Z", "ru")
    assert "уақыт белдеуі көрсетілген" in message("2027-03-15T14:30:00Z", "kk")
    assert "«14:30» — время, а не дата" in message("14:30", "ru")
    assert "«14:30» — күн емес, уақыт" in message("14:30", "kk")


@pytest.mark.parametrize("number", [60, -5, 0, 3_000_000, 1e300])
def test_b29_serials_out_of_any_year(number):
    assert [remark.code for remark in day(float(number)).remarks] == ["B29"]


def test_b29_a_day_before_march_1900_is_out_of_any_year():
    reading = read(Cell(dt.date(1900, 2, 28), CellKind.DATE), DAY, CONTEXT)

    assert reading.value is None
    assert reading.remarks[0].code == "B29"
    assert "«3000000» — дата вне какого-либо года. Запишите как 15.03.2027." in message(3_000_000, "ru")
    assert "«3000000» ешбір жылға жатпайтын күн. Күнді 15.03.2027" in message(3_000_000, "kk")


def time_of(value):
    kind = CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER
    return read(Cell(value, kind), TIME, CONTEXT)


@pytest.mark.parametrize(
    "typed",
    ["9:30", "09:30", "09:30:00", "9.30", "09-30", "9,30", "сағат 9.30-да", "в 09:30 ч.", "9 ч 30 мин", "9 сағ 30 мин"],
)
def test_b53_listed_forms_of_a_time_are_accepted(typed):
    assert time_of(typed).value == dt.time(9, 30)


def test_b53_a_part_of_a_day_is_a_time():
    assert time_of(0.395833).value == dt.time(9, 30)
    assert time_of("0,395833").value == dt.time(9, 30)
    assert time_of(0.0).value == dt.time(0, 0)
    assert time_of(0.395833).repairs == ("day_fraction",)


def test_b53_time_cells_of_every_kind():
    assert read(Cell(dt.time(9, 29, 59, 990_000), CellKind.TIME), TIME, CONTEXT).value == dt.time(9, 30)
    assert read(Cell(dt.datetime(2027, 3, 15, 9, 30), CellKind.DATETIME), TIME, CONTEXT).value == dt.time(9, 30)
    assert read(Cell(dt.timedelta(hours=9, minutes=30), CellKind.DURATION), TIME, CONTEXT).value == dt.time(9, 30)
    assert read(Cell(dt.timedelta(hours=30), CellKind.DURATION), TIME, CONTEXT).remarks[0].code == "B53"
    assert read(Cell(dt.date(2027, 3, 15), CellKind.DATE), TIME, CONTEXT).remarks[0].code == "B53"


@pytest.mark.parametrize("typed", ["25:00", "24:00", "9:75", "түстен кейін", "утром", "9", "930", "-1"])
def test_b53_anything_else_is_not_a_time(typed):
    assert time_of(typed).value is None


def test_b53_says_so():
    assert message("25:00", "ru", 4) == (
        "Лист «Күнтізбе», строка 2, столбец E («Уақыты»): «25:00» не время. Запишите как 09:30."
    )
    assert "«25:00» уақыт емес. Уақытты 09:30 түрінде жазыңыз." in message("25:00", "kk", 4)
    assert "число 9.3 может означать время 09:30" in message(9.3, "ru", 4)
    assert "9.3 саны 09:30 уақытын білдіруі мүмкін" in message(9.3, "kk", 4)
    assert "указаны два времени" in message("10:00-12:00", "ru", 4)
    assert "екі уақыт бар" in message("10:00-12:00", "kk", 4)


def test_b28_a_1904_workbook_gives_the_same_days():
    def fill(book, sheet):
        sheet.write_row(1, 0, GOOD_ROW)
        sheet.write_datetime(1, 3, dt.datetime(2027, 3, 15), book.add_format({"num_format": "dd.mm.yyyy"}))

    found, findings = table(xlsx(more=fill, book={"date_1904": True}))

    assert found.rows[0].values["day"] == dt.date(2027, 3, 15)
    assert codes(findings) == []
