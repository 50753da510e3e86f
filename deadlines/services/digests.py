"""Letters of reminders: one digest a person and day, in his language, with everything he was not yet written of.

What was shown in the program and not mailed yet (quiet hours, a standstill, a digest that had already left that day)
goes into the next one, as long as it is still open. The letter and the rows that say "mailed" are one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from journal.dates import long_date
from journal.models import Notice
from journal.services import Letter, Recipient, queue_many
from territories.models import Post, User

from ..models import Duty, Reminder, Stage
from ..quiet import allowed_from
from ..wording import described_all
from .ladder import house_rules

KIND, SUBJECT = "reminder_digest", "digest"
#: People whose letters are written together.
TOGETHER = 200
#: Rows of one group that a letter names; the page behind its link shows all.
SHOWN = 40


def waiting(since: dt.date) -> QuerySet[Reminder]:
    """Reminders shown in the program, of duties still open, that no letter has told yet."""
    mailed = Reminder.objects.filter(
        duty=OuterRef("duty"), stage=OuterRef("stage"), user=OuterRef("user"), channel=Reminder.Channel.MAIL
    )
    return Reminder.objects.filter(
        ~Exists(mailed),
        channel=Reminder.Channel.PAGE,
        day__gte=since,
        duty__met_on=None,
        duty__cancelled_at=None,
        user__is_active=True,
    )


def digests(today: dt.date, *, since: dt.date) -> tuple[int, int]:
    """Write today's letters; answers how many reminders they tell and how many letters there are.

    Whoever got today's digest waits for tomorrow's.
    """
    had = Notice.objects.filter(kind=KIND, subject_type=SUBJECT, subject_version=today.toordinal())
    rows = waiting(since).exclude(user__in=had.values("recipient_user"))
    last = rows.aggregate(last=Max("pk"))["last"]
    if last is None:
        return 0, 0
    people = list(rows.order_by("user").values_list("user", flat=True).distinct())
    told = letters = 0
    for start in range(0, len(people), TOGETHER):
        some = people[start : start + TOGETHER]
        written = write(rows.filter(user__in=some), some, today)
        letters += len(written)
        told += mark(some, today, last)
    return told, letters


def write(rows: QuerySet[Reminder], people: Sequence[int], today: dt.date) -> list[Notice]:
    """The letters of some people; each duty stands once in a letter, the most urgent first."""
    by_user: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    found = rows.values("user", "duty", "duty__due_on").annotate(
        bound=Max("stage__offset_days", filter=Q(stage__audience=Stage.Audience.BOUND)), first=Min("day")
    )
    for row in found.order_by("user", "duty__due_on", "duty"):
        by_user[row["user"]][row["duty"]] = row
    users = User.objects.in_bulk(list(by_user))
    paths = paths_of(by_user, today)
    chosen = {pk: groups(list(duties.values()), today) for pk, duties in by_user.items()}
    words = described_once(chosen, users)
    return queue_many(
        Letter(
            kind=KIND,
            to=Recipient(email=users[pk].email, name=str(users[pk]), user=users[pk], language=users[pk].language),
            about=(SUBJECT, str(pk)),
            version=today.toordinal(),
            context=context(parts, words[users[pk].language], today, users[pk].language),
            scope_path=paths.get(pk, ""),
        )
        for pk, parts in chosen.items()
    )


def groups(rows: list[dict[str, Any]], today: dt.date) -> dict[str, tuple[list[dict[str, Any]], int]]:
    """Late, today, coming: the rows that the letter names, and how many more there are."""
    parts: dict[str, list[dict[str, Any]]] = {"late": [], "today": [], "coming": []}
    for row in rows:
        due = row["duty__due_on"]
        parts["late" if due < today else "today" if due == today else "coming"].append(row)
    # What became late last is news, what is late for weeks was told before: the newest first.
    parts["late"].reverse()
    return {name: (rows[:SHOWN], max(0, len(rows) - SHOWN)) for name, rows in parts.items()}


def described_once(
    chosen: dict[int, dict[str, tuple[list[dict[str, Any]], int]]], users: dict[int, User]
) -> dict[str, dict[int, dict[str, Any]]]:
    """Every duty that some letter names, in words, once a language."""
    named: defaultdict[str, set[int]] = defaultdict(set)
    for pk, parts in chosen.items():
        named[users[pk].language] |= {row["duty"] for rows, _more in parts.values() for row in rows}
    rows = Duty.objects.filter(pk__in=set().union(*named.values())).select_related("debtor", "body", "counting")
    duties = {duty.pk: duty for duty in rows}
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for language, pks in named.items():
        some = [duties[pk] for pk in pks]
        found[language] = dict(zip(pks, described_all(some, language), strict=True))
    return found


def context(
    parts: dict[str, tuple[list[dict[str, Any]], int]], words: dict[int, dict[str, Any]], today: dt.date, language: str
) -> dict[str, Any]:
    """What the templates of the letter show."""
    found: dict[str, Any] = {
        name: [told(row, words[row["duty"]], today, language) for row in rows] for name, (rows, _more) in parts.items()
    }
    more = {name: more for name, (_rows, more) in parts.items()}
    counts = {name: len(rows) + more for name, (rows, more) in parts.items()}
    return found | {
        "more": more,
        "counts": counts,
        "day": long_date(today, language),
        "ledger": f"{settings.SITE_URL}{reverse('deadlines:ledger')}",
    }


def told(row: dict[str, Any], words: dict[str, Any], today: dt.date, language: str) -> dict[str, Any]:
    duty: Duty = words["duty"]
    due: dt.date = row["duty__due_on"]
    return {
        **words,
        "due": long_date(due, language),
        "days": (due - today).days,
        "late_days": (today - due).days,
        "contested": duty.late_after is not None and due < today <= duty.late_after,
        # Only the stages of the unit above speak of it: the letter goes to somebody else than who owes it.
        "of_below": row["bound"] is None,
        "link": f"{settings.SITE_URL}{words['url'] or reverse('deadlines:ledger')}",
        "why": f"{settings.SITE_URL}{reverse('deadlines:explain', args=[duty.pk])}",
    }


def paths_of(people: Iterable[int], today: dt.date) -> dict[int, str]:
    """Under which unit each letter is filed: that of the person's newest post."""
    posts = Post.objects.on(today).filter(user__in=list(people)).select_related("territory", "organisation__territory")
    return {post.user_id: post.scope_path for post in posts.order_by("valid_from", "pk")}


MARK = """
    INSERT INTO {reminder} (duty_id, stage_id, user_id, channel, day, notice_id)
    SELECT r.duty_id, r.stage_id, r.user_id, %s, %s, n.id
    FROM {reminder} r
    JOIN {duty} d ON d.id = r.duty_id AND d.met_on IS NULL AND d.cancelled_at IS NULL
    JOIN {notice} n ON n.recipient_user_id = r.user_id
     AND n.kind = %s AND n.subject_type = %s AND n.subject_version = %s
    WHERE r.channel = %s AND r.id <= %s AND r.user_id IN ({people})
      AND NOT EXISTS (
          SELECT 1 FROM {reminder} m
          WHERE m.duty_id = r.duty_id AND m.stage_id = r.stage_id AND m.user_id = r.user_id AND m.channel = %s
      )
    ON CONFLICT DO NOTHING
"""


def mark(people: Sequence[int], today: dt.date, last: int) -> int:
    """Say of everything that the letters told that it was mailed, and by which letter."""
    sql = MARK.format(
        reminder=Reminder._meta.db_table,
        duty=Duty._meta.db_table,
        notice=Notice._meta.db_table,
        people=", ".join(["%s"] * len(people)),
    )
    mail, page = Reminder.Channel.MAIL, Reminder.Channel.PAGE
    with connection.cursor() as cursor:
        cursor.execute(sql, [mail, today, KIND, SUBJECT, today.toordinal(), page, last, *people, mail])
        return max(cursor.rowcount, 0)


def hold_back(now: dt.datetime) -> int:
    """In quiet hours, digests that are still in the outbox wait for the end of them; answers how many were put off."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    leaves = allowed_from(local, house_rules(local.date()))
    if leaves <= local:
        return 0
    rows = Notice.objects.filter(kind=KIND, state=Notice.State.PENDING)
    return rows.filter(Q(next_try=None) | Q(next_try__lt=leaves)).update(next_try=leaves)
