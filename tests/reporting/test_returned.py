"""A calendar goes out to the reviewer as a workbook and comes back with remarks."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calendars.models import Meeting, SubmissionRemark
from calendars.services import submit as submitting
from reporting.exports import returned
from reporting.summaries import files

from ..calendars.approving import TODAY, approved
from .test_exports import DAY, asked
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
    assert editor.client.get(HERE).status_code == 403
