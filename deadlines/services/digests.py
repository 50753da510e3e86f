"""Letters of reminders: one digest a person and day, in his language, with everything he was not yet written of.

What was shown in the program and not mailed yet (quiet hours, a standstill, a digest that had already left that day)
goes into the next one, as long as it is still open. The letter and the rows that say "mailed" are one transaction.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from journal.dates import long_date
from journal.models import Notice
from journal.services import Letter, Recipient, queue_many
from territories.models import Post, User

from ..models import Duty, Reminder, Stage
from ..quiet import allowed_from, is_quiet
from ..wording import described_all
from .ladder import house_rules
from .locks import lock_taken

KIND, SUBJECT = "reminder_digest", "digest"
#: People whose letters are written together.
TOGETHER = 100
#: After a standstill, stages of so many days back are made up for; what is older stands in the ledger alone.
MADE_UP_FOR = dt.timedelta(days=60)
#: One sweep writes letters for so long at most; its task may run for 100 seconds.
SECONDS = 40.0
#: Only one sweep writes letters at a time.
DIGEST_LOCK = 826_000_003
NOON = dt.time(12)
#: Rows of one group that a letter names; the page behind its link shows all.
SHOWN = 25


def waiting(since: dt.date) -> QuerySet[Reminder]:
    """Reminders shown in the program, of duties still open, that no letter has told yet."""
    rows = Reminder.objects.filter(waits=True, day__gte=since, user__is_active=True)
    return rows.filter(duty__met_on=None, duty__cancelled_at=None)


def pass_over(since: dt.date) -> None:
    """What has waited for longer than digests make up for stands in the ledger alone."""
    Reminder.objects.filter(waits=True, day__lt=since).update(waits=False)


def write_digests(today: dt.date, at: dt.time = NOON, *, seconds: float = SECONDS) -> tuple[int, int]:
    """Write today's letters; answers how many reminders they tell and how many letters there are.

    In quiet hours (`at`, hours of Kazakhstan) none. Whoever got today's digest waits for tomorrow's. Some people at a
    time, each time a transaction of its own, and for so many seconds: on a day of thousands of letters the next sweep
    goes on where this one stopped.
    """
    if is_quiet(dt.datetime.combine(today, at), house_rules(today)):
        return 0, 0
    pass_over(today - MADE_UP_FOR)
    ends = time.monotonic() + seconds
    told = letters = 0
    while time.monotonic() < ends:
        some_told, some_letters = some_digests(today)
        if not some_letters:
            break
        told, letters = told + some_told, letters + some_letters
    return told, letters


@transaction.atomic
def some_digests(today: dt.date) -> tuple[int, int]:
    """Letters to the next people who wait for one; none while another sweep is at it."""
    if not lock_taken(DIGEST_LOCK):
        return 0, 0
    # By what the letter is about, which has an index; by its reader, all letters that he ever got would be read.
    about = {"subject_type": SUBJECT, "subject_id": Cast(OuterRef("user"), TextField())}
    had = Notice.objects.filter(kind=KIND, subject_version=today.toordinal(), **about)
    rows = waiting(today - MADE_UP_FOR).filter(~Exists(had))
    people = list(rows.order_by("user").values_list("user", flat=True).distinct()[:TOGETHER])
    if not people:
        return 0, 0
    rows = rows.filter(user__in=people)
    last = rows.aggregate(last=Max("pk"))["last"]
    written = write(rows, today)
    return mark(people, today, last), len(written)


def write(rows: QuerySet[Reminder], today: dt.date) -> list[Notice]:
    """The letters of some people; each duty stands once in a letter, the most urgent first."""
    by_user: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    found = rows.values("user", "duty", "duty__due_on").annotate(
        bound=Max("stage__offset_days", filter=Q(stage__audience=Stage.Audience.BOUND)), first=Min("day")
    )
    for row in found.order_by("user", "duty__due_on", "duty"):
        by_user[row["user"]][row["duty"]] = dict(row)
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
            # Swept for a later day, by hand or under a clock that was ahead, it waits for that day.
            earliest_day=today,
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
    INSERT INTO {reminder} (duty_id, stage_id, user_id, channel, day, notice_id, waits)
    SELECT r.duty_id, r.stage_id, r.user_id, %s, %s, n.id, FALSE
    FROM {reminder} r
    JOIN {duty} d ON d.id = r.duty_id AND d.met_on IS NULL AND d.cancelled_at IS NULL
    JOIN {notice} n ON n.kind = %s AND n.subject_type = %s AND n.subject_version = %s
     AND n.subject_id = CAST(r.user_id AS text)
    WHERE r.waits AND r.id <= %s AND r.user_id IN ({people})
    ON CONFLICT DO NOTHING
"""
TOLD = """
    UPDATE {reminder} SET waits = FALSE
    WHERE waits AND id <= %s AND user_id IN ({people}) AND EXISTS (
        SELECT 1 FROM {reminder} m
        WHERE m.duty_id = {reminder}.duty_id AND m.stage_id = {reminder}.stage_id
          AND m.user_id = {reminder}.user_id AND m.channel = %s
    )
"""


def mark(people: Sequence[int], today: dt.date, last: int) -> int:
    """Say of everything that the letters told that it was mailed, and by which letter."""
    names = {
        "reminder": Reminder._meta.db_table,
        "duty": Duty._meta.db_table,
        "notice": Notice._meta.db_table,
        "people": ", ".join(["%s"] * len(people)),
    }
    mail = Reminder.Channel.MAIL
    with connection.cursor() as cursor:
        cursor.execute(MARK.format(**names), [mail, today, KIND, SUBJECT, today.toordinal(), last, *people])
        mailed = max(cursor.rowcount, 0)
        cursor.execute(TOLD.format(**names), [last, *people, mail])
    return mailed


def hold_back(now: dt.datetime) -> int:
    """In quiet hours, digests that are still in the outbox wait for the end of them; answers how many were put off."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    leaves = allowed_from(local, house_rules(local.date()))
    if leaves <= local:
        return 0
    rows = Notice.objects.filter(kind=KIND, state=Notice.State.PENDING)
    return rows.filter(Q(next_try=None) | Q(next_try__lt=leaves)).update(next_try=leaves)
