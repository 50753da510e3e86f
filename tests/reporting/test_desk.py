"""The national desk: what the Government sees of each region, and its summaries in Excel."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from calendars.models import Meeting, MeetingState
from calendars.services import submit as submitting

from .. import factories
from ..calendars.approving import TODAY, approved, fill

HERE = "/staff/desk/"


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 12, 5, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def version(our_calendar, land, approver):
    fill(our_calendar, land)
    return approved(our_calendar, approver.who).version


@pytest.fixture
def submission(version, editor):
    return submitting.submit(version, letter_number="12", letter_date=TODAY, today=TODAY, by=editor.who)[0]


def row_of(person, land, **query):
    answer = person.client.get(HERE, {"year": 2027} | query)
    assert answer.status_code == 200
    return next(row for row in answer.context["rows"] if row.region == land.O)


def test_a_region_that_sent_nothing_is_shown_as_not_received(land, reviewer):
    row = row_of(reviewer, land)

    assert (row.number, row.state, row.punctuality) == (None, "", "open")
    assert row.due_on == dt.date(2027, 1, 19)


def test_an_approved_calendar_that_was_not_sent_is_not_the_governments_to_see(version, land, reviewer, administrator):
    assert row_of(reviewer, land).number is None
    assert row_of(administrator, land).number == 1


def test_a_submitted_calendar_shows_its_order_coverage_and_state(submission, land, reviewer):
    row = row_of(reviewer, land)

    assert (row.number, row.order_number, row.state, row.punctuality) == (1, "1-ө", "submitted", "met")
    assert (row.required, row.planned, row.missing, row.held) == (50, 5, 45, 0)
    assert row.received_on == TODAY


def test_the_government_keeps_seeing_the_version_that_it_holds(submission, our_calendar, land, reviewer, approver):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(address="Hall 2")
    approved(our_calendar, approver.who)

    assert row_of(reviewer, land).number == 1


def test_held_meetings_are_counted_as_facts(submission, our_calendar, land, reviewer):
    Meeting.objects.filter(calendar=our_calendar, number__in=(1, 2)).update(state=MeetingState.HELD)

    assert row_of(reviewer, land).held == 2


@pytest.mark.parametrize(
    ("day", "punctuality"),
    [("2027-01-19", "open"), ("2027-01-20", "contested"), ("2027-01-21", "breach")],
)
def test_lateness_is_judged_by_the_dates_of_the_act(land, reviewer, january, day, punctuality):
    january.move_to(dt.datetime.fromisoformat(f"{day}T05:00:00+00:00"))

    assert row_of(reviewer, land).punctuality == punctuality


def test_open_remarks_are_counted_until_they_are_answered(submission, land, reviewer, editor):
    remark = submitting.remark(submission, text="Line d is empty", by=reviewer.who)
    submitting.return_with_remarks(submission, text="", seen=submission.lock, today=TODAY, by=reviewer.who)
    before = row_of(reviewer, land).remarks_open
    submitting.settle(remark, text="Filled", by=editor.who)

    assert (before, row_of(reviewer, land).remarks_open) == (1, 0)


@pytest.mark.parametrize("ask", ["sent", "coverage", "punctuality", "nonsense"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_question_is_answered_in_every_language(submission, land, reviewer, ask, language):
    client = reviewer.client
    client.cookies["language"] = language

    answer = client.get(HERE, {"year": 2027, "ask": ask})

    assert answer.status_code == 200
    assert land.O.name(language) in answer.content.decode()


@pytest.mark.parametrize("person", ["editor", "approver", "raion_office", "secretary", "neighbour"])
@pytest.mark.parametrize("path", ["", "coverage.xlsx", "610000000/calendar.xlsx"])
def test_the_desk_is_closed_to_regions(submission, person, path, request):
    assert request.getfixturevalue(person).client.get(HERE + path, {"year": 2027}).status_code == 403


def test_twenty_regions_cost_as_many_queries_as_two(submission, land, reviewer, django_assert_max_num_queries):
    client = reviewer.client
    client.get(HERE, {"year": 2027})
    with django_assert_max_num_queries(60) as few:
        client.get(HERE, {"year": 2027})
    for number in range(10, 28):
        factories.unit(f"Region {number}", "oblast", own_akim=True, code=f"{number}0000000")
    with django_assert_max_num_queries(60) as many:
        client.get(HERE, {"year": 2027})

    assert len(many) == len(few)


# -- Excel ------------------------------------------------------------------------------------------
def book(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def table(sheet) -> list[list]:
    """Rows below the heading, which is the first full one."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(i for i, row in enumerate(rows) if row[1] is not None)
    return rows[head:]


def test_the_desk_is_taken_out_as_excel_with_totals(submission, land, reviewer):
    answer = reviewer.client.get(f"{HERE}coverage.xlsx", {"year": 2027})

    rows = table(book(answer.content).worksheets[0])
    ours = next(row for row in rows if row[0] == land.O.name("en"))
    assert ours[1:3] == [1, "1-ө"]
    assert ours[3] == dt.datetime(2027, 1, 11)
    assert ours[9:13] == [50, 5, 45, 0]
    assert rows[-1][9] == 50
    assert answer["Content-Disposition"].startswith("attachment")


def test_texts_of_the_sheet_never_calculate(submission, our_calendar, land, reviewer, approver, editor):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(address='=HYPERLINK("http://x")')
    Meeting.objects.filter(calendar=our_calendar, number=2).update(address="\x0b+1\uffff")
    version = approved(our_calendar, approver.who, order_number="=1+1").version
    submitting.submit(version, letter_number="@x", letter_date=TODAY, today=TODAY, by=editor.who)

    for path in ("coverage.xlsx", f"{land.O.code}/calendar.xlsx"):
        sheets = book(reviewer.client.get(HERE + path, {"year": 2027}).content).worksheets
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        assert "=1+1" in {cell.value for cell in cells}
    # What XML cannot hold is left out, the rest of the text stays.
    assert "+1" in {cell.value for cell in cells}


def test_the_calendar_of_a_region_has_a_row_for_each_meeting_and_prints(submission, land, reviewer):
    sheet = book(reviewer.client.get(f"{HERE}{land.O.code}/calendar.xlsx", {"year": 2027}).content).worksheets[0]

    rows = table(sheet)
    assert len(rows) == 6
    assert rows[1][2] == dt.datetime(2027, 2, 17)
    assert sheet.freeze_panes == "D6"
    assert sheet.auto_filter.ref == "A5:P10"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$5:$5"


def test_a_calendar_that_was_not_sent_cannot_be_taken_out(version, land, reviewer):
    assert reviewer.client.get(f"{HERE}{land.O.code}/calendar.xlsx", {"year": 2027}).status_code == 404


# -- The command ------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["calendar", "coverage"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_command_writes_a_summary(version, land, tmp_path, kind, language):
    out = tmp_path / "out.xlsx"

    call_command("export_summary", kind, "--year", "2027", "--language", language, "-o", str(out))

    assert land.O.name(language) in {c.value for row in book(out.read_bytes()).worksheets[0].iter_rows() for c in row}
    assert [p.name for p in tmp_path.glob("*.part")] == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["nonsense", "--year", "2027"], 2, "calendar, coverage"),
        (["discipline", "--year", "2027"], 2, "calendar, coverage"),
        (["calendar", "--year", "2031"], 1, "2031"),
        (["coverage", "--year", "2027", "--region", "999"], 1, "999"),
    ],
)
def test_a_wrong_call_says_what_to_mend(version, tmp_path, args, code, words):
    with pytest.raises(CommandError) as refused:
        call_command("export_summary", *args, "-o", str(tmp_path / "out.xlsx"))

    assert refused.value.returncode == code
    assert words in str(refused.value)
    assert list(tmp_path.glob("out*")) == []


def test_a_folder_that_is_not_there_is_named(version, tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("export_summary", "coverage", "--year", "2027", "-o", str(tmp_path / "none" / "x.xlsx"))

    assert refused.value.returncode == 1
    assert "none" in str(refused.value)
