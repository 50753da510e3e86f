"""The world of a run: real servers and processes in a fresh folder, under a supervisor that restarts what exits.

Everything listens on free ports of the loopback. A process that is meant to live and is gone is
started again after half a second, one that dies at once after a few seconds; that is all that systemd
or compose would do.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
#: How often the supervisor looks; it sleeps in between.
LOOK_EVERY = 0.25
#: PostgreSQL is started again when it does not answer for so long and nobody has stopped it.
POSTGRES_PATIENCE = 5.0
#: A process that lived shorter than this is not started again at once.
TOO_SHORT = 2.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_binaries() -> Path:
    """The folder of the newest PostgreSQL on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    if there is None:
        raise SystemExit("PostgreSQL was not found: initdb is needed, on the path or in /usr/lib/postgresql.")
    return Path(there).parent


@dataclass
class Child:
    """One process that is meant to live, in a process group of its own."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    wanted: bool = True
    process: subprocess.Popen | None = None
    started: float = 0.0
    not_before: float = 0.0
    restarts: int = -1
    #: When it was found gone, and how it had ended.
    deaths: list[tuple[float, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Start the process if it is wanted and not there."""
        with self.lock:
            if self.process is not None and self.process.poll() is not None:
                lived = time.monotonic() - self.started
                self.deaths.append((time.time(), self.process.returncode))
                self.not_before = time.monotonic() + (0.5 if lived > TOO_SHORT else 3.0)
                self.process = None
            if self.process is None and self.wanted and time.monotonic() >= self.not_before:
                self.restarts += 1
                self.started = time.monotonic()
                with self.log.open("ab") as log:
                    self.process = subprocess.Popen(
                        self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
                    )

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def send(self, number: signal.Signals, *, group: bool = False) -> bool:
        """Send a signal to the process or its whole group; False if it is not there."""
        pid = self.pid
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.killpg(pid, number) if group else os.kill(pid, number)
            return True
        return False

    def children(self) -> list[int]:
        """Processes that this one has forked."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, ValueError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) == self.pid:
                    found.append(int(stat.parent.name))
        return sorted(found)

    def stop(self, number: signal.Signals = signal.SIGTERM, patience: float = 30.0) -> float:
        """Let it end and stay ended; answers the seconds that it took. Killed when it does not obey."""
        self.wanted = False
        began = time.monotonic()
        with self.lock:
            process = self.process
            if process is None:
                return 0.0
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
                os.kill(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
            took = time.monotonic() - began
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
            self.process = None
        return took


class World:
    """Servers, the application's processes, and the files in which the truth is kept."""

    def __init__(self, folder: Path, *, outbox: dict | None = None):
        self.folder = folder
        self.outbox = outbox or {}
        self.bin = postgres_binaries()
        self.ports = {name: free_port() for name in ("postgres", "redis", "relay", "web")}
        self.children: dict[str, Child] = {}
        self.database = "empty"
        self.epoch = "first"
        #: Whose journal, log and letters the mail server writes; copies of a database keep theirs.
        self.mail = "empty"
        self.python = [sys.executable]
        self.postgres_wanted = False
        self._end = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        for name in ("logs", "failpoints", "var"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    # -- files ------------------------------------------------------------------------------------
    @property
    def journal(self) -> Path:
        return self.folder / f"accepted-{self.mail}.log"

    @property
    def modes(self) -> Path:
        return self.folder / "modes"

    @property
    def letters(self) -> Path:
        return self.folder / f"letters-{self.mail}.jsonl"

    @property
    def failpoints(self) -> Path:
        return self.folder / "failpoints"

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.ports['redis']}/0"

    def database_url(self, name: str = "") -> str:
        return f"postgres://akim@127.0.0.1:{self.ports['postgres']}/{name or self.database}"

    def environment(self, **more: str) -> dict[str, str]:
        """What every process of the application is told."""
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")}
        return (
            kept
            | {
                "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
                "DATABASE_URL": self.database_url(),
                "REDIS_URL": self.redis_url,
                "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['relay']}",
                "DEFAULT_FROM_EMAIL": "kezdesu@akimat.example",
                "OUTBOX_RELAY_LOG": str(self.folder / f"relay-{self.mail}.log"),
                "OUTBOX_EPOCH": self.epoch,
                "FAULTS_OUTBOX": json.dumps(self.outbox),
                "FAILPOINTS": str(self.failpoints),
                "VAR_DIR": str(self.folder / "var" / self.database),
                "SECRET_KEY": "faults-only",
                "SITE_URL": self.site,
                "API_RATE": "1000000/min",
                "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
                "PYTHONWARNINGS": "ignore",
                "PYTHONDONTWRITEBYTECODE": "1",
                "LOG_LEVEL": "WARNING",
            }
            | more
        )

    # -- PostgreSQL -------------------------------------------------------------------------------
    def _as_owner(self, *command: str) -> list[str]:
        """PostgreSQL refuses to run as root; then its own user runs it."""
        return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    def make_cluster(self) -> None:
        self.cluster.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.cluster, "postgres")
        words = ("-A", "trust", "-U", "akim", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", str(self.cluster))
        run(self._as_owner(str(self.bin / "initdb"), *words))
        # No fsync: processes die here, the machine does not, and what is written to the system survives them.
        lines = f"""
listen_addresses = '127.0.0.1'
port = {self.ports["postgres"]}
unix_socket_directories = ''
fsync = off
max_connections = 80
shared_buffers = 64MB
log_min_messages = fatal
"""
        run(self._as_owner("sh", "-c", f"cat >> {self.cluster}/postgresql.conf"), input=lines)
        self.start_postgres()

    def start_postgres(self) -> None:
        log = f"{self.cluster}/server.log"
        words = ["-D", str(self.cluster), "-l", log, "-o", f"-p {self.ports['postgres']}", "-w", "-t", "60", "start"]
        run(self._as_owner(str(self.bin / "pg_ctl"), *words))
        self.postgres_wanted = True

    def stop_postgres(self, mode: str = "immediate") -> None:
        self.postgres_wanted = False
        run(self._as_owner(str(self.bin / "pg_ctl"), "-D", str(self.cluster), "-m", mode, "-w", "stop"), check=False)

    def sql(self, text: str, database: str = "") -> str:
        """One statement by psql; answers its rows, tab between columns."""
        command = [str(self.bin / "psql"), "-qAtX", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", text]
        return run([*command, self.database_url(database or self.database)]).stdout.strip()

    def copy_database(self, source: str, target: str) -> None:
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"', "postgres")
        # A copied sequence is not written to the log until its spare numbers are used up, and a crash would
        # set it back; after a checkpoint it is.
        self.sql("CHECKPOINT", "postgres")

    # -- processes --------------------------------------------------------------------------------
    def start_redis(self) -> None:
        words = ["--port", str(self.ports["redis"]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.add("redis", ["redis-server", *words], dict(os.environ))

    def start_relay(self) -> None:
        """The mail server of the present database, with a journal, a log and letters of its own."""
        self.mail = self.database
        log = self.folder / f"relay-{self.mail}.log"
        for file in (log, self.journal, self.letters, self.modes):
            file.touch()
        words = ["--port", str(self.ports["relay"]), "--journal", str(self.journal), "--modes", str(self.modes)]
        words += ["--log", str(log), "--letters", str(self.letters), "--idle", "4", "--late", "2.5"]
        self.add("relay", [sys.executable, "-m", "tests.smtp_server", *words], dict(os.environ))

    def start_application(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "akim_meetings", "--quiet"]
        worker = [*celery, "worker", "--queues", "mail,sweep,files", "--without-gossip", "--without-mingle"]
        worker += ["--loglevel", "WARNING", "--concurrency", "2"]
        gunicorn = [sys.executable, "-m", "gunicorn", "akim_meetings.wsgi", "--bind", f"127.0.0.1:{self.ports['web']}"]
        gunicorn += ["--workers", "2", "--threads", "4", "--no-control-socket", "--timeout", "30"]
        self.add("web", [*gunicorn, "--access-logfile", "/dev/null"])
        self.add("worker-a", [*worker, "--pool", "prefork", "--hostname", "a@%h"])
        self.add("worker-b", [*worker, "--pool", "threads", "--without-heartbeat", "--hostname", "b@%h"])
        self.add("beat", self.beat_command(), self.environment(**self.movable_clock()))

    def beat_command(self, name: str = "beat") -> list[str]:
        schedule = str(self.folder / f"{name}-schedule")
        words = ["--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
        return [sys.executable, "-m", "celery", "-A", "akim_meetings", "--quiet", "beat", *words]

    def movable_clock(self) -> dict[str, str]:
        """Lets the clock of a process be moved while it runs, by the file `clock`; nothing without libfaketime."""
        if FAKETIME is None:
            return {}
        self.set_clock("+0")
        return {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
            "FAKETIME_CACHE_DURATION": "1",
        }

    def set_clock(self, offset: str) -> None:
        beside = self.folder / "clock.new"
        beside.write_text(f"{offset}\n")
        beside.rename(self.folder / "clock")

    def stop_application(self, *names: str) -> dict[str, float]:
        """End these processes politely, all at once; answers the seconds that each took."""
        took: dict[str, float] = {}
        chosen = [self.children[name] for name in names or ("web", "worker-a", "worker-b", "beat")]
        for child in chosen:
            child.wanted = False
            child.send(signal.SIGTERM)
        for child in chosen:
            took[child.name] = child.stop()
        return took

    def add(self, name: str, command: list[str], env: dict[str, str] | None = None) -> Child:
        child = Child(name, command, env or self.environment(), self.folder / "logs" / f"{name}.log")
        self.children[name] = child
        child.look()
        if not self._supervisor.is_alive():
            self._supervisor.start()
        return child

    def _supervise(self) -> None:
        away = 0
        while not self._end.wait(LOOK_EVERY):
            for child in list(self.children.values()):
                child.look()
            away = away + 1 if self.postgres_wanted and not answers(self.ports["postgres"]) else 0
            if away * LOOK_EVERY > POSTGRES_PATIENCE:
                print("PostgreSQL was gone; it is started again.", flush=True)
                with suppress(RuntimeError):
                    self.start_postgres()
                away = 0

    def wait_until_up(self, patience: float = 240.0) -> None:
        """Until the web answers, mail can be handed in and the workers have drained once."""
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if all(map(answers, (self.ports["web"], self.ports["redis"]))) and self.drained_since(5):
                return
            time.sleep(0.5)
        raise SystemExit(f"The application did not come up; see {self.folder}/logs.")

    def drained_since(self, seconds: float) -> bool:
        """Has a worker drained the outbox within the last seconds?"""
        since = f"now() - interval '{seconds} s'"
        text = f"SELECT count(*) FROM journal_heartbeat WHERE name = 'drain' AND finished_at > {since}"
        return self.sql(text) == "1"

    def is_well(self) -> bool:
        """Mail flows: a worker has just drained, the relay is not resting, no mode waits for a connection."""
        resting = "SELECT count(*) FROM journal_outboxcontrol WHERE relay_resting_until > now()"
        try:
            return self.drained_since(6) and self.sql(resting) == "0" and not self.modes.read_text().strip()
        except RuntimeError:
            return False

    def wait_until_well(self, patience: float) -> float:
        """Until mail flows again, at the most so long; answers the seconds."""
        began = time.monotonic()
        while time.monotonic() < began + patience and not self.is_well():
            time.sleep(0.7)
        return time.monotonic() - began

    def once(self, *words: str, faketime: str = "", check: bool = True, **env: str) -> str:
        """The timer of the system: one process that runs these commands and ends."""
        more = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": faketime} if faketime else {}
        done = run(
            [sys.executable, "-m", "tests.faults.once", *words],
            env=self.environment(**more, **env),
            check=check,
        )
        return done.stdout

    def manage(self, *words: str) -> str:
        return run([sys.executable, "manage.py", *words], env=self.environment()).stdout

    def close(self) -> None:
        self._end.set()
        for child in self.children.values():
            child.wanted = False
            child.send(signal.SIGTERM)
        for name, child in self.children.items():
            child.stop(patience=5 if name != "redis" else 2)
        if (self.cluster / "postmaster.pid").exists():
            self.stop_postgres("fast")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(command: list[str], *, check: bool = True, **rest) -> subprocess.CompletedProcess:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **rest)
    if check and done.returncode:
        words = " ".join(command)
        raise RuntimeError(f"{words} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done
