"""Files of calendars and steps that can be undone are kept for their term, not longer."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from calendars import tasks
from calendars.models import ImportJob, Meeting, Step
from journal.models import Entry, Heartbeat

from .transfer import TODAY, bring, job, row, table, upload

NOON = dt.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def terms(settings):
    settings.IMPORT_FILE_DAYS, settings.UNDO_DAYS = 20, 10


def after(days: int) -> int:
    """What the nightly job deletes so many days later."""
    with time_machine.travel(NOON + dt.timedelta(days=days), tick=False):
        return tasks.tidy()


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_file_that_was_taken_over_goes_after_its_term_and_its_rows_stay(
    land, our_calendar, editor, django_capture_on_commit_callbacks
):
    bring(editor.client, table([row(land.A, land.a1)]))
    path = Path(job().file.path)
    assert after(20) == 1  # the step alone
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert after(21) == 1
    assert not path.exists()
    assert (job().state, job().file.name, Meeting.objects.count()) == ("done", "", 1)
    assert after(22) == 0
    assert editor.client.get(reverse("calendars:import_job", args=[job().pk])).status_code == 200
    assert editor.client.get(reverse("calendars:import_remarks", args=[job().pk])).status_code == 404


def test_a_preview_that_nobody_took_over_is_given_up_with_its_file(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1)]))
    assert after(21) == 1
    assert (job().state, job().rows, job().file.name) == ("dropped", [], "")
    assert Entry.objects.filter(action="import.dropped", object_id=str(job().pk)).count() == 1


def test_a_file_that_a_worker_has_in_hand_waits(land, our_calendar, editor):
    upload(editor.client, table([row(land.A, land.a1)]))
    ImportJob.objects.update(state="reading", lease_until=NOON + dt.timedelta(days=21, seconds=60))
    assert after(21) == 0
    assert job().file.name


def test_a_step_is_undone_within_its_term_only(land, our_calendar, editor):
    bring(editor.client, table([row(land.A, land.a1)]))
    assert after(10) == 0
    assert Step.objects.count() == 1
    assert after(11) == 1
    assert not Step.objects.exists()


def test_a_file_that_was_undone_may_come_again_after_the_term_of_its_step(land, our_calendar, editor):
    content = table([row(land.A, land.a1)])
    bring(editor.client, content)
    editor.client.post(reverse("calendars:undo", args=[Step.objects.get().pk]) + "?year=2027")
    assert not Meeting.objects.exclude(state="removed").exists()
    after(11)
    bring(editor.client, content)
    assert Meeting.objects.exclude(state="removed").count() == 1


def test_the_nightly_job_leaves_its_sign_of_life(db):
    after(1)
    assert Heartbeat.objects.get(name="tidy_imports").did == {"files": 0, "steps": 0}
