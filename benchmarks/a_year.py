"""A region's year as offices leave it: 2,005 meetings, approved, submitted, half of the year played with all that comes
before and after a meeting, then corrected; beside it the calendars of the other regions and the ledger of the nation.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from benchmarks import frame, rooms

REGION, YEAR = "610000000", 2027
#: The day up to which meetings are announced and held: today of the benchmark.
PLAYED_UNTIL = dt.date(2027, 6, 15)
CORRECTED, PROPOSED, CANCELLED, LETTERS = 40, 60, 100, 300
SEED = 826
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Year:
    """The ids and values that addresses need (`staff_pages`), and the session keys of the people who ask, by group."""

    meetings: int
    duties: int
    ids: dict[str, Any]
    sessions: dict[str, list[str]]


def make(people: int) -> Year:
    """Fill the database; `people` sessions for each group."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.db.models import Count

    from calendars import demo, services
    from calendars.models import Calendar, Meeting, MeetingState
    from calendars.services import approval, submit
    from deadlines.models import Duty
    from deadlines.services import sweep
    from journal.models import Notice
    from reporting.desk import keeping
    from territories.models import Mailbox, Organisation, Role, Territory
    from territories.models.organisations import OrganisationKind
    from territories.scans import read_scan
    from territories.scope import Who, clock, today

    with connection.cursor() as cursor:
        # The database is thrown away afterwards: nobody waits for its disk.
        cursor.execute("SET synchronous_commit TO off")
    region = Territory.objects.get(code=REGION, valid_to=None)
    body = Organisation.objects.get(kind=OrganisationKind.MASLIKHAT, territory=region)
    Mailbox.objects.create(organisation=body, address="maslikhat@region.example")
    staff = [post(Role.REGION_EDITOR, region, number) for number in range(people)]
    heads = [post(Role.REGION_APPROVER, region, number) for number in range(people)]
    reviewers = [post(Role.GOVERNMENT, None, number) for number in range(people)]
    administrators = [post(Role.ADMINISTRATOR, None, number) for number in range(people)]
    raion = Territory.objects.filter(parent=region, kind="raion", valid_to=None).order_by("code")[0]
    offices = [post(Role.OFFICE_STAFF, raion, number) for number in range(people)]
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
    lived = rooms.play(calendar, raion, until=PLAYED_UNTIL, seed=SEED)

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
    propose(calendar, Who(user=offices[0].user, post=offices[0]))
    letters()
    the_nation(apart=region)
    sweep(PLAYED_UNTIL)
    lived |= rooms.things(
        calendar, raion, lived, today=PLAYED_UNTIL, by=editor, administrator=administrators[0], reviewer=reviewers[0]
    )
    # As the timetable leaves the desk a minute after the last change.
    keeping.refresh()
    frame.analyze()
    meeting = (
        Meeting.objects.filter(calendar=calendar, state=MeetingState.PLANNED, announced_on__isnull=False)
        .filter(holder__path__startswith=raion.path)
        .order_by("pk")[0]
    )
    days = Meeting.objects.filter(calendar=calendar).values_list("date").annotate(n=Count("pk")).order_by("-n", "date")
    fullest = days[0][0]
    late = Duty.objects.in_state("breach", PLAYED_UNTIL).filter(cancelled_at=None).order_by("due_on", "pk")
    far = late[late.count() * 2 // 3]
    year = Year(
        meetings=count,
        duties=Duty.objects.count(),
        ids=lived
        | {
            "region": region.pk,
            "raion": raion.pk,
            "meeting": meeting.pk,
            "planned": later.order_by("pk").values_list("pk", flat=True)[0],
            "holder": meeting.holder_id,
            "place": meeting.place_id,
            "month": fullest.month,
            "day": fullest.isoformat(),
            "rows": [f"{row.pk}:{row.version}" for row in later[:100]],
            "version": version.pk,
            "later": corrected.pk,
            "submission": submission.pk,
            "letter": Notice.objects.filter(kind="account").order_by("-pk")[0].pk,
            "duty": Duty.objects.filter(debtor=region).order_by("pk")[0].pk,
            "far": f"{far.due_on}_{far.pk}",
            "person": offices[0].user_id,
            "post": offices[0].pk,
        },
        sessions={
            "editors": [session(row.user) for row in staff],
            "approvers": [session(row.user) for row in heads],
            "reviewers": [session(row.user) for row in reviewers],
            "administrators": [session(row.user) for row in administrators],
            "offices": [session(row.user) for row in offices],
            "executors": [session(rooms.executor(raion).user) for _number in range(people)],
            # Tables and exports are seen by nobody but their author.
            "authors": [session(staff[0].user) for _number in range(people)],
            "bodies": [session(rooms.ministry_staff().user) for _number in range(people)],
        },
    )
    frame.analyze()
    return year


def the_nation(*, apart) -> None:
    """The other regions' calendars, played without what follows a meeting: much of what they owe is late."""
    from calendars import demo
    from territories.models import Territory
    from territories.scope import clock

    for region in Territory.objects.regions().filter(valid_to=None).exclude(pk=apart.pk).order_by("code"):
        calendar, _count = demo.fill(region, YEAR, share=1.0, seed=SEED, by=clock("benchmark"))
        demo.play(calendar, until=PLAYED_UNTIL, seed=SEED)


@cache
def password() -> str:
    """The hash of the one password of all; each would take its time."""
    from django.contrib.auth.hashers import make_password

    return make_password("benchmark only")


def post(role: str, unit, number: int):
    from territories.models import Post, User

    place = unit.code if unit else "nation"
    user = User.objects.create_user(f"{role}{number}.{place}@staff.example", full_name=f"Қызметкер {number}")
    user.password = password()
    user.save(update_fields=["password"])
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
    from allauth.account.internal.flows.login import record_authentication
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["began"] = int(time.time())
    # As if he had just typed it once more, which the page that sets up the second factor asks for.
    asking: Any = SimpleNamespace(session=store)
    record_authentication(asking, user, method="password", reauthenticated=True)
    store.save()
    return store.session_key
