"""The row of tabs that the ledger and the pages of reminding share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from territories.scope import Who

LEDGER, BELL, FEED, LADDER, DELIVERY = "ledger", "bell", "feed", "ladder", "delivery"


def tabs(who: Who, here: str) -> list[dict]:
    """The tabs that the reader's role uses."""
    found = [
        (LEDGER, "deadlines:ledger", _("Duties")),
        (BELL, "deadlines:bell", _("Reminders")),
        (LADDER, "deadlines:ladder", _("When one is reminded")),
        (FEED, "deadlines:feed", _("In my calendar program")),
    ]
    if who.is_administrator:
        found.append((DELIVERY, "deadlines:delivery", _("Sent, late, failed")))
    return [{"url": reverse(name), "label": label, "active": key == here} for key, name, label in found]
