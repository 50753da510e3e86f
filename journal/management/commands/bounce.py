"""`manage.py bounce FILE`: reads one message that arrived at the return address (`-`: standard input)."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from journal.actors import Actor
from journal.bounces import NotAMessage, parse
from journal.services import record_bounce


class Command(BaseCommand):
    help = "Record a report of non-delivery against its letter. Auto-replies and other mail change nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", help="an .eml file, or - for standard input")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, file, format, **options):
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            report = parse(raw)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}. Give the path of an .eml file.") from error
        except NotAMessage as error:
            raise CommandError(f"{file} is not an e-mail message ({error}). Give it as it arrived.") from error
        notice = record_bounce(report, by=Actor.system("bounce"))
        if format == "json":
            self.stdout.write(json.dumps({"verdict": report.verdict, "notice": notice.pk if notice else None}))
        elif notice is None:
            self.stdout.write("Nothing recorded: no report of non-delivery of one of our letters.")
        else:
            self.stdout.write(f"Letter {notice.pk} to {notice.recipient_email}: {report.verdict}.")
