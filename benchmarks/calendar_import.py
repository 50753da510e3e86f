"""A region's year of 2,005 meetings out of a workbook: our import beside the defaults of django-import-export.

    DATABASE_URL=postgres://user@127.0.0.1:5432/postgres python -m benchmarks.calendar_import

Both read the same rows of an .xlsx file, look at them once and then write them. Mark: at least 20 times faster.
Ours also guards the file, parses it in a process of its own, finds units by name and code, checks walls,
duplicates and warnings, and writes targets, journal and the step that undoes it; the peer only writes meetings.
"""

from __future__ import annotations

import datetime as dt
import io
import statistics
import time
from collections import defaultdict
from collections.abc import Callable

from benchmarks import frame

REGION, YEAR = "610000000", 2027
TODAY = dt.date(2026, 11, 21)
RUNS = 5


def plan(region) -> tuple[list, dict]:
    """Every required meeting of the year and the day that the planner proposes for it."""
    from calendars import coverage, planner
    from law.workdays import is_working
    from territories.models import Territory

    cells = coverage.cells([region], YEAR, only_holes=True)
    paths = dict(Territory.objects.filter(path__startswith=region.path).values_list("pk", "path"))
    found = planner.propose(cells, paths=paths, taken=(), is_working=is_working, not_before=dt.date(YEAR, 1, 1))
    days = defaultdict(list)
    for one in found:
        days[one.cell].append(one.date)
    return cells, days


def plain_workbook(calendar, cells, days) -> bytes:
    """The same rows as the peer wants them: codes, values of the database, headings that are names of fields."""
    import tablib

    from territories.models import Territory

    codes = dict(Territory.objects.filter(path__startswith=calendar.region.path).values_list("pk", "code"))
    left = {cell: list(given) for cell, given in days.items()}
    dataset = tablib.Dataset(headers=PEER_FIELDS)
    for cell in cells:
        for _n in range(cell.missing):
            row = {
                "calendar": calendar.pk,
                "number": len(dataset) + 1,
                "holder": codes[cell.holder_id],
                "place": codes[cell.target_id],
                "date": left[cell].pop(0).isoformat(),
                "time": "10:00",
                "planned_minutes": 120,
                "report_minutes": 30,
                "format": "in_person",
                "broadcast": "later",
                "languages": "both",
            }
            dataset.append([row.get(name, "") for name in PEER_FIELDS])
    return dataset.export("xlsx")


#: Columns that no row fills (address, note, remarks) are spared the peer.
PEER_FIELDS = [
    "calendar", "number", "holder", "place", "date", "time", "planned_minutes", "report_minutes",
    "format", "broadcast", "languages",
]  # fmt: skip


def peer_resource():
    """What the documentation of django-import-export tells one to write, and nothing else."""
    from import_export import fields, resources, widgets

    from calendars.models import Meeting
    from territories.models import Territory

    class PeerResource(resources.ModelResource):
        holder = fields.Field("holder", "holder", widgets.ForeignKeyWidget(Territory, "code"))
        place = fields.Field("place", "place", widgets.ForeignKeyWidget(Territory, "code"))

        class Meta:
            model = Meeting
            fields = PEER_FIELDS
            import_id_fields = ("calendar", "number")

    return PeerResource


def main() -> None:
    with frame.database("akim_benchmark_import"):
        from django.db import transaction
        from import_export.formats.base_formats import XLSX

        from calendars import exporting, services
        from calendars.models import ImportJob, Meeting
        from calendars.services import importing
        from calendars.workbook import guard
        from territories.models import Territory
        from territories.scope import clock

        frame.load_classifier()
        by = clock("import_calendar")
        region = Territory.objects.get(code=REGION, valid_to=None)
        calendar = services.open_calendar(region, YEAR, by=by)
        cells, days = plan(region)
        ours_file = exporting.workbook(calendar, "kk", missing=cells, days=days)
        peer_file = plain_workbook(calendar, cells, days)
        frame.analyze()
        parts: dict[str, list[float]] = defaultdict(list)

        def timed(name: str, work: Callable):
            begun = time.perf_counter()
            found = work()
            parts[name].append(time.perf_counter() - begun)
            return found

        def ours() -> None:
            inspection = timed("guard", lambda: guard.inspect(io.BytesIO(ours_file), "calendar.xlsx"))
            job = timed("receive", lambda: importing.receive(calendar, inspection, by=by))
            timed("preview", lambda: importing.read(job.pk, today=TODAY, inspection=inspection))
            timed("commit", lambda: importing.commit(ImportJob.objects.defer("rows").get(pk=job.pk), by=by))

        def peer() -> None:
            # As its own pages do: the file is read for the look, and once more when that is confirmed.
            resource = peer_resource()
            looked = timed("peer looks", lambda: resource().import_data(read(), dry_run=True))
            assert not looked.has_errors(), looked.row_errors()[:1]
            timed("peer writes", lambda: resource().import_data(read(), raise_errors=True))

        def read():
            return XLSX().create_dataset(peer_file)

        def undone(work: Callable) -> float:
            """Each run meets the same empty calendar."""
            with transaction.atomic():
                begun = time.perf_counter()
                work()
                taken = time.perf_counter() - begun
                assert Meeting.objects.count() == sum(cell.missing for cell in cells)
                transaction.set_rollback(True)
            return taken

        undone(ours), undone(peer)
        parts.clear()
        # They take turns, so that whatever else the machine does falls on both.
        pairs = [(undone(ours), undone(peer)) for _ in range(RUNS)]
        mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        steps = {name: statistics.median(taken) for name, taken in parts.items()}
        frame.table(
            f"Import of {sum(cell.missing for cell in cells)} meetings from .xlsx, look and write (medians of {RUNS})",
            [
                ("django-import-export, defaults", f"{theirs:.2f} s", "peer"),
                *((f"  {name}", f"{steps[name]:.2f} s", "") for name in steps if name.startswith("peer")),
                ("ours", f"{mine:.2f} s", f"{theirs / mine:.1f} times faster; mark: at least 20"),
                *((f"  {name}", f"{steps[name]:.3f} s", "") for name in steps if not name.startswith("peer")),
            ],
        )


if __name__ == "__main__":
    main()
