"""The time zone of each region, and civil days in it: in Python by `law.zones`, here for columns of the database."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, DateField, Value, When
from django.db.models.functions import TruncDate

from law.zones import civil_day

ZONES_FILE = Path(__file__).with_name("zones.toml")


def zone_of(code: str) -> str:
    """The zone of a unit by its code in the classifier."""
    found = _zones()
    return str(found["regions"].get(code[:2], found["default"]))


def civil(moment: dt.datetime) -> dt.date:
    """The civil day of an instant by the usual time of the country, which the program's own days follow."""
    return civil_day(moment, settings.TIME_ZONE)


def zones() -> tuple[str, ...]:
    """Every zone that some region has, the country's usual one first."""
    found = _zones()
    return (found["default"], *dict.fromkeys(found["regions"].values()))


def civil_day_in(moment: Any, zone: str) -> Case:
    """An expression: the civil day of a moment in the zone that a column names (`calendar__region__time_zone`)."""
    usual, *others = zones()
    return Case(
        *(When(**{zone: Value(name)}, then=TruncDate(moment, tzinfo=ZoneInfo(name))) for name in others),
        default=TruncDate(moment, tzinfo=ZoneInfo(usual)),
        output_field=DateField(),
    )


@cache
def _zones() -> Mapping[str, Any]:
    return tomllib.loads(ZONES_FILE.read_text(encoding="utf-8"))
