"""Builders of this room's rows, through the services, on the day on which the tests play (`TODAY`)."""

import datetime as dt
from zoneinfo import ZoneInfo

from calendars.models import Meeting, MeetingState
from issues import services
from issues.models import Channel, Issue, PlanItem, Request, StoredFile, Topic
from territories.models import Organisation
from territories.models.organisations import OrganisationKind
from territories.scope import clock
from tests import factories

#: The meeting of 10 March 2026 was held; the tests play in the week after it.
MET_ON = dt.date(2026, 3, 10)
TODAY = dt.date(2026, 3, 16)
LATER = dt.date(2026, 6, 1)
CLOCK = clock("tests")
ALMATY = ZoneInfo("Asia/Almaty")
#: Smallest files that pass the check of their content.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
PDF = b"%PDF-1.7\n%%EOF\n"


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    """An instant on a civil day of Kazakhstan."""
    return dt.datetime.combine(day, dt.time(hour), ALMATY)


def held_meeting(calendar, holder, place=None, date: dt.date = MET_ON, **fields) -> Meeting:
    fields.setdefault("state", MeetingState.HELD)
    return factories.meeting(calendar, holder, place, date, held_on=date, attendance=40, **fields)


def channel(code: str) -> Channel:
    return Channel.objects.get(code=code)


def topic(code: str = "other") -> Topic:
    return Topic.objects.get(region=None, code=code)


def request(unit, text: str = "Көше жарығы жанбайды", *, place=None, by=CLOCK, **fields) -> Request:
    fields = {"source": "letter", "received_on": dt.date(2026, 3, 2), "today": TODAY} | fields
    return services.add_request(unit, place=place or unit, text=text, by=by, **fields)


def issue(unit, text_kk: str = "Көше жарығы жоқ", *, place=None, by=CLOCK, **fields) -> Issue:
    fields = {"raised_on": MET_ON, "today": TODAY} | fields
    return services.make_issue(unit, place=place or unit, text_kk=text_kk, by=by, **fields)


def item(issue: Issue, *, due_on: dt.date = dt.date(2026, 5, 20), executor=None, by=CLOCK) -> PlanItem:
    """An approved item: the plan of the issue's meeting with this one row."""
    plan = services.open_plan(issue.meeting, by=by)
    values = {
        "measure_kk": "Шамдарды ауыстыру",
        "measure_ru": "Заменить светильники",
        "due_on": due_on,
        "organisation": "Тұрғын үй бөлімі",
        "post": "бөлім басшысы",
        "executor": executor.post if executor else None,
    }
    row = services.add_item(plan, issue, values=values, today=TODAY, by=by)
    plan.refresh_from_db()
    reason = "" if plan.approved_number == 0 else "Тармақ қосылды"
    services.approve_plan(plan, on=TODAY, reason=reason, seen_version=plan.version, today=TODAY, by=by)
    row.refresh_from_db()
    return row


def file(unit, data: bytes = PNG, name: str = "сурет.png", *, kind: str = "proof", by=CLOCK) -> StoredFile:
    return services.store_file(services.check(data, name), unit=unit, kind=kind, by=by)


def body(name: str = "Министрлік", kind: str = OrganisationKind.MINISTRY) -> Organisation:
    return Organisation.objects.create(
        key=f"body-{next(factories.counter)}", kind=kind, name_kk=f"{name} (қаз)", name_ru=f"{name} (рус)"
    )


def seen(row) -> int:
    row.refresh_from_db()
    return row.version
