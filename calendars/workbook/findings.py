"""What is wrong with a workbook: where, what was seen, what was expected, what to do.

A finding keeps a code and parameters, never a sentence: the sentence is made in the language of whoever reads
it. Findings can be stored (``as_dict``) with the preview and read later in another language.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from . import words
from .limits import FINDINGS_KEPT, FINDINGS_SHOWN
from .messages import MESSAGES
from .references import column_letter, column_number


class Severity(StrEnum):
    """An error stops the import; a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell. ``offer`` is a reading that is applied only after a person accepts it."""

    code: str
    severity: Severity
    sheet: str = ""
    row: int | None = None
    column_letter: str = ""
    heading: str = ""
    value_seen: str = ""
    offer: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> str:
        """The code without its variant: B20 of B20.missing."""
        return self.code.partition(".")[0]

    @property
    def place(self) -> str:
        """Sheet, row and column as far as they are known; empty for the whole file."""
        parts = []
        if self.sheet:
            parts.append(_("sheet “%(sheet)s”") % {"sheet": self.sheet})
        if self.row is not None:
            parts.append(_("row %(row)s") % {"row": self.row})
        if self.column_letter and self.heading:
            parts.append(
                _("column %(letter)s (“%(heading)s”)")
                % {"letter": self.column_letter, "heading": words.shown(self.heading)}
            )
        elif self.column_letter:
            parts.append(_("column %(letter)s") % {"letter": self.column_letter})
        return _capital(", ".join(parts))

    @property
    def problem(self) -> str:
        return self._filled(MESSAGES[self.code].problem)

    @property
    def expected(self) -> str:
        """What the cell or the file should have held; may be empty."""
        return self._filled(MESSAGES[self.code].expected)

    @property
    def remedy(self) -> str:
        return self._filled(MESSAGES[self.code].remedy)

    @property
    def text(self) -> str:
        """The whole sentence in the active language: place, what is wrong, what to do."""
        said = f"{self.place}: {self.problem}" if self.place else _capital(self.problem)
        return f"{said} {self.remedy}".strip()

    def __str__(self) -> str:
        return self.text

    def as_dict(self) -> dict[str, Any]:
        """JSON for storing with a preview; no sentences, so it can be read in any language."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column_letter,
            "heading": self.heading,
            "value": self.value_seen,
            "offer": self.offer,
            "params": dict(self.params),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Finding":
        return cls(
            code=data["code"],
            severity=Severity(data["severity"]),
            sheet=data.get("sheet", ""),
            row=data.get("row"),
            column_letter=data.get("column", ""),
            heading=data.get("heading", ""),
            value_seen=data.get("value", ""),
            offer=data.get("offer", ""),
            params=data.get("params", {}),
        )

    def _filled(self, template: object) -> str:
        filled = {name: words.spoken(value) for name, value in self.params.items()}
        filled |= {"value": self.value_seen, "offer": self.offer}
        return str(template) % filled if template else ""


class Findings:
    """All findings about one file, in the order of the file. The number kept is bounded; counts are exact."""

    def __init__(self, sheets: Iterable[str] = ()) -> None:
        self._sheets: dict[str, int] = {"": -1}
        self._kept: list[tuple[tuple[int, int, int, int], Finding]] = []
        self.by_severity: Counter[Severity] = Counter()
        self.by_code: Counter[str] = Counter()
        for name in sheets:
            self.know_sheet(name)

    def know_sheet(self, name: str) -> None:
        """Sheets are told in the order in which they become known: that of the workbook."""
        self._sheets.setdefault(name, len(self._sheets))

    def add(
        self,
        code: str,
        /,
        *,
        sheet: str = "",
        row: int | None = None,
        column: int | None = None,
        heading: str = "",
        value: object = "",
        offer: object = "",
        severity: Severity | None = None,
        **params: Any,
    ) -> Finding:
        """Record a finding. ``column`` counts from 1; ``params`` are JSON (dates as ``{"date": iso}``)."""
        finding = Finding(
            code=code,
            severity=severity or Severity(MESSAGES[code].severity),
            sheet=sheet,
            row=row,
            column_letter=column_letter(column) if column else "",
            heading=heading,
            value_seen=words.shown(value),
            offer=words.plain(offer),
            params=params,
        )
        self.append(finding)
        return finding

    def append(self, finding: Finding) -> None:
        self.by_severity[finding.severity] += 1
        self.by_code[finding.code] += 1
        # Errors are what people must mend: they are kept even when notes have filled the store.
        if len(self._kept) < FINDINGS_KEPT or finding.severity == Severity.ERROR:
            self.know_sheet(finding.sheet)
            key = (
                self._sheets[finding.sheet],
                finding.row or 0,
                column_number(finding.column_letter),
                len(self._kept),
            )
            self._kept.append((key, finding))
        if len(self._kept) >= 2 * FINDINGS_KEPT:
            self._kept = heapq.nsmallest(FINDINGS_KEPT, self._kept, key=lambda pair: pair[0])

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        """Every kept finding in the order of the file."""
        self._kept.sort(key=lambda pair: pair[0])
        return iter([finding for _key, finding in self._kept])

    def __len__(self) -> int:
        return self.total

    def __bool__(self) -> bool:
        return self.total > 0

    @property
    def total(self) -> int:
        """All that were found, also those no longer kept."""
        return sum(self.by_severity.values())

    @property
    def errors(self) -> int:
        return self.by_severity[Severity.ERROR]

    @property
    def warnings(self) -> int:
        return self.by_severity[Severity.WARNING]

    @property
    def notes(self) -> int:
        return self.by_severity[Severity.NOTE]

    @property
    def shown(self) -> list[Finding]:
        """The first 500 in the order of the file; ``total`` tells how many there are."""
        return list(self)[:FINDINGS_SHOWN]

    def of(self, severity: Severity) -> list[Finding]:
        """Kept findings of one severity in the order of the file."""
        return [finding for finding in self if finding.severity == severity]

    @property
    def offers(self) -> list[Finding]:
        """Findings with a reading that a person may accept."""
        return [finding for finding in self if finding.offer]

    @property
    def has_errors(self) -> bool:
        return self.errors > 0

    def as_list(self, limit: int = FINDINGS_KEPT) -> list[dict[str, Any]]:
        return [finding.as_dict() for finding in list(self)[:limit]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
