"""`manage.py export_training FOLDER`: a copy of the rows for training, without anything that tells of a person."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from akim_meetings.training import FILE, export_training
from journal.actors import Actor


class Command(BaseCommand):
    help = "Write training.jsonl.gz: names, contacts and texts replaced; `manage.py loaddata` reads it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, folder: Path, format: str, **options) -> None:
        try:
            done = export_training(folder, by=Actor.system("export_training (command line)"))
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        if format == "json":
            self.stdout.write(json.dumps(done | {"file": str(folder / FILE)}))
        else:
            self.stdout.write(f"{folder / FILE}: {done['lines']} rows, {done['bytes']} bytes")
