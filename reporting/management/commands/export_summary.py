"""Write a summary as an Excel file: `export_summary coverage --year 2027 -o coverage.xlsx`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from calendars.management.commands.required_meetings import calendar_year
from reporting.services import KINDS, LATER_KINDS, NothingApproved, export
from territories.models import Territory
from territories.scope import clock, today


class Command(BaseCommand):
    help = "Write a summary as an Excel file. Kinds: " + ", ".join(KINDS)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help="one of: " + ", ".join(KINDS))
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--region", metavar="KATO", help="nine digits of one region; without it all of them")
        parser.add_argument("--language", choices=("kk", "ru", "en"), default="kk")
        parser.add_argument("-o", "--output", required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = options["kind"]
        if kind not in KINDS:
            text = _("There is no summary “%(kind)s”. Available: %(kinds)s.")
            later = _("Not written yet: %(kinds)s.") % {"kinds": ", ".join(LATER_KINDS)} if kind in LATER_KINDS else ""
            text = text % {"kind": kind, "kinds": ", ".join(KINDS)}
            raise CommandError(f"{text} {later}".strip(), returncode=2)
        region = self.region(options["region"])
        target = Path(options["output"])
        if not target.parent.is_dir():
            text = _("There is no folder %(folder)s to write into.")
            raise CommandError(text % {"folder": target.parent}, returncode=1)
        try:
            data = export(
                kind,
                options["year"],
                region=region,
                who=clock("export_summary"),
                today=today(),
                language=options["language"],
            )
        except NothingApproved as nothing:
            raise CommandError(str(nothing), returncode=1) from nothing
        write(target, data)
        self.stdout.write(str(target))

    def region(self, code: str | None) -> Territory | None:
        if not code:
            return None
        found = Territory.objects.regions().filter(code=code, valid_to=None).first()
        if found is None:
            text = _("No region has the code %(code)s. Write the nine digits of the classifier, for example 610000000.")
            raise CommandError(text % {"code": code}, returncode=1)
        return found


def write(target: Path, data: bytes) -> None:
    """The whole file or none: an interrupted run leaves the old one."""
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
