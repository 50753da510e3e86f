"""What is thrown away after its term: addresses of citizens in the outbox, answers that were kept for a repetition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from ..actors import Actor
from ..models import KeptAnswer, Notice, NoticeAttempt
from ..models.notice import FORGOTTEN
from .entries import record

#: Letters of one pass.
TOGETHER = 200
FORGOTTEN_LETTERS = Notice.objects.exclude(state__in=Notice.OPEN).filter(confidential=True, recipient_user=None)


@transaction.atomic
def forget_addressees(kinds: Collection[str], *, written_before: dt.datetime, by: Actor) -> int:
    """Delete name and address, links and answers of the mail server of settled letters of these kinds; how many.

    A letter that is still to be sent, or in doubt, keeps its address until it is settled. Letters to accounts keep
    theirs. The journal keeps the number of letters, not the addresses.
    """
    old = FORGOTTEN_LETTERS.filter(kind__in=kinds, created_at__lt=written_before)
    ids = list(old.exclude(recipient_email__endswith=FORGOTTEN).order_by("pk").values_list("pk", flat=True)[:TOGETHER])
    if not ids:
        return 0
    rows = list(Notice.objects.select_for_update().filter(pk__in=ids))
    for row in rows:
        row.recipient_email, row.recipient_name = f"{row.pk}{FORGOTTEN}", ""
        row.headers, row.last_reply, row.bounce_text = {}, "", ""
    Notice.objects.bulk_update(rows, ["recipient_email", "recipient_name", "headers", "last_reply", "bounce_text"])
    NoticeAttempt.objects.filter(notice__in=rows).exclude(reply="").update(reply="…")
    record(by, "notices.forgotten", became={"letters": len(rows)})
    return len(rows)


def forget_answers(now: dt.datetime) -> int:
    """Delete kept answers of the API after their term; how many. They repeat what the rows and the journal hold."""
    before = now - dt.timedelta(days=settings.IDEMPOTENCY_DAYS)
    return KeptAnswer.objects.filter(made_at__lt=before).delete()[0]
