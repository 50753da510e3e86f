"""What comes out of the child process, and that nothing it suffers reaches us."""

import datetime as dt
import io
import json
import os
import subprocess
import sys

import pytest

from calendars.workbook import limits, reader
from calendars.workbook.sheet import Cell, CellKind, metadata

from .books import GOOD_ROW, cells, codes, inspect, only, package, parse, said, worksheet, xlsx


def sheet_of(content):
    workbook, findings = parse(content)
    assert workbook is not None, [str(finding) for finding in findings]
    return workbook.sheets[0]


def test_every_kind_of_cell_keeps_its_kind():
    def fill(book, sheet):
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        clock = book.add_format({"num_format": "hh:mm"})
        length = book.add_format({"num_format": "[h]:mm"})
        sheet.write_datetime(1, 0, dt.datetime(2027, 3, 15), day)
        sheet.write_datetime(1, 1, dt.datetime(2027, 3, 15, 9, 30), moment)
        sheet.write_datetime(1, 2, dt.time(9, 30), clock)
        sheet.write_datetime(1, 3, dt.timedelta(hours=30), length)
        sheet.write_boolean(1, 4, True)
        sheet.write_number(1, 5, 46037)
        sheet.write_rich_string(1, 6, "екі ", book.add_format({"bold": True}), "түсті")

    row = sheet_of(xlsx(more=fill)).rows[1]

    assert row.number == 2
    assert [(cell.kind, cell.value) for cell in row.cells] == [
        (CellKind.DATE, dt.date(2027, 3, 15)),
        (CellKind.DATETIME, dt.datetime(2027, 3, 15, 9, 30)),
        (CellKind.TIME, dt.time(9, 30)),
        (CellKind.DURATION, dt.timedelta(hours=30)),
        (CellKind.FLAG, True),
        (CellKind.NUMBER, 46037.0),
        (CellKind.TEXT, "екі түсті"),
    ]


def test_b10_a_lie_about_the_dimension_hides_no_row():
    rows = "".join(cells(f"a{number}", row=number) for number in range(1, 101))

    sheet = sheet_of(package(worksheet(rows, before='<dimension ref="A1:E2"/>')))

    assert [row.number for row in sheet.rows] == list(range(1, 101))


def test_b11_a_dimension_of_the_whole_sheet_is_harmless():
    sheet = sheet_of(package(worksheet(cells("a"), before='<dimension ref="A1:XFD1048576"/>')))

    assert sheet.rows[0].cells == [Cell("a", CellKind.TEXT)]


def test_b15_a_workbook_without_formats_is_read_with_a_warning():
    workbook, findings = parse(package(worksheet('<row r="1"><c r="A1" s="3"><v>46068</v></c></row>')))

    assert workbook.sheets[0].rows[0].cells == [Cell(46068.0, CellKind.NUMBER)]
    warning = only(findings, "B15.missing")
    assert said(warning, "ru").startswith("В книге потеряны форматы, поэтому даты могут прийти как простые числа.")
    assert said(warning, "kk").startswith("Кітаптың пішімдері жоғалған")


def test_b15_broken_formats_are_an_error_and_no_trace():
    workbook, findings = parse(package(worksheet(cells("a")), extra={"xl/styles.xml": "<styleSheet><cellXfs><xf"}))

    assert workbook is None
    assert said(only(findings, "B15.broken"), "ru").startswith("Форматы книги повреждены")
    assert said(only(findings, "B15.broken"), "kk").startswith("Кітаптың пішімдері бүлінген")


def test_a_broken_part_is_named():
    workbook, findings = parse(package(worksheet(cells("a")), extra={"xl/sharedStrings.xml": "<sst><si><t>"}))

    assert workbook is None
    assert "xl/sharedStrings.xml" in said(only(findings, "B04.damaged"), "ru")


def test_a_text_that_is_not_in_the_list_of_texts_is_a_damaged_workbook():
    workbook, findings = parse(package(worksheet('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')))

    assert workbook is None
    assert said(only(findings, "B04.unreadable"), "ru").startswith("Книгу не удаётся прочитать. Откройте её в Excel")
    assert said(only(findings, "B04.unreadable"), "kk").startswith("Кітапты оқу мүмкін емес. Оны Excel-де ашыңыз")


def test_rows_out_of_order_are_damage_and_not_data():
    rows = cells("a", row=5) + cells("b", row=2)

    assert codes(parse(package(worksheet(rows)))[1]) == ["B04.damaged"]


def test_b16_protection_is_no_obstacle():
    def protect(book, sheet):
        sheet.protect("secret")
        book.read_only_recommended()

    workbook, findings = parse(xlsx([GOOD_ROW], more=protect))

    assert len(workbook.sheets[0].rows) == 2
    assert codes(findings) == []


def test_b17_and_b39_hidden_sheets_rows_and_columns_are_known():
    def hide(book, sheet):
        sheet.hide()
        book.add_worksheet("көрінетін").activate()
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.set_column(40, 16383, None, None, {"hidden": True})

    sheet = sheet_of(xlsx([GOOD_ROW, GOOD_ROW], more=hide))

    assert sheet.state == "hidden"
    assert sheet.hidden_rows == {3}
    assert {2, 3} <= sheet.hidden_columns
    assert max(sheet.hidden_columns) <= limits.COLUMNS


def test_b21_merged_ranges_are_known():
    sheet = sheet_of(xlsx([GOOD_ROW] * 3, more=lambda book, sheet: sheet.merge_range("A2:A4", "610000000")))

    assert sheet.merged == [(2, 1, 4, 1)]


@pytest.mark.parametrize("date1904", [False, True])
def test_b28_both_date_systems_give_the_same_day(date1904):
    def fill(book, sheet):
        sheet.write_datetime(1, 0, dt.datetime(2027, 3, 15), book.add_format({"num_format": "dd.mm.yyyy"}))

    workbook, _findings = parse(xlsx(more=fill, book={"date_1904": date1904}))

    assert workbook.date1904 is date1904
    assert workbook.sheets[0].rows[1].cells[0] == Cell(dt.date(2027, 3, 15), CellKind.DATE)


def test_b29_a_number_below_zero_is_not_lost_behind_a_date_format():
    def fill(book, sheet):
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for column, number in enumerate((-5, 60, 3_000_000)):
            sheet.write_number(1, column, number, day)

    row = sheet_of(xlsx(more=fill)).rows[1]

    assert row.cells[0] == Cell(-5.0, CellKind.NUMBER)
    assert row.cells[1].value < dt.date(1900, 3, 1)
    assert row.cells[2] == Cell(3_000_000.0, CellKind.NUMBER)


def test_b31_formulas_with_and_without_a_value():
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f><v></v></c><c r="C1"><f>1+1</f></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c></row>'
    )

    sheet = sheet_of(package(worksheet(rows)))

    kinds = [cell.kind for cell in sheet.rows[0].cells]
    assert kinds == [CellKind.NUMBER, CellKind.UNCALCULATED, CellKind.UNCALCULATED]
    assert sheet.formulas == 2


@pytest.mark.parametrize("prefix", ["", "x"])
def test_b32_errors_are_typed(prefix):
    p = f"{prefix}:" if prefix else ""
    rows = (
        f'<{p}row r="3"><{p}c r="B3" t="e"><{p}v>#REF!</{p}v></{p}c><{p}c r="C3" t="e"><{p}f>1/0</{p}f>'
        f"<{p}v>#DIV/0!</{p}v></{p}c></{p}row>"
    )

    row = sheet_of(package(worksheet(rows, prefix=prefix))).rows[0]

    assert row.number == 3
    assert row.cells[1:] == [Cell(None, CellKind.ERROR, "#REF!"), Cell(None, CellKind.ERROR, "#DIV/0!")]


def test_b32_errors_pasted_as_text_are_errors_too():
    row = sheet_of(xlsx([("#ДЕЛ/0!", "#Н/Д", "№ 5")])).rows[1]

    assert [cell.kind for cell in row.cells] == [CellKind.ERROR, CellKind.ERROR, CellKind.TEXT]


def test_b45_a_nul_arrives_as_itself_and_is_judged_later():
    sheet = sheet_of(package(worksheet(cells("a_x0000_b"))))

    assert sheet.rows[0].cells[0].value == "a\x00b"


def test_comments_are_counted_and_not_read():
    workbook, findings = parse(xlsx([GOOD_ROW], more=lambda book, sheet: sheet.write_comment("A2", "сұрақ")))

    assert workbook is not None
    assert said(only(findings, "B46.comments"), "ru") == "Примечаний к ячейкам: 1; они не прочитаны."
    assert said(only(findings, "B46.comments"), "kk") == "Ұяшықтарға жазылған түсініктемелер: 1; олар оқылмады."


def test_a_sheet_is_known_by_a_workbook_name_after_renaming():
    def mark(book, sheet):
        book.define_name("akim_calendar", "='Менің парағым'!$A$1")

    workbook, _findings = parse(xlsx([GOOD_ROW], name="Менің парағым", more=mark))

    assert workbook.marked("akim_calendar").name == "Менің парағым"


def test_b40_a_template_tells_about_itself_on_a_hidden_sheet():
    def tell(book, sheet):
        about = book.add_worksheet("_about")
        about.very_hidden()
        about.write_column(0, 0, ["template", "region", "year"])
        about.write_column(0, 1, ["calendar-1", 610000000, 2027])

    workbook, _findings = parse(xlsx([GOOD_ROW], more=tell))

    assert workbook.sheet("_about").state == "veryHidden"
    assert metadata(workbook.sheet("_about")) == {"template": "calendar-1", "region": "610000000", "year": "2027"}
    assert metadata(None) == {}


@pytest.mark.parametrize(
    ("code", "expected", "ru", "kk"),
    [
        (-6, "B07.memory", "Чтение файла требует больше памяти", "Файлды оқуға рұқсат етілгеннен көп жад қажет"),
        (-9, "B07.memory", "Чтение файла требует больше памяти", "Файлды оқуға"),
        (3, "B07.memory", "Чтение файла требует больше памяти", "Файлды оқуға"),
        (-24, "B07.time", "Чтение файла занимает больше 30 секунд", "Файлды оқу 30 секундтан ұзаққа созылады"),
        (1, "B04.unreadable", "Книгу не удаётся прочитать", "Кітапты оқу мүмкін емес"),
        (0, "B04.unreadable", "Книгу не удаётся прочитать", "Кітапты оқу мүмкін емес"),
    ],
)
def test_every_end_of_the_child_is_one_clear_finding(monkeypatch, code, expected, ru, kk):
    monkeypatch.setattr(reader, "_parsed", lambda inspection, first_rows: (None, code))

    workbook, findings = parse(xlsx([GOOD_ROW]))

    assert workbook is None
    assert said(only(findings, expected), "ru").startswith(ru)
    assert said(only(findings, expected), "kk").startswith(kk)


def test_a_child_that_hangs_is_killed_and_told(monkeypatch):
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 0.01)

    workbook, findings = parse(xlsx([GOOD_ROW] * 3_000))

    assert workbook is None
    assert codes(findings) == ["B07.time"]


def test_a_memory_hog_dies_in_the_child_and_not_here():
    """The far cell that makes the reader ask for 550 GB, slipped past the guard."""
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    )
    inspection = inspect(xlsx([GOOD_ROW]))
    inspection.content = package(worksheet(rows))

    assert reader.read(inspection) is None
    assert codes(inspection.findings) == ["B07.memory"]


def test_the_child_loads_no_django_and_may_write_no_file():
    script = (
        "import calendars.workbook.child as child, sys, resource\n"
        "child._limit_itself()\n"
        "names = [name for name in ('django', 'openpyxl', 'xlsxwriter') if name in sys.modules]\n"
        "print(names, resource.getrlimit(resource.RLIMIT_FSIZE)[0], resource.getrlimit(resource.RLIMIT_AS)[0])"
    )

    output = subprocess.run(
        [sys.executable, "-c", script], cwd=reader._ROOT, capture_output=True, text=True, check=True
    )

    assert output.stdout.split("\n")[0] == f"[] 0 {512 * 2**20}"


def test_the_child_answers_garbage_with_a_code():
    done = subprocess.run(
        [sys.executable, *reader._COMMAND],
        input=b"PK\x03\x04 garbage",
        cwd=reader._ROOT,
        capture_output=True,
        check=True,
    )

    assert json.loads(done.stdout)["failed"] == "B04.truncated"


def test_an_upload_and_a_path_are_read_alike(tmp_path):
    content = xlsx([GOOD_ROW])
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    by_path, by_file = inspect(path), inspect(io.BytesIO(content))

    assert by_path.sha256 == by_file.sha256
    assert reader.read(by_path).sheets[0].rows == reader.read(by_file).sheets[0].rows
    assert os.listdir(tmp_path) == ["a.xlsx"]


def test_a_workbook_of_a_whole_region_arrives_whole():
    workbook, findings = parse(xlsx([GOOD_ROW] * 2_004))

    assert len(workbook.sheets[0].rows) == 2_005
    assert codes(findings) == []
