"""One unsurprising builder per model."""

import datetime as dt
import itertools
from collections.abc import Iterable

from django.db import connection
from django.db.models import Model

from calendars.models import Calendar, Meeting, MeetingState, MeetingTarget
from deadlines.ids import Subject, duty_id
from deadlines.models import Counting, Duty
from law.register import rule
from territories.models import Kind, Mailbox, Organisation, Post, Territory, User
from territories.models.organisations import OrganisationKind

counter = itertools.count(1)
PASSWORD = "Сыр-дария-2027"
FIRST_DAY = dt.date(2020, 1, 1)


def unit(name: str, kind: Kind, parent: Territory | None = None, *, own_akim: bool = False, code: str = "", **fields):
    """A unit with its path and region filled, as the importer would fill them."""
    row = unsaved_unit(fresh_ids(Territory)[0], name, kind, parent, own_akim=own_akim, code=code, **fields)
    row.save(force_insert=True)
    return row


def unsaved_unit(
    number: int, name: str, kind: Kind, parent: Territory | None = None, *, code: str = "", **fields
) -> Territory:
    """As `unit`, for those who save many at once; the number is one of `fresh_ids`."""
    return Territory(
        pk=number,
        code=code or f"9{next(counter):08d}",
        kind=kind,
        parent=parent,
        region=(parent.region or parent) if parent else None,
        path=f"{parent.path if parent else ''}{number}/",
        name_kk=f"{name} (қаз)",
        name_ru=f"{name} (рус)",
        search=name.lower(),
        sort_kk=name.lower(),
        **fields,
    )


def fresh_ids(model: type[Model], count: int = 1) -> list[int]:
    """Ids that the table's own counter gives out; rows need them before they are saved where they name themselves."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            taken = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(taken, [table, count])
            return [number for (number,) in cursor]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        # An inserted row takes the counter with it.
        return [(last[0] if last else 0) + step for step in range(1, count + 1)]


def user(email: str = "", **fields) -> User:
    return User.objects.create_user(email or f"user{next(counter)}@test.example", PASSWORD, **fields)


def post(role: str, territory: Territory | None = None, organisation: Organisation | None = None, **fields) -> Post:
    fields.setdefault("valid_from", FIRST_DAY)
    holder = fields.pop("user", None) or user()
    return Post.objects.create(user=holder, role=role, territory=territory, organisation=organisation, **fields)


def maslikhat(region: Territory, *addresses: str) -> Organisation:
    body = Organisation.objects.create(
        key=f"maslikhat-{region.code}",
        kind=OrganisationKind.MASLIKHAT,
        territory=region,
        name_kk=f"{region.name_kk} мәслихаты",
        name_ru=f"Маслихат: {region.name_ru}",
    )
    for address in addresses:
        Mailbox.objects.create(organisation=body, address=address)
    return body


def calendar(region: Territory, year: int = 2027) -> Calendar:
    return Calendar.objects.create(region=region, year=year)


def meeting(
    calendar: Calendar,
    holder: Territory,
    place: Territory | None = None,
    date: dt.date = dt.date(2027, 3, 10),
    state: str = MeetingState.PLANNED,
    **fields,
) -> Meeting:
    """A row as the pipeline would leave it: numbered, with its target row."""
    place = place or holder
    row = Meeting.objects.create(
        calendar=calendar,
        number=calendar.meetings.count() + 1,
        holder=holder,
        place=place,
        date=date,
        state=state,
        **({"time": dt.time(10, 0)} | fields),
    )
    MeetingTarget.objects.create(meeting=row, holder=holder, target=place)
    return row


def duty(
    rule_id: str,
    debtor: Territory | None,
    kind: Subject,
    subject_id: int,
    period: str = "",
    due_on: dt.date | None = None,
    body: Organisation | None = None,
) -> Duty:
    """A duty as the sweep would open it, with a counting of its own day."""
    counting, _new = Counting.objects.get_or_create(
        wording=rule(rule_id, dt.date(2027, 1, 1)).key,
        day=due_on or Counting.NO_DAY,
        defaults={"due_on": due_on, "late_after": due_on, "safe_on": due_on},
    )
    return Duty.objects.create(
        id=duty_id(kind, subject_id, rule_id, period),
        rule_id=rule_id,
        year=2027,
        debtor=debtor,
        body=body,
        region=(debtor.region or debtor) if debtor else None,
        counting=counting,
        due_on=due_on,
        late_after=due_on,
        opened_on=dt.date(2026, 12, 1),
    )


def seen_of(meetings: Iterable[Meeting]) -> dict[int, int]:
    """Ids and versions of rows, as a page hands them back."""
    return {meeting.pk: meeting.version for meeting in meetings}
