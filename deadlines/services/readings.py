"""Readings that were chosen: entered with document and reason, ended, and what an entry would move.

A choice holds for a region or the whole country, from a day to a day. A year is counted by the readings
that hold on its first day. Choosing recounts open duties with the next sweep; met ones keep their dates.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from journal.dates import official_date
from journal.services import record
from law import workdays
from law.deadlines import MissingAnchor, dates
from law.readings import Readings, UnknownReading, as_text, catalogue
from law.register import NoRuleInForce, rule
from territories.models import Territory
from territories.scope import Who
from territories.services.people.stale import Stale

from ..models import Counting, Duty, ReadingChoice
from ..readings import readings_by_region

#: Locks of choices lie in this space of the database's advisory locks.
LOCK_SPACE = 826_002
#: Moves that a preview names one by one; all are counted.
SHOWN = 200


@dataclass(frozen=True)
class Choice:
    """A choice as it was typed: the name is "key" or "key:line", the value as text."""

    name: str
    value: str
    region: Territory | None
    valid_from: dt.date
    valid_to: dt.date | None
    document: str
    reason: str

    @property
    def key(self) -> str:
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Move:
    """One open duty whose dates a choice would change."""

    duty: Duty
    becomes: Mapping[str, dt.date | None]


@dataclass
class Preview:
    """What a choice would do: duties that move (the first of them named), that stay, that are closed."""

    moved: int = 0
    stay: int = 0
    closed: int = 0
    shown: list[Move] = field(default_factory=list)


def check(choice: Choice, *, apart_from: int | None = None) -> None:
    """Raises ValidationError, field by field, for a key, value or period that cannot be taken."""
    try:
        Readings.stored({choice.name: choice.value})
    except UnknownReading as unknown:
        reading = catalogue().get(choice.key)
        if reading is None:
            raise ValidationError({"value": _("There is no reading “%(key)s”.") % {"key": choice.key}}) from unknown
        if ":" in choice.name and not reading.per_duty:
            text = _("This reading cannot be chosen for one line alone.")
            raise ValidationError({"line": text}) from unknown
        text = _("“%(value)s” is none of the allowed values: %(allowed)s.")
        raise ValidationError({"value": text % {"value": choice.value, "allowed": reading.allowed}}) from unknown
    if choice.region is not None and not choice.region.is_region:
        raise ValidationError({"region": _("A reading is chosen for a region or for the whole country.")})
    if choice.valid_to is not None and choice.valid_to < choice.valid_from:
        raise ValidationError({"valid_to": _("The last day precedes the first.")})
    for name in ("document", "reason"):
        if not getattr(choice, name).strip():
            raise ValidationError({name: _("Say by which document and why: it stands in the journal.")})
    other = overlapping(choice).exclude(pk=apart_from).first()
    if other is not None:
        text = _(
            "For this period “%(value)s” is already chosen (%(period)s, %(document)s). "
            "End that choice first, or take days that do not overlap."
        )
        values = {"value": value_word(other.key, other.value), "period": period_word(other), "document": other.document}
        raise ValidationError({"valid_from": text % values})


def overlapping(choice: Choice) -> Any:
    """Choices of the same key and region that share a day with this one."""
    rows = ReadingChoice.objects.filter(key=choice.name, region=choice.region)
    if choice.valid_to is not None:
        rows = rows.filter(valid_from__lte=choice.valid_to)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=choice.valid_from))


def value_word(name: str, value: str) -> str:
    """The value in the reader's language; a number as it is."""
    titles = {as_text(code): words for code, words in catalogue()[name.partition(":")[0]].values.items()}
    return titles[value][get_language() or "kk"] if value in titles else value


def period_word(row: ReadingChoice) -> str:
    """ "from 01.01.2027 to 31.12.2027", in the reader's language."""
    if row.valid_to is None:
        return _("from %(first)s on") % {"first": official_date(row.valid_from)}
    return _("from %(first)s to %(last)s") % {
        "first": official_date(row.valid_from),
        "last": official_date(row.valid_to),
    }


@transaction.atomic
def choose(choice: Choice, *, by: Who) -> ReadingChoice:
    """Enter a choice. Raises PermissionDenied, ValidationError."""
    may(by)
    one_at_a_time(choice.name)
    check(choice)
    row = ReadingChoice.objects.create(
        key=choice.name,
        value=choice.value,
        region=choice.region,
        valid_from=choice.valid_from,
        valid_to=choice.valid_to,
        document=choice.document.strip(),
        reason=choice.reason.strip(),
        decided_by=by.user,
    )
    record(
        by.actor,
        "reading.chosen",
        row,
        became={"value": row.value, "valid_from": row.valid_from, "valid_to": row.valid_to, "document": row.document},
        reason=row.reason,
        basis=catalogue()[choice.key].code,
        scope_path=choice.region.path if choice.region else "",
    )
    return row


@transaction.atomic
def end_choice(row: ReadingChoice, *, last_day: dt.date, reason: str, by: Who, seen_version: int) -> ReadingChoice:
    """Give a choice its last day. Raises PermissionDenied, ValidationError, Stale."""
    may(by)
    fresh = ReadingChoice.objects.select_for_update(of=("self",)).select_related("region").get(pk=row.pk)
    if fresh.version != seen_version:
        raise Stale(fresh)
    if last_day < fresh.valid_from:
        raise ValidationError({"valid_to": _("The last day precedes the first.")})
    if fresh.valid_to is not None and last_day > fresh.valid_to:
        text = _("A choice can be shortened, not prolonged: enter a new one for the days after it.")
        raise ValidationError({"valid_to": text})
    if not reason.strip():
        raise ValidationError({"reason": _("Say by which document and why: it stands in the journal.")})
    was, fresh.valid_to = fresh.valid_to, last_day
    fresh.version += 1
    fresh.save(update_fields=["valid_to", "version"])
    record(
        by.actor,
        "reading.ended",
        fresh,
        was={"valid_to": was},
        became={"valid_to": last_day},
        reason=reason.strip(),
        basis=catalogue()[fresh.key.partition(":")[0]].code,
        scope_path=fresh.region.path if fresh.region else "",
    )
    return fresh


def may(by: Who) -> None:
    """Readings bind whole regions: only an administrator decides them."""
    if not by.is_administrator:
        raise PermissionDenied(_("Only an administrator chooses readings."))


def one_at_a_time(name: str) -> None:
    """Two administrators must not choose overlapping periods at once; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, zlib.crc32(name.encode()) & 0x7FFFFFFF])


def preview(choice: Choice, *, by: Who) -> Preview:
    """Recount what the choice touches, without writing: open duties that would move, from and to.

    Duties that share their counting, region and year are counted once, however many they are.
    """
    touched = catalogue()[choice.key].rules
    line = choice.name.partition(":")[2]
    rows = Duty.objects.visible_to(by).filter(rule_id__in=[line] if line else touched)
    if choice.region is not None:
        rows = rows.under(choice.region)
    rows = rows.filter(year__gte=first_year(choice.valid_from))
    if choice.valid_to is not None:
        rows = rows.filter(year__lte=choice.valid_to.year)
    found = Preview(closed=rows.exclude(met_on=None).count())
    waiting = rows.filter(met_on=None)
    groups = list(waiting.order_by().values_list("counting", "region", "year").annotate(n=Count("pk")))
    counted = Recount(choice, groups)
    moved = {}
    for counting, region, year, number in groups:
        becomes = counted.of(counting, region, year)
        if becomes is None or all(getattr(counted.countings[counting], name) == day for name, day in becomes.items()):
            found.stay += number
            continue
        found.moved += number
        moved[counting, region, year] = becomes
    several = waiting.filter(counting__in={counting for counting, _region, _year in moved})
    for duty in several.select_related("debtor", "body", "counting").order_by("due_on", "pk").iterator(SHOWN):
        if (duty.counting_id, duty.region_id, duty.year) in moved:
            found.shown.append(Move(duty, moved[duty.counting_id, duty.region_id, duty.year]))
        if len(found.shown) == SHOWN:
            break
    return found


def first_year(day: dt.date) -> int:
    """The first year that begins on or after a day: a year is counted by the readings of its first day."""
    return day.year if (day.month, day.day) == (1, 1) else day.year + 1


class Recount:
    """Dates of groups of duties (counting, region, year, how many) under the readings that would hold."""

    def __init__(self, choice: Choice, groups: list[tuple[int, int | None, int, int]]) -> None:
        self.choice = choice
        self.countings = Counting.objects.in_bulk({counting for counting, _region, _year, _number in groups})
        regions: dict[int, set[int]] = {}
        for _counting, region, year, _number in groups:
            regions.setdefault(year, set()).add(region or 0)
        value = catalogue()[choice.key].parse(choice.value)
        chosen_for = choice.region.pk if choice.region else None
        self.readings: dict[tuple[int, int], Readings] = {}
        for year, ids in regions.items():
            own = own_words(ids, dt.date(year, 1, 1), choice.name) if chosen_for is None else set()
            for region, readings in readings_by_region(ids, dt.date(year, 1, 1)).items():
                # The country's word does not reach a region that has its own.
                self.readings[region, year] = readings if region in own else readings.with_({choice.name: value})

    def of(self, counting: int, region: int | None, year: int) -> dict[str, dt.date | None] | None:
        """The dates that the duties would get; None if their rule or an anchor of it is not there."""
        return counted(self.countings[counting], year, self.readings[region or 0, year])


def counted(counting: Counting, year: int, readings: Readings) -> dict[str, dt.date | None] | None:
    rule_id = counting.wording.partition("@")[0]
    try:
        found = dates(rule(rule_id, dt.date(year, 1, 1)), anchors_of(counting), readings, workdays)
    except (NoRuleInForce, MissingAnchor, workdays.YearMissing):
        return None
    return {"safe_on": found.safe_on, "due_on": found.due_on, "late_after": found.late_after}


def anchors_of(counting: Counting) -> dict[str, Any]:
    """The stored anchors as the arithmetic takes them: ISO days become days, numbers stay."""
    return {
        name: dt.date.fromisoformat(value) if isinstance(value, str) else value
        for name, value in counting.anchors.items()
    }


def own_words(regions: Iterable[int], on: dt.date, name: str) -> set[int]:
    """Regions that have a choice of their own for a key on a day."""
    rows = ReadingChoice.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), key=name, region__in=list(regions), valid_from__lte=on
    )
    return {region for region in rows.values_list("region", flat=True) if region is not None}
