"""Who watches the watchers: `/readyz`, `manage.py watch` and the red strip tell when the work stands still."""

import contextlib
import datetime as dt
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from akim_meetings import readiness
from akim_meetings.management.commands import watch
from journal.heartbeats import beat
from journal.models import Entry, Heartbeat, Notice, NoticeAttempt, OutboxControl
from journal.services import see_failures
from tests.smtp_server import EvilRelay


@pytest.fixture
def working(db, settings, monkeypatch, tmp_path):
    """Everything runs: jobs, broker, disk."""
    settings.CELERY_BROKER_URL = "memory://"
    settings.VAR = tmp_path
    monkeypatch.setattr(readiness, "broker_answers", lambda: True)
    monkeypatch.setattr(readiness, "disk_has_room", lambda: True)
    for name in ("sweep", "drain", "reap"):
        beat(name, {})


def stand_still(name: str, **age) -> None:
    Heartbeat.objects.filter(name=name).update(finished_at=timezone.now() - dt.timedelta(**age))


def ready() -> list[str]:
    return Client().get("/readyz").json()["wrong"]


def test_all_is_well_while_the_jobs_work(working):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "wrong": []})


@pytest.mark.parametrize(("name", "seconds"), [("sweep", 180), ("drain", 60), ("reap", 120)])
def test_a_job_that_stands_still_is_named(working, name, seconds):
    stand_still(name, seconds=seconds - 5)
    assert ready() == []
    stand_still(name, seconds=seconds + 5)
    assert ready() == [name]


def test_a_refused_letter_is_an_alarm_until_somebody_has_looked(working, administrator):
    letter = Notice.objects.create(
        kind="account",
        subject_type="t",
        subject_id="1",
        recipient_email="a@test.example",
        message_id="<1@t>",
        state=Notice.State.FAILED,
    )
    NoticeAttempt.objects.create(notice=letter, number=1, outcome=NoticeAttempt.Outcome.FAILED)
    assert ready() == ["failed"]
    see_failures(by=administrator.who.actor)
    assert ready() == []
    assert Entry.objects.filter(action="outbox.failures_seen").exists()
    NoticeAttempt.objects.create(notice=letter, number=2, outcome=NoticeAttempt.Outcome.FAILED)
    assert ready() == ["failed"]


def test_a_full_disk_a_lost_broker_and_a_held_outbox_are_named(working, monkeypatch):
    monkeypatch.setattr(readiness, "disk_has_room", lambda: False)
    monkeypatch.setattr(readiness, "broker_answers", lambda: False)
    OutboxControl.objects.update_or_create(pk=1, defaults={"held": True, "reason": "restore"})
    assert ready() == ["broker", "outbox_held", "disk"]


def test_a_year_without_days_off_is_named(working, time_machine):
    time_machine.move_to(dt.datetime(2028, 6, 1, tzinfo=dt.UTC))
    assert "days" in ready()


def test_the_strip_tells_every_member_of_staff_since_when_reminders_stand_still(working, editor):
    assert "stood still" not in editor.client.get("/staff/").content.decode()
    stand_still("sweep", minutes=25)
    shown = editor.client.get("/staff/").content.decode()
    assert re.search(r"Reminders have stood still since \d\d\.\d\d\.\d{4} \d\d:\d\d", shown)


# -- The dead man's switch ----------------------------------------------------------------------------


def look(*args) -> dict:
    from io import StringIO

    out = StringIO()
    with contextlib.suppress(CommandError):
        call_command("watch", *args, "--format", "json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.fixture
def relay(tmp_path, settings):
    with EvilRelay(tmp_path / "relay.jsonl") as server:
        settings.OUTBOX = {"transport": "smtp", "host": "127.0.0.1", "port": server.port}
        yield server


def test_the_operator_gets_one_letter_that_no_outbox_has_seen(working, relay):
    stand_still("sweep", hours=3)
    told = look("--to", "operator@test.example", "--language", "ru")
    assert told["wrong"] == ["sweep"]
    assert told["mailed"]
    assert len(relay.subjects()) == 1
    assert not Notice.objects.exists()


def test_the_same_trouble_is_mailed_once_an_hour_and_its_end_once(working, relay):
    stand_still("sweep", hours=3)
    assert [look("--to", "o@test.example")["mailed"] for _ in range(3)] == [True, False, False]
    assert look("--to", "o@test.example", "--again-after", "0")["mailed"]
    beat("sweep", {})
    assert [look("--to", "o@test.example")["mailed"] for _ in range(2)] == [True, False]
    assert len(relay.subjects()) == 3


def test_the_outside_is_pinged_only_while_all_is_well(working, monkeypatch):
    asked = []
    monkeypatch.setattr(watch.Command, "ping", lambda self, address: asked.append(address) or True)
    assert look("--ping", "https://checks.example/1")["pinged"]
    stand_still("drain", hours=1)
    assert not look("--ping", "https://checks.example/1")["pinged"]
    assert asked == ["https://checks.example/1"]


def test_a_lost_database_is_told_although_nothing_can_be_read(working, relay, monkeypatch):
    from django.db import OperationalError

    def lost():
        raise OperationalError("gone")

    monkeypatch.setattr(readiness, "stuck_letters", lost)
    told = look("--to", "o@test.example")
    assert told["wrong"] == ["database"]
    assert told["mailed"]


def test_the_exit_code_says_that_something_is_wrong(working):
    call_command("watch")
    stand_still("sweep", hours=3)
    with pytest.raises(CommandError, match="sweep"):
        call_command("watch")
