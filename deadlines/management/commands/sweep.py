"""One sweep of the ledger by hand, as of any day."""

import json
from datetime import date, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from deadlines import services
from journal.clock import clocks_agree
from journal.delivery.relay import clock_is_trusted


class Command(BaseCommand):
    help = "Bring the ledger of duties up to date and remind whoever has to be, as of a day."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="YYYY-MM-DD; without it, today in Kazakhstan")
        parser.add_argument("--at", type=time.fromisoformat, help="HH:MM; in quiet hours no letter is written")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, today: date | None, at: time | None, format: str, **options) -> None:
        now = timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
        if today is None and not clocks_agree():
            raise CommandError(
                "The clocks of this machine and of the database differ by more than two minutes. "
                "Put them right, or name the day: --today YYYY-MM-DD."
            )
        if today is None:
            # As the clock does it, so that a timer of the system may stand in for beat.
            counts = services.sweep(now.date(), at=at or now.time(), mail=clock_is_trusted())
        else:
            counts = services.sweep(today, at=at or services.NOON)
        found = vars(counts) if counts else {"busy": True}
        if format == "json":
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in found.items()))
