"""Tell the six digits that a demonstration account's telephone would show."""

from django.core.management.base import BaseCommand

from ...demo_people import code_of


class Command(BaseCommand):
    help = "Print the present code of a demonstration account's second factor. Refuses outside a demonstration."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, **options):
        self.stdout.write(code_of(options["email"].strip().lower()))
