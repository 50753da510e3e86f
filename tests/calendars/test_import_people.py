"""Whose rows a file may bring, and what is left behind of an import: journal, step, the file itself."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from calendars import exporting
from calendars.models import ImportJob, Meeting, MeetingState, Step
from calendars.services import accept, importing, undo
from calendars.workbook import guard
from journal.models import Entry
from territories.models import Role
from territories.scope import clock
from tests import factories
from tests.cast import Person

from .transfer import TODAY, bring, codes, commit, edited, findings, job, row, table, upload
from .workbook.books import package


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


# -- Whose rows -----------------------------------------------------------------------------------
def test_rows_of_a_lower_office_become_proposals(land, our_calendar, okrug_office):
    bring(okrug_office.client, table([row(land.A, land.a1)]))
    assert (Meeting.objects.get().state, Meeting.objects.get().proposed_by) == (
        MeetingState.PROPOSED, okrug_office.user,
    )  # fmt: skip


def test_an_office_is_told_which_rows_are_not_its_own_and_none_is_written(land, our_calendar, raion_office):
    upload(raion_office.client, table([row(land.A, land.a1), row(land.K, land.K3), row(land.O, land.R)]))
    assert job().state == "wrong"
    assert [(f.row, f.code, f.column_letter) for f in findings(job()) if f.severity == "error"] == [
        (3, "B33.office", "C"),
        (4, "B33.office", "C"),
    ]
    assert not Meeting.objects.exists()


def test_an_office_does_not_change_what_the_region_has_taken_in(planned, our_calendar, okrug_office):
    mine = exporting.workbook(our_calendar, "kk", rows=Meeting.objects.visible_to(okrug_office.who))
    content = edited(mine, lambda sheet, column: sheet.cell(5, column("address"), "мектеп"))
    upload(okrug_office.client, content)
    assert codes(job()) == ["B66.denied"]
    upload(okrug_office.client, mine)
    assert (job().state, job().counts["unchanged"]) == ("ready", 2)


def test_an_office_cannot_reach_meetings_that_it_does_not_see_by_their_number(
    planned, land, our_calendar, okrug_office
):
    whole = exporting.workbook(our_calendar, "kk")
    content = edited(whole, lambda sheet, column: sheet.cell(7, column("address"), "мектеп"))
    upload(okrug_office.client, content)
    assert job().state == "wrong"
    assert Meeting.objects.get(pk=planned[2].pk).address == "клуб"


def test_a_held_meeting_is_not_changed_by_a_file(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, state=MeetingState.HELD)
    content = edited(
        exporting.workbook(our_calendar, "kk"),
        lambda sheet, column: sheet.cell(5, column("date"), dt.datetime(2027, 3, 24)),
    )
    upload(editor.client, content)
    assert codes(job()) == ["B66.closed"]


def test_a_neighbour_brings_nothing_into_our_calendar(land, our_calendar, their_calendar, neighbour):
    upload(neighbour.client, table([row(land.A, land.a1)]), unit=land.O.pk)
    assert job().calendar == their_calendar
    assert [finding.code for finding in findings(job()) if finding.severity == "error"] == ["B33.region"] * 2


def test_readers_of_approved_versions_have_no_door_here(land, our_calendar, secretary, reviewer, nobody):
    content = table([row(land.A, land.a1)])
    for person in (secretary, reviewer):
        assert upload(person.client, content).status_code == 403
    assert not ImportJob.objects.exists()
    assert nobody.get(reverse("calendars:import")).status_code == 302


def test_the_post_decides_and_not_the_person(land, our_calendar, editor):
    """A person with two posts takes a file over only under the post that brought it."""
    upload(editor.client, table([row(land.A, land.a1)]))
    second = factories.post(Role.OFFICE_STAFF, land.A, user=editor.user)
    other = Person.__new__(Person)
    other.post, other.user = second, editor.user
    with pytest.raises(PermissionDenied):
        importing.commit(job(), by=other.who)
    assert not Meeting.objects.exists()


def test_a_colleague_sees_the_file_and_neither_takes_it_over_nor_gives_it_up(land, our_calendar, editor, approver):
    upload(editor.client, table([row(land.A, land.a1)]))
    page = reverse("calendars:import_job", args=[job().pk])
    assert approver.client.get(page).status_code == 200
    assert approver.client.post(reverse("calendars:import_commit", args=[job().pk])).status_code == 403
    assert approver.client.post(reverse("calendars:import_drop", args=[job().pk])).status_code == 403
    assert job().state == "ready"


def test_a_stranger_does_not_find_the_job_by_its_number(land, our_calendar, editor, neighbour, okrug_office):
    upload(editor.client, table([row(land.A, land.a1)]))
    for person in (neighbour, okrug_office):
        for name in ("import_job", "import_status", "import_remarks"):
            assert person.client.get(reverse(f"calendars:{name}", args=[job().pk])).status_code == 404
        for name in ("import_commit", "import_drop", "import_again"):
            assert person.client.post(reverse(f"calendars:{name}", args=[job().pk])).status_code == 404


# -- Afterwards -----------------------------------------------------------------------------------
def test_an_import_is_one_batch_of_the_journal_that_names_the_file(planned, land, our_calendar, editor):
    one = row(land.A, land.a1, address="мектеп", number=1)
    bring(editor.client, table([one, row(land.A, land.a3)]), "Түркістан 2027.xlsx")
    summary = Entry.objects.get(action="calendar.imported")
    assert summary.became == {
        "file": "Түркістан 2027.xlsx", "sha256": job().sha256, "new": 1, "changed": 1, "unchanged": 0,
    }  # fmt: skip
    batch = Entry.objects.filter(batch=summary.batch).exclude(pk=summary.pk)
    assert sorted(batch.values_list("action", flat=True)) == ["meeting.edited", "meeting.planned"]
    assert {entry.actor_id for entry in batch} == {editor.user.pk}
    changed = batch.get(action="meeting.edited")
    assert (changed.was, changed.became) == ({"address": "клуб"}, {"address": "мектеп"})


def test_an_import_is_one_step_that_can_be_undone_and_the_file_may_then_come_again(land, our_calendar, editor):
    content = table([row(land.A, land.a1), row(land.A, land.a2)])
    first = bring(editor.client, content)
    undo(Step.objects.get(), by=editor.who)
    assert not Meeting.objects.visible_to(editor.who).exists()
    second = bring(editor.client, content)
    first.refresh_from_db()
    assert (first.state, second.state) == ("dropped", "done")
    assert Meeting.objects.visible_to(editor.who).count() == 2


def test_the_same_file_twice_is_told_by_whom_and_when_and_changes_nothing(land, our_calendar, editor, approver):
    content = table([row(land.A, land.a1)])
    bring(editor.client, content)
    done = Entry.objects.count()
    answer = upload(approver.client, content, "басқа атау.xlsx")
    assert answer.status_code == 409
    assert f"by {editor.user.full_name}" in answer.content.decode()
    assert (ImportJob.objects.count(), Meeting.objects.count(), Entry.objects.count()) == (1, 1, done)


def test_a_double_click_makes_one_job_and_a_double_word_one_import(land, our_calendar, editor):
    content = table([row(land.A, land.a1)])
    upload(editor.client, content)
    upload(editor.client, content)
    assert ImportJob.objects.count() == 1
    commit(editor.client, job())
    assert commit(editor.client, job()).status_code == 200
    assert Meeting.objects.count() == 1
    assert Entry.objects.filter(action="calendar.imported").count() == 1


def test_a_file_that_says_nothing_new_cannot_be_taken_over(planned, our_calendar, editor):
    upload(editor.client, exporting.workbook(our_calendar, "kk"))
    with pytest.raises(ValidationError):
        importing.commit(job(), by=editor.who)
    assert job().state == "ready"


def test_a_file_that_was_given_up_is_gone_for_good(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1)]))
    editor.client.post(reverse("calendars:import_drop", args=[job().pk]))
    assert (job().state, job().rows) == ("dropped", [])
    assert commit(editor.client, job()).status_code == 409
    assert not Meeting.objects.exists()


def test_wrong_rows_keep_everything_out(land, our_calendar, editor):
    rows = [row(land.A, land.a1), row(land.A, land.a2, "15.13.2027"), row(land.B, land.b1, report_minutes=90)]
    upload(editor.client, table(rows))
    assert job().state == "wrong"
    assert job().counts["wrong"] == 2
    assert [(f.row, f.column_letter, f.code) for f in findings(job()) if f.severity == "error"] == [
        (3, "A", "B26"),
        (4, "G", "wall"),
    ]
    assert commit(editor.client, job()).status_code == 409
    assert not Meeting.objects.exists()


def test_a_wall_is_told_in_the_words_of_the_entry_form_in_every_language(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1, report_minutes=31)]))
    [finding] = findings(job())
    assert finding.params["basis"] == "826-3.3.h1"
    assert "at most a quarter of the planned time: 30 minutes" in finding.text


def test_a_refused_file_makes_no_job_and_an_attack_is_noted(our_calendar, editor):
    bomb = package(extra={"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "b">]><sst/>'})
    with pytest.raises(importing.Refused):
        importing.receive(our_calendar, guard.inspect(bomb, "a.xlsx"), by=editor.who)
    assert not ImportJob.objects.exists()
    assert Entry.objects.get(action="import.refused").became["codes"] == ["B12"]


def test_proposals_taken_in_meanwhile_are_seen_by_the_office(land, our_calendar, okrug_office, editor):
    bring(okrug_office.client, table([row(land.A, land.a1)]))
    accept(our_calendar, factories.seen_of(Meeting.objects.all()), by=editor.who)
    mine = exporting.workbook(our_calendar, "kk", rows=Meeting.objects.visible_to(okrug_office.who))
    assert look(our_calendar, mine, by=okrug_office.who).counts["unchanged"] == 1
