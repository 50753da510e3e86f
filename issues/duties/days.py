"""Civil days in SQL."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models.functions import TruncDate


def civil_day(moment) -> TruncDate:
    """The civil day of an instant in Kazakhstan."""
    return TruncDate(moment, tzinfo=ZoneInfo(settings.TIME_ZONE))
