"""Meetings around today with everything that comes before and at them: commission, channels, requests, pool, hall."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from calendars.models import Meeting, MeetingState
from territories.models import Territory
from territories.scope import Who

from .. import announcing, services
from ..models import Channel, Issue, Purpose, Request, Topic
from ..services import Member, Person

#: Kazakh text, Russian text, topic.
ASKED = (
    ("Абай көшесінде көше жарығы жанбайды", "На улице Абая не горит уличное освещение", "utilities-light"),
    ("Ауызсу тәулігіне екі сағат қана беріледі", "Питьевую воду дают два часа в сутки", "utilities-water"),
    ("Орта мектептің шатырынан су ағады", "Течет крыша средней школы", "education-schools"),
    ("Ауыл ішіндегі жол жөндеуді қажет етеді", "Дорога внутри села требует ремонта", "roads-repair"),
    ("Интернет өте баяу, балалар оқи алмайды", "Интернет медленный, дети не могут учиться", "connection-internet"),
    ("Балабақшада орын жетіспейді", "Не хватает мест в детском саду", "education-kindergartens"),
    ("Медпунктте дәрігер жоқ", "В медпункте нет врача", "health-clinics"),
    ("Қоқыс уақытында шығарылмайды", "Мусор вывозят не вовремя", "utilities-waste"),
)  # fmt: skip
SOURCES = ("letter", "call", "box", "visit", "social", "blog", "opendata")
#: Meetings ahead and behind that are filled.
AHEAD, BEHIND = 4, 3


def fill(region: Territory, *, today: dt.date, seed: int, by: Who) -> int:
    """Fill the nearest meetings of a region; answers how many. Repeated, it changes nothing."""
    rows = Meeting.objects.filter(calendar__region=region).select_related("holder", "place", "calendar__region")
    coming = rows.filter(state=MeetingState.PLANNED, date__gte=today).order_by("date", "pk")[:AHEAD]
    held = rows.filter(state=MeetingState.HELD, held_on__lt=today).order_by("-date", "-pk")[:BEHIND]
    filled = 0
    for meeting in [*coming, *held]:
        if Request.objects.filter(meeting=meeting).exists():
            continue
        rng = random.Random(f"{seed}-prepare-{meeting.number}")  # noqa: S311
        prepare(meeting, rng, today=today, by=by)
        if meeting.state == MeetingState.HELD:
            at_the_meeting(meeting, rng, today=today, by=by)
        filled += 1
    return filled


def moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo(settings.TIME_ZONE))


def prepare(meeting: Meeting, rng: random.Random, *, today: dt.date, by: Who) -> None:
    unit, start = meeting.holder, min(today, meeting.date) - dt.timedelta(days=21)
    if services.commission_of(meeting) is None:
        members = [Member("office", "аппарат басшысы", chair=True)]
        members += [Member(capacity, "мүше") for capacity in services.bodies_of(unit)]
        services.form_commission(
            unit, order_number=f"{rng.randint(2, 60)}-ө", order_date=start, members=members, valid_from=start,
            valid_to=dt.date(start.year + 1, 12, 31), today=today, by=by,
        )  # fmt: skip
    services.write_announcement(meeting, **announcing.draft(meeting), by=by)
    channels = {channel.code: channel for channel in Channel.objects.all()}
    for code in ("site", "social", "accounts"):
        purposes = (
            [Purpose.CAMPAIGN] if meeting.state == MeetingState.HELD else [Purpose.CAMPAIGN, Purpose.ANNOUNCEMENT]
        )
        for purpose in purposes:
            services.record_channel(
                meeting, purpose=purpose, channel=channels[code], published_at=moment(start, rng.randint(9, 17)),
                address=f"https://akimat.example/kk/{code}/{meeting.number}", reason_late="—", today=today, by=by,
            )  # fmt: skip
    services.skip_channel(
        meeting, purpose=Purpose.CAMPAIGN, channel=channels["radio"], reason="Ауылда жергілікті радио жоқ", by=by
    )
    for category in ("deputies", "parties", "organisations", "opposition", "residents"):
        values: dict[str, Any] = {
            "invited": rng.randint(2, 9) if category != "residents" else None,
            "invited_on": start,
        }
        services.record_audience(meeting, category=category, values=values, seen_version=None, by=by)
    if rng.random() < 0.7:
        values = {"address": f"https://live.example/{meeting.number}", "comments_open": True}
    else:
        values = {"reason": "Залда байланыс арнасы жоқ"}
    services.record_broadcast(meeting, values=values, seen_version=None, by=by)
    pool = requests(meeting, rng, start, today=today, by=by)
    if pool and meeting.state == MeetingState.PLANNED:
        services.freeze_pool(meeting, pool, analysis="Көбіне жарық пен су туралы сұралады.", today=today, by=by)


def requests(meeting: Meeting, rng: random.Random, start: dt.date, *, today: dt.date, by: Who) -> list[Issue]:
    """Requests by several channels, half of them joined to issues."""
    topics = {topic.code: topic for topic in Topic.objects.filter(region=None)}
    pool: list[Issue] = []
    for number, (kk, ru, topic) in enumerate(rng.sample(ASKED, 6)):
        russian = rng.random() < 0.4
        person = Person(name="", phone="", email=f"tynyshbek{number}@demo.example", consent="Келісемін")
        row = services.add_request(
            meeting.holder, place=meeting.place, source=rng.choice(SOURCES),
            received_on=start + dt.timedelta(days=rng.randint(0, 10)), text=ru if russian else kk,
            language="ru" if russian else "kk", topic=topics.get(topic), meeting=meeting, classification="question",
            person=person if number == 0 else None, client_key=f"demo-{meeting.pk}-{number}", today=today, by=by,
        )  # fmt: skip
        if number < 4:
            pool.append(
                services.make_issue(
                    meeting.holder,
                    place=meeting.place,
                    text_kk=kk,
                    text_ru=ru,
                    raised_on=row.received_on,
                    topic=topics.get(topic),
                    meeting=meeting,
                    requests=[row],
                    today=today,
                    by=by,
                )
            )
    return pool


def at_the_meeting(meeting: Meeting, rng: random.Random, *, today: dt.date, by: Who) -> None:
    """What was typed in the hall, and the minutes; most are signed and published."""
    begin = moment(meeting.date, (meeting.time or dt.time(11)).hour)
    space = uuid.UUID("6f0c0d0e-0000-4000-8000-0000000d3300")
    changes: list[dict] = [
        {"kind": "clock", "id": event, "key": event, "values": {"event": event, "at": at.isoformat()}, "was": {}}
        for event, at in (
            ("report_started", begin),
            ("report_ended", begin + dt.timedelta(minutes=rng.randint(10, 24))),
            ("ended", begin + dt.timedelta(minutes=meeting.planned_minutes)),
        )
    ]
    for number, (kk, _ru, _topic) in enumerate(rng.sample(ASKED, 4)):
        pk = str(uuid.uuid5(space, f"{meeting.pk}-{number}"))
        values = {
            "question": f"{kk}. Қашан шешіледі?", "answer": "Жобалық құжат дайын, жұмыс осы тоқсанда басталады.",
            "speaker_category": rng.choice(("residents", "elders", "deputies")),
            "asked_at": (begin + dt.timedelta(minutes=30 + 5 * number)).isoformat(),
        }  # fmt: skip
        changes.append({"kind": "line", "id": pk, "key": pk, "values": values, "was": {}})
        if number == 0:
            due = max(meeting.date, today) + dt.timedelta(days=30)
            given = {"text": "Жұмыстың кестесін жасап, тұрғындарға хабарлау", "organisation": "Әкім аппараты"}
            given["due_on"] = due.isoformat()
            key = str(uuid.uuid5(space, f"{meeting.pk}-given"))
            changes.append({"kind": "instruction", "id": key, "key": key, "line": pk, "values": given, "was": {}})
    came = {"deputies": 2, "parties": 3, "opposition": 1, "residents": rng.randint(25, 80)}
    for category, count in came.items():
        present: dict[str, Any] = {"category": category, "present": count}
        changes.append({"kind": "audience", "id": category, "key": category, "values": present, "was": {}})
    services.save_hall(meeting, changes, today=today, by=by)
    minutes = services.draft_minutes(meeting, by=by)
    if meeting.pk % 3:
        day = max(meeting.date, min(today, meeting.date + dt.timedelta(days=2)))
        signed = services.sign_minutes(
            minutes, document_number=f"{meeting.pk}-х", signed_on=day, seen_version=minutes.version, today=today, by=by
        )
        services.publish_minutes(signed, read=True, seen_version=signed.version, by=by)
