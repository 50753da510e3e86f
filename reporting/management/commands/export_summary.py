"""Write a summary as a file: `export_summary coverage --year 2027 -o coverage.xlsx`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from calendars.management.commands.required_meetings import calendar_year
from reporting.summaries import files
from reporting.summaries.kinds import KINDS
from reporting.summaries.model import BOTH, LANGUAGES, Asked, NothingThere
from territories.models import Territory
from territories.scope import clock, today


class Command(BaseCommand):
    help = "Write a summary as a file. Kinds: " + ", ".join(KINDS)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="one of: " + ", ".join(KINDS))
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--region", metavar="KATO", help="nine digits of one region; without it all of them")
        parser.add_argument("--language", choices=LANGUAGES, default="kk")
        parser.add_argument("--filter", action="append", default=[], metavar="NAME=VALUE", help="such as state=open")
        text = "its end tells the format: " + ", ".join(files.FORMATS)
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind not in KINDS:
            text = _("There is no summary “%(kind)s”. Available: %(kinds)s.")
            raise CommandError(text % {"kind": kind, "kinds": ", ".join(KINDS)}, returncode=2)
        target = Path(options["output"])
        if not target.parent.is_dir():
            text = _("There is no folder %(folder)s to write into.")
            raise CommandError(text % {"folder": target.parent}, returncode=1)
        asked = Asked(
            kind,
            options["year"],
            clock("export_summary"),
            today(),
            self.region(options["region"]),
            options["language"],
            dict(pair.partition("=")[::2] for pair in options["filter"]),
        )
        try:
            with override("kk" if asked.language == BOTH else asked.language):
                files.write(asked, files.form_of(target.name), target)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages), returncode=1) from wrong
        except (NothingThere, OSError) as refused:
            raise CommandError(str(refused), returncode=1) from refused
        self.stdout.write(str(target))

    def region(self, code: str | None) -> Territory | None:
        if not code:
            return None
        found = Territory.objects.regions().filter(code=code, valid_to=None).first()
        if found is None:
            text = _("No region has the code %(code)s. Write the nine digits of the classifier, for example 610000000.")
            raise CommandError(text % {"code": code}, returncode=1)
        return found
