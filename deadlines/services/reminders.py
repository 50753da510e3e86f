"""Who is told of which duty on which day: first the bound office, after the day the unit above.

A reminder is unique per duty, stage, person and channel, so a sweep that runs twice tells nobody
twice. Letters are gathered into one digest per person and day; after days of standstill one digest
says all that fell due meanwhile. A stage that lies before the duty was known is never made up for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from journal.dates import long_date
from journal.models import Notice
from journal.services import Letter, Recipient, queue_many
from territories.models import Post, Role
from territories.models.organisations import OrganisationKind

from ..models import Duty, Reminder, Stage
from ..wording import described_all

#: Roles of the bound unit that are reminded.
REMINDED_ROLES = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.OFFICE_STAFF)
#: Roles of bodies that are reminded of what their body owes.
BODY_ROLES = (Role.CENTRAL_BODY, Role.INFORMATION_BODY, Role.ADMINISTRATION)


def due_pairs(today: dt.date) -> list[tuple[Duty, Stage]]:
    """Open duties with each stage whose day has come since the duty is known."""
    stages = list(Stage.objects.filter(active=True))
    if not stages:
        return []
    first = min(stage.offset_days for stage in stages)
    waiting = (
        Duty.objects.filter(met_on=None, cancelled_at=None, due_on__isnull=False)
        .filter(due_on__lte=today - dt.timedelta(days=first))
        .select_related("debtor", "body", "counting")
    )
    pairs = []
    for duty in waiting:
        for stage in stages:
            day = day_of(duty) + dt.timedelta(days=stage.offset_days)
            if duty.opened_on <= day <= today and duty.rule_id.startswith(stage.rule_prefix):
                pairs.append((duty, stage))
    return pairs


def day_of(duty: Duty) -> dt.date:
    """The due day of a duty that has one."""
    if duty.due_on is None:
        raise ValueError(f"{duty.rule_id} gives no day; nobody is reminded of it.")
    return duty.due_on


class Addressees:
    """Who holds which post today: staff by unit, and for each unit whoever stands above it."""

    def __init__(self, today: dt.date, duties: Iterable[Duty]) -> None:
        duties = list(duties)
        self.by_unit: defaultdict[int, list[Post]] = defaultdict(list)
        self.by_body: defaultdict[int, list[Post]] = defaultdict(list)
        self.government: list[Post] = []
        above = {int(pk) for duty in duties if duty.debtor for pk in duty.debtor.path.strip("/").split("/")}
        bodies = {duty.body_id for duty in duties if duty.body_id}
        posts = (
            Post.objects.on(today)
            .filter(user__is_active=True)
            .filter(
                Q(role__in=REMINDED_ROLES, territory__in=above)
                | Q(role=Role.GOVERNMENT)
                | Q(role__in=BODY_ROLES, organisation__in=bodies)
            )
            .select_related("user")
        )
        for post in posts:
            if post.role == Role.GOVERNMENT:
                self.government.append(post)
            elif post.role in BODY_ROLES:
                self.by_body[post.organisation_id or 0].append(post)
            else:
                self.by_unit[post.territory_id or 0].append(post)

    def of(self, duty: Duty, stage: Stage) -> list[Post]:
        """The bound office's people, or those of the nearest unit above that has any."""
        if stage.audience == Stage.Audience.BOUND:
            if duty.body is not None and duty.body.kind == OrganisationKind.GOVERNMENT:
                return self.government
            return self.by_unit[duty.debtor_id] if duty.debtor_id else self.by_body[duty.body_id or 0]
        above = [int(pk) for pk in duty.debtor.path.strip("/").split("/")][:-1] if duty.debtor else []
        for pk in reversed(above):
            if self.by_unit[pk]:
                return self.by_unit[pk]
        return self.government


@transaction.atomic
def remind(today: dt.date) -> tuple[int, int]:
    """Write the reminders that are due; answers how many reminders and how many digests were new."""
    pairs = due_pairs(today)
    addressees = Addressees(today, [duty for duty, _stage in pairs])
    wanted: dict[tuple[int, int, int, str], tuple[Duty, Stage, Post]] = {}
    for duty, stage in pairs:
        for post in addressees.of(duty, stage):
            for channel in Reminder.Channel.values:
                wanted.setdefault((duty.pk, stage.pk, post.user_id, channel), (duty, stage, post))
    told = set(
        Reminder.objects.filter(duty__in={key[0] for key in wanted}).values_list(
            "duty_id", "stage_id", "user_id", "channel"
        )
    )
    fresh = {key: value for key, value in wanted.items() if key not in told}
    digests = write_digests(fresh, today)
    rows = [
        Reminder(duty_id=key[0], stage_id=key[1], user_id=key[2], channel=key[3], day=today, notice=digests.get(key[2]))
        for key in fresh
        if key[3] == Reminder.Channel.PAGE or key[2] in digests
    ]
    Reminder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows), len(digests)


def write_digests(fresh: dict, today: dt.date) -> dict[int, Notice]:
    """One letter per person for all his new reminders. Whoever got today's digest waits for tomorrow's."""
    by_user: defaultdict[int, list[tuple[Duty, Stage, Post]]] = defaultdict(list)
    for key, value in fresh.items():
        if key[3] == Reminder.Channel.MAIL:
            by_user[key[2]].append(value)
    had = set(
        Notice.objects.filter(
            kind="reminder_digest", subject_type="digest", subject_version=today.toordinal(), recipient_user__in=by_user
        ).values_list("recipient_user", flat=True)
    )
    letters, users = [], []
    for user_id, items in by_user.items():
        if user_id in had:
            continue
        user = items[0][2].user
        letters.append(
            Letter(
                kind="reminder_digest",
                to=Recipient(email=user.email, name=str(user), user=user, language=user.language),
                about=("digest", str(user_id)),
                version=today.toordinal(),
                context=digest_context(items, today, user.language),
                scope_path=items[0][2].territory.path if items[0][2].territory_id else "",
            )
        )
        users.append(user_id)
    return dict(zip(users, queue_many(letters), strict=True)) if letters else {}


def digest_context(items: list[tuple[Duty, Stage, Post]], today: dt.date, language: str) -> dict:
    """Each duty once, the most urgent first, in the reader's language."""
    once = {duty.pk: duty for duty, _stage, _post in items}
    duties = sorted(once.values(), key=lambda duty: (day_of(duty), duty.pk))
    rows = [
        {
            **row,
            "due": long_date(day_of(duty), language),
            "days": (day_of(duty) - today).days,
            "late_days": (today - day_of(duty)).days,
            "contested": duty.late_after is not None and today <= duty.late_after,
            "link": f"{settings.SITE_URL}{row['url'] or reverse('deadlines:ledger')}",
        }
        for duty, row in zip(duties, described_all(duties, language), strict=True)
    ]
    return {
        "late": [row for row in rows if row["days"] < 0],
        "coming": [row for row in rows if row["days"] >= 0],
        "today": long_date(today, language),
        "ledger": f"{settings.SITE_URL}{reverse('deadlines:ledger')}",
    }
