"""Failed background work: written down, asked for again, put aside, forgotten after its term."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ..actors import Actor
from ..models import TaskFailure
from .entries import record

#: Characters of the lines of the program that are kept.
MOST_TRACE = 6000


@transaction.atomic
def keep_failure(
    task: str, error: BaseException, *, task_id: str = "", arguments: Sequence[Any] = (), request_id: str = ""
) -> TaskFailure:
    """Write a failure down; one that is there already counts once more.

    Of the error only its kind is kept and the lines of the program: its message may hold what people wrote.
    """
    words = f"{type(error).__module__}.{type(error).__qualname__}"[:300]
    now = timezone.now()
    same = TaskFailure.objects.select_for_update().filter(
        task=task, arguments=list(arguments), error=words, settled_at=None
    )
    row = same.first()
    if row is None:
        return TaskFailure.objects.create(
            task=task, task_id=task_id, arguments=list(arguments), error=words, trace=lines_of(error.__traceback__),
            request_id=request_id, first_at=now, last_at=now,
        )  # fmt: skip
    same.update(times=F("times") + 1, last_at=now, task_id=task_id, request_id=request_id or row.request_id)
    row.refresh_from_db()
    return row


def lines_of(trace: TracebackType | None) -> str:
    """Where it happened, the innermost last: file, line, function and the line of the program."""
    return "".join(traceback.format_tb(trace))[-MOST_TRACE:]


@transaction.atomic
def retry_failure(failure: TaskFailure, *, send: Callable[[str, list[Any]], None], by: Actor) -> TaskFailure:
    """Ask for the work once more, after the commit. Raises ValidationError where somebody has settled it already."""
    row = opened(failure)
    row.settled_at = row.retried_at = timezone.now()
    row.save(update_fields=["settled_at", "retried_at"])
    record(by, "task.retried", row, became={"task": row.task, "arguments": row.arguments}, object_text=row.task)
    transaction.on_commit(lambda: send(row.task, row.arguments))
    return row


@transaction.atomic
def put_failure_aside(failure: TaskFailure, *, by: Actor) -> TaskFailure:
    """Somebody has looked at it. Raises ValidationError where it was settled already."""
    row = opened(failure)
    row.settled_at = timezone.now()
    row.save(update_fields=["settled_at"])
    record(by, "task.put_aside", row, became={"task": row.task}, object_text=row.task)
    return row


def opened(failure: TaskFailure) -> TaskFailure:
    row = TaskFailure.objects.select_for_update().get(pk=failure.pk)
    if row.settled_at is not None:
        raise ValidationError(_("Somebody has settled this failure already."))
    return row


def forget_failures(before: dt.datetime) -> int:
    """Delete failures whose last time lies before an instant; how many."""
    return TaskFailure.objects.filter(last_at__lt=before).delete()[0]
