"""The calendars of one year in every region: planned by the planner, written by COPY, approved and submitted."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection

from calendars import coverage, demo, planner, services
from calendars.difference import digest, frozen
from calendars.models import Calendar, CalendarVersion, MaslikhatNotice, Submission
from calendars.services import approval
from calendars.services.rows import touch
from calendars.simulation import ORDER
from law.workdays import is_working
from territories.models import Organisation, Territory
from territories.models.organisations import OrganisationKind
from territories.scope import clock

from ..replay.regions import DOMAIN, people_of

COLUMNS = (
    "calendar_id", "number", "state", "off_calendar", "holder_id", "place_id", "address", "date", "time",
    "planned_minutes", "report_minutes", "format", "broadcast", "broadcast_note", "languages", "remarks",
    "announced_on", "announced_url", "held_on", "attendance", "cancel_reason", "returned_remark", "created_at",
    "updated_at", "version",
)  # fmt: skip
#: Of 100 meetings so many were never announced.
UNTOLD = 3
#: Days before the meeting beyond the window of its akim; below none: told too late.
EARLY = (0, 0, 1, 2, 3, 5, -2)
#: Month and day, some days before each term.
APPROVED, SUBMITTED, ACCEPTED = (1, 12), (1, 14), (1, 19)


def instant(day: dt.date, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo(settings.TIME_ZONE))


def plan(regions: Sequence[Territory], year: int, *, today: dt.date, seed: int) -> int:
    """Every required meeting of the year, played up to today; answers how many there are."""
    by = clock("create_demo")
    calendars = {region.pk: services.open_calendar(region, year, by=by) for region in regions}
    cells = coverage.cells(list(regions), year, only_holes=True)
    units = Territory.objects.in_bulk({pk for c in cells for pk in (c.holder_id, c.target_id)})
    by_region: dict[int, list[coverage.Cell]] = {region.pk: [] for region in regions}
    for cell in cells:
        by_region[cell.region_id].append(cell)
    found: list[list[Any]] = []
    for region in regions:
        rng = random.Random(f"{seed}-{region.code}-{year}")  # noqa: S311
        proposals = planner.propose(
            by_region[region.pk],
            paths={pk: unit.path for pk, unit in units.items()},
            taken=(),
            is_working=is_working,
            not_before=dt.date(year, 1, 1),
        )
        found += [
            row_of(rng, calendars[region.pk], number, units[p.cell.holder_id], p.cell.target_id, p.date, today)
            for number, p in enumerate(proposals, start=1)
        ]
    copy("calendars_meeting", COLUMNS, found)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calendars_meetingtarget (meeting_id, holder_id, target_id, at_place)"
            " SELECT id, holder_id, place_id, true FROM calendars_meeting WHERE calendar_id = ANY(%s)",
            [[calendar.pk for calendar in calendars.values()]],
        )
    return len(found)


def row_of(
    rng: random.Random, calendar: Calendar, number: int, holder: Territory, place: int, day: dt.date, today: dt.date
) -> list[Any]:
    """One meeting as it stands today: announced (a few late or never), held. What was cancelled `lives` tells."""
    values = demo.values(rng, holder, place, day)
    window = 14 if holder.kind in (*demo.LONG_KINDS, "city_raion") else 7
    told: dt.date | None = day - dt.timedelta(days=window + rng.choice(EARLY))
    if told > today or rng.randrange(100) < UNTOLD:  # type: ignore[operator]
        told = None
    held, present = day < today, rng.randint(15, 180)
    made = instant(dt.date(calendar.year, 1, 8))
    return [
        calendar.pk, number, "held" if held else "planned", False, holder.pk, place,
        values["address"], day, values["time"], values["planned_minutes"], values["report_minutes"],
        values["format"].value, values["broadcast"].value, "", "both", "", told,
        f"https://akimat.example/kk/announcements/{number}" if told else "",
        day if held else None, present if held else None, "", "", made, made, 1,
    ]  # fmt: skip


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows into a table by COPY; None is NULL, an empty text stays one."""
    names = ", ".join(f'"{name}"' for name in columns)
    text = io.StringIO("".join("\t".join(map(written, row)) + "\n" for row in rows))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)


def written(value: Any) -> str:
    """A value as COPY's text format wants it; texts of this package hold no tabs, newlines or backslashes."""
    return "\\N" if value is None else str(value)


def approve(regions: Sequence[Territory], year: int) -> None:
    """The calendars as their akims approved them in January, told to the maslikhats and taken by the Government."""
    for calendar in Calendar.objects.filter(region__in=regions, year=year, versions=None).select_related("region"):
        people = people_of(calendar.region)
        by = people.at(instant(dt.date(year, *APPROVED))).approver
        meetings = list(approval.freezable(calendar))
        if not meetings:
            continue
        rows = frozen(approval.freezable(calendar))
        version = CalendarVersion(
            calendar=calendar, number=1, order_number="1-ө", order_date=dt.date(year, *APPROVED),
            scan_name="order.pdf", scan_sha256=hashlib.sha256(ORDER).hexdigest(), approved_at=by.moment,
            approved_by=by.user, approved_under=by.post, row_count=len(rows), rows_sha256=digest(rows.values()),
            idempotency_key=f"nation-{calendar.pk}",
        )  # fmt: skip
        version.scan.save("order.pdf", ContentFile(ORDER), save=False)
        version.save(force_insert=True)
        approval.freeze(version, meetings, rows)
        version.coverage = approval.snapshot(calendar)
        version.save(update_fields=["coverage"])
        touch(calendar)
        approval.write_down(version, None, by)
        tell(version)
        Submission.objects.create(
            version=version, letter_number="3-5/1", letter_date=dt.date(year, *SUBMITTED),
            submitted_at=instant(dt.date(year, *SUBMITTED)), submitted_by=people.editor.user, state="accepted",
            incoming_number="114", decided_at=instant(dt.date(year, *ACCEPTED)), decided_by=people.reviewer.user,
        )  # fmt: skip


def tell(version: CalendarVersion) -> None:
    """That the maslikhat took notice of the version; no letter lies in the outbox of years ago."""
    body = Organisation.objects.filter(kind=OrganisationKind.MASLIKHAT, territory=version.calendar.region).first()
    if body is None:
        return
    MaslikhatNotice.objects.create(
        version=version, maslikhat=body, address=f"maslikhat.{version.calendar.region.code}@{DOMAIN}",
        sent_by=version.approved_by, created_at=version.approved_at,
        token_digest=hashlib.sha256(f"nation-{version.pk}".encode()).hexdigest(),
        expires_at=version.approved_at + dt.timedelta(days=30),
        acknowledged_at=version.approved_at + dt.timedelta(days=1), acknowledged_name="secretary",
        acknowledged_number="17",
    )  # fmt: skip
