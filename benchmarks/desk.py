r"""The desks of the nation and of a region over five years, 20 users at once, beside a page with one trivial query.

    DATABASE_URL=postgres://user@127.0.0.1:5432/nation python -m benchmarks.desk \
        [--year 2026] [--requests 8] [--only TEXT] [--think SECONDS] [--inside]

The database is one that `manage.py create_demo --scale nation` filled. Mark: p95 of the national desk at most 300 ms.
"""

from __future__ import annotations

import argparse
import statistics
from types import SimpleNamespace

from benchmarks import nation
from benchmarks.staff_pages import BARE, TRIVIAL, Page

USERS, ROUNDS, MARK = 20, 3, 300
DESK = "/staff/desk/"


def pages(year: int) -> list[Page]:
    """What is asked; the years lie apart, as somebody reads them who compares."""
    return [
        Page("national desk, this year", DESK, "reviewers", query={"year": year}),
        Page("national desk, two years ago", DESK, "reviewers", query={"year": year - 2}),
        Page("national desk, coverage", DESK, "reviewers", query={"year": year, "ask": "coverage"}),
        Page("national desk, as of 30 June", DESK, "reviewers", query={"year": year, "on": f"{year}-06-30"}),
        Page("national desk, compared", f"{DESK}compare/", "reviewers", query={"year": year}),
        Page("desk of a region over its raions", DESK, "editors", query={"year": year}),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", type=int, default=2026)
    parser.add_argument("--requests", type=int, default=8, help="of each user in one run")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--think", type=float, default=0.0, help="mean seconds that each user reads between two pages")
    parser.add_argument("--inside", action="store_true", help="queries and processor time by Django's test client")
    asked = parser.parse_args()
    nation.begin()
    from benchmarks import pages as server

    found = nation.people(USERS, 1)
    sessions = {
        "reviewers": found.reviewers,
        "editors": [key for keys in found.editors.values() for key in keys][:USERS],
    }
    if asked.inside:
        wanted = [page for page in pages(asked.year) if asked.only in page.name]
        server.inside(SimpleNamespace(sessions=sessions), wanted)
        print(f"\n{nation.told()}")
        return
    port = server.free_port()
    process, visitors = server.serve(port), server.Visitors(port, asked.think)
    wanted = [page for page in pages(asked.year) if asked.only in page.name]
    results: dict[str, list[tuple[float, float, float]]] = {page.name: [] for page in wanted}
    beside: list[tuple[float, float]] = []
    try:
        for page in (TRIVIAL, BARE, *wanted):
            visitors.run(page, sessions.get(page.who, found.reviewers), 2)
        for _round in range(asked.rounds):
            for page in wanted:
                yardstick = visitors.run(TRIVIAL, sessions["editors"], asked.requests)
                taken = visitors.run(page, sessions[page.who], asked.requests)
                beside.append((server.share(yardstick, 0.5), server.share(yardstick, 0.95)))
                ratio = server.share(taken, 0.95) / server.share(yardstick, 0.95)
                results[page.name].append((server.share(taken, 0.5), server.share(taken, 0.95), ratio))
    finally:
        visitors.end()
        process.terminate()
        process.wait(timeout=60)
    print(f"\n{nation.told()}; {USERS} users at once, medians of {asked.rounds} runs; mark {MARK} ms")
    half, most = (statistics.median(values) for values in zip(*beside, strict=True))
    print(f"  {TRIVIAL.name:<40} p50 {half:6.0f}  p95 {most:6.0f} ms")
    for name, runs in results.items():
        p50, p95, ratio = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"  {name:<40} p50 {p50:6.0f}  p95 {p95:6.0f} ms  {ratio:.1f} times the trivial page")


if __name__ == "__main__":
    main()
