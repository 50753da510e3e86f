"""What the program finds in an approved version, for whoever reviews it: rows by rule, warnings only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext

from law.coverage import norms
from law.register import NoRuleInForce
from law.workdays import YearMissing, is_working
from territories.models import Territory

from .models import CalendarVersion, Format, VersionRow
from .warnings import Announcements, overlap


@dataclass(frozen=True)
class Finding:
    """One rule and the rows that it speaks of. `mark` says whose rule it is: law or house."""

    code: str
    text: str
    mark: str
    basis: str
    rows: frozenset[int]

    @property
    def count(self) -> int:
        return len(self.rows)


#: Whose rule a finding is, and its line or reading.
MARKS = {
    "short_notice": ("law", "826-3.4.e, f"),
    "video_only": ("reading", "A-12"),
    "day_off": ("house", ""),
    "busy": ("house", ""),
    "no_time": ("law", "826-3.4.d"),
}
#: The rows are frozen, but days off and readings may be entered later.
KEPT_SECONDS = 600


def findings(version: CalendarVersion, on: dt.date) -> list[Finding]:
    """All checks of the rows as approved, judged on a civil day; only those that found something."""
    name = f"findings:{version.pk}:{version.scan.name}:{on}"
    ids = cache.get(name)
    if ids is None:
        ids = found_in(version, on)
        cache.set(name, ids, KEPT_SECONDS)
    return [
        Finding(code, words(code, len(ids[code])), *mark, frozenset(ids[code]))
        for code, mark in MARKS.items()
        if ids[code]
    ]


def found_in(version: CalendarVersion, on: dt.date) -> dict[str, list[int]]:
    """Rows by the code of the finding. Two queries however many rows."""
    rows = list(version.rows.select_related("holder"))
    return {
        "short_notice": short_notice(version, rows, on),
        "video_only": [r.pk for r in rows if r.data["format"] == Format.VIDEO_ONLY],
        "day_off": day_off(rows),
        "busy": busy(rows),
        "no_time": [r.pk for r in rows if not r.data["time"] or not r.data["address"]],
    }


def words(code: str, count: int) -> str:
    text = {
        "short_notice": ngettext(
            "%(count)s meeting can no longer be announced in time",
            "%(count)s meetings can no longer be announced in time",
            count,
        ),
        "video_only": ngettext(
            "%(count)s meeting is held by videoconference only and closes no offsite norm",
            "%(count)s meetings are held by videoconference only and close no offsite norm",
            count,
        ),
        "day_off": ngettext("%(count)s meeting falls on a day off", "%(count)s meetings fall on a day off", count),
        "busy": ngettext(
            "%(count)s meeting overlaps with another one of the same akim",
            "%(count)s meetings overlap with others of the same akim",
            count,
        ),
        "no_time": ngettext(
            "%(count)s meeting has no hour or no address yet, which the announcement needs",
            "%(count)s meetings have no hour or no address yet, which the announcement needs",
            count,
        ),
    }[code]
    return text % {"count": count}


def short_notice(version: CalendarVersion, rows: Sequence[VersionRow], on: dt.date) -> list[int]:
    """Rows whose last announcement day was over when the version was approved (or lies before `on`)."""
    try:
        announcements = Announcements(version.calendar)
        return [r.pk for r in rows if r.date >= on and announcements.last_day(r.holder, r.date) < on]
    except (NoRuleInForce, YearMissing):
        return []


def day_off(rows: Sequence[VersionRow]) -> list[int]:
    try:
        return [row.pk for row in rows if not is_working(row.date)]
    except YearMissing:
        return []


def busy(rows: Sequence[VersionRow]) -> list[int]:
    """Rows of one akim whose hours overlap; a row without an hour is not held against it."""
    by_akim: defaultdict[tuple[int, dt.date], list[VersionRow]] = defaultdict(list)
    for row in rows:
        if row.data["time"]:
            by_akim[row.holder_id, row.date].append(row)
    found: set[int] = set()
    for same in by_akim.values():
        for index, one in enumerate(same):
            for other in same[index + 1 :]:
                if overlap(hour(one), minutes(one), hour(other), minutes(other)):
                    found |= {one.pk, other.pk}
    return sorted(found)


def hour(row: VersionRow) -> dt.time:
    return dt.time.fromisoformat(row.data["time"])


def minutes(row: VersionRow) -> int:
    return int(row.data["planned_minutes"])


# -- Filters of the list of rows ------------------------------------------------------------------
def holder_kinds(year: int, readings: Any) -> dict[str, tuple[str, ...]]:
    """Kinds of akim whose norm is a line: each akim has exactly one line of 826-2.1."""
    found: dict[str, set[str]] = {}
    try:
        for norm in norms(dt.date(year, 1, 1), readings):
            found.setdefault(norm.line, set()).update(norm.holder_kinds)
    except NoRuleInForce:
        return {}
    return {line: tuple(sorted(kinds)) for line, kinds in sorted(found.items())}


def filtered(
    rows: QuerySet[VersionRow],
    *,
    raion: Territory | None = None,
    kinds: Sequence[str] | None = None,
    month: int | None = None,
    only: frozenset[int] | None = None,
) -> QuerySet[VersionRow]:
    """Rows inside a raion, of a line (by the kinds of akim), of a month, or named by a finding."""
    if raion is not None:
        rows = rows.filter(Q(place__path__startswith=raion.path) | Q(holder=raion))
    if kinds is not None:
        rows = rows.filter(holder__kind__in=kinds)
    if month is not None:
        rows = rows.filter(date__month=month)
    if only is not None:
        rows = rows.filter(pk__in=only)
    return rows


def raions(region: Territory) -> list[Territory]:
    """Units directly under the region, for the filter, in the order of the classifier."""
    return list(Territory.objects.filter(parent=region, valid_to=None).order_by("code"))


def missing_words(snapshot: dict[str, Any]) -> str:
    """How complete the approved plan was."""
    missing = snapshot.get("missing", 0)
    if not missing:
        return gettext("All required meetings are provided for.")
    text = ngettext(
        "%(count)s required meeting is not provided for", "%(count)s required meetings are not provided for", missing
    )
    return text % {"count": missing}
