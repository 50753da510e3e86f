"""Signs of life: the last effect of a sweep, not the existence of its process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from .models import Heartbeat


def beat(name: str, did: Mapping[str, object]) -> None:
    """Write down that the sweep `name` has just finished, in the caller's transaction if there is one."""
    changed = Heartbeat.objects.filter(name=name).update(finished_at=Now(), did=dict(did), version=F("version") + 1)
    if not changed:
        Heartbeat.objects.bulk_create([Heartbeat(name=name, did=dict(did))], ignore_conflicts=True)


def age(name: str) -> timedelta | None:
    """How long ago the sweep finished; None if it never did."""
    row = Heartbeat.objects.filter(name=name).first()
    return timezone.now() - row.finished_at if row else None
