"""Reads a file against the calendar and says what taking it over would do. Writes nothing.

Everything about a row is checked, never the first fault only: units, dates, duplicates, walls, rights, warnings.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, override

from territories.models import Territory
from territories.scope import Who

from ... import rules
from ...columns import COLUMN, LINES, PERIODS, STATES, TEMPLATE
from ...exporting.meta import Meta, base_of
from ...exporting.meta import read as read_meta
from ...exporting.rows import Wording
from ...models import Calendar, Meeting, MeetingState
from ...models.meeting import Broadcast, Format, Languages
from ...regional import RegionUnits
from ...resources.cells import unescaped
from ...terms import approval_day, most_report_minutes
from ...warnings import OCCUPYING
from ...workbook import guard, reader
from ...workbook.cells import Context
from ...workbook.cells.folding import fold, fold_lookalikes
from ...workbook.cells.text import clean
from ...workbook.findings import Findings, Severity
from ...workbook.references import column_number
from ...workbook.sheet import CellKind, Workbook, text_cell
from ...workbook.table import Table, read_table
from ...workbook.template import Kind
from ..rows import FIELDS, walls
from .matching import STANDING, FileRow, Matcher
from .units import Resolver, Trouble
from .warned import LANGUAGES, FileChecker

#: What a new row holds where the file is silent.
DEFAULTS: dict[str, Any] = {
    "address": "",
    "time": None,
    "planned_minutes": 120,
    "report_minutes": 30,
    "format": Format.IN_PERSON.value,
    "broadcast": Broadcast.LATER.value,
    "broadcast_note": "",
    "languages": Languages.BOTH.value,
    "remarks": "",
    "off_calendar": False,
}
#: Columns in which an empty cell empties the field; in the others it leaves it as it is.
MAY_BE_EMPTY = ("address", "time", "broadcast_note", "remarks")
#: Numbers of rows that a note lists.
MOST_NUMBERS = 20
COLUMN_OF_FIELD = {"holder_id": "holder", "place_id": "place"}


@dataclass
class Look:
    """What a file would do. `rows` are in the order of the file; empty when it could not be read."""

    inspection: guard.Inspection
    findings: Findings
    calendar_version: int = 0
    workbook: Workbook | None = None
    table: Table | None = None
    meta: Meta | None = None
    rows: list[FileRow] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.table is not None and not self.findings.has_errors

    @cached_property
    def counts(self) -> dict[str, int]:
        kinds = Counter(kind_of(row) for row in self.rows)
        return {
            "rows": len(self.rows),
            **{kind: kinds[kind] for kind in ("new", "changed", "unchanged", "wrong")},
            "errors": self.findings.errors,
            "warnings": self.findings.warnings,
            "notes": self.findings.notes,
            "absent": len(self.absent),
        }


def kind_of(row: FileRow) -> str:
    if row.wrong:
        return "wrong"
    if row.is_new:
        return "new"
    return "changed" if row.was else "unchanged"


def look(
    content: bytes | guard.Inspection,
    name: str,
    calendar: Calendar,
    *,
    by: Who,
    today: dt.date,
    accepted: Collection[str] = (),
) -> Look:
    """Read a file and say what it would do to the calendar. `accepted`: codes of offers that the person took."""
    inspection = content if isinstance(content, guard.Inspection) else guard.inspect(content, name)
    found = Look(inspection, inspection.findings, calendar_version=calendar.version)
    with undisturbed(), ThreadPoolExecutor(max_workers=1) as beside:
        # The child process parses while this one gathers what the rows will be compared with.
        parsing = beside.submit(reader.read, inspection)
        planner = Planner(found, calendar, by, today, accepted) if inspection.ok else None
        found.workbook = parsing.result()
        if planner is not None and found.workbook is not None:
            planner.run()
    return found


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection of garbage for the while: thousands of rows are made and none of them is garbage yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Planner:
    """One look at one file."""

    def __init__(self, found: Look, calendar: Calendar, by: Who, today: dt.date, accepted: Collection[str]) -> None:
        self.found, self.findings = found, found.findings
        self.calendar, self.by, self.today, self.accepted = calendar, by, today, accepted
        self.units = RegionUnits(calendar.region, calendar.year)
        self.words = {code: Wording(calendar, self.units, code) for code in ("kk", "ru")}
        for language in self.words:
            self.units.labels(language)
        self.standing = list(Meeting.objects.visible_to(by).filter(calendar=calendar).values(*STANDING))

    # -- Steps ------------------------------------------------------------------------------------
    def run(self) -> None:
        found, workbook = self.found, self.found.workbook
        assert workbook is not None
        found.meta = read_meta(workbook)
        if not self.made_for_this(found.meta):
            return
        if workbook.dialect is not None:
            unescape(workbook)
        context = Context(self.calendar.year, workbook.date1904, self.units.words, self.units.by_code.keys())
        table = read_table(workbook, TEMPLATE, self.findings, context, accepted=self.accepted)
        if table is None or not self.has_units(table):
            return
        found.table = table
        self.forget_numbers(table)
        found.rows = [FileRow(row.number, row.values, wrong=not row.ok) for row in table.rows]
        self.read_numbers()
        self.find_units()
        self.find_meetings()
        for row in found.rows:
            self.merge(row)
            self.check(row)
        self.find_twins()
        self.tell_about_others()
        self.warn()

    def made_for_this(self, meta: Meta | None) -> bool:
        """B40: a workbook says for which region, year and template it was made; it is believed before any row."""
        if meta is None:
            return True
        facts, region = meta.facts, self.units.region
        if not meta.is_ours:
            self.findings.add("B40.template", value=meta.template, found=meta.template or "?", sheet="")
            return False
        if facts.get("region") != region.code:
            other = {"kk": facts.get("region_name_kk", ""), "ru": facts.get("region_name_ru", "")}
            named = {code: f"{name} – {facts.get('region', '')}".strip(" –") for code, name in other.items()}
            expected = {code: f"{region.name(code)} – {region.code}" for code in LANGUAGES}
            self.findings.add("B40.region", value=facts.get("region", ""), found=named, expected=expected, sheet="")
            return False
        if facts.get("year") != str(self.calendar.year):
            year = facts.get("year", "")
            self.findings.add("B40.year", value=year, found=year, expected=self.calendar.year, sheet="")
            return False
        if meta.broken:
            self.findings.add("B66.marks", count=meta.broken)
        made = facts.get("exported_at", "")[:10]
        if facts.get("calendar_version") not in ("0", str(self.calendar.version)) and is_day(made):
            self.findings.add("B66.older", day={"date": made})
        return True

    def has_units(self, table: Table) -> bool:
        """Akim and place may be named or coded; one of the two columns must be there."""
        lacking = [key for key in ("holder", "place") if not {key, f"{key}_code"} & table.header.columns.keys()]
        for key in lacking:
            names = dict(COLUMN[key].headings)
            self.findings.add("B20.missing", sheet=table.sheet.name, row=table.header.last_row, column_name=names)
        return not lacking

    def read_numbers(self) -> None:
        """Numbers of rows; two that only differ by the alphabet of their letters are one (B36)."""
        seen: dict[str, int] = {}
        for row in self.found.rows:
            text = row.cells["number"]
            if text is None:
                continue
            first = seen.setdefault(fold_lookalikes(text), row.row)
            if first != row.row:
                self.tell("B36.number", row, "number", value=text, other=first)
            elif text.isascii() and text.isdigit() and len(text) < 10:
                row.number = int(text)

    @staticmethod
    def forget_numbers(table: Table) -> None:
        """The numbers of rows are numbers; taking them as text is no repair worth telling."""
        column = table.header.columns.get("number")
        data = {row.number for row in table.rows}
        if column and table.repairs["as_text"]:
            cells = (row.cell(column) for row in table.sheet.rows if row.number in data)
            table.repairs["as_text"] -= sum(1 for cell in cells if cell.kind == CellKind.NUMBER)

    def find_units(self) -> None:
        codes = {row.cells[key] for row in self.found.rows for key in ("holder_code", "place_code")}
        resolver = Resolver(self.units, codes)
        known = self.found.meta.rows if self.found.meta else {}
        stale: Counter[str] = Counter()
        for row in self.found.rows:
            base = known[row.number].base if row.number is not None and row.number in known else {}
            holder = self.find_unit(resolver, row, "holder", None, base, stale)
            row.holder_id = holder.pk if holder else None
            place = self.find_unit(resolver, row, "place", holder, base, stale)
            row.place_id = place.pk if place else None
        self.found.table.repairs.update(stale)

    def find_unit(
        self,
        resolver: Resolver,
        row: FileRow,
        key: str,
        within: Territory | None,
        base: Mapping[str, Any],
        stale: Counter[str],
    ) -> Territory | None:
        cells = row.cells
        name, code = cells[key], cells[f"{key}_code"]
        if name is None and code is None:
            if not self.has_error(row, key, f"{key}_code"):
                expected = dict(COLUMN[f"{key}_code"].headings)
                self.tell("B20.unit", row, key, expected=expected)
            return None
        answer = resolver.find(key, name, code, within=within, was_code=base.get(f"{key}_code"))
        if answer.trouble is not None:
            self.tell_trouble(row, answer.trouble)
        elif answer.stale:
            stale["stale"] += 1
        return answer.unit

    def has_error(self, row: FileRow, *keys: str) -> bool:
        """Has the reader of cells said already what is wrong with one of the row's cells?"""
        if not row.wrong:
            return False
        letters = {self.place(row, key)["column"] for key in keys} - {None}
        wrong = self.wrong_cells.get(row.row, set())
        return bool(wrong & letters)

    @cached_property
    def wrong_cells(self) -> dict[int, set[int]]:
        cells: dict[int, set[int]] = {}
        for finding in self.findings:
            if finding.severity == Severity.ERROR and finding.row is not None:
                cells.setdefault(finding.row, set()).add(column_number(finding.column_letter))
        return cells

    def find_meetings(self) -> None:
        matcher = Matcher(self.standing, self.found.meta, lambda h, p: self.words["kk"].line_and_measure(h, p)[1])
        matcher.by_numbers(self.found.rows, self.tell)
        matcher.by_pairs(self.found.rows)
        if self.found.meta is not None:
            was = self.found.meta.rows
            self.found.absent = sorted(
                m["number"] for m in self.standing if m["pk"] not in matcher.taken and m["number"] in was
            )

    # -- One row ----------------------------------------------------------------------------------
    def merge(self, row: FileRow) -> None:
        """The values that the row would have: the file's where the person wrote something, else as they are.

        Where the workbook remembers what it held, only cells that differ from that were written.
        """
        cells, meeting = row.cells, row.meeting
        now: Mapping[str, Any] = meeting or DEFAULTS
        written = {
            "holder_id": row.holder_id,
            "place_id": row.place_id,
            "date": cells["date"],
            **{name: self.given(name, cells[name], now) for name in DEFAULTS},
        }
        if meeting is None and cells["report_minutes"] is None and written["planned_minutes"] is not None:
            written["report_minutes"] = min(
                DEFAULTS["report_minutes"],
                most_report_minutes(written["planned_minutes"], dt.date(self.calendar.year, 1, 1)),
            )
        if meeting is not None:
            untouched = self.untouched(row, written)
            for name in FIELDS:
                value = written.get(name)
                if name in untouched or (value is None and name not in MAY_BE_EMPTY):
                    written[name] = meeting[name]
            row.was = {name: meeting[name] for name in FIELDS if written[name] != meeting[name]}
        row.values = {name: written[name] for name in FIELDS}

    def given(self, name: str, value: Any, now: Mapping[str, Any]) -> Any:
        """A cell's value for a field; what is there already where the cell says the same in other spaces."""
        has_column = name in self.found.table.header.columns
        if value is None:
            if not has_column or name not in MAY_BE_EMPTY:
                return now[name]
            return None if name == "time" else ""
        if isinstance(value, str) and isinstance(now[name], str) and now[name] != value:
            lines = COLUMN[name].kind == Kind.LINES
            if clean(now[name], one_line=not lines)[0] == value:
                return now[name]
        return value

    def untouched(self, row: FileRow, written: Mapping[str, Any]) -> set[str]:
        """Fields that hold in the file what they held when the workbook was made."""
        known, meeting = row.known, row.meeting
        if known is None or meeting is None or None in (row.holder_id, row.place_id):
            return set()
        codes = {f"{key}_code": self.units.by_id[written[f"{key}_id"]].code for key in ("holder", "place")}
        held = dict(zip(known.base, base_of({**written, **codes}), strict=True))
        same = {name for name, value in held.items() if value == known.base[name]}
        if meeting["version"] != known.version:
            if len(same) < len(held):
                self.tell("B66.both", row, "number", number=meeting["number"])
            else:
                self.newer += 1
        return {f"{name.removesuffix('_code')}_id" if name.endswith("_code") else name for name in same}

    newer = 0

    def check(self, row: FileRow) -> None:
        if row.wrong or not row.changes:
            return
        day = row.values["date"]
        if day.year != self.calendar.year:
            self.tell("B30.year", row, "date", value=row.cells["date"], day=iso(day), year=self.calendar.year)
        if row.is_new or "date" in row.was:
            self.check_day(row, day)
        self.check_right(row)
        if not row.wrong:
            self.check_walls(row)
        self.check_told(row)

    def check_day(self, row: FileRow, day: dt.date) -> None:
        if day < self.today:
            self.tell("B30.past", row, "date", value=day, severity=Severity.WARNING, day=iso(day))
        elif day < approval_day(self.calendar.year) and not self.is_approved:
            self.tell("B30.approval", row, "date", value=day, day=iso(day), paragraph="826-2.1.h1")

    @cached_property
    def is_approved(self) -> bool:
        return self.calendar.pk is not None and self.calendar.versions.exists()

    def check_right(self, row: FileRow) -> None:
        """The same predicates as for a click; here they name the row instead of refusing everything."""
        holder = self.units.by_id[row.values["holder_id"]]
        if row.meeting is not None:
            was_holder = self.units.by_id.get(row.meeting["holder_id"], holder)
            meeting = Meeting(calendar=self.calendar, holder=was_holder, state=row.meeting["state"])
            if not rules.can_edit(self.by, meeting):
                closed = row.meeting["state"] not in rules.EDITABLE
                fields = [dict(COLUMN[COLUMN_OF_FIELD.get(name, name)].headings) for name in row.was]
                params = {"number": row.meeting["number"], "fields": fields}
                if closed:
                    params["state"] = dict(STATES[row.meeting["state"]])
                first = COLUMN_OF_FIELD.get(next(iter(row.was)), next(iter(row.was)))
                self.tell("B66.closed" if closed else "B66.denied", row, first, **params)
                return
        if not rules.can_hold_for(self.by, self.calendar, holder.path):
            self.tell("B33.office", row, "holder", name=Resolver.both(holder))

    def check_walls(self, row: FileRow) -> None:
        """Asked of the same function as at the write, so that nothing passes here and fails there."""
        problems = walls(row.values, self.calendar, self.units.by_id)
        if not problems:
            return
        texts: dict[str, list[str]] = {}
        for code in LANGUAGES:
            with override(code):
                texts[code] = [problem.text for problem in walls(row.values, self.calendar, self.units.by_id)]
        for index, problem in enumerate(problems):
            text = {code: texts[code][index] for code in LANGUAGES}
            value = row.cells.get(problem.field) or ""
            self.tell("wall", row, problem.field, value=value, text=text, basis=problem.basis)

    def check_told(self, row: FileRow) -> None:
        """Columns that only tell: a contradiction is worth a look, but nothing is taken from them."""
        cells, values = row.cells, row.values
        if cells["line"]:
            line = self.words["kk"].line_and_measure(values["holder_id"], values["place_id"])[0]
            said = fold(cells["line"])[:1]
            if line and said in LINE_LETTERS and LINE_LETTERS[said] != line:
                self.tell("B35.line", row, "line", value=cells["line"], line=dict(LINES[line]))
        if cells["period"]:
            ending = PERIOD_WORDS.get(fold(cells["period"]))
            half = "H1" if values["date"].month <= 6 else "H2"
            if ending in ("H1", "H2") and ending != half:
                params = {"day": iso(values["date"]), "period": dict(PERIODS[ending])}
                self.tell("B30.period", row, "date", value=values["date"], **params)
        if cells["state"] and row.meeting is not None:
            state = row.meeting["state"]
            announced = state == MeetingState.PLANNED and row.meeting["announced_on"]
            right = STATES["announced" if announced else state]
            allowed = {fold(text) for text in (*right.values(), *STATES["approved"].values())}
            if fold(cells["state"]) not in allowed:
                self.tell("B66.state", row, "state", value=cells["state"], state=dict(right))

    # -- All rows together ------------------------------------------------------------------------
    def find_twins(self) -> None:
        """One akim meets the people of one place at one hour of one day once (B36)."""
        first: dict[tuple, FileRow] = {}
        in_file = {row.meeting["pk"] for row in self.found.rows if row.meeting}
        standing = {
            (m["holder_id"], m["place_id"], m["date"], m["time"]): m
            for m in self.standing
            if m["pk"] not in in_file and m["state"] in OCCUPYING
        }
        for row in self.found.rows:
            if row.wrong or (row.meeting and row.meeting["state"] == MeetingState.CANCELLED):
                continue
            values = row.values
            key = values["holder_id"], values["place_id"], values["date"], values["time"]
            twin = first.setdefault(key, row)
            if twin is not row and (row.changes or twin.changes):
                self.tell("B36.file", row, "date", value=values["date"], other=twin.row)
            elif key in standing and row.changes:
                other = standing[key]
                place = self.units.by_id[other["place_id"]]
                meeting = {
                    code: f"№ {other['number']}, {other['date']:%d.%m.%Y}, {place.name(code)}" for code in LANGUAGES
                }
                self.tell("B36.planned", row, "date", value=values["date"], meeting=meeting)

    def tell_about_others(self) -> None:
        if self.newer:
            self.findings.add("B66.newer", sheet=self.found.table.sheet.name, count=self.newer)
        if self.found.absent:
            few = [str(number) for number in self.found.absent[:MOST_NUMBERS]]
            more = ["…"] if len(self.found.absent) > MOST_NUMBERS else []
            sheet = self.found.table.sheet.name
            self.findings.add("B66.absent", sheet=sheet, count=len(self.found.absent), numbers=[*few, *more])

    def warn(self) -> None:
        rows = [row for row in self.found.rows if row.changes and not row.wrong]
        if not rows:
            return
        checker = FileChecker(self.calendar, rows, self.units.by_id, self.today)
        for index, warnings in checker.told((get_language() or "kk")[:2]):
            row = rows[index]
            for warning, text in warnings:
                value = row.cells.get(warning.field) or ""
                more = {"text": text, "basis": warning.basis} | ({"why": warning.why} if warning.why else {})
                self.tell(f"warning.{warning.code}", row, warning.field, value=value, **more)

    # -- Telling ----------------------------------------------------------------------------------
    def place(self, row: FileRow, key: str) -> dict[str, Any]:
        """The cell to point at; for a unit that is only coded, its code."""
        columns = self.found.table.header.columns
        if key not in columns and f"{key}_code" in columns:
            key = f"{key}_code"
        elif key not in columns and key.removesuffix("_code") in columns:
            key = key.removesuffix("_code")
        return self.found.table.place(row.row, key)

    def tell(self, code: str, row: FileRow, key: str, /, **params: Any) -> None:
        finding = self.findings.add(code, **self.place(row, key), **params)
        if finding.severity == Severity.ERROR:
            row.wrong = True

    def tell_trouble(self, row: FileRow, trouble: Trouble) -> None:
        self.tell(trouble.code, row, trouble.at, value=trouble.value, **trouble.params)


#: First letters of lines, also where a Cyrillic letter was typed.
LINE_LETTERS = {fold(line): line for line in LINES}
PERIOD_WORDS = {fold(text): ending for ending, texts in PERIODS.items() for text in texts.values()}


def unescape(workbook: Workbook) -> None:
    """CSV: the sign that kept a text from being taken for a formula goes away again."""
    for sheet in workbook.sheets:
        for row in sheet.rows:
            for index, cell in enumerate(row.cells):
                if cell.kind == CellKind.TEXT and str(cell.value).startswith("'"):
                    row.cells[index] = text_cell(unescaped(str(cell.value)))


def iso(day: dt.date) -> dict[str, str]:
    return {"date": day.isoformat()}


def is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
