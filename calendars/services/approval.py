"""Approval of a region's calendar: the draft becomes version n, and the maslikhat hears of it (826-2.1.h2, h3, f1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journal.services import record
from territories.models import Territory
from territories.scans import Scan
from territories.scope import Who

from .. import coverage, rules
from ..difference import Difference, difference, digest, frozen, rows_of
from ..models import Calendar, CalendarVersion, Meeting, MeetingState, VersionRow
from .notify import notify
from .rows import lock, touch

#: How many missing pairs a version remembers by name; the rest are only counted.
HOLES_KEPT = 500


class StaleCalendar(Exception):
    """The calendar has changed since the page was shown; nothing was approved."""

    def __init__(self, calendar: Calendar, newest: CalendarVersion | None) -> None:
        self.calendar = calendar
        self.newest = newest
        super().__init__(_("The calendar has changed since you opened this page."))


class HolesNotConfirmed(Exception):
    """Required meetings are missing and the approver has not said that he knows (826-2.1.h4)."""

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.snapshot = snapshot
        super().__init__(_("Required meetings are missing. Confirm that you approve the calendar without them."))


@dataclass(frozen=True)
class Approved:
    """The version, and whether this very request had made it before."""

    version: CalendarVersion
    repeated: bool = False


@transaction.atomic
def approve(
    calendar: Calendar,
    *,
    order_number: str,
    order_date: dt.date,
    scan: Scan,
    reason: str = "",
    holes_confirmed: bool = False,
    seen_version: int,
    idempotency_key: str,
    today: dt.date,
    by: Who,
) -> Approved:
    """Freeze the rows of the calendar as its next version and notify the maslikhat in the same transaction.

    Rows planned and held are frozen; open proposals stay outside and wait. A hole in the coverage
    is a warning to be confirmed, not a wall. A later version needs a reason. The same
    `idempotency_key` of the same person answers the version that it made. Raises
    PermissionDenied, ValidationError (fields), StaleCalendar, HolesNotConfirmed; then nothing is written.
    """
    if not rules.can_approve(by, calendar):
        raise PermissionDenied(_("Only the post that approves the calendar of this region may do that."))
    if settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(by.user):
        raise PermissionDenied(_("Set up the second factor of your account first; approval asks for it."))
    calendar = lock(calendar)
    made = CalendarVersion.objects.filter(approved_by=by.user, idempotency_key=idempotency_key).first()
    if made is not None:
        return Approved(made, repeated=True)
    previous = calendar.versions.first()
    if calendar.version != seen_version:
        raise StaleCalendar(calendar, previous)
    check(calendar, previous, order_number=order_number, order_date=order_date, reason=reason, today=today)

    meetings = list(freezable(calendar))
    if not meetings:
        raise ValidationError(_("The calendar has no meetings yet. Enter or import them first."))
    rows = frozen(freezable(calendar))
    found = Difference()
    if previous is not None:
        was = rows_of(previous)
        found = difference(was, rows, reasons_of(calendar, was.keys() - rows.keys()))
        if not found:
            text = _("Nothing has changed since version %(number)s. Correct the calendar first, then approve.")
            raise ValidationError(text % {"number": previous.number})
    version = CalendarVersion(
        calendar=calendar,
        number=previous.number + 1 if previous else 1,
        order_number=order_number.strip(),
        order_date=order_date,
        scan_name=scan.shown_name,
        scan_sha256=scan.sha256,
        scan_type=scan.content_type,
        reason=reason.strip() if previous else "",
        approved_at=by.moment,
        approved_by=by.user,
        approved_under=by.post,
        row_count=len(rows),
        rows_sha256=digest(rows.values()),
        difference=found.stored() if previous else {},
        idempotency_key=idempotency_key,
    )
    version.scan.save(scan.stored_name, ContentFile(scan.data), save=False)
    try:
        version.save(force_insert=True)
        freeze(version, meetings, rows)
        # After the freezing: a meeting outside the calendar counts once a version holds it.
        version.coverage = snapshot(calendar)
        if version.coverage["missing"] and not holes_confirmed:
            raise HolesNotConfirmed(version.coverage)
        version.save(update_fields=["coverage"])
        touch(calendar)
        write_down(version, previous, by)
        notify(version, by=by, today=today)
    except Exception:
        # The rows go with the transaction, the file would stay.
        version.scan.storage.delete(version.scan.name or "")
        raise
    return Approved(version)


def check(
    calendar: Calendar,
    previous: CalendarVersion | None,
    *,
    order_number: str,
    order_date: dt.date,
    reason: str,
    today: dt.date,
) -> None:
    """What the order and the reason must be; every complaint at its field."""
    found: dict[str, str] = {}
    if not order_number.strip():
        found["order_number"] = _("Give the number of the order that approves the calendar.")
    elif calendar.versions.filter(order_number=order_number.strip(), order_date=order_date).exists():
        text = _("Another version was already approved by the order No. %(order)s of this date.")
        found["order_number"] = text % {"order": order_number.strip()}
    if order_date > today:
        found["order_date"] = _("The order cannot be dated later than today.")
    elif previous is not None and order_date < previous.order_date:
        found["order_date"] = _("The correction cannot be older than the version that it corrects.")
    if previous is not None and not reason.strip():
        found["reason"] = _("Say why the calendar is corrected; the maslikhat reads it.")
    if found:
        raise ValidationError(found)


def freezable(calendar: Calendar) -> QuerySet[Meeting]:
    """Rows that a version would hold."""
    return calendar.meetings.in_calendar().order_by("number")


def freeze(version: CalendarVersion, meetings: list[Meeting], rows: Mapping[int, Mapping[str, Any]]) -> None:
    VersionRow.objects.bulk_create(
        [
            VersionRow(
                version=version,
                meeting=meeting,
                number=meeting.number,
                holder_id=meeting.holder_id,
                place_id=meeting.place_id,
                date=meeting.date,
                data=rows[meeting.pk],
            )
            for meeting in meetings
        ],
        batch_size=500,
    )


def reasons_of(calendar: Calendar, gone: Any) -> dict[int, str]:
    """Why meetings of the last version are no longer in the calendar."""
    cancelled = calendar.meetings.filter(pk__in=gone, state=MeetingState.CANCELLED)
    return dict(cancelled.values_list("pk", "cancel_reason"))


def snapshot(calendar: Calendar) -> dict[str, Any]:
    """Coverage of the plan as it is now: totals by line, and the pairs that are still open."""
    region, year = calendar.region, calendar.year
    sums, holes = coverage.sums(region, year)
    totals = coverage.add_sums(sums)
    named = holes[:HOLES_KEPT]
    units = Territory.objects.in_bulk({pk for cell in named for pk in (cell.holder_id, cell.target_id)})
    whole = coverage.sum_up(totals)
    return {
        "required": whole.required,
        "planned": whole.planned,
        "missing": whole.missing,
        "lines": {t.line: {"required": t.required, "planned": t.planned, "held": t.held} for t in totals},
        "holes": [
            {
                "line": cell.line,
                "holder": units[cell.holder_id].code,
                "target": units[cell.target_id].code,
                "period": cell.period,
                "missing": cell.missing,
            }
            for cell in named
        ],
    }


def write_down(version: CalendarVersion, previous: CalendarVersion | None, by: Who) -> None:
    record(
        by.actor,
        "calendar.corrected" if previous else "calendar.approved",
        version,
        was={"number": previous.number, "rows_sha256": previous.rows_sha256} if previous else {},
        became={
            "number": version.number,
            "order_number": version.order_number,
            "order_date": version.order_date,
            "scan_sha256": version.scan_sha256,
            "row_count": version.row_count,
            "rows_sha256": version.rows_sha256,
            "missing": version.coverage["missing"],
            "proposals_left_out": proposals(version.calendar).count(),
        },
        reason=version.reason,
        basis="826-2.1.f1" if previous else "826-2.1.h2",
        scope_path=version.calendar.region.path,
    )


def proposals(calendar: Calendar):
    """Proposals that wait for the region's word; they stay outside an approved version."""
    return calendar.meetings.filter(state=MeetingState.PROPOSED)
