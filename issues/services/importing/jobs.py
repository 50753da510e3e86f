"""The life of a table: received, its columns chosen, read, shown, taken in or given up. Each step may be repeated.

Nothing of a table is entered before the person has seen it. Then all of it is, in one transaction; or its good rows
are, part by part, each in one transaction, and the wrong ones come back as a workbook. A worker that dies loses only
the part it had in hand; every row has a key by what it says, so that nothing is entered twice on any way.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from calendars.models import Meeting
from calendars.services.importing.jobs import HOSTILE, Refused
from calendars.services.importing.plan import undisturbed
from calendars.workbook import guard, reader
from calendars.workbook.cells import Context
from calendars.workbook.findings import Finding, Findings, Severity
from calendars.workbook.references import column_letter
from calendars.workbook.remarks import wrong_rows_workbook
from calendars.workbook.sheet import Workbook
from calendars.workbook.table import Table, read_under
from journal.failpoints import reach
from journal.services import record
from territories.models import Post, Role, Territory
from territories.scope import Who, clock, posts_of, under_post

from ... import rules
from ...models import ColumnMemory, ImportPart, TableImport, TableState
from ...sealing import KeyMissing
from ..changing import require
from ..files import CSV, XLSX, Checked, empty_sheet, open_sheet, shown_name, store_sheet
from . import layout as layouts
from .columns import template_of
from .layout import Layout
from .meaning import Look, columns_missing
from .packing import Packer, opened
from .taking import Taking, known_among, take_rows

logger = logging.getLogger(__name__)

#: A worker that has shown no sign of life for so long has lost the job.
LEASE = dt.timedelta(seconds=150)
MOST_ATTEMPTS = 3
#: Findings kept with a job; their number is counted in full.
FINDINGS_STORED = 20_000
#: Tables of so many rows and bytes are read and taken in while the person waits.
AT_ONCE_ROWS, AT_ONCE_BYTES = 1_500, 2 * 2**20
#: Tables that one post may have waiting.
MOST_OPEN = 20


class Lost(Exception):
    """Another worker has the job now, or the person has given it up."""


# -- Receiving ------------------------------------------------------------------------------------
def receive(
    inspection: guard.Inspection, *, kind: str, unit: Territory, meeting: Meeting | None = None, by: Who
) -> TableImport:
    """Keep a file that passed the guard, sealed, and propose what its columns mean.

    Raises PermissionDenied, `Refused` with findings, ValidationError.
    """
    require_bringer(by, unit, kind)
    if meeting is not None and meeting.holder_id != unit.pk:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    workbook = reader.read(inspection, first_rows=layouts.FIRST_ROWS)
    if workbook is None:
        note_attack(inspection, unit, by)
        raise Refused(inspection.findings)
    found = layouts.find(workbook, template_of(kind), memory_of(unit, kind, own_post(by)))
    if found is None:
        inspection.findings.add("B22.none", sheet=workbook.sheets[0].name if workbook.sheets else "")
        raise Refused(inspection.findings)
    with transaction.atomic():
        waiting_for = TableImport.objects.visible_to(by).filter(finished_at=None)
        if waiting_for.count() >= MOST_OPEN:
            raise ValidationError(_("Many of your tables wait already. Take them in or give them up first."))
        kind_of_file = CSV if inspection.kind == "csv" else XLSX
        name = shown_name(inspection.filename, kind_of_file)
        sheet = store_sheet(Checked(inspection.content, kind_of_file, name), unit=unit, by=by)
        job = TableImport.objects.create(
            unit=unit,
            region_id=unit.region_id or unit.pk,
            kind=kind,
            meeting=meeting,
            sheet=sheet,
            file_name=name,
            sha256=inspection.sha256,
            layout=found.as_dict(),
            counts={"rows": inspection.rows or inspection.content.count(b"\n")},
            told_in=(get_language() or "kk")[:2],
            created_at=by.moment,
            created_by=by.user,
            created_under=by.post,
        )
        record(by.actor, "import.received", job, became={"file": name, "sha256": job.sha256, "kind": kind})
    return job


def note_attack(inspection: guard.Inspection, unit: Territory, by: Who) -> None:
    """Files that no office program makes are worth a line in the journal."""
    codes = sorted({finding.code for finding in inspection.findings if finding.case in HOSTILE})
    if codes:
        became = {"sha256": inspection.sha256, "codes": codes}
        record(by.actor, "import.refused", unit, became=became, scope_path=unit.path)


def require_bringer(by: Who, unit: Territory, kind: str) -> None:
    text = _("Only the akim's office of this unit, or one above it, may do this.")
    require(rules.can_bring(by, unit, kind), text)


def own_post(by: Who) -> Post | None:
    """The post of an executor, whose tables are his own; None for an office."""
    return by.post if rules.brings_own(by) else None


def executor_of(job: TableImport) -> Post | None:
    """The same for a table that was brought."""
    post = job.created_under
    return post if post is not None and post.role == Role.EXECUTOR else None


def memory_of(unit: Territory, kind: str, post: Post | None) -> dict[str, str]:
    """What the office, or the executor, chose for its headings before."""
    whose = {"unit": unit, "post": None} if post is None else {"post": post}
    row = ColumnMemory.objects.filter(kind=kind, **whose).first()
    return row.headings if row else {}


# -- Columns --------------------------------------------------------------------------------------
def first_look(job: TableImport, *, sheet: str = "", row: int = 0) -> tuple[Workbook, Layout]:
    """The first rows of the file and where its table stands; `sheet` and `row` look for it elsewhere.

    Raises FileNotFoundError when the file is no longer kept, KeyMissing when it can no longer be opened.
    """
    workbook = reader.read(guard.passed(kept(job), job.file_name), first_rows=layouts.FIRST_ROWS)
    if workbook is None:
        raise FileNotFoundError(job.file_name)
    if sheet or row:
        memory = memory_of(job.unit, job.kind, executor_of(job))
        found = layouts.find(workbook, template_of(job.kind), memory, sheet_name=sheet, row=row)
        if found is not None:
            return workbook, found
    return workbook, Layout.from_dict(job.layout)


def kept(job: TableImport) -> bytes:
    """The file as it was brought. Raises FileNotFoundError when it is no longer kept, KeyMissing when it is damaged."""
    if not job.sheet.file:
        raise FileNotFoundError(job.file_name)
    return open_sheet(job.sheet)


def inspected(job: TableImport) -> guard.Inspection:
    return guard.inspect(kept(job), job.file_name)


@transaction.atomic
def choose_columns(job: TableImport, chosen: Layout, *, by: Who) -> TableImport:
    """Take the person's word for the columns, remember it for the office, and have the file read.

    Raises ValidationError where a column is missing or chosen twice.
    """
    job = mine(job, by)
    if not job.waits_for_word:
        raise ValidationError(_("This table is closed. Bring the file again."))
    keys = {column.key for column in template_of(job.kind).columns}
    if not set(chosen.columns) <= keys or len(set(chosen.columns.values())) < len(chosen.columns):
        raise ValidationError(_("Each column can mean one thing only."))
    if columns_missing(job.kind, chosen.columns):
        raise ValidationError(_("Choose the missing columns."))
    post = own_post(by)
    remembered = memory_of(job.unit, job.kind, post) | layouts.to_remember(chosen)
    whose = {"unit": job.unit, "post": None} if post is None else {"post": post}
    ColumnMemory.objects.update_or_create(
        kind=job.kind, **whose, defaults={"unit": job.unit, "headings": remembered, "updated_by": by.user}
    )
    job.layout = chosen.as_dict()
    job.state, job.attempts, job.lease_until, job.fault = TableState.READING, 0, None, ""
    job.save(update_fields=["layout", "state", "attempts", "lease_until", "fault"])
    return job


# -- Work -----------------------------------------------------------------------------------------
def is_quick(job: TableImport) -> bool:
    """Is the table small enough to be worked on while the person waits?"""
    return job.counts.get("rows", 0) <= AT_ONCE_ROWS and job.sheet.size <= AT_ONCE_BYTES


def waiting() -> QuerySet[TableImport]:
    """Jobs that nobody has in hand: new ones, and those whose worker died."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return TableImport.objects.filter(free, state__in=(TableState.READING, TableState.TAKING))


def work(job_id: int, *, today: dt.date, inspection: guard.Inspection | None = None) -> bool:
    """Read a table or take it in. False when somebody else has it in hand or there is nothing to do.

    May be called twice or late. `inspection`: what the guard has just said of this very file, where it is at hand.
    """
    lease = timezone.now() + LEASE
    if not waiting().filter(pk=job_id).update(lease_until=lease, attempts=F("attempts") + 1):
        return False
    job = TableImport.objects.select_related("unit", "region", "sheet", "meeting", "created_by").get(pk=job_id)
    reach("table-claimed")
    with override(job.told_in):
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise ValidationError(_("The work was begun three times and broke off each time."))
            by = who_brought(job, today)
            require_bringer(by, job.unit, job.kind)
            if job.state == TableState.READING:
                read(job, lease, inspection, today=today, by=by)
            else:
                take(job, lease, today=today, by=by)
        except Lost:
            return False
        except FileNotFoundError:
            return failed(job, _("The uploaded file is no longer there. Bring it again."))
        except KeyMissing:
            return failed(job, damaged())
        except PermissionDenied as refused:
            return failed(job, str(refused))
        except ValidationError as wrong:
            return failed(job, " ".join(wrong.messages))
    return True


def who_brought(job: TableImport, today: dt.date) -> Who:
    """The person who brought the file, under the same post if he still holds it; else nobody."""
    if job.created_by is None:
        return clock("import")
    post = next((post for post in posts_of(job.created_by, today) if post.pk == job.created_under_id), None)
    return under_post(post) if post else Who(user=job.created_by)


def damaged() -> str:
    """What is told of a kept file that no key opens."""
    return _("The file that was kept for this table is damaged and can no longer be opened. Bring it again.")


@transaction.atomic
def note_damage(job: TableImport, *, by: Who) -> TableImport:
    """A table that waits for the person's word has failed: its kept file can no longer be opened."""
    job = mine(job, by)
    if job.waits_for_word and job.fault != damaged():
        job.state, job.fault = TableState.FAILED, damaged()
        job.save(update_fields=["state", "fault"])
        record(by.actor, "import.failed", job, reason=job.fault)
    return job


def failed(job: TableImport, fault: str) -> bool:
    values: dict[str, Any] = {"state": TableState.FAILED, "fault": fault, "lease_until": None}
    if TableImport.objects.filter(pk=job.pk, state__in=(TableState.READING, TableState.TAKING)).update(**values):
        record(clock("import").actor, "import.failed", job, reason=fault)
    return False


# -- Reading --------------------------------------------------------------------------------------
def read(job: TableImport, lease: dt.datetime, inspection: guard.Inspection | None, *, today: dt.date, by: Who) -> None:
    """Check every row and keep the good ones, sealed; writes nothing of them."""
    inspection = inspection or inspected(job)
    with undisturbed():
        workbook = reader.read(inspection)
        findings = inspection.findings
        table = table_of(job, workbook, findings, today) if workbook is not None else None
        packer = Packer(job.kind)
        if table is not None:
            check_rows(Look(job, table, findings, today=today, by=by), packer, table)
        keys = [key for _number, key, _line in packer.lines]
        known = known_among(keys)
        parts = [ImportPart(table=job, number=n, rows=rows, sealed=part)
                 for n, (rows, part) in enumerate(packer.parts(known), 1)]  # fmt: skip
        keep(job, lease, outcome(job, table, findings, packer, known), parts)


def table_of(job: TableImport, workbook: Workbook, findings: Findings, today: dt.date) -> Table | None:
    chosen = Layout.from_dict(job.layout)
    for each in workbook.sheets:
        findings.know_sheet(each.name)
    sheet = workbook.sheet(chosen.sheet)
    if sheet is None:
        raise ValidationError(_("The sheet of the table is no longer found. Bring the file again."))
    context = Context(today.year, workbook.date1904)
    return read_under(sheet, chosen.header, template_of(job.kind), findings, context)


def check_rows(look: Look, packer: Packer, table: Table) -> None:
    """Give every row its meaning; a good one is packed, a wrong one told."""
    for row in table.rows:
        values = look.row(row)
        if values is None:
            continue
        other = packer.add(row.number, values)
        if other is not None:
            look.tell("table.same", row, next(iter(table.header.columns)), other=other)
    if again := look.again:
        taken_before = known_among([key for _number, key, _line in packer.lines])
        by_number = {number: key for number, key, _line in packer.lines}
        for row, number in again:
            if by_number.get(row.number) not in taken_before:
                look.tell("table.appeal_twice", row, "appeal_number", value=number)
        packer.lines = [line for line in packer.lines if line[0] not in {r.number for r, _n in again if not r.ok}]


def outcome(
    job: TableImport, table: Table | None, findings: Findings, packer: Packer, known: set[str]
) -> dict[str, Any]:
    """What a job remembers of its reading."""
    if table is None:
        counts = {"rows": 0, "good": 0, "known": 0, "wrong": 0, "errors": findings.errors}
        return {
            "state": TableState.FAILED,
            "counts": counts,
            "findings": findings.as_list(FINDINGS_STORED),
            "wrong": [],
        }
    wrong = [row.number for row in table.rows if not row.ok]
    counts = {
        "rows": len(table.rows),
        "good": len(packer.lines) - len(known),
        "known": len(known),
        "wrong": len(wrong),
        "errors": findings.errors,
        "warnings": findings.warnings,
        "notes": findings.notes,
    }
    return {
        "state": TableState.WRONG if wrong or findings.has_errors else TableState.READY,
        "counts": counts,
        "findings": list(without_persons(findings.as_list(FINDINGS_STORED), table)),
        "facts": {"repairs": {name: count for name, count in table.repairs.items() if count}},
        "wrong": wrong,
        "expected": counts["good"],
    }


def without_persons(findings: Iterable[dict[str, Any]], table: Table) -> Iterator[dict[str, Any]]:
    """Findings as they are kept: nothing that stood in a column of names or contacts lies open with them."""
    columns = table.header.columns
    letters = {column_letter(columns[key]) for key in ("name", "phone", "email") if key in columns}
    for finding in findings:
        if finding["column"] not in letters:
            yield finding
        elif finding["severity"] == Severity.ERROR:
            yield finding | {"value": "", "offer": ""}


@transaction.atomic
def keep(job: TableImport, lease: dt.datetime, values: Mapping[str, Any], parts: list[ImportPart]) -> None:
    """Write down the outcome of reading, if the job is still in our hands. Raises Lost."""
    held(job, lease, TableState.READING)
    ImportPart.objects.filter(table=job).delete()
    ImportPart.objects.bulk_create(parts)
    TableImport.objects.filter(pk=job.pk).update(**values, progress=0, lease_until=None, attempts=0)


def held(job: TableImport, lease: dt.datetime, state: str) -> TableImport:
    """The job, locked to the end of the transaction, if this worker still has it. Raises Lost."""
    fresh = TableImport.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if fresh.state != state or fresh.lease_until != lease:
        raise Lost
    return fresh


# -- Taking in ------------------------------------------------------------------------------------
@transaction.atomic
def begin(job: TableImport, *, whole: bool, by: Who) -> TableImport:
    """Say that a table be taken in: `whole`, all rows or none; else its good rows, and the wrong ones come back.

    Said twice it is the same. Raises ValidationError where there is nothing to take, or where not all rows are good.
    """
    job = mine(job, by)
    if job.state in (TableState.TAKING, TableState.DONE):
        return job
    if job.state not in (TableState.READY, TableState.WRONG):
        raise ValidationError(_("This table is not ready to be taken in."))
    if whole and job.state == TableState.WRONG:
        raise ValidationError(_("Some rows are wrong, so not all can be taken in."))
    if not job.expected:
        raise ValidationError(_("The table holds nothing that was not taken in before."))
    job.whole, job.state, job.batch = whole, TableState.TAKING, job.batch or uuid.uuid4()
    job.attempts, job.lease_until = 0, None
    job.save(update_fields=["whole", "state", "batch", "attempts", "lease_until"])
    return job


def take(job: TableImport, lease: dt.datetime, *, today: dt.date, by: Who) -> None:
    """Enter the rows that are left, in parts. Raises Lost, ValidationError, PermissionDenied."""
    assert job.batch is not None
    taking = Taking(today, by, job.batch)
    with undisturbed():
        if job.whole:
            with transaction.atomic():
                while next_part(job, lease, taking) is not None:
                    pass
                end(job, lease, taking)
            return
        while (renewed := next_part(job, lease, taking)) is not None:
            lease = renewed
        end(job, lease, taking)


@transaction.atomic
def next_part(job: TableImport, lease: dt.datetime, taking: Taking) -> dt.datetime | None:
    """One step: the next part is written, counted and emptied, or none of it. Answers the new lease, None at last."""
    fresh = held(job, lease, TableState.TAKING)
    part = ImportPart.objects.filter(table=job, taken_at=None).order_by("number").first()
    if part is None:
        return None
    fresh.progress += take_rows(fresh, opened(part.sealed), taking)
    part.sealed, part.taken_at = b"", timezone.now()
    part.save(update_fields=["sealed", "taken_at"])
    fresh.attempts = 0
    if not fresh.whole:
        fresh.lease_until = timezone.now() + LEASE
    fresh.save(update_fields=["progress", "attempts", "lease_until"])
    reach("table-part-written")
    return fresh.lease_until


@transaction.atomic
def end(job: TableImport, lease: dt.datetime, taking: Taking) -> None:
    """All parts are written: one line in the journal for the whole, and the file goes when nothing of it is left."""
    fresh = held(job, lease, TableState.TAKING)
    fresh.state, fresh.finished_at, fresh.lease_until = TableState.DONE, timezone.now(), None
    fresh.counts = fresh.counts | {"taken": fresh.progress}
    fresh.save(update_fields=["state", "finished_at", "lease_until", "counts"])
    became = {"file": fresh.file_name, "sha256": fresh.sha256, "kind": fresh.kind, "whole": fresh.whole}
    became |= {name: fresh.counts.get(name, 0) for name in ("taken", "known", "wrong")}
    record(taking.by.actor, "import.taken", fresh, became=became, batch=taking.batch)
    ImportPart.objects.filter(table=fresh).delete()
    if not fresh.wrong:
        empty_sheet(fresh.sheet, by=taking.by)


# -- Wrong rows, giving up ------------------------------------------------------------------------
def wrong_rows(job: TableImport) -> bytes:
    """A workbook of the wrong rows under the headings of the file, with a column of reasons; it may be brought again.

    Raises FileNotFoundError when the file is no longer kept, KeyMissing when it can no longer be opened.
    """
    inspection = inspected(job)
    workbook = reader.read(inspection)
    chosen = Layout.from_dict(job.layout)
    sheet = workbook.sheet(chosen.sheet) if workbook is not None else None
    if sheet is None:
        raise FileNotFoundError(job.file_name)
    findings = [Finding.from_dict(each) for each in job.findings]
    return wrong_rows_workbook(sheet, chosen.first, chosen.last, set(job.wrong), findings)


@transaction.atomic
def drop(job: TableImport, *, by: Who) -> TableImport:
    """Give the table up; what of it was entered stays. One that is in a worker's hands is given up at its next part."""
    job = mine(job, by)
    if job.finished_at is None:
        job.state, job.finished_at, job.lease_until = TableState.DROPPED, timezone.now(), None
        job.save(update_fields=["state", "finished_at", "lease_until"])
        ImportPart.objects.filter(table=job).delete()
        empty_sheet(job.sheet, by=by)
        record(by.actor, "import.dropped", job, became={"taken": job.progress})
    return job


def mine(job: TableImport, by: Who) -> TableImport:
    """The job, locked, if the person brought it himself and under the post that he acts under."""
    rows = TableImport.objects.select_for_update(of=("self",)).select_related("unit", "region", "sheet", "meeting")
    fresh = rows.visible_to(by).filter(pk=job.pk).first()
    if fresh is None or not rules.can_bring(by, fresh.unit, fresh.kind):
        raise PermissionDenied(_("Only who brought the file, under the same post, takes it over or gives it up."))
    return fresh


def forget_tables(now: dt.datetime, *, by: Who) -> int:
    """Give up tables whose file is gone and that nobody took in; their sealed rows go. Answers how many."""
    old = TableImport.objects.filter(sheet__file="", finished_at=None).exclude(state=TableState.TAKING)
    rows = list(old[:100])
    for job in rows:
        with transaction.atomic():
            ImportPart.objects.filter(table=job).delete()
            TableImport.objects.filter(pk=job.pk).update(state=TableState.DROPPED, finished_at=now, lease_until=None)
            record(by.actor, "import.dropped", job, became={"taken": job.progress})
    return len(rows)
