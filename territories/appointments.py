"""Who may give and end which posts, and which place each role needs. Services and templates ask here."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .models import Kind, Organisation, Post, Role, Territory, User
from .models.organisations import OrganisationKind
from .models.people import TERRITORIAL_ROLES
from .models.tree import REGION_KINDS
from .scope import Who

#: What the person who approves a region's calendar may appoint inside his region.
GIVEN_BY_REGION = (Role.OFFICE_STAFF, Role.REGION_EDITOR, Role.EXECUTOR, Role.MASLIKHAT)
#: Units that have a maslikhat.
MASLIKHAT_KINDS = (*REGION_KINDS, Kind.RAION, Kind.CITY_OBLAST)
#: Bodies in which a role may sit; the first two roles may also do without one.
BODIES = {
    Role.GOVERNMENT: (OrganisationKind.GOVERNMENT,),
    Role.ADMINISTRATION: (OrganisationKind.ADMINISTRATION,),
    Role.CENTRAL_BODY: (
        OrganisationKind.MINISTRY,
        OrganisationKind.AGENCY,
        OrganisationKind.HOLDING,
        OrganisationKind.COMPANY,
        OrganisationKind.ENTERPRISE,
    ),
    Role.INFORMATION_BODY: (OrganisationKind.MINISTRY, OrganisationKind.AGENCY),
}
BODY_NEEDED = (Role.CENTRAL_BODY, Role.INFORMATION_BODY)
#: A post may be prepared this far ahead.
LONGEST_AHEAD = timedelta(days=366)
EARLIEST = date(1991, 12, 16)


def may_manage_people(who: Who) -> bool:
    """May the person open the pages of accounts and posts at all?"""
    return bool(who.system) or who.role in (Role.ADMINISTRATOR, Role.REGION_APPROVER)


def roles_given_by(who: Who) -> tuple[Role, ...]:
    """Roles that the person may give; nobody gives his own power, except the administrator."""
    if who.system or who.is_administrator:
        return tuple(Role)
    return GIVEN_BY_REGION if who.role == Role.REGION_APPROVER else ()


def may_appoint(who: Who, role: str, place: Territory | Organisation | None) -> bool:
    """May the person give this role at this place?"""
    if role not in roles_given_by(who):
        return False
    if who.system or who.is_administrator:
        return True
    unit = place.territory if isinstance(place, Organisation) else place
    return unit is not None and who.covers(unit.path)


def may_end(who: Who, post: Post) -> bool:
    """Whoever may give a post may end it."""
    return may_appoint(who, post.role, post.place)


def may_manage_account(who: Who, user: User, posts: Iterable[Post]) -> bool:
    """May the person close the account or send it a link? `posts` are those held or to come.

    A region may do so only while every one of these posts is its own to give: an account that also
    serves elsewhere is the administrator's business.
    """
    if who.system or who.is_administrator:
        return True
    posts = list(posts)
    return bool(posts) and who.user != user and all(may_end(who, post) for post in posts)


def check_place(role: str, territory: Territory | None, organisation: Organisation | None) -> None:
    """Raise ValidationError, naming the field, when a role cannot sit at this place."""
    if role in TERRITORIAL_ROLES:
        if territory is None:
            raise ValidationError({"territory": _("Choose the unit in which the person works.")})
        if organisation is not None:
            raise ValidationError({"organisation": _("This role sits in a unit; leave the body empty.")})
        _check_unit(role, territory)
        return
    if territory is not None:
        raise ValidationError({"territory": _("This role sits in a body; leave the unit empty.")})
    if organisation is None:
        if role in BODY_NEEDED:
            raise ValidationError({"organisation": _("Choose the body in which the person works.")})
        return
    if organisation.kind not in BODIES.get(Role(role), ()):
        raise ValidationError({"organisation": _("A body of this kind has no such role.")})


def _check_unit(role: str, unit: Territory) -> None:
    if unit.valid_to is not None:
        raise ValidationError({"territory": _("This unit no longer exists; choose the one in its place.")})
    if role in (Role.REGION_EDITOR, Role.REGION_APPROVER) and not unit.is_region:
        raise ValidationError(
            {"territory": _("This role sits in a region; for a lower unit choose “akim's office: staff”.")}
        )
    if role == Role.OFFICE_STAFF and unit.is_region:
        raise ValidationError({"territory": _("In the region itself choose the role “regional akimat: staff”.")})
    if role == Role.OFFICE_STAFF and not unit.own_akim:
        raise ValidationError(
            {"territory": _("This unit has no akim of its own; choose the unit whose akim answers for it.")}
        )
    if role == Role.MASLIKHAT and unit.kind not in MASLIKHAT_KINDS:
        raise ValidationError({"territory": _("Only a region, a raion or a city has a maslikhat.")})


def check_days(valid_from: date, valid_to: date | None, *, today: date) -> None:
    """Raise ValidationError for days that a post cannot have."""
    if valid_from < EARLIEST:
        raise ValidationError({"valid_from": _("This day is too long ago; check the year.")})
    if valid_from > today + LONGEST_AHEAD:
        raise ValidationError({"valid_from": _("A post can be prepared one year ahead at the most.")})
    if valid_to is not None and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day comes before the first.")})
    if valid_to is not None and valid_to < today:
        raise ValidationError({"valid_to": _("The last day is already past; nothing would be given.")})
