"""A calendar or a list of issues goes out as a workbook and comes back with remarks."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calendars.models import Meeting, SubmissionRemark
from calendars.services import submit as submitting
from issues.models import Issue, IssueRemark
from reporting.exports import returned
from reporting.summaries import files

from ..calendars.approving import TODAY, approved
from .test_exports import DAY, asked, raised
from .test_summaries import version  # noqa: F401

HERE = "/staff/exports/returned/"


@pytest.fixture
def taken_out(version, reviewer):  # noqa: F811
    """Writes into the file as a person in Excel does, and saves it."""

    def made(language="kk", **written) -> bytes:
        book = openpyxl.load_workbook(
            io.BytesIO(files.in_memory(asked(reviewer, "calendar", language=language), "xlsx"))
        )
        sheet = next(s for s in book.worksheets if s.print_title_rows and s.max_column == 18)
        for place, text in written.items():
            sheet[place] = text
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return made


def receive(content: bytes, person) -> returned.Outcome:
    return returned.receive(content, "calendar.xlsx", today=DAY, by=person.who)


@pytest.mark.parametrize("language", ["kk", "ru", "both"])
def test_remarks_arrive_at_their_rows_once(taken_out, reviewer, language):
    content = taken_out(language, Q9="Өзгертіңіз", Q11="Уточните адрес")

    first, again = receive(content, reviewer), receive(content, reviewer)

    assert (first.refused, first.altered, first.taken) == ("", [], 2)
    assert (again.taken, again.repeated) == (0, 2)
    found = SubmissionRemark.objects.values_list("row__number", "text").order_by("row__date")
    assert {text for _number, text in found} == {"Өзгертіңіз", "Уточните адрес"}
    assert all(number for number, _text in found)


def test_a_remark_keeps_its_lines_and_languages(taken_out, reviewer):
    text = "Күнді өзгертіңіз.\nИзмените день: праздник.\nMove the day, it is a holiday."

    assert receive(taken_out("kk", Q9=text), reviewer).taken == 1

    assert SubmissionRemark.objects.get().text == text


def test_a_stale_file_is_refused_and_names_the_rows_that_changed(
    taken_out,
    reviewer,
    our_calendar,
    approver,
    editor,
    version,  # noqa: F811
):
    content = taken_out(Q9="?")
    submission = version.submissions.get()
    submitting.return_with_remarks(submission, text="?", seen=submission.lock, today=TODAY, by=reviewer.who)
    changed = Meeting.objects.filter(calendar=our_calendar, number=2)
    changed.update(address="Hall 2")
    newer = approved(our_calendar, approver.who).version
    submitting.submit(newer, letter_number="13", letter_date=TODAY, today=TODAY, by=editor.who)

    outcome = receive(content, reviewer)

    assert "2" in outcome.refused
    assert [text.split(",")[0] for text in outcome.changed] == ["№ 2"]
    assert not SubmissionRemark.objects.exists()


def test_a_decided_calendar_takes_no_more_remarks(taken_out, reviewer, version):  # noqa: F811
    submission = version.submissions.get()
    submitting.accept(submission, incoming_number="1", seen=submission.lock, today=TODAY, by=reviewer.who)

    assert receive(taken_out(Q9="?"), reviewer).refused


def test_altered_cells_are_named_and_change_nothing(taken_out, reviewer, version):  # noqa: F811
    outcome = receive(taken_out(J9="Another hall", Q11="?"), reviewer)

    assert (outcome.altered, outcome.taken) == (["J9"], 1)
    assert "Another hall" not in {row.data["address"] for row in version.rows.all()}


def test_a_remark_in_an_altered_row_could_be_anothers_and_is_refused(taken_out, reviewer):
    outcome = receive(taken_out(I9="Elsewhere", Q9="?"), reviewer)

    assert "9" in outcome.refused
    assert not SubmissionRemark.objects.exists()


def test_the_page_says_what_was_taken_over_and_what_is_no_such_file(taken_out, reviewer, editor):
    client = reviewer.client
    good = client.post(HERE, {"file": SimpleUploadedFile("c.xlsx", taken_out(Q9="?"))})
    bad = client.post(HERE, {"file": SimpleUploadedFile("c.xlsx", b"PK no workbook")})

    assert "1 remark was taken over" in good.content.decode()
    assert bad.status_code == 422
    assert bad.context["form"].errors["file"]
    assert editor.client.get(HERE).status_code == 200


# -- Problem issues -------------------------------------------------------------------------------
@pytest.fixture
def issues(land):
    raised(land.A, 3)
    raised(land.NA, 1)


def listed(person, language="kk", **written) -> bytes:
    """The summary of issues as taken out, with remarks typed by the number of the issue, or cells by their place."""
    book = openpyxl.load_workbook(io.BytesIO(files.in_memory(asked(person, "issues", language=language), "xlsx")))
    sheet = next(s for s in book.worksheets if s.max_column == 17 and s.print_title_rows)
    lines = {str(row[0].value): row for row in sheet.iter_rows() if str(row[-1].value).startswith("issue:")}
    for place, text in written.items():
        if place.startswith("remark_"):
            lines[f"2027-{place[-1]}"][15].value = text
        else:
            lines["2027-1"]["ABCDEFGHIJKLMNOPQ".index(place)].value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["kk", "both"])
def test_remarks_of_the_region_arrive_at_their_issues_and_are_read_by_the_office(
    issues, editor, okrug_office, language
):
    content = listed(editor, language, remark_1="Мерзімді нақтылаңыз", remark_3="Кім орындайды?")

    first, again = receive(content, editor), receive(content, editor)

    assert (first.refused, first.altered, first.taken) == ("", [], 2)
    assert (again.taken, again.repeated) == (0, 2)
    found = dict(IssueRemark.objects.values_list("issue__number", "text"))
    assert found == {1: "Мерзімді нақтылаңыз", 3: "Кім орындайды?"}
    issue = Issue.objects.get(number=1, region=editor.who.territory)
    page = okrug_office.client.get(f"/staff/issues/{issue.pk}/")
    assert "Мерзімді нақтылаңыз" in page.content.decode()


def test_a_file_with_issues_that_changed_since_is_refused_and_names_them(issues, editor):
    content = listed(editor, remark_1="?", remark_2="?")
    Issue.objects.filter(number=2).update(version=2, text_kk="Басқа жол")

    outcome = receive(content, editor)

    assert outcome.refused
    assert [text.split(",")[0] for text in outcome.changed] == ["2027-2"]
    assert not IssueRemark.objects.exists()


def test_a_remark_in_a_row_whose_words_were_altered_is_refused(issues, editor):
    outcome = receive(listed(editor, remark_1="?", H="Басқа сөз"), editor)

    assert (len(outcome.altered), bool(outcome.refused)) == (1, True)
    assert not IssueRemark.objects.exists()


def test_issues_of_others_are_not_remarked_on(issues, editor, neighbour, reviewer):
    """The file of one region brought by another; the Government remarks on what it reads one by one."""
    content = listed(editor, remark_1="?")

    assert receive(content, neighbour).refused
    assert receive(content, reviewer).refused
    Issue.objects.filter(number=1).update(level="central")
    assert receive(listed(reviewer, remark_1="Негізде"), reviewer).taken == 1
    assert IssueRemark.objects.get().by_government
