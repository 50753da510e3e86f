"""Before many meetings: announcement and campaign, requests, issues, pools (826-3.4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from calendars.services import Announced, announce_many
from calendars.targets import Served
from deadlines.readings import readings_by_region
from journal.bulk import insert
from journal.services import Change, Ref, record_many
from territories.models import Territory
from territories.scope import Who
from territories.zones import civil

from ...models import (
    Channel,
    ChannelUse,
    Classification,
    Issue,
    IssueOrigin,
    Level,
    MeetingRecord,
    Moderation,
    PoolVersion,
    Purpose,
    Request,
    Source,
    Topic,
)
from ...queries import origin_counts
from ...similar import compared, raion_of
from ..changing import need, not_future, require_office
from ..issues import check_texts
from ..pool import check_pool, rows_of_pool
from ..requests import Person, check_appeal, check_topic, person_row
from ..snapshots import digest
from .rows import lock_meetings, make, make_ids


@dataclass(frozen=True)
class Use:
    """A channel that was used for a meeting, with the address of the page."""

    meeting_id: int
    purpose: str
    channel: Channel
    published_at: dt.datetime
    address: str


@transaction.atomic
def record_channels(uses: Sequence[Use], *, reason_late: str = "", today: dt.date, by: Who) -> list[ChannelUse]:
    """Channels that were used; the earliest announcement of a planned meeting is its calendar's `announced_on`."""
    meetings = lock_meetings((use.meeting_id for use in uses), by=by)
    for use in uses:
        if use.published_at > by.moment:
            raise ValidationError({"published_at": _("This time has not come yet.")})
        need(use.address, "address", _("Give the address of the page, or add a copy or a photograph."))
    values = [
        {
            "meeting": meetings[use.meeting_id],
            "purpose": use.purpose,
            "channel": use.channel,
            "address": use.address,
            "published_at": use.published_at,
            "for_date": meetings[use.meeting_id].date,
            "for_place": meetings[use.meeting_id].place,
            "copy": None,
        }
        for use in uses
    ]
    rows = make(ChannelUse, [(v["meeting"].holder, v) for v in values], by=by)
    record_many(
        by.actor,
        "channel.used",
        [
            Change(row, became=v, object_text=f"{v['channel'].code}, {v['meeting']}")
            for row, v in zip(rows, values, strict=True)
        ],
    )
    first: dict[int, tuple[dt.date, str]] = {}
    for use in uses:
        if use.purpose == Purpose.ANNOUNCEMENT:
            day = civil(use.published_at)
            first[use.meeting_id] = min((day, use.address.strip()), first.get(use.meeting_id, (dt.date.max, "")))
    freeze_minutes([meetings[pk] for pk in first], by=by)
    told = []
    for pk, (day, address) in first.items():
        meeting = meetings[pk]
        earlier = meeting.announced_on is None or day < meeting.announced_on
        if earlier and meeting.state == MeetingState.PLANNED:
            told.append(Announced(pk, day, address, meeting.version))
    if told:
        announce_many(told, reason=reason_late, today=today, by=by)
    return rows


def freeze_minutes(meetings: Sequence[Meeting], *, by: Who) -> None:
    """The planned minutes as first announced (A-18), for meetings that have no record yet."""
    there = set(MeetingRecord.objects.filter(meeting__in=meetings).values_list("meeting_id", flat=True))
    values = [
        {"meeting": meeting, "planned_minutes": meeting.planned_minutes, "frozen_at": by.moment}
        for meeting in meetings
        if meeting.pk not in there
    ]
    make(MeetingRecord, [(v["meeting"].holder, v) for v in values], by=by)


@dataclass(frozen=True)
class Asked:
    """A request as it came, for a meeting of the akim or for the akim himself (`unit`).

    `place` is that of the meeting where it is not given.
    """

    meeting: Meeting | None
    source: str
    received_on: dt.date
    text: str
    language: str = "kk"
    topic: Topic | None = None
    classification: str = Classification.QUESTION
    unit: Territory | None = None
    place: Territory | None = None
    appeal_number: str = ""
    link: str = ""
    person: Person | None = None

    @property
    def office(self) -> Territory:
        return self.unit or self.meeting.holder


@transaction.atomic
def add_requests(asked: Sequence[Asked], *, today: dt.date, by: Who, batch: uuid.UUID | None = None) -> list[Request]:
    """Requests, entered by the office from where they came."""
    items = []
    for one in asked:
        meeting, unit = one.meeting, one.office
        require_office(by, unit)
        not_future(one.received_on, today, "received_on")
        check_appeal(unit, one.classification, one.appeal_number)
        check_topic(one.topic, unit)
        place = check_place(one.place or meeting.place, unit, meeting)
        text = need(one.text, "text", _("Write what is asked."))
        values = {
            "place": place,
            "raion_id": raion_of(unit),
            "meeting": meeting,
            "reception": None,
            "source": one.source,
            "received_on": one.received_on,
            "text": text,
            "language": one.language,
            **compared(text),
            "topic": one.topic,
            "classification": one.classification,
            "appeal_number": one.appeal_number,
            "moderation": Moderation.ACCEPTED,
            "link": one.link,
            "client_key": None,
        }
        items.append((unit, values))
    rows = make(Request, items, by=by)
    told = [(one.person, row) for one, row in zip(asked, rows, strict=True) if one.person is not None]
    insert([person_row(person, request=row, today=today, by=by) for person, row in told])
    changes = [
        Change(row, became={name: v[name] for name in ("source", "received_on", "place", "meeting")})
        for row, (_unit, v) in zip(rows, items, strict=True)
    ]
    record_many(by.actor, "request.added", changes, basis="826-3.4.b1", batch=batch)
    return rows


def check_place(place: Territory, unit: Territory, meeting: Meeting | None) -> Territory:
    """A place of the akim, and his own meeting; a meeting may be held outside his territory."""
    if not place.path.startswith(unit.path) and (meeting is None or place.pk != meeting.place_id):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    if meeting is not None and meeting.holder_id != unit.pk:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    return place


@dataclass(frozen=True)
class Raised:
    """An issue in words that may be published, with fresh requests that it comes from.

    Raised at a meeting, whose akim and place it then has if they are not given, or without one.
    """

    meeting: Meeting | None
    text_kk: str
    text_ru: str
    raised_on: dt.date
    topic: Topic | None = None
    level: str = Level.AKIM
    requests: Sequence[Request] = ()
    unit: Territory | None = None
    place: Territory | None = None

    @property
    def office(self) -> Territory:
        return self.unit or self.meeting.holder


@transaction.atomic
def make_issues(raised: Sequence[Raised], *, today: dt.date, by: Who, batch: uuid.UUID | None = None) -> list[Issue]:
    """Issues, numbered within their akim and year in the given order."""
    items = items_of_issues(raised, today=today, by=by)
    rows = make(Issue, items, by=by)
    tell_issues(items, rows, by=by, batch=batch)
    joined = [(row, request) for row, one in zip(rows, raised, strict=True) for request in one.requests]
    if any(request.unit_id != row.unit_id for row, request in joined):
        raise ValidationError(_("The request and the issue belong to different offices."))
    if any(request.classification == Classification.APPEAL for _row, request in joined):
        raise ValidationError(_("An appeal is answered in e-Otinish and is not counted here."))
    ids = [request.pk for _row, request in joined]
    if len(set(ids)) < len(ids) or IssueOrigin.objects.filter(request__in=ids, undone_at=None).exists():
        raise ValidationError(_("This request belongs to another issue already. Undo that first."))
    insert([IssueOrigin(issue=row, request=request, joined_by=by.user) for row, request in joined])
    parted = [Change(row, became={"request": request}) for row, request in joined]
    record_many(by.actor, "issue.request_joined", parted)
    return rows


@transaction.atomic
def enter_issues(raised: Sequence[Raised], *, today: dt.date, by: Who, batch: uuid.UUID | None = None) -> list[int]:
    """The same for thousands of issues that come from no requests; answers their ids."""
    if any(one.requests for one in raised):
        raise ValueError("Issues with requests are made by make_issues.")
    items = items_of_issues(raised, today=today, by=by)
    ids = make_ids(Issue, items, by=by)
    tell_issues(items, [Ref(Issue, pk) for pk in ids], by=by, batch=batch)
    return ids


def items_of_issues(raised: Sequence[Raised], *, today: dt.date, by: Who) -> list[tuple[Territory, dict[str, Any]]]:
    """Each issue's office, locked, and its values; checked by themselves, not yet against their columns."""
    holders = {one.office.pk for one in raised}
    units = Territory.objects.select_for_update().order_by("pk").in_bulk(holders)
    for unit in units.values():
        require_office(by, unit)
    numbers: dict[tuple[int, int], int] = {
        (unit, year): most
        for unit, year, most in Issue.objects.filter(unit__in=holders)
        .order_by()
        .values_list("unit", "year")
        .annotate(Max("number"))
    }
    offsite = offsite_of({one.meeting.pk: one.meeting for one in raised if one.meeting is not None})
    raions = {pk: raion_of(unit) for pk, unit in units.items()}
    items = []
    for one in raised:
        unit, meeting = units[one.office.pk], one.meeting
        not_future(one.raised_on, today, "raised_on")
        check_texts(one.text_kk, one.text_ru)
        check_topic(one.topic, unit)
        key = unit.pk, one.raised_on.year
        numbers[key] = numbers.get(key, 0) + 1
        values = {
            "place": check_place(one.place or meeting.place, unit, meeting),
            "raion_id": raions[unit.pk],
            "meeting": meeting,
            "reception": None,
            "number": numbers[key],
            "year": one.raised_on.year,
            "raised_on": one.raised_on,
            "text_kk": one.text_kk,
            "text_ru": one.text_ru,
            **compared(f"{one.text_kk} {one.text_ru}"),
            "topic": one.topic,
            "level": one.level,
            "offsite": offsite[meeting.pk] if meeting is not None else False,
        }
        items.append((unit, values))
    return items


#: What the journal tells of a new issue.
TOLD = ("text_kk", "text_ru", "place", "topic", "level", "meeting", "raised_on")


def tell_issues(
    items: Sequence[tuple[Territory, Mapping[str, Any]]],
    rows: Sequence[Issue | Ref],
    *,
    by: Who,
    batch: uuid.UUID | None,
) -> None:
    made = [
        Change(
            row,
            became={name: values[name] for name in TOLD},
            scope_path=unit.path,
            object_text=f"{values['year']}-{values['number']}",
        )
        for row, (unit, values) in zip(rows, items, strict=True)
    ]
    record_many(by.actor, "issue.made", made, basis="826-3.5.b1", batch=batch)


def offsite_of(meetings: Mapping[int, Meeting]) -> dict[int, bool]:
    """Which meetings close an offsite norm of 826-2.1 by their akim and place (A-24)."""
    ids = {
        int(pk)
        for meeting in meetings.values()
        for path in (meeting.place.path, meeting.holder.path)
        for pk in path.strip("/").split("/")
    }
    units = Territory.objects.in_bulk(ids)
    served: dict[tuple[int, int], Served] = {}
    by_year: defaultdict[int, list[Meeting]] = defaultdict(list)
    for meeting in meetings.values():
        by_year[meeting.calendar.year].append(meeting)
    for year, some in by_year.items():
        regions = {meeting.calendar.region_id for meeting in some}
        readings = readings_by_region(regions, dt.date(year, 1, 1))
        for meeting in some:
            key = meeting.calendar.region_id, year
            if key not in served:
                served[key] = Served(meeting.calendar, units, readings[key[0]])
    found = {}
    for pk, meeting in meetings.items():
        rules = served[meeting.calendar.region_id, meeting.calendar.year]
        norm = rules.norm_of(units[meeting.holder_id], rules.chain(units[meeting.place_id]))
        found[pk] = bool(norm and norm[0].offsite)
    return found


@transaction.atomic
def freeze_pools(
    pools: Mapping[int, Sequence[Issue]], *, analysis: str = "", today: dt.date, by: Who
) -> list[PoolVersion]:
    """Freeze the pool of each meeting (by its id), with the count of every source, zeros too (826-3.4.b3)."""
    meetings = lock_meetings(pools, by=by)
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    asked = Request.objects.filter(meeting__in=meetings).exclude(moderation="refused").order_by()
    for meeting_id, source, n in asked.values_list("meeting_id", "source").annotate(n=Count("pk")):
        counts[meeting_id][source] = n
    numbers = dict(
        PoolVersion.objects.filter(meeting__in=meetings).order_by().values_list("meeting").annotate(Max("number"))
    )
    behind = origin_counts(issue.pk for issues in pools.values() for issue in issues)
    items, lines = [], []
    for pk, issues in pools.items():
        meeting = meetings[pk]
        check_pool(meeting, issues, today=today)
        rows = rows_of_pool(issues, behind)
        values = {
            "meeting": meeting,
            "number": numbers.get(pk, 0) + 1,
            "frozen_on": today,
            "analysis": analysis,
            "sources": {source: counts[pk].get(source, 0) for source in Source.values},
            "sha256": digest([[row.issue_id, row.text_kk, row.text_ru, row.topic_id] for row in rows]),
        }
        items.append((meeting.holder, values))
        lines.append(rows)
    frozen = make(PoolVersion, items, by=by)
    for pool, rows in zip(frozen, lines, strict=True):
        for row in rows:
            row.pool = pool
    insert([row for rows in lines for row in rows])
    changes = [
        Change(
            pool,
            became={"number": pool.number, "rows": len(rows), "sha256": pool.sha256},
            object_text=str(pool.meeting),
        )
        for pool, rows in zip(frozen, lines, strict=True)
    ]
    record_many(by.actor, "pool.frozen", changes, basis="826-3.4.a3")
    return frozen
