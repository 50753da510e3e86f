"""`manage.py reseal`: write personal data anew under the first key of PERSONAL_DATA_KEYS."""

from django.core.management.base import BaseCommand

from issues.services import reseal_followers, reseal_persons


class Command(BaseCommand):
    help = "Seals names, contacts and addresses of citizens anew under the first key; afterwards older keys may go."

    def handle(self, *args, **options) -> None:
        for reseal in (reseal_persons, reseal_followers):
            last = reseal()
            while last:
                last = reseal(last)
        self.stdout.write("done")
