"""Addresses of citizens leave the outbox after their term: what was sent, when and how stays, to whom does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from ..actors import Actor
from ..models import Notice, NoticeAttempt
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
