"""Accounts of the demonstration: one for each role, in one region. They exist nowhere else.

Names are roles, not persons; the password is printed for everybody. `checks.py` and the log-in
refuse these accounts on an installation that is not a demonstration.
"""

import base64
import hashlib
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from .models import Kind, Organisation, Post, Role, Territory, User
from .models.organisations import OrganisationKind
from .models.people import DEMO_DOMAIN, SECOND_FACTOR_ROLES
from .scope import clock, today
from .services import people

PASSWORD = "kezdesu-2027-demo"  # noqa: S105 - printed on purpose, see above
REGION_CODE = "610000000"
FIRST_DAY = date(2022, 3, 3)
SECONDS_PER_CODE = 30


@dataclass(frozen=True)
class DemoPerson:
    """One account: the box of its address, its name, its role and where it sits."""

    box: str
    name: str
    role: Role
    place: str

    @property
    def email(self) -> str:
        return f"{self.box}@{DEMO_DOMAIN}"


CAST = (
    DemoPerson("region", gettext_noop("Region: staff"), Role.REGION_EDITOR, "region"),
    DemoPerson("approver", gettext_noop("Region: approver"), Role.REGION_APPROVER, "region"),
    DemoPerson("raion", gettext_noop("Raion: akim's office"), Role.OFFICE_STAFF, "raion"),
    DemoPerson("okrug", gettext_noop("Okrug: akim's office"), Role.OFFICE_STAFF, "okrug"),
    DemoPerson("executor", gettext_noop("Executor"), Role.EXECUTOR, "raion"),
    DemoPerson("maslikhat", gettext_noop("Maslikhat: secretary"), Role.MASLIKHAT, "region"),
    DemoPerson("government", gettext_noop("Government: reviewer"), Role.GOVERNMENT, "government"),
    DemoPerson("administration", gettext_noop("Administration: reader"), Role.ADMINISTRATION, "administration"),
    DemoPerson("central", gettext_noop("Central body"), Role.CENTRAL_BODY, "ministry"),
    DemoPerson("information", gettext_noop("Body on access to information"), Role.INFORMATION_BODY, "ministry"),
    DemoPerson("admin", gettext_noop("Administrator"), Role.ADMINISTRATOR, ""),
)


@transaction.atomic
def load_people() -> list[DemoPerson]:
    """Make the accounts, their posts and their second factors; what is there already is left alone.

    The tree must be loaded. Raises CommandError outside a demonstration.
    """
    if not settings.DEMO:
        raise CommandError("Demonstration accounts are made with DEMO=1 only; this is not a demonstration.")
    for person in CAST:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            with translation.override(settings.LANGUAGE_CODE):
                user = User.objects.create_user(person.email, PASSWORD, full_name=gettext(person.name))
        if not Post.objects.filter(user=user, role=person.role).exists():
            place = place_of(person.place)
            by = clock("demonstration")
            people.appoint(user, role=person.role, valid_from=FIRST_DAY, by=by, today=today(), tell=False, **place)
        if person.role in SECOND_FACTOR_ROLES:
            Authenticator.objects.get_or_create(
                user=user,
                type=Authenticator.Type.TOTP,
                defaults={"data": {"secret": encrypt(secret_of(person.email))}},
            )
    return list(CAST)


def place_of(place: str) -> dict[str, Any]:
    """Where a person of the cast sits: in Turkistan oblast, its first raion with okrugs, a body, or nowhere."""
    if place in ("government", "administration", "ministry"):
        return {"organisation": Organisation.objects.filter(kind=OrganisationKind(place)).first()}
    if not place:
        return {}
    region = Territory.objects.get(code=REGION_CODE, valid_to=None)
    if place == "region":
        return {"territory": region}
    okrugs = Territory.objects.filter(region=region, kind=Kind.OKRUG, parent__kind=Kind.RAION, valid_to=None)
    okrug = okrugs.order_by("parent__code", "code").select_related("parent").first()
    if okrug is None:
        raise CommandError("The tree has no raion with an okrug in the region 610000000. Load the tree first.")
    return {"territory": okrug if place == "okrug" else okrug.parent}


def secret_of(email: str) -> str:
    """The key of an account's second factor, the same on every demonstration."""
    return base64.b32encode(hashlib.sha256(email.encode()).digest()[:20]).decode()


def code_of(email: str) -> str:
    """The six digits that the application would show now. Raises CommandError outside a demonstration."""
    if not settings.DEMO:
        raise CommandError("Codes are told in a demonstration only (DEMO=1).")
    if email not in {person.email for person in CAST if person.role in SECOND_FACTOR_ROLES}:
        raise CommandError(f"{email} is no account of the demonstration with a second factor.")
    return format_hotp_value(hotp_value(secret_of(email), int(time.time()) // SECONDS_PER_CODE))
