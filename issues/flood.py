"""How many forms one address may send in an hour: counted in the cache, and in the database where the cache is gone."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import time

from django.conf import settings
from django.core.cache import cache

from calendars.models import Meeting

from .models import Request, Source, Subscription

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
    """Seconds to wait before this address may send another form; 0 counts it and lets it through.

    The address itself is kept nowhere: the key of the counter is a digest that ends with the hour.
    """
    hour = int(time.time()) // HOUR
    left = HOUR - int(time.time()) % HOUR
    word = f"{settings.SECRET_KEY}:{hour}:{network(address)}".encode()
    counters = (
        (f"ask:a:{hashlib.sha256(word).hexdigest()[:32]}", settings.ASK_PER_ADDRESS),
        (f"ask:m:{hour}:{meeting.pk}", settings.ASK_PER_MEETING),
    )
    try:
        for key, most in counters:
            cache.add(key, 0, HOUR)
            if cache.incr(key) > most:
                return left
    except Exception:  # whatever the cache is, its loss must not open the door for a flood
        since = now - dt.timedelta(hours=1)
        rows = Request.objects.filter(meeting=meeting, source=Source.FORM, created_at__gte=since)
        return left if rows.count() >= settings.ASK_PER_MEETING else 0
    return 0


def wait_to_follow(address: str, email_digest: str, now: dt.datetime) -> int:
    """The same for the form of following: by the network, and by the address that would get the letters."""
    hour, left = int(time.time()) // HOUR, HOUR - int(time.time()) % HOUR
    word = f"{settings.SECRET_KEY}:follow:{hour}:{network(address)}".encode()
    counters = (
        (f"follow:a:{hashlib.sha256(word).hexdigest()[:32]}", settings.FOLLOW_PER_ADDRESS),
        (f"follow:m:{hour}:{email_digest[:32]}", settings.FOLLOW_PER_MAILBOX),
    )
    try:
        for key, most in counters:
            cache.add(key, 0, HOUR)
            if cache.incr(key) > most:
                return left
    except Exception:  # as above: without a cache the table itself is the limit
        since = now - dt.timedelta(hours=1)
        rows = Subscription.objects.filter(created_at__gte=since, confirmed_at=None)
        return left if rows.count() >= settings.FOLLOW_PER_ADDRESS else 0
    return 0
