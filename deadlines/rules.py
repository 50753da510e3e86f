"""Who may record that a duty was done, and take it back."""

from territories.models import Role
from territories.models.organisations import OrganisationKind
from territories.scope import Who

from .models import Duty

#: Staff of an akimat or of an akim's office: for their unit and whatever lies below it.
OFFICES = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.OFFICE_STAFF)
#: Whose people a national body's duties are, where their posts name no body.
NATIONAL = {
    OrganisationKind.GOVERNMENT: Role.GOVERNMENT,
    OrganisationKind.ADMINISTRATION: Role.ADMINISTRATION,
}


def can_prove(who: Who, duty: Duty) -> bool:
    """The bound office or one above it; the people of the bound body."""
    if who.system:
        return True
    if duty.debtor is not None:
        return who.role in OFFICES and who.covers(duty.debtor.path)
    if duty.body is None or who.post is None:
        return False
    if who.role == NATIONAL.get(OrganisationKind(duty.body.kind)):
        return True
    return who.role in (Role.CENTRAL_BODY, Role.INFORMATION_BODY) and who.post.organisation_id == duty.body_id
