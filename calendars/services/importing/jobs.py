"""The life of an uploaded file: received, read, shown, taken over or given up. Each step may be repeated.

Nothing of a file is in the calendar before `commit`, and then all of it is, in one transaction.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from journal.failpoints import reach
from journal.services import record
from territories.scope import Who, clock, posts_of, under_post

from ... import rules
from ...models import Calendar, ImportJob
from ...models.transfer import OPEN_IMPORTS, ImportState
from ...workbook import guard
from ...workbook.findings import Finding, Findings
from ..rows import FIELDS, Change, Create, Outcome, lock, plain
from ..sheets import apply
from .matching import FileRow
from .plan import DEFAULTS, Look, kind_of, look, undisturbed

logger = logging.getLogger(__name__)

#: A worker that has a file in hand is given so long; reading is killed much earlier by its own limits.
LEASE = dt.timedelta(seconds=120)
MOST_ATTEMPTS = 3
#: Files that one pass of the nightly job throws away.
FORGOTTEN_AT_ONCE = 200
#: Findings kept with a job; their number is counted in full.
FINDINGS_STORED = 20_000
#: Files of so many rows and bytes are read while the person waits (a region's year is some 2,000 rows);
#: larger ones by the worker.
READ_AT_ONCE_ROWS, READ_AT_ONCE_BYTES = 3_000, 2 * 2**20
#: Refusals that look like an attack and are written into the journal.
HOSTILE = ("B07", "B09", "B12", "B13", "B14", "A22")
#: The program's own name where a file comes from the command line.
BY_COMMAND = "import_calendar"


class Refused(Exception):
    """The guard has refused the file; `findings` say why. No job was made."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__("; ".join(finding.text for finding in findings))


class AlreadyLoaded(Exception):
    """The very same file is in the calendar already, by `job`; nothing was changed."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        super().__init__(str(loaded_before(job)))


class CalendarChanged(Exception):
    """The calendar has changed since the preview was made; nothing was written, the preview stays."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        super().__init__(_("The calendar has changed since this preview was made. Have the file read again."))


def loaded_before(job: ImportJob) -> Finding:
    """The sentence that tells when and by whom a file was loaded (B40)."""
    person = (
        job.created_by.full_name if job.created_by else {"kk": "бағдарлама", "ru": "программой", "en": "the program"}
    )
    day = timezone.localdate(job.finished_at or job.created_at)
    return Findings().add("B40.loaded", day={"date": day.isoformat()}, person=person)


# -- Receiving ------------------------------------------------------------------------------------
def receive(calendar: Calendar, inspection: guard.Inspection, *, by: Who) -> ImportJob:
    """Keep a file that passed the guard, as a job to be read.

    The same file sent again by the same person is the job that is there already. Raises
    PermissionDenied, `Refused`, `AlreadyLoaded`; then no job is made.
    """
    if not rules.can_enter(by, calendar):
        raise PermissionDenied(_("Your post does not enter meetings into this calendar."))
    if not inspection.ok:
        note_attack(calendar, inspection, by)
        raise Refused(inspection.findings)
    with transaction.atomic():
        lock(calendar)
        done = ImportJob.objects.filter(calendar=calendar, sha256=inspection.sha256, state=ImportState.DONE)
        for job in done.select_related("step", "created_by"):
            if job.step is None or job.step.undone_at is None:
                raise AlreadyLoaded(job)
            # It was undone, so the file is not in the calendar and may come again.
            job.state = ImportState.DROPPED
            job.save(update_fields=["state"])
        same = ImportJob.objects.filter(
            calendar=calendar,
            sha256=inspection.sha256,
            state__in=OPEN_IMPORTS,
            created_by=by.user,
            created_under=by.post,
        ).first()
        if same is not None:
            return same
        job = ImportJob(
            calendar=calendar,
            file_name=shown_name(inspection.filename),
            sha256=inspection.sha256,
            created_by=by.user,
            created_under=by.post,
        )
        stored = f"{uuid.uuid4().hex}.{'csv' if inspection.kind == 'csv' else 'xlsx'}"
        job.file.save(stored, ContentFile(inspection.content), save=False)
        try:
            job.save(force_insert=True)
            became = {"file": job.file_name, "sha256": job.sha256}
            record(by.actor, "import.received", job, became=became, scope_path=calendar.region.path)
        except Exception:
            job.file.delete(save=False)
            raise
    return job


def note_attack(calendar: Calendar, inspection: guard.Inspection, by: Who) -> None:
    """Files that no office program makes are worth a line in the journal."""
    codes = sorted({finding.code for finding in inspection.findings if finding.case in HOSTILE})
    if codes:
        became = {"file": shown_name(inspection.filename), "sha256": inspection.sha256, "codes": codes}
        record(by.actor, "import.refused", calendar, became=became, scope_path=calendar.region.path)


def shown_name(name: str) -> str:
    """The name as pages show it: without folders and control characters, at most 200 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c if c.isprintable() else "␣" for c in last).strip() or "file"
    if len(text) > 200:
        text = text[:190] + "…" + Path(get_valid_filename(text) or "x").suffix[:9]
    return text


def is_quick(inspection: guard.Inspection) -> bool:
    """Is the file small enough to be read while the person waits?"""
    rows = inspection.content.count(b"\n") if inspection.kind == "csv" else inspection.rows
    return rows <= READ_AT_ONCE_ROWS and inspection.size <= READ_AT_ONCE_BYTES


# -- Reading --------------------------------------------------------------------------------------
def waiting() -> QuerySet[ImportJob]:
    """Jobs that nobody has in hand: new ones, and those whose worker died."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return ImportJob.objects.filter(free, state=ImportState.READING)


def read(job_id: int, *, today: dt.date, inspection: guard.Inspection | None = None) -> bool:
    """Read a waiting file and keep its preview. False when somebody else has it in hand or it is not waiting.

    May be called twice or late. A worker that lost its lease writes nothing. `inspection`: what the guard
    has just said of this very file, where the caller has it at hand.
    """
    lease = timezone.now() + LEASE
    if not waiting().filter(pk=job_id).update(lease_until=lease, attempts=F("attempts") + 1):
        return False
    job = ImportJob.objects.select_related("calendar__region", "created_by").get(pk=job_id)
    reach("import-read")
    findings = Findings()
    content: bytes | guard.Inspection = inspection or b""
    try:
        if inspection is None and job.attempts <= MOST_ATTEMPTS:
            content = job.content()
    except FileNotFoundError:
        findings.add("B04.gone")
        return keep(job, lease, failed(findings))
    if job.attempts > MOST_ATTEMPTS:
        findings.add("B04.unreadable")
        return keep(job, lease, failed(findings))
    by = who_brought(job, today)
    if not rules.can_enter(by, job.calendar):
        findings.add("B33.post")
        return keep(job, lease, failed(findings))
    found = look(content, job.file_name, job.calendar, by=by, today=today, accepted=job.accepted)
    return keep(job, lease, kept(found))


def who_brought(job: ImportJob, today: dt.date) -> Who:
    """The person who brought the file, under the same post if he still holds it; else nobody."""
    if job.created_by is None:
        return clock(BY_COMMAND)
    post = next((p for p in posts_of(job.created_by, today) if p.pk == job.created_under_id), None)
    return under_post(post) if post else Who(user=job.created_by)


def failed(findings: Findings) -> dict[str, Any]:
    return {"state": ImportState.FAILED, "findings": findings.as_list(), "counts": {"errors": findings.errors}}


def kept(found: Look) -> dict[str, Any]:
    """What a job remembers of a look: plan, findings, and how the file was read."""
    state = ImportState.READY if found.ok else ImportState.WRONG
    facts: dict[str, Any] = {}
    if found.table is not None:
        facts = {
            "sheet": found.table.sheet.name,
            "mapping": found.table.header.mapping(),
            "repairs": {name: count for name, count in found.table.repairs.items() if count},
            "absent": found.absent[:500],
            "offers": offers(found.findings),
        }
    else:
        state = ImportState.FAILED
    if found.workbook is not None and found.workbook.dialect is not None:
        facts["dialect"] = [found.workbook.dialect.encoding, found.workbook.dialect.separator]
    return {
        "state": state,
        "counts": found.counts,
        "findings": found.findings.as_list(FINDINGS_STORED),
        "rows": [stored(row) for row in found.rows],
        "facts": facts,
        "calendar_version": found.calendar_version,
    }


def offers(findings: Findings) -> dict[str, int]:
    """How many readings are offered under each code; the person takes or leaves them by code."""
    counts: dict[str, int] = {}
    for finding in findings.offers:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return counts


def stored(row: FileRow) -> dict[str, Any]:
    """One row of the plan as JSON: what will be written and is no default, and what was there before."""
    kind = kind_of(row)
    kept: dict[str, Any] = {"row": row.row, "kind": kind}
    if row.meeting is not None:
        kept |= {"id": row.meeting["pk"], "version": row.meeting["version"], "number": row.meeting["number"]}
    if kind == "new":
        kept["values"] = {
            name: plain(row.values[name]) for name in FIELDS if row.values[name] != DEFAULTS.get(name, row)
        }
    elif kind == "changed":
        kept["values"] = {name: plain(row.values[name]) for name in row.was}
        kept["was"] = {name: plain(value) for name, value in row.was.items()}
        kept["about"] = {name: plain(row.values[name]) for name in ("date", "holder_id", "place_id")}
    return kept


def keep(job: ImportJob, lease: dt.datetime, values: Mapping[str, Any]) -> bool:
    """Write the outcome of reading, if the lease is still ours and nobody has given the job up meanwhile."""
    finished = {"finished_at": timezone.now()} if values["state"] == ImportState.FAILED else {}
    mine = ImportJob.objects.filter(pk=job.pk, state=ImportState.READING, lease_until=lease)
    return bool(mine.update(**values, **finished, lease_until=None, progress=100))


@transaction.atomic
def again(job: ImportJob, *, accepted: Collection[str] = (), by: Who) -> ImportJob:
    """Have the file read once more: the calendar has changed, or the person took readings that were offered."""
    job = mine(job, by)
    if job.state not in OPEN_IMPORTS:
        raise ValidationError(_("This import is closed. Upload the file again."))
    known = set(job.facts.get("offers", ())) | set(job.accepted)
    job.accepted = sorted(known & {*job.accepted, *accepted})
    job.state, job.attempts, job.lease_until, job.progress = ImportState.READING, 0, None, 0
    job.save(update_fields=["accepted", "state", "attempts", "lease_until", "progress"])
    return job


# -- Taking over ----------------------------------------------------------------------------------
@transaction.atomic
def commit(job: ImportJob, *, by: Who) -> Outcome:
    """Write the whole plan or nothing.

    Done twice it answers with nothing written. Raises `CalendarChanged` where the calendar is no
    longer the one of the preview, `AlreadyLoaded` where the same file came in on another way,
    ValidationError where the job is not ready, and what `apply` raises.
    """
    # First the calendar, then the job: everybody locks in this order.
    calendar = lock(job.calendar)
    job = mine(job, by)
    if job.state == ImportState.DONE:
        return Outcome(meetings=[], step=job.step)
    if job.state != ImportState.READY:
        raise ValidationError(_("This import is not ready to be taken over."))
    twin = ImportJob.objects.filter(calendar=calendar, sha256=job.sha256, state=ImportState.DONE).first()
    if twin is not None:
        raise AlreadyLoaded(twin)
    if calendar.version != job.calendar_version:
        raise CalendarChanged(job)
    items = items_of(job.rows)
    if not items:
        raise ValidationError(_("The file holds nothing that is not in the calendar already."))
    reach("import-checked")
    batch = uuid.uuid4()
    label = _("From Excel: %(file)s") % {"file": job.file_name}
    with undisturbed():
        outcome = apply(calendar, items, by=by, label=label, batch=batch)
    counts = {name: job.counts.get(name, 0) for name in ("new", "changed", "unchanged")}
    record(
        by.actor,
        "calendar.imported",
        calendar,
        became={"file": job.file_name, "sha256": job.sha256, **counts},
        scope_path=calendar.region.path,
        batch=batch,
    )
    job.state, job.step, job.finished_at = ImportState.DONE, outcome.step, timezone.now()
    job.save(update_fields=["state", "step", "finished_at"])
    reach("import-written")
    return outcome


def items_of(rows: Sequence[Mapping[str, Any]]) -> list[Create | Change]:
    """The plan of a job as the pipeline takes it."""
    items: list[Create | Change] = []
    for row in rows:
        if row["kind"] == "new":
            items.append(Create(DEFAULTS | python(row["values"])))
        elif row["kind"] == "changed":
            items.append(Change(row["id"], python(row["values"]), row["version"]))
    return items


def python(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a stored row: days and hours are days and hours again."""
    found = dict(values)
    if found.get("date"):
        found["date"] = dt.date.fromisoformat(found["date"])
    if found.get("time"):
        found["time"] = dt.time.fromisoformat(found["time"])
    return found


@transaction.atomic
def drop(job: ImportJob, *, by: Who) -> ImportJob:
    """Give the file up; the calendar never heard of it. What is closed already stays as it is."""
    job = mine(job, by)
    if job.state in OPEN_IMPORTS:
        job.state, job.finished_at, job.rows = ImportState.DROPPED, timezone.now(), []
        job.save(update_fields=["state", "finished_at", "rows"])
        record(by.actor, "import.dropped", job, scope_path=job.calendar.region.path)
    return job


def forget_files(now: dt.datetime) -> int:
    """Throw away files whose term is over, and give up what nobody took over; rows and journal stay. How many."""
    before = now - dt.timedelta(days=settings.IMPORT_FILE_DAYS)
    old = ImportJob.objects.filter(created_at__lt=before).exclude(file="").values_list("pk", flat=True)
    return sum(forget_file(pk, now) for pk in list(old[:FORGOTTEN_AT_ONCE]))


@transaction.atomic
def forget_file(pk: int, now: dt.datetime) -> bool:
    """Throw one file away; False where a worker has it in hand."""
    job = ImportJob.objects.select_for_update(of=("self",)).select_related("calendar__region").get(pk=pk)
    if not job.file or (job.lease_until is not None and job.lease_until > now):
        return False
    storage, name = job.file.storage, str(job.file.name)
    if job.state in OPEN_IMPORTS:
        job.state, job.finished_at, job.rows = ImportState.DROPPED, now, []
        record(clock("forget").actor, "import.dropped", job, scope_path=job.calendar.region.path)
    job.file = ""
    job.save(update_fields=["state", "finished_at", "rows", "file"])
    transaction.on_commit(lambda: storage.delete(name))
    return True


def mine(job: ImportJob, by: Who) -> ImportJob:
    """The job's row, locked, if the person brought the file himself and under the post that he acts under."""
    fresh = ImportJob.objects.select_for_update(of=("self",)).select_related("calendar__region", "step").get(pk=job.pk)
    brought = fresh.created_by_id == (by.user.pk if by.user else None)
    if not brought or fresh.created_under_id != (by.post.pk if by.post else None):
        raise PermissionDenied(_("Only who brought the file, under the same post, takes it over or gives it up."))
    return fresh
