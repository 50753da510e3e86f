"""A back-up is worth what its restoring is: into an empty server, and the judges find the same ledger and journal."""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from checker.journal import faults
from deadlines.services import sweep
from journal.actors import Actor
from journal.services import head, record, seal
from tests import factories
from tests.template_database import ROOT, address

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(tmp_path) -> dict[str, str]:
    """The environment in which the scripts of the back-up work on this server."""
    found = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    places = {"BACKUPS": str(tmp_path / "backups"), "DATA": str(tmp_path / "data")}
    (tmp_path / "data" / "files").mkdir(parents=True)
    (tmp_path / "data" / "files" / "order.pdf").write_bytes(b"%PDF-1.4 scan")
    return os.environ | places | {name: str(found[key]) for name, key in names.items() if found[key]}


@pytest.fixture
def empty(server) -> Iterator[str]:
    """The name of an empty database of the same server, gone afterwards."""
    name = f"{server['PGDATABASE']}_restored"
    for act in ("dropdb", "createdb"):
        subprocess.run([act, *(["--if-exists"] if act == "dropdb" else []), name], env=server, check=True)
    yield name
    subprocess.run(["dropdb", name], env=server, check=True)


def script(name: str, *words: str, **environment: str) -> subprocess.CompletedProcess:
    command = ["bash", str(ROOT / "docker" / name), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def dumps(database: str, folder: Path, server: dict[str, str]) -> dict[str, bytes]:
    """What the commands for the judges write of a database."""
    parts = {key: server.get(f"PG{key.upper()}", "") for key in ("host", "port", "user", "password")}
    environment = os.environ | {"DATABASE_URL": address(database, **parts)}
    for command in (["dump_ledger", "--today", "2027-03-20"], ["dump_journal"]):
        words = [sys.executable, "manage.py", *command, "-o", str(folder), "--settings", "tests.settings"]
        subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_back_up_restored_to_an_empty_server_holds_the_same_ledger_journal_and_files(
    land, our_calendar, server, empty, tmp_path
):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 17))
    sweep(dt.date(2027, 3, 10))
    record(Actor.system("test"), "meeting.planned", land.A)
    assert seal() == 1
    made = script("backup.sh", **server)
    assert made.returncode == 0, made.stderr
    folder = made.stdout.strip()
    restored = server | {"PGDATABASE": empty, "DATA": str(tmp_path / "new")}
    done = script("restore.sh", folder, **restored)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "files" / "order.pdf").read_bytes() == b"%PDF-1.4 scan"
    before = dumps(server["PGDATABASE"], tmp_path / "before", server)
    after = dumps(empty, tmp_path / "after", server)
    assert before == after
    assert faults(tmp_path / "after", head().sha256)[0] == []
    again = script("restore.sh", folder, **restored)
    assert again.returncode == 1
    assert "is not empty" in again.stderr


def test_a_back_up_that_was_damaged_is_refused(land, server, empty):
    folder = Path(script("backup.sh", **server).stdout.strip())
    (folder / "database.dump").write_bytes((folder / "database.dump").read_bytes()[:-7])
    assert script("restore.sh", str(folder), **server | {"PGDATABASE": empty}).returncode != 0
