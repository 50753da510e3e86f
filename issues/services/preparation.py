"""Before the meeting: announcement, channels, audience, broadcast, demands (826-3.1–3.4, 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from calendars.services import announce
from journal.services import record
from territories.models import Territory
from territories.scope import Who
from territories.zones import civil

from .. import personal
from ..models import (
    AnnouncementText,
    Audience,
    AudienceCategory,
    BroadcastRecord,
    Channel,
    ChannelUse,
    Demand,
    DemandAnswer,
    MeetingRecord,
    Purpose,
    StoredFile,
    VideoPoint,
)
from .changing import (
    create,
    edit,
    lock,
    lock_meeting,
    need,
    not_future,
    require_office,
    tidy,
)


@transaction.atomic
def write_announcement(meeting: Meeting, *, text_kk: str, text_ru: str, by: Who) -> AnnouncementText:
    """The text of the announcement in both languages; a changed text is the next number."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    values = {
        "text_kk": need(text_kk, "text_kk", _("Write the announcement in Kazakh.")),
        "text_ru": need(text_ru, "text_ru", _("Write the announcement in Russian.")),
    }
    newest = meeting.announcement_texts.first()
    if newest is not None and (newest.text_kk, newest.text_ru) == (values["text_kk"], values["text_ru"]):
        return newest
    number = newest.number + 1 if newest else 1
    row = create(AnnouncementText, by=by, unit=meeting.holder, values=values | {"meeting": meeting, "number": number})
    record(by.actor, "announcement.written", row, became=values | {"number": number}, object_text=str(meeting))
    return row


def announced_now(meeting: Meeting, uses: Iterable[ChannelUse]) -> ChannelUse | None:
    """The earliest announcement that still tells where and when the meeting is: of its present day and place.

    A meeting put off at its place keeps its first announcement, but people must hear of the change (A-05).
    """
    told = [
        (use.published_at, number, use)
        for number, use in enumerate(uses)
        if use.published_at is not None
        and use.withdrawn_at is None
        and use.for_date == meeting.date
        and use.for_place_id in (None, meeting.place_id)
    ]
    return min(told)[-1] if told else None


@transaction.atomic
def record_channel(
    meeting: Meeting,
    *,
    purpose: str,
    channel: Channel,
    published_at: dt.datetime,
    address: str = "",
    copy: StoredFile | None = None,
    reason_late: str = "",
    today: dt.date,
    by: Who,
) -> ChannelUse:
    """A channel was used: where, when, with the copy of the page or a photograph (826-3.4.c, d).

    The earliest announcement is also the calendar's `announced_on`; it freezes the planned minutes (A-18).
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if published_at > by.moment:
        raise ValidationError({"published_at": _("This time has not come yet.")})
    if not tidy(address) and copy is None:
        raise ValidationError({"address": _("Give the address of the page, or add a copy or a photograph.")})
    day = civil(published_at)
    values = {
        "meeting": meeting,
        "purpose": purpose,
        "channel": channel,
        "address": address,
        "published_at": published_at,
        "for_date": meeting.date,
        "for_place": meeting.place,
        "copy": copy,
    }
    row = create(ChannelUse, by=by, unit=meeting.holder, values=values)
    record(by.actor, "channel.used", row, became=values, object_text=f"{channel.code}, {meeting}")
    if purpose == Purpose.ANNOUNCEMENT:
        freeze_minutes(meeting, by=by)
        first = meeting.announced_on is None or day < meeting.announced_on
        if first and meeting.state == MeetingState.PLANNED:
            announce(
                meeting, on=day, url=tidy(address), seen_version=meeting.version, today=today, by=by, reason=reason_late
            )
    return row


@transaction.atomic
def skip_channel(meeting: Meeting, *, purpose: str, channel: Channel, reason: str, by: Who) -> ChannelUse:
    """A channel of the list was not used; the reason is the evidence (A-16)."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    reason = need(reason, "reason_unused", _("Write why the channel is not used."))
    values = {"meeting": meeting, "purpose": purpose, "channel": channel, "reason_unused": reason}
    row = create(ChannelUse, by=by, unit=meeting.holder, values=values)
    record(by.actor, "channel.skipped", row, became=values, reason=reason, object_text=f"{channel.code}, {meeting}")
    return row


@transaction.atomic
def withdraw_channel(use: ChannelUse, *, reason: str, by: Who) -> ChannelUse:
    """A row entered by mistake counts no longer; it stays and says why."""
    row = lock(ChannelUse, use.pk)
    require_office(by, row.unit)
    reason = need(reason, "reason", _("Write the reason."))
    edit(row, {"withdrawn_at": by.moment}, seen_version=None, by=by)
    record(by.actor, "channel.withdrawn", row, reason=reason, object_text=str(row.channel_id))
    return row


def freeze_minutes(meeting: Meeting, *, by: Who) -> MeetingRecord:
    """The record of a meeting, made at its first announcement: the planned minutes as announced (A-18)."""
    found = MeetingRecord.objects.select_related("unit").filter(meeting=meeting).first()
    if found is not None:
        return found
    values = {"meeting": meeting, "planned_minutes": meeting.planned_minutes, "frozen_at": by.moment}
    return create(MeetingRecord, by=by, unit=meeting.holder, values=values)


@transaction.atomic
def record_audience(
    meeting: Meeting, *, category: str, values: Mapping[str, Any], seen_version: int | None, by: Who
) -> Audience:
    """One category of the audience (826-4.h2): `invited`, `invited_on`, `present`, `letter`, `note`.

    `seen_version` None makes the row; a row that is already there is then a Conflict, unless it says the same.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if category not in AudienceCategory:
        raise ValidationError({"category": _("There is no such category.")})
    row = Audience.objects.select_related("unit").filter(meeting=meeting, category=category).first()
    if row is None:
        row = create(
            Audience, by=by, unit=meeting.holder, values=dict(values) | {"meeting": meeting, "category": category}
        )
        was, became = dict[str, Any](), dict(values)
    else:
        was, became = edit(row, values, seen_version=seen_version or 0, by=by)
    if became:
        record(by.actor, "audience.recorded", row, was=was, became=became, object_text=f"{category}, {meeting}")
    return row


@transaction.atomic
def record_broadcast(
    meeting: Meeting, *, values: Mapping[str, Any], seen_version: int | None, by: Who
) -> BroadcastRecord:
    """The broadcast: `address`, `recording`, `comments_open`, `comments_copy`, `comment_count`, or `reason`.

    An address or the reason why there is none, never both and never neither (826-3.2.h1, A-18).
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    row = BroadcastRecord.objects.select_related("unit").filter(meeting=meeting).first()
    now = {name: getattr(row, name) if row else "" for name in ("address", "reason")} | dict(values)
    if bool(tidy(now["address"])) == bool(tidy(now["reason"])):
        text = _("Give either the address of the broadcast or the reason why there is none.")
        raise ValidationError({"address": text})
    if row is None:
        row = create(BroadcastRecord, by=by, unit=meeting.holder, values=dict(values) | {"meeting": meeting})
        was, became = dict[str, Any](), dict(values)
    else:
        was, became = edit(row, values, seen_version=seen_version or 0, by=by)
    if became:
        record(by.actor, "broadcast.recorded", row, was=was, became=became, object_text=str(meeting))
    return row


@transaction.atomic
def record_video_point(
    meeting: Meeting,
    *,
    values: Mapping[str, Any],
    point: VideoPoint | None = None,
    seen_version: int | None = None,
    by: Who,
) -> VideoPoint:
    """A point connected by videoconference: `place` or `address`, later `connected` and `present` (826-3.2.h3)."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    now = {name: getattr(point, name, None) for name in ("place", "address")} | dict(values)
    if now["place"] is None and not tidy(now["address"] or ""):
        raise ValidationError({"address": _("Give the unit or the hall of the point.")})
    if point is None:
        row = create(VideoPoint, by=by, unit=meeting.holder, values=dict(values) | {"meeting": meeting})
        was, became = dict[str, Any](), dict(values)
    else:
        row = lock(VideoPoint, point.pk)
        was, became = edit(row, values, seen_version=seen_version or 0, by=by)
    if became:
        record(by.actor, "video_point.recorded", row, was=was, became=became, object_text=str(meeting))
    return row


@transaction.atomic
def remove_video_point(point: VideoPoint, *, seen_version: int, by: Who) -> None:
    """A point that was entered by mistake is taken out; the journal keeps it. Raises Conflict."""
    row = lock(VideoPoint, point.pk)
    require_office(by, row.unit)
    edit(row, {}, seen_version=seen_version, by=by)
    record(by.actor, "video_point.removed", row, was={"address": row.address, "place": row.place_id})
    row.delete()


@transaction.atomic
def register_demand(
    unit: Territory, *, place: Territory, received_on: dt.date, values: Mapping[str, Any], today: dt.date, by: Who
) -> Demand:
    """Enter a demand of the population: `who` (a group, no names), `people`, `text`, `number`, `letter` (826-3.1)."""
    require_office(by, unit)
    not_future(received_on, today, "received_on")
    personal.refuse({"who": values.get("who", "")})
    if not place.path.startswith(unit.path):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    for name in ("who", "text"):
        need(values.get(name, ""), name, _("Fill this in."))
    row = create(Demand, by=by, unit=unit, values=dict(values) | {"place": place, "received_on": received_on})
    became = {"people": row.people, "received_on": received_on, "place": place}
    record(by.actor, "demand.registered", row, became=became, object_text=f"{place}", basis="826-3.1.h1")
    return row


@transaction.atomic
def answer_demand(
    demand: Demand,
    *,
    answer: str,
    on: dt.date,
    text: str = "",
    meeting: Meeting | None = None,
    seen_version: int,
    today: dt.date,
    by: Who,
) -> Demand:
    """Grant a demand with a meeting outside the calendar, or refuse it with the reason."""
    row = lock(Demand, demand.pk)
    require_office(by, row.unit)
    not_future(on, today, "answered_on")
    if on < row.received_on:
        raise ValidationError({"answered_on": _("The answer cannot be older than the demand.")})
    if answer == DemandAnswer.REFUSED:
        need(text, "answer_text", _("Write why the demand is refused."))
    elif meeting is None or meeting.holder_id != row.unit_id:
        raise ValidationError({"meeting": _("Choose the meeting of this akim that answers the demand.")})
    values = {"answer": answer, "answered_on": on, "answer_text": text, "meeting": meeting}
    was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "demand.answered", row, was=was, became=became, object_text=str(row.place_id))
    return row


def next_number(rows) -> int:
    """The number after the greatest one; the caller holds the lock that orders them."""
    return (rows.aggregate(most=Max("number"))["most"] or 0) + 1
