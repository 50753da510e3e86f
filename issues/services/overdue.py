"""What is past its promised day goes to the superior: once for each day that passed, by letter, kept as a row.

Who that is, is what reminders of duties say too: the staff of the nearest office above, the Government above a region.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import override

from deadlines.quiet import is_quiet
from deadlines.services.ladder import house_rules
from journal.dates import official_date
from journal.models import Notice
from journal.services import Change, Letter, Recipient, queue_many, record_many
from territories.models import Post, Role, Territory
from territories.scope import Who, clock

from ..letters import OFFICE_ROLES
from ..models import Escalation, PlanItem
from .plans import owed_items

KIND, SUBJECT = "items_overdue", "overdue"
#: Superiors who are written to in one pass.
TOGETHER = 100
#: Items that one letter tells, the longest late first, and how many of them it names; its link shows all.
MOST_ITEMS, MOST_LINES = 2000, 25
#: The id under which letters to the Government are kept.
NATION = 0
#: Staff by the unit of their office.
Staff = dict[int, list[Recipient]]


def untold(today: dt.date) -> QuerySet[PlanItem]:
    """Promised measures that are past their day and of which the superior has not heard."""
    told = Escalation.objects.filter(item=OuterRef("pk"), due_on=OuterRef("due_on"))
    return owed_items(today).filter(~Exists(told))


def tell_overdue(now: dt.datetime) -> int:
    """Letters to superiors about what is newly late; how many items they tell. None in quiet hours.

    One letter a person and day: what becomes late after it was written waits for tomorrow's. Running twice tells
    nobody twice.
    """
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    today = local.date()
    if is_quiet(local, house_rules(today)):
        return 0
    units = list(Territory.objects.filter(pk__in=untold(today).order_by().values("unit")))
    staff = staff_above(units, today)
    written = Notice.objects.filter(kind=KIND, subject_type=SUBJECT, subject_version=today.toordinal())
    had = set(written.values_list("subject_id", flat=True))
    below: defaultdict[int, list[Territory]] = defaultdict(list)
    for unit in units:
        superior = superior_of(unit, staff)
        if superior is not None and str(superior) not in had:
            below[superior].append(unit)
    by = clock("overdue", now)
    chosen = sorted(below)[:TOGETHER]
    return sum(tell(pk, below[pk], staff[pk], today, by) for pk in chosen)


def staff_above(units: Iterable[Territory], today: dt.date) -> Staff:
    """Staff with an address of every office above these units, and of the Government; two queries."""
    above = {pk for unit in units for pk in chain(unit)}
    offices = Post.objects.on(today).filter(territory__in=above, role__in=OFFICE_ROLES)
    nation = Post.objects.on(today).filter(role=Role.GOVERNMENT)
    found: defaultdict[int, dict[str, Recipient]] = defaultdict(dict)
    for posts in (offices, nation):
        rows = posts.filter(user__is_active=True).exclude(user__email="").select_related("user")
        for post in rows.order_by("pk"):
            user = post.user
            to = Recipient(email=user.email, name=user.full_name, user=user, language=user.language)
            found[post.territory_id or NATION][to.email] = to
    return {pk: list(people.values()) for pk, people in found.items()}


def chain(unit: Territory) -> list[int]:
    """Ids of the units above, the nearest first."""
    return [int(pk) for pk in unit.path.strip("/").split("/")][-2::-1]


def superior_of(unit: Territory, staff: Staff) -> int | None:
    """The nearest unit above that has staff, else the Government; None where nobody is there to be told."""
    return next((pk for pk in (*chain(unit), NATION) if pk in staff), None)


@transaction.atomic
def tell(superior: int, units: list[Territory], people: list[Recipient], today: dt.date, by: Who) -> int:
    """The letters of one office above, the rows that say so, and their entries in the journal."""
    # Two clocks at once: the second waits here, and then finds the rows of the first.
    above = Territory.objects.select_for_update().get(pk=superior) if superior else None
    found = untold(today).filter(unit__in=units).select_related("issue", "unit").order_by("due_on", "pk")
    items = list(found[:MOST_ITEMS])
    if not items:
        return 0
    rows = [
        Escalation(
            unit_id=item.unit_id, region_id=item.region_id, item=item, issue_id=item.issue_id, due_on=item.due_on,
            told_on=today, above=above,
        )
        for item in items
    ]  # fmt: skip
    Escalation.objects.bulk_create(rows)
    changes = [
        Change(row, became={"due_on": row.due_on, "above": above}, object_text=str(item), scope_path=item.unit.path)
        for row, item in zip(rows, items, strict=True)
    ]
    record_many(by.actor, "item.escalated", changes, basis="826-3.5.c4")
    queue_many(
        Letter(
            kind=KIND,
            to=to,
            about=(SUBJECT, str(superior)),
            version=today.toordinal(),
            context=context(items, above, to.language, today),
            scope_path=above.path if above else "",
            earliest_day=today,
        )
        for to in people
    )
    return len(items)


def context(items: list[PlanItem], above: Territory | None, language: str, today: dt.date) -> dict[str, object]:
    """What the letter shows: the longest late first, in the reader's language."""
    with override(language):
        lines = [
            {
                "issue": str(item.issue),
                "unit": item.unit.name(language),
                "text": item.issue.text(language),
                "measure": item.measure(language),
                "executor": f"{item.organisation}, {item.post}",
                "due": official_date(item.due_on, language),
                "days": (today - item.due_on).days,
                "link": link(item, above),
            }
            for item in items[:MOST_LINES]
        ]
        page = f"{settings.SITE_URL}{reverse('issues:items')}?show=late" if above else ""
    return {"lines": lines, "count": len(items), "more": max(0, len(items) - MOST_LINES), "page": page}


def link(item: PlanItem, above: Territory | None) -> str:
    """The working page for an office above; the Government reads what everybody reads."""
    if above is not None:
        return settings.SITE_URL + reverse("issues:issue", args=[item.issue_id])
    if item.issue.published_at is None:
        return ""
    return settings.SITE_URL + reverse("public:issue", args=[item.issue.code])
