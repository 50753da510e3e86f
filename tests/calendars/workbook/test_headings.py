"""Finding the sheet and the headings by name and by meaning."""

import datetime as dt

import pytest

from calendars.workbook.findings import Severity

from .books import GOOD_ROW, HEADINGS, codes, only, said, table, xlsx

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
