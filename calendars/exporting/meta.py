"""What a workbook knows about itself: where it was made, when, and what its rows were then.

Kept on a sheet of its own that Excel does not show. On the way back it tells a row that the person has
changed from one that somebody else has changed since, so that neither change is lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..columns import META_MARK, TEMPLATE_ID, TEMPLATE_VERSION
from ..workbook.sheet import CellKind, Sheet, Workbook, metadata

SHEET = "meta"
#: The order of values in a row's base; texts are kept as a digest.
BASE = (
    "holder_code", "place_code", "date", "time", "planned_minutes", "report_minutes", "format", "broadcast",
    "languages", "off_calendar", "address", "broadcast_note", "remarks",
)  # fmt: skip
DIGESTED = ("address", "broadcast_note", "remarks")
DIGEST_CHARS = 16


@dataclass(frozen=True, slots=True)
class Known:
    """A row as it left: which meeting, at which version, with which values (texts as digests)."""

    meeting_id: int
    version: int
    base: Mapping[str, Any]


@dataclass(frozen=True)
class Meta:
    """The metadata sheet, read back. `broken` counts lines whose digest does not fit."""

    facts: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[int, Known] = field(default_factory=dict)
    broken: int = 0

    @property
    def template(self) -> str:
        return f"{self.facts.get('template', '')} {self.facts.get('template_version', '')}".strip()

    @property
    def is_ours(self) -> bool:
        return self.template == f"{TEMPLATE_ID} {TEMPLATE_VERSION}"


def base_of(values: Mapping[str, Any]) -> list[Any]:
    """Values of a row (keys of `BASE`) as the metadata sheet keeps them."""
    return [digest(str(values[name] or "")) if name in DIGESTED else plain(values[name]) for name in BASE]


def plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return f"{value:%H:%M}" if hasattr(value, "hour") else value.isoformat() if hasattr(value, "year") else str(value)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:DIGEST_CHARS] if text else ""


def line(number: int, meeting_id: int, version: int, values: Mapping[str, Any]) -> tuple[int, int, int, str, str]:
    """One row of the metadata sheet: number, id, version, digest of all of it, base."""
    base = json.dumps(base_of(values), ensure_ascii=False, separators=(",", ":"))
    return number, meeting_id, version, digest(f"{number} {meeting_id} {version} {base}"), base


def sheet_of(workbook: Workbook) -> Sheet | None:
    return workbook.marked(META_MARK) or workbook.sheet(SHEET)


def read(workbook: Workbook) -> Meta | None:
    """The metadata of a workbook; None where it has none. Lines that do not fit their digest are left out."""
    sheet = sheet_of(workbook)
    if sheet is None:
        return None
    facts = metadata(sheet)
    rows: dict[int, Known] = {}
    broken = 0
    for row in sheet.rows:
        if row.cell(1).kind != CellKind.NUMBER:
            continue
        known = known_row(row.number, [row.cell(n).value for n in range(1, 6)])
        if known is None:
            broken += 1
        else:
            rows[known[0]] = known[1]
    return Meta(facts, rows, broken)


def known_row(_row: int, cells: Iterable[Any]) -> tuple[int, Known] | None:
    try:
        number, meeting_id, version, seen, base = cells
        number, meeting_id, version = int(number), int(meeting_id), int(version)
        if seen != digest(f"{number} {meeting_id} {version} {base}"):
            return None
        values = json.loads(base)
        return number, Known(meeting_id, version, dict(zip(BASE, values, strict=True)))
    except (TypeError, ValueError, OverflowError):
        return None
