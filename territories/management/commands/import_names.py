"""Load English names of units."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from ...datasets import dataset_of
from ...scope import clock
from ...services.units import set_english_names
from ...sheets import SheetRefused

COLUMNS = {"kato": ("code",), "name_en": (), "name_kk": (), "name_ru": ()}


class Command(BaseCommand):
    help = "Load English names of units from a CSV or XLSX with the columns kato and name_en."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            try:
                dataset = dataset_of(options["file"].read_bytes(), COLUMNS, needed=("kato", "name_en"))
            except FileNotFoundError as error:
                raise CommandError(_("There is no file %(file)s.") % {"file": options["file"]}) from error
            except OSError as error:
                raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
            except SheetRefused as error:
                raise CommandError(str(error)) from error
            changed, unknown, doubtful = set_english_names(list(dataset.dict), by=clock("import_names"))
            self.stdout.write(_("English names changed: %(count)s.") % {"count": changed})
            for text in doubtful:
                self.stdout.write(_("Left out, for the file calls the unit otherwise: %(unit)s") % {"unit": text})
            if unknown:
                self.stdout.write(_("No living unit has these codes: %(codes)s") % {"codes": ", ".join(unknown)})
