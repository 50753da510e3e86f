"""What a file would do, as the page shows it: counts, the rows of one kind, what was found."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.dates import number

from ..columns import COLUMN
from ..models import ImportJob
from ..models.transfer import ImportState
from ..wording import label, unit_names, units_in, words
from ..workbook.findings import Finding, Severity
from ..workbook.messages.table import REPAIRS
from ..workbook.words import language as reader_language

#: Rows or findings that one page shows.
SHOWN = 100
#: What the page can show of a file: its name in the address.
ERRORS, NEW, CHANGED, UNCHANGED, WARNINGS, NOTES = "errors", "new", "changed", "unchanged", "warnings", "notes"
SEVERITIES = {ERRORS: Severity.ERROR, WARNINGS: Severity.WARNING, NOTES: Severity.NOTE}


class Preview:
    """The preview of one job, narrowed to what the address asks for."""

    def __init__(self, job: ImportJob, given: Mapping[str, str]) -> None:
        self.job = job
        self.counts = job.counts
        asked = given.get("show", "")
        self.show = asked if self.counts.get(asked) else self.first()
        self.page = Paginator(self.chosen, SHOWN).get_page(given.get("page"))

    def first(self) -> str:
        """What matters most: faults, then changes, then new rows."""
        order = (ERRORS, CHANGED, NEW, WARNINGS, UNCHANGED, NOTES)
        return next((name for name in order if self.counts.get(name)), NEW)

    @property
    def tabs(self) -> list[dict[str, Any]]:
        names = [
            (ERRORS, _("Errors")),
            (NEW, pgettext("rows of a file", "New")),
            (CHANGED, pgettext("rows of a file", "Changed")),
            (UNCHANGED, pgettext("rows of a file", "Unchanged")),
            (WARNINGS, _("Warnings")),
            (NOTES, _("Notes")),
        ]
        counts = self.counts
        return [
            {"url": f"?show={name}#rows", "label": text, "active": name == self.show, "count": number(counts[name])}
            for name, text in names
            if counts.get(name)
        ]

    @property
    def to_write(self) -> int:
        return self.counts.get("new", 0) + self.counts.get("changed", 0)

    @property
    def is_ready(self) -> bool:
        return self.job.state == ImportState.READY

    # -- Findings ---------------------------------------------------------------------------------
    @property
    def shows_findings(self) -> bool:
        return self.show in SEVERITIES

    @property
    def chosen(self) -> list[dict]:
        if self.shows_findings:
            wanted = SEVERITIES[self.show].value
            return [finding for finding in self.job.findings if finding["severity"] == wanted]
        return [row for row in self.job.rows if row["kind"] == self.show]

    @property
    def findings(self) -> list[Finding]:
        return [Finding.from_dict(each) for each in self.page]

    @cached_property
    def told(self) -> dict[int, list[dict[str, str]]]:
        """Warnings by the row of the sheet, to stand beside its changes."""
        found: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
        shown = {row["row"] for row in self.page} if not self.shows_findings else set()
        for each in self.job.findings:
            if each["severity"] == Severity.WARNING.value and each["row"] in shown:
                finding = Finding.from_dict(each)
                text = f"{finding.problem} {finding.remedy}".strip()
                found[each["row"]].append({"text": text, "why": finding.params.get("why", "")})
        return found

    # -- Rows -------------------------------------------------------------------------------------
    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows of the kind asked for, in words."""
        maps = [row.get(key, {}) for row in self.page for key in ("values", "was", "about")]
        names = unit_names(units_in(maps))
        return [self.row(row, names) for row in self.page]

    def row(self, row: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
        values = row.get("about") or row.get("values") or {}
        day = values.get("date")
        found = {
            "row": str(row["row"]),
            "number": str(row.get("number") or ""),
            "date": dt.date.fromisoformat(day) if day else None,
            "time": (values.get("time") or "")[:5],
            "holder": names.get(values.get("holder_id") or 0, ""),
            "place": names.get(values.get("place_id") or 0, ""),
            "address": values.get("address", ""),
            "warnings": self.told.get(row["row"], []),
        }
        if row["kind"] == CHANGED:
            found["changes"] = [
                (label(name), words(name, row["was"].get(name), names), words(name, value, names))
                for name, value in row["values"].items()
            ]
        return found

    # -- How it was read --------------------------------------------------------------------------
    @property
    def mapping(self) -> list[tuple[str, str, str]]:
        """Column letter, heading as in the file, and the column that it was taken for."""
        language = reader_language()
        return [
            (letter, heading, COLUMN[key].headings[language])
            for letter, heading, key in self.job.facts.get("mapping", ())
            if key in COLUMN
        ]

    @property
    def repairs(self) -> list[str]:
        found = self.job.facts.get("repairs", {})
        return [str(REPAIRS[name]) % {"count": count} for name, count in sorted(found.items()) if name in REPAIRS]

    @cached_property
    def offers(self) -> list[dict[str, Any]]:
        """Readings that the person may agree to, each kind once with an example."""
        counts = self.job.facts.get("offers", {})
        found = {}
        for each in self.job.findings:
            if each["offer"] and each["code"] in counts and each["code"] not in found:
                found[each["code"]] = {
                    "code": each["code"],
                    "count": counts[each["code"]],
                    "value": each["value"],
                    "offer": each["offer"],
                    "example": Finding.from_dict(each),
                }
        return list(found.values())
