"""The faults: each one a function that does harm, repairs it, and tells what it did and when.

A fault is named by its number in the table of faults and by what is done ("F21 accept-cut"). `plan`
makes the list of a run from its seed; each kind comes in a fixed share, at least once.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shelve
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import redis
from celery import Celery

from tests.smtp_server import push_modes

from .world import FAKETIME, World

#: The lease of a letter in these settings, in seconds (tests/faults/settings.py).
LEASE = 8
#: A failpoint that nobody reached in so long is taken away again.
FAILPOINT_PATIENCE = 40.0
LINES = ("claimed", "connected", "body-sent", "dot-committed", "after-dot", "after-250", "before-commit")
REFUSALS = ("451-rcpt", "452-rcpt", "552-rcpt", "550-rcpt", "451-dot", "452-dot", "550-dot", "421-mail", "421-greeting")
CLOCKS = ("+1h", "+3d", "+365d", "-1h", "-3d", "leap day", "year end")


@dataclass
class Fault:
    """One fault of a run; `told` is written down when it is over."""

    number: int
    name: str
    told: dict = field(default_factory=dict)


#: Name of a fault -> its share in a hundred.
SHARES: dict[str, float] = {
    "F01 group killed": 4,
    **{f"F01 killed at {line}": 2.1 for line in LINES},
    "F02 child killed": 4,
    "F03 asked to end": 2,
    "F04 frozen": 3,
    "F04 frozen at dot-committed": 4,
    "F05 beat killed": 3,
    "F05 no beat": 1,
    "F06 two beats": 1,
    "F06 five beats": 0.5,
    "F07 file gone": 0.8,
    "F07 file cut": 0.7,
    "F07 file garbage": 0.8,
    "F07 file from the future": 0.7,
    "F08 redis killed": 3,
    "F08 redis emptied": 2,
    "F08 redis killed 8 times": 0.5,
    "F11 postgres stopped at once": 4,
    "F17 relay refuses": 4,
    "F18 relay silent": 2,
    "F18 relay slow": 2,
    **{f"F19 {mode}": 1.3 for mode in REFUSALS},
    "F20 cut-data": 6,
    "F21 accept-cut": 9,
    "F22 accept-late": 6,
    "F26 forty drains": 3,
    "F29 killed at after-commit": 3,
    "F30 a machine with a wrong clock": 2,
    "F30 beat with a wrong clock": 2,
    "F32 everything down": 0.7,
    "F37 poisoned letter": 2,
}


#: After these the next fault waits until mail flows again: they take a server or a worker away.
HEAVY = ("F01 group", "F03", "F05 no", "F08", "F11", "F17", "F18", "F19 421", "F19 452", "F30 beat", "F32")


def plan(seed: int, count: int, only: tuple[str, ...] = ("F",)) -> list[Fault]:
    """The faults of a run, in their order: the same for the same seed, number and choice."""
    names = {name: share for name, share in SHARES.items() if name.startswith(only)}
    if FAKETIME is None:
        names = {name: share for name, share in names.items() if not name.startswith("F30")}
    whole = sum(names.values())
    wanted = {name: max(1.0, share * count / whole) for name, share in names.items()}
    listed = [name for name, share in wanted.items() for _turn in range(int(share))]
    rest = sorted(wanted, key=lambda name: wanted[name] % 1, reverse=True)
    listed += rest[: max(0, count - len(listed))]
    rng = random.Random(f"faults/{seed}")
    rng.shuffle(listed)
    return [Fault(number, name) for number, name in enumerate(listed[:count], 1)]


class Injector:
    """Does the harm. Faults that take long run beside the others; each server is harmed once at a time."""

    def __init__(self, world: World, seed: int):
        self.world = world
        self.seed = seed
        self.locks = {name: threading.Lock() for name in ("postgres", "redis", "relay", "beat", "application")}
        self.lines = {line: threading.Lock() for line in (*LINES, "after-commit")}
        self.tasks = Celery("faults", broker=world.redis_url)
        self.extra = 0

    def inject(self, fault: Fault) -> dict:
        """Do it; answers what is to be written down (times in seconds since 1970)."""
        rng = random.Random(f"{self.seed}/{fault.number}")
        began = time.time()
        told = self.action(fault.name)(rng) or {}
        return {"t": began, "until": time.time(), "n": fault.number, "fault": fault.name, **told}

    def action(self, name: str) -> Callable[[random.Random], dict | None]:
        number, _, what = name.partition(" ")
        if number in ("F01", "F29") and what.startswith("killed at "):
            return partial(self.at_line, line=what.removeprefix("killed at "), word="kill")
        if name == "F04 frozen at dot-committed":
            return partial(self.at_line, line="dot-committed", word="stop")
        if number == "F07":
            return partial(self.damage_schedule, how=what.removeprefix("file "))
        if number in ("F19", "F20", "F21", "F22"):
            return partial(self.mode, mode=what)
        if number == "F18":
            return partial(self.mode, mode=what.removeprefix("relay "))
        rest: dict[str, Callable[[random.Random], dict | None]] = {
            "F01 group killed": self.kill_group,
            "F02 child killed": self.kill_child,
            "F03 asked to end": self.ask_to_end,
            "F04 frozen": self.freeze,
            "F05 beat killed": self.kill_beat,
            "F05 no beat": self.no_beat,
            "F06 two beats": partial(self.more_beats, more=1),
            "F06 five beats": partial(self.more_beats, more=4),
            "F08 redis killed": partial(self.kill_redis, times=1),
            "F08 redis killed 8 times": partial(self.kill_redis, times=8),
            "F08 redis emptied": self.empty_redis,
            "F11 postgres stopped at once": self.stop_postgres,
            "F17 relay refuses": self.refuse,
            "F26 forty drains": self.forty_drains,
            "F30 a machine with a wrong clock": self.wrong_clock,
            "F30 beat with a wrong clock": self.beat_with_wrong_clock,
            "F32 everything down": self.everything_down,
            "F37 poisoned letter": self.poisoned_letter,
        }
        return rest[name]

    # -- workers ----------------------------------------------------------------------------------
    def worker(self, rng: random.Random):
        return self.world.children[rng.choice(("worker-a", "worker-b"))]

    def kill_group(self, rng: random.Random) -> dict:
        worker = self.worker(rng)
        time.sleep(rng.random())
        return {"who": worker.name, "hit": worker.send(signal.SIGKILL, group=True)}

    def kill_child(self, rng: random.Random) -> dict:
        time.sleep(rng.random())
        children = self.world.children["worker-a"].children()
        if not children:
            return {"hit": False}
        with suppress(ProcessLookupError):
            os.kill(rng.choice(children), signal.SIGKILL)
        return {"hit": True}

    def ask_to_end(self, rng: random.Random) -> dict:
        """A deployment: the old worker is asked to end, the new one starts."""
        worker = self.worker(rng)
        with self.locks["application"]:
            seconds = worker.stop(signal.SIGTERM, patience=40)
            worker.wanted = True
        return {"who": worker.name, "seconds": round(seconds, 2)}

    def freeze(self, rng: random.Random) -> dict:
        worker = self.worker(rng)
        pid = worker.pid
        if pid is None:
            return {"hit": False}
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGSTOP)
            time.sleep(LEASE + 2)
            os.killpg(pid, signal.SIGCONT)
        return {"who": worker.name, "hit": True}

    def at_line(self, rng: random.Random, *, line: str, word: str) -> dict:
        """Let the process that next gets to a line die there, or freeze for longer than its lease."""
        with self.lines[line]:
            return self.take_at_line(line, word)

    def take_at_line(self, line: str, word: str) -> dict:
        wish = self.world.failpoints / f"{line}.{word}"
        wish.touch()
        ends = time.monotonic() + FAILPOINT_PATIENCE
        while time.monotonic() < ends:
            taken = list(self.world.failpoints.glob(f"{line}.{word}.*"))
            if taken:
                break
            time.sleep(0.1)
        else:
            wish.unlink(missing_ok=True)
            return {"hit": False}
        at = time.time()
        for file in taken:
            pid = int(file.name.rpartition(".")[2])
            file.unlink(missing_ok=True)
            if word == "stop":
                time.sleep(LEASE + 2)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        return {"hit": True, "at": at}

    def forty_drains(self, rng: random.Random) -> dict:
        sent = 0
        for _turn in range(40):
            with suppress(Exception):
                self.tasks.send_task("journal.tasks.drain", queue="mail", retry=False, ignore_result=True)
                sent += 1
        return {"sent": sent}

    # -- beat and clocks --------------------------------------------------------------------------
    def kill_beat(self, rng: random.Random) -> dict:
        return {"hit": self.world.children["beat"].send(signal.SIGKILL, group=True)}

    def no_beat(self, rng: random.Random) -> dict:
        """Beat is away; the timer of the system stands in."""
        beat = self.world.children["beat"]
        with self.locks["beat"]:
            beat.stop(signal.SIGKILL)
            time.sleep(3)
            said = self.world.once("sweep", "drain", "reap", check=False)
            time.sleep(3)
            beat.wanted = True
        return {"timer": said.split("\n")[0]}

    def more_beats(self, rng: random.Random, *, more: int) -> dict:
        names = []
        for _turn in range(more):
            self.extra += 1
            name = f"beat-{self.extra}"
            self.world.add(name, self.world.beat_command(name))
            names.append(name)
        time.sleep(12)
        for name in names:
            self.world.children[name].stop(signal.SIGKILL)
            del self.world.children[name]
        return {"more": more}

    def damage_schedule(self, rng: random.Random, *, how: str) -> dict:
        beat = self.world.children["beat"]
        with self.locks["beat"]:
            beat.stop(signal.SIGKILL)
            # Our beat keeps no file; one that lies where celery's own would keep it must not matter either.
            files = list(self.world.folder.glob("beat-schedule*")) or [self.world.folder / "beat-schedule"]
            files[0].touch()
            for file in files:
                if how == "gone":
                    file.unlink()
                elif how == "cut":
                    os.truncate(file, file.stat().st_size // 3)
                elif how == "garbage":
                    file.write_bytes(rng.randbytes(max(64, file.stat().st_size)))
                else:
                    self.move_schedule(file)
            beat.wanted = True
        return {"files": len(files)}

    @staticmethod
    def move_schedule(file: Path) -> None:
        """As if beat had run for a while under a clock three days ahead."""
        with suppress(Exception), shelve.open(str(file.with_suffix("")), writeback=True) as kept:
            for entry in kept.get("entries", {}).values():
                entry.last_run_at += dt.timedelta(days=3)

    def wrong_clock(self, rng: random.Random) -> dict:
        """The timer of a machine whose clock is wrong: nothing may be sent or swept for its day."""
        chosen = rng.choice(CLOCKS)
        offset = chosen
        if chosen in ("leap day", "year end"):
            now = dt.datetime.now()
            day = dt.date(2028, 2, 29) if chosen == "leap day" else dt.date(now.year, 12, 31)
            while day <= now.date():
                day = dt.date(day.year + (4 if chosen == "leap day" else 1), day.month, day.day)
            offset = f"+{(day - now.date()).days}d"
        said = self.world.once("sweep", "drain", "reap", faketime=offset, check=False)
        done = [line for line in said.splitlines() if line.startswith(("sweep opened", "drain sent"))]
        wrong = [f"a machine whose clock is {chosen} off did: {line}" for line in done]
        return {"clock": chosen, "said": said[-300:], "wrong": wrong, "invariant": "I4"}

    def beat_with_wrong_clock(self, rng: random.Random) -> dict:
        """The clock of the running beat goes wrong for a while and is put right."""
        offset = rng.choice(("+1h", "+3d", "-1h", "-3d"))
        with self.locks["beat"]:
            self.world.set_clock(offset)
            time.sleep(6)
            self.world.set_clock("+0")
        return {"clock": offset, "returned": time.time()}

    # -- servers ----------------------------------------------------------------------------------
    def kill_redis(self, rng: random.Random, *, times: int) -> dict:
        server = self.world.children["redis"]
        with self.locks["redis"]:
            for _turn in range(times):
                server.stop(signal.SIGKILL)
                time.sleep(rng.uniform(0.5, 3) if times == 1 else 0.3)
                server.not_before = 0
                server.wanted = True
                server.look()
                time.sleep(0.4)
        return {"returned": time.time()}

    def empty_redis(self, rng: random.Random) -> dict:
        with suppress(redis.RedisError):
            redis.Redis(port=self.world.ports["redis"]).flushall()
        return {"returned": time.time()}

    def stop_postgres(self, rng: random.Random) -> dict:
        with self.locks["postgres"]:
            time.sleep(rng.random())
            self.world.stop_postgres("immediate")
            time.sleep(rng.uniform(0, 2))
            self.world.start_postgres()
        return {"returned": time.time()}

    def refuse(self, rng: random.Random) -> dict:
        relay = self.world.children["relay"]
        with self.locks["relay"]:
            relay.send(signal.SIGUSR1)
            time.sleep(rng.choice((1, 3, 6, 14)))
            relay.send(signal.SIGUSR2)
        return {"returned": time.time()}

    def mode(self, rng: random.Random, *, mode: str) -> dict:
        push_modes(self.world.modes, [mode] * rng.choice((1, 1, 2)))
        return {}

    def everything_down(self, rng: random.Random) -> dict:
        """Workers, web and beat are down for a while and come back together."""
        names = ("web", "worker-a", "worker-b", "beat")
        with self.locks["application"], self.locks["beat"]:
            for name in names:
                self.world.children[name].stop(signal.SIGKILL)
            time.sleep(rng.uniform(1, 5))
            for name in names:
                self.world.children[name].wanted = True
        return {"started": time.time()}

    # -- rows -------------------------------------------------------------------------------------
    def poisoned_letter(self, rng: random.Random) -> dict:
        """A letter that cannot be built; those behind it go on."""
        name = f"poison-{rng.getrandbits(40):x}"
        said = self.world.sql(
            f"""
            INSERT INTO journal_notice (kind, subject_type, subject_id, subject_version, recipient_email,
                recipient_name, language, subject, body_text, body_html, headers, message_id, scope_path,
                confidential, priority, state, attempts, refusals, created_at, resolved_by, last_reply, bounce_text)
            VALUES ('poison', 'poison', '{name}', 0, '{name}@akimat.example', '', 'kk', 'x', 'x', '',
                '{{"X-Poison": "a\\nb"}}', '<{name}@akimat.example>', '', false, 0, 'pending', 0, 0, now(), '', '', '')
            RETURNING id
            """
        )
        return {"notice": said.split("\n")[0]}
