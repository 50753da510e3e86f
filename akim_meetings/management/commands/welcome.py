"""What `make run` prints: where to look, and who may log in."""

from django.core.management.base import BaseCommand
from territories import demo_people


class Command(BaseCommand):
    help = "Print the address and the demonstration logins by role."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port: int, **options) -> None:
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\n  Public pages   {address}/kk/  {address}/ru/")
        self.stdout.write(f"  Staff          {address}/staff/")
        self.stdout.write(f"  API            {address}/api/docs/\n")
        for line in demo_people.lines():
            self.stdout.write(f"  {line}")
        self.stdout.write("\n  Mail that the program sends is shown at /staff/mail/. Stop with Ctrl-C.\n")
