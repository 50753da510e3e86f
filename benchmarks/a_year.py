"""A region's year as offices leave it: 2,005 meetings, approved, submitted, half of the year played, then corrected."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from benchmarks import frame

REGION, YEAR = "610000000", 2027
#: The day up to which meetings are announced and held.
PLAYED_UNTIL = dt.date(2027, 6, 15)
CORRECTED, PROPOSED, CANCELLED, LETTERS = 40, 60, 100, 300
SEED = 826
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Year:
    """The ids that addresses need, and the session keys of the people who ask."""

    region: int
    raion: int
    meeting: int
    holder: int
    place: int
    month: int
    day: dt.date
    rows: list[str]
    version: int
    later: int
    submission: int
    letter: int
    duty: int
    meetings: int
    editors: list[str]
    approvers: list[str]
    reviewers: list[str]
    administrators: list[str]


def make(people: int) -> Year:
    """Fill the database; `people` sessions for each role."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db.models import Count

    from calendars import demo, services
    from calendars.models import Calendar, Meeting, MeetingState
    from calendars.scans import read_scan
    from calendars.services import approval, submit
    from deadlines.models import Duty
    from deadlines.services import sweep
    from journal.models import Notice
    from territories.models import Mailbox, Organisation, Role, Territory
    from territories.models.organisations import OrganisationKind
    from territories.scope import Who, clock, today

    region = Territory.objects.get(code=REGION, valid_to=None)
    body = Organisation.objects.get(kind=OrganisationKind.MASLIKHAT, territory=region)
    Mailbox.objects.create(organisation=body, address="maslikhat@region.example")
    staff = [post(Role.REGION_EDITOR, region, number) for number in range(people)]
    heads = [post(Role.REGION_APPROVER, region, number) for number in range(people)]
    reviewers = [post(Role.GOVERNMENT, None, number) for number in range(people)]
    administrators = [post(Role.ADMINISTRATOR, None, number) for number in range(people)]
    editor, approver = (Who(user=row.user, post=row) for row in (staff[0], heads[0]))

    calendar, count = demo.fill(region, YEAR, share=1.0, seed=SEED, by=clock("benchmark"))

    def approved(number: int, reason: str = ""):
        return approval.approve(
            calendar,
            order_number=f"{number}-ө",
            order_date=today(),
            scan=read_scan(SimpleUploadedFile("order.pdf", PDF)),
            reason=reason,
            holes_confirmed=True,
            seen_version=Calendar.objects.get(pk=calendar.pk).version,
            idempotency_key=f"benchmark-{number}",
            today=today(),
            by=approver,
        ).version

    version = approved(1)
    submission, _new = submit.submit(version, letter_number="3-5/12", letter_date=today(), today=today(), by=editor)
    demo.play(calendar, until=PLAYED_UNTIL, seed=SEED)

    later = Meeting.objects.filter(calendar=calendar, state=MeetingState.PLANNED, date__gt=dt.date(2027, 9, 1))

    def change(rows) -> None:
        hall = {"address": "Жаңа мектеп / Новая школа"}
        services.apply(calendar, [services.Change(row.pk, hall, row.version) for row in rows], by=editor, label="halls")

    change(later[:CORRECTED])
    corrected = approved(2, "Су тасқыны")
    # Changes that the approval page shows as waiting for the next version.
    change(later.order_by("-pk")[:CORRECTED])
    # Holes on the board: every raion has some.
    gone = list(later.order_by("address", "pk").values_list("pk", flat=True)[:CANCELLED])
    Meeting.objects.filter(pk__in=gone).update(state=MeetingState.CANCELLED, cancel_reason="Жол жабылды")
    raion = Territory.objects.filter(parent=region, kind="raion", valid_to=None).order_by("code")[0]
    office = post(Role.OFFICE_STAFF, raion, 0)
    propose(calendar, Who(user=office.user, post=office))
    letters()
    sweep(today())
    sweep(dt.date(YEAR, 1, 25))
    inside = Meeting.objects.filter(calendar=calendar, state=MeetingState.PLANNED, announced_on__isnull=False)
    meeting = inside.filter(holder__path__startswith=raion.path).order_by("pk")[0]
    days = Meeting.objects.filter(calendar=calendar).values_list("date").annotate(n=Count("pk")).order_by("-n", "date")
    fullest = days[0][0]
    year = Year(
        region=region.pk,
        raion=raion.pk,
        meeting=meeting.pk,
        holder=meeting.holder_id,
        place=meeting.place_id,
        month=fullest.month,
        day=fullest,
        rows=[f"{row.pk}:{row.version}" for row in later[:100]],
        version=version.pk,
        later=corrected.pk,
        submission=submission.pk,
        letter=Notice.objects.order_by("-pk")[0].pk,
        duty=Duty.objects.filter(debtor=region).order_by("pk")[0].pk,
        meetings=count,
        editors=[session(row.user) for row in staff],
        approvers=[session(row.user) for row in heads],
        reviewers=[session(row.user) for row in reviewers],
        administrators=[session(row.user) for row in administrators],
    )
    frame.analyze()
    return year


def post(role: str, unit, number: int):
    from territories.models import Post, User

    place = unit.code if unit else "nation"
    user = User.objects.create_user(f"{role}{number}.{place}@staff.example", full_name=f"Қызметкер {number}")
    return Post.objects.create(user=user, role=role, territory=unit, valid_from=dt.date(2022, 3, 3))


def propose(calendar, office) -> None:
    """An office below proposes further meetings, outside the yearly calendar."""
    from calendars import services
    from calendars.models import Meeting
    from law.workdays import is_working

    rows = Meeting.objects.filter(calendar=calendar, holder__path__startswith=office.path).order_by("pk")[:PROPOSED]
    days = [dt.date(YEAR, 9, 1) + dt.timedelta(days=n) for n in range(120)]
    days = [day for day in days if is_working(day)]
    items = [
        services.Create(
            {
                "holder_id": row.holder_id,
                "place_id": row.place_id,
                "address": row.address,
                "date": days[number],
                "time": dt.time(17),
                "planned_minutes": 60,
                "report_minutes": 15,
                "format": row.format,
                "broadcast": row.broadcast,
                "broadcast_note": "",
                "languages": "both",
                "remarks": "",
                "off_calendar": True,
            }
        )
        for number, row in enumerate(rows)
    ]
    services.apply(calendar, items, by=office, label="benchmark", verb="meeting.proposed")


def letters() -> None:
    from journal.services import Letter, Recipient, queue_many
    from territories.models import Territory

    path = Territory.objects.get(code=REGION, valid_to=None).path
    queue_many(
        Letter(
            kind="account",
            template="_given",
            to=Recipient(f"user{number}@akimat.example"),
            about=("benchmark", str(number)),
            context={"subject": f"Күнтізбе {number}", "text": "Күнтізбе бекітілді.", "html": "<p>Күнтізбе</p>"},
            scope_path=path,
        )
        for number in range(LETTERS)
    )


def session(user) -> str:
    """Key of a session that is logged in as the user."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["began"] = int(time.time())
    store.save()
    return store.session_key
