"""Is the work being done? Health checks of containers and of operators ask this, not the process."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from journal.models import Heartbeat


class Command(BaseCommand):
    help = "Exit 0 when a sweep (sweep, drain, reap) finished within so many seconds, else 1."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", choices=["sweep", "drain", "reap"])
        parser.add_argument("--within", type=int, default=180, help="seconds")

    def handle(self, *args, name: str, within: int, **options) -> None:
        beat = Heartbeat.objects.filter(name=name).first()
        if beat is None:
            raise CommandError(f"{name} has never finished.")
        age = timezone.now() - beat.finished_at
        if age > timedelta(seconds=within):
            raise CommandError(f"{name} finished {int(age.total_seconds())} s ago, more than {within} s.")
        self.stdout.write(f"{name}: {int(age.total_seconds())} s ago")
