"""A region's calendar as a workbook or as CSV, on the command line."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from calendars import coverage, exporting
from calendars.models import Calendar, Meeting
from territories.scope import today

from .required_meetings import calendar_year, chosen_regions, told_law


class Command(BaseCommand):
    help = "Write a region's calendar to a file (.xlsx or .csv), with the required meetings that are missing if asked."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--region", required=True, help="code of the region")
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("-o", "--output", type=Path, required=True, help="file to write; .csv writes CSV")
        parser.add_argument("--missing", action="store_true", help="a row for each required meeting not planned yet")
        parser.add_argument("--propose", action="store_true", help="the same with proposed days filled in")
        parser.add_argument("--language", choices=["kk", "ru"], default="kk")

    def handle(self, *args, region: str, year: int, output: Path, language: str, **options) -> None:
        missing, propose = options["missing"] or options["propose"], options["propose"]
        [unit] = chosen_regions(region)
        calendar = Calendar.objects.filter(region=unit, year=year).select_related("region").first()
        rows = exporting.standing(calendar) if calendar else Meeting.objects.none()
        calendar = calendar or Calendar(region=unit, year=year)
        if output.suffix.lower() == ".csv":
            if missing:
                raise CommandError("Required meetings that are missing are written into a workbook: name a file .xlsx.")
            data = exporting.csv_table(calendar, language, rows=rows)
        else:
            with told_law():
                cells = coverage.cells([unit], year, only_holes=True) if missing else []
            days = exporting.proposed_days(calendar, cells, today=today()) if propose else None
            data = exporting.workbook(calendar, language, rows=rows, missing=cells, days=days)
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        added = sum(cell.missing for cell in cells) if missing else 0
        self.stdout.write(f"{output}: {rows.count()} meetings, {added} missing, {len(data)} bytes")
