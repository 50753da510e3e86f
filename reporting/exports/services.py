"""The life of an export: asked for, written, taken, cancelled, thrown away. Each step may be repeated."""

from __future__ import annotations

import datetime as dt
import errno
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from journal.failpoints import reach
from journal.services import record
from territories.scope import Who, clock, posts_of, under_post

from ..summaries import files
from ..summaries.kinds import KINDS, checked
from ..summaries.model import Asked, NothingThere
from .models import OPEN, ExportJob, ExportState

logger = logging.getLogger(__name__)

#: A worker that shows no sign of life for so long has lost the job.
LEASE = dt.timedelta(seconds=60)
MOST_ATTEMPTS = 3
#: Files of so many rows are written while the person waits.
AT_ONCE = 3_000
#: Jobs that one post may have waiting.
MOST_OPEN = 5
#: Seconds between two signs of life.
BEAT = 0.5
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Cancelled(Exception):
    """The person gave the job up while it was being written, or another worker has it."""


# -- Asking ---------------------------------------------------------------------------------------
def ask(asked: Asked, form: str, *, client_key: str | None = None) -> ExportJob:
    """Put down what a post wants to take out; the same wish that still waits is the job that is there already.

    Raises PermissionDenied, ValidationError.
    """
    asked, by = checked(asked), asked.who
    if form not in files.FORMATS:
        raise ValidationError({"form": _("There is no such format.")})
    own = ExportJob.objects.filter(asked_by=by.user, asked_under=by.post)
    if client_key and (known := own.filter(client_key=client_key).first()):
        return known
    same = {
        "kind": asked.kind, "year": asked.year, "unit": asked.unit, "language": asked.language, "form": form,
        "filters": dict(asked.filters),
    }  # fmt: skip
    with transaction.atomic():
        waiting = own.filter(state__in=OPEN)
        if (job := waiting.filter(**same, cancel_asked=False).first()) is not None:
            return job
        if waiting.count() >= MOST_OPEN:
            raise ValidationError(
                _("%(count)s of your exports are being written already. Wait for one, or cancel it.")
                % {"count": MOST_OPEN}
            )
        job = ExportJob.objects.create(
            **same,
            asked_by=by.user,
            asked_under=by.post,
            asked_at=by.moment,
            told_in=(get_language() or "kk")[:2],
            expected=KINDS[asked.kind].listed(asked).count(),
            client_key=client_key,
        )
        became = {name: value for name, value in same.items() if value}
        record(by.actor, "export.asked", job, became=became, scope_path=scope_of(job))
    return job


def scope_of(job: ExportJob) -> str:
    """Whose journal tells of it: the unit's, else that of the post which asked."""
    if job.unit is not None:
        return job.unit.path
    territory = job.asked_under.territory
    return territory.path if territory is not None else ""


def is_quick(job: ExportJob) -> bool:
    """Is the file small enough to be written while the person waits?"""
    return job.expected <= AT_ONCE and job.form != files.ZIP


# -- Writing --------------------------------------------------------------------------------------
def waiting() -> QuerySet[ExportJob]:
    """Jobs that nobody has in hand: new ones, and those whose worker died."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return ExportJob.objects.filter(free, state__in=OPEN)


def run(job_id: int, *, today: dt.date) -> bool:
    """Write one file. False when somebody else has it in hand or it waits no longer.

    May be called twice or late. The rights are looked at again: a post that has ended takes out nothing.
    """
    lease = timezone.now() + LEASE
    claimed = waiting().filter(pk=job_id)
    if not claimed.update(lease_until=lease, state=ExportState.RUNNING, attempts=F("attempts") + 1, progress=0):
        return False
    job = ExportJob.objects.select_related("unit", "asked_by", "asked_under__territory").get(pk=job_id)
    reach("export-claimed")
    with override(job.told_in):
        if job.cancel_asked:
            return ended(job, ExportState.CANCELLED)
        if job.attempts > MOST_ATTEMPTS:
            return ended(job, ExportState.FAILED, _("Writing was begun three times and broke off each time."))
        return write(job, lease, today)


def write(job: ExportJob, lease: dt.datetime, today: dt.date) -> bool:
    by = who_asked(job, today)
    asked = Asked(job.kind, job.year, by, today, job.unit, job.language, job.filters)
    stored = f"exports/{timezone.now():%Y-%m}/{uuid.uuid4().hex}.{job.form}"
    target = Path(settings.MEDIA_ROOT) / stored
    pulse = Pulse(job, lease)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = files.write(asked, job.form, target, pulse.tick)
        pulse.beat()
    except Cancelled:
        target.unlink(missing_ok=True)
        return ended(job, ExportState.CANCELLED) if pulse.was_cancelled else False
    except (PermissionDenied, NothingThere) as refused:
        return ended(job, ExportState.FAILED, str(refused) or _("Your post does not take out this summary."))
    except ValidationError as wrong:
        return ended(job, ExportState.FAILED, " ".join(wrong.messages))
    except OSError as error:
        logger.exception("Export %s could not be written", job.pk)
        if error.errno in NO_ROOM:
            return ended(job, ExportState.FAILED, no_room())
        return ended(
            job,
            ExportState.FAILED,
            _("The file could not be written. Ask again; if it stays so, tell the administrator."),
        )
    except SoftTimeLimitExceeded:
        return ended(job, ExportState.FAILED, _("Writing took too long. Ask for one region, or for fewer rows."))
    except Exception:
        logger.exception("Export %s broke off", job.pk)
        return ended(
            job,
            ExportState.FAILED,
            _("The file could not be written. Ask again; if it stays so, tell the administrator."),
        )
    finally:
        pulse.close()
    reach("export-written")
    return keep(job, pulse.lease, asked, stored, written)


def no_room() -> str:
    return _("The disk is full; nothing half-written was kept. Tell the administrator, and ask again later.")


def who_asked(job: ExportJob, today: dt.date) -> Who:
    """The person under the same post if he still holds it; else nobody."""
    post = next((post for post in posts_of(job.asked_by, today) if post.pk == job.asked_under_id), None)
    return under_post(post) if post else Who(user=job.asked_by)


@transaction.atomic
def keep(job: ExportJob, lease: dt.datetime, asked: Asked, stored: str, written: files.Written) -> bool:
    """Note the finished file, unless the job was cancelled or lost in the meantime; then it is thrown away."""
    fresh = ExportJob.objects.select_for_update(of=("self",)).select_related("unit", "asked_under").get(pk=job.pk)
    if fresh.state != ExportState.RUNNING or fresh.lease_until != lease or fresh.cancel_asked:
        (Path(settings.MEDIA_ROOT) / stored).unlink(missing_ok=True)
        return ended(fresh, ExportState.CANCELLED) if fresh.cancel_asked and fresh.is_open else False
    fresh.file = stored
    fresh.file_name = files.name_of(asked, job.form)
    fresh.sha256, fresh.size, fresh.rows = written.sha256, written.size, written.rows
    fresh.state, fresh.progress = ExportState.DONE, written.rows
    fresh.finished_at = timezone.now()
    fresh.kept_until = asked.today + dt.timedelta(days=settings.EXPORT_DAYS)
    fresh.lease_until = None
    fresh.save()
    became = {"file": fresh.file_name, "sha256": fresh.sha256, "rows": fresh.rows}
    record(asked.who.actor, "export.made", fresh, became=became, scope_path=scope_of(fresh))
    return True


def ended(job: ExportJob, state: ExportState, fault: str = "") -> bool:
    """The job ends without a file; answers False."""
    values: dict[str, Any] = {"state": state, "fault": fault, "finished_at": timezone.now(), "lease_until": None}
    if ExportJob.objects.filter(pk=job.pk, state__in=OPEN).update(**values):
        action = "export.cancelled" if state == ExportState.CANCELLED else "export.failed"
        record(clock("exports").actor, action, job, reason=fault, scope_path=scope_of(job))
    return False


class Pulse:
    """Tells the job how far the writing is, keeps the lease, and stops it when the person gave it up.

    The writer's own connection only reads one moment, so the signs of life go through a second one.
    """

    def __init__(self, job: ExportJob, lease: dt.datetime) -> None:
        self.job, self.lease, self.rows = job, lease, 0
        self.was_cancelled = False
        self.last = time.monotonic()
        # Inside a transaction of the caller a second connection would not see the job.
        self.pool = None if connection.in_atomic_block else ThreadPoolExecutor(1, "pulse")

    def tick(self, rows: int) -> None:
        self.rows += rows
        if time.monotonic() - self.last >= BEAT:
            self.beat()

    def beat(self) -> None:
        """Raises Cancelled when the job was given up, or when another worker has it."""
        self.last = time.monotonic()
        alive = self.outside(self.sign)
        if not alive:
            raise Cancelled

    def sign(self) -> bool:
        lease = timezone.now() + LEASE
        held = ExportJob.objects.filter(pk=self.job.pk, state=ExportState.RUNNING, lease_until=self.lease)
        if not held.update(progress=self.rows, lease_until=lease):
            return False
        self.lease = lease
        self.was_cancelled = ExportJob.objects.filter(pk=self.job.pk, cancel_asked=True).exists()
        return not self.was_cancelled

    def outside(self, work: Callable[[], Any]) -> Any:
        return self.pool.submit(work).result() if self.pool else work()

    def close(self) -> None:
        if self.pool:
            # The connection of the helper's own thread, which the name means only there.
            self.pool.submit(lambda: connection.close()).result()
            self.pool.shutdown()


# -- Taking, cancelling, throwing away ------------------------------------------------------------
def take(job: ExportJob, *, by: Who) -> Path:
    """The file of a finished job, noted in the journal. Raises FileNotFoundError when it is no longer kept."""
    if job.state != ExportState.DONE or not job.file:
        raise FileNotFoundError(job.file_name)
    path = Path(job.file.path)
    if not path.is_file():
        raise FileNotFoundError(job.file_name)
    record(
        by.actor, "export.taken", job, became={"file": job.file_name, "sha256": job.sha256}, scope_path=scope_of(job)
    )
    return path


@transaction.atomic
def cancel(job: ExportJob, *, by: Who) -> ExportJob:
    """Give a job up. One that nobody has in hand ends at once, a running one at its next sign of life."""
    fresh = ExportJob.objects.select_for_update(of=("self",)).select_related("unit", "asked_under").get(pk=job.pk)
    if not fresh.is_open or fresh.cancel_asked:
        return fresh
    running = fresh.state == ExportState.RUNNING and fresh.lease_until and fresh.lease_until > timezone.now()
    fresh.cancel_asked = True
    if not running:
        fresh.state, fresh.finished_at, fresh.lease_until = ExportState.CANCELLED, timezone.now(), None
    fresh.save(update_fields=["cancel_asked", "state", "finished_at", "lease_until"])
    record(by.actor, "export.cancelled", fresh, scope_path=scope_of(fresh))
    return fresh


def tidy(today: dt.date) -> int:
    """Throw away files that were kept long enough; the rows stay. Answers how many."""
    old = (
        ExportJob.objects.filter(kept_until__lt=today).exclude(file="").select_related("unit", "asked_under__territory")
    )
    count = 0
    for job in old[:500]:
        with transaction.atomic():
            Path(job.file.path).unlink(missing_ok=True)
            job.file = ""
            job.save(update_fields=["file"])
            record(clock("exports").actor, "export.thrown_away", job, scope_path=scope_of(job))
        count += 1
    return count
