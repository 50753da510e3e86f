"""Remarks on the meetings of a submitted calendar, brought back in its workbook."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from calendars import rules
from calendars.difference import words as row_words
from calendars.models import CalendarVersion, Submission, SubmissionRemark, VersionRow
from calendars.models.submission import SubmissionState
from calendars.services import submit
from journal.dates import short_date
from journal.services import record
from territories.scope import Who

from ..summaries.calendars import calendar
from ..summaries.model import LANGUAGES, Asked
from .returned import NAMED, Brought, Outcome, compare, refuse_altered


def take(rows: list[Brought], columns: dict[str, int], *, today: dt.date, by: Who) -> Outcome:
    """Compare with the submitted versions, and bind each remark to its row. Raises PermissionDenied."""
    if not rules.can_review(by):
        raise PermissionDenied(_("Only the Government's reviewer remarks on a submitted calendar."))
    outcome = Outcome()
    open_ones = submissions(rows, by)
    stale(rows, open_ones, outcome, by)
    if outcome.refused:
        return outcome
    only = frozenset(row.pk for row in rows)
    made = [
        calendar(Asked("calendar", year, by, today, None, language, only=only))[-1]
        for language in LANGUAGES
        for year in {one.version.calendar.year for one in open_ones.values()}
    ]
    if refuse_altered(rows, compare(rows, columns, made, outcome), outcome):
        return outcome
    write([row for row in rows if row.remark], open_ones, outcome, by)
    return outcome


def submissions(rows: list[Brought], by: Who) -> dict[int, Submission]:
    """The newest submission of each version in the file that the reader may see."""
    found: dict[int, Submission] = {}
    wanted = Submission.objects.visible_to(by).filter(version__in={row.version for row in rows})
    for one in wanted.select_related("version__calendar__region").order_by("submitted_at"):
        found[one.version_id] = one
    return found


def stale(rows: list[Brought], known: dict[int, Submission], outcome: Outcome, by: Who) -> None:
    """Refuse a file whose remarks speak of a version that is no longer to be reviewed, and say what changed."""
    for version in {row.version for row in rows if row.remark}:
        one = known.get(version)
        if one is None:
            outcome.refused = _("The file has rows of a version that was not submitted, or is not yours to see.")
            return
        newest = (
            CalendarVersion.objects.visible_to(by).filter(calendar=one.version.calendar).order_by("-number").first()
        )
        if newest is not None and newest.pk != version:
            outcome.refused = _("Version %(number)s of %(region)s has been submitted since; take it out again.") % {
                "number": newest.number, "region": one.version.calendar.region.name(),
            }  # fmt: skip
            outcome.changed = changes(version, newest.pk)
            return
        if one.state != SubmissionState.SUBMITTED:
            text = _("The calendar of %(region)s has been decided on already: %(state)s.")
            outcome.refused = text % {"region": one.version.calendar.region.name(), "state": one.get_state_display()}
            return


def changes(old: int, new: int) -> list[str]:
    """The rows that differ between two versions, named by number, day and place."""
    was, became = (
        {row.meeting_id: row for row in VersionRow.objects.filter(version=version)} for version in (old, new)
    )
    found = []
    for meeting in sorted(was.keys() | became.keys(), key=lambda pk: (became.get(pk) or was[pk]).number):
        one, other = was.get(meeting), became.get(meeting)
        if one is not None and other is not None and one.data == other.data:
            continue
        row = other or one
        assert row is not None
        found.append(f"№ {row.number}, {short_date(row.date)}, {row_words(row.data, 'place')}")
    return found[:NAMED]


# -- Taking over ----------------------------------------------------------------------------------
@transaction.atomic
def write(rows: list[Brought], known: dict[int, Submission], outcome: Outcome, by: Who) -> None:
    """Bind each remark to its row, once."""
    frozen = VersionRow.objects.in_bulk([row.pk for row in rows])
    there = set(SubmissionRemark.objects.filter(submission__in=known.values()).values_list("row", "text"))
    for row in rows:
        if (row.pk, row.remark) in there:
            outcome.repeated += 1
            continue
        submit.remark(known[row.version], text=row.remark, row=frozen[row.pk], by=by)
        outcome.taken += 1
    for one in (known[version] for version in {row.version for row in rows}):
        outcome.places.append((reverse("calendars:submission", args=[one.pk]), str(one.version)))
        became = {"remarks": sum(row.version == one.version_id for row in rows)}
        record(
            by.actor, "export.returned", one, object_text=str(one.version), became=became,
            scope_path=one.version.calendar.region.path,
        )  # fmt: skip
