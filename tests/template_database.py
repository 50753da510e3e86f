"""Test databases are copied from one that was migrated before.

Sixty migrations take longer than most files of tests. The first run after a migration changed applies
them to a database of their own, named by the hash of what it was made from; later runs copy it.
SQLite's lies in a folder of this user under the system's temporary one, PostgreSQL's beside the others.
`python -m tests.template_database` makes the one of DATABASE_URL beforehand.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg2
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg2 import sql

ROOT = Path(__file__).parents[1]
FOLDER = Path(tempfile.gettempdir()) / f"akim-meetings-tests-{os.getuid()}"
PREFIX = "akim_template_"
#: So many are kept: branches with other migrations are tested by turns.
KEPT = 4


def migrations_hash() -> str:
    """What the migrated database depends on: the migrations, what they read, and Django."""
    found = hashlib.sha256(django.__version__.encode())
    read = ["*/migrations/*.py", "law/**/*.toml", "*/marks.py", "requirements.txt"]
    read += ["reporting/desk/changes.py", "reporting/desk/triggers.py"]
    for file in sorted(path for pattern in read for path in ROOT.glob(pattern)):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Workers that start together migrate once; the others wait and copy."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--settings", "tests.settings", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


def use_copies() -> None:
    """From now on this process's test database starts as a copy; `migrate` then finds nothing left to do."""
    if connection.vendor == "postgresql":
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = postgresql_template()
        connection.settings_dict["TEST"]["TEMPLATE"] = settings.DATABASES["default"]["TEST"]["TEMPLATE"]
    else:
        template = sqlite_template()

        def fill(sender, connection, **more) -> None:
            if connection.is_in_memory_db() and not connection.introspection.table_names():
                with sqlite3.connect(template) as source:
                    source.backup(connection.connection)

        connection_created.connect(fill, weak=False)


def sqlite_template() -> Path:
    """A migrated file of SQLite."""
    file = FOLDER / f"{migrations_hash()}.sqlite3"
    with alone(file.stem):
        if not file.exists():
            new = file.with_suffix(".new")
            new.unlink(missing_ok=True)
            migrate(f"sqlite:///{new}")
            with sqlite3.connect(new) as made:
                made.execute("PRAGMA journal_mode=DELETE")
            new.replace(file)
            for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda old: old.stat().st_mtime)[:-KEPT]:
                old.unlink()
    return file


def postgresql_template() -> str:
    """The name of a migrated database of the server under test."""
    name = PREFIX + migrations_hash()
    found = connection.settings_dict
    server = {key: found[key.upper()] for key in ("host", "port", "user", "password") if found[key.upper()]}
    with alone(name):
        admin = psycopg2.connect(dbname="postgres", **server)
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{PREFIX}%"])
            there = [row[0] for row in cursor]
            if name not in there:
                for old in [f"{name}_new", *there[: -KEPT + 1]]:
                    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{name}_new")))
                migrate(address(f"{name}_new", **server))
                cursor.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(f"{name}_new"), sql.Identifier(name)
                    )
                )
        admin.close()
    return name


def address(name: str, *, host: str = "", port: str = "", user: str = "", password: str = "") -> str:
    return f"postgres://{user}:{password}@{host}:{port or 5432}/{name}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    if connection.vendor == "postgresql":
        postgresql_template()
    else:
        sqlite_template()
