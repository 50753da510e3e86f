"""Requests a second that the public pages answer, each made of approved rows and correct at every moment.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.public

Mark: at least 500 a second on 2 cores, first view at most 150 kB over the wire. gunicorn serves as in the
Procfile; the visitors are a process of their own on the same cores and count as load. Three ways of asking:
a reader without the page, one who has it (304), and readers while somebody writes ten times a second. The
first view is what a browser without script fetches: the page, its style sheets, its font and its pictures,
compressed as the server sends them.
"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks import frame, pages

VISITORS, REQUESTS, ROUNDS = 16, 60, 5
MARK, MOST_BYTES = 500, 150_000
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


def writing(stop: threading.Event) -> None:
    """Somebody works: commits that have nothing to do with the pages."""
    from journal.heartbeats import beat

    while not stop.wait(1 / WRITES_A_SECOND):
        beat("benchmark", {})


def approved(region) -> None:
    """The region's whole plan, approved as an office does it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from benchmarks import a_year
    from calendars import demo
    from calendars.models import Calendar
    from calendars.scans import read_scan
    from calendars.services import approval
    from territories.models import Role
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

    def rate(visitor: Visitor) -> float:
        found = []
        visitors.run(visitor, [""] * VISITORS, 4)
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            visitors.run(visitor, [""] * VISITORS, REQUESTS)
            found.append(VISITORS * REQUESTS / (time.perf_counter() - begun))
        return statistics.median(found)

    rows = []
    try:
        for name, url in addresses:
            size = first_view(url)
            verdict = f"first view {size / 1000:.0f} kB (mark {MOST_BYTES / 1000:.0f})"
            rows.append((name, f"{rate(Visitor(name, url)):.0f} / s", f"mark {MARK}; {verdict}"))
            tag = Client().get(url, HTTP_HOST="127.0.0.1")["ETag"]
            rows.append((f"{name}, asked again", f"{rate(Visitor(name, url, tag)):.0f} / s", "304"))
            stop = threading.Event()
            writer = threading.Thread(target=writing, args=(stop,))
            writer.start()
            rows.append((f"{name}, while others write", f"{rate(Visitor(name, url)):.0f} / s", "10 commits a second"))
            stop.set()
            writer.join()
    finally:
        visitors.end()
        server.terminate()
        server.wait(timeout=60)
    frame.table(f"Public pages, {VISITORS} visitors, {os.cpu_count()} cores, load included", rows)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        frame.as_in_an_office(folder)
        with frame.database("akim_benchmark_public"):
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
