"""The workbook given back: remarks beside their rows, nothing lost, no text turned into a formula."""

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import translation

from calendars.workbook import limits
from calendars.workbook.findings import Findings
from calendars.workbook.remarks import remarks_workbook
from calendars.workbook.table import read_table

from .books import CONTEXT, GOOD_ROW, TEMPLATE, cells, package, parse, worksheet, xlsx

BAD = (*GOOD_ROW[:3], "15.13.2027", "25:00")


def given_back(content: bytes, language: str = "ru", filename: str = "a.xlsx"):
    workbook, findings = parse(content, filename)
    read_table(workbook, TEMPLATE, findings, CONTEXT)
    with translation.override(language):
        returned = remarks_workbook(content, findings, workbook)
    return openpyxl.load_workbook(io.BytesIO(returned)), findings


@pytest.fixture(params=["annotated", "written anew"])
def way(request, monkeypatch):
    """Both ways of writing give the same remarks."""
    if request.param == "written anew":
        monkeypatch.setattr(limits, "REMARKS_ORIGINAL_BYTES", 0)
    return request.param


def test_remarks_stand_beside_their_rows(way):
    book, _findings = given_back(xlsx([GOOD_ROW, BAD]))

    sheet = book["Күнтізбе"]
    assert sheet.cell(1, 9).value == "Замечания"
    assert sheet.cell(2, 9).value is None
    assert sheet.cell(3, 9).value == (
        "D: «15.13.2027» не дата. Запишите как 15.03.2027.\nE: «25:00» не время. Запишите как 09:30."
    )
    assert sheet.cell(3, 4).value == "15.13.2027"
    assert sheet.cell(3, 4).fill.start_color.rgb.endswith("FFC7CE")


def test_remarks_are_in_the_readers_language(way):
    book, _findings = given_back(xlsx([BAD]), "kk")

    assert book["Күнтізбе"].cell(1, 9).value == "Ескертулер"
    assert "«25:00» уақыт емес. Уақытты 09:30 түрінде жазыңыз." in book["Күнтізбе"].cell(2, 9).value
    assert book.sheetnames[0] == "Ескертулер"


def test_every_remark_stands_on_a_sheet_of_its_own_beyond_the_first_five_hundred(way):
    book, findings = given_back(xlsx([BAD] * 600))

    listed = list(book["Замечания"].iter_rows(min_row=3, values_only=True))
    assert findings.total == len(listed) == 1_200
    assert book["Замечания"].cell(1, 1).value == "Ошибок: 1200, предупреждений: 0, примечаний: 0"
    assert listed[0] == (
        "ошибка", "Күнтізбе", "2", "D (Күні)", "«15.13.2027» не дата.", "Запишите как 15.03.2027.",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "＝1", '=HYPERLINK("http://x")'])
def test_a20_text_never_becomes_a_formula(way, text):
    content = xlsx([(*GOOD_ROW[:2], text, *BAD[3:])])

    book, _findings = given_back(content)

    cell = book["Күнтізбе"].cell(2, 3)
    assert cell.data_type == "s"
    assert cell.value == text
    for sheet in book:
        assert all(each.data_type != "f" for row in sheet for each in row)


def test_a20_a_value_quoted_in_a_remark_is_text_too(way):
    book, _findings = given_back(xlsx([(*GOOD_ROW[:3], "=1+1")]))

    assert book["Күнтізбе"].cell(2, 9).data_type == "s"
    assert "«=1+1» не дата" in book["Күнтізбе"].cell(2, 9).value


def test_a20_a_sheet_named_like_a_formula_is_named_as_text(way):
    book, _findings = given_back(xlsx([BAD], name="=1+1"))

    names = [row[1] for row in book["Замечания"].iter_rows(min_row=3)]
    assert {(cell.value, cell.data_type) for cell in names} == {("=1+1", "s")}


def test_a_small_workbook_keeps_its_own_formats():
    def widen(book, sheet):
        sheet.set_column(0, 0, 42)

    book, _findings = given_back(xlsx([BAD], more=widen))

    assert round(book["Күнтізбе"].column_dimensions["A"].width) == 43


def test_dates_stay_dates(way):
    def fill(book, sheet):
        sheet.write_row(1, 0, BAD)
        sheet.write_datetime(1, 3, dt.datetime(2027, 3, 15), book.add_format({"num_format": "dd.mm.yyyy"}))

    book, _findings = given_back(xlsx(more=fill))

    assert book["Күнтізбе"].cell(2, 4).value == dt.datetime(2027, 3, 15)


def test_a_csv_is_given_back_as_a_workbook():
    content = "Өткізуші коды;Аумақ коды;Күні\n610000000;611000000;15.13.2027\n".encode()

    book, _findings = given_back(content, filename="a.csv")

    assert book["CSV"].cell(2, 1).value == "610000000"
    assert "не дата" in book["CSV"].cell(2, 4).value


def test_what_openpyxl_cannot_open_is_written_anew():
    rows = cells("Өткізуші коды", "Аумақ коды", "Күні") + cells("610000000", "611000000", "x", row=2)

    book, _findings = given_back(package(worksheet(rows)))

    assert "не дата" in book["Күнтізбе"].cell(2, 4).value


def test_control_characters_do_not_break_the_copy(way):
    book, _findings = given_back(xlsx([(*GOOD_ROW[:2], "Шым\x01кент", *BAD[3:])]))

    assert "␁" in book["Күнтізбе"].cell(2, 9).value


def test_a_refused_file_gives_the_list_alone():
    findings = Findings()
    findings.add("B01")

    with translation.override("kk"):
        book = openpyxl.load_workbook(io.BytesIO(remarks_workbook(b"\xd0\xcf", findings)))

    assert book.sheetnames == ["Ескертулер"]
    assert book.active.cell(3, 5).value == "файл Excel-дің ескі пішімінде (.xls)."


def test_the_copy_can_be_uploaded_again(way):
    content = xlsx([GOOD_ROW, BAD])
    workbook, findings = parse(content)
    read_table(workbook, TEMPLATE, findings, CONTEXT)
    with translation.override("ru"):
        returned = remarks_workbook(content, findings, workbook)

    again, told = parse(returned)
    found = read_table(again, TEMPLATE, told, CONTEXT)

    assert [row.ok for row in found.rows] == [True, False]
    assert [finding.code for finding in told] == ["B20.unknown", "B26", "B53"]
