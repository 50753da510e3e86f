"""A year replayed day by day through the services, and the ledger that it leaves recounted by the separate checker.

    python -m benchmarks.replay                                        the nation, two processes, a sweep each day
    python -m benchmarks.replay --region 710000000 --sweep-every 7     a smaller share

PostgreSQL and the real classifier (AKIM_DATA); prints seconds, meetings a second and peaks of memory.
"""

from __future__ import annotations

import argparse
import io
import json
import resource

from benchmarks import frame

NAME, YEAR = "benchmark_replay", 2027


def processor_time() -> float:
    """Of this process and of those it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", help="code of one region; without it, the nation")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sweep-every", type=int, default=1)
    parser.add_argument("--until", default=f"{YEAR}-12-31")
    asked = parser.parse_args()
    with frame.database(NAME):
        from django.core.management import call_command

        frame.load_classifier()
        where = ["--region", asked.region] if asked.region else ["--nation"]
        processes = 1 if asked.region else asked.processes
        options = ["--year", str(YEAR), "--until", asked.until, "--processes", str(processes)]
        out = io.StringIO()
        begun = processor_time()
        with frame.Backends() as backends:
            call_command(
                "simulate_year",
                *where,
                *options,
                "--sweep-every",
                str(asked.sweep_every),
                "--format",
                "json",
                stdout=out,
            )
        program = processor_time() - begun
        found = json.loads(out.getvalue())
    verbs = sum(found["done"].values())
    frame.table(
        f"{asked.region or 'The nation'}, {YEAR}, a sweep every {asked.sweep_every} days, {processes} processes",
        [
            ("meetings", f"{found['meetings']}", "mark: 16,892 for the nation"),
            ("seconds", f"{found['seconds']:.0f}", "played and swept"),
            (
                "seconds, dump and checker included",
                f"{found['checked_seconds']:.0f}",
                "mark: at most 600 for the nation",
            ),
            (
                "seconds of the processor",
                f"{program + backends.seconds:.0f}",
                f"program and checker {program:.0f}, database {backends.seconds:.0f}; two cores have two a second",
            ),
            ("verbs done", f"{verbs}", f"{verbs / found['seconds']:.0f} a second"),
            ("duties opened", f"{found['swept']['opened']}", f"{found['swept']['met']} met"),
            ("a sweep of everything at the end", f"{found['missed']} rows", "must be none"),
            ("peak of memory", f"{max(found['peak_mb'])} MB", f"each process: {found['peak_mb']}"),
            ("the checker, or the largest of the others", f"{found['checker_mb']} MB", ""),
            ("compared by the checker", f"{found['compared']}", f"{found['differences']} differences"),
        ],
    )


if __name__ == "__main__":
    main()
