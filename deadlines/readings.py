"""Which readings of the act hold for a region on a day: the register's defaults and what was decided."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from law.readings import Readings

from .models import ReadingChoice


def readings_by_region(regions: Iterable[int], on: date) -> dict[int, Readings]:
    """Readings in force on a day for each region id, in one query; a region's word beats the nation's."""
    ids = list(regions)
    choices = ReadingChoice.objects.filter(
        Q(region=None) | Q(region__in=ids), Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on
    ).order_by("valid_from", "pk")
    nation: dict[str, str] = {}
    own: dict[int, dict[str, str]] = {pk: {} for pk in ids}
    for choice in choices:
        (nation if choice.region_id is None else own[choice.region_id])[choice.key] = choice.value
    return {pk: Readings.stored(nation | own[pk]) for pk in ids}


def readings_of(region_id: int, on: date) -> Readings:
    """Readings in force on a day for one region."""
    return readings_by_region([region_id], on)[region_id]
