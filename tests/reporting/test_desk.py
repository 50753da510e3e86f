"""The national desk: what the Government sees of each region, and its summaries in Excel."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from calendars.models import Meeting, MeetingState
from calendars.services import submit as submitting
from reporting.summaries import xlsx
from reporting.summaries.kinds import checked, summary
from reporting.summaries.model import Asked, NothingThere

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


def rows_of(person, **query) -> dict:
    """Rows of the desk by unit; the unit's own office apart, under its name."""
    answer = person.client.get(HERE, {"year": 2027} | query)
    assert answer.status_code == 200
    return {(row.unit, "own") if row.member.own else row.unit: row for row in answer.context["desk"].rows}


def row_of(person, land, **query):
    """What the desk of the nation says of our region's calendar."""
    return rows_of(person, **query)[land.O].calendar


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
    assert (row.required, row.planned, row.missing) == (50, 5, 45)
    assert row.received_on == TODAY


def test_the_government_keeps_seeing_the_version_that_it_holds(submission, our_calendar, land, reviewer, approver):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(address="Hall 2")
    approved(our_calendar, approver.who)

    assert row_of(reviewer, land).number == 1


def test_held_meetings_are_counted_from_their_day_on(submission, our_calendar, land, reviewer, january):
    Meeting.objects.filter(calendar=our_calendar, number__in=(3, 4)).update(state=MeetingState.HELD)
    january.move_to(dt.datetime(2027, 2, 20, tzinfo=dt.UTC))

    held = [rows_of(reviewer, on=f"2027-02-{day}")[land.O].figures.held for day in (16, 17, 18)]

    assert held == [0, 1, 2]


def test_a_past_day_shows_what_was_known_then(version, editor, reviewer, land, our_calendar, january):
    sent = submitting.submit(version, letter_number="12", letter_date=TODAY, today=TODAY, by=editor.who)[0]
    january.move_to(dt.datetime(2027, 1, 15, 5, tzinfo=dt.UTC))
    submitting.accept(sent, incoming_number="77", seen=sent.lock, today=TODAY, by=reviewer.who)
    january.move_to(dt.datetime(2027, 1, 18, 5, tzinfo=dt.UTC))

    seen = [row_of(reviewer, land, on=f"2027-01-{day}") for day in (11, 12, 15)]

    assert [(row.number, row.state, row.incoming_number) for row in seen] == [
        (None, "", ""),
        (1, "submitted", ""),
        (1, "accepted", "77"),
    ]


@pytest.mark.parametrize("on", ["2027-01-13", "2021-05-05", "30.02.2027", "x"])
def test_a_day_that_nobody_can_know_is_refused_in_words_and_today_is_shown(submission, land, reviewer, on):
    answer = reviewer.client.get(HERE, {"year": 2027, "on": on})

    assert answer.status_code == 200
    assert answer.context["form"].errors["on"]
    assert answer.context["day"] == TODAY


def test_one_level_down_a_region_lists_its_own_office_and_its_raions(submission, land, reviewer, editor):
    for person in (reviewer, editor):
        rows = rows_of(person, unit=land.O.pk)

        assert set(rows) == {(land.O, "own"), land.R, land.K}
        assert [rows[key].planned for key in ((land.O, "own"), land.R, land.K)] == [2, 3, 0]
        assert sum(row.required for row in rows.values()) == 50


def test_a_raion_lists_its_own_office_and_its_okrugs(submission, land, raion_office):
    rows = rows_of(raion_office)

    assert set(rows) == {(land.R, "own"), land.C, land.D, land.P, land.V, land.A, land.B}
    assert (rows[land.R, "own"].planned, rows[land.V].planned, rows[land.A].planned) == (2, 1, 0)


def test_a_raion_does_not_see_the_desk_of_its_region_or_of_its_neighbour(submission, land, raion_office):
    for unit in (land.O, land.K, land.N, land.NR):
        assert (land.R, "own") in rows_of(raion_office, unit=unit.pk)


def test_an_office_without_units_below_is_led_to_its_own_meetings(submission, land, okrug_office):
    answer = okrug_office.client.get(HERE, {"year": 2027}, follow=True)

    assert answer.redirect_chain == [(f"{HERE}office/?unit={land.A.pk}&year=2027", 302)]


def test_the_government_reads_an_offices_meetings_from_the_version_it_holds(
    submission, our_calendar, land, reviewer, raion_office
):
    factories.meeting(our_calendar, land.R, land.C, dt.date(2027, 6, 1))
    query = {"year": 2027, "unit": land.R.pk}

    theirs = reviewer.client.get(f"{HERE}office/", query).context["meetings"]
    own = raion_office.client.get(f"{HERE}office/", query).context["meetings"]

    assert [row.date.isoformat() for row in theirs] == ["2027-02-17", "2027-02-18"]
    assert [row.date.isoformat() for row in own] == ["2027-02-17", "2027-02-18", "2027-06-01"]


def test_two_years_stand_side_by_side(submission, our_calendar, land, reviewer, january):
    Meeting.objects.filter(calendar=our_calendar, number__in=(3, 4)).update(state=MeetingState.HELD)
    earlier = factories.calendar(land.O, 2026)
    factories.meeting(earlier, land.R, land.A, dt.date(2026, 2, 10), state=MeetingState.HELD)
    january.move_to(dt.datetime(2027, 2, 20, tzinfo=dt.UTC))

    answer = reviewer.client.get(f"{HERE}compare/", {"year": 2027, "other": 2026, "figure": "held"})

    ours = next(row for row in answer.context["rows"] if row[0].unit == land.O)
    assert ours[1:] == (2, 1, 1)
    assert answer.content.decode().count("<polyline") == 2


@pytest.mark.parametrize("query", [{"other": "x"}, {"figure": "x"}, {"other": "2027"}, {"other": "1999"}])
def test_a_comparison_that_cannot_be_made_falls_back_and_says_so(land, reviewer, query):
    answer = reviewer.client.get(f"{HERE}compare/", {"year": 2027} | query)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert answer.context["other"] == 2026


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


@pytest.mark.parametrize("ask", ["sent", "coverage", "announce", "publish", "past", "quarter", "nonsense"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_question_is_answered_in_every_language(submission, land, reviewer, ask, language):
    client = reviewer.client
    client.cookies["language"] = language

    answer = client.get(HERE, {"year": 2027, "ask": ask})

    assert answer.status_code == 200
    assert land.O.name(language) in answer.content.decode()


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
def taken_out(person, kind: str, region=None):
    """The workbook of a summary as a person gets it in English."""
    out = io.BytesIO()
    with override("en"):
        xlsx.write(summary(checked(Asked(kind, 2027, person.who, TODAY, region, "en"))), out)
    return openpyxl.load_workbook(out)


def table(sheet) -> list[list]:
    """Rows below the heading, which is the first full one."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(i for i, row in enumerate(rows) if row[1] is not None)
    return rows[head:]


def test_the_desk_is_taken_out_as_excel_with_totals(submission, land, reviewer):
    rows = table(taken_out(reviewer, "coverage").worksheets[0])
    ours = next(row for row in rows if row[0] == land.O.name("en"))
    assert ours[1:3] == [1, "1-ө"]
    assert ours[3] == dt.datetime(2027, 1, 11)
    assert ours[9:13] == [50, 5, 45, 0]
    assert rows[-1][9] == "=SUM(J8:J9)"


def test_texts_of_the_sheet_never_calculate(submission, our_calendar, land, reviewer, approver, editor):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(address='=HYPERLINK("http://x")')
    Meeting.objects.filter(calendar=our_calendar, number=2).update(address="\x0b+1\uffff")
    version = approved(our_calendar, approver.who, order_number="=1+1").version
    submitting.submit(version, letter_number="@x", letter_date=TODAY, today=TODAY, by=editor.who)

    for kind, region in (("coverage", None), ("calendar", land.O)):
        sheets = taken_out(reviewer, kind, region).worksheets
        cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
        assert {cell.value[:5] for cell in cells if cell.data_type == "f"} <= {"=SUM("}
        assert "=1+1" in {cell.value for cell in cells if cell.data_type == "s"}
    # What XML cannot hold is left out, the rest of the text stays.
    assert "+1" in {cell.value for cell in cells}


def test_the_calendar_of_a_region_has_a_row_for_each_meeting_and_prints(submission, land, reviewer):
    sheet = taken_out(reviewer, "calendar", land.O)["Calendar"]

    rows = table(sheet)
    assert len(rows) == 6
    assert rows[1][2] == dt.datetime(2027, 2, 17)
    assert sheet.freeze_panes == "D8"
    assert sheet.auto_filter.ref == "A7:R12"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$7:$7"


def test_a_calendar_that_was_not_sent_cannot_be_taken_out(version, land, reviewer):
    with pytest.raises(NothingThere):
        taken_out(reviewer, "calendar", land.O)


# -- The command ------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["calendar", "coverage"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_command_writes_a_summary(version, land, tmp_path, kind, language):
    out = tmp_path / "out.xlsx"

    call_command("export_summary", kind, "--year", "2027", "--language", language, "-o", str(out))

    assert land.O.name(language) in {
        c.value for row in openpyxl.load_workbook(out).worksheets[0].iter_rows() for c in row
    }
    assert [p.name for p in tmp_path.glob("*.part")] == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["nonsense", "--year", "2027"], 2, "calendar, coverage"),
        (["calendar", "--year", "2027", "--filter", "state=x"], 1, "state"),
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
