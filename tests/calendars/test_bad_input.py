"""The catalogue of bad inputs B01 to B40, each through the page on which a person brings the file.

Whatever comes, nothing is half-written; the page says in Kazakh and in Russian where it is, what is wrong and
what to do. The files themselves are in `bad_files`.
"""

import datetime as dt
import html
import io
import re

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from calendars.columns import COLUMN
from calendars.models import ImportJob, Meeting
from calendars.services import importing
from calendars.workbook.findings import Finding

from .bad_files import REFUSED, TOLD, WRONG, Case, changed, one, text_table
from .transfer import COLUMNS, TODAY, commit, findings, job, reading, row, table, upload
from .workbook.books import cells, package, worksheet

pytestmark = pytest.mark.once
SHEET = "Күнтізбе"


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(dt.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=dt.UTC), tick=True):
        yield


def named(cases: list[Case]) -> dict:
    return {"argvalues": cases, "ids": [case.name for case in cases]}


def said(finding: Finding, language: str) -> tuple[str, str, str]:
    with translation.override(language):
        return finding.place, finding.problem, finding.remedy


def page_of(answer) -> str:
    """The text of a page as people read it."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def the(found: list[Finding], code: str) -> Finding:
    assert code in [finding.code for finding in found], [str(finding) for finding in found]
    return next(finding for finding in found if finding.code == code)


def check_words(case: Case, finding: Finding) -> None:
    """Place, problem and remedy in Kazakh and in Russian, each in its own words."""
    places, problems, remedies = zip(*(said(finding, language) for language in ("kk", "ru", "en")), strict=True)
    assert len(set(problems)) == 3
    assert case.code == "B40.loaded" or len(set(remedies)) == 3 or not any(remedies)
    for text in (*problems, *remedies):
        assert "Traceback" not in text
        assert "%(" not in text
        assert not re.search(r"/work|calendars\.|openpyxl|calamine|Error\b", text)
    if case.at:
        number, letter = case.at
        assert (finding.row, finding.column_letter) == case.at
        for place in places:
            assert str(number) in place
            assert letter in place


# -- Refused at the door --------------------------------------------------------------------------
@pytest.mark.parametrize("case", **named(REFUSED))
def test_the_guard_refuses_it_before_any_job_and_says_why_in_both_languages(case, land, our_calendar, editor):
    content = case.make(land)
    pages = {}
    for language in ("kk", "ru"):
        answer = upload(reading(editor.client, language), content, case.file)
        assert answer.status_code == 422
        [found] = answer.context["findings"]
        assert found.code == case.code
        check_words(case, found)
        with translation.override(language):
            pages[language] = page_of(answer)
            for text in (found.text, found.remedy):
                assert " ".join(text.split()) in " ".join(pages[language].split())
    assert not ImportJob.objects.exists()
    assert not Meeting.objects.exists()


def test_a_calendar_with_more_rows_than_its_table_may_have_is_told_the_limit(land, our_calendar, editor):
    head = cells(*(COLUMN[key].headings["kk"] for key in COLUMNS))
    line = cells("10.03.2027", "10:00", land.A.code, land.a1.code, row=0)
    rows = (line.replace('0"', f'{number}"') for number in range(2, 20_003))
    upload(editor.client, package(worksheet(head + "".join(rows))))
    importing.read(job().pk, today=TODAY)
    one = job()
    assert one.state == "failed"
    assert the(findings(one), "B08.rows").severity == "error"
    told = {
        "kk": "парақта 20\u00a0001 жол бар; ең көбі 20\u00a0000 жол оқылады",
        "ru": "строк на листе: 20\u00a0001; прочитать можно не более 20\u00a0000",
    }
    for language, words in told.items():
        answer = reading(editor.client, language).get(reverse("calendars:import_job", args=[one.pk]))
        assert words in page_of(answer).casefold()
    assert not Meeting.objects.exists()


# -- Kept out whole -------------------------------------------------------------------------------
@pytest.mark.parametrize("case", **named(WRONG))
def test_it_is_kept_out_whole_and_the_row_column_and_remedy_are_named(case, land, our_calendar, editor):
    content = case.make(land)
    before = list(Meeting.objects.values_list("pk", "version"))
    client = editor.client
    upload(client, content, case.file)
    found = the(findings(job()), case.code)
    assert found.severity == "error"
    check_words(case, found)
    assert job().state in ("wrong", "failed")
    for language in ("kk", "ru"):
        answer = reading(client, language).get(f"/staff/calendar/transfer/import/{job().pk}/?show=errors")
        shown = " ".join(page_of(answer).split()).casefold()
        for text in said(found, language):
            assert " ".join(text.split()).casefold() in shown
    commit(client, job())
    assert list(Meeting.objects.values_list("pk", "version")) == before
    assert client.get(f"/staff/calendar/transfer/import/{job().pk}/remarks.xlsx").status_code == 200


# -- Read, and told about -------------------------------------------------------------------------
@pytest.mark.parametrize("case", **named(TOLD))
def test_it_is_read_and_what_was_done_with_it_is_told(case, land, our_calendar, editor):
    content = case.make(land)
    upload(editor.client, content, case.file)
    wrong = [finding.text for finding in findings(job()) if finding.severity == "error"]
    if case.code == "B30.past":
        # Another year as well: a plan of the past is told of both.
        assert {finding.code for finding in findings(job())} >= {"B30.past", "B30.year"}
    else:
        assert wrong == []
        assert job().state == "ready"
    if case.code:
        check_words(case, the(findings(job()), case.code))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_b06_text_tables_are_read_in_any_dialect_and_it_is_shown(land, our_calendar, editor, separator, encoding):
    upload(editor.client, text_table(separator, encoding, address="Мәдениет үйі")(land), "a.csv")
    assert (job().state, job().counts["new"]) == ("ready", 1)
    finding = the(findings(job()), "B06.dialect")
    assert encoding.removesuffix("-sig").upper() in said(finding, "kk")[1]


def test_b10_a_lie_about_the_dimension_hides_no_row(land, our_calendar, editor):
    content = table([row(land.A, land.a1), row(land.A, land.a2), row(land.A, land.a3)])
    lie = re.compile(rb'<dimension ref="[^"]*"/>')
    sheet = "xl/worksheets/sheet1.xml"
    upload(editor.client, changed(content, sheet, lambda data: lie.sub(b'<dimension ref="A1:B2"/>', data)))
    assert job().counts["new"] == 3


def test_b11_a_dimension_of_the_whole_sheet_is_harmless(land, our_calendar, editor):
    lie = re.compile(rb'<dimension ref="[^"]*"/>')
    content = changed(
        one(land), "xl/worksheets/sheet1.xml", lambda data: lie.sub(b'<dimension ref="A1:XFD1048576"/>', data)
    )
    upload(editor.client, content)
    assert job().counts["new"] == 1


@pytest.mark.parametrize(
    "text", ["10.03.2027", "10/03/2027", "2027-03-10", "10 наурыз 2027 ж.", "2027 жылғы 10 наурыз", "10 марта 2027 г."]
)
def test_b23_days_are_understood_as_people_write_them(land, our_calendar, editor, text):
    upload(editor.client, one(land, date=text))
    assert job().rows[0]["values"]["date"] == "2027-03-10"
    assert job().facts["repairs"]["text_date"] == 1


def test_b27_an_hour_that_stands_with_the_day_goes_to_its_own_column(land, our_calendar, editor):
    upload(editor.client, one(land, date="10.03.2027 15:30", time=None))
    assert job().rows[0]["values"] | {"holder_id": 0, "place_id": 0, "address": ""} == {
        "holder_id": 0, "place_id": 0, "address": "", "date": "2027-03-10", "time": "15:30:00",
    }  # fmt: skip


def test_b28_a_workbook_that_counts_from_1904_means_the_same_days(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1)], date1904=True))
    assert job().rows[0]["values"]["date"] == "2027-03-10"


@pytest.mark.parametrize(
    "form", [lambda code: int(code), lambda code: float(code), lambda code: f" {code[:3]} {code[3:]} "]
)
def test_b34_codes_that_are_certain_are_put_in_order(land, our_calendar, editor, form):
    upload(editor.client, one(land, holder_code=form(land.A.code)))
    assert (job().state, job().facts["repairs"]["code"]) == ("ready", 1)


def test_b38_dirt_that_nobody_sees_is_removed_and_counted(land, our_calendar, editor):
    upload(editor.client, one(land, address="\u00a0 Мә\u200bдениет\u00a0үйі\u00ad, и\u0306од \u202e"))
    assert job().rows[0]["values"]["address"] == "Мәдениет үйі, йод"
    assert {"invisible", "spaces", "composed", "trimmed"} <= job().facts["repairs"].keys()


def test_b40_the_same_file_again_is_told_with_day_and_person(land, our_calendar, editor):
    client = editor.client
    upload(client, one(land))
    commit(client, job())
    for language, words in (("kk", "21 қараша 2026"), ("ru", "21 ноября 2026")):
        answer = upload(reading(client, language), one(land))
        assert answer.status_code == 409
        assert words in page_of(answer)
    assert Meeting.objects.count() == 1


def test_the_remarks_stand_beside_the_rows_in_the_persons_own_file(land, our_calendar, editor):
    client = reading(editor.client, "ru")
    upload(client, table([row(land.A, land.a1), row(land.A, land.a2, date="15.13.2027")]), "Мой план.xlsx")
    answer = client.get(f"/staff/calendar/transfer/import/{job().pk}/remarks.xlsx")
    assert "filename*=utf-8''%D0%9C%D0%BE%D0%B9" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]
    assert sheet.cell(2, 8).value is None
    assert "«15.13.2027»" in sheet.cell(3, 8).value


def test_b42_hundreds_of_faults_show_the_first_hundred_the_total_and_the_way_to_the_rest(land, our_calendar, editor):
    rows = [row(land.A, land.a1, date="15.13.2027") for _n in range(620)]
    answer = upload(editor.client, table(rows))
    assert job().counts["errors"] == 620
    assert answer.content.count(b"<code>15.13.2027</code>") == 100
    assert "1–100 of 620" in page_of(answer)
    last = editor.client.get(f"/staff/calendar/transfer/import/{job().pk}/?show=errors&page=7")
    assert last.content.count(b"<code>15.13.2027</code>") == 20


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("отчёт (1) — көшірме.xlsx", "отчёт (1) — көшірме.xlsx"),
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("a<b>&.xlsx", "a<b>&.xlsx"),
        ("ә" * 250 + ".xlsx", "ә" * 190 + "….xlsx"),
    ],
)
def test_b73_names_of_files_are_shown_escaped_and_never_used_as_paths(land, our_calendar, editor, given, shown):
    answer = upload(editor.client, one(land), given)
    assert job().file_name == shown
    assert re.fullmatch(r"imports/\d{4}/[0-9a-f]{32}\.xlsx", job().file.name)
    assert html.escape(shown) in answer.content.decode()


def test_every_case_of_the_catalogue_to_forty_is_here():
    told = {case.name[:3] for case in (*REFUSED, *WRONG, *TOLD)}
    told |= {name[5:8].upper() for name in globals() if re.match(r"test_b\d\d_", name)}
    assert {f"B{number:02}" for number in range(1, 41)} <= told
