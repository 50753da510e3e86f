"""Compare the kept figures of the desk with what the rows say: `check_desk`; `--mend` brings them in line first."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from calendars.management.commands.required_meetings import calendar_year
from reporting.desk import keeping


class Command(BaseCommand):
    help = "Recompute the kept figures of the desk and count the cells that differ. Exit code 1 if there are any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=calendar_year, action="append", help="only this year; may be repeated")
        parser.add_argument("--mend", action="store_true", help="bring them in line first, as the timetable does")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        if options["mend"]:
            done = keeping.refresh(options["year"])
            if done is None:
                raise CommandError(
                    _("Somebody else is counting the desk just now. Try again in a minute."), returncode=1
                )
        found = keeping.differences(options["year"])
        if options["format"] == "json":
            self.stdout.write(json.dumps({"differences": found, "seconds": round(time.monotonic() - began, 1)}))
        else:
            for year, count in sorted(found.items()):
                self.stdout.write(_("%(year)s: %(count)s cells differ") % {"year": year, "count": count})
        if any(found.values()):
            text = _("The kept figures of the desk differ from the rows: run the command with --mend.")
            raise CommandError(text, returncode=1)
