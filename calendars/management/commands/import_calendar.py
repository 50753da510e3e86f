"""A workbook or CSV file into a region's calendar, on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from calendars import services
from calendars.models import Calendar, ImportJob
from calendars.services import importing
from calendars.workbook import guard
from calendars.workbook.findings import Finding, Findings
from territories.scope import clock, today

from .required_meetings import calendar_year, chosen_regions

#: Findings that are printed; `--format json` gives all that are kept.
PRINTED = 50


class Command(BaseCommand):
    help = (
        "Bring a workbook (.xlsx) or a CSV file into a region's calendar: all rows or none. "
        "Exit code 0: done or nothing to do; 1: the file has errors, nothing was written; 2: wrong use."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", required=True, help="code of the region")
        parser.add_argument("--year", type=calendar_year, required=True)
        parser.add_argument("--dry-run", action="store_true", help="show what would be done, write nothing")
        parser.add_argument("--accept", nargs="*", default=[], metavar="CODE", help="take proposed readings (B24 …)")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *args, file: Path, region: str, year: int, **options) -> None:
        try:
            [unit] = chosen_regions(region)
            inspection = guard.inspect(file, file.name)
        except CommandError as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
        by = clock("import_calendar")
        with translation.override(options["language"]):
            if options["dry_run"]:
                with transaction.atomic():
                    calendar = services.open_calendar(unit, year, by=by)
                    found = importing.look(
                        inspection, file.name, calendar, by=by, today=today(), accepted=options["accept"]
                    )
                    transaction.set_rollback(True)
                self.answer(found.findings, found.counts, options["format"], written=False, ok=found.ok)
            else:
                self.bring(inspection, services.open_calendar(unit, year, by=by), by, options)

    def bring(self, inspection: guard.Inspection, calendar: Calendar, by, options) -> None:
        """The same steps as on the page: receive, read, take over."""
        try:
            job = importing.receive(calendar, inspection, by=by)
        except importing.Refused as refusal:
            return self.answer(refusal.findings, {}, options["format"], written=False, ok=False)
        except importing.AlreadyLoaded as known:
            findings = Findings()
            findings.append(importing.loaded_before(known.job))
            return self.answer(findings, {}, options["format"], written=False, ok=True)
        if options["accept"]:
            ImportJob.objects.filter(pk=job.pk).update(accepted=options["accept"])
        if job.state != "reading":
            importing.again(job, by=by)
        importing.read(job.pk, today=today())
        job = ImportJob.objects.select_related("calendar__region").get(pk=job.pk)
        findings = Findings()
        findings.extend(Finding.from_dict(each) for each in job.findings)
        ready = job.state == "ready"
        writes = ready and bool(job.counts["new"] + job.counts["changed"])
        if writes:
            importing.commit(job, by=by)
        else:
            importing.drop(job, by=by)
        return self.answer(findings, job.counts, options["format"], written=writes, ok=ready, job=job.pk)

    def answer(self, findings: Findings, counts, form: str, *, written: bool, ok: bool, job: int | None = None) -> None:
        if form == "json":
            told = [finding.as_dict() | {"text": finding.text} for finding in findings]
            result = {"written": written, "ok": ok, "job": job, "counts": counts, "findings": told}
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            shown = list(findings)[:PRINTED]
            for finding in shown:
                self.stdout.write(f"{finding.severity}\t{finding.text}")
            if len(findings) > len(shown):
                self.stdout.write(f"… {len(findings) - len(shown)}")
            self.stdout.write("\t".join(f"{name} {count}" for name, count in counts.items()))
            self.stdout.write("written" if written else "nothing written")
        if not ok:
            sys.exit(1)
