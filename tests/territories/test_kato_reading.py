"""Files of the classifier: three layouts, and each wrong file refused whole with line, code and remedy."""

import pytest

from territories.kato.reading import Refused, date_in, read
from territories.kato.units import units_of
from territories.models import Edition, Territory
from territories.services.editions import load_edition
from tests.territories.classifier import HEAD, OPERATOR, SMALL, csv_of, table_of, workbook_of

LIST_HEAD = "\ufeffid;parent_id;code;name\n"


def refused(data: bytes, name: str = "kato_2026-07-17.csv") -> list:
    """The faults of a file that must be refused, wherever it is noticed."""
    with pytest.raises(Refused) as caught:
        units_of(read(data, name))
    return caught.value.faults


def one_fault(data: bytes, name: str = "kato_2026-07-17.csv"):
    faults = refused(data, name)
    assert len(faults) == 1, faults
    return faults[0]


@pytest.fixture(autouse=True)
def _in_english(settings):
    from django.utils import translation

    with translation.override("en"):
        yield


# -- What is read ---------------------------------------------------------------------------------
def test_the_table_of_2026_is_read_with_its_names_as_written():
    table = read(
        (HEAD + "610000000,NK,oblast,0,Туркестанская  область,Түркістан облысы\n").encode(), "kato_2026-07-17.csv"
    )
    assert (table.as_of.isoformat(), table.classifier, table.layout) == ("2026-07-17", "NK", "table")
    (unit,) = units_of(table)
    assert unit.name_ru == "Туркестанская область"
    assert unit.row.name_ru == "Туркестанская  область"


def test_the_list_of_2022_is_read_with_the_parents_that_it_names():
    text = LIST_HEAD + "1;0;610000000;Туркестанская область\n2;1;615200000;Сайрамский район\n"
    units = units_of(read(text.encode(), "KATO_17.10.2022_ru.csv"))
    assert [(u.code, u.parent, u.kind, u.name_kk) for u in units] == [
        ("610000000", "", "oblast", ""),
        ("615200000", "610000000", "raion", ""),
    ]


@pytest.mark.parametrize("title", [False, True])
def test_the_official_workbook_is_read_also_with_a_title_above_its_headings(title):
    table = read(workbook_of(SMALL, title=title), "КАТО_17.07.2026.xlsx")
    assert table.as_of.isoformat() == "2026-07-17"
    assert [(u.code, u.name_ru, u.name_kk) for u in units_of(table)] == list(SMALL)


def test_the_workbook_and_the_table_give_the_same_units():
    of_book = {u.code: (u.kind, u.own_akim, u.parent) for u in units_of(read(workbook_of(SMALL), "x_2025-01-01.xlsx"))}
    assert of_book == {u.code: (u.kind, u.own_akim, u.parent) for u in units_of(table_of(SMALL))}


def test_a_file_in_utf_16_and_with_semicolons_is_read():
    text = csv_of(SMALL).decode().replace(",", ";")
    assert len(units_of(read(text.encode("utf-16"), "kato_2026-07-17.csv"))) == len(SMALL)


def test_spaces_inside_a_code_and_codes_as_numbers_are_put_right():
    (unit,) = units_of(read((HEAD + "610 000\u00a0000,x,x,0,Туркестанская область,\n").encode(), "k_2025-01-01.csv"))
    assert unit.code == "610000000"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("kato_2026-07-17.csv", "2026-07-17"),
        ("КАТО_17.07.2026.xlsx", "2026-07-17"),
        ("kato_99.99.2026.xlsx", "None"),
        ("kato.csv", "None"),
    ],
)
def test_the_day_of_an_edition_is_read_from_the_name_of_its_file(name, day):
    assert str(date_in(name)) == day


# -- What is refused ------------------------------------------------------------------------------
def test_a_code_that_stands_twice_is_told_with_both_lines():
    fault = one_fault(csv_of([*SMALL, SMALL[5]]))
    assert (fault.line, fault.code) == (9, "615230100")
    assert fault.text == "The code 615230100 stands twice: in lines 7 and 9. Keep the right one."


def test_a_unit_without_a_parent_names_the_row_that_is_missing():
    fault = one_fault(csv_of(SMALL[3:4]))
    assert (fault.line, fault.code) == (2, "615200000")
    assert "610000000 is missing" in fault.text


def test_parents_that_go_in_a_circle_are_told_as_a_circle():
    text = LIST_HEAD + "1;0;610000000;область\n2;3;615200000;район А\n3;2;615230000;Округ с.о.\n"
    faults = refused(text.encode())
    assert any("615200000 → 615230000 → 615200000" in fault.text for fault in faults)


def test_a_parent_number_that_is_in_no_row_is_told():
    text = LIST_HEAD + "1;0;610000000;область\n2;77;615200000;район А\n"
    assert any(fault.line == 3 and "77" in fault.text for fault in refused(text.encode()))


def test_a_number_that_stands_twice_is_told():
    text = LIST_HEAD + "1;0;610000000;область\n1;1;615200000;район А\n"
    assert any(fault.line == 3 and "stands twice" in fault.text for fault in refused(text.encode()))


def test_a_parent_that_contradicts_the_code_is_told_with_both():
    text = LIST_HEAD + "1;0;610000000;область\n2;0;620000000;другая область\n3;2;615200000;район А\n"
    fault = one_fault(text.encode())
    assert fault.line == 4
    assert "610000000" in fault.text
    assert "620000000" in fault.text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("61520000", "has 8 digits: one is lost"),
        ("6.152E+08", "rounded number by a spreadsheet"),
        ("A15200000", "nine digits are expected"),
        ("0615200000", "nine digits are expected"),
        ("", "The code is missing"),
    ],
)
def test_a_code_that_is_none_is_told_with_its_remedy(code, words):
    fault = one_fault(csv_of([SMALL[0], (code, "Сайрамский район", "")]))
    assert (fault.line, fault.code) == (3, code)
    assert words in fault.text


def test_a_row_without_a_russian_name_and_one_with_an_endless_name_are_told():
    faults = refused(csv_of([SMALL[0], ("615200000", " ", "Сайрам"), ("615400000", "я" * 201, "")]))
    assert [fault.line for fault in faults] == [3, 4]
    assert "201 characters" in faults[1].text


def test_all_faults_are_told_at_once():
    rows = [*SMALL, ("12", "x", ""), SMALL[1]]
    assert len(refused(csv_of([("12", "x", ""), ("13", "y", "")]))) == 2
    assert {fault.line for fault in refused(csv_of(rows))} == {9}


def test_a_workbook_whose_code_and_parts_differ_is_refused():
    import io

    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("te", "ab", "cd", "ef", "hij", "k", "kaz_name", "rus_name"))
    sheet.write_row(1, 0, (610000000, 62, 0, 0, 0, 0, "облыс", "область"))
    book.close()
    assert "62 0 0 0 differ" in one_fault(data.getvalue(), "x.xlsx").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (HEAD.encode(), "no rows"),
        (b"a,b,c\n1,2,3\n", "headings of a classifier were not found. Found: a, b, c."),
        (HEAD.encode() + "610000000,x,x,0,Қазақ,\n".encode("cp1251", "replace"), "not in UTF-8"),
        (HEAD.encode() + b"610000000,x,x,0,a\0b,\n", "unreadable character"),
        (b"PK\x03\x04broken", "arrived incompletely"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel file (.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_a_file_that_is_no_classifier_says_what_it_is(data, words):
    assert words in one_fault(data).text


def test_a_workbook_with_a_cell_at_the_end_of_the_sheet_does_not_kill_us():
    """One space in XFD1048576: the reader would ask for half a terabyte."""
    import io

    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("te", "kaz_name", "rus_name"))
    sheet.write(1048575, 16383, " ")
    book.close()
    fault = one_fault(data.getvalue(), "x.xlsx")
    assert "rows" in fault.text or "far outside the table" in fault.text


@pytest.mark.django_db
def test_of_a_wrong_file_nothing_is_written():
    with pytest.raises(Refused):
        load_edition(table_of([*SMALL, SMALL[5]]), by=OPERATOR)
    assert not Territory.objects.exists()
    assert not Edition.objects.exists()
