"""Duties as iCalendar (RFC 5545): one whole-day entry a duty, on the day by which it is owed.

A duty keeps its UID for life, so that a re-dated one moves in the reader's calendar and a met one leaves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar as Component
from icalendar import Event as EventComponent
from icalendar import vDuration

from journal.dates import official_date

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: How often a subscribed program is asked to look again.
REFRESH = dt.timedelta(hours=6)


def duties_text(name: str, rows: Iterable[dict[str, Any]], *, language: str, now: dt.datetime) -> bytes:
    """The calendar of the duties in `rows` (`wording.described_all`), in a language."""
    calendar = Component()
    calendar.add("prodid", "-//Akim meetings//Duties//KK")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for row in rows:
        calendar.add_component(entry(row, language, now))
    return calendar.to_ical(sorted=False)


def entry(row: dict[str, Any], language: str, now: dt.datetime) -> EventComponent:
    duty = row["duty"]
    found = EventComponent()
    found.add("uid", f"duty-{duty.pk}@akim-meetings")
    found.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    found.add("sequence", duty.version)
    found.add("dtstart", duty.due_on)
    found.add("dtend", duty.due_on + dt.timedelta(days=1))
    found.add("transp", "TRANSPARENT")
    subject = ", ".join(part for part in (row["unit"], row["title"]) if part)
    found.add("summary", f"{row['sentence']} ({subject})", parameters={"LANGUAGE": language})
    why = f"{settings.SITE_URL}{reverse('deadlines:explain', args=[duty.pk])}"
    lines = [row["cite"], subject]
    if duty.late_after and duty.late_after != duty.due_on:
        lines.append(_("A breach only after: %(day)s") % {"day": official_date(duty.late_after, language)})
    lines.append(_("Why this date: %(address)s") % {"address": why})
    found.add("description", "\n".join(lines))
    found.add("url", why)
    return found
