"""Rows under the headings: merged, blank, totals, hidden; offers, repairs and counts."""

import datetime as dt

import pytest

from .books import GOOD_ROW, codes, only, said, table, xlsx

# Merged cells, blank rows, totals (B21, B22).


def test_b21_a_merged_holder_is_filled_down():
    rows = [(None, *GOOD_ROW[1:])] * 3
    found, findings = table(xlsx(rows, more=lambda book, sheet: sheet.merge_range("A2:A4", "610000000")))

    assert [row.values["holder"] for row in found.rows] == ["610000000"] * 3
    assert not findings.has_errors
    assert said(only(findings, "B21.filled"), "ru").endswith(
        "значение объединённых ячеек A2:A4 взято для всех их строк."
    )
    assert found.repairs["filled"] == 2


@pytest.mark.parametrize(("merged", "letter"), [("D2:D4", "D"), ("C3:D3", "C")])
def test_b21_other_merged_cells_are_an_error_that_names_the_range(merged, letter):
    rows = [GOOD_ROW] * 3
    _found, findings = table(xlsx(rows, more=lambda book, sheet: sheet.merge_range(merged, "15.03.2027")))

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
    found, findings = table(
        xlsx([("610000000", "611000000", "x", "15.03.2027 14:30"), (*GOOD_ROW[:3], "15.03.2027 14:30", "10:00")])
    )

    assert found.rows[0].values["time"] == dt.time(14, 30)
    assert found.rows[1].values["time"] == dt.time(10, 0)
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
    found, _findings = table(xlsx([(610000000, "61 10 00 000", " Шым\u200bкент\u00a0", "15 наурыз 2027 ж.", 0.395833)]))

    assert found.rows[0].values["name"] == "Шымкент"
    assert found.rows[0].values["time"] == dt.time(9, 30)
    assert dict(found.repairs) == {
        "code": 2, "invisible": 1, "spaces": 1, "trimmed": 1, "text_date": 1, "day_fraction": 1,
    }  # fmt: skip


def test_columns_that_are_not_in_the_file_are_none():
    found, _findings = table(xlsx([GOOD_ROW]))

    assert found.rows[0].values["note"] is None
    assert found.place(2, "note")["column"] is None
