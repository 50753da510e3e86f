"""`manage.py check`: time zones that would date the law wrongly, databases that cannot read Kazakh."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core import checks
from django.db import connections

ZONE = "Asia/Almaty"
#: Noon of days whose offset is known: the country went to one zone on 1 March 2024.
KNOWN = ((datetime(2026, 1, 15, 12), timedelta(hours=5)), (datetime(2024, 2, 29, 12), timedelta(hours=6)))
PLAIN = {"C", "POSIX"}


@checks.register("territories")
def zone_data(app_configs, **kwargs):
    """Stale zone data puts every legal day and every hour of a meeting in the wrong place."""
    try:
        zone = ZoneInfo(ZONE)
    except ZoneInfoNotFoundError:
        return [
            checks.Error(f"The time zone {ZONE} is unknown.", hint="Install the package tzdata.", id="territories.E011")
        ]
    return [
        checks.Error(
            f"{ZONE} on {day:%Y-%m-%d} is {zone.utcoffset(day)} ahead of UTC here, but was or is {offset}.",
            hint="Update the system's tzdata, or unset PYTHONTZPATH so that the package tzdata is used.",
            id="territories.E012",
        )
        for day, offset in KNOWN
        if zone.utcoffset(day) != offset
    ]


@checks.register(checks.Tags.database, "territories")
def letters_of_the_database(app_configs, databases=None, connections=connections, **kwargs):
    """A database with LC_CTYPE=C knows no Cyrillic: no upper case, no ILIKE, no trigrams."""
    found = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
            (ctype,) = cursor.fetchone()
        if ctype in PLAIN:
            found.append(
                checks.Error(
                    f"The database “{alias}” was created with LC_CTYPE={ctype}: it cannot fold Cyrillic letters.",
                    hint="Create it anew: createdb --template=template0 --encoding=UTF8 --lc-ctype=C.UTF-8 NAME",
                    id="territories.E013",
                )
            )
    return found
