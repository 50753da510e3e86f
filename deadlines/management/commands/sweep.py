"""One sweep of the ledger by hand, as of any day."""

import json
from datetime import date

from django.core.management.base import BaseCommand

from deadlines import services
from territories.scope import today


class Command(BaseCommand):
    help = "Bring the ledger of duties up to date and remind whoever has to be, as of a day."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="YYYY-MM-DD; without it, today in Kazakhstan")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, today: date | None, format: str, **options) -> None:
        counts = services.sweep(today or day_now())
        found = vars(counts) if counts else {"busy": True}
        if format == "json":
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in found.items()))


def day_now() -> date:
    return today()
