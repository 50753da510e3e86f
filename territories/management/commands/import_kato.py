"""Load an edition of the classifier of units."""

import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from ...kato.reading import Refused, read
from ...scope import clock
from ...services.editions import load_edition, look
from ...services.plans import lines_of

#: So many faults are printed; `--format json` gives all.
MOST_FAULTS = 50


class Command(BaseCommand):
    help = "Load an edition of the classifier of units (CSV or XLSX). Loading the same file again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", type=date.fromisoformat, help="day of the state, if the file name has none")
        parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")
        parser.add_argument("--accept-suggestions", action="store_true", help="take the suggested pairs too")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            try:
                result = self.load(options)
            except FileNotFoundError as error:
                text = _("There is no file %(file)s.") % {"file": options["file"]}
                raise CommandError(text) from error
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
            except Refused as error:
                raise CommandError(self.refusal(error, options["format"])) from error
            if options["format"] == "json":
                self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1, default=str))
            else:
                for line in result["text"]:
                    self.stdout.write(line)

    def load(self, options) -> dict:
        path = options["file"]
        table = read(path.read_bytes(), path.name)
        if options["dry_run"]:
            seen = look(table, as_of=options["edition"])
            return {"written": False, "counts": seen.counts, "text": lines_of(seen)}
        done = load_edition(
            table,
            as_of=options["edition"],
            by=clock("import_kato"),
            accept_suggestions=options["accept_suggestions"],
        )
        result = {"written": not done.already, "edition": done.edition.as_of, "counts": done.edition.summary}
        return result | {"open_questions": done.draft.pk if done.draft else None, "text": lines_of(done)}

    def refusal(self, error: Refused, form: str) -> str:
        if form == "json":
            faults = [{"line": f.line, "code": f.code, "text": f.text} for f in error.faults]
            return json.dumps({"written": False, "faults": faults}, ensure_ascii=False)
        head = _("The file was refused; nothing was written. Faults: %(count)s.") % {"count": len(error.faults)}
        lines = [
            (_("line %(line)s: %(text)s") % {"line": fault.line, "text": fault.text}) if fault.line else fault.text
            for fault in error.faults[:MOST_FAULTS]
        ]
        return "\n".join([head, *lines])
