"""Who may do which verb in which state. Services and templates ask the same predicates."""

from territories.models import Role, Territory
from territories.scope import Who

from .models import (
    CLOSED_STATES,
    OPEN_STATES,
    CentralRouting,
    DueChange,
    Issue,
    ItemState,
    PlanItem,
    Request,
    TableKind,
)
from .models.issues import NATIONAL_LEVELS
from .models.plans import OPEN_ITEMS
from .models.progress import ChangeState

#: Roles that run meetings and answer for issues of the units that their post covers.
OFFICE_ROLES = (Role.OFFICE_STAFF, Role.REGION_EDITOR, Role.REGION_APPROVER)


def answers_for(who: Who, unit: Territory) -> bool:
    """Staff of the unit's office or of an office above it, or the program itself."""
    if who.system:
        return True
    return who.role in OFFICE_ROLES and who.territory is not None and who.covers(unit.path)


def is_own_office(who: Who, unit: Territory) -> bool:
    """Staff of exactly this office: the only readers of the personal data that it collected."""
    return who.role in OFFICE_ROLES and who.territory is not None and who.territory.pk == unit.pk


def is_executor_of(who: Who, item: PlanItem) -> bool:
    return who.role == Role.EXECUTOR and who.post is not None and item.executor_id == who.post.pk


def brings_own(who: Who) -> bool:
    """An executor brings tables of his own items only."""
    return who.role == Role.EXECUTOR and who.post is not None and who.territory is not None


def can_bring(who: Who, unit: Territory, kind: str) -> bool:
    """The office brings its tables; an executor the progress of his items, under the unit of his post."""
    if brings_own(who) and who.territory is not None:
        return kind == TableKind.PROGRESS and who.territory.path.startswith(unit.path)
    return answers_for(who, unit)


def can_edit_request(who: Who, request: Request) -> bool:
    return answers_for(who, request.unit)


def can_edit_issue(who: Who, issue: Issue) -> bool:
    """Words, topic and level, while the issue is open and stands by itself."""
    return issue.state in OPEN_STATES and issue.joined_into_id is None and answers_for(who, issue.unit)


def can_remark(who: Who, issue: Issue) -> bool:
    """Offices above the issue's own, and the Government's reviewer where he reads issues one by one."""
    if who.role == Role.GOVERNMENT:
        return issue.level in NATIONAL_LEVELS or issue.published_at is not None
    return answers_for(who, issue.unit)


def can_edit_item(who: Who, item: PlanItem) -> bool:
    return item.state == ItemState.DRAFT and answers_for(who, item.unit)


def can_report(who: Who, item: PlanItem) -> bool:
    """The executor of the item, or the office for an executor without an account."""
    return item.state in OPEN_ITEMS and (is_executor_of(who, item) or answers_for(who, item.unit))


def can_ask_new_day(who: Who, item: PlanItem) -> bool:
    return can_report(who, item)


def can_decide_new_day(who: Who, change: DueChange) -> bool:
    """The office grants or refuses; an executor never decides on his own request."""
    return change.state == ChangeState.ASKED and answers_for(who, change.unit)


def can_close(who: Who, issue: Issue) -> bool:
    return issue.state in OPEN_STATES and issue.joined_into_id is None and answers_for(who, issue.unit)


def can_dispute(issue: Issue) -> bool:
    return issue.state in CLOSED_STATES


def can_route(who: Who, issue: Issue) -> bool:
    """The office that answers for the issue, or one above it."""
    return issue.state in OPEN_STATES and answers_for(who, issue.unit)


def can_answer(who: Who, routing: CentralRouting) -> bool:
    """The body itself, or the office that got the body's letter."""
    of_body = (
        who.role == Role.CENTRAL_BODY and who.post is not None and who.post.organisation_id == routing.organisation_id
    )
    return of_body or answers_for(who, routing.unit)


def can_edit_topics(who: Who, region: Territory) -> bool:
    return bool(who.system) or (
        who.role in (Role.REGION_EDITOR, Role.REGION_APPROVER)
        and who.territory is not None
        and who.territory.pk == region.pk
    )
