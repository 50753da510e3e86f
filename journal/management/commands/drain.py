"""`manage.py drain`: one round of sending, for the timer of the system beside Celery's beat."""

import json

from django.core.management.base import BaseCommand

from journal import delivery


class Command(BaseCommand):
    help = "Send the letters that are due."

    def add_arguments(self, parser):
        parser.add_argument("--budget", type=float, help="seconds after which no new letter is taken")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, budget, format, **options):
        done = dict(delivery.drain(budget=budget))
        if format == "json":
            self.stdout.write(json.dumps(done))
        else:
            self.stdout.write(", ".join(f"{name}: {number}" for name, number in done.items()) or "nothing to send")
