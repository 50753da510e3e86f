"""Who may do which verb in which state. Services and templates ask the same predicates."""

from territories.models import Role
from territories.scope import Who

from .models import Calendar, Meeting, MeetingState
from .models.meeting import READERS_OF_VERSIONS

REGION_ROLES = (Role.REGION_EDITOR, Role.REGION_APPROVER)
#: Roles that enter rows: the region into its calendar, the offices below as proposals.
EDITING_ROLES = (*REGION_ROLES, Role.OFFICE_STAFF)
#: States in which the row itself may still be edited.
EDITABLE = (MeetingState.PROPOSED, MeetingState.RETURNED, MeetingState.PLANNED)
#: States of rows that the region has not taken into its calendar yet.
PROPOSALS = (MeetingState.PROPOSED, MeetingState.RETURNED)


def reads_rows(who: Who) -> bool:
    """Does the post read rows while they are planned? The others read approved versions, or nothing."""
    return who.may_enter and who.role not in READERS_OF_VERSIONS


def of_region(who: Who, calendar: Calendar) -> bool:
    """Is the person staff of the akimat whose calendar this is (or the program itself)?"""
    if who.system:
        return True
    return who.role in REGION_ROLES and who.territory is not None and who.territory.pk == calendar.region_id


def can_enter(who: Who, calendar: Calendar) -> bool:
    """May the person enter rows at all, be it as proposals?"""
    if of_region(who, calendar):
        return True
    return who.role == Role.OFFICE_STAFF and who.territory is not None and who.territory.region_id == calendar.region_id


def can_hold_for(who: Who, calendar: Calendar, holder_path: str) -> bool:
    """May the person enter meetings of the akim with this path: the region all, an office its own units'."""
    return of_region(who, calendar) or (can_enter(who, calendar) and who.covers(holder_path))


def first_state(who: Who, calendar: Calendar) -> MeetingState:
    """Rows of the region are planned at once; those of lower offices wait for the region's word."""
    return MeetingState.PLANNED if of_region(who, calendar) else MeetingState.PROPOSED


def can_edit(who: Who, meeting: Meeting) -> bool:
    """The region edits every open row; an office its own proposals until they are accepted."""
    if meeting.state not in EDITABLE:
        return False
    if of_region(who, meeting.calendar):
        return True
    return meeting.state in PROPOSALS and can_hold_for(who, meeting.calendar, meeting.holder.path)


def can_decide(who: Who, meeting: Meeting) -> bool:
    """The region accepts or returns what was proposed."""
    return of_region(who, meeting.calendar) and meeting.state == MeetingState.PROPOSED


def can_run(who: Who, meeting: Meeting) -> bool:
    """Announce, hold, cancel: the region, or the office whose akim holds the meeting."""
    return meeting.state == MeetingState.PLANNED and can_hold_for(who, meeting.calendar, meeting.holder.path)


def can_approve(who: Who, calendar: Calendar) -> bool:
    """Only the approver's post of the region itself (826-2.1.h2: the akim's own act)."""
    return who.role == Role.REGION_APPROVER and of_region(who, calendar)


def can_submit(who: Who, calendar: Calendar) -> bool:
    """Staff of the region send the approved calendar to the Government (826-2.2.h1)."""
    return of_region(who, calendar) and not who.system


def can_review(who: Who) -> bool:
    """The Government accepts a submission or returns it with remarks."""
    return who.role == Role.GOVERNMENT
