"""The calendar taken out as a workbook and as CSV: honest cells, lists to choose from, nothing that runs."""

import csv
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from calendars import exporting
from calendars.columns import (
    BROADCASTS,
    COLUMN,
    COLUMNS,
    FORMATS,
    LANGUAGES,
    LONGEST_MINUTES,
    PRINTED,
    STATES,
)
from calendars.coverage import cells
from calendars.models import Meeting, MeetingState
from calendars.resources.cells import escaped, unescaped
from calendars.services import importing, rows
from territories.scope import clock
from tests import factories

from .approving import approved
from .transfer import TODAY

HEADER = 4


@pytest.fixture
def filled(land, our_calendar):
    """Meetings with everything that a row may hold."""
    factories.meeting(our_calendar, land.O, land.R, dt.date(2027, 3, 10), address="Абай к-сі, 1", remarks="екі\nжол")
    factories.meeting(our_calendar, land.R, land.A, dt.date(2027, 4, 14), time=None, format="with_video")
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 9, 1), broadcast="no", broadcast_note="байланыс жоқ")
    factories.meeting(our_calendar, land.V, date=dt.date(2027, 5, 12), languages="kk", off_calendar=True)
    held = factories.meeting(our_calendar, land.K, land.K3, dt.date(2027, 2, 3), state=MeetingState.HELD)
    held.held_on = held.date
    held.save()
    factories.meeting(our_calendar, land.K, land.K3, dt.date(2027, 8, 4), state=MeetingState.CANCELLED)
    factories.meeting(our_calendar, land.B, land.b1, dt.date(2027, 8, 5), state=MeetingState.REMOVED)
    return our_calendar


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def column(key: str) -> int:
    return next(n for n, one in enumerate(COLUMNS, start=1) if one.key == key)


def values(sheet, key: str) -> list:
    return [sheet.cell(number, column(key)).value for number in range(HEADER + 1, sheet.max_row + 1)]


# -- The workbook ---------------------------------------------------------------------------------
def test_a_workbook_has_the_table_an_instruction_totals_and_what_it_knows_of_itself(filled):
    book = opened(exporting.workbook(filled, "kk"))
    assert book.sheetnames == [
        "Күнтізбе – Календарь",
        "Нұсқаулық – Инструкция",
        "Қорытынды – Итоги",
        "lists",
        "meta",
    ]
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible"] * 3 + ["hidden", "veryHidden"]
    assert book["meta"].protection.sheet


@pytest.mark.parametrize(("language", "first"), [("kk", "Күні\nДата"), ("ru", "Дата\nКүні"), ("en", "Күні\nДата")])
def test_headings_are_in_both_state_languages_the_readers_first(filled, language, first):
    sheet = opened(exporting.workbook(filled, language)).worksheets[0]
    assert sheet.cell(HEADER, column("date")).value == first


def test_days_hours_and_numbers_are_days_hours_and_numbers_and_codes_are_text(filled, land):
    sheet = opened(exporting.workbook(filled, "kk")).worksheets[0]
    assert values(sheet, "date")[0] == dt.datetime(2027, 2, 3)
    assert values(sheet, "time")[0] == dt.time(10)
    assert values(sheet, "planned_minutes")[0] == 120
    assert values(sheet, "holder_code")[0] == land.K.code
    assert sheet.cell(HEADER + 1, column("holder_code")).number_format == "@"


def test_rows_taken_out_of_the_draft_are_not_exported_and_the_others_stand_by_day(filled):
    sheet = opened(exporting.workbook(filled, "ru")).worksheets[0]
    assert values(sheet, "number") == [5, 1, 2, 4, 6, 3]
    assert values(sheet, "state")[0] == "проведена"


def test_each_row_tells_its_line_and_period(filled):
    sheet = opened(exporting.workbook(filled, "kk")).worksheets[0]
    told = dict(
        zip(values(sheet, "number"), zip(values(sheet, "line"), values(sheet, "period"), strict=True), strict=True)
    )
    assert told[1] == ("a: облыс әкімі", "жыл ішінде")
    assert told[3] == ("d: қала, ауылдық округ әкімі", "II жартыжылдық")


def test_headings_stay_in_sight_and_the_table_filters_and_prints_on_a4_across(filled):
    sheet = opened(exporting.workbook(filled, "kk")).worksheets[0]
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref == "A4:S10"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == f"'Күнтізбе – Календарь'!$A$1:${chr(64 + len(PRINTED))}$10"


def test_akims_places_and_words_are_chosen_from_lists(filled, land):
    book = opened(exporting.workbook(filled, "kk"))
    found = {str(one.sqref).split(":")[0]: one for one in book.worksheets[0].data_validations.dataValidation}
    by_key = {one.key: found.get(f"{chr(64 + n)}5") for n, one in enumerate(COLUMNS, start=1)}
    assert by_key["holder"].formula1 == "akim_holders"
    assert by_key["place"].formula1.startswith("OFFSET(lists!$D$2,MATCH($D5,akim_units,0)-1,0,INDEX(akim_sizes")
    assert {key for key, one in by_key.items() if one is not None and one.type == "list"} == {
        "holder", "place", "format", "broadcast", "languages", "off_calendar", "line", "period",
    }  # fmt: skip
    lists = book["lists"]
    holders = [cell.value for cell in lists["A"][1:] if cell.value]
    assert len(holders) == 13
    assert land.A.name("kk") in holders
    assert not any("Neighbour" in holder for holder in holders)


def test_the_places_of_an_akim_stand_together_in_the_list_so_that_only_they_are_offered(filled, land):
    lists = opened(exporting.workbook(filled, "kk"))["lists"]
    names = [cell.value for cell in lists["D"][1:]]
    start = names.index(land.A.name("kk"))
    assert lists.cell(start + 2, 6).value == 4
    assert set(names[start : start + 4]) == {unit.name("kk") for unit in (land.A, land.a1, land.a2, land.a3)}


def test_units_of_one_name_are_told_apart_by_their_parents(land, our_calendar):
    for parent in (land.A, land.B):
        factories.unit("Birlik", "village", parent)
    lists = opened(exporting.workbook(our_calendar, "ru", template_only=True))["lists"]
    names = [cell.value for cell in lists["D"] if cell.value and "Birlik" in cell.value]
    assert sorted(names) == ["Birlik (рус) (Aksu (рус))", "Birlik (рус) (Bastau (рус))"]


def test_a_half_hour_of_report_in_a_hundred_minutes_is_refused_while_typing(filled):
    book = opened(exporting.workbook(filled, "kk"))
    rule = next(one for one in book.worksheets[0].data_validations.dataValidation if one.type == "custom")
    assert rule.formula1 == '=AND(ISNUMBER($L5),$L5>=0,OR($G5="",$L5*4<=$G5))'.lstrip("=")


def test_totals_count_by_akims_level_and_month(filled):
    sheet = opened(exporting.workbook(filled, "kk"))["Қорытынды – Итоги"]
    cached = openpyxl.load_workbook(io.BytesIO(exporting.workbook(filled, "kk")), data_only=True)["Қорытынды – Итоги"]
    assert str(sheet["B5"].value).startswith("=COUNTIFS(")
    lines = {cached.cell(n, 1).value.split("\n")[0][:1]: cached.cell(n, 14).value for n in range(5, 10)}
    assert lines == {"a": 1, "b": 0, "c": 1, "d": 2, "e": 1}
    assert cached["N11"].value == 5


def test_an_empty_template_has_headings_and_lists_and_no_rows(our_calendar):
    sheet = opened(exporting.workbook(our_calendar, "kk", template_only=True)).worksheets[0]
    assert sheet.cell(HEADER, 1).value == "№"
    assert set(values(sheet, "date")) <= {None}


def test_a_workbook_of_the_required_pairs_has_a_row_for_each_and_leaves_the_day_open(land, our_calendar):
    holes = cells([land.O], 2027, only_holes=True)
    sheet = opened(exporting.workbook(our_calendar, "kk", missing=holes)).worksheets[0]
    assert len([code for code in values(sheet, "holder_code") if code]) == sum(cell.missing for cell in holes) == 50
    assert set(values(sheet, "date")) == {None}
    assert set(values(sheet, "number")) == {None}
    assert {"жыл ішінде", "I жартыжылдық", "II жартыжылдық"} == set(values(sheet, "period"))


def test_what_the_workbook_asks_of_the_database_does_not_grow_with_its_rows(land, our_calendar):
    counts = []
    for many in (3, 30):
        for _n in range(many):
            factories.meeting(our_calendar, land.A, land.a1)
        with CaptureQueriesContext(connection) as asked:
            exporting.workbook(our_calendar, "kk")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_words_of_the_table_are_those_of_the_screens(language):
    with translation.override(language):
        for choices, field in ((FORMATS, "format"), (BROADCASTS, "broadcast"), (LANGUAGES, "languages")):
            screens = dict(Meeting._meta.get_field(field).choices)
            assert {c.value: c.labels[language] for c in choices} == {v: str(screens[v]) for v in screens}
        for state in MeetingState:
            if state != MeetingState.REMOVED:
                assert STATES[state][language] == str(state.label).lower()


def test_the_longest_meeting_of_the_table_is_that_of_the_pipeline():
    assert LONGEST_MINUTES == rows.LONGEST_MINUTES


# -- Nothing runs ---------------------------------------------------------------------------------
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "'=1", "''+2"]


@pytest.mark.parametrize("text", [*DANGEROUS, "_x0041_", "http://example.org/a", "5", "x" * 300])
def test_a_text_stays_a_text_in_a_workbook_and_comes_back_as_it_was(land, our_calendar, text):
    factories.meeting(our_calendar, land.A, land.a1, address=text)
    content = exporting.workbook(our_calendar, "kk")
    cell = opened(content).worksheets[0].cell(HEADER + 1, column("address"))
    assert cell.data_type == "s"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()
    found = importing.look(content, "a.xlsx", our_calendar, by=clock("test"), today=TODAY)
    assert (found.counts["unchanged"], found.counts["rows"]) == (1, 1)


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_in_csv_is_quoted_so_that_no_program_runs_it_and_comes_back_as_it_was(land, our_calendar, text):
    factories.meeting(our_calendar, land.A, land.a1, address=text, remarks=text)
    content = exporting.csv_table(our_calendar, "ru")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    address = table[1][column("address") - 1]
    assert address.startswith("'")
    assert unescaped(address) == text
    found = importing.look(content, "a.csv", our_calendar, by=clock("test"), today=TODAY)
    assert found.counts["unchanged"] == 1


@pytest.mark.parametrize("text", ["", "клуб", "Абай к-сі, 1", "a=b", "'сөз'"])
def test_harmless_texts_are_not_touched(text):
    assert escaped(text) == text


def test_control_characters_do_not_break_the_file(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, address="клуб\x0b\x01 1")
    assert values(opened(exporting.workbook(our_calendar, "kk")).worksheets[0], "address") == ["клуб␣␣ 1"]


# -- There and back -------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_brought_back_differs_in_nothing(filled, language, kind):
    content = exporting.workbook(filled, language) if kind == "xlsx" else exporting.csv_table(filled, language)
    found = importing.look(content, f"a.{kind}", filled, by=clock("test"), today=TODAY)
    told = {name: found.counts[name] for name in ("rows", "new", "changed", "unchanged", "wrong", "errors", "warnings")}
    assert told == {"rows": 6, "new": 0, "changed": 0, "unchanged": 6, "wrong": 0, "errors": 0, "warnings": 0}
    assert found.absent == []


def test_spaces_that_nobody_sees_are_no_difference(land, our_calendar):
    factories.meeting(our_calendar, land.A, land.a1, address=" клуб  1 ", remarks="бір\r\nекі ")
    found = importing.look(exporting.workbook(our_calendar, "kk"), "a.xlsx", our_calendar, by=clock("t"), today=TODAY)
    assert found.counts["unchanged"] == 1


def test_csv_is_what_excel_here_opens_by_a_double_click(filled):
    content = exporting.csv_table(filled, "kk")
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert table[0][1] == "Күні / Дата"
    assert table[1][1:3] == ["03.02.2027", "10:00"]
    assert {len(line) for line in table} == {len(COLUMNS)}


# -- Approved versions ----------------------------------------------------------------------------
def test_an_approved_version_is_taken_out_as_it_was_approved_with_its_order(filled, land, approver):
    version = approved(filled, approver.who).version
    filled.meetings.filter(number=1).update(address="кейін өзгерген")
    book = opened(exporting.workbook_of_version(version, "ru"))
    sheet = book.worksheets[0]
    assert sheet.cell(3, 1).value.startswith("Утвержден: 11 января 2027 года № 1-ө, версия 1 / Бекітілген: ")
    assert "кейін өзгерген" not in values(sheet, "address")
    assert len(values(sheet, "number")) == version.row_count == 5
    assert set(values(sheet, "state")) == {"утверждена"}


def test_a_unit_keeps_in_a_version_the_name_that_it_had_then(filled, land, approver):
    version = approved(filled, approver.who).version
    type(land.A).objects.filter(pk=land.A.pk).update(name_kk="Жаңа атау")
    sheet = opened(exporting.workbook_of_version(version, "kk")).worksheets[0]
    assert "Aksu (қаз)" in values(sheet, "holder")


# -- Doors ----------------------------------------------------------------------------------------
def exported(client, name: str, **query):
    return client.get(reverse(f"calendars:{name}"), {"year": 2027, **query})


def test_the_region_takes_out_its_calendar(filled, editor):
    answer = exported(editor.client, "export_xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar-610000000-2027.xlsx"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(values(opened(answer.content).worksheets[0], "number")) == 6


def test_an_office_takes_out_only_what_it_sees(filled, land, okrug_office):
    sheet = opened(exported(okrug_office.client, "export_xlsx").content).worksheets[0]
    assert sorted(values(sheet, "number")) == [2, 3]
    table = exported(okrug_office.client, "export_csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 3


def test_a_neighbour_gets_nothing_of_ours(filled, their_calendar, neighbour, land):
    answer = exported(neighbour.client, "export_xlsx", unit=land.O.pk)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar-310000000-2027.xlsx"'
    assert set(values(opened(answer.content).worksheets[0], "number")) <= {None}


def test_the_filters_of_the_list_hold_for_the_export_too(filled, editor):
    answer = exported(editor.client, "export_xlsx", state="held")
    assert values(opened(answer.content).worksheets[0], "number") == [5]


def test_an_office_is_given_its_own_missing_meetings_to_fill_in(our_calendar, land, okrug_office):
    answer = exported(okrug_office.client, "template_xlsx", rows="missing", language="ru")
    codes = values(opened(answer.content).worksheets[0], "holder_code")
    assert set(codes) == {land.A.code}
    assert len(codes) == 6


def test_missing_meetings_come_with_proposed_days_when_asked(our_calendar, land, editor):
    answer = exported(editor.client, "template_xlsx", rows="missing", propose="1")
    days = values(opened(answer.content).worksheets[0], "date")
    assert len(days) == 50
    assert all(isinstance(day, dt.datetime) and day.year == 2027 and day.weekday() < 5 for day in days)


def test_a_template_can_be_taken_before_the_calendar_is_open(land, editor):
    answer = exported(editor.client, "template_xlsx")
    assert opened(answer.content).worksheets[0].cell(HEADER, 1).value == "№"
    assert exported(editor.client, "export_xlsx").status_code == 404


def test_readers_of_approved_versions_do_not_take_out_the_draft(filled, secretary, reviewer):
    for person in (secretary, reviewer):
        assert exported(person.client, "export_xlsx").status_code == 403


def test_every_column_is_explained_on_the_instruction_sheet(our_calendar):
    sheet = opened(exporting.workbook(our_calendar, "kk", template_only=True))["Нұсқаулық – Инструкция"]
    told = {cell.value for cell in sheet["A"]}
    for one in COLUMN.values():
        assert {one.headings["kk"], one.headings["ru"]} <= told
