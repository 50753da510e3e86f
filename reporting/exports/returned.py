"""A calendar that was taken out comes back with remarks: compared row by row, each remark bound to its row.

Only the column of remarks is read. A file is refused as a whole when the calendar it shows is no longer the one to be
reviewed; the rows that changed since are named. Cells that were altered are named too, and a remark in such a row is
not taken: whoever sorted a part of the table would bind it to another meeting.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars import rules
from calendars.difference import words as row_words
from calendars.models import CalendarVersion, Submission, SubmissionRemark, VersionRow
from calendars.models.submission import SubmissionState
from calendars.services import submit
from calendars.workbook import guard, reader
from calendars.workbook.references import column_letter
from calendars.workbook.sheet import Cell, CellKind, Row, Sheet
from journal.dates import short_date
from journal.services import record
from territories.scope import Who

from ..summaries.calendars import CALENDAR_COLUMNS, calendar
from ..summaries.model import LANGUAGES, Asked, Words

KEY = re.compile(r"row:(\d{1,18})@(\d{1,18})")
#: Names of what differs that the page lists one by one.
NAMED = 50


@dataclass(frozen=True)
class Brought:
    """One row of the file: where it stands, which row of which version it is, what was remarked."""

    row: Row
    pk: int
    version: int
    remark: str


@dataclass
class Outcome:
    """What became of a file. Nothing was written unless `taken` says so."""

    taken: int = 0
    repeated: int = 0
    submissions: list[Submission] = field(default_factory=list)
    #: Why the whole file was refused, and the rows that changed since it was taken out.
    refused: str = ""
    changed: list[str] = field(default_factory=list)
    #: Cells that are not as they were taken out.
    altered: list[str] = field(default_factory=list)


class Unreadable(ValidationError):
    """The file is no calendar that was taken out here."""


def receive(content: IO[bytes] | bytes, name: str, *, today: dt.date, by: Who) -> Outcome:
    """Compare a file that came back and take its remarks over, all of them or none.

    Repeating it adds nothing. Raises PermissionDenied, Unreadable.
    """
    if not rules.can_review(by):
        raise PermissionDenied(_("Only the Government's reviewer remarks on a submitted calendar."))
    sheet, columns, head = table_of(content, name)
    rows = list(brought(sheet, columns, head))
    if not rows:
        raise Unreadable(_("The file has no rows of a calendar that was taken out here."))
    outcome = Outcome()
    remarked = [row for row in rows if row.remark]
    open_ones = submissions(rows, by)
    stale(rows, open_ones, outcome, by)
    if outcome.refused:
        return outcome
    altered = compare(rows, columns, open_ones, by, today, outcome)
    if wrong := [row for row in remarked if row.row.number in altered]:
        text = _("Row %(row)s has a remark and was altered. Put its cells right, or take the calendar out again.")
        outcome.refused = text % {"row": wrong[0].row.number}
        return outcome
    if not remarked:
        outcome.refused = _("The column of remarks is empty.")
        return outcome
    write(remarked, open_ones, outcome, by)
    return outcome


# -- Reading --------------------------------------------------------------------------------------
def table_of(content: IO[bytes] | bytes, name: str) -> tuple[Sheet, dict[str, int], int]:
    """The sheet with the keys, where each column stands (from 1), and the row of the headings."""
    inspection = guard.inspect(content, name)
    workbook = reader.read(inspection)
    if workbook is None:
        raise Unreadable([finding.text for finding in inspection.findings])
    known = headings()
    for sheet in workbook.sheets:
        for row in sheet.rows[:20]:
            found = {known[text]: place for place, cell in enumerate(row.cells, 1) if (text := plain(cell)) in known}
            if {"remark", "key", "date"} <= found.keys():
                return sheet, found, row.number
    raise Unreadable(_("The file is no calendar that was taken out here: the columns of remarks and keys are missing."))


def headings() -> dict[str, str]:
    """Keys of the columns by their headings in every language of a file."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        words = Words(language)
        for column in CALENDAR_COLUMNS:
            found.setdefault(words.say(column.heading, "\n").strip(), column.key)
    return found


def plain(cell: Cell) -> str:
    """A cell as text that can be compared: days as 15.01.2027, whole numbers without a point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return short_date(value.date() if isinstance(value, dt.datetime) else value)
    if cell.kind == CellKind.NUMBER and float(value) == int(float(value)):  # type: ignore[arg-type]
        return str(int(value))  # type: ignore[call-overload]
    return str(value).replace("\r\n", "\n").strip()


def brought(sheet: Sheet, columns: dict[str, int], head: int) -> Iterator[Brought]:
    for row in sheet.rows:
        found = KEY.fullmatch(plain(row.cell(columns["key"])))
        if row.number > head and found:
            yield Brought(row, int(found[1]), int(found[2]), plain(row.cell(columns["remark"]))[:2000])


# -- Comparing ------------------------------------------------------------------------------------
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


def compare(
    rows: list[Brought],
    columns: dict[str, int],
    known: dict[int, Submission],
    by: Who,
    today: dt.date,
    outcome: Outcome,
) -> set[int]:
    """Name the cells that are not as they were taken out; answers the rows of the file in which they stand."""
    altered: set[int] = set()
    years = {one.version.calendar.year for one in known.values()}
    only = frozenset(row.pk for row in rows)
    expected: dict[str, list[dict[int, Any]]] = {}
    for language in LANGUAGES:
        for year in years:
            sheet = calendar(Asked("calendar", year, by, today, None, language, only=only))[-1]
            places = {columns[c.key]: i for i, c in enumerate(sheet.columns) if c.key in columns and not c.open}
            for line in sheet.rows():
                texts = {place: shown(line[index]) for place, index in places.items()}
                expected.setdefault(str(line[-1]), []).append(texts)
    for row in rows:
        ways = expected.get(f"row:{row.pk}@{row.version}")
        if not ways:
            continue
        # In whichever language it was taken out: the one in which fewest cells differ.
        differing = min(
            ([place for place, text in texts.items() if plain(row.row.cell(place)) != text] for texts in ways), key=len
        )
        for place in differing:
            altered.add(row.row.number)
            if len(outcome.altered) < NAMED:
                outcome.altered.append(f"{column_letter(place)}{row.row.number}")
    return altered


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return short_date(value)
    return str(value).replace("\r\n", "\n").strip()


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
    outcome.submissions = [known[version] for version in {row.version for row in rows}]
    for one in outcome.submissions:
        became = {"remarks": sum(row.version == one.version_id for row in rows)}
        record(
            by.actor, "export.returned", one, object_text=str(one.version), became=became,
            scope_path=one.version.calendar.region.path,
        )  # fmt: skip
