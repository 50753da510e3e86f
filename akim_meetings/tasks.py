"""What every task of the program has in common, and the tidying of what is kept for a term only."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from journal.context import request_id

logger = logging.getLogger(__name__)


class KeptTask(Task):
    """A task that knows which request asked for it, and whose failure is kept for the operator."""

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        headers = {"asked_by_request": request_id.get()} | (options.pop("headers", None) or {})
        return super().apply_async(args, kwargs, headers=headers, **options)

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        if not self.request.is_eager:
            request_id.set(self.asked_by)

    def on_failure(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        from journal.services import keep_failure

        try:
            keep_failure(self.name, exc, task_id=task_id, arguments=list(args or ()), request_id=self.asked_by)
        except DatabaseError:
            logger.exception("The failure of %s could not be kept: the database does not answer.", self.name)

    @property
    def asked_by(self) -> str:
        """The id of the request that asked for the work; empty for the timetable."""
        headers = self.request.get("headers") or {}
        return str(self.request.get("asked_by_request") or headers.get("asked_by_request") or "")


@shared_task(ignore_result=True)
def tidy() -> dict[str, int]:
    """Delete what is kept for a term only: ended sessions with their addresses, failures, copies, letters as files."""
    from journal.heartbeats import beat
    from journal.services import forget_failures

    now = timezone.now()
    ended, _each = Session.objects.filter(expire_date__lt=now).delete()
    done = {
        "sessions": ended,
        "places": forget_places(),
        "failures": forget_failures(now - dt.timedelta(days=settings.TASK_FAILURE_DAYS)),
        "copies": forget_training(now - dt.timedelta(days=settings.TRAINING_COPY_DAYS)),
        "letters": forget_letter_files(now - dt.timedelta(days=settings.LETTER_FILE_DAYS)),
    }
    beat("tidy", done)
    return done


@shared_task(ignore_result=True, time_limit=1800, soft_time_limit=1780)
def make_training(who: int | None) -> None:
    """Write the copy for training that an administrator asked for; the last one takes the place of the one before."""
    from journal.actors import Actor
    from territories.models import User

    from .training import export_training

    export_training(folder_of_training(), by=Actor(user=User.objects.filter(pk=who).first()))


def folder_of_training() -> Path:
    return Path(settings.MEDIA_ROOT) / "training"


def forget_training(before: dt.datetime) -> int:
    """Delete the copy for training after its term."""
    from .training import FILE

    file = folder_of_training() / FILE
    if not file.exists() or file.stat().st_mtime >= before.timestamp():
        return 0
    file.unlink()
    return 1


def forget_letter_files(before: dt.datetime) -> int:
    """Delete letters that were written as files; the outbox keeps what was sent, without addresses of citizens."""
    old = [file for file in Path(settings.MAIL_FOLDER).glob("*.eml") if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def forget_places() -> int:
    """Rows of "where I am logged in" whose session has ended: they hold addresses and browsers."""
    from allauth.usersessions.models import UserSession

    living = Session.objects.filter(expire_date__gte=timezone.now()).values("session_key")
    return UserSession.objects.exclude(session_key__in=living).delete()[0]
