"""Replay a year of a region or of the nation through the services, and let the checker recount the ledger."""

import datetime as dt
import json
import resource
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from akim_meetings.replay.verdict import digest, recount
from akim_meetings.replay.year import Played, peak_memory, replay
from calendars.management.commands.required_meetings import calendar_year
from calendars.models import Meeting
from territories.models import Territory

SEED = 826


class Command(BaseCommand):
    help = (
        "Play a whole year day by day by a virtual clock: plan, approve, notify, announce, hold, receive, publish,"
        " report; some late, moved, cancelled or missing by the seed. For an empty database: nothing leaves it."
    )

    def add_arguments(self, parser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--region", metavar="KATO", help="code of one region")
        where.add_argument("--nation", action="store_true", help="all regions")
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed leaves the same ledger")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="last day; without it, 31 December")
        parser.add_argument("--processes", type=int, default=1, help="more than one needs PostgreSQL")
        parser.add_argument("--sweep-every", type=int, default=1, metavar="DAYS", help="without it, each day")
        parser.add_argument("--dump", type=Path, metavar="FOLDER", help="keep the files that the checker reads")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, region, nation, year, seed, until, processes, sweep_every, dump, format, **options) -> None:
        until = until or dt.date(year, 12, 31)
        if not dt.date(year, 1, 31) <= until <= dt.date(year + 1, 3, 31):
            raise CommandError(f"The last day lies between {year}-01-31 and {year + 1}-03-31.")
        if processes > 1 and connection.vendor != "postgresql":
            raise CommandError("SQLite has one writer; use --processes 1, or PostgreSQL.")
        units = Territory.objects.regions().filter(valid_to=None).order_by("code")
        codes = list((units if nation else units.filter(code=region)).values_list("code", flat=True))
        if not codes:
            raise CommandError("No such region is loaded. Load the classifier first: manage.py import_kato FILE.")
        if Meeting.objects.exists() and not settings.DEMO:
            raise CommandError("This database holds meetings of real offices. Replay a year in an empty database.")
        if Meeting.objects.filter(calendar__region__code__in=codes, calendar__year=year).exists():
            raise CommandError(f"The calendar of {year} is filled already. Replay a year in an empty database.")
        self.quiet, self.begun = format == "json", time.monotonic()
        played = replay(
            codes, year, seed=seed, until=until, processes=processes, sweep_every=sweep_every, tell=self.tell
        )
        seconds = time.monotonic() - self.begun
        verdict = recount(until, [year], dump)
        ledger = digest([year])
        found = {
            "meetings": played.meetings,
            "seconds": round(seconds, 1),
            "checked_seconds": round(time.monotonic() - self.begun, 1),
            "done": dict(played.done),
            "swept": dict(played.swept),
            "proved": played.proved,
            "missed": played.missed,
            "peak_mb": [peak_memory(), *played.peaks],
            "checker_mb": peak_memory(resource.RUSAGE_CHILDREN),
            "ledger": ledger,
            "compared": verdict.duties,
            "differences": verdict.differences,
        }
        if format == "json":
            self.stdout.write(json.dumps(found))
        else:
            checked = found["checked_seconds"]
            self.stdout.write(
                f"{played.meetings} meetings of {year} replayed in {seconds:.0f} s, checked in {checked} s"
            )
            peaks = ", ".join(f"{peak} MB" for peak in found["peak_mb"])
            self.stdout.write(f"peak of memory: {peaks}; the checker, if not less: {found['checker_mb']} MB")
            self.stdout.write(f"a sweep of everything at the end wrote {played.missed} rows")
            self.stdout.write(f"ledger {found['ledger']}")
            self.stdout.write(f"checker: {verdict.duties} duties compared, {verdict.differences} differences")
        if played.missed:
            raise CommandError(f"The sweeps of what had moved have overlooked {played.missed} duties.")
        if verdict.differences:
            raise CommandError(verdict.words)

    def tell(self, day: dt.date, played: Played) -> None:
        """A line a month: what was done so far."""
        if self.quiet or (day + dt.timedelta(days=1)).day != 1:
            return
        done = ", ".join(f"{name} {count}" for name, count in sorted(played.done.items()))
        swept = ", ".join(f"{name} {count}" for name, count in played.swept.items())
        self.stdout.write(f"{day} ({time.monotonic() - self.begun:.0f} s): {done}; duties: {swept}")
