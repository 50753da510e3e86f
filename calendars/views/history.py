"""The history of a meeting out of the journal: who changed what, when, under which post."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from journal.models import Entry

from ..models import Meeting
from ..services.rows import FIELDS, VERB_FIELDS
from ..wording import label, unit_names, units_in, words

#: How many steps the page shows; the journal itself keeps all.
SHOWN = 50


def action_word(action: str) -> str:
    """A verb of the journal in the reader's language; an unknown one as it is written."""
    return {
        "meeting.planned": _("Entered"),
        "meeting.edited": _("Edited"),
        "meeting.removed": _("Taken out of the draft"),
        "meeting.accepted": _("Accepted into the calendar"),
        "meeting.returned": _("Returned with a remark"),
        "meeting.proposed": _("Proposed again"),
        "meeting.announced": _("Announcement recorded"),
        "meeting.held": _("Recorded as held"),
        "meeting.cancelled": _("Cancelled"),
        "meeting.undone": _("Step undone"),
        "meeting.imported": _("Taken from Excel"),
        "meeting.moved": _("Moved"),
    }.get(action, action)


def history_of(meeting: Meeting) -> list[dict[str, Any]]:
    """Steps of one meeting, the newest first, with their changes in words. Two queries."""
    entries = list(Entry.objects.of(meeting)[:SHOWN])
    names = unit_names(units_in([values for entry in entries for values in (entry.was, entry.became)]))
    known = (*FIELDS, *VERB_FIELDS)
    return [
        {
            "at": entry.at,
            "who": entry.actor_text,
            "post": entry.post_text,
            "action": action_word(entry.action),
            "reason": entry.reason,
            "changes": [
                (label(field), words(field, entry.was.get(field), names), words(field, value, names))
                for field, value in entry.became.items()
                if field in known and entry.was
            ],
        }
        for entry in entries
    ]
