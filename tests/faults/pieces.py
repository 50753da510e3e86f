"""Faults that need a day, a database or a silence of their own; they come after the others.

Each looks at the database and at the mail server's journal by itself, and tells what it found wrong.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import checker
from .world import World, run

LETTERS = 20
LETTER = """
    INSERT INTO journal_notice (kind, subject_type, subject_id, subject_version, recipient_email,
        recipient_name, language, subject, body_text, body_html, headers, message_id, scope_path,
        confidential, priority, state, attempts, refusals, created_at, resolved_by, last_reply, bounce_text)
    SELECT 'account', 'piece', '{name}-' || n, 0, 'person' || n || '@akimat.example', '', 'kk', 'x', 'x', '',
        '{{}}', '<{name}-' || n || '@akimat.example>', '', false, 0, 'pending', 0, 0, now(), '', '', ''
    FROM generate_series(1, {count}) n
"""
#: A database in which the program has never run: facts, but no ledger and no reminder.
NEVER_SWEPT = (
    "DELETE FROM deadlines_reminder",
    "DELETE FROM journal_noticeattempt USING journal_notice n WHERE n.id = notice_id AND n.kind = 'reminder_digest'",
    "DELETE FROM journal_notice WHERE kind = 'reminder_digest'",
    "DELETE FROM deadlines_duty",
)


class Pieces:
    """Works on copies of the database of the run, with the application stopped."""

    def __init__(self, world: World, folder: Path, *, long: bool):
        self.world = world
        self.folder = folder
        self.long = long
        self.source = world.database
        self.copies = 0

    def all(self) -> list[dict]:
        year = dt.date.fromisoformat(json.loads((self.folder / "plan.json").read_text())["today"]).year
        firsts = [wednesday(dt.date(year + 1, month, day)) for month, day in ((2, 20), (1, 16), (7, 8))]
        # Each comes back on a working day: on days off nobody is written to.
        spans = [(wednesday(dt.date(year + 1, *end)), days) for end, days in (((1, 13), 1), ((2, 8), 7), ((1, 9), 21))]
        chosen: list[tuple[str, Callable[[], dict]]] = [
            ("F41 nothing runs", self.nothing_runs),
            ("F38 restored from before", self.restored),
            *((f"F33 first start on {day:%d %b}", partial(self.first_start, day)) for day in firsts),
            *((f"F32 down for {days} d", partial(self.downtime, end, days)) for end, days in spans),
        ]
        if not self.long:
            chosen = [*chosen[:3], chosen[-1]]
        self.world.children["relay"].stop()
        self.world.database = "pieces"
        self.world.start_relay()
        self.world.database = self.source
        told = []
        for name, piece in chosen:
            began = time.time()
            try:
                found = piece()
            except Exception as error:
                found = {"wrong": [f"{type(error).__name__}: {error}"[:800]]}
            told.append({"t": began, "until": time.time(), "n": 0, "fault": name, "piece": True, **found})
        self.world.database = self.source
        return told

    def copy(self, *statements: str) -> None:
        """Work on a fresh copy of the run's database from here on."""
        self.copies += 1
        name = f"piece{self.copies}"
        self.world.copy_database(self.source, name)
        self.world.database = name
        for statement in statements:
            self.world.sql(statement)

    def accepted(self) -> Counter:
        return Counter(line.split()[1] for line in self.world.journal.read_text().splitlines())

    # -- F41 --------------------------------------------------------------------------------------
    def nothing_runs(self) -> dict:
        """Workers and beat have ended. Somebody is told, by a way that needs none of them."""
        world, wrong = self.world, []
        world.children["web"].wanted = True
        began = time.monotonic()
        if not self.long:
            # In a short run time is made to pass in the rows.
            world.sql("UPDATE journal_heartbeat SET finished_at = finished_at - interval '4 minutes'")
        red = self.readiness(503, patience=240, naming=frozenset({"sweep", "drain"}))
        seconds = time.monotonic() - began
        if red is None:
            wrong.append("readyz does not say that nothing runs")
        before = self.accepted()
        world.children["redis"].stop()
        said = run(
            [*world.python, "manage.py", "watch", "--to", "operator@akimat.example"],
            env=world.environment(),
            check=False,
        ).stdout
        told = self.accepted() - before
        world.children["redis"].wanted = True
        if told.total() != 1:
            wrong.append(f"the operator got {told.total()} letters ({said})")
        for child in world.children.values():
            child.wanted = True
        back = self.readiness(200, patience=120)
        if back is None:
            wrong.append("readyz stays red although everything runs again")
        world.stop_application()
        return {"wrong": wrong, "seconds": round(seconds, 1), "said": red, "operator told": told.total()}

    def readiness(self, status: int, patience: float, naming: frozenset[str] = frozenset()) -> dict | None:
        """What readyz says once it answers with a status, and names one of these troubles if there are any."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            try:
                with urllib.request.urlopen(f"{self.world.site}/readyz", timeout=10) as answer:
                    found, body = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                found, body = error.code, error.read()
            except OSError:
                found, body = 0, b"{}"
            said = json.loads(body)
            # A refused letter that nobody has looked at keeps it red; that is another matter.
            if status == 200 and set(said.get("wrong", ["?"])) <= {"failed"}:
                return said
            if found == status and (not naming or naming & set(said["wrong"])):
                return said
            time.sleep(2)
        return None

    # -- F38 --------------------------------------------------------------------------------------
    def restored(self) -> dict:
        """A back-up from before mails were sent: nothing leaves until it is reconciled and released."""
        world, wrong = self.world, []
        self.copy(LETTER.format(name="old", count=LETTERS))
        backup = self.folder / "backup.dump"
        run([str(world.bin / "pg_dump"), "-Fc", "-f", str(backup), world.database_url()])
        world.once("drain")
        sent = sum(n for name, n in self.accepted().items() if name.startswith("<old-"))
        world.sql('CREATE DATABASE "restored"', "postgres")
        world.database = "restored"
        run([str(world.bin / "pg_restore"), "-d", world.database_url(), str(backup)])
        world.sql(LETTER.format(name="new", count=5))
        world.epoch = "second"
        before = self.accepted()
        world.once("sweep", "drain", "reap")
        early = (self.accepted() - before).total()
        said = world.manage("outbox", "reconcile").splitlines()[0]
        world.manage("outbox", "release")
        world.once("drain", "reap", "drain")
        world.epoch = "first"
        after = self.accepted()
        doubled = [name for name, n in after.items() if name.startswith(("<old-", "<new-")) and n > 1]
        missing = 5 - sum(name.startswith("<new-") for name in after)
        if sent != LETTERS:
            wrong.append(f"only {sent} of {LETTERS} letters had been sent")
        if early:
            wrong.append(f"{early} letters left before the release")
        if doubled or missing:
            wrong.append(f"doubled {doubled}, missing {missing}")
        return {"wrong": wrong, "invariant": "I2", "said": said, "sent before release": early, "doubled": len(doubled)}

    # -- F33 and F32 ------------------------------------------------------------------------------
    def first_start(self, day: dt.date) -> dict:
        """The program starts in the middle of a year that has its past: nobody is reminded of that."""
        self.copy(*NEVER_SWEPT)
        self.world.once(f"sweep:{day}", f"sweep:{day + dt.timedelta(days=1)}")
        tables = self.dumped()
        past = [row for row in tables["reminders"] if row["stage_day"] < row["opened_on"]]
        digests = Counter((n["recipient"], n["subject_version"]) for n in tables["notices"] if "digest" in n["kind"])
        wrong = [f"{len(past)} reminders of stages before the first start, as {past[0]}"] if past else []
        wrong += [f"{n} digests of one day to {who}" for who, n in digests.items() if n > 1]
        return {
            "wrong": wrong,
            "invariant": "I1",
            "duties": len(tables["duties"]),
            "reminders": len(tables["reminders"]),
        }

    def downtime(self, end: dt.date, days: int) -> dict:
        """Down over due days: the ledger is that of a program that never stopped, one digest says all."""
        day = end - dt.timedelta(days=days)
        self.copy(*NEVER_SWEPT)
        self.world.once(*(f"sweep:{day + dt.timedelta(days=n)}" for n in range(days + 1)))
        steady = self.dumped()
        self.copy(*NEVER_SWEPT)
        self.world.once(f"sweep:{day}", f"sweep:{end}")
        back = self.dumped()
        wrong = []
        if duties_of(steady) != duties_of(back):
            wrong.append(f"duties differ: {(duties_of(steady) - duties_of(back)).total()}")
        if told_of(steady) != told_of(back):
            missing, extra = told_of(steady) - told_of(back), told_of(back) - told_of(steady)
            wrong.append(f"reminders differ: missing {list(missing)[:3]}, more {list(extra)[:3]}")
        version = str(end.toordinal())
        digests = Counter(
            n["recipient"] for n in back["notices"] if "digest" in n["kind"] and n["subject_version"] == version
        )
        wrong += [f"{n} digests to {who} on return" for who, n in digests.items() if n > 1]
        return {"wrong": wrong, "invariant": "I4", "reminders": len(back["reminders"]), "digests": digests.total()}

    def dumped(self) -> dict[str, list[dict[str, str]]]:
        folder = self.folder / "pieces" / self.world.database
        checker.dump(folder, self.world.database_url())
        return {name: checker.rows_of(folder / f"{name}.csv") for name in ("duties", "reminders", "notices")}


def wednesday(day: dt.date) -> dt.date:
    """The Wednesday on or after a day; none of those chosen here is a day off."""
    return day + dt.timedelta(days=(2 - day.weekday()) % 7)


def duties_of(tables: dict[str, list[dict[str, str]]]) -> Counter:
    """Duties with their dates and proofs; not on which day the ledger learnt of them."""
    learnt = ("opened_on", "noted_on")
    return Counter(tuple(v for name, v in row.items() if name not in learnt) for row in tables["duties"])


def told_of(tables: dict[str, list[dict[str, str]]]) -> Counter:
    """Who was told of which stage by which channel; not on which day."""
    learnt = ("opened_on", "day")
    return Counter(tuple(v for name, v in row.items() if name not in learnt) for row in tables["reminders"])
