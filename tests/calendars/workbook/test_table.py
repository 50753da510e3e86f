"""Finding the sheet, the headings and the rows; telling what was left out."""

import datetime as dt

import pytest

from calendars.workbook.cells import Context
from calendars.workbook.findings import Severity

from .books import CONTEXT, GOOD_ROW, HEADINGS, codes, only, said, table, xlsx

RU = ("Код проводящего", "Код территории", "Название", "Дата", "Время", "Длительность, мин", "Выездная", "Формат")


def test_a_right_row_comes_out_clean():
    found, findings = table(xlsx([GOOD_ROW]))

    assert codes(findings) == []
    assert found.rows[0].number == 2
    assert found.rows[0].ok
    assert found.rows[0].values == {
        "holder": "610000000",
        "target": "611000000",
        "name": "Шымкент",
        "day": dt.date(2027, 3, 15),
        "time": dt.time(10, 0),
        "minutes": 90,
        "offsite": True,
        "format": "in_person",
        "note": None,
    }


# Sheets (B17).


@pytest.mark.parametrize("name", ["Күнтізбе", "Календарь", "КАЛЕНДАРЬ ", "calendar"])
def test_b17_the_sheet_is_found_by_its_name_in_any_language(name):
    def before(book, sheet):
        book.worksheets_objs.reverse()

    found, findings = table(xlsx([GOOD_ROW], name=name))

    assert len(found.rows) == 1
    assert codes(findings) == []


def test_b17_a_renamed_sheet_is_found_by_its_mark():
    def mark(book, sheet):
        book.define_name("akim_calendar", "='Менің парағым'!$A$1")
        book.add_worksheet("Басқа").write_row(0, 0, HEADINGS)

    found, findings = table(xlsx([GOOD_ROW], name="Менің парағым", more=mark))

    assert found.sheet.name == "Менің парағым"
    assert codes(findings) == []


def test_b17_sheet1_is_taken_for_its_headings_with_a_warning():
    found, findings = table(xlsx([GOOD_ROW], name="Sheet1", more=lambda book, sheet: book.add_worksheet("2")))

    warning = only(findings, "B17.renamed")
    assert found.rows
    assert said(warning, "ru") == (
        "Лист «Sheet1»: этот лист прочитан, потому что его заголовки соответствуют таблице «Календарь». "
        "Проверьте, что это нужный лист."
    )
    assert "«Күнтізбе» кестесінікі" in said(warning, "kk")


def test_b17_no_sheet_is_said_with_those_that_are_there():
    found, findings = table(xlsx(headings=("a", "b"), name="Sheet1", more=lambda book, s: book.add_worksheet("Лист2")))

    assert found is None
    assert said(only(findings, "B17.missing"), "ru") == (
        "Нет листа «Календарь»; в книге есть: Sheet1, Лист2. "
        "Назовите лист с таблицей «Календарь» или возьмите шаблон этой системы."
    )
    assert said(only(findings, "B17.missing"), "kk").startswith("«Күнтізбе» парағы жоқ; кітапта бар парақтар: Sheet1")


@pytest.mark.parametrize("second", ["Күнтізбе (2)", "Календарь"])
def test_b17_two_sheets_that_may_be_meant_are_asked_about(second):
    found, findings = table(xlsx([GOOD_ROW], more=lambda book, sheet: book.add_worksheet(second)))

    assert found is None
    finding = only(findings, "B17.several")
    assert said(finding, "ru").startswith(f"Таблица может быть на нескольких листах: Күнтізбе, {second}.")
    assert said(finding, "kk").startswith(f"Кесте бірнеше парақта болуы мүмкін: Күнтізбе, {second}.")


def test_b17_a_hidden_sheet_is_read_with_a_warning():
    def hide(book, sheet):
        sheet.hide()
        book.add_worksheet("Басқа").activate()

    found, findings = table(xlsx([GOOD_ROW], more=hide))

    assert found.rows
    assert said(only(findings, "B17.hidden"), "ru").startswith(
        "Лист «Күнтізбе»: лист с таблицей скрыт; он прочитан. Проверьте, что это нужная таблица"
    )
    assert said(only(findings, "B17.hidden"), "kk").startswith('"Күнтізбе" парағы: кестесі бар парақ жасырын')


# Headings (B18 – B20).


def test_b18_headings_are_found_under_titles():
    def titles(book, sheet):
        sheet.write_row(0, 0, [""] * 9)
        sheet.write(0, 0, "Түркістан облысының 2027 жылғы күнтізбесі")
        sheet.write(2, 0, "Бекітілді")
        sheet.write_row(5, 0, HEADINGS)
        sheet.write_row(6, 0, GOOD_ROW)

    found, findings = table(xlsx(headings=(), more=titles))

    assert (found.header.first_row, found.header.last_row) == (6, 6)
    assert [row.number for row in found.rows] == [7]
    assert codes(findings) == []


def test_b18_headings_in_two_rows_are_read_together():
    def two(book, sheet):
        sheet.write_row(0, 0, ["Код", "", "Атауы", "Кездесу", "", "", "Көшпелі", "Нысаны"])
        sheet.write_row(1, 0, ["проводящего", "территории", "", "күні", "уақыты", "Ұзақтығы, мин"])
        sheet.merge_range("A1:B1", "Код")
        sheet.merge_range("D1:F1", "Кездесу")
        sheet.write_row(2, 0, GOOD_ROW)

    found, findings = table(xlsx(headings=(), more=two))

    assert (found.header.first_row, found.header.last_row) == (1, 2)
    assert found.rows[0].values["target"] == "611000000"
    assert found.rows[0].values["day"] == dt.date(2027, 3, 15)
    assert not findings.has_errors


def test_b18_without_headings_expected_and_found_are_shown():
    found, findings = table(xlsx([("1", "2")], headings=("Бірінші", "Екінші")))

    assert found is None
    finding = only(findings, "B18")
    assert said(finding, "ru") == (
        "Лист «Күнтізбе»: в первых 20 строках нет строки заголовков. Ожидались: Код проводящего, Код территории, Дата. "
        "Найдены: Бірінші, Екінші. Возьмите шаблон этой системы, скопируйте в него строки и загрузите."
    )
    assert "Күтілгені: Өткізуші коды, Аумақ коды, Күні. Табылғаны: Бірінші, Екінші." in said(finding, "kk")


def test_b18_headings_below_the_twentieth_row_are_not_looked_for():
    def low(book, sheet):
        sheet.write_row(25, 0, HEADINGS)
        sheet.write_row(26, 0, GOOD_ROW)

    assert codes(table(xlsx(headings=("Тақырып",), more=low))[1]) == ["B18"]


@pytest.mark.parametrize(
    "headings",
    [
        RU,
        tuple(heading.upper() for heading in HEADINGS),
        tuple(f"  {heading}  * " for heading in HEADINGS),
        tuple(f"{kk} / {ru}" for kk, ru in zip(HEADINGS, RU, strict=True)),
        tuple(f"{kk}\n{ru}" for kk, ru in zip(HEADINGS, RU, strict=True)),
        tuple(f"{heading} (міндетті)" for heading in HEADINGS),
        tuple(heading.replace("о", "o").replace("а", "a") for heading in HEADINGS),  # Latin letters
        ("Holder code", "Target code", "Name", "Date", "Time", "Minutes", "Offsite", "Format"),
    ],
)
def test_b19_headings_are_matched_by_meaning(headings):
    found, findings = table(xlsx([GOOD_ROW], headings=headings))

    assert found.rows[0].values["day"] == dt.date(2027, 3, 15)
    assert found.rows[0].values["minutes"] == 90
    assert codes(findings) == []


def test_b19_any_order_and_the_mapping_is_shown():
    found, _findings = table(xlsx([tuple(reversed(GOOD_ROW))], headings=tuple(reversed(RU))))

    assert found.rows[0].values["holder"] == "610000000"
    assert found.header.mapping()[:2] == [("A", "Формат", "format"), ("B", "Выездная", "offsite")]


def test_b20_a_heading_twice():
    found, findings = table(xlsx([(*GOOD_ROW, "16.03.2027")], headings=(*HEADINGS, "Дата")))

    assert found is None
    finding = only(findings, "B20.twice")
    assert said(finding, "ru") == (
        "Лист «Күнтізбе», строка 1, столбец I («Дата»): столбцы D, I имеют одно значение («Дата»). "
        "Оставьте один из них, остальные удалите или переименуйте."
    )
    assert "D, I бағандарының мағынасы бірдей («Күні»)" in said(finding, "kk")


def test_b20_a_required_heading_is_missing():
    found, findings = table(xlsx([GOOD_ROW], headings=("Өткізуші коды", "x", "Атауы", "Күні")))

    assert found is None
    finding = only(findings, "B20.missing")
    assert said(finding, "ru") == (
        "Лист «Күнтізбе», строка 1: нет столбца «Код территории». "
        "Добавьте столбец с этим заголовком или возьмите шаблон этой системы."
    )
    assert "«Аумақ коды» бағаны жоқ" in said(finding, "kk")


def test_b20_unknown_columns_are_listed_as_not_read():
    found, findings = table(xlsx([(*GOOD_ROW, "x", "y")], headings=(*HEADINGS, "Өз белгім")))

    assert found.rows[0].ok
    unknown = only(findings, "B20.unknown")
    assert unknown.severity == Severity.NOTE
    assert said(unknown, "ru").startswith(
        "Лист «Күнтізбе», строка 1, столбец I («Өз белгім»): столбец неизвестен и не прочитан."
    )
    assert said(unknown, "kk").startswith('"Күнтізбе" парағы, 1-жол, I бағаны («Өз белгім»): баған белгісіз')
    assert only(findings, "B20.unnamed").column_letter == "J"


def test_an_empty_required_cell_is_named():
    found, findings = table(xlsx([("610000000", "611000000", "x", None)]))

    finding = only(findings, "B20.required")
    assert not found.rows[0].ok
    assert said(finding, "ru") == (
        "Лист «Күнтізбе», строка 2, столбец D («Күні»): ячейка пуста, а заполнить её обязательно. Заполните: Дата."
    )
    assert said(finding, "kk") == (
        '"Күнтізбе" парағы, 2-жол, D бағаны («Күні»): ұяшық бос, ал ол міндетті түрде толтырылуға тиіс. '
        "Толтырыңыз: Күні."
    )


# Merged cells, blank rows, totals (B21, B22).


def test_b21_a_merged_holder_is_filled_down():
    rows = [(None, *GOOD_ROW[1:])] * 3
    found, findings = table(
        xlsx(rows, more=lambda book, sheet: sheet.merge_range("A2:A4", "610000000"))
    )

    assert [row.values["holder"] for row in found.rows] == ["610000000"] * 3
    assert not findings.has_errors
    assert said(only(findings, "B21.filled"), "ru").endswith(
        "значение объединённых ячеек A2:A4 взято для всех их строк."
    )
    assert found.repairs["filled"] == 2


@pytest.mark.parametrize(("merged", "letter"), [("D2:D4", "D"), ("C3:D3", "C")])
def test_b21_other_merged_cells_are_an_error_that_names_the_range(merged, letter):
    rows = [GOOD_ROW] * 3
    _found, findings = table(
        xlsx(rows, more=lambda book, sheet: sheet.merge_range(merged, "15.03.2027"))
    )

    finding = only(findings, "B21")
    assert finding.column_letter == letter
    assert f"ячейки {merged} объединены; неясно, к каким строкам относится значение." in said(finding, "ru")
    assert f"{merged} ұяшықтары біріктірілген" in said(finding, "kk")


def test_b22_blanks_totals_notes_and_column_numbers_are_told_and_left_out():
    def fill(book, sheet):
        sheet.write_row(1, 0, range(1, 9))
        sheet.write_row(2, 0, GOOD_ROW)
        sheet.write_row(5, 0, GOOD_ROW)
        sheet.write_row(6, 0, ["Аудан бойынша барлығы"])
        sheet.write_row(7, 0, ["", "  "])
        sheet.write_row(8, 0, ["Барлығы / Итого", "", "", "", "", 180])
        sheet.write_row(10, 0, ["Ескертпе: күндер нақтыланады."])

    found, findings = table(xlsx(more=fill))

    assert [row.number for row in found.rows] == [3, 6]
    assert said(only(findings, "B22.blank"), "ru") == "Лист «Күнтізбе»: пропущено пустых строк: 2."
    assert said(only(findings, "B22.blank"), "kk") == '"Күнтізбе" парағы: өткізіп жіберілген бос жолдар: 2.'
    assert said(only(findings, "B22.total"), "ru") == (
        "Лист «Күнтізбе», строка 9: строка итогов пропущена: «Барлығы / Итого»."
    )
    assert "қорытынды жол есепке алынбады" in said(only(findings, "B22.total"), "kk")
    assert {finding.row for finding in findings if finding.code == "B22.note"} == {7, 11}
    assert only(findings, "B22.numbers").row == 2
    assert not findings.has_errors


def test_b22_a_half_filled_row_is_no_note():
    _found, findings = table(xlsx([GOOD_ROW, ("610000000", "611000000")]))

    assert only(findings, "B20.required").row == 3


def test_b22_nothing_under_the_headings():
    found, findings = table(xlsx())

    assert found is None
    assert "под заголовками нет ни одной строки" in said(only(findings, "B22.none"), "ru")
    assert "тақырыптардың астында бірде-бір жол жоқ" in said(only(findings, "B22.none"), "kk")


# What the file hides (B31, B32, B39).


def test_b31_and_b32_are_named_by_cell():
    def fill(book, sheet):
        sheet.write_row(1, 0, GOOD_ROW)
        sheet.write_formula(1, 5, "=45+45", None, 90)
        sheet.write_row(2, 0, GOOD_ROW)
        sheet.write_formula(2, 5, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, GOOD_ROW)
        sheet.write_formula(3, 5, "=1+1", None, "")

    found, findings = table(xlsx(more=fill))

    assert found.rows[0].values["minutes"] == 90
    assert said(only(findings, "B32"), "ru") == (
        "Лист «Күнтізбе», строка 3, столбец F («Ұзақтығы, мин»): в ячейке ошибка Excel: #DIV/0!. "
        "Исправьте формулу или запишите вместо неё значение."
    )
    assert "ұяшықта Excel қатесі тұр: #DIV/0!" in said(only(findings, "B32"), "kk")
    assert said(only(findings, "B31"), "ru") == (
        "Лист «Күнтізбе», строка 4, столбец F («Ұзақтығы, мин»): у формулы нет вычисленного значения. "
        "Откройте файл в Excel, сохраните и загрузите снова или запишите значение вместо формулы."
    )
    assert "формуланың есептелген мәні жоқ" in said(only(findings, "B31"), "kk")
    assert "ячеек с формулами: 2" in said(only(findings, "B31.cached"), "ru")


def test_b39_hidden_rows_and_columns_are_read_with_a_count():
    def hide(book, sheet):
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(4, 5, None, None, {"hidden": True})

    found, findings = table(xlsx([GOOD_ROW] * 3, more=hide))

    assert len(found.rows) == 3
    assert said(only(findings, "B39.rows"), "ru").startswith(
        "Лист «Күнтізбе»: скрытых или отфильтрованных строк: 2; они тоже прочитаны. Снимите фильтр"
    )
    assert "жасырын немесе сүзгімен жасырылған жолдар: 2" in said(only(findings, "B39.rows"), "kk")
    assert "скрытые столбцы: E, F" in said(only(findings, "B39.columns"), "ru")
    assert "жасырын бағандар: E, F" in said(only(findings, "B39.columns"), "kk")


# Offers, times inside dates, speed of telling.


def test_an_offer_changes_nothing_until_it_is_accepted():
    rows = [("610000000", "611000000", "x", 46461, 9.3)]

    found, findings = table(xlsx(rows))
    agreed, told = table(xlsx(rows), accepted={"B24", "B53.number"})

    assert found.rows[0].values["day"] is None
    assert [finding.offer for finding in findings.offers] == ["15.03.2027", "09:30"]
    assert agreed.rows[0].values["day"] == dt.date(2027, 3, 15)
    assert agreed.rows[0].values["time"] == dt.time(9, 30)
    assert agreed.rows[0].ok
    assert codes(told) == []
    assert agreed.repairs["serial_date"] == 1


def test_b27_a_time_inside_a_date_fills_the_blank_column_of_times():
    _found, findings = table(
        xlsx([("610000000", "611000000", "x", "15.03.2027 14:30"), (*GOOD_ROW[:3], "15.03.2027 14:30", "10:00")])
    )

    assert _found.rows[0].values["time"] == dt.time(14, 30)
    assert _found.rows[1].values["time"] == dt.time(10, 0)
    warning = only(findings, "B27.time")
    assert said(warning, "ru") == (
        "Лист «Күнтізбе», строка 3, столбец D («Күні»): «15.03.2027 14:30» содержит и время; "
        "взята только дата 15 марта 2027. Запишите время в его собственный столбец."
    )
    assert "тек күні алынды: 15 наурыз 2027" in said(warning, "kk")


def test_b41_one_bad_row_in_a_region_is_one_finding():
    rows = [GOOD_ROW] * 1_000 + [(*GOOD_ROW[:3], "31.04.2027")] + [GOOD_ROW] * 1_004

    found, findings = table(xlsx(rows))

    assert codes(findings) == ["B26"]
    assert [row.number for row in found.rows if not row.ok] == [1_002]


def test_b42_two_thousand_bad_rows_show_five_hundred_and_the_total():
    found, findings = table(xlsx([(*GOOD_ROW[:3], "15.13.2027")] * 2_005))

    assert len(found.rows) == 2_005
    assert len(findings.shown) == 500
    assert findings.total == findings.errors == 2_005
    assert [finding.row for finding in findings.shown] == list(range(2, 502))


def test_repairs_are_counted_for_the_preview():
    found, _findings = table(
        xlsx([(610000000, "61 10 00 000", " Шым\u200bкент\u00a0", "15 наурыз 2027 ж.", 0.395833)])
    )

    assert found.rows[0].values["name"] == "Шымкент"
    assert found.rows[0].values["time"] == dt.time(9, 30)
    assert dict(found.repairs) == {
        "code": 2, "invisible": 1, "spaces": 1, "trimmed": 1, "text_date": 1, "day_fraction": 1,
    }  # fmt: skip


def test_b20_columns_that_are_not_in_the_file_are_none():
    found, _findings = table(xlsx([GOOD_ROW]), context=Context(year=2027))

    assert found.rows[0].values["note"] is None
    assert found.place(2, "note")["column"] is None
    assert CONTEXT.example == "15.03.2027"
