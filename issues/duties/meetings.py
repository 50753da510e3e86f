"""What meets the duties of each meeting: preparation, broadcast, reception, financing (826-3.1–3.5, 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Case, CharField, Count, DateField, Exists, F, Max, Min, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from calendars.coverage import groups
from calendars.models import Broadcast, Format, Meeting, MeetingState
from calendars.models.meeting import IN_CALENDAR
from deadlines.ids import Subject
from deadlines.services.facts import AnchorDays, FactSet, Proofs, Rows, Told, described_once, proof
from law.places import mandatory
from law.readings import Readings
from territories.models import Territory

from ..models import (
    NAMED_AUDIENCE,
    Audience,
    BroadcastRecord,
    ChannelUse,
    Commission,
    Demand,
    Financing,
    PoolVersion,
    PublishedVersion,
    Reception,
    ReceptionCategory,
    ReceptionParticipant,
    VideoPoint,
    What,
)
from .days import civil_day
from .published import with_last_day

COMMISSION = ("826-3.4.a1", "826-3.4.a2")
POOL = ("826-3.4.a3", "826-3.4.b1", "826-3.4.b3")
ANALYSIS, CAMPAIGN = "826-3.4.b2", "826-3.4.c"
INVOLVED, AUDIENCE = "826-4.h1", "826-4.h2"
BROADCAST, COMMENTS, POINTS = "826-3.2.h1", "826-3.2.h2", "826-3.2.h3"
RECEPTION, TOGETHER = "826-3.5.a1", "826-3.5.a2"
SYSTEMATISED, FINANCING = "826-3.5.b1", "826-3.5.b2"
DEMAND = "826-3.1.h1"
OWN_YEAR = "meeting__calendar__year"
#: From a commission to the meetings that the akim of its unit holds.
AT = "unit__held_meetings"
#: Stands for a channel that has its reason instead of a day.
LONG_AGO = dt.date(1, 1, 1)


def facts(year: int) -> Iterator[Told]:
    yield from commissions(year)
    yield from campaign(year)
    yield from of_the_year(year)


@described_once
def of_the_year(year: int) -> Iterator[Told]:
    """What no reading changes."""
    of = {OWN_YEAR: year}
    yield from pools(of)
    yield from audience(of)
    yield from broadcasts(year)
    yield from receptions(of)
    yield from demands(year)


def met(rules: tuple[str, ...], rows, **columns) -> Proofs:
    """Proofs for meetings; the rows name `subject_id`, `met_on` and `evidence`."""
    return Proofs(rules, Subject.MEETING, Rows.of(rows, **columns))


def commissions(year: int) -> Iterator[Told]:
    """The commission of the meeting, or the standing one in whose term it falls where the reading allows (A-17).

    Its members were checked when it was formed: of each body that exists, or the note why not.
    """
    regions = list(Territory.objects.regions())
    for readings, members in groups(regions, year) if regions else ():
        yield from commissions_of(year, readings, tuple(region.pk for region in members))


@described_once
def commissions_of(year: int, readings: Readings, regions: tuple[int, ...]) -> Iterator[Told]:
    # Every commission that serves a meeting is told; of several proofs the ledger takes the earliest. A join, for
    # the database would look through all commissions once a meeting.
    serves = Q(meeting=F(f"{AT}__pk"))
    if str(readings["commission_mode"]) == "standing":
        serves |= Q(meeting=None)
    rows = Commission.objects.filter(
        serves,
        Q(valid_to=None) | Q(valid_to__gte=F(f"{AT}__date")),
        closed_at=None,
        valid_from__lte=F(f"{AT}__date"),
        **{
            f"{AT}__calendar__year": year,
            f"{AT}__calendar__region__in": regions,
            f"{AT}__state__in": IN_CALENDAR,
        },
    )
    yield met(
        COMMISSION,
        rows,
        subject_id=f"{AT}__pk",
        met_on="order_date",
        evidence=proof("DOC", number="order_number", date="order_date"),
    )


def pools(of: dict) -> Iterator[Told]:
    """The frozen pool, with the count of every source; the analysis where it was written."""
    rows = PoolVersion.objects.filter(**of)
    columns = {
        "subject_id": "meeting_id",
        "met_on": "frozen_on",
        "evidence": proof("DOC", number="number", date="frozen_on", note="sha256"),
    }
    yield met(POOL, rows, **columns)
    yield met((ANALYSIS,), rows.exclude(analysis=""), **columns)


def campaign(year: int) -> Iterator[Told]:
    """Every channel of L-2 that the reading asks for was used, or its reason is written where one is allowed (A-16)."""
    regions = list(Territory.objects.regions())
    for readings, members in groups(regions, year) if regions else ():
        yield from campaign_of(year, readings, tuple(region.pk for region in members))


@described_once
def campaign_of(year: int, readings: Readings, regions: tuple[int, ...]) -> Iterator[Told]:
    used, reason = Q(published_at__isnull=False), Q(published_at=None)
    if str(readings.of("mandatory_places", CAMPAIGN)) == "all_listed":
        reason = Q(pk__in=[])
    days = {}
    for n, codes in enumerate(mandatory(CAMPAIGN, readings)):
        here = Q(channel__code__in=codes)
        excused = Min(Value(LONG_AGO, output_field=DateField()), filter=here & reason)
        days[f"day_{n}"] = Coalesce(Min(civil_day("published_at"), filter=here & used), excused)
    rows = ChannelUse.objects.filter(meeting__calendar__year=year, region__in=regions, withdrawn_at=None)
    told = with_last_day(rows.order_by().values("meeting_id").annotate(**days), days)
    yield met(
        (CAMPAIGN,),
        told.filter(last_day__gt=LONG_AGO),
        subject_id="meeting_id",
        met_on="last_day",
        evidence=proof("LINK", date="last_day"),
    )


def audience(of: dict) -> Iterator[Told]:
    """Somebody was invited (h1); each of the four named categories was invited or has its note (h2)."""
    day = Coalesce("invited_on", civil_day(F("created_at")))
    invited = Audience.objects.filter(**of).filter(invited__gt=0)
    yield met(
        (INVOLVED,), invited, subject_id="meeting_id", met_on=day, evidence=proof("REC", number="invited", date=day)
    )
    four = (
        Audience.objects.filter(Q(invited__gt=0) | ~Q(note=""), category__in=NAMED_AUDIENCE, **of)
        .order_by()
        .values("meeting_id")
        .annotate(n=Count("pk"), last_day=Max(day))
        .filter(n=len(NAMED_AUDIENCE))
    )
    yield met((AUDIENCE,), four, subject_id="meeting_id", met_on="last_day", evidence=proof("REC", date="last_day"))


def broadcasts(year: int) -> Iterator[Told]:
    """A broadcast or its reason; with a broadcast open comments, always (A-18); connected points."""
    meetings = Meeting.objects.filter(calendar__year=year, state__in=IN_CALENDAR)
    columns = {"subject_id": "pk", "debtor_id": "holder_id", "region_id": "calendar__region_id"}
    held = BroadcastRecord.objects.filter(
        meeting__calendar__year=year, meeting__state=MeetingState.HELD, meeting__held_on__isnull=False
    )
    kind = Case(When(address="", then=proof("DOC", note="reason")), default=proof("LINK", address="address"))
    yield met((BROADCAST,), held, subject_id="meeting_id", met_on="meeting__held_on", evidence=kind)

    recorded = BroadcastRecord.objects.filter(meeting=OuterRef("pk")).exclude(address="")
    none = BroadcastRecord.objects.filter(meeting=OuterRef("pk"), address="")
    with_comments = meetings.filter(Q(broadcast=Broadcast.YES) & ~Exists(none) | Exists(recorded))
    open_comments = Q(broadcast_record__comments_open=True, state=MeetingState.HELD)
    yield FactSet(
        (COMMENTS,),
        Subject.MEETING,
        year,
        Rows.of(
            with_comments,
            met_on=Case(When(open_comments, then=F("held_on")), output_field=DateField()),
            evidence=Case(
                When(open_comments, then=proof("LINK", address="broadcast_record__address")),
                default=Value(""),
                output_field=CharField(),
            ),
            **columns,
        ),
    )
    points = VideoPoint.objects.filter(meeting=OuterRef("pk"))
    connected = Q(state=MeetingState.HELD) & Exists(points) & ~Exists(points.filter(connected=None))
    yield FactSet(
        (POINTS,),
        Subject.MEETING,
        year,
        Rows.of(
            meetings.filter(Q(format=Format.WITH_VIDEO) | Exists(points)),
            met_on=Case(When(connected, then=F("held_on")), output_field=DateField()),
            evidence=Case(
                When(connected, then=proof("REC", date="held_on")), default=Value(""), output_field=CharField()
            ),
            **columns,
        ),
    )


def receptions(of: dict) -> Iterator[Told]:
    """The reception, its last day as an anchor (A-06), who took part; the list; the session on financing."""
    rows = Reception.objects.filter(**of)
    yield AnchorDays("reception.end_date", Subject.MEETING, Rows.of(rows, subject_id="meeting_id", day="ends_on"))
    columns = {
        "subject_id": "meeting_id",
        "met_on": "ends_on",
        "evidence": proof("REC", number="citizens", date="ends_on"),
    }
    yield met((RECEPTION,), rows, **columns)
    complete = rows
    for category in ReceptionCategory.values:
        complete = complete.filter(
            Exists(
                ReceptionParticipant.objects.filter(
                    Q(invited__gt=0) | Q(present__gt=0) | ~Q(note=""), reception=OuterRef("pk"), category=category
                )
            )
        )
    yield met((TOGETHER,), complete, **columns)
    first_list = PublishedVersion.objects.filter(what=What.LIST, number=1, **of)
    day = civil_day(F("created_at"))
    yield met(
        (SYSTEMATISED,),
        first_list,
        subject_id="meeting_id",
        met_on=day,
        evidence=proof("DOC", number="number", date=day, note="sha256"),
    )
    yield met(
        (FINANCING,),
        Financing.objects.filter(**of),
        subject_id="meeting_id",
        met_on="session_date",
        evidence=proof("DOC", number="session_number", date="session_date", note=Cast("outcome", CharField())),
    )


def demands(year: int) -> Iterator[Told]:
    """Each demand of the population waits for its answer (826-3.1.h1): the meeting, or the refusal with its reason."""
    rows = Demand.objects.filter(received_on__year=year)
    answered = Q(answered_on__isnull=False)
    yield FactSet(
        (DEMAND,),
        Subject.DEMAND,
        year,
        Rows.of(
            rows,
            subject_id="pk",
            debtor_id="unit_id",
            region_id="region_id",
            met_on="answered_on",
            evidence=Case(
                When(answered, then=proof("DOC", number="number", date="answered_on")),
                default=Value(""),
                output_field=CharField(),
            ),
        ),
    )
