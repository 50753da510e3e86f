"""`manage.py dump_journal -o FOLDER`: the journal and its seals for a judge that does not trust this program."""

import json
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from journal.models import Seal
from journal.services import sealing


class Command(BaseCommand):
    help = "Write journal.jsonl and seals.jsonl; `python -m checker.journal FOLDER` verifies them."

    def add_arguments(self, parser):
        parser.add_argument("-o", "--output", required=True, help="folder; made if it is not there")

    def handle(self, *args, output, **options):
        folder = Path(output)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Seals first: what comes between is then merely not sealed yet.
            seals = Seal.objects.order_by("pk").values("first", "last", "entries", "previous", "sha256")
            sealed = write(folder / "seals.jsonl", (json.dumps(row, sort_keys=True) for row in seals))
            number = write(folder / "journal.jsonl", sealing.lines())
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}. Name a folder that can be written.") from error
        self.stdout.write(f"{number} entries, {sealed} seals in {folder}")


def write(file: Path, lines: Iterable[str]) -> int:
    number = 0
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for text in lines:
            out.write(text + "\n")
            number += 1
    return number
