"""The ledger and what it rests on, as files for `python -m checker`."""

import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from akim_meetings.ledger_dump import dump
from deadlines.services.sweep import swept_years
from territories.scope import today


class Command(BaseCommand):
    help = "Write the raw events and the ledger as files; `python -m checker FOLDER` recounts the one from the other."

    def add_arguments(self, parser) -> None:
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FOLDER")
        parser.add_argument("--today", type=dt.date.fromisoformat, help="the day of the last sweep; without it, today")
        parser.add_argument("--years", type=int, nargs="+", help="without it, the years that a sweep of that day sees")

    def handle(self, *args, output: Path, today: dt.date | None, years: list[int] | None, **options) -> None:
        day = today or civil_today()
        try:
            counts = dump(output, today=day, years=years or swept_years(day))
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))


def civil_today() -> dt.date:
    return today()
