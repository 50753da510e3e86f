"""Load central bodies, holdings and companies."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from ...datasets import dataset_of
from ...resources import BODY_COLUMNS, BodyResource, take_in
from ...scope import clock
from ...sheets import SheetRefused


class Command(BaseCommand):
    help = "Load bodies from a CSV or XLSX with id, kind, kato, name_kk, name_ru, name_en, short_ru, under."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            try:
                data = options["file"].read_bytes()
                dataset = dataset_of(data, BODY_COLUMNS, needed=("id", "kind", "name_kk", "name_ru"))
            except FileNotFoundError as error:
                raise CommandError(_("There is no file %(file)s.") % {"file": options["file"]}) from error
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
            except SheetRefused as error:
                raise CommandError(str(error)) from error
            report = take_in(BodyResource(), dataset, who=clock("import_bodies"), write=not options["dry_run"])
            if report.count("wrong"):
                lines = [
                    _("line %(line)s: %(text)s") % {"line": row.line, "text": f"{name} {fault}".strip()}
                    for row in report.rows
                    for name, fault in row.faults
                ]
                raise CommandError("\n".join([_("The file was refused; nothing was written."), *lines]))
            text = _("New: %(new)s. Changed: %(changed)s. Unchanged: %(unchanged)s.")
            self.stdout.write(text % report.counts)
