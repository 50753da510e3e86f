"""Meetings as iCalendar (RFC 5545): the same rows always give the same bytes.

A meeting keeps its UID for life, so that a moved one moves in the reader's calendar and a cancelled
one disappears there. Hours are written in UTC; a meeting without an hour is a whole-day entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar as Component
from icalendar import vDuration

from journal import dates

from .difference import unit, unit_name, words
from .models import CalendarVersion, Meeting, VersionRow

LANGUAGES = ("kk", "ru")
CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often a subscribed program is asked to look again.
REFRESH = dt.timedelta(hours=6)
END = b"END:VCALENDAR\r\n"
INSTANT, DAY = "%Y%m%dT%H%M%SZ", "%Y%m%d"
#: A line is shorter, without the space that goes before what continues it (RFC 5545, 3.1).
LIMIT = 75


@dataclass(frozen=True)
class Event:
    """One meeting as an entry. `data` is a frozen row; `stamp` and `sequence` tell which word is newer."""

    meeting_id: int
    sequence: int
    stamp: dt.datetime
    data: Mapping[str, Any]
    cancelled: bool = False
    tentative: bool = False


def calendar_text(name: str, events: Iterable[Event], *, language: str = "kk", zone: str = settings.TIME_ZONE) -> bytes:
    """The whole calendar in a language, the other one in the descriptions; ordered by day."""
    calendar = Component()
    calendar.add("prodid", "-//Akim meetings//Decree 826//KK")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    whole = calendar.to_ical(sorted=False)
    head, end = whole[: -len(END)], whole[-len(END) :]
    lines: list[bytes] = []
    for event in sorted(events, key=lambda e: (e.data["date"], e.data["time"], e.meeting_id)):
        lines += [folded(line) for line in entry(event, language, ZoneInfo(zone))]
    return b"".join([head, *lines, end])


def entry(event: Event, language: str, zone: ZoneInfo) -> list[str]:
    """The content lines of an entry, not folded yet.

    Written by ourselves: a calendar has thousands of entries of one shape, and the library asks of each value anew
    what it is. `folded` and `escaped` write what the library would.
    """
    start = dt.date.fromisoformat(event.data["date"])
    if event.data["time"]:
        begin = dt.datetime.combine(start, dt.time.fromisoformat(event.data["time"]), zone).astimezone(dt.UTC)
        end = begin + dt.timedelta(minutes=event.data["planned_minutes"])
        times = [f"DTSTART:{begin:{INSTANT}}", f"DTEND:{end:{INSTANT}}"]
    else:
        next_day = start + dt.timedelta(days=1)
        times = [f"DTSTART;VALUE=DATE:{start:{DAY}}", f"DTEND;VALUE=DATE:{next_day:{DAY}}", "TRANSP:TRANSPARENT"]
    with override(language):
        told = [
            f"SUMMARY;LANGUAGE={language}:{escaped(summary(event))}",
            f"LOCATION;LANGUAGE={language}:{escaped(location(event.data))}",
        ]
    return [
        "BEGIN:VEVENT",
        f"UID:meeting-{event.meeting_id}@akim-meetings",
        f"DTSTAMP:{event.stamp.astimezone(dt.UTC):{INSTANT}}",
        f"SEQUENCE:{event.sequence}",
        *times,
        *told,
        f"DESCRIPTION:{escaped(description(event))}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'TENTATIVE' if event.tentative else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A value of the type TEXT (RFC 5545, 3.3.11)."""
    text = text.replace(r"\N", "\n").replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", r"\n")


def folded(line: str) -> bytes:
    """A content line in parts of at most 74 octets, none of which ends inside a letter or an escape (3.1)."""
    rest = line.encode()
    parts: list[bytes] = []
    while len(rest) >= LIMIT:
        cut = LIMIT - 1
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        if rest[cut - 1] in b"\\^":
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return b"\r\n ".join([*parts, rest]) + b"\r\n"


def summary(event: Event) -> str:
    text = _("Meeting with the population: akim of %(unit)s") % {"unit": unit_name(event.data["holder"])}
    return _("Cancelled: %(meeting)s") % {"meeting": text} if event.cancelled else text


def location(data: Mapping[str, Any]) -> str:
    return ", ".join(part for part in (unit_name(data["place"]), data["address"]) if part)


def description(event: Event) -> str:
    """The same facts in both official languages, Kazakh first."""
    parts = []
    for language in LANGUAGES:
        with override(language):
            facts = [
                summary(event),
                _("Place: %(place)s") % {"place": location(event.data)},
                _("Planned time: %(time)s") % {"time": dates.duration(event.data["planned_minutes"])},
                _("Format: %(format)s") % {"format": words(event.data, "format")},
            ]
            if event.tentative:
                facts.append(_("Draft: not approved yet, may change."))
            parts.append("\n".join(facts))
    return "\n\n".join(parts)


# -- Where the entries come from --------------------------------------------------------------------
def events_of(version: CalendarVersion, rows: Iterable[VersionRow] | None = None) -> list[Event]:
    """Rows of an approved version."""
    chosen = version.rows.all() if rows is None else rows
    return [Event(row.meeting_id, version.number, version.approved_at, row.data) for row in chosen]


def cancelled_since(version: CalendarVersion) -> list[Event]:
    """Meetings that an earlier version held and this one no longer does: they are told as cancelled."""
    present = version.rows.values("meeting")
    gone = (
        VersionRow.objects.filter(version__calendar_id=version.calendar_id, version__number__lt=version.number)
        .exclude(meeting__in=present)
        .order_by("meeting_id", "-version__number")
    )
    latest: dict[int, VersionRow] = {}
    for row in gone:
        latest.setdefault(row.meeting_id, row)
    return [
        Event(row.meeting_id, version.number, version.approved_at, row.data, cancelled=True) for row in latest.values()
    ]


def draft_event(meeting: Meeting, *, cancelled: bool) -> Event:
    """A working row for its own staff; `holder` and `place` are fetched with it."""
    data = {
        "date": meeting.date.isoformat(),
        "time": f"{meeting.time:%H:%M}" if meeting.time else "",
        "planned_minutes": meeting.planned_minutes,
        "address": meeting.address,
        "format": meeting.format,
        "holder": unit(meeting.holder),
        "place": unit(meeting.place),
    }
    return Event(meeting.pk, meeting.version, meeting.updated_at, data, cancelled, tentative=not cancelled)


def version_ics(version: CalendarVersion, language: str = "kk") -> bytes:
    """An approved version as a file, for the letter and for download; the cancelled ones are in it."""
    region = version.calendar.region
    with override(language):
        name = _("Meetings of akims with the population, %(region)s, %(year)s") % {
            "region": region.name(language),
            "year": version.calendar.year,
        }
    events = [*events_of(version), *cancelled_since(version)]
    return calendar_text(name, events, language=language, zone=region.time_zone)
