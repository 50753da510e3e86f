r"""A working day in the nation: 200 people of the staff with time to think and 50 readers of the public pages.

    DATABASE_URL=postgres://user@127.0.0.1:5432/nation python -m benchmarks.load \
        [--seconds 600] [--staff 200] [--public 50]

The database is one that `manage.py create_demo --scale nation` filled. Marks: no error, p95 under 1 s. Each person has
a connection of his own and thinks 8 to 30 s between pages, a reader 3 to 10 s. While they ask, the processor's time of
the web processes, of the database and of the people themselves is read, so that it is told what gives first.
"""

from __future__ import annotations

import argparse
import os
import random
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from benchmarks import nation
from benchmarks.staff_pages import Page
from benchmarks.visitors import Visitor

STAFF_THINKS, READER_THINKS = (8, 30), (3, 10)
MARK = 1000
TICKS = os.sysconf("SC_CLK_TCK")


class Asked(NamedTuple):
    """One request: what, milliseconds from asking to the last byte, status."""

    name: str
    ms: float
    status: int


class Person(Visitor):
    """Somebody who opens one page, reads it, and opens another one."""

    def __init__(
        self, port: int, pages: list[tuple[str, bytes]], thinks: tuple[int, int], until: float, seed: int
    ) -> None:
        super().__init__(port, b"", 0, threading.Barrier(1))
        self.pages, self.thinks, self.until = pages, thinks, until
        self.rng = random.Random(seed)
        self.asked: list[Asked] = []

    def run(self) -> None:
        # Nobody begins at the same moment.
        time.sleep(self.rng.uniform(0, self.thinks[1]))
        self.connect()
        while time.monotonic() < self.until:
            name, self.request = self.rng.choice(self.pages)
            begun = time.perf_counter()
            try:
                status = self.ask()
            except (OSError, ValueError):
                status = 0
                self.connect()
            self.asked.append(Asked(name, (time.perf_counter() - begun) * 1000, status))
            time.sleep(self.rng.uniform(*self.thinks))
        self.line.close()


def of_staff(session: str, port: int, year: int) -> list[tuple[str, bytes]]:
    """What the staff of a region opens."""
    paths = (
        ("home", "/staff/"),
        ("calendar, month", "/staff/calendar/month/10/"),
        ("calendar, list", "/staff/calendar/list/"),
        ("coverage", "/staff/calendar/coverage/"),
        ("duties", "/staff/duties/"),
        ("duties, late", "/staff/duties/"),
        ("issues", "/staff/issues/"),
        ("items", "/staff/items/"),
        ("desk of the region", "/staff/desk/"),
    )
    late = {"duties, late": {"state": "breach"}}
    pages = [Page(name, path, query={"year": year} | late.get(name, {})) for name, path in paths]
    return [(page.name, page.request(session, port).encode("latin-1")) for page in pages]


def of_government(session: str, port: int, year: int) -> list[tuple[str, bytes]]:
    """What a reviewer opens."""
    pages = [
        Page("national desk", "/staff/desk/", query={"year": year}),
        Page("national desk, last year", "/staff/desk/", query={"year": year - 1}),
        Page("the nation's late list", "/staff/duties/", query={"year": year, "state": "breach"}),
        Page("submissions", "/staff/desk/submissions/", query={"year": year}),
    ]
    return [(page.name, page.request(session, port).encode("latin-1")) for page in pages]


def of_public(found: nation.Nation, port: int, year: int) -> list[tuple[str, bytes]]:
    """What everybody reads."""
    paths = [("public front page", "/kk/"), ("public issues", "/ru/issues/")]
    paths += [("public region", f"/kk/regions/{code}/?month=10&year={year}") for code in found.region_codes]
    paths += [("public unit", f"/ru/units/{code}/") for code in found.office_codes]
    head = f"Host: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n"
    return [(name, f"GET {path} HTTP/1.1\r\n{head}".encode("latin-1")) for name, path in paths]


# -- What gives first -------------------------------------------------------------------------------
def processor_seconds() -> dict[str, float]:
    """Seconds of the processor so far: of the web processes, the database, the people who ask, and all together."""
    found: defaultdict[str, float] = defaultdict(float)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            ticks = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        seconds = (int(ticks[11]) + int(ticks[12])) / TICKS
        if "benchmarks.load" in line:
            found["people who ask"] += seconds
        elif "gunicorn" in line and "akim_meetings.wsgi" in line:
            found["web"] += seconds
        elif line.startswith("postgres:"):
            found["database"] += seconds
    busy = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    found["all of the machine"] = (sum(busy) - busy[3] - busy[4]) / TICKS
    return found


def share(taken: list[float], part: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * part))] if taken else 0.0


def report(asked: list[Asked], seconds: float, used: dict[str, float]) -> None:
    wrong = [one for one in asked if one.status not in (200, 304)]
    times = [one.ms for one in asked]
    print(f"\n{nation.told()}")
    print(
        f"{len(asked)} requests in {seconds:.0f} s ({len(asked) / seconds:.1f} a second), {len(wrong)} errors,"
        f" p50 {share(times, 0.5):.0f}, p95 {share(times, 0.95):.0f}, p99 {share(times, 0.99):.0f} ms;"
        f" mark: p95 {MARK} ms"
    )
    for one in wrong[:5]:
        print(f"  wrong: {one.name}, status {one.status}, {one.ms:.0f} ms")
    by_name: defaultdict[str, list[float]] = defaultdict(list)
    for one in asked:
        by_name[one.name].append(one.ms)
    for name, taken in sorted(by_name.items(), key=lambda item: -share(item[1], 0.95)):
        print(f"  {name:<28} {len(taken):6}  p50 {share(taken, 0.5):6.0f}  p95 {share(taken, 0.95):6.0f} ms")
    cores = os.cpu_count() or 1
    for name, taken in sorted(used.items(), key=lambda item: -item[1]):
        print(f"  processor, {name:<20} {taken:7.0f} s: {100 * taken / seconds / cores:.0f} % of {cores} cores")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--staff", type=int, default=200)
    parser.add_argument("--public", type=int, default=50)
    parser.add_argument("--year", type=int, default=2026)
    given = parser.parse_args()
    nation.begin()
    from benchmarks import pages as server

    reviewers = max(given.staff // 20, 1)
    found = nation.people(reviewers, -(-(given.staff - reviewers) // 20))
    editors = [key for keys in zip(*found.editors.values(), strict=True) for key in keys][: given.staff - reviewers]
    port = server.free_port()
    process = server.serve(port)
    until = time.monotonic() + given.seconds
    people = [Person(port, of_staff(key, port, given.year), STAFF_THINKS, until, n) for n, key in enumerate(editors)]
    people += [
        Person(port, of_government(key, port, given.year), STAFF_THINKS, until, 1000 + n)
        for n, key in enumerate(found.reviewers)
    ]
    public = of_public(found, port, given.year)
    people += [Person(port, public, READER_THINKS, until, 2000 + n) for n in range(given.public)]
    try:
        before, begun = processor_seconds(), time.monotonic()
        for person in people:
            person.start()
        for person in people:
            person.join()
        seconds, after = time.monotonic() - begun, processor_seconds()
    finally:
        process.terminate()
        process.wait(timeout=60)
    report([one for person in people for one in person.asked], seconds, {n: after[n] - before.get(n, 0) for n in after})


if __name__ == "__main__":
    main()
