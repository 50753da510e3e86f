"""How fast the outbox hands letters to a local relay; floor: 30 a second on two cores.

    DATABASE_URL=postgres://root@127.0.0.1:5432/postgres python -m benchmarks.outbox_drain [--count 600] [--rounds 3]

Makes a database of its own and drops it. The relay is the tests' own, in a process of its own, and
syncs its journal after every letter. Prints medians over the rounds: letters per second by that
journal, from the first letter accepted to the last, and processor time of the drains per letter,
which a busy machine does not blur.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent
NAME = "outbox_drain_benchmark"


def administer(url: str, statement: str) -> None:
    subprocess.run(["psql", url, "-qc", statement], check=True)


def child(word: str, url: str, settings: dict, *args: str) -> subprocess.Popen:
    env = os.environ | {
        "DATABASE_URL": url,
        "OUTBOX": json.dumps(settings),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "benchmarks.outbox_drain", word, *args]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def in_child(word: str, args: list[str]) -> None:
    import django
    from django.conf import settings

    django.setup()
    settings.OUTBOX = json.loads(os.environ["OUTBOX"])
    from journal.delivery import drain
    from journal.models import Notice
    from journal.services import Attachment, Letter, Recipient, queue_many

    if word == "drain":
        before = time.process_time()
        while Notice.objects.filter(state=Notice.State.PENDING).exists():
            drain(budget=600)
        print(time.process_time() - before, flush=True)
        return
    count, size, label = int(args[0]), int(args[1]), args[2]
    attachments = [Attachment("kalendar.xlsx", "application/octet-stream", os.urandom(size))] if size else []
    text = "Құрметті әріптестер! Күнтізбе бекітілді. " * 40
    queue_many(
        Letter(
            kind="account",
            template="_given",
            to=Recipient(f"user{number}@akimat.example"),
            about=("benchmark", f"{label}:{number}"),
            context={"subject": f"Күнтізбе {number}", "text": text, "html": f"<p>{text}</p>"},
            attachments=attachments,
        )
        for number in range(count)
    )


def one_round(url: str, count: int, size: int, workers: int, label: str) -> tuple[float, float]:
    """Letters per second, and milliseconds of processor time that the drains spent on one letter."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "accepted.log"
        relay = subprocess.Popen(
            [sys.executable, "-m", "tests.smtp_server", "--port", "0", "--journal", str(log)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert relay.stdout is not None
            port = int(relay.stdout.readline().rpartition(":")[2])
            settings = {
                "transport": "smtp",
                "host": "127.0.0.1",
                "port": port,
                "doubt": "resend",
                "nudge": False,
            }
            assert child("write", url, settings, str(count), str(size), label).wait() == 0
            drains = [child("drain", url, settings) for _number in range(workers)]
            spent = sum(float(process.communicate()[0].split()[-1]) for process in drains)
            times = [float(line.split()[0]) for line in log.read_text().splitlines()]
            assert len(times) == count, f"{len(times)} of {count} letters"
            return (count - 1) / (max(times) - min(times)), spent / count * 1000
        finally:
            relay.terminate()
            relay.wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    given = os.environ.get("DATABASE_URL", "postgres://root@127.0.0.1:5432/postgres")
    base = given.rpartition("/")[0]
    administer(given, f"DROP DATABASE IF EXISTS {NAME}")
    administer(given, f"CREATE DATABASE {NAME}")
    url = f"{base}/{NAME}"
    try:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT,
            check=True,
            env=os.environ | {"DATABASE_URL": url},
        )
        engine = environ.Env.db_url_config(url)["ENGINE"]
        print(f"{engine}, {os.cpu_count()} cores, {args.count} letters, {args.rounds} rounds")
        for size in (0, 150_000):
            for workers in (1, 2):
                rounds = [
                    one_round(url, args.count, size, workers, f"{size}:{workers}:{number}:{time.time()}")
                    for number in range(args.rounds)
                ]
                rates, cpu = zip(*rounds, strict=True)
                print(
                    f"attachment {size:>7} bytes, {workers} drain(s): {statistics.median(rates):6.1f} letters/s "
                    f"({', '.join(f'{rate:.1f}' for rate in rates)}), {statistics.median(cpu):.1f} ms CPU a letter",
                    flush=True,
                )
    finally:
        administer(given, f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("write", "drain"):
        in_child(sys.argv[1], sys.argv[2:])
    else:
        main()
