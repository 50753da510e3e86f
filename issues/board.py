"""The preparation board of one meeting: what the decree asks before it, what is there, and what is missing.

The lines are those of the register without a number of days, and the announcement, which has one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.models import Meeting
from calendars.models.meeting import Format
from calendars.warnings import Announcements
from calendars.wording import cited
from deadlines.legal import LegalDay
from journal.dates import long_date

from .models import (
    NAMED_AUDIENCE,
    Audience,
    BroadcastRecord,
    Channel,
    ChannelUse,
    Commission,
    PoolVersion,
    Purpose,
    Request,
    VideoPoint,
)
from .services.commissions import commission_of
from .services.preparation import announced_now


@dataclass
class Line:
    """One line of the checklist. `state`: "met", "part", "open", "late" or "none" (not asked of this meeting)."""

    key: str
    title: str
    rule: str
    state: str = "open"
    told: list[str] = field(default_factory=list)
    who: str = ""
    until: dt.date | None = None
    day: LegalDay | None = None
    url: str = ""
    action: str = ""

    @property
    def cite(self) -> str:
        return cited(self.rule)


def checklist(meeting: Meeting, facts: Facts, today: dt.date) -> list[Line]:
    """Every line in the order in which an office works."""
    lines = [
        commission_line(meeting, facts),
        announcement_line(meeting, facts, today),
        campaign_line(meeting, facts),
        collecting_line(meeting, facts),
        pool_line(meeting, facts),
        audience_line(meeting, facts),
        broadcast_line(meeting, facts),
        video_line(meeting, facts),
    ]
    for line in lines:
        if line.state in ("open", "part") and line.until is not None and line.until < today:
            line.state = "late"
    return lines


class Facts:
    """What is recorded around one meeting, read once; the number of queries is constant."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.commission: Commission | None = commission_of(meeting)
        self.members = list(self.commission.members.all()) if self.commission else []
        self.text = meeting.announcement_texts.first()
        uses = ChannelUse.objects.filter(meeting=meeting).select_related("channel", "copy")
        self.uses: list[ChannelUse] = list(uses)
        self.channels = list(Channel.objects.all())
        self.audience = {row.category: row for row in Audience.objects.filter(meeting=meeting).select_related("letter")}
        self.broadcast = BroadcastRecord.objects.filter(meeting=meeting).first()
        self.points = list(VideoPoint.objects.filter(meeting=meeting).select_related("place"))
        self.pool = PoolVersion.objects.filter(meeting=meeting).annotate(length=Count("rows")).first()
        self.requests = Request.objects.filter(meeting=meeting).exclude(moderation="refused").count()
        self.announce = Announcements(meeting.calendar).legal_day(meeting.holder, meeting.date, meeting.announced_on)
        self.last_day = self.announce.due_on or meeting.date

    def living(self, purpose: str) -> list[ChannelUse]:
        """Rows of a purpose that were not withdrawn; the newest of a channel stands."""
        return [use for use in self.uses if use.purpose == purpose and use.withdrawn_at is None]

    def table(self, purpose: str) -> list[dict[str, Any]]:
        """Every channel of the list with what was done there (826-3.4.c)."""
        newest: dict[int, list[ChannelUse]] = {}
        for use in self.living(purpose):
            newest.setdefault(use.channel_id, []).append(use)
        shown = [channel for channel in self.channels if channel.campaign or channel.pk in newest]
        return [{"channel": channel, "uses": newest.get(channel.pk, [])} for channel in shown]


def address(name: str, meeting: Meeting, *args: Any) -> str:
    return reverse(f"issues:{name}", args=[meeting.pk, *args])


def commission_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("commission", _("Commission for collecting requests"), "826-3.4.a1", until=meeting.date)
    line.url, line.action = address("commission", meeting), _("Choose or form")
    if facts.commission is not None:
        line.state, line.action = "met", _("Open")
        kind = _("for this meeting") if facts.commission.meeting_id else _("standing")
        line.told = [
            _("order № %(number)s of %(day)s, %(kind)s")
            % {"number": facts.commission.order_number, "day": long_date(facts.commission.order_date), "kind": kind},
            ngettext("%(count)s member", "%(count)s members", len(facts.members)) % {"count": len(facts.members)},
        ]
    return line


def announcement_line(meeting: Meeting, facts: Facts, today: dt.date) -> Line:
    line = Line("announcement", _("Announcement"), facts.announce.rule_id, until=facts.last_day, day=facts.announce)
    line.url, line.action = address("announcement", meeting), _("Write the text")
    if facts.text is not None:
        line.told.append(_("text in Kazakh and Russian, wording %(number)s") % {"number": facts.text.number})
        line.action = _("Text and channels")
    first = announced_now(meeting, facts.living(Purpose.ANNOUNCEMENT))
    day = meeting.announced_on
    if day is None:
        line.state = "part" if facts.text else "open"
        return line
    line.state = "met" if day <= facts.last_day else "late"
    line.told.append(_("first public announcement: %(day)s") % {"day": long_date(day)})
    if facts.living(Purpose.ANNOUNCEMENT) and first is None:
        line.state = "part"
        line.told.append(_("the meeting was moved: the change must be announced"))
    elif day > facts.last_day and meeting.off_calendar:
        line.state = "short"
        line.told.append(_("short notice, reason given"))
    return line


def campaign_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("campaign", _("Information campaign"), "826-3.4.c", until=meeting.date)
    line.url, line.action = f"{address('preparation', meeting)}#campaign", _("Channels")
    rows = [row for row in facts.table(Purpose.CAMPAIGN) if row["channel"].campaign]
    told = sum(1 for row in rows if row["uses"])
    line.told = [_("%(told)s of %(all)s channels recorded") % {"told": told, "all": len(rows)}]
    line.state = "met" if rows and told == len(rows) else "part" if told else "open"
    return line


def collecting_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("collecting", _("Requests and proposals of the population"), "826-3.4.b1", until=meeting.date)
    line.url, line.action = f"{reverse('issues:requests')}?meeting={meeting.pk}", _("Requests")
    line.state = "met" if facts.requests else "open"
    words = ngettext("%(count)s request", "%(count)s requests", facts.requests)
    line.told = [words % {"count": facts.requests}]
    return line


def pool_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("pool", _("Pool of problem issues"), "826-3.4.a3", until=meeting.date)
    line.url, line.action = address("pool", meeting), _("Pool")
    if facts.pool is not None:
        line.state = "met"
        frozen = _("frozen on %(day)s, version %(number)s")
        line.told = [frozen % {"day": long_date(facts.pool.frozen_on), "number": facts.pool.number}]
        words = ngettext("%(count)s issue", "%(count)s issues", facts.pool.length)
        line.told.append(words % {"count": facts.pool.length})
    return line


def audience_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("audience", _("Audience: the four categories and others"), "826-4.h2", until=meeting.date)
    line.url, line.action = f"{address('preparation', meeting)}#audience", _("Invitations")
    named = [facts.audience[key] for key in NAMED_AUDIENCE if key in facts.audience]
    invited = [row for row in named if row.invited_on or row.invited]
    all_ = len(NAMED_AUDIENCE)
    line.told = [_("%(told)s of %(all)s categories invited") % {"told": len(invited), "all": all_}]
    line.state = "met" if len(invited) == all_ else "part" if invited else "open"
    return line


def broadcast_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("broadcast", _("Online broadcast with comments"), "826-3.2.h1", until=meeting.date)
    line.url, line.action = address("broadcast", meeting), _("Record")
    row = facts.broadcast
    if row is not None:
        line.action = _("Open")
        if row.address:
            line.told = [row.address]
            open_ = row.comments_open
            line.told.append(_("comments are open") if open_ else _("comments are not open: the decree demands them"))
            line.state = "met" if open_ else "part"
        else:
            line.state, line.told = "met", [_("no broadcast: %(reason)s") % {"reason": row.reason}]
    return line


def video_line(meeting: Meeting, facts: Facts) -> Line:
    line = Line("video", _("Videoconference points"), "826-3.2.h3", until=meeting.date)
    line.url, line.action = address("video_point_add", meeting), _("Add a point")
    if facts.points:
        line.state = "met"
        line.told = [str(point.place or point.address) for point in facts.points]
    elif meeting.format == Format.IN_PERSON:
        line.state, line.told = "none", [_("the meeting is planned without videoconference")]
    return line
