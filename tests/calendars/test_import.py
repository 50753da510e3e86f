"""A workbook brought into a calendar: looked at first, then taken over whole, as if every row had been clicked."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendars import exporting
from calendars.models import Meeting, MeetingState
from calendars.services import Change, apply, importing, remove
from territories.scope import clock
from tests import factories

from .approving import approved
from .transfer import TODAY, bring, codes, commit, edited, findings, job, row, table, upload


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(dt.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=dt.UTC), tick=True):
        yield


def look(calendar, content, *, by=None, name="a.xlsx", accepted=()):
    return importing.look(content, name, calendar, by=by or clock("test"), today=TODAY, accepted=accepted)


def told(found) -> list[str]:
    return [finding.code for finding in found.findings]


@pytest.fixture
def planned(land, our_calendar):
    """Three meetings of our raion, as the region planned them."""
    return [
        factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 10), address="клуб"),
        factories.meeting(our_calendar, land.A, land.a2, dt.date(2027, 3, 11), address="клуб"),
        factories.meeting(our_calendar, land.B, land.b1, dt.date(2027, 3, 12), address="клуб"),
    ]


# -- What a file would do -------------------------------------------------------------------------
def test_new_rows_are_shown_and_nothing_is_written_before_the_word(land, our_calendar, editor):
    answer = upload(editor.client, table([row(land.A, land.a1), row(land.A, land.a2)]))
    assert answer.status_code == 200
    assert job().state == "ready"
    assert {name: job().counts[name] for name in ("rows", "new", "changed", "unchanged", "wrong")} == {
        "rows": 2, "new": 2, "changed": 0, "unchanged": 0, "wrong": 0,
    }  # fmt: skip
    assert not Meeting.objects.exists()


def test_taken_over_rows_are_what_the_file_says(land, our_calendar, editor):
    bring(editor.client, table([row(land.A, land.a1, remarks="екі\nжол", format="очно", languages="қазақша")]))
    meeting = Meeting.objects.get()
    assert (meeting.holder, meeting.place, meeting.date, meeting.time) == (
        land.A, land.a1, dt.date(2027, 3, 10), dt.time(10),
    )  # fmt: skip
    assert (meeting.address, meeting.remarks, meeting.format, meeting.languages) == (
        "Мәдениет үйі", "екі\nжол", "in_person", "kk",
    )  # fmt: skip
    assert meeting.state == MeetingState.PLANNED
    assert list(meeting.targets.values_list("holder_id", "target_id")) == [(land.A.pk, land.a1.pk)]


def test_what_a_row_leaves_open_is_what_the_entry_form_would_offer(land, our_calendar, editor):
    bring(editor.client, table([{"date": "10.03.2027", "holder_code": land.A.code, "place_code": land.a1.code}]))
    meeting = Meeting.objects.get()
    assert (meeting.time, meeting.planned_minutes, meeting.report_minutes) == (None, 120, 30)
    assert (meeting.format, meeting.broadcast, meeting.languages) == ("in_person", "later", "both")


def test_a_report_that_is_left_open_never_takes_more_than_a_quarter(land, our_calendar, editor):
    content = table([row(land.A, land.a1, planned_minutes=60, report_minutes=None)])
    bring(editor.client, content)
    assert Meeting.objects.get().report_minutes == 15


@pytest.mark.parametrize("text", ["Aksu (қаз)", "Aksu (рус)", "AKSU (ҚАЗ)", "  aksu   (қаз) "])
def test_units_are_found_by_name_in_either_language(land, our_calendar, text):
    content = table([row(land.A, land.a1) | {"holder_code": None, "holder": text}])
    assert look(our_calendar, content).counts["new"] == 1


def test_a_name_that_several_units_share_is_settled_by_the_akims_territory(land, our_calendar):
    for parent in (land.A, land.B):
        factories.unit("Birlik", "village", parent)
    one = row(land.A, land.a1) | {"place_code": None, "place": "Birlik (қаз)"}
    found = look(our_calendar, table([one]))
    assert found.counts["new"] == 1
    assert found.rows[0].values["place_id"] == land.A.children.get(name_ru="Birlik (рус)").pk


def test_columns_may_stand_in_any_order_under_headings_of_either_language(land, our_calendar):
    content = table(
        [row(land.A, land.a1)], columns=["address", "place_code", "time", "holder_code", "date"], language="ru"
    )
    assert look(our_calendar, content).counts["new"] == 1


# -- Which row is which meeting -------------------------------------------------------------------
def test_a_changed_export_changes_only_what_was_changed(planned, our_calendar, editor):
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("address"), "мектеп"),
    )
    upload(editor.client, content)
    assert {name: job().counts[name] for name in ("new", "changed", "unchanged")} == {
        "new": 0, "changed": 1, "unchanged": 2,
    }  # fmt: skip
    commit(editor.client, job())
    assert [m.address for m in our_calendar.meetings.order_by("number")] == ["мектеп", "клуб", "клуб"]
    assert [m.version for m in our_calendar.meetings.order_by("number")] == [2, 1, 1]


def test_a_choice_from_the_list_counts_though_the_old_code_stands_beside_it(planned, land, our_calendar):
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("place"), land.a3.name("kk")),
    )
    found = look(our_calendar, content)
    assert told(found) == []
    assert found.rows[0].values["place_id"] == land.a3.pk
    assert found.table.repairs["stale"] == 1


def test_a_new_code_counts_though_the_old_name_stands_beside_it(planned, land, our_calendar):
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("place_code"), land.a3.code),
    )
    assert look(our_calendar, content).rows[0].values["place_id"] == land.a3.pk


def test_a_sorted_and_filtered_export_is_the_same_calendar(planned, our_calendar):
    def reverse_rows(sheet, _column):
        rows = [[cell.value for cell in one] for one in sheet.iter_rows(min_row=5, max_row=7)]
        for number, cells in enumerate(reversed(rows), start=5):
            for column, value in enumerate(cells, start=1):
                sheet.cell(number, column, value)

    found = look(our_calendar, edited(exporting.workbook(our_calendar, "ru"), reverse_rows))
    assert (found.counts["unchanged"], told(found)) == (3, [])


def test_a_row_deleted_from_an_export_stays_in_the_calendar_and_is_told(planned, our_calendar, editor):
    content = edited(exporting.workbook(our_calendar, "kk"), lambda sheet, column: sheet.delete_rows(6))
    upload(editor.client, content)
    assert job().counts["absent"] == 1
    assert "No. 2" in findings(job(), "B66.absent")[0].text
    assert our_calendar.meetings.in_calendar().count() == 3


def test_a_row_added_to_an_export_is_a_new_meeting_even_of_a_pair_that_has_one(planned, land, our_calendar):
    def add(sheet, column):
        sheet.cell(8, column("date"), dt.datetime(2027, 5, 5))
        sheet.cell(8, column("holder_code"), land.A.code)
        sheet.cell(8, column("place_code"), land.a1.code)

    found = look(our_calendar, edited(exporting.workbook(our_calendar, "kk"), add))
    assert (found.counts["new"], found.counts["unchanged"]) == (1, 3)
    assert "warning.already_covered" in told(found)


def test_a_table_of_ones_own_meets_the_meetings_by_akim_place_and_period(planned, land, our_calendar, editor):
    content = table([row(land.A, land.a1, dt.date(2027, 4, 20)), row(land.A, land.a1, dt.date(2027, 9, 1))])
    upload(editor.client, content)
    assert (job().counts["changed"], job().counts["new"]) == (1, 1)
    changed = next(one for one in job().rows if one["kind"] == "changed")
    assert (changed["number"], changed["was"]["date"], changed["values"]["date"]) == (1, "2027-03-10", "2027-04-20")


def test_the_same_table_once_more_with_one_date_mended_changes_one_meeting(land, our_calendar, editor):
    rows = [row(land.A, land.a1), row(land.A, land.a2), row(land.B, land.b1)]
    bring(editor.client, table(rows))
    rows[1] = row(land.A, land.a2, dt.date(2027, 3, 17))
    bring(editor.client, table(rows))
    assert {name: job().counts[name] for name in ("new", "changed", "unchanged")} == {
        "new": 0, "changed": 1, "unchanged": 2,
    }  # fmt: skip
    assert our_calendar.meetings.count() == 3


def test_own_numbers_of_a_strange_table_are_not_taken_for_ours(planned, land, our_calendar):
    content = table([row(land.K, land.K3, dt.date(2027, 6, 1), number=1)])
    found = look(our_calendar, content)
    assert (found.counts["new"], found.counts["changed"]) == (1, 0)


def test_a_number_moved_to_another_row_of_an_export_is_told(planned, our_calendar):
    def swap(sheet, column):
        sheet.cell(5, column("number"), 77)

    found = look(our_calendar, edited(exporting.workbook(our_calendar, "kk"), swap))
    assert found.counts["unchanged"] == 3


def test_marks_of_the_workbook_that_were_changed_by_hand_are_not_believed(planned, our_calendar):
    book = openpyxl.load_workbook(io.BytesIO(exporting.workbook(our_calendar, "kk")))
    meta = book["meta"]
    line = next(one for one in meta.iter_rows() if one[0].value == 1)
    line[1].value = planned[2].pk
    out = io.BytesIO()
    book.save(out)
    found = look(our_calendar, out.getvalue())
    assert "B66.marks" in told(found)
    assert found.counts["unchanged"] == 3


# -- What others have done meanwhile --------------------------------------------------------------
def test_what_others_changed_since_the_export_is_not_undone_by_it(planned, our_calendar, editor, approver):
    content = exporting.workbook(our_calendar, "kk")
    apply(our_calendar, [Change(planned[0].pk, {"address": "кітапхана"}, 1)], by=approver.who, label="x")
    our_calendar.refresh_from_db()
    found = look(our_calendar, content)
    assert (found.counts["changed"], found.counts["unchanged"]) == (0, 3)
    assert {"B66.older", "B66.newer"} <= set(told(found))


def test_two_people_change_different_fields_of_one_meeting_and_both_changes_live(
    planned, our_calendar, editor, approver
):
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("date"), dt.datetime(2027, 3, 24)),
    )
    apply(our_calendar, [Change(planned[0].pk, {"address": "кітапхана"}, 1)], by=approver.who, label="x")
    upload(editor.client, content)
    assert "B66.both" in codes(job())
    commit(editor.client, job())
    planned[0].refresh_from_db()
    assert (planned[0].address, planned[0].date) == ("кітапхана", dt.date(2027, 3, 24))


def test_a_meeting_taken_out_since_the_export_comes_back_only_with_a_warning(planned, our_calendar, approver):
    content = exporting.workbook(our_calendar, "kk")
    remove(our_calendar, factories.seen_of([planned[1]]), by=approver.who)
    our_calendar.refresh_from_db()
    found = look(our_calendar, content)
    assert "B66.gone" in told(found)
    assert found.counts["new"] == 1


def test_a_calendar_changed_between_preview_and_word_is_not_written_to_and_the_preview_stays(
    land, our_calendar, editor, approver
):
    upload(editor.client, table([row(land.A, land.a1)]))
    apply(our_calendar, [], by=approver.who, label="x")
    importing_job = job()
    factories.meeting(our_calendar, land.B, land.b1)
    our_calendar.refresh_from_db()
    our_calendar.version += 1
    our_calendar.save()
    answer = commit(editor.client, importing_job)
    assert answer.status_code == 409
    assert b"has changed since this preview was made" in answer.content
    importing_job.refresh_from_db()
    assert (importing_job.state, len(importing_job.rows)) == ("ready", 1)
    assert Meeting.objects.count() == 1
    editor.client.post(reverse("calendars:import_again", args=[importing_job.pk]))
    commit(editor.client, importing_job)
    assert Meeting.objects.count() == 2


def test_an_approval_between_preview_and_word_refuses_the_word(planned, land, our_calendar, editor, approver):
    upload(editor.client, table([row(land.A, land.a3, dt.date(2027, 6, 2))]))
    approved(our_calendar, approver.who)
    assert commit(editor.client, job()).status_code == 409
    assert our_calendar.meetings.count() == 3


# -- Readings that are offered --------------------------------------------------------------------
def test_a_proposed_reading_is_taken_only_after_consent(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1, 46456)]))
    assert (job().state, codes(job()), job().facts["offers"]) == ("wrong", ["B24"], {"B24": 1})
    again = reverse("calendars:import_again", args=[job().pk])
    editor.client.post(again, {"accept": ["B24", "made-up"]})
    assert (job().state, job().accepted) == ("ready", ["B24"])
    assert job().rows[0]["values"]["date"] == "2027-03-10"
    assert job().facts["repairs"] == {"serial_date": 1}


# -- Warnings -------------------------------------------------------------------------------------
def test_rows_of_one_file_are_each_others_neighbours(land, our_calendar):
    rows = [row(land.A, land.a1), row(land.A, land.a2), row(land.R, land.B, dt.date(2027, 3, 10), time=dt.time(15))]
    found = look(our_calendar, table(rows))
    busy = [f.row for f in found.findings if f.code == "warning.holder_busy"]
    assert busy == [2, 3]
    assert found.ok


def test_the_akim_above_is_named_in_the_readers_language(land, our_calendar):
    factories.meeting(our_calendar, land.O, land.R, dt.date(2027, 3, 10), time=dt.time(12))
    rows = [row(land.R, land.A, time=dt.time(15)), row(land.A, land.a1)]
    found = look(our_calendar, table(rows))
    texts = {f.row: f.params["text"] for f in found.findings if f.code == "warning.superior_clash"}
    assert "Oblast (қаз)" in texts[2]["kk"]
    assert "Oblast (рус)" in texts[2]["ru"]
    assert "Raion (рус)" in texts[3]["ru"]


def test_a_day_off_is_a_warning_with_the_nearest_working_day(land, our_calendar):
    found = look(our_calendar, table([row(land.A, land.a1, dt.date(2027, 3, 8))]))
    assert [(f.code, f.severity) for f in found.findings] == [("warning.day_off", "warning")]


def test_a_meeting_moved_by_the_file_no_longer_stands_in_the_way_of_itself(planned, land, our_calendar):
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("time"), dt.time(15)),
    )
    assert told(look(our_calendar, content)) == []


def test_many_rows_on_one_day_are_judged_in_reasonable_time(land, our_calendar):
    rows = [row(land.A, land.a1, time=dt.time(8 + n // 60, n % 60)) for n in range(600)]
    found = look(our_calendar, table(rows))
    assert found.counts["new"] == 600


# -- How much it asks -----------------------------------------------------------------------------
def test_a_look_asks_the_database_as_often_for_three_rows_as_for_thirty(land, our_calendar):
    counts = []
    for many in (3, 30):
        days = [dt.date(2027, 3, 1) + dt.timedelta(days=n) for n in range(many)]
        content = table([row(land.A, land.a1, day) for day in days])
        with CaptureQueriesContext(connection) as asked:
            look(our_calendar, content)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_page_of_a_preview_asks_as_often_for_three_rows_as_for_thirty(land, our_calendar, editor):
    counts = []
    client = editor.client
    for many in (3, 30):
        days = [dt.date(2027, 3, 1) + dt.timedelta(days=n) for n in range(many)]
        upload(client, table([row(land.A, land.a1, day) for day in days]))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("calendars:import_job", args=[job().pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
