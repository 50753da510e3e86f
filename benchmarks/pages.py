"""Every staff page of a 2,005-meeting calendar beside a page that runs one trivial query, 20 users at once.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.pages [--only TEXT] [--inside]

Mark: p95 at most 5 times that of the trivial page. gunicorn serves as in the Procfile (2 workers × 4
threads); visitors are a process of their own on the same cores, each with a persistent connection and
a session of his own. Beside every page, in the same seconds, stands the trivial one: log-in, scope,
menu and pickers, `SELECT 1`, no content. `--inside` counts queries and milliseconds by Django's test client.
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
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks import frame

USERS = 20
#: Requests of one user in one run, and runs of each page; medians over the runs.
REQUESTS, ROUNDS = 8, 3
MARK = 5.0
WORKERS, THREADS = 2, 4
CSRF = "b" * 32
YEAR = {"year": 2027}


@dataclass(frozen=True)
class Page:
    """What is asked: an address, by whom, as a whole page or as an htmx piece; with `form` it is a POST."""

    name: str
    path: str
    who: str = "editors"
    piece: bool = False
    query: dict = field(default_factory=dict)
    form: dict | None = None

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(YEAR | self.query)}"

    def request(self, session: str, port: int) -> str:
        body = "" if self.form is None else urlencode(self.form, doseq=True)
        lines = [
            f"{'GET' if self.form is None else 'POST'} {self.url} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: sessionid={session}; language=kk; csrftoken={CSRF}",
        ]
        if self.piece:
            lines += ["HX-Request: true", "HX-Target: panel-body"]
        if self.form is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"X-CSRFToken: {CSRF}",
            ]
        return "\r\n".join(lines) + "\r\n\r\n" + body


TRIVIAL = Page("trivial page (SELECT 1 and the frame of every page)", "/staff/trivial/")
BARE = Page("SELECT 1 behind the log-in, no template", "/staff/bare/")


def pages(year) -> list[Page]:
    """The staff's GET pages of the site map, and the POSTs that only show something."""
    c, u, m = "/staff/calendar/", "/staff/units/", "/staff/mail/"
    row, version, sent = f"{c}meetings/{year.meeting}/", f"{c}approval/versions/{year.version}/", f"{c}approval/"
    meeting = {
        "holder": year.holder,
        "place": year.place,
        "date": "2027-10-13",
        "time": "15:00",
        "planned_minutes": 60,
        "report_minutes": 15,
        "format": "in_person",
        "languages": "both",
        "broadcast": "later",
    }
    a_week_later = {"action": "move", "action_given": 1, "amount": 1, "measure": "weeks"}
    return [
        Page("home", "/staff/"),
        Page("home, Government", "/staff/", "reviewers"),
        Page("year", c),
        Page("month, the fullest", f"{c}month/{year.month}/"),
        Page("day, the fullest", f"{c}day/{year.day}/"),
        Page("day, panel", f"{c}day/{year.day}/", piece=True),
        Page("list, first page", f"{c}list/"),
        Page("list, last page", f"{c}list/", query={"page": "last"}),
        Page("list, by place", f"{c}list/", query={"order": "place"}),
        Page("list, filtered", f"{c}list/", query={"raion": year.raion, "state": "planned"}),
        Page("list, searched", f"{c}list/", query={"q": "мектеп"}),
        Page("list, one cell", f"{c}list/{year.meeting}/address/", piece=True),
        Page("list, for the printer", f"{c}print/"),
        Page("coverage", f"{c}coverage/"),
        Page("coverage, a raion open", f"{c}coverage/", query={"raion": year.raion}),
        Page("coverage, holes only", f"{c}coverage/", query={"holes": 1}),
        Page("coverage, group", f"{c}coverage/{year.raion}/", piece=True),
        Page("coverage, proposed plan", f"{c}coverage/propose/", form={"all": 1}),
        Page("quick entry, next hole", f"{c}new/"),
        Page("quick entry, panel", f"{c}new/", piece=True),
        Page("quick entry, live check", f"{c}new/check/", piece=True, form=meeting),
        Page("quick entry, search of units", f"{c}units/", piece=True, query={"for": "place", "q": "ақ"}),
        Page("meeting", row),
        Page("meeting, panel", row, piece=True),
        Page("meeting, edit", f"{row}edit/"),
        Page("meeting, move", f"{row}move/", query={"day": "2027-10-13"}, piece=True),
        Page("meeting, cancel", f"{row}cancel/", piece=True),
        Page("bulk preview, 100 rows", f"{c}bulk/", form=a_week_later | {"row": year.rows}),
        Page("proposals", f"{c}proposals/"),
        Page("steps", f"{c}steps/"),
        Page("approval", f"{c}approval/"),
        Page("approval, form", f"{c}approval/approve/", "approvers"),
        Page("approval, difference", f"{c}approval/difference/", query={"from": year.version, "to": year.later}),
        Page("version", version),
        Page("version, letter", f"{version}letter/kk/"),
        Page("submission, region", f"{sent}submissions/{year.submission}/"),
        Page("submission, Government", f"{sent}submissions/{year.submission}/", "reviewers"),
        Page("feeds", f"{c}approval/feeds/"),
        Page("duties", "/staff/duties/"),
        Page("duties, all states", "/staff/duties/", query={"state": "all"}),
        Page("duty explained", f"/staff/duties/{year.duty}/"),
        Page("duties of a meeting", f"/staff/duties/of/meeting/{year.meeting}/", piece=True),
        Page("bell", "/staff/duties/bell/"),
        Page("units", u),
        Page("unit", f"{u}{year.raion}/"),
        Page("bodies", f"{u}bodies/"),
        Page("editions", f"{u}editions/", "administrators"),
        Page("people", "/staff/people/", "approvers"),
        Page("mail", m),
        Page("letter", f"{m}{year.letter}/"),
        Page("journal", f"{m}journal/"),
        Page("history of a meeting", f"{m}journal/calendars.meeting/{year.meeting}/", piece=True),
        Page("national desk", "/staff/desk/", "reviewers"),
        Page("my account", "/accounts/"),
    ]


# -- The server and the visitors ------------------------------------------------------------------
class Visitors:
    """The process that asks; one job at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        command = [sys.executable, "-m", "benchmarks.visitors"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=frame.ROOT, text=True, **pipes)

    def run(self, page: Page, sessions: list[str], count: int) -> list[float]:
        """Milliseconds of every request, sorted."""
        assert self.process.stdin
        assert self.process.stdout
        requests = [page.request(session, self.port) for session in sessions]
        self.process.stdin.write(json.dumps({"port": self.port, "requests": requests, "count": count}) + "\n")
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


def measure(year, wanted: list[Page], rounds: int, count: int) -> None:
    port = free_port()
    server, visitors = serve(port), Visitors(port)
    try:
        results: dict[str, list[tuple[float, float, float]]] = {}
        beside: list[tuple[float, float]] = []
        for page in (TRIVIAL, BARE, *wanted):
            visitors.run(page, getattr(year, page.who), 2)
        for _round in range(rounds):
            for page in (BARE, *wanted):
                yardstick = visitors.run(TRIVIAL, year.editors, count)
                taken = visitors.run(page, getattr(year, page.who), count)
                beside.append((share(yardstick, 0.5), share(yardstick, 0.95)))
                ratio = share(taken, 0.95) / share(yardstick, 0.95)
                results.setdefault(page.name, []).append((share(taken, 0.5), share(taken, 0.95), ratio))
        report(year, results, beside, rounds * count * USERS)
    finally:
        visitors.end()
        server.terminate()
        server.wait(timeout=60)


def report(year, results: dict, beside: list, requests: int) -> None:
    print(f"\n{year.meetings} meetings of 2027, {USERS} users at once, {os.cpu_count()} cores,")
    print(f"gunicorn {WORKERS} × {THREADS}, {requests} requests a page; medians of the runs")
    half, most = (statistics.median(values) for values in zip(*beside, strict=True))
    print(f"  {'':<52}  {'p50 ms':>7}  {'p95 ms':>7}  p95 beside the trivial page")
    print(f"  {TRIVIAL.name:<52}  {half:7.0f}  {most:7.0f}  1.0")
    over = 0
    for name, runs in results.items():
        p50, p95, ratio = (statistics.median(values) for values in zip(*runs, strict=True))
        over += ratio > MARK
        print(f"  {name:<52}  {p50:7.0f}  {p95:7.0f}  {ratio:.1f}{'  above the mark' if ratio > MARK else ''}")
    print(f"\n  mark: at most {MARK:.0f} times; pages above it: {over} of {len(results)}")


# -- Without a server -----------------------------------------------------------------------------
def inside(year, wanted: list[Page]) -> None:
    """Queries, and the median of milliseconds one after another in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print(f"\n  {'':<40} {'queries':>7} {'of them ms':>10} {'in all ms':>9} {'kB':>6}")
    for page in (TRIVIAL, BARE, *wanted):
        client = Client()
        client.cookies["sessionid"] = getattr(year, page.who)[0]
        client.cookies["language"] = "kk"
        headers = {"HX-Request": "true", "HX-Target": "panel-body"} if page.piece else {}

        def ask(client=client, page=page, headers=headers):
            if page.form is None:
                return client.get(page.url, headers=headers)
            return client.post(page.url, page.form, headers=headers)

        answer = ask()
        if answer.status_code != 200:
            print(f"  {page.name:<40} status {answer.status_code}")
            continue
        whole = frame.seconds(ask, runs=7)
        with CaptureQueriesContext(connection) as asked:
            ask()
        asking = sum(float(query["time"]) for query in asked.captured_queries)
        size = len(answer.content) / 1000
        print(f"  {page.name:<40} {len(asked):7} {asking * 1000:10.1f} {whole * 1000:9.1f} {size:6.0f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of each user in one run")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--inside", action="store_true", help="queries and times by Django's test client")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        frame.as_in_an_office(folder)
        with frame.database("akim_benchmark_pages"):
            from django.core.management import call_command

            from benchmarks import a_year

            call_command("collectstatic", interactive=False, verbosity=0)
            frame.load_classifier()
            year = a_year.make(USERS)
            wanted = [page for page in pages(year) if args.only in page.name]
            if args.inside:
                inside(year, wanted)
            else:
                measure(year, wanted, args.rounds, args.requests)


if __name__ == "__main__":
    main()
