"""`manage.py seal`: binds what the journal says to everything before it, and prints the number to keep."""

import json

from django.core.management.base import BaseCommand

from journal.services import head, seal


class Command(BaseCommand):
    help = "Seal the entries of the journal and print the newest hash."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, format, **options):
        sealed, newest = seal(), head()
        found = {"sealed": sealed, "last": newest.last if newest else 0, "sha256": newest.sha256 if newest else ""}
        if format == "json":
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(f"{found['sha256'] or 'nothing to seal'}  entry {found['last']}, {sealed} new")
