"""The summary of issues as a workbook: django-import-export's default, ours, and COPY TO CSV of the same rows.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.export [--rows 100000] [--many 500000]

Marks: at least 12 times faster than the peer, at most 100 MB above the idle process, within 8 times of COPY; the many
rows in the same memory. Each run is a process of its own and they take turns. Ours writes the whole workbook: figures
by region and raion, the list with styles and colours, the sheet of sources. `--runs` are those of ours and of COPY,
`--peer-runs` those of the peer and of the many rows. `--peer-rows`: the peer writes so many rows and its time is
multiplied; 0 leaves it out, as `--many 0` the many.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import frame

YEAR = 2027
ISSUES = """
INSERT INTO issues_issue (unit_id, region_id, raion_id, place_id, number, year, raised_on, text_kk, text_ru, folded,
    topic_id, level, state, offsite, first_due_on, due_on, slips, closed_on, code, created_at, updated_at, version)
SELECT u.id, u.region_id, u.parent_id, u.id, n, %(year)s, date '2027-01-10' + n %% 300,
    'Ауыл ішіндегі көше жарығы жанбайды, ' || n || '-үй маңындағы жол жөндеуді қажет етеді',
    'В селе не горит уличное освещение, у дома ' || n || ' дорога требует ремонта', '',
    (SELECT min(id) FROM issues_topic), (array['akim','raion','oblast','central'])[1 + n %% 4],
    (array['in_work','planned','done','explained'])[1 + n %% 4], false, date '2027-03-01' + n %% 200,
    date '2027-03-01' + n %% 250, n %% 3, CASE WHEN n %% 4 > 1 THEN date '2027-06-01' END,
    lpad(n::text, 10, '0'), now(), now(), 1
FROM generate_series(%(first)s, %(last)s) AS n
JOIN (SELECT id, region_id, parent_id, row_number() OVER () - 1 AS place FROM territories_territory
      WHERE own_akim AND parent_id IS NOT NULL AND region_id IS NOT NULL) AS u ON u.place = n %% 2000
"""
COPY = """
COPY (SELECT i.year || '-' || i.number, r.name_kk, d.name_kk, u.name_kk, p.name_kk, i.raised_on, m.date, i.text_kk,
    t.name_kk, i.level, i.state, i.first_due_on, i.due_on, i.slips, i.closed_on
    FROM issues_issue i JOIN territories_territory u ON u.id = i.unit_id
    JOIN territories_territory r ON r.id = i.region_id LEFT JOIN territories_territory d ON d.id = i.raion_id
    JOIN territories_territory p ON p.id = i.place_id LEFT JOIN calendars_meeting m ON m.id = i.meeting_id
    LEFT JOIN issues_topic t ON t.id = i.topic_id
    WHERE i.year = 2027 AND i.joined_into_id IS NULL ORDER BY u.path, i.number) TO STDOUT WITH (FORMAT csv)
"""


def ours(target: Path, _rows: int) -> None:
    import datetime as dt

    from reporting.summaries import files
    from reporting.summaries.model import Asked
    from territories.scope import clock

    files.write(Asked("issues", YEAR, clock("benchmark"), dt.date(YEAR, 6, 1)), "xlsx", target)


def peer(target: Path, rows: int) -> None:
    """What the documentation tells one to write; the joins are given, which is kinder than the default."""
    from import_export import fields, resources

    from issues.models import Issue

    class PeerResource(resources.ModelResource):
        region = fields.Field("region__name_kk", "region")
        raion = fields.Field("raion__name_kk", "raion")
        unit = fields.Field("unit__name_kk", "unit")
        place = fields.Field("place__name_kk", "place")
        meeting = fields.Field("meeting__date", "meeting")
        topic = fields.Field("topic__name_kk", "topic")

        class Meta:
            model = Issue
            fields = (
                "number", "region", "raion", "unit", "place", "raised_on", "meeting", "text_kk", "topic", "level",
                "state", "first_due_on", "due_on", "slips", "closed_on",
            )  # fmt: skip

    found = Issue.objects.filter(year=YEAR, joined_into=None).order_by("unit__path", "number")
    found = found.select_related("region", "raion", "unit", "place", "meeting", "topic")
    target.write_bytes(PeerResource().export(found[:rows]).xlsx)


def copy(target: Path, _rows: int) -> None:
    from django.db import connection

    with target.open("wb") as file, connection.cursor() as cursor:
        cursor.copy_expert(COPY, file)


WAYS = {"ours": ours, "peer": peer, "copy": copy}


def child(name: str, rows: int) -> None:
    """One run in a process of its own; prints seconds by the clock and of processor, and megabytes above idle."""
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()
    for part in ("reporting.summaries.files", "import_export.resources", "openpyxl"):
        __import__(part)
    # The highest point of memory is counted from here on; a process otherwise begins with that of its parent.
    Path("/proc/self/clear_refs").write_text("5")
    idle = memory("VmRSS")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "file"
        begun, spent = time.perf_counter(), frame.processor()
        WAYS[name](target, rows)
        taken, worked = time.perf_counter() - begun, frame.processor() - spent
        size = target.stat().st_size
    print(taken, worked, (memory("VmHWM") - idle) / 1024, size / 2**20)


def memory(what: str) -> int:
    """KiB of this process: held now (VmRSS), or at most (VmHWM)."""
    found = re.search(rf"{what}:\s*(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def run(name: str, rows: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.export", "--child", name, "--rows", str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def medians(ways: dict[str, int], runs: dict[str, int]) -> dict[str, list[float]]:
    """Seconds by the clock and of processor, MB above idle and MB of the file of each way with its rows, by turns."""
    found: dict[str, list[list[float]]] = {name: [] for name in ways}
    for turn in range(max(runs.values())):
        for name, rows in ways.items():
            if turn < runs[name]:
                found[name].append(run(name, rows))
    return {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in found.items()}


def fill(first: int, last: int) -> None:
    """Issues of these numbers, all of one year."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ISSUES, {"year": YEAR, "first": first, "last": last})
    frame.analyze()


def ours_told(middle: dict[str, list[float]]) -> list[tuple[str, str, str]]:
    seconds, worked, above, size = middle["ours"]
    limit, least = middle["copy"][:2]
    return [
        ("COPY TO CSV", f"{limit:.2f} s", f"{middle['copy'][3]:.1f} MB"),
        ("ours, whole workbook", f"{seconds:.2f} s", f"{seconds / limit:.1f} times COPY; mark: at most 8"),
        ("by processor time: ours", f"{worked:.2f} s", f"{worked / least:.1f} times COPY's {least:.2f} s"),
        ("ours, memory above idle", f"{above:.0f} MB", f"mark: at most 100; the file has {size:.1f} MB"),
    ]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--many", type=int, default=500_000)
    asked.add_argument("--peer-rows", type=int)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--peer-runs", type=int, default=3)
    asked.add_argument("--child", choices=WAYS)
    given = asked.parse_args()
    if given.child:
        child(given.child, given.rows)
        return
    peer_rows = given.rows if given.peer_rows is None else given.peer_rows
    with frame.database("akim_benchmark_export"):
        frame.load_classifier()
        fill(1, given.rows)
        ways = {"ours": given.rows, "copy": given.rows} | ({"peer": peer_rows} if peer_rows else {})
        runs = {"ours": given.runs, "copy": given.runs, "peer": given.peer_runs}
        middle = medians(ways, {name: runs[name] for name in ways})
        rows = ours_told(middle)
        if peer_rows:
            theirs, worked = (seconds * given.rows / peer_rows for seconds in middle["peer"][:2])
            faster = f"{theirs / middle['ours'][0]:.1f} times ours; mark: at least 12; {given.peer_runs} runs"
            rows += [
                ("django-import-export, default", f"{theirs:.2f} s", faster),
                ("by processor time", f"{worked:.2f} s", f"{worked / middle['ours'][1]:.1f} times ours"),
                ("its memory above idle", f"{middle['peer'][2]:.0f} MB", f"with {peer_rows} rows"),
            ]
        title = "Issues as .xlsx, {} rows (medians of {}, load {:.0f})"
        frame.table(title.format(given.rows, given.runs, os.getloadavg()[0]), rows)
        if given.many:
            fill(given.rows + 1, given.many)
            middle = medians(
                {"ours": given.many, "copy": given.many}, {"ours": given.peer_runs, "copy": given.peer_runs}
            )
            frame.table(title.format(given.many, given.peer_runs, os.getloadavg()[0]), ours_told(middle))


if __name__ == "__main__":
    main()
