"""Summaries of a year as files that people read, print, add up and send back."""

import csv
import datetime as dt
import io
import itertools
import json
import zipfile

import openpyxl
import pytest
import python_calamine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from calendars.models import MeetingState
from calendars.services import submit as submitting
from issues.models import CentralRouting, Issue, IssueState
from journal.models import Seal
from reporting.summaries import cells, files, xlsx
from reporting.summaries.kinds import KINDS, checked, kinds_for
from reporting.summaries.model import Asked, Column, Kind, NothingThere, Sheet, Summary, Words
from territories.models import Organisation, Role
from territories.models.organisations import OrganisationKind
from territories.scope import clock

from ..calendars.approving import TODAY, approved, fill
from ..cast import Person

DAY = dt.date(2027, 6, 1)
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "_x0041_",
    "a\x00b\x0bc\ud800",
    "<b>&\"'",
    "  edges  ",
    "a\r\nb",
)


@pytest.fixture
def version(our_calendar, land, approver, editor):
    fill(our_calendar, land)
    found = approved(our_calendar, approver.who).version
    submitting.submit(found, letter_number="12", letter_date=TODAY, today=TODAY, by=editor.who)
    return found


@pytest.fixture
def issues(land, our_calendar):
    """Issues of four offices of ours and one of the neighbour's."""
    states = itertools.cycle([IssueState.RAISED, IssueState.DONE, IssueState.EXPLAINED])
    found = []
    for unit, count in ((land.A, 3), (land.B, 2), (land.K1, 2), (land.O, 1), (land.NA, 1)):
        region = unit if unit.is_region else unit.region
        for number, state in zip(range(1, count + 1), states, strict=False):
            closed = None if state == IssueState.RAISED else DAY
            found.append(
                Issue(
                    unit=unit, region=region, place=unit, year=2027, number=number, raised_on=dt.date(2027, 3, 1),
                    text_kk=f"Жол {number}", text_ru=f"Дорога {number}", state=state, closed_on=closed,
                    due_on=dt.date(2027, 5, 1), first_due_on=dt.date(2027, 4, 1), slips=number,
                )
            )  # fmt: skip
    Issue.objects.bulk_create(found)
    return found


def asked(kind="issues", who=None, unit=None, language="kk", **filters) -> Asked:
    return Asked(kind, 2027, who or clock("test"), DAY, unit, language, filters)


def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def tables(data: bytes) -> dict[str, list[list]]:
    """Of each sheet the heading and the rows below it."""
    found = {}
    for sheet in book(data).worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        head = int(sheet.freeze_panes[-1]) - 2 if sheet.freeze_panes else 0
        found[sheet.title] = rows[head:]
    return found


# -- What the figures say -------------------------------------------------------------------------
def test_the_sums_of_every_sheet_agree_with_the_level_below_and_with_the_rows(issues, land):
    nation = list(tables(files.in_memory(asked(), "xlsx")).values())
    ours = list(tables(files.in_memory(asked(unit=land.O), "xlsx")).values())

    by_region, by_raion, rows, _sources = nation
    assert by_region[-1][1] == "=SUM(B8:B9)"
    assert [row[0] for row in by_region[1:-1]] == [land.N.name("kk"), land.O.name("kk")]
    figures = len(by_region[0]) - 2
    for place in range(figures):
        level = sum(row[1 + place] for row in by_region[1:-1])
        assert level == sum(row[2 + place] for row in by_raion[1:-1])
        below = sum(row[1 + place] for row in ours[0][1:-1])
        assert below == next(row for row in by_region[1:-1] if row[0] == land.O.name("kk"))[1 + place]
        assert below == sum(row[2 + place] for row in ours[1][1:-1])
    assert sum(row[1] for row in by_region[1:-1]) == len(rows) - 2 == len(issues)


def test_explained_is_never_counted_as_done(issues):
    row = tables(files.in_memory(asked(language="ru"), "xlsx"))["По регионам"]
    figures = dict(zip(row[0], row[2], strict=True))

    assert (figures["Проблемные вопросы"], figures["Открыто"]) == (8, 3)
    assert (figures["Исполнено"], figures["Разъяснено"]) == (3, 2)


def test_the_sheet_of_sources_has_a_stable_key_and_the_place_of_each_figure(issues, land):
    data = files.in_memory(asked(), "xlsx")
    *_others, sources = book(data).worksheets
    rows = {row[0].value: row for row in sources.iter_rows()}

    _key, _says, value, place = rows[f"issues/2027/{land.O.code}/issues"]
    name, _sign, cell = place.value.rpartition("!")
    assert value.value == 8 == book(data)[name][cell].value
    assert (rows["Журналдың басы"][1].value or "") == ""


def test_the_newest_seal_of_the_journal_stands_among_the_sources(issues):
    Seal.objects.create(first=1, last=7, entries=7, previous=Seal.START, sha256="a" * 64)

    *_others, sources = book(files.in_memory(asked(), "xlsx")).worksheets
    assert f"№ 7 {'a' * 64}" in {row[1].value for row in sources.iter_rows()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", files.FORMATS)
def test_every_summary_is_written_in_every_format(version, issues, kind, form):
    data = files.in_memory(asked(kind, language="both"), form)

    start = {"pdf": b"%PDF", "json": b"{", "csv": b"\xef\xbb\xbf"}.get(form, b"PK")
    assert data.startswith(start)
    if form == "xlsx":
        for sheet in book(data).worksheets:
            assert not any(cell.data_type == "e" for row in sheet.iter_rows() for cell in row)


def test_a_file_in_both_languages_has_kazakh_first_and_russian_beside_it(issues, land):
    sheets = tables(files.in_memory(asked(language="both"), "xlsx"))

    heading = next(iter(sheets.values()))[0]
    assert heading[0] == "Өңір\nРегион"
    assert "Жол 1\nДорога 1" in {row[7] for row in sheets["Мәселелер – Вопросы"]}


# -- Who may have which rows ----------------------------------------------------------------------
def test_an_office_takes_out_its_own_units_and_nobody_elses(issues, raion_office, editor, land):
    own = json.loads(files.in_memory(asked(who=raion_office.who), "json"))

    units = {row[3] for row in own["sheets"][-1]["rows"]}
    assert units == {land.A.name("kk"), land.B.name("kk")}
    for unit in (land.N, land.O):
        with pytest.raises(ValidationError):
            checked(asked(who=raion_office.who, unit=unit))


def test_the_government_reads_one_by_one_only_what_is_central_or_published(issues, reviewer, land):
    Issue.objects.filter(number=1, unit=land.A).update(level="central")

    rows = json.loads(files.in_memory(asked(who=reviewer.who), "json"))["sheets"][-1]["rows"]

    assert [row[3] for row in rows] == [land.A.name("kk")]


def test_who_does_not_read_a_kind_does_not_take_it_out(land, secretary):
    assert kinds_for(Person(Role.EXECUTOR, land.A).who) == []
    with pytest.raises(PermissionDenied):
        checked(asked("issues", who=secretary.who))


def test_a_filter_that_is_not_there_is_named(editor):
    with pytest.raises(ValidationError, match="raised, planned"):
        checked(asked(who=editor.who, state="x"))


def test_a_filter_narrows_and_is_told_under_the_title(issues):
    data = json.loads(files.in_memory(asked(state="done", language="ru"), "json"))

    assert len(data["sheets"][-1]["rows"]) == 3
    assert "Состояние – Решен" in data["about"][-1]["value"]


@pytest.mark.parametrize(("scope", "count"), [("superset", 1), ("previous_half", 0)])
def test_both_readings_of_the_contents_of_a_central_list_are_at_hand(issues, land, scope, count):
    Issue.objects.filter(unit=land.A, number=1).update(raised_on=dt.date(2026, 3, 1))
    body = Organisation.objects.create(kind=OrganisationKind.MINISTRY, name_kk="Министрлік", name_ru="Министерство")
    issue = Issue.objects.get(unit=land.A, number=1)
    CentralRouting.objects.create(
        unit=land.A, region=land.O, issue=issue, organisation=body, proposal_kk="x", sent_on=DAY
    )

    data = json.loads(files.in_memory(asked("central", list="02", r52_scope=scope), "json"))

    assert len(data["sheets"][-1]["rows"]) == count


def test_the_government_takes_out_meetings_as_they_were_submitted(version, reviewer, our_calendar):
    our_calendar.meetings.filter(number=1).update(state=MeetingState.HELD, attendance=40, held_on=DAY)

    data = json.loads(files.in_memory(asked("meetings", who=reviewer.who), "json"))

    region = data["sheets"][0]["rows"][0]
    assert region[1:4] == [5, 1, 0]
    assert sum(row[10] or 0 for row in data["sheets"][-1]["rows"]) == 40


# -- Cells ----------------------------------------------------------------------------------------
def test_no_text_calculates_and_none_spoils_the_file(issues, land):
    for number, text in enumerate(HOSTILE):
        clean = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        Issue.objects.create(
            unit=land.C, region=land.O, place=land.C, year=2027, number=100 + number, raised_on=DAY, text_kk=clean
        )
    data = files.in_memory(asked(), "xlsx")

    sheet = book(data)["Мәселелер"]
    found = {cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "s"}
    assert {"=1+1", "+1", "-1", "@SUM(A1)", "＝1", "<b>&\"'", "  edges  ", "a\nb", "abc"} <= found
    assert {cell.coordinate[:1] for row in sheet.iter_rows() for cell in row if cell.data_type == "f"} == {"N"}
    lines = list(csv.reader(io.StringIO(files.in_memory(asked(), "csv").decode("utf-8-sig")), delimiter=";"))
    texts = {line[7] for line in lines[1:]}
    assert {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'＝1"} <= texts


def sheet_of(values, *, kind=Kind.TEXT, show=None, total=False, code="rows") -> Summary:
    column = Column("value", "Value", 20, kind, total=total, show=show)
    sheet = Sheet(code, "Rows: [all]/*?", [column], lambda: ((value,) for value in values), len(values))
    return Summary("test", "test/2027/kz", "Title", [("Period", "2027")], [sheet], Words("en"))


def written(summary: Summary) -> bytes:
    out = io.BytesIO()
    xlsx.write(summary, out)
    return out.getvalue()


def column_of(data: bytes, sheet=0) -> list:
    return [row[0].value for row in book(data).worksheets[sheet].iter_rows(min_row=5)]


def test_a_cell_too_long_for_excel_is_cut_and_says_so(db):
    [value, short] = column_of(written(sheet_of(["я" * 40_000, "short"])))

    assert len(value) == cells.MOST_CHARACTERS
    assert value.endswith("… [✂ 40000]")
    assert short == "short"


def test_days_are_days_and_those_before_excels_first_are_texts(db):
    values = column_of(written(sheet_of([dt.date(2027, 1, 15), dt.date(1899, 5, 1), None], kind=Kind.DATE)))

    assert values == [dt.datetime(2027, 1, 15), "01.05.1899", None]


def test_a_code_like_an_escape_and_the_separator_itself_stay_texts(db):
    data = written(sheet_of(["_x0041_", "a\x1fb", "ok"]))

    # As Excel reads it: the escape of an escape.
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read][-3:] == ["_x0041_", "ab", "ok"]


def test_rows_beyond_the_end_of_a_sheet_go_on_in_the_next(db, monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 9)
    data = written(sheet_of(list(range(1, 9)), kind=Kind.NUMBER, total=True))

    names = [sheet.title for sheet in book(data).worksheets]
    assert names == ["Rows all", "Rows all (2)", "Sources"]
    assert column_of(data) == [1, 2, 3, 4]
    assert column_of(data, 1) == [5, 6, 7, 8, "=SUM('Rows all'!A5:A8,A5:A8)"]


def test_the_sheet_is_laid_out_for_reading_and_print(issues):
    sheet = book(files.in_memory(asked(), "xlsx"))["Мәселелер"]

    assert sheet.freeze_panes == "B8"
    assert sheet.auto_filter.ref == "A7:Q16"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$7:$7"
    assert sheet["L8"].is_date
    assert sheet["N8"].value == 1
    assert [rule.operator for area in sheet.conditional_formatting for rule in area.rules] == ["equal"] * 3


@pytest.mark.parametrize("name", ["", "[]:*?/\\", "a" * 50, "'x'", "History"])
def test_names_of_sheets_are_those_that_excel_accepts(name):
    taken: set[str] = set()
    found = [cells.sheet_name(name, taken) for _n in range(3)]

    assert len(set(found)) == 3
    assert all(0 < len(text) <= 31 and not set("[]:*?/\\") & set(text) for text in found)


# -- Files ----------------------------------------------------------------------------------------
def test_a_zip_has_a_workbook_for_each_region(version, issues, land):
    with zipfile.ZipFile(io.BytesIO(files.in_memory(asked("calendar"), "zip"))) as made:
        names = made.namelist()
        assert names == [f"calendar-{land.O.code}-2027-kk.xlsx", "README.txt"]
        assert book(made.read(names[0])).worksheets


@pytest.mark.parametrize("end", ["csv", "json", "pdf", "docx", "zip"])
def test_the_command_writes_what_the_name_of_the_file_asks_for(issues, tmp_path, end):
    out = tmp_path / f"issues.{end}"
    call_command("export_summary", "issues", "--year", "2027", "--language", "both", "-o", str(out))

    assert out.stat().st_size > 100


def test_what_stops_the_writing_leaves_the_old_file_and_no_half(issues, tmp_path):
    out = tmp_path / "issues.xlsx"
    out.write_bytes(b"old")

    def stop(rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write(asked(), "xlsx", out, stop)
    with pytest.raises(NothingThere):
        files.write(asked("calendar"), "xlsx", out)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("issues.xlsx", b"old")]
