"""Workers that are killed or frozen at every line that matters: each letter still arrives exactly once."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from journal.services import Recipient, queue
from tests.journal.conftest import QUICK
from tests.smtp_server import EvilRelay

ROOT = Path(__file__).resolve().parents[2]
LETTERS = 3
#: Lines of a letter's way, in their order.
NAMES = ("claimed", "connected", "body-sent", "dot-committed", "after-dot", "after-250", "before-commit")


class Station:
    """A database and a way out for mail that several processes share; processes come and go."""

    def __init__(self, outbox: dict, tmp_path: Path):
        self.outbox = outbox
        self.tmp_path = tmp_path
        self.url = ""

    def write(self, count: int) -> None:
        """Queue letters, and open the database to other processes."""
        for number in range(count):
            queue(
                "account",
                template="_given",
                to=Recipient(f"user{number}@akimat.example"),
                about=("test", str(number)),
                context={"subject": f"Хат {number}", "text": "Мәтін " * 20, "html": ""},
            )
        self.url = shared_database(self.tmp_path)

    def start(self, *words: str, failpoint: str = "") -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journal.child", *words],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": self.url,
                "OUTBOX": json.dumps(self.outbox),
                "VAR_DIR": str(self.tmp_path / "var"),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "FAILPOINT": failpoint,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def recover(self, seconds: float = 20) -> list[dict]:
        """What the timetable does after a crash; answers what became of the letters."""
        process = self.start("recover", str(seconds))
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return json.loads(out.splitlines()[-1])


def shared_database(tmp_path: Path) -> str:
    """Address of the test database for other processes; SQLite's, in memory, is copied to a file."""
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{copy}'")
        return f"sqlite:///{copy}"
    parts = connection.settings_dict
    user = f"{parts['USER']}:{parts['PASSWORD']}" if parts["PASSWORD"] else parts["USER"]
    return f"postgres://{user}@{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"


def wait_until_stopped(process: subprocess.Popen) -> None:
    """Until the process froze itself (state T)."""
    for _try in range(300):
        status = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        if status == "T":
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    raise AssertionError("the worker never got to its failpoint")


@pytest.fixture
def station(committed, outbox, tmp_path):
    """Letters leave over SMTP; the relay's journal is the truth."""
    with EvilRelay(tmp_path / "accepted.log") as relay:
        made = Station(
            QUICK
            | {
                "transport": "smtp",
                "host": "127.0.0.1",
                "port": relay.port,
                "doubt": "reconcile",
                "relay_log": str(relay.journal),
                "relay_log_format": "plain",
                "total_seconds": 1,
                "lease_seconds": 2,
            },
            tmp_path,
        )
        made.relay = relay
        yield made


@pytest.fixture
def folder_station(committed, outbox, tmp_path):
    """Letters become files, as in an embedded installation."""
    folder = tmp_path / "letters"
    made = Station(
        QUICK | {"transport": "file", "folder": str(folder), "total_seconds": 1, "lease_seconds": 2}, tmp_path
    )
    made.folder = folder
    return made


@pytest.mark.parametrize(("name", "turn"), [*((name, 1) for name in NAMES), ("dot-committed", 2)])
def test_killed_at_any_line_every_letter_arrives_exactly_once(station, name, turn):
    station.write(LETTERS)
    worker = station.start("drain", failpoint=f"{name}:kill@{turn}")
    worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGKILL, "the failpoint was not reached"
    rows = station.recover()
    assert [row["state"] for row in rows] == ["sent"] * LETTERS
    assert station.relay.accepted == {row["message_id"]: 1 for row in rows}


@pytest.mark.parametrize("name", ["body-sent", "after-dot", "before-commit"])
def test_killed_while_writing_files_every_letter_is_one_file(folder_station, name):
    folder_station.write(LETTERS)
    worker = folder_station.start("drain", failpoint=f"{name}:kill@2")
    worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGKILL, "the failpoint was not reached"
    assert [row["state"] for row in folder_station.recover()] == ["sent"] * LETTERS
    files = sorted(path.name for path in folder_station.folder.iterdir())
    assert len(files) == LETTERS
    assert all(name.endswith(".eml") for name in files)


@pytest.mark.parametrize("name", ["claimed", "body-sent", "dot-committed"])
def test_a_worker_that_slept_through_its_lease_hands_nothing_over(station, name):
    station.write(1)
    sleeper = station.start("drain", failpoint=f"{name}:stop@1")
    wait_until_stopped(sleeper)
    [row] = station.recover()
    assert row["state"] == "sent"
    assert station.relay.accepted.total() == 1, "another worker has delivered it meanwhile"
    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.communicate(timeout=60)
    assert station.relay.accepted == {row["message_id"]: 1}
    assert station.recover() == [{**row, "history": [*row["history"], "fenced"]}] or name == "dot-committed"


def test_an_answer_that_a_frozen_worker_had_seen_is_still_believed(station):
    """Frozen after the 250: meanwhile the letter is in doubt, and there is no log to ask."""
    station.outbox |= {"doubt": "resend", "doubt_wait_seconds": 600}
    station.write(1)
    sleeper = station.start("drain", failpoint="after-250:stop@1")
    wait_until_stopped(sleeper)
    assert station.recover(3)[0]["state"] == "doubtful"
    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.communicate(timeout=60)
    [row] = station.recover(0)
    assert (row["state"], row["resolved_by"]) == ("sent", "250")
    assert station.relay.accepted.total() == 1


def test_drains_at_once_share_the_work_and_double_nothing(station):
    """Each stands still with its first letter until all have one: none can come when all is done."""
    station.outbox |= {"lease_seconds": 600}
    station.write(40)
    workers = [station.start("drain", failpoint="claimed:stop@1") for _number in range(3)]
    for worker in workers:
        wait_until_stopped(worker)
    for worker in workers:
        os.kill(worker.pid, signal.SIGCONT)
    reports = [worker.communicate(timeout=60)[0] for worker in workers]
    rows = station.recover()
    assert [row["state"] for row in rows] == ["sent"] * 40
    assert station.relay.accepted == {row["message_id"]: 1 for row in rows}
    assert all("sent" in report for report in reports), reports


def test_failpoints_do_nothing_where_settings_do_not_allow_them(settings, monkeypatch):
    from journal import failpoints

    settings.FAILPOINTS_ALLOWED = False
    monkeypatch.setenv("FAILPOINT", "claimed:kill@1")
    assert failpoints._armed() is None
    settings.FAILPOINTS_ALLOWED = True
    assert failpoints._armed() == ("claimed", signal.SIGKILL, 1)
    monkeypatch.setenv("FAILPOINT", "nowhere:kill@1")
    with pytest.raises(ValueError, match="FAILPOINT"):
        failpoints._armed()


def test_an_armed_line_takes_one_process_and_is_done(station, tmp_path, monkeypatch):
    folder = tmp_path / "lines"
    folder.mkdir()
    (folder / "claimed.kill").touch()
    monkeypatch.setenv("FAILPOINTS", str(folder))
    station.write(LETTERS)
    victim = station.start("drain")
    victim.communicate(timeout=60)
    assert victim.returncode == -signal.SIGKILL
    assert [file.name for file in folder.iterdir()] == [f"claimed.kill.{victim.pid}"]
    assert [row["state"] for row in station.recover()] == ["sent"] * LETTERS
