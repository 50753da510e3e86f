"""Two at once, and processes that die: the rows written are none or all, and a repetition gives the same."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from calendars import tasks
from calendars.models import ImportJob, Meeting
from calendars.services import importing
from calendars.workbook import guard
from territories.scope import clock

from .transfer import TODAY, commit, findings, job, row, table, upload

ROOT = Path(__file__).resolve().parents[2]
MANY = 40


def days(land, many: int = 2):
    return table([row(land.A, land.a1, dt.date(2027, 3, 1) + dt.timedelta(days=n)) for n in range(many)])


def received(calendar, content: bytes, person) -> ImportJob:
    return importing.receive(calendar, guard.inspect(content, "a.xlsx"), by=person.who)


def waiting(calendar, content: bytes, person) -> ImportJob:
    """A job that nobody has read yet."""
    return received(calendar, content, person)


# -- Leases ---------------------------------------------------------------------------------------
def test_a_file_whose_message_was_lost_is_read_by_the_sweep(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    assert tasks.read_waiting() == 1
    one.refresh_from_db()
    assert (one.state, one.counts["new"], one.lease_until) == ("ready", 2, None)
    assert tasks.read_waiting() == 0


def test_a_file_that_a_worker_has_in_hand_is_left_to_it(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    ImportJob.objects.update(lease_until=timezone.now() + dt.timedelta(seconds=60))
    assert tasks.read_import(one.pk) is False
    one.refresh_from_db()
    assert one.state == "reading"


def test_a_file_whose_worker_died_is_taken_up_when_its_lease_is_over(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    ImportJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1), attempts=1)
    tasks.read_waiting()
    one.refresh_from_db()
    assert (one.state, one.attempts) == ("ready", 2)


def test_a_file_that_kills_every_worker_is_given_up_with_a_word(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    ImportJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1), attempts=3)
    tasks.read_waiting()
    one.refresh_from_db()
    assert (one.state, [f.code for f in findings(one)]) == ("failed", ["B04.unreadable"])


def test_a_worker_that_lost_its_lease_writes_nothing(land, our_calendar, editor, monkeypatch):
    one = waiting(our_calendar, days(land), editor)
    look = importing.jobs.look

    def slow(*args, **kwargs):
        found = look(*args, **kwargs)
        # Meanwhile another worker has taken the job over.
        ImportJob.objects.update(lease_until=timezone.now() + dt.timedelta(seconds=99))
        return found

    monkeypatch.setattr(importing.jobs, "look", slow)
    assert importing.read(one.pk, today=TODAY) is False
    one.refresh_from_db()
    assert (one.state, one.rows) == ("reading", [])


def test_a_file_given_up_while_it_is_read_stays_given_up(land, our_calendar, editor, monkeypatch):
    one = waiting(our_calendar, days(land), editor)
    look = importing.jobs.look

    def slow(*args, **kwargs):
        found = look(*args, **kwargs)
        importing.drop(one, by=editor.who)
        return found

    monkeypatch.setattr(importing.jobs, "look", slow)
    importing.read(one.pk, today=TODAY)
    one.refresh_from_db()
    assert (one.state, one.rows) == ("dropped", [])


def test_a_file_that_vanished_from_the_disk_is_told(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    one.file.storage.delete(one.file.name)
    importing.read(one.pk, today=TODAY)
    one.refresh_from_db()
    assert (one.state, [f.code for f in findings(one)]) == ("failed", ["B04.gone"])
    assert editor.client.get(reverse("calendars:import_remarks", args=[one.pk])).status_code == 404


def test_a_post_that_ended_while_the_file_waited_reads_nothing(land, our_calendar, editor):
    one = waiting(our_calendar, days(land), editor)
    editor.post.valid_to = TODAY - dt.timedelta(days=1)
    editor.post.save()
    importing.read(one.pk, today=TODAY)
    one.refresh_from_db()
    assert (one.state, [f.code for f in findings(one)]) == ("failed", ["B33.post"])


def test_a_large_file_is_handed_to_the_worker_and_its_page_tells_how_far_it_is(land, our_calendar, editor, monkeypatch):
    asked = []
    monkeypatch.setattr(importing.jobs, "READ_AT_ONCE_ROWS", 1)
    monkeypatch.setattr(tasks, "ask_to_read", asked.append)
    client = editor.client
    answer = upload(client, days(land))
    assert asked == [job().pk]
    status = reverse("calendars:import_status", args=[job().pk])
    assert f'hx-get="{status}" hx-trigger="every 1s"' in answer.content.decode()
    assert client.get(status).status_code == 200
    tasks.read_import(job().pk)
    assert client.get(status).headers["HX-Refresh"] == "true"
    assert b"Take over 2 rows" in client.get(reverse("calendars:import_job", args=[job().pk])).content


def test_without_a_broker_the_upload_works_all_the_same(land, our_calendar, editor, monkeypatch):
    monkeypatch.setattr(importing.jobs, "READ_AT_ONCE_ROWS", 1)

    def refused(*args, **kwargs):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.read_import, "apply_async", refused)
    tasks.send(received(our_calendar, days(land), editor).pk)
    assert upload(editor.client, days(land)).status_code == 200
    assert tasks.read_waiting() == 1


# -- Two at once ----------------------------------------------------------------------------------
def test_the_second_of_two_files_is_told_that_the_calendar_has_changed(land, our_calendar, editor, approver):
    upload(editor.client, days(land, 1))
    first = job()
    upload(approver.client, table([row(land.B, land.b1)]))
    page = approver.client.get(reverse("calendars:import_job", args=[job().pk])).content.decode()
    assert f"{editor.user.full_name or ''} has another file waiting for this calendar" in page
    assert commit(editor.client, first).status_code == 200
    assert commit(approver.client, job()).status_code == 409
    assert Meeting.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_file", [True, False])
def test_two_people_take_over_at_the_same_moment_and_one_wins(land, our_calendar, editor, approver, same_file):
    contents = [days(land), days(land) if same_file else table([row(land.B, land.b1)])]
    jobs = []
    for person, content in zip((editor, approver), contents, strict=True):
        jobs.append(received(our_calendar, content, person))
        importing.read(jobs[-1].pk, today=TODAY)
    start, outcomes = threading.Barrier(2), []

    def take(one, person) -> None:
        start.wait()
        try:
            importing.commit(one, by=person.who)
            outcomes.append("written")
        except (importing.CalendarChanged, importing.AlreadyLoaded) as told:
            outcomes.append(type(told).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=pair) for pair in zip(jobs, (editor, approver), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[-1] == "written"
    assert len([one for one in outcomes if one == "written"]) == 1
    done = ImportJob.objects.get(state="done")
    assert Meeting.objects.count() == done.counts["new"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_one_job(land, our_calendar, editor):
    content, start, made = days(land), threading.Barrier(2), []

    def send() -> None:
        start.wait()
        made.append(received(our_calendar, content, editor).pk)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == ImportJob.objects.count() == 1


# -- Processes that die ---------------------------------------------------------------------------
def shared_database(tmp_path: Path) -> str:
    """Address of the test database for another process; SQLite's, in memory, is copied to a file."""
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{copy}'")
        return f"sqlite:///{copy}"
    parts = connection.settings_dict
    user = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    return f"postgres://{user}@{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"


def run(url: str, tmp_path: Path, *words: str, failpoint: str = "") -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "FAILPOINT": failpoint,
    }
    command = [sys.executable, "-m", "tests.calendars.child", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def brought(land, our_calendar, transactional_db):
    """A file of forty new meetings that the command line brought."""
    by = clock("import_calendar")
    one = importing.receive(our_calendar, guard.inspect(days(land, MANY), "a.xlsx"), by=by)
    assert settings.MEDIA_ROOT.name == "files"
    return one


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("line", ["import-checked", "import-written"])
def test_a_process_killed_while_it_takes_over_leaves_nothing_and_the_next_does_it_all(brought, tmp_path, line):
    importing.read(brought.pk, today=TODAY)
    url = shared_database(tmp_path)
    killed = run(url, tmp_path, "commit", str(brought.pk), failpoint=f"{line}:kill@1")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = json.loads(run(url, tmp_path, "look", str(brought.pk)).stdout)
    assert after == {
        "state": "ready", "attempts": 1, "rows": MANY, "meetings": 0, "targets": 0, "steps": 0, "entries": 0,
    }  # fmt: skip
    whole = {"state": "done", "meetings": MANY, "targets": MANY, "entries": MANY + 1}
    for _time in range(2):
        done = json.loads(run(url, tmp_path, "commit", str(brought.pk)).stdout)
        assert {name: done[name] for name in whole} == whole


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_reads_leaves_the_file_to_be_read_again(brought, tmp_path):
    url = shared_database(tmp_path)
    killed = run(url, tmp_path, "read", str(brought.pk), failpoint="import-read:kill@1")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    after = json.loads(run(url, tmp_path, "look", str(brought.pk)).stdout)
    assert (after["state"], after["attempts"], after["rows"]) == ("reading", 1, 0)
