"""Whoever wants follows an issue or a place by mail: address sealed, nothing sent before its link was pressed."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from calendars.published import of_unit
from journal import dates
from journal.models import Entry
from journal.services import Recipient, forget_addressees, queue
from territories.models import Territory
from territories.scope import Who
from territories.zones import civil

from ..models import Issue, Progress, Request, Subscription
from ..public.facts import TOLD, issues_of, listed, shown
from ..public.telling import told
from .progress import asked_by

#: An address that was never confirmed is forgotten after so many days.
#: Rows of one pass; lines of one letter.
BATCH, MOST_LINES = 500, 30
#: Letters to people without an account, by the address that they left themselves.
TO_CITIZENS = ("follow_confirm", "follow_news", "issue_closed", "central_answered")
Thing = Issue | Territory


def digest_of(email: str) -> str:
    """Keyed, so that the table does not tell who follows to somebody who guesses addresses."""
    return keyed("follow-address", email.strip().casefold()).hex()


def keyed(purpose: str, text: str) -> bytes:
    return hmac.new(f"{purpose}:{settings.SECRET_KEY}".encode(), text.encode(), hashlib.sha256).digest()


def token_of(row: Subscription) -> str:
    """The secret word of the links of a subscription; made anew for each letter, kept nowhere."""
    return keyed("follow-link", f"{row.issue_id or 0}:{row.unit_id or 0}:{row.email_digest}").hex()[:40]


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(row: Subscription) -> str:
    return settings.SITE_URL + reverse("public:following", args=[token_of(row)])


def found(token: str) -> Subscription | None:
    """The subscription behind a link."""
    rows = Subscription.objects.filter(token_digest=token_digest(token))
    return rows.select_related("issue__place", "unit").first()


@transaction.atomic
def follow(
    thing: Thing, *, email: str, language: str, now: dt.datetime, question: Request | None = None
) -> Subscription:
    """Write the link of confirmation to an address. The same address and thing twice is one row and, within an
    hour, one letter; whether somebody follows already, the page does not tell. `question` is the follower's own:
    his letters then lead to the way to dispute an end."""
    of: dict[str, Any] = {"issue": thing} if isinstance(thing, Issue) else {"unit": thing}
    fresh = Subscription(**of, email_digest=digest_of(email), language=language)
    fresh.write(email.strip())
    values: dict[str, Any] = {"language": language, "token_digest": token_digest(token_of(fresh))}
    if question is not None and isinstance(thing, Issue) and asked_by(question, thing):
        values["request"] = question
    row, made = Subscription.objects.get_or_create(
        **of, email_digest=fresh.email_digest, defaults=values | {"email_sealed": fresh.email_sealed}
    )
    if not made:
        Subscription.objects.filter(pk=row.pk).update(**values)
    with translation.override(language):
        context = {"thing": name_of(thing), "link": link_of(row), "confirmed": row.confirmed_at is not None}
    to = Recipient(email=email.strip(), language=language)
    version = int(now.timestamp()) // 3600
    queue("follow_confirm", to=to, about=row, version=version, context=context, confidential=True)
    return row


def name_of(thing: Thing) -> str:
    """As a letter and a page call it; the active language."""
    if isinstance(thing, Issue):
        return f"{thing}, {thing.place.name()}"
    return thing.name()


@transaction.atomic
def confirm(row: Subscription, *, now: dt.datetime) -> None:
    """The link was pressed: from now on there are letters. Again: nothing changes."""
    Subscription.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now, told_until=now)


@transaction.atomic
def unfollow(row: Subscription) -> None:
    """Ended: the address is gone."""
    row.delete()


def forget_unconfirmed(now: dt.datetime) -> int:
    """Addresses whose owner never pressed the link."""
    old = now - dt.timedelta(days=settings.UNCONFIRMED_DAYS)
    return Subscription.objects.filter(confirmed_at=None, created_at__lt=old).delete()[0]


def forget_letters(now: dt.datetime, *, by: Who) -> int:
    """Delete addresses of citizens from the letters that they got, after the term of the house."""
    before = now - dt.timedelta(days=settings.LETTER_ADDRESS_DAYS)
    return forget_addressees(TO_CITIZENS, written_before=before, by=by.actor)


# -- Letters --------------------------------------------------------------------------------------
def tell_followers(now: dt.datetime) -> int:
    """One letter to each follower of what changed since the last one; a batch each time."""
    return tell_of_issues(now) + tell_of_units(now)


def tell_of_issues(now: dt.datetime) -> int:
    step = Progress.objects.filter(issue=OuterRef("issue"), public=True, updated_at__gt=OuterRef("told_until"))
    rows = Subscription.objects.filter(confirmed_at__isnull=False, issue__published_at__isnull=False)
    changed = rows.filter(Q(issue__updated_at__gt=F("told_until")) | Exists(step))
    sent = 0
    with_all = changed.select_related("issue__place", "issue__unit", "issue__topic", "issue__meeting__place", "request")
    for row in with_all[:BATCH]:
        assert row.issue is not None
        assert row.told_until is not None
        since = civil(row.told_until)
        with translation.override(row.language):
            events = [event for event in told(row.issue) if event.on >= since][-MOST_LINES:]
            lines = [line(event.on, event.title, becomes=event.becomes) for event in events]
            page = settings.SITE_URL + reverse("public:issue", args=[row.issue.code])
        sent += tell(row, row.issue, page, lines, now)
    return sent


def tell_of_units(now: dt.datetime) -> int:
    rows = Subscription.objects.filter(confirmed_at__isnull=False, unit__isnull=False)
    due = rows.filter(told_until__lt=now - dt.timedelta(hours=12)).select_related("unit").order_by("told_until")
    sent = 0
    for row in due[:BATCH]:
        assert row.unit is not None
        assert row.told_until is not None
        with translation.override(row.language):
            lines = news_of(row.unit, row.told_until)
            page = settings.SITE_URL + reverse("public:unit", args=[row.unit.code])
        sent += tell(row, row.unit, page, lines, now)
    return sent


def news_of(unit: Territory, since: dt.datetime) -> list[dict[str, str]]:
    """Meetings announced, moved or cancelled, issues published and closed in a place since an instant."""
    day = civil(since)
    lines: list[dict[str, str]] = []
    announced = Meeting.objects.filter(of_unit(unit), announced_on__isnull=False, updated_at__gt=since, state__in=TOLD)
    meetings = list(announced.select_related("place").order_by("date")[:MOST_LINES])
    moved = Entry.objects.filter(
        action="meeting.moved", at__gt=since, object_type="calendars.meeting",
        object_id__in=[str(meeting.pk) for meeting in meetings],
    )  # fmt: skip
    moved_ids = {int(pk) for pk in moved.values_list("object_id", flat=True)}
    for meeting in meetings:
        if meeting.state == MeetingState.CANCELLED:
            lines.append(line(meeting.date, _("The meeting of the akim is cancelled"), meeting.place.name()))
        elif meeting.announced_on and meeting.announced_on >= day:
            lines.append(line(meeting.date, _("Meeting of the akim"), meeting.place.name()))
        elif meeting.pk in moved_ids:
            lines.append(line(meeting.date, _("The meeting of the akim is moved to this day"), meeting.place.name()))
    issues = listed(issues_of(unit))
    fresh = Q(published_at__gt=since) | Q(closed_on__gte=day, updated_at__gt=since)
    for issue in issues.filter(fresh).order_by("-updated_at")[:MOST_LINES]:
        one = shown(issue)
        lines.append(line(issue.closed_on or issue.raised_on, one["state_words"], str(one["text"])[:200]))
    return lines[:MOST_LINES]


def line(on: dt.date, title: str, what: str = "", *, becomes: dt.date | None = None) -> dict[str, str]:
    """A line of a letter in the active language."""
    return {
        "on": dates.official_date(on),
        "title": title,
        "what": what,
        "becomes": dates.official_date(becomes) if becomes else "",
    }


@transaction.atomic
def tell(row: Subscription, thing: Thing, page: str, lines: list[dict[str, str]], now: dt.datetime) -> int:
    """Queue the letter and write down until when was told, both or neither; without lines nothing is sent."""
    link = link_in(row)
    Subscription.objects.filter(pk=row.pk).update(told_until=now, token_digest=token_digest(token_of(row)))
    if not lines:
        return 0
    with translation.override(row.language):
        dispute = dispute_of(row)
        context = {"thing": name_of(thing), "page": page, "lines": lines, "link": link, "dispute": dispute}
    queue(
        "follow_news",
        to=Recipient(email=row.email, language=row.language),
        about=row,
        version=int(now.timestamp()),
        context=context,
        headers={"List-Unsubscribe": f"<{link}>"},
        confidential=True,
    )
    return 1


def dispute_of(row: Subscription) -> str:
    """Where an asker who follows his own issue says that it is not solved; nothing while it is open."""
    if row.issue is None or row.request is None or row.issue.is_open:
        return ""
    page = reverse("public:dispute", args=[row.issue.code])
    return f"{settings.SITE_URL}{page}?question={row.request.code}"


def link_in(row: Subscription) -> str:
    with translation.override(row.language):
        return link_of(row)
