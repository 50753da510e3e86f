"""Problem issues out of a workbook: our import beside the defaults of django-import-export and beside COPY FROM.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.issue_import [--rows 50000] [--runs 5]

Marks: at least 40 times faster than the peer, row for row, and at most 8 times COPY FROM. Ours is asked for all that a
person waits for: guard, first look at the headings, the file kept sealed, every row checked for the preview, the rows
entered with their keys and entries of the journal. The peer only looks and writes issues; COPY writes the very rows of
issues that ours has made, with the same indices, and nothing beside them. All three end with the foreign keys checked.
The peer gets the first 5,000 of the rows, or `--peer-rows` of them, in `--peer-runs`; its time is told by the row.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable

from benchmarks import frame

REGION = "610000000"
TODAY = dt.date(2026, 11, 21)
SAME_ROWS = 5_000
TOPICS = ("roads", "utilities", "social")
LEVELS = ("akim", "raion", "oblast")
TEXTS = (
    ("{street}-көшеде {n}-үйдің алдында жарық жанбайды, кешке қараңғы", "На улице {street} у дома {n} нет освещения"),
    (
        "{street}-көшедегі жол {n}-үйге дейін жөндеуді қажет етеді",
        "Дорога {street} до дома {n} требует ремонта",
    ),
    ("{n} үйге ауызсу күніне екі сағат қана беріледі", "В {n} домов питьевая вода подаётся два часа в сутки"),
    ("{street}-көшеге балалар алаңы керек, {n} бала бар", "На улице {street} нужна детская площадка на {n} детей"),
)
#: Names of columns as ours finds them, and of fields as the peer wants them.
OURS = ("KATO code of the akim", "KATO code of the place", "Raised on", "Text in Kazakh", "Text in Russian", "Topic",
        "Level of solution")  # fmt: skip
PEERS = ("unit", "region", "place", "number", "year", "raised_on", "text_kk", "text_ru", "topic", "level")


def rows_of(region, count: int) -> list[tuple]:
    """Issues of all okrugs of the region by turns, each in a village of it, no two alike."""
    from territories.models import Territory

    below = Territory.objects.filter(path__startswith=region.path, valid_to=None)
    okrugs = list(below.filter(own_akim=True, kind="okrug").order_by("code"))
    village = defaultdict(list)
    for place in below.filter(kind="village").order_by("code"):
        village[place.parent_id].append(place.code)
    found = []
    for n in range(count):
        okrug = okrugs[n % len(okrugs)]
        places = village[okrug.pk] or [okrug.code]
        kk, ru = (text.format(street=n % 97, n=n) for text in TEXTS[n % len(TEXTS)])
        day = dt.date(2026, 1, 10) + dt.timedelta(days=n % 280)
        found.append((okrug.code, places[n % len(places)], day, kk, ru, TOPICS[n % len(TOPICS)], LEVELS[n % 3]))
    return found


def workbook(rows: list[tuple], heads: tuple[str, ...]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Issues")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, heads)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(place, column, value, day)
                else:
                    sheet.write(place, column, value)
    return out.getvalue()


def for_peer(region, rows: list[tuple]) -> bytes:
    numbers: defaultdict[str, int] = defaultdict(int)
    told = []
    for unit, place, day, kk, ru, topic, level in rows:
        numbers[unit] += 1
        told.append((unit, region.code, place, numbers[unit], day.year, day, kk, ru, topic, level))
    return workbook(told, PEERS)


def peer_resource():
    """What the documentation of django-import-export tells one to write, and nothing else."""
    from import_export import fields, resources, widgets

    from issues.models import Issue, Topic
    from territories.models import Territory

    class PeerResource(resources.ModelResource):
        unit = fields.Field("unit", "unit", widgets.ForeignKeyWidget(Territory, "code"))
        region = fields.Field("region", "region", widgets.ForeignKeyWidget(Territory, "code"))
        place = fields.Field("place", "place", widgets.ForeignKeyWidget(Territory, "code"))
        topic = fields.Field("topic", "topic", widgets.ForeignKeyWidget(Topic, "code"))

        class Meta:
            model = Issue
            fields = PEERS
            import_id_fields = ("unit", "year", "number")

    return PeerResource


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=50_000)
    asked.add_argument("--runs", type=int, default=5)
    asked.add_argument("--peer-rows", type=int, default=SAME_ROWS)
    asked.add_argument("--peer-runs", type=int, default=3)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, frame.database("akim_benchmark_issue_import"):
        from django.conf import settings
        from django.db import connection, transaction
        from import_export.formats.base_formats import XLSX

        from calendars.workbook import guard
        from issues.models import Issue
        from issues.services import importing
        from territories.models import Territory
        from territories.scope import clock

        settings.MEDIA_ROOT = folder
        frame.load_classifier()
        by = clock("benchmark")
        region = Territory.objects.get(code=REGION, valid_to=None)
        rows = rows_of(region, given.rows)
        few = rows[:SAME_ROWS]
        files = {len(some): workbook(some, OURS) for some in (few, rows)}
        peer_file = for_peer(region, rows[: given.peer_rows])
        frame.analyze()
        parts: defaultdict[str, list[float]] = defaultdict(list)

        def timed(name: str, work: Callable):
            begun = time.perf_counter()
            found = work()
            parts[name].append(time.perf_counter() - begun)
            return found

        def ours(count: int) -> None:
            inspection = timed(f"{count} guard", lambda: guard.inspect(files[count], "issues.xlsx"))
            job = timed(f"{count} receive", lambda: importing.receive(inspection, kind="issues", unit=region, by=by))
            _book, layout = timed(f"{count} columns", lambda: importing.first_look(job))
            importing.choose_columns(job, layout, by=by)
            timed(f"{count} check", lambda: importing.work(job.pk, today=TODAY, inspection=inspection))
            importing.begin(job, whole=True, by=by)
            timed(f"{count} enter", lambda: importing.work(job.pk, today=TODAY))

        def peer() -> None:
            # As its own pages do: the file is read for the look, and once more when that is confirmed.
            looked = peer_resource()().import_data(XLSX().create_dataset(peer_file), dry_run=True)
            assert not looked.has_errors(), looked.row_errors()[:1]
            peer_resource()().import_data(XLSX().create_dataset(peer_file), raise_errors=True)

        def copy(text: io.StringIO) -> None:
            text.seek(0)
            with connection.cursor() as cursor:
                cursor.copy_expert("COPY issues_issue FROM STDIN", text)

        def undone(work: Callable[[], None], count: int, *, keep: io.StringIO | None = None) -> tuple[float, float]:
            """Seconds by the clock and of processor. Each run meets the same empty table; `keep` takes its rows."""
            with transaction.atomic():
                begun, spent = time.perf_counter(), frame.processor()
                work()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                taken = time.perf_counter() - begun, frame.processor() - spent
                assert Issue.objects.count() == count, Issue.objects.count()
                if keep is not None:
                    with connection.cursor() as cursor:
                        cursor.copy_expert("COPY issues_issue TO STDOUT", keep)
                transaction.set_rollback(True)
            return taken

        text = io.StringIO()
        undone(lambda: ours(given.rows), given.rows, keep=text)
        parts.clear()
        found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        for turn in range(given.runs):
            found["few"].append(undone(lambda: ours(SAME_ROWS), SAME_ROWS))
            found["all"].append(undone(lambda: ours(given.rows), given.rows))
            found["copy"].append(undone(lambda: copy(text), given.rows))
            if turn < given.peer_runs:
                found["peer"].append(undone(peer, given.peer_rows))
        middle = {
            name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in found.items()
        }
        for by, how in enumerate(("by the clock", "by processor time of program and database")):
            few_s, all_s, copy_s, peer_s = (middle[name][by] for name in ("few", "all", "copy", "peer"))
            by_row = peer_s / given.peer_rows
            frame.table(
                f"Import of issues from .xlsx, look and write, {how}"
                f" (medians of {given.runs}, of the peer {given.peer_runs}; load {os.getloadavg()[0]:.0f})",
                [
                    (
                        f"django-import-export, defaults, {given.peer_rows} rows",
                        f"{peer_s:.2f} s",
                        f"{by_row * 1000:.2f} ms a row",
                    ),
                    (
                        f"ours, {len(few)} rows",
                        f"{few_s:.2f} s",
                        f"{by_row * len(few) / few_s:.1f} times faster; mark: at least 40",
                    ),
                    (
                        f"ours, {given.rows} rows",
                        f"{all_s:.2f} s",
                        f"{by_row * given.rows / all_s:.1f} times faster; mark: at least 40",
                    ),
                    (
                        f"COPY FROM, {given.rows} rows",
                        f"{copy_s:.2f} s",
                        f"limit; ours {all_s / copy_s:.1f} times; mark: at most 8",
                    ),
                ],
            )
        frame.table(
            "Parts of ours by the clock",
            [(name, f"{statistics.median(taken):.2f} s", "") for name, taken in parts.items()],
        )


if __name__ == "__main__":
    main()
