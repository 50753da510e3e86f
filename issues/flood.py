"""How many forms one address may send in an hour: counted in the cache, and in the database where the cache is gone."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import time

from django.conf import settings
from django.core.cache import cache

from calendars.models import Meeting

from .models import Request, Source

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
