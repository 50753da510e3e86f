"""What the scripts share: a database of their own on PostgreSQL, the real classifier, medians in a table."""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
#: The classifier of the real country; see `data/README` of whoever has it.
DATA = Path(os.environ.get("AKIM_DATA", ROOT.parent / "shared" / "data"))
CLASSIFIER = DATA / "kato_2026-07-17.csv"


def server() -> str:
    """Address of a PostgreSQL in which databases may be made: DATABASE_URL or TEST_DATABASE_URL."""
    url = os.environ.get("DATABASE_URL") or os.environ.get("TEST_DATABASE_URL")
    if not url:
        raise SystemExit("Give a PostgreSQL: DATABASE_URL=postgres://user@127.0.0.1:5432/postgres")
    return url


@contextmanager
def database(name: str, *, keep: bool = False):
    """A fresh, migrated database with Django set up on it; dropped afterwards.

    `keep` leaves it for the next run, whose words of `kept` it then gives; without it they are "".
    """
    import psycopg2

    base = server()
    parts = urlsplit(base)
    admin = psycopg2.connect(base)
    admin.autocommit = True
    words = kept(admin, name) if keep else ""
    if not words:
        create(admin, name)
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield words
    finally:
        from django.db import connections

        connections.close_all()
        if not keep:
            with admin.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        admin.close()


def create(admin, name: str) -> None:
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )


def kept(admin, name: str) -> str:
    """What a run left written on the database that it kept; "" if there is none, or if it was not filled to its end."""
    with admin.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        return ((cursor.fetchone() or [""])[0]) or ""


def write_on(words: str) -> None:
    """Write words on the database at work, for `kept`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'COMMENT ON DATABASE "{connection.settings_dict["NAME"]}" IS %s', [words])


def as_in_an_office(folder: str) -> None:
    """Settings of an office whose files lie in a folder; to be called before `database`."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "VAR_DIR": folder,
        "SECRET_KEY": "benchmark only",
        "LOG_LEVEL": "WARNING",
        "DEBUG": "0",
        "HTTPS": "0",
    }


def load_classifier() -> None:
    """The nation's tree, 15,594 rows; SystemExit where the file is not at hand."""
    from django.core.management import call_command

    if not CLASSIFIER.exists():
        raise SystemExit(f"The classifier is not at {CLASSIFIER}; set AKIM_DATA to its folder.")
    call_command("import_kato", str(CLASSIFIER), stdout=open(os.devnull, "w"))  # noqa: SIM115


def analyze() -> None:
    """What the database does by itself soon after rows came: it counts them, and marks whole pages as seen by all."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median of wall-clock seconds over the runs, after one run that is not counted."""
    work()
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def processor() -> float:
    """Seconds of processor so far: this process, its ended children, the database's process that serves it.

    On a machine that does other work too, the clock tells how long that work waited as well. The database's part is
    left out where it runs elsewhere.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        line = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    children = os.times()
    served = int(line.read_text().split()[0]) / 1e9 if line.exists() else 0.0
    return time.process_time() + children.children_user + children.children_system + served


class Backends:
    """Processor time of all processes that serve the database at work, on this machine; looked at every second.

    The last second of a process that ends is not seen. NaN where PostgreSQL runs elsewhere.
    """

    def __init__(self) -> None:
        from django.db import connection

        self.seen: dict[int, float] = {}
        self.ends = threading.Event()
        self.thread = threading.Thread(target=self.watch, args=[connection.settings_dict["NAME"]], daemon=True)

    def watch(self, name: str) -> None:
        import psycopg2

        while not self.ends.wait(1):
            # A connection a look: one that stays would be closed by each process that is forked meanwhile and ends.
            try:
                connection = psycopg2.connect(os.environ["DATABASE_URL"])
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [name])
                    pids = [pid for (pid,) in cursor.fetchall()]
                connection.close()
            except psycopg2.Error:
                continue
            for pid in pids:
                try:
                    nanoseconds = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
                except OSError:
                    continue
                self.seen[pid] = nanoseconds / 1e9

    def __enter__(self) -> Backends:
        self.thread.start()
        return self

    def __exit__(self, *_why) -> None:
        self.ends.set()
        self.thread.join()

    @property
    def seconds(self) -> float:
        return sum(self.seen.values()) if self.seen else float("nan")


def table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """What was measured, the figure, and beside what it stands."""
    print(f"\n{title}")
    width = max(len(row[0]) for row in rows)
    for name, figure, beside in rows:
        print(f"  {name:<{width}}  {figure:>14}  {beside}")
