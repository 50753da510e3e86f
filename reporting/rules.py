"""Who reads the national desk."""

from territories.models import Role
from territories.scope import Who

READERS = (Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR)


def reads_desk(who: Who) -> bool:
    """Posts that read the whole nation; for each of them the rows that it may see."""
    return who.role in READERS
