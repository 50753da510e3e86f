"""Frozen rows of a version, and what differs between two of them.

People are told the difference only (826-2.1.f2), so it is computed once, from the rows as they were
approved, and worded by whoever shows it: a page, a letter, a sheet.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import pgettext_lazy

from journal import dates

from . import wording
from .caching import Results
from .models import Meeting, MeetingTarget, VersionRow

Data = Mapping[str, Any]

#: What is compared, in the order in which it is shown.
COMPARED = (
    "date",
    "time",
    "place",
    "address",
    "holder",
    "targets",
    "planned_minutes",
    "report_minutes",
    "format",
    "broadcast",
    "broadcast_note",
    "languages",
    "off_calendar",
    "remarks",
)
#: A change of one of these means that people would come to the wrong hall or on the wrong day.
MOVING = ("date", "time", "place")
KINDS = ("added", "moved", "changed", "cancelled")
KIND_WORDS = {
    "added": pgettext_lazy("difference of versions", "Added"),
    "moved": pgettext_lazy("difference of versions", "Moved"),
    "changed": pgettext_lazy("difference of versions", "Changed"),
    "cancelled": pgettext_lazy("difference of versions", "Cancelled"),
}


# -- One row --------------------------------------------------------------------------------------
#: Columns that a frozen row takes over as they are.
PLAIN = ("planned_minutes", "report_minutes", "format", "broadcast", "broadcast_note", "languages", "remarks")
#: What is kept of a unit, so that a reader in ten years can find it again.
UNIT = {"code": "code", "kind": "kind", "kk": "name_kk", "ru": "name_ru", "en": "name_en"}


def frozen(meetings: QuerySet[Meeting]) -> dict[int, dict[str, Any]]:
    """Meetings as a version keeps them, by id: plain values, codes and names of units as of that day.

    Two queries, however many rows.
    """
    units = [f"{side}__{column}" for side in ("holder", "place") for column in UNIT.values()]
    rows = list(meetings.values("pk", "number", "off_calendar", "address", "date", "time", *PLAIN, *units))
    served: defaultdict[int, list[list[str]]] = defaultdict(list)
    pairs = MeetingTarget.objects.filter(meeting__in=meetings)
    for meeting, holder, target in pairs.values_list("meeting_id", "holder__code", "target__code"):
        served[meeting].append([holder, target])
    return {
        row["pk"]: {
            "number": row["number"],
            "off_calendar": row["off_calendar"],
            "holder": {name: row[f"holder__{column}"] for name, column in UNIT.items()},
            "place": {name: row[f"place__{column}"] for name, column in UNIT.items()},
            "address": row["address"],
            "date": row["date"].isoformat(),
            "time": f"{row['time']:%H:%M}" if row["time"] else "",
            **{name: row[name] for name in PLAIN},
            "targets": sorted(served[row["pk"]]),
        }
        for row in rows
    }


def unit(territory: Any) -> dict[str, str]:
    """A unit as a frozen row keeps it."""
    return {name: getattr(territory, column) for name, column in UNIT.items()}


def digest(rows: Iterable[Data]) -> str:
    """SHA-256 of the rows in their canonical form: by number, keys sorted, UTF-8, one line a row."""
    total = hashlib.sha256()
    for row in sorted(rows, key=lambda r: r["number"]):
        line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        total.update(line.encode() + b"\n")
    return total.hexdigest()


#: In which rows two versions, or the working rows and a version, differ, as it was found last.
compared_before = Results(most=32, most_rows=1000)


# -- Two versions ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class RowDifference:
    """One meeting that is not the same in both versions. `was` / `became` are the frozen rows."""

    kind: str
    number: int
    was: Data | None
    became: Data | None
    fields: tuple[str, ...] = ()
    reason: str = ""

    @property
    def row(self) -> Data:
        """The row as it stands now, or as it stood last."""
        return self.became or self.was or {}


@dataclass(frozen=True)
class Difference:
    """What a later version changes, ordered by day of the meeting."""

    rows: Sequence[RowDifference] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind, kinds without rows included."""
        return {kind: sum(1 for row in self.rows if row.kind == kind) for kind in KINDS}

    def stored(self) -> dict[str, Any]:
        """As JSON beside the version."""
        rows = [
            {
                "kind": r.kind,
                "number": r.number,
                "was": dict(r.was) if r.was else None,
                "became": dict(r.became) if r.became else None,
                "fields": list(r.fields),
                "reason": r.reason,
            }
            for r in self.rows
        ]
        return {"counts": self.counts, "rows": rows}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Difference:
        """Back from JSON; an empty mapping is the first version's."""
        return cls(tuple(RowDifference(**{**r, "fields": tuple(r["fields"])}) for r in stored.get("rows", ())))


def difference(
    was: Mapping[int, Data], became: Mapping[int, Data], reasons: Mapping[int, str] | None = None
) -> Difference:
    """Compare rows by the id of their meeting; `reasons` tells why a row is gone."""
    found = []
    for meeting in was.keys() | became.keys():
        old, new = was.get(meeting), became.get(meeting)
        if old is None or new is None:
            kind = "added" if old is None else "cancelled"
            number = (new or old or {})["number"]
            found.append(RowDifference(kind, number, old, new, (), (reasons or {}).get(meeting, "")))
            continue
        fields = tuple(name for name in COMPARED if compared(old, name) != compared(new, name))
        if fields:
            kind = "moved" if set(fields) & set(MOVING) else "changed"
            found.append(RowDifference(kind, new["number"], old, new, fields))
    return Difference(tuple(sorted(found, key=lambda r: (r.row["date"], r.row["time"], r.number))))


def compared(row: Data, name: str) -> Any:
    """A unit is the same as long as its code is; a new name alone moves nobody."""
    value = row.get(name)
    return value["code"] if isinstance(value, Mapping) else value


def rows_of(version: Any) -> dict[int, Data]:
    """Frozen rows of a version by the id of their meeting."""
    return dict(VersionRow.objects.filter(version=version).values_list("meeting_id", "data"))


def unlike(older: Any, newer: Any) -> tuple[dict[int, Data], dict[int, Data]]:
    """Frozen rows of two versions that are not the same in both, by the id of their meeting.

    The database compares: of the two thousand rows of a region a correction changes a few.
    """
    rows = VersionRow.objects.order_by()
    same = rows.filter(version=newer, meeting=OuterRef("meeting"), data=OuterRef("data"))
    gone = rows.filter(~Exists(same), version=older).values_list("meeting_id", "data")
    was = dict(compared_before.of((older.pk, newer.pk, "was"), lambda: list(gone)))
    before = rows.filter(version=older, meeting=OuterRef("meeting"))
    fresh = Q(meeting__in=was) | ~Exists(before)
    come = rows.filter(fresh, version=newer).values_list("meeting_id", "data")
    return was, dict(compared_before.of((older.pk, newer.pk, "became"), lambda: list(come)))


# -- Words ----------------------------------------------------------------------------------------


def words(row: Data | None, name: str) -> str:
    """Value of a field of a frozen row in the active language; a dash for nothing."""
    if row is None:
        return "–"
    value = row.get(name)
    if name in ("holder", "place"):
        return unit_name(value or {})
    if name == "targets":
        return ", ".join(target for _holder, target in value or ()) or "–"
    return wording.words(name, value)


def unit_name(value: Data, language: str | None = None) -> str:
    """Name of a frozen unit; English falls back to Kazakh."""
    return value.get(dates.language(language)) or value.get("kk") or ""


@dataclass(frozen=True)
class Line:
    """One row of a table of differences, in words of the active language."""

    kind: str
    kind_words: str
    number: int
    place: str
    holder: str
    date: str
    #: Name of each changed field, what it was, what it became.
    changes: tuple[tuple[str, str, str], ...]
    reason: str


def lines(found: Difference) -> list[Line]:
    """The difference in words: for each row what it is about, and field by field was and became."""
    return [
        Line(
            kind=row.kind,
            kind_words=str(KIND_WORDS[row.kind]),
            number=row.number,
            place=words(row.row, "place"),
            holder=words(row.row, "holder"),
            date=when(row.row),
            changes=tuple((wording.label(name), words(row.was, name), words(row.became, name)) for name in row.fields),
            reason=row.reason,
        )
        for row in found.rows
    ]


def when(row: Data) -> str:
    """Day and hour of a frozen row: 15.01.2027, 10:00."""
    return ", ".join(part for part in (dates.short_date(dt.date.fromisoformat(row["date"])), row["time"]) if part)
