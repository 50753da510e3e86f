"""`manage.py reseal`: write personal data anew under the first key of PERSONAL_DATA_KEYS."""

from django.core.management.base import BaseCommand

from issues.services import reseal_persons


class Command(BaseCommand):
    help = "Seals names and contacts of citizens anew under the first key; afterwards older keys may go."

    def handle(self, *args, **options) -> None:
        last = reseal_persons()
        while last:
            last = reseal_persons(last)
        self.stdout.write("done")
