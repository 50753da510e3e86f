"""Requests a second that the public pages answer, each made of approved rows and correct at every moment.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.public

Mark: at least 500 a second on 2 cores, first view at most 150 kB over the wire. gunicorn serves as in the
Procfile; the visitors are a process of their own on the same cores and count as load: wrk where it is installed, else
our own, which take several times as much of the processor. Four ways of asking: a reader without the page, one who has
it (304), readers while signs of life are written ten times a second, and readers while something that is published
changes ten times a second. Beside the rate stands the processor time that a request costs server and database together,
which other work on the machine changes less. The first view is what a browser without script fetches: the page, its
style sheets, its font and its pictures, compressed as the server sends them.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import frame, pages

VISITORS, REQUESTS, ROUNDS = 16, 60, 5
#: Seconds of one round of wrk.
ROUND_SECONDS = 2
MARK, MOST_BYTES = 500, 150_000
DATABASE = "akim_benchmark_public"
WRITES_A_SECOND = 10


class Visitor:
    """Requests of one kind, as `pages.Visitors` sends them."""

    def __init__(self, name: str, url: str, tag: str = "") -> None:
        self.name, self.url, self.tag = name, url, tag

    def request(self, _session: str, port: int) -> str:
        lines = [f"GET {self.url} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"If-None-Match: {self.tag}"] if self.tag else []
        return "\r\n".join(lines) + "\r\n\r\n"


def first_view(url: str) -> int:
    """Bytes of the page and of all that a browser fetches for it, compressed where that makes them fewer."""
    from django.contrib.staticfiles import finders
    from django.test import Client

    answer = Client().get(url, HTTP_HOST="127.0.0.1")
    total = len(gzip.compress(answer.content))
    wanted = set(re.findall(r'(?:src|href)="/static/([^"#]+)', answer.content.decode()))
    seen: set[str] = set()
    while wanted - seen:
        name = (wanted - seen).pop()
        seen.add(name)
        # As collected: name.0123456789ab.css
        found = finders.find(re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name))
        data = Path(found).read_bytes()
        total += min(len(data), len(gzip.compress(data)))
        if name.endswith(".css"):
            fonts = re.findall(r'url\("?\.\./([^")]+\.woff2)', data.decode())
            wanted |= set(fonts)
    return total


def processor_time(server: int) -> float:
    """Milliseconds that the server, its children and the database's lines to them have worked so far."""
    worked = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = status.with_name("cmdline").read_bytes()
        except OSError:  # it has ended since
            continue
        ours = status.parent.name == str(server) or fields[1] == str(server)
        if ours or (command.startswith(b"postgres:") and DATABASE.encode() in command):
            worked += int(fields[11]) + int(fields[12])
    return worked * 1000 / os.sysconf("SC_CLK_TCK")


def wrk(visitor: Visitor, port: int) -> tuple[int, float]:
    """Requests and seconds of one round; stops at an answer that is none."""
    command = ["wrk", "-t1", f"-c{VISITORS}", f"-d{ROUND_SECONDS}s"]
    command += ["-H", f"If-None-Match: {visitor.tag}"] if visitor.tag else []
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{visitor.url}"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"(\d+) requests in ([\d.]+)s", told)
    if "Non-2xx" in told or found is None:
        raise SystemExit(told)
    return int(found[1]), float(found[2])


def signs_of_life() -> None:
    """Somebody works: commits that have nothing to do with the pages."""
    from journal.heartbeats import beat

    beat("benchmark", {})


def other_places() -> None:
    """Something that is published changes, though not on the page that is asked for."""
    from django.db.models import F

    from territories.models import Territory

    Territory.objects.filter(pk=Territory.objects.order_by("-pk").values("pk")[:1]).update(version=F("version"))


def writing(stop: threading.Event, write: Callable[[], None]) -> None:
    while not stop.wait(1 / WRITES_A_SECOND):
        write()


def approved(region) -> None:
    """The region's whole plan, approved as an office does it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from benchmarks import a_year
    from calendars import demo
    from calendars.models import Calendar
    from calendars.services import approval
    from territories.models import Role
    from territories.scans import read_scan
    from territories.scope import Who, clock, today

    demo.fill(region, a_year.YEAR, share=1.0, seed=a_year.SEED, by=clock("benchmark"))
    calendar = Calendar.objects.get(region=region, year=a_year.YEAR)
    head = a_year.post(Role.REGION_APPROVER, region, 0)
    approval.approve(
        calendar,
        order_number="1-ө",
        order_date=today(),
        scan=read_scan(SimpleUploadedFile("order.pdf", a_year.PDF)),
        reason="",
        holes_confirmed=True,
        seen_version=calendar.version,
        idempotency_key="benchmark",
        today=today(),
        by=Who(user=head.user, post=head),
    )


def measure(region) -> None:
    from django.test import Client

    from territories.models import Territory

    raion = Territory.objects.filter(parent=region, kind="raion", valid_to=None).order_by("code")[0]
    addresses = [
        ("home", "/kk/"),
        ("region, a month", f"/kk/regions/{region.code}/?month=10&year=2027"),
        ("unit", f"/kk/units/{raion.code}/"),
    ]
    port = pages.free_port()
    server, visitors = pages.serve(port), pages.Visitors(port)

    def rate(name: str, visitor: Visitor, said: str) -> tuple[str, str, str]:
        """A line of the table: the median rate of some rounds."""
        rates, asked = [], 0
        visitors.run(visitor, [""] * VISITORS, 4)
        before = processor_time(server.pid)
        for _round in range(ROUNDS):
            if quick:
                count, seconds = wrk(visitor, port)
            else:
                begun = time.perf_counter()
                visitors.run(visitor, [""] * VISITORS, REQUESTS)
                count, seconds = VISITORS * REQUESTS, time.perf_counter() - begun
            rates.append(count / seconds)
            asked += count
        cost = (processor_time(server.pid) - before) / asked
        return name, f"{statistics.median(rates):.0f} / s", f"{cost:.2f} ms of the processor; {said}"

    quick = shutil.which("wrk") is not None
    rows = []
    try:
        for name, url in addresses:
            size = first_view(url)
            verdict = f"mark {MARK} / s; first view {size / 1000:.0f} kB (mark {MOST_BYTES / 1000:.0f})"
            rows.append(rate(name, Visitor(name, url), verdict))
            tag = Client().get(url, HTTP_HOST="127.0.0.1")["ETag"]
            rows.append(rate(f"{name}, asked again", Visitor(name, url, tag), "304"))
            for title, write in (("signs of life", signs_of_life), ("published things", other_places)):
                stop = threading.Event()
                writer = threading.Thread(target=writing, args=(stop, write))
                writer.start()
                said = f"{WRITES_A_SECOND} commits a second"
                rows.append(rate(f"{name}, while {title} are written", Visitor(name, url), said))
                stop.set()
                writer.join()
    finally:
        visitors.end()
        server.terminate()
        server.wait(timeout=60)
    by = "wrk" if quick else "our own program"
    load = os.getloadavg()[0]
    frame.table(f"Public pages, {VISITORS} visitors by {by}, {os.cpu_count()} cores, load {load:.0f}", rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        frame.as_in_an_office(folder)
        with frame.database(DATABASE):
            from django.core.management import call_command

            from benchmarks.a_year import REGION
            from territories.models import Territory

            call_command("collectstatic", interactive=False, verbosity=0)
            frame.load_classifier()
            region = Territory.objects.get(code=REGION, valid_to=None)
            approved(region)
            frame.analyze()
            measure(region)


if __name__ == "__main__":
    main()
