r"""Every staff page of a 2,005-meeting calendar beside a page that runs one trivial query, 20 users at once.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.pages \
        [--only TEXT] [--inside] [--heaviest N] [--think SECONDS] [--keep]

Marks: p95 at most 5 times that of the trivial page, for every page of `staff_pages`, where everybody asks again as soon
as he was answered; at most 150 ms where each has `--think` seconds to read before. gunicorn serves as in the
Procfile (2 workers × 4 threads); visitors are a process of their own on the same cores, each with a persistent
connection and a session of his own. Beside every page, in the same seconds, stands the trivial one: log-in, scope,
menu and pickers, `SELECT 1`, no content. `--inside` counts queries and processor time by Django's test client;
`--heaviest` does so first and asks only the dearest pages over the network, which takes minutes instead of hours;
`--keep` leaves the filled database for the next run with `--keep`.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import a_year, frame
from benchmarks.staff_pages import BARE, PAGES, TRIVIAL, Page

USERS = 20
#: Requests of one user in one run, and runs of each page; medians over the runs.
REQUESTS, ROUNDS = 8, 3
MARK, MARK_MS = 5.0, 150
WORKERS, THREADS = 2, 4
NAME = "akim_benchmark_pages"


# -- The server and the visitors ------------------------------------------------------------------
class Visitors:
    """The process that asks; one job at a time."""

    def __init__(self, port: int, think: float = 0.0) -> None:
        self.port, self.think = port, think
        command = [sys.executable, "-m", "benchmarks.visitors"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=frame.ROOT, text=True, **pipes)

    def run(self, page: Page, sessions: list[str], count: int) -> list[float]:
        """Milliseconds of every request, sorted."""
        assert self.process.stdin
        assert self.process.stdout
        requests = [page.request(session, self.port) for session in sessions]
        job = {"port": self.port, "requests": requests, "count": count, "think": self.think}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer["wrong"]:
            raise SystemExit(f"{page.name}: {page.url}: {answer['wrong']}")
        return sorted(answer["taken"])

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def serve(port: int) -> subprocess.Popen:
    """gunicorn as the Procfile starts it."""
    command = [sys.executable, "-m", "gunicorn", "akim_meetings.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket"]
    command += ["--access-logfile", "/dev/null", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=frame.ROOT)
    for _attempt in range(150):
        time.sleep(0.2)
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return process
    process.terminate()
    raise SystemExit("gunicorn does not answer.")


def share(taken: list[float], part: float) -> float:
    """The value below which this part of the sorted values lies."""
    return taken[min(len(taken) - 1, int(len(taken) * part))]


def measure(year, wanted: list[Page], rounds: int, count: int, think: float) -> None:
    port = free_port()
    server, visitors = serve(port), Visitors(port, think)
    try:
        results: dict[str, list[tuple[float, float, float]]] = {}
        beside: list[tuple[float, float]] = []
        for page in (TRIVIAL, BARE, *wanted):
            visitors.run(page, year.sessions[page.who], 2)
        for turn in range(1, rounds + 1):
            for page in (BARE, *wanted):
                yardstick = visitors.run(TRIVIAL, year.sessions["editors"], count)
                taken = visitors.run(page, year.sessions[page.who], count)
                beside.append((share(yardstick, 0.5), share(yardstick, 0.95)))
                ratio = share(taken, 0.95) / share(yardstick, 0.95)
                results.setdefault(page.name, []).append((share(taken, 0.5), share(taken, 0.95), ratio))
                print(f"{turn}. {page.name}: {ratio:.1f}", file=sys.stderr, flush=True)
        report(year, results, beside, rounds * count * USERS, think)
    finally:
        visitors.end()
        server.terminate()
        server.wait(timeout=60)


def report(year, results: dict, beside: list, requests: int, think: float) -> None:
    pause = f" with {think:.1f} s to read" if think else ""
    print(f"\n{year.meetings} meetings of 2027, {USERS} users at once{pause}, {os.cpu_count()} cores,")
    print(f"gunicorn {WORKERS} × {THREADS}, {requests} requests a page; medians of the runs")
    half, most = (statistics.median(values) for values in zip(*beside, strict=True))
    print(f"  {'':<52}  {'p50 ms':>7}  {'p95 ms':>7}  p95 beside the trivial page")
    print(f"  {TRIVIAL.name:<52}  {half:7.0f}  {most:7.0f}  1.0")
    over = 0
    for name, runs in results.items():
        p50, p95, ratio = (statistics.median(values) for values in zip(*runs, strict=True))
        above = p95 > MARK_MS if think else ratio > MARK
        over += above
        print(f"  {name:<52}  {p50:7.0f}  {p95:7.0f}  {ratio:.1f}{'  above the mark' if above else ''}")
    mark = f"{MARK_MS} ms" if think else f"{MARK:.0f} times"
    print(f"\n  mark: at most {mark}; pages above it: {over} of {len(results)}")


# -- Without a server -----------------------------------------------------------------------------
def inside(year, wanted: list[Page]) -> dict[str, float]:
    """Queries, and processor time of this process and of its server process in the database, one after another.

    Processor time does not depend on what else the machine does, so that single pages can be compared on a busy one;
    the trivial page is asked by turns with each page, since a busy processor is a slower one.
    Answers by the page's name how many times that of the trivial page it is.
    """
    print(f"\n  {'processor time in ms':<44} {'queries':>7} {'ours':>7} {'database':>8} {'kB':>6}  beside trivial")
    costs = {}
    trivial = asker(year, TRIVIAL)
    for page in (TRIVIAL, BARE, *wanted):
        ask = asker(year, page)
        answer = ask()
        if answer.status_code != 200:
            print(f"  {page.name:<44} {page.url} status {answer.status_code}")
            continue
        with CaptureQueriesContext(connection) as asked:
            ask()
        queries = len(asked)
        runs = [(*cost(ask), *cost(trivial)) for _run in range(7)]
        ours, theirs, *yardstick = (statistics.median(times) for times in zip(*runs, strict=True))
        costs[page.name] = ratio = (ours + theirs) / sum(yardstick)
        size = len(answer.content) / 1000
        print(f"  {page.name:<44} {queries:7} {ours:7.1f} {theirs:8.1f} {size:6.0f}  {ratio:.1f}", flush=True)
    return costs


def asker(year, page: Page) -> Callable[[], Any]:
    """Opens a page as one of its readers."""
    client = Client()
    client.cookies["sessionid"] = year.sessions[page.who][0]
    client.cookies["language"] = "kk"
    headers = {"HX-Request": "true", "HX-Target": "panel-body"} if page.piece else {}
    if page.form is None:
        return partial(client.get, page.url, headers=headers)
    return partial(client.post, page.url, page.form, headers=headers)


def cost(ask: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of processor time of one request: ours and the database's."""
    begun, before = time.process_time(), backend_ms()
    ask()
    return (time.process_time() - begun) * 1000, backend_ms() - before


def backend_ms() -> float:
    """Processor time so far of the database's process that serves this connection; 0 where it runs elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each user in one run")
    parser.add_argument("--only", action="append", help="pages whose name holds this; may be given again")
    parser.add_argument("--heaviest", type=int, default=0, help="the pages that cost most processor time, so many")
    parser.add_argument("--think", type=float, default=0.0, help="mean seconds that each user reads between two pages")
    parser.add_argument("--inside", action="store_true", help="queries and times by Django's test client")
    parser.add_argument("--keep", action="store_true", help="leave the filled database for the next such run")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(tempfile.gettempdir(), NAME) if args.keep else Path(passing)
        folder.mkdir(exist_ok=True)
        os.environ["BENCHMARK_DAY"] = a_year.PLAYED_UNTIL.isoformat()
        frame.as_in_an_office(str(folder))
        with frame.database(NAME, keep=args.keep) as words:
            from django.core.management import call_command

            call_command("collectstatic", interactive=False, verbosity=0)
            if words:
                year = a_year.Year(**json.loads(words))
            else:
                frame.load_classifier()
                year = a_year.make(USERS)
                frame.write_on(json.dumps(asdict(year)))
            only = args.only or [""]
            wanted = [page.at(year.ids) for page in PAGES if any(text in page.name for text in only)]
            if args.inside or args.heaviest:
                costs = inside(year, wanted)
                wanted = sorted(wanted, key=lambda page: costs.get(page.name, 0), reverse=True)[: args.heaviest]
            if not args.inside:
                measure(year, wanted, args.rounds, args.requests, args.think)


if __name__ == "__main__":
    main()
