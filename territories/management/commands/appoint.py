"""Give somebody a post from the command line: the first administrator of an installation."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from ...models import Organisation, Role, Territory
from ...scope import clock, today
from ...services import people


class Command(BaseCommand):
    help = (
        "Give the person with this address a post, making the account if there is none, and print the link "
        "that sets the password (also sent by mail)."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--territory", metavar="CODE", help="code of the unit")
        place.add_argument("--organisation", metavar="KEY", help="key of the body")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="first day (today)")
        parser.add_argument("--until", dest="valid_to", type=date.fromisoformat, help="last day (none)")
        parser.add_argument("--name", default="", help="full name of a new person")
        parser.add_argument("--language", choices=dict(settings.LANGUAGES), default=settings.LANGUAGE_CODE)

    def handle(self, *args, **options):
        with translation.override(options["language"]):
            try:
                post = people.invite(
                    email=options["email"],
                    full_name=options["name"],
                    language=options["language"],
                    role=options["role"],
                    territory=self.territory(options["territory"]),
                    organisation=self.organisation(options["organisation"]),
                    valid_from=options["valid_from"] or today(),
                    valid_to=options["valid_to"],
                    by=clock("manage.py appoint"),
                    today=today(),
                )
            except ValidationError as wrong:
                raise CommandError(" ".join(wrong.messages)) from wrong
            self.stdout.write(f"{post.user.email}: {post}")
            if not post.user.has_usable_password():
                self.stdout.write(people.password_link(post.user))

    def territory(self, code: str | None) -> Territory | None:
        unit = Territory.objects.filter(code=code, valid_to=None).first() if code else None
        if code and unit is None:
            raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code})
        return unit

    def organisation(self, key: str | None) -> Organisation | None:
        body = Organisation.objects.filter(key=key, valid_to=None).first() if key else None
        if key and body is None:
            raise CommandError(_("There is no body with the key %(key)s.") % {"key": key})
        return body
