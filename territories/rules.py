"""Who may change the tree, the bodies and their mailboxes. Services and templates ask the same predicates."""

from .models import Kind, Mailbox, Organisation, Role, Territory
from .scope import Who

#: Units that microraions may lie in (a city, or a raion of a city).
WITH_MICRORAIONS = (Kind.CITY_REP, Kind.CAPITAL, Kind.CITY_OBLAST, Kind.CITY_RAION, Kind.RAION_IN_CITY)
REGION_STAFF = (Role.REGION_EDITOR, Role.REGION_APPROVER)


def can_change_tree(who: Who) -> bool:
    """Load editions, answer their questions, exclude units, mend names."""
    return who.is_administrator or bool(who.system)


def can_add_microraion(who: Who, parent: Territory) -> bool:
    """Microraions are in no classifier: the region enters them itself."""
    if parent.kind not in WITH_MICRORAIONS or parent.valid_to is not None:
        return False
    return can_change_tree(who) or (who.role in REGION_STAFF and who.covers(parent.path))


def can_change_microraion(who: Who, unit: Territory) -> bool:
    return unit.manual and (can_change_tree(who) or (who.role in REGION_STAFF and who.covers(unit.path)))


def can_change_body(who: Who) -> bool:
    return can_change_tree(who)


def can_edit_mailboxes(who: Who, body: Organisation) -> bool:
    """Administrators everywhere; the region's staff for bodies inside the region."""
    if can_change_tree(who):
        return True
    return who.role in REGION_STAFF and body.territory is not None and who.covers(body.territory.path)


def can_edit_mailbox(who: Who, mailbox: Mailbox) -> bool:
    return can_edit_mailboxes(who, mailbox.organisation)
