"""What the tests of approval, notice and submission share: a filled calendar, a scan, one call to approve."""

import datetime as dt
import itertools

from django.core.files.uploadedfile import SimpleUploadedFile

from calendars.models import Calendar
from calendars.services.approval import Approved, approve
from territories.scans import read_scan

from .. import factories

TODAY = dt.date(2027, 1, 12)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
keys = itertools.count(1)


def upload(name: str = "Order 5.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def fill(calendar: Calendar, land) -> list:
    """A few meetings: the oblast's akim in the raion and the city, the raion's in two okrugs, a village's own."""
    return [
        factories.meeting(calendar, land.O, land.R, dt.date(2027, 3, 10)),
        factories.meeting(calendar, land.O, land.K, dt.date(2027, 4, 14), time=None),
        factories.meeting(calendar, land.R, land.A, dt.date(2027, 2, 17)),
        factories.meeting(calendar, land.R, land.B, dt.date(2027, 2, 18)),
        factories.meeting(calendar, land.V, land.V, dt.date(2027, 5, 12)),
    ]


def approved(calendar: Calendar, by, **changed) -> Approved:
    """Approve as the page would, with everything in order unless told otherwise."""
    calendar.refresh_from_db()
    number = calendar.versions.count() + 1
    given = {
        "order_number": f"{number}-ө",
        "order_date": dt.date(2027, 1, 11),
        "scan": read_scan(upload()),
        "reason": "Су тасқыны" if number > 1 else "",
        "holes_confirmed": True,
        "seen_version": calendar.version,
        "idempotency_key": f"key-{next(keys)}",
        "today": TODAY,
        "by": by,
    }
    return approve(calendar, **(given | changed))
