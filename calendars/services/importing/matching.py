"""Which row of a file is which meeting of the calendar: by its number, else by akim, place, period and order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from law.periods import period_of

from ...exporting.meta import Known, Meta
from ...models import MeetingState

#: What is read of the meetings that stand.
STANDING = (
    "pk", "version", "number", "state", "announced_on", "holder_id", "place_id", "address", "date", "time",
    "planned_minutes", "report_minutes", "format", "broadcast", "broadcast_note", "languages", "remarks",
    "off_calendar",
)  # fmt: skip

Standing = Mapping[str, Any]


@dataclass(slots=True)
class FileRow:
    """One row of the file on its way: what it says, which units and which meeting it means, what is wrong."""

    row: int
    cells: Mapping[str, Any]
    number: int | None = None
    holder_id: int | None = None
    place_id: int | None = None
    meeting: Standing | None = None
    known: Known | None = None
    values: dict[str, Any] = field(default_factory=dict)
    was: dict[str, Any] = field(default_factory=dict)
    wrong: bool = False

    @property
    def is_new(self) -> bool:
        return self.meeting is None

    @property
    def changes(self) -> bool:
        """Would taking it over write anything?"""
        return self.meeting is None or bool(self.was)


class Matcher:
    """Gives every row of a file its meeting, each meeting once."""

    def __init__(self, standing: Iterable[Standing], meta: Meta | None, measure: Callable[[int, int], str]) -> None:
        self.meta = meta
        self.measure = measure
        self.by_number = {row["number"]: row for row in standing}
        self.taken: set[int] = set()

    def by_numbers(self, rows: Iterable[FileRow], tell: Callable[..., Any]) -> None:
        """Rows that carry the number of a meeting. In a file of strange origin the pair has to agree as well."""
        for row in rows:
            if row.number is None:
                continue
            meeting = self.by_number.get(row.number)
            if self.meta is not None:
                self.marked(row, meeting, tell)
            elif meeting and (meeting["holder_id"], meeting["place_id"]) == (row.holder_id, row.place_id):
                self.take(row, meeting)

    def marked(self, row: FileRow, meeting: Standing | None, tell: Callable[..., Any]) -> None:
        known = self.meta.rows.get(row.number or 0) if self.meta else None
        if known is not None and meeting is not None and meeting["pk"] == known.meeting_id:
            row.known = known
            self.take(row, meeting)
        elif known is not None:
            tell("B66.gone", row, "number", number=row.number)
        elif meeting is not None:
            tell("B66.number", row, "number", value=row.number)

    def take(self, row: FileRow, meeting: Standing) -> None:
        row.meeting = meeting
        self.taken.add(meeting["pk"])

    def by_pairs(self, rows: Iterable[FileRow]) -> None:
        """Rows without a number of ours: the n-th row of a pair and period is its n-th meeting.

        The same day and hour go first. In a workbook of ours a row without a number is new, unless it
        is one that was there when the workbook was made, or is the very same meeting.
        """
        groups: defaultdict[tuple, list[FileRow]] = defaultdict(list)
        for row in rows:
            if row.meeting is None and row.holder_id and row.place_id and row.cells["date"]:
                groups[self.group(row.holder_id, row.place_id, row.cells["date"])].append(row)
        if not groups:
            return
        free: defaultdict[tuple, list[Standing]] = defaultdict(list)
        for meeting in self.by_number.values():
            if meeting["pk"] not in self.taken and meeting["state"] != MeetingState.CANCELLED:
                free[self.group(meeting["holder_id"], meeting["place_id"], meeting["date"])].append(meeting)
        for group, members in groups.items():
            self.pair_up(members, free.get(group, []))

    def group(self, holder: int, place: int, day: Any) -> tuple[int, int, str]:
        return holder, place, period_of(self.measure(holder, place) or "half_year", day).code

    def pair_up(self, rows: list[FileRow], meetings: list[Standing]) -> None:
        by_moment: defaultdict[tuple, list[Standing]] = defaultdict(list)
        for meeting in meetings:
            by_moment[meeting["date"], meeting["time"]].append(meeting)
        left = []
        for row in sorted(rows, key=lambda r: (r.cells["date"], r.row)):
            same = by_moment.get((row.cells["date"], row.cells["time"]))
            if same:
                self.take(row, same.pop(0))
            else:
                left.append(row)
        ordered = sorted(
            (m for m in meetings if m["pk"] not in self.taken and self.was_there(m)),
            key=lambda m: (m["date"], m["number"]),
        )
        for row, meeting in zip(left, ordered, strict=False):
            self.take(row, meeting)

    def was_there(self, meeting: Standing) -> bool:
        """Did the workbook know the meeting when it was made? A strange file may mean any."""
        return self.meta is None or meeting["number"] in self.meta.rows
