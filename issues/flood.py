"""How many forms one address may send in an hour: counted in the cache, and in the database where the cache is gone."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache

from calendars.models import Meeting

from .models import Dispute, Issue, Request, Source, Subscription

HOUR = 3600


def network(address: str) -> str:
    """The address, or the network of an IPv6 one, because a home has millions of those."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    if found.version == 6:
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found)


def wait(address: str, meeting: Meeting, now: dt.datetime) -> int:
    """Seconds to wait before this address may send another question; 0 counts it and lets it through."""
    limits = (
        (sender("ask", address), settings.ASK_PER_ADDRESS),
        (f"ask:m:{hour()}:{meeting.pk}", settings.ASK_PER_MEETING),
    )
    rows = Request.objects.filter(meeting=meeting, source=Source.FORM, created_at__gte=now - dt.timedelta(hours=1))
    return counted(limits, lambda: rows.count() >= settings.ASK_PER_MEETING)


def wait_to_follow(address: str, email_digest: str, now: dt.datetime) -> int:
    """The same for the form of following: by the network, and by the address that would get the letters."""
    limits = (
        (sender("follow", address), settings.FOLLOW_PER_ADDRESS),
        (f"follow:m:{hour()}:{email_digest[:32]}", settings.FOLLOW_PER_MAILBOX),
    )
    rows = Subscription.objects.filter(created_at__gte=now - dt.timedelta(hours=1), confirmed_at=None)
    return counted(limits, lambda: rows.count() >= settings.FOLLOW_PER_ADDRESS)


def wait_to_dispute(address: str, issue: Issue, now: dt.datetime) -> int:
    """The same for the form that says an issue is not solved: by the network, and by the issue. Wrong codes count."""
    limits = (
        (sender("dispute", address), settings.DISPUTE_PER_ADDRESS),
        (f"dispute:i:{hour()}:{issue.pk}", settings.DISPUTE_PER_ISSUE),
    )
    rows = Dispute.objects.filter(issue=issue, created_at__gte=now - dt.timedelta(hours=1))
    return counted(limits, lambda: rows.count() >= settings.DISPUTE_PER_ISSUE)


def hour() -> int:
    return int(time.time()) // HOUR


def sender(purpose: str, address: str) -> str:
    """The counter of a network. The address itself is kept nowhere: the key is a digest that ends with the hour."""
    word = f"{settings.SECRET_KEY}:{purpose}:{hour()}:{network(address)}".encode()
    return f"{purpose}:a:{hashlib.sha256(word).hexdigest()[:32]}"


def counted(limits: tuple[tuple[str, int], ...], full: Callable[[], bool]) -> int:
    """Count one more; seconds until the hour ends where a counter is over its limit. `full` asks the database."""
    left = HOUR - int(time.time()) % HOUR
    try:
        for key, most in limits:
            cache.add(key, 0, HOUR)
            if cache.incr(key) > most:
                return left
    except Exception:  # whatever the cache is, its loss must not open the door for a flood
        return left if full() else 0
    return 0
