"""Civil days and instants (A-20): the law counts civil days of the region, a server counts instants.

A zone is a name of the IANA list ("Asia/Almaty", "Asia/Aqtobe"); no offset is written anywhere, because the
country had two until 1 March 2024. On that night an hour came twice in the eastern zone, and 29 February ended
at 19:00 UTC, with the second midnight.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def civil_day(moment: datetime, zone: str) -> date:
    """The civil day of an instant in a zone; ValueError for a moment without an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} names no instant: it has no offset.")
    return moment.astimezone(ZoneInfo(zone)).date()


def begins_at(day: date, zone: str) -> datetime:
    """The first instant of a civil day, in UTC: the one before it still belongs to the day before.

    Where the clock shows the midnight twice, it is the second one: the first still ends in the day before,
    since the clock goes back to 23 hours after it. Where the midnight is jumped over, it is the first instant
    that the clock shows after it.
    """
    local = ZoneInfo(zone)
    midnight = datetime.combine(day, time(), local)
    readings = sorted(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    second = timedelta(seconds=1)
    for moment in reversed(readings):
        if moment.astimezone(local).date() == day and (moment - second).astimezone(local).date() < day:
            return moment
    return readings[0]


def expires_at(day: date, zone: str) -> datetime:
    """When a term whose last civil day this is has run out, in UTC: the first instant of the day after."""
    return begins_at(day + timedelta(days=1), zone)
