"""From rows to units: parents found, kinds told, contradictions named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .kinds import REGION, kind_and_akim, name_key, parent_code, parent_in_classifier, tidy
from .reading import Fault, Refused, Row, Table


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as one edition tells it. `row` keeps the names as they were written."""

    code: str
    parent: str
    kind: str
    own_akim: bool
    name_ru: str
    name_kk: str
    row: Row

    @property
    def key(self) -> str:
        return name_key(self.name_ru)

    @property
    def region(self) -> str:
        return self.code[:2] + REGION


def units_of(table: Table) -> list[Unit]:
    """Units, parents before children; raises `Refused` with every contradiction between rows."""
    faults = [*doubles(table.rows)]
    by_code = {row.code: row for row in table.rows}
    if table.names_parents:
        faults.extend(circles(table.rows))
    faults.extend(orphans(table, by_code))
    if faults:
        raise Refused(sorted(faults, key=lambda fault: fault.line))
    units: dict[str, Unit] = {}
    # A parent's code is always smaller than its child's, so ascending codes meet parents first.
    for code in sorted(by_code):
        row = by_code[code]
        parent = parent_code(code, by_code)
        name = tidy(row.name_ru)
        kind, own_akim = kind_and_akim(code, name, units[parent].kind if parent else None)
        units[code] = Unit(code, parent, kind, own_akim, name, tidy(row.name_kk), row)
    return list(units.values())


def doubles(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        if row.code in first:
            text = _("The code %(code)s stands twice: in lines %(first)s and %(second)s. Keep the right one.")
            yield Fault(row.line, row.code, text % {"code": row.code, "first": first[row.code], "second": row.line})
        first.setdefault(row.code, row.line)


def orphans(table: Table, codes: dict[str, Row]) -> Iterator[Fault]:
    """Rows whose parent is not in the file, or is not the one that the file itself names."""
    for row in table.rows:
        if row.code[2:] == REGION:
            found = ""
        else:
            found = parent_in_classifier(row.code, codes)
            if not found:
                text = _("%(name)s (%(code)s) has no parent: the row of its region %(region)s is missing.")
                yield Fault(
                    row.line,
                    row.code,
                    text % {"name": tidy(row.name_ru), "code": row.code, "region": row.code[:2] + REGION},
                )
                continue
        if table.names_parents and row.parent != found:
            text = _(
                "By its code %(code)s belongs under %(found)s, but the file puts it under %(named)s. "
                "Correct the code or the parent."
            )
            yield Fault(
                row.line,
                row.code,
                text % {"code": row.code, "found": found or "–", "named": row.parent or "–"},
            )


def circles(rows: Sequence[Row]) -> Iterator[Fault]:
    """Rows that are their own ancestors by the parents that the file names; one fault a circle."""
    parents = {row.code: row.parent for row in rows}
    lines = {row.code: row.line for row in rows}
    clear: set[str] = set()
    for row in rows:
        way: list[str] = []
        code: str | None = row.code
        while code and code not in clear and code not in way:
            way.append(code)
            code = parents.get(code)
        if code and code in way:
            circle = way[way.index(code) :]
            text = _("These rows are each other's parents: %(circle)s. Correct one of the parents.")
            yield Fault(lines[code], code, text % {"circle": " → ".join([*circle, code])})
        clear.update(way)
