"""`manage.py reap`: gives back what vanished workers held and settles what is in doubt."""

import json

from django.core.management.base import BaseCommand

from journal import delivery


class Command(BaseCommand):
    help = "Give back letters of vanished workers and settle doubtful ones."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, format, **options):
        done = dict(delivery.reap())
        if format == "json":
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name}: {number}" for name, number in done.items()) or "nothing to do")
