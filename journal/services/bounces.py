"""A letter that came back: told to the office by the letter's own page and counters."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from ..actors import Actor
from ..bounces import Bounce, Verdict
from ..models import Notice, NoticeAttempt
from .entries import record


@transaction.atomic
def record_bounce(bounce: Bounce, *, by: Actor) -> Notice | None:
    """Write a bounce or delay down against its letter; None if it speaks of none of ours.

    The letter stays `sent`, for the relay did accept it; `bounced_at` says that it did not arrive.
    The same report told twice is written once.
    """
    if bounce.verdict == Verdict.NOTHING or not bounce.letter:
        return None
    notice = Notice.objects.select_for_update().filter(message_id__startswith=f"<{bounce.letter}@").first()
    if notice is None:
        return None
    text = " ".join(filter(None, [bounce.status, bounce.recipient, bounce.text]))
    if bounce.verdict == Verdict.DELAYED:
        _write(notice, NoticeAttempt.Outcome.DELAYED, text, by)
        return notice
    if notice.bounced_at is not None:
        return notice
    Notice.objects.filter(pk=notice.pk).update(bounced_at=Now(), bounce_text=text)
    _write(notice, NoticeAttempt.Outcome.BOUNCED, text, by)
    told = text.replace(bounce.recipient, "…") if notice.confidential and bounce.recipient else text
    record(by, "notice.bounced", notice, became={"bounce_text": told})
    notice.refresh_from_db()
    return notice


def _write(notice: Notice, outcome: str, text: str, by: Actor) -> None:
    NoticeAttempt.objects.create(
        notice=notice,
        number=notice.attempts,
        worker=by.name[:100],
        step="bounce",
        outcome=outcome,
        reply=text,
    )
