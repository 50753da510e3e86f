"""What `make run` prints: where to look, and who may log in."""

from django.core.management.base import BaseCommand
from django.utils.translation import activate

from territories import demo_people
from territories.models import Role
from territories.models.people import SECOND_FACTOR_ROLES


class Command(BaseCommand):
    help = "Print the address and the demonstration logins by role."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port: int, **options) -> None:
        activate("en")
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\n  Public pages   {address}/kk/  {address}/ru/")
        self.stdout.write(f"  Staff          {address}/staff/")
        self.stdout.write(f"  API            {address}/api/docs/\n")
        self.stdout.write(f"  Log in with the password {demo_people.PASSWORD} as")
        for person in demo_people.CAST:
            factor = "  + code: make code WHO=" + person.email if person.role in SECOND_FACTOR_ROLES else ""
            self.stdout.write(f"    {person.email:<32} {Role(person.role).label}{factor}")
        self.stdout.write("\n  Mail that the program sends is shown at /staff/mail/. Stop with Ctrl-C.\n")
