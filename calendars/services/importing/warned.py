"""Warnings for the rows of a file: those of the entry form, with the other rows of the file as neighbours."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import override

from territories.models import Territory

from ...models import Calendar
from ...warnings import Checker, Row, Warning_
from .matching import FileRow

LANGUAGES = ("kk", "ru", "en")
#: More meetings of one akim on one day need not be told one by one.
MOST_NEIGHBOURS = 20


class FileChecker(Checker):
    """Judges rows as the calendar would stand after the import. New rows have negative ids."""

    def __init__(self, calendar: Calendar, rows: Sequence[FileRow], units: Mapping[int, Territory], today: dt.date):
        self.units = units
        self.file_rows = [self.as_row(row, -index, units) for index, row in enumerate(rows, start=1)]
        super().__init__(calendar, self.file_rows, today)
        self.norms: dict[tuple[int, int], Any] = {}
        asked = self.served.norm_of
        # A year's rows name each pair several times.
        self.served.norm_of = lambda holder, chain: self.remembered(asked, holder, chain)  # type: ignore[method-assign]
        ids = {row.id for row in self.file_rows}
        self.by_holder: defaultdict[tuple[dt.date, int], list[dict]] = defaultdict(list)
        for meetings in self.by_day.values():
            for meeting in meetings:
                if meeting["id"] not in ids:
                    self.by_holder[meeting["date"], meeting["holder_id"]].append(meeting)
        for pair, closing in self.closing.items():
            self.closing[pair] = [one for one in closing if one[0] not in ids]
        for row in self.file_rows:
            self.by_holder[row.date, row.holder.pk].append(neighbour(row))
            self.close(row)

    def remembered(self, ask: Callable, holder: Territory, chain: Sequence[Territory]) -> Any:
        pair = holder.pk, chain[0].pk
        if pair not in self.norms:
            self.norms[pair] = ask(holder, chain)
        return self.norms[pair]

    @staticmethod
    def as_row(row: FileRow, new_id: int, units: Mapping[int, Territory]) -> Row:
        values = row.values
        return Row(
            holder=units[values["holder_id"]],
            place=units[values["place_id"]],
            date=values["date"],
            time=values["time"],
            planned_minutes=values["planned_minutes"],
            format=values["format"],
            broadcast=values["broadcast"],
            broadcast_note=values["broadcast_note"],
            announced_on=row.meeting["announced_on"] if row.meeting else None,
            id=row.meeting["pk"] if row.meeting else new_id,
        )

    def close(self, row: Row) -> None:
        """Count the row among those that close its pair."""
        found = self.served.norm_of(row.holder, self.served.chain(row.place))
        closing = self.closing[row.holder.pk, found[1].pk] if found else []
        if len(closing) <= MOST_NEIGHBOURS:
            closing.append((row.id, row.date))

    def others(self, row: Row) -> list[dict]:
        """Meetings of the day whose akims have to do with the place: only these can clash."""
        found: list[dict] = []
        for pk in row.place.path.strip("/").split("/"):
            same = self.by_holder.get((row.date, int(pk)), ())
            found += [m for m in same[: MOST_NEIGHBOURS + 1] if m["id"] != row.id]
        return found

    def name_akims(self) -> None:
        """Names of the neighbours' akims in the active language."""
        for meetings in self.by_holder.values():
            for meeting in meetings:
                meeting["holder_name"] = self.units[meeting["holder_id"]].name()

    def told(self, language: str) -> Iterator[tuple[int, list[tuple[Warning_, Mapping[str, str]]]]]:
        """Index of a row, and its warnings with their texts in every language.

        Most rows have none, so the other languages are asked only where the first has found something.
        """
        rest = [code for code in LANGUAGES if code != language]
        with override(language):
            self.name_akims()
            first = [(index, warnings) for index, row in enumerate(self.file_rows) if (warnings := self.row(row))]
        texts: dict[str, list[list[str]]] = {}
        for code in rest:
            with override(code):
                self.name_akims()
                texts[code] = [[w.text for w in self.row(self.file_rows[index])] for index, _warnings in first]
        for place, (index, warnings) in enumerate(first):
            said = [
                (warning, {language: warning.text} | {code: texts[code][place][n] for code in rest})
                for n, warning in enumerate(warnings)
            ]
            yield index, said


def neighbour(row: Row) -> dict[str, Any]:
    """A row of the file as the checker knows meetings of the database."""
    return {
        "id": row.id,
        "date": row.date,
        "time": row.time,
        "planned_minutes": row.planned_minutes,
        "holder_id": row.holder.pk,
        "holder__path": row.holder.path,
        "place__path": row.place.path,
        "holder_name": "",
    }
