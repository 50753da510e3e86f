"""Who reads the national desk."""

from territories.models import Role
from territories.scope import Who

READERS = (Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR)


#: Staff of akimats: each reads the desk of the units that his post covers.
OFFICES = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.OFFICE_STAFF)


def reads_a_desk(who: Who) -> bool:
    """Readers of the nation and staff of akimats; which units they see is a matter of scope."""
    return who.role in READERS or who.role in OFFICES
