"""`manage.py fold_again`: what the search compares, made anew for every row."""

from django.core.management.base import BaseCommand

from issues.services import fold_again


class Command(BaseCommand):
    help = "Makes what the search for similar requests compares anew, after the list of concepts has changed."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{fold_again()} rows changed")
