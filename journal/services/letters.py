"""What administrators do to single letters."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .. import rules
from ..actors import Actor
from ..addresses import NoticeRefused
from ..masking import kept_after_delivery
from ..models import Notice, NoticeAttempt
from .entries import record

State = Notice.State


@transaction.atomic
def retry(notice: Notice, *, by: Actor, reason: str = "") -> Notice:
    """Let the letter go out with the next drain. Raises NoticeRefused if it is not waiting for that."""
    notice = _locked(notice)
    _demand(rules.can_retry(notice), notice)
    changes: dict[str, Any] = {"state": State.PENDING, "next_try": None, "token": None, "refusals": 0}
    changes["called_back_at"] = None
    if notice.state == State.DOUBTFUL:
        changes |= {"resolved_by": Notice.ResolvedBy.RESEND, "doubtful_at": None, "dot_at": None}
    return _change(notice, changes, "notice.retried", by=by, reason=reason)


@transaction.atomic
def cancel(notice: Notice, *, by: Actor, reason: str = "") -> Notice:
    """Never send the letter. Raises NoticeRefused once it is on its way."""
    notice = _locked(notice)
    _demand(rules.can_cancel(notice), notice)
    changes: dict[str, Any] = {"state": State.CANCELLED, "next_try": None, **kept_after_delivery(notice)}
    return _change(notice, changes, "notice.cancelled", by=by, reason=reason)


@transaction.atomic
def call_back(notice: Notice, *, by: Actor, reason: str = "") -> bool:
    """Cancel a letter whose fact has ended; False if it has left, or nobody can tell yet.

    One that a worker has in hand or that is in doubt is marked: should it turn out not to have left, it never does.
    """
    row = Notice.objects.select_for_update().filter(pk=notice.pk).first()
    if row is not None and row.state in (State.PENDING, State.HELD):
        try:
            cancel(row, by=by, reason=reason)
        except NoticeRefused:
            pass
        else:
            return True
    underway = (*Notice.IN_HAND, State.PENDING, State.DOUBTFUL)
    Notice.objects.filter(pk=notice.pk, state__in=underway).update(called_back_at=Now())
    return False


@transaction.atomic
def put_aside(notice: Notice, *, by: Actor, reason: str = "") -> Notice:
    """Keep the letter back until `retry` or `cancel`. Raises NoticeRefused unless it is waiting."""
    notice = _locked(notice)
    _demand(rules.can_put_aside(notice), notice)
    return _change(notice, {"state": State.HELD}, "notice.put_aside", by=by, reason=reason)


def _locked(notice: Notice) -> Notice:
    return Notice.objects.select_for_update().get(pk=notice.pk)


def _demand(allowed: bool, notice: Notice) -> None:
    if not allowed:
        raise NoticeRefused(
            _("This letter cannot be changed now: %(state)s. Reload the page."),
            params={"state": notice.get_state_display()},
        )


def _change(notice: Notice, changes: dict[str, Any], action: str, *, by: Actor, reason: str) -> Notice:
    was = notice.state
    # Compared with the state that was seen: a worker claims without asking for our lock on SQLite.
    if Notice.objects.filter(pk=notice.pk, state=was).update(**changes) != 1:
        _demand(False, notice)
    for name, value in changes.items():
        setattr(notice, name, value)
    NoticeAttempt.objects.create(
        notice=notice,
        number=notice.attempts,
        worker=by.name[:100],
        step=was,
        outcome=NoticeAttempt.Outcome.MANUAL,
        reply=reason,
    )
    record(by, action, notice, was={"state": was}, became={"state": notice.state}, reason=reason)
    return notice
