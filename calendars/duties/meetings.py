"""What each meeting makes its akim owe: announcement, results in ten days, and the checklist without a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from deadlines.ids import SUBJECT_AT, Subject, base
from deadlines.models import Duty
from deadlines.services.facts import FactSet, Rows, Told, proof
from law.register import NoRuleInForce, rule

from ..models import Broadcast, Format, Meeting, MeetingState
from ..models.meeting import IN_CALENDAR

TWO_WEEKS, ONE_WEEK = "826-3.4.e", "826-3.4.f"
RESULTS = ("826-3.5.c1", "826-3.5.c2", "826-3.5.c3")
ANNOUNCE, BROADCAST, COMMENTS, POINTS = "826-3.4.d", "826-3.2.h1", "826-3.2.h2", "826-3.2.h3"
#: Before every meeting: commission and its members, pool, collecting, analysing, sources, campaign; its contents and
#: audience. After it: reception and those who take part, systematising, financing.
CHECKLIST = (
    "826-1.h2",
    "826-1.h3",
    "826-3.4.a1",
    "826-3.4.a2",
    "826-3.4.a3",
    "826-3.4.b1",
    "826-3.4.b2",
    "826-3.4.b3",
    "826-3.4.c",
    "826-4.h1",
    "826-4.h2",
    "826-3.5.a1",
    "826-3.5.a2",
    "826-3.5.b1",
    "826-3.5.b2",
)
#: The checklist opens so many days before the meeting. A house rule; the act gives no number. Once open it stays
#: while the meeting stands: a meeting moved to a far day keeps what was already prepared.
CHECKLIST_AHEAD = dt.timedelta(days=60)


def facts(year: int, today: dt.date) -> Iterator[Told]:
    meetings = Meeting.objects.filter(calendar__year=year, state__in=IN_CALENDAR)
    yield from announcements(meetings, year)
    yield FactSet(
        RESULTS,
        Subject.MEETING,
        year,
        owed(meetings, day=Coalesce("held_on", "date")),
        day="meeting.end_date",
        other_day="reception.end_date",
    )
    opened = Duty.objects.filter(pk=OuterRef("pk") * (1 << SUBJECT_AT) + base(Subject.MEETING, CHECKLIST[0]))
    near = meetings.filter(
        Q(state=MeetingState.HELD) | Q(date__lte=today + CHECKLIST_AHEAD) | Exists(opened.filter(cancelled_at=None))
    )
    yield FactSet(CHECKLIST, Subject.MEETING, year, owed(near))
    announced = {"met_on": F("announced_on"), "evidence": proof("LINK", address="announced_url")}
    yield FactSet((ANNOUNCE,), Subject.MEETING, year, owed(near, **announced))
    yield FactSet((BROADCAST,), Subject.MEETING, year, owed(near, **broadcast_or_reason()))
    yield FactSet((COMMENTS,), Subject.MEETING, year, owed(near.filter(broadcast=Broadcast.YES)))
    yield FactSet((POINTS,), Subject.MEETING, year, owed(near.filter(format=Format.WITH_VIDEO)))


def come_near(since: dt.date, today: dt.date, years: Sequence[int]) -> Iterator[int]:
    """The meetings whose checklist opens after `since`, up to `today`, though nothing else has happened to them."""
    days = (since + CHECKLIST_AHEAD + dt.timedelta(days=1), today + CHECKLIST_AHEAD)
    near = Meeting.objects.filter(calendar__year__in=years, state__in=IN_CALENDAR, date__range=days)
    yield from near.values_list("pk", flat=True)


def announcements(meetings: QuerySet[Meeting], year: int) -> Iterator[Told]:
    """Two weeks or one week ahead, by the level of the akim who holds the meeting (A-07)."""
    for rule_id in (TWO_WEEKS, ONE_WEEK):
        try:
            kinds = rule(rule_id, dt.date(year, 1, 1)).bound.akims
        except NoRuleInForce:
            continue
        rows = owed(
            meetings.filter(holder__kind__in=kinds),
            day=F("date"),
            number=Case(When(off_calendar=True, then=Value(1)), default=Value(0), output_field=IntegerField()),
            met_on=F("announced_on"),
            evidence=proof("LINK", address="announced_url"),
        )
        yield FactSet((rule_id,), Subject.MEETING, year, rows, day="meeting.date", number="off_calendar")


def owed(meetings: QuerySet[Meeting], **more: Any) -> Rows:
    """Each meeting's akim owes it."""
    return Rows.of(meetings, subject_id="pk", debtor_id="holder_id", region_id="calendar__region_id", **more)


def broadcast_or_reason() -> dict[str, Any]:
    """826-3.2.h1 is met when the meeting was held and the address of the broadcast or the reason is written down."""
    told = Q(state=MeetingState.HELD, broadcast__in=(Broadcast.YES, Broadcast.NO)) & ~Q(broadcast_note="")
    kind = {Broadcast.YES: proof("LINK", address="broadcast_note"), Broadcast.NO: proof("DOC", note="broadcast_note")}
    return {
        "met_on": Case(When(told, then=F("held_on")), output_field=DateField()),
        "evidence": Case(
            *(When(told & Q(broadcast=value), then=text) for value, text in kind.items()),
            default=Value(""),
            output_field=TextField(),
        ),
    }
