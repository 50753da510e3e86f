"""Reads the act files and refuses one that contradicts itself, with file, line, table and reason."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from law.lines import Lines
from law.register.model import Act, BadActFile, Bound, Edition, Quote, Rule, Source, Wording
from law.timing import Timing, TimingError, parse_timing
from law.units import AKIM_KINDS, BODIES_FILE
from law.words import LANGUAGES

KINDS = ("deadline", "coverage", "content", "participation", "permission", "process", "right", "status")
EVIDENCE = ("DOC", "SENT", "LINK", "SNAP", "REC")
CERTAINTIES = ("printed", "assumed", "draft")


@cache
def bodies() -> Mapping[str, Mapping[str, str]]:
    """Names of the bodies and circles of people that rules speak of, by code and language."""
    return MappingProxyType(tomllib.loads(BODIES_FILE.read_text(encoding="utf-8")))


def load_folder(folder: Path) -> Mapping[str, Act]:
    """Read and check every act file of a folder; raises BadActFile."""
    loaded = [load_act(path) for path in sorted(folder.glob("*.toml"))]
    return MappingProxyType({found.code: found for found in loaded})


def load_act(path: Path) -> Act:
    """Read and check one act file; raises BadActFile."""
    text = path.read_text(encoding="utf-8")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadActFile(f"{path.name}: {error}") from error
    return _ActReader(path.name, text, tables).read()


class _ActReader:
    """Turns the tables of one file into an Act and says where the file is wrong."""

    def __init__(self, file: str, text: str, tables: dict[str, Any]) -> None:
        self.file = file
        self.lines = Lines(text)
        self.tables = tables
        #: Headers of the table that is being read, each with its number.
        self.place: list[tuple[str, int]] = []

    def fail(self, table: str, reason: str) -> BadActFile:
        """The refusal of a table; its line is that of the part that the reason or the name of the table ends in."""
        parts = [*re.findall(r"^'(\w+)'", reason), *table.rpartition(", ")[2].rpartition(".")[2].split()]
        line = self.lines.of(self.place, *parts)
        where = f"line {line}, " if line else ""
        return BadActFile(f"{self.file}, {where}{table}: {reason}")

    def need(self, row: Mapping[str, Any], key: str, table: str, kind: type | tuple[type, ...] = str) -> Any:
        if key not in row:
            raise self.fail(table, f"{key!r} is missing.")
        if not isinstance(row[key], kind):
            raise self.fail(table, f"{key!r} cannot be {row[key]!r}.")
        return row[key]

    def read(self) -> Act:
        head = self.need(self.tables, "act", "top level", dict)
        self.place = [("act", 0)]
        self.until = head.get("until")
        self.label = self.names(head.get("label"), "act.label") if "label" in head else MappingProxyType({})
        self.code = self.need(head, "code", "act")
        form, number = self.need(head, "form", "act"), self.need(head, "number", "act")
        self.adopted = self.need(head, "adopted", "act", date)
        title = self.names(head.get("title"), "act.title")
        self.sources = self.read_sources()
        self.editions = self.read_editions()
        self.readings = self.known_readings()
        found: dict[str, Rule] = {}
        self.place = []
        for position, row in enumerate(self.need(self.tables, "rule", "top level", list)):
            self.place = [("rule", position)]
            read = self.read_rule(row)
            if read.id in found:
                raise self.fail(f"rule {read.id}", "the id stands twice.")
            found[read.id] = read
        return Act(
            code=self.code,
            form=form,
            number=number,
            adopted=self.adopted,
            until=self.until,
            sources=self.sources,
            title=title,
            label=self.label,
            editions=self.editions,
            rules=MappingProxyType(found),
        )

    def known_readings(self) -> frozenset[str]:
        return frozenset(f"A-{number:02}" for number in range(1, 25))

    def read_sources(self) -> Mapping[str, Source]:
        read: dict[str, Source] = {}
        self.place = []
        for number, row in enumerate(self.need(self.tables, "source", "top level", list)):
            self.place = [("source", number)]
            source = Source(*(self.need(row, key, "source") for key in ("code", "lang", "file")))
            read[source.code] = source
        return MappingProxyType(read)

    def read_editions(self) -> tuple[Edition, ...]:
        editions: list[Edition] = []
        self.place = []
        for number, row in enumerate(self.need(self.tables, "edition", "top level", list)):
            self.place = [("edition", number)]
            table = f"edition {row.get('code', '?')}"
            edition = Edition(
                code=self.need(row, "code", table),
                in_force=self.need(row, "in_force", table, date),
                certainty=self.need(row, "certainty", table),
                basis=self.need(row, "basis", table),
            )
            if edition.certainty not in CERTAINTIES:
                raise self.fail(f"{table}, certainty", f"{edition.certainty!r} is unknown: {', '.join(CERTAINTIES)}.")
            if edition.certainty != "draft" and edition.in_force < self.adopted:
                raise self.fail(table, f"'in_force' {edition.in_force} precedes the act, adopted {self.adopted}.")
            if editions and edition.in_force <= editions[-1].in_force:
                raise self.fail(f"{table}, in_force", "editions must stand oldest first.")
            editions.append(edition)
        self.place = [("act", 0)]
        if self.until is not None and self.until < editions[-1].in_force:
            raise self.fail("act, until", "it precedes its last edition.")
        return tuple(editions)

    def read_rule(self, row: Mapping[str, Any]) -> Rule:
        rule_id = self.need(row, "id", "rule ?")
        table = f"rule {rule_id}"
        if not rule_id.startswith(f"{self.code}-"):
            raise self.fail(f"{table}, id", f"it must begin with {self.code}-.")
        kind = self.need(row, "kind", table)
        if kind not in KINDS:
            raise self.fail(f"{table}, kind", f"{kind!r} is none of {', '.join(KINDS)}.")
        cite = self.names(row.get("cite"), f"{table}, cite")
        tables = self.need(row, "wording", table, list)
        wordings: list[Wording] = []
        place = self.place
        for index, words in enumerate(tables):
            self.place = [*place, ("rule.wording", index)]
            self.edition(words, table)
        for index, words in enumerate(tables):
            self.place = [*place, ("rule.wording", index)]
            wordings.append(self.read_wording(rule_id, kind, cite, words, tables[index + 1 :]))
            if index and wordings[-1].in_force <= wordings[-2].in_force:
                raise self.fail(table, "its wordings must stand oldest first.")
        self.place = place
        return Rule(id=rule_id, act=self.code, kind=kind, wordings=tuple(wordings))

    def read_wording(
        self, rule_id: str, kind: str, cite: Mapping[str, str], row: Mapping[str, Any], later: list[Any]
    ) -> Wording:
        edition = self.edition(row, f"rule {rule_id}")
        table = f"rule {rule_id}, edition {edition.code}"
        missing = row.get("missing", False)
        until = row.get("until", self.until)
        if later:
            until = self.edition(later[0], table).in_force - timedelta(days=1)
        bound = row.get("bound", {})
        return Wording(
            rule_id=rule_id,
            act=self.code,
            edition=edition.code,
            kind=kind,
            in_force=edition.in_force,
            until=until,
            certainty=edition.certainty,
            missing=missing,
            cite=cite,
            checked_on=None if missing else self.need(row, "checked_on", table, date),
            bound=Bound(
                akims=self.akims(bound, table),
                bodies=self.bodies(bound.get("bodies", []), f"{table}, bound"),
                performed_by=self.bodies(bound.get("performed_by", []), f"{table}, bound"),
            ),
            timing=self.timing(row, table, missing=missing),
            recipients=self.bodies(row.get("recipients", []), f"{table}, recipients"),
            evidence=self.evidence(row.get("evidence", []), table),
            evidence_note=row.get("evidence_note", ""),
            words=() if missing else self.quotes(row, table),
            sentence=self.sentence(row, table, missing=missing),
            readings=self.reading_codes(row.get("readings", []), table),
            decisive=self.reading_codes(row.get("decisive", []), table),
            label=self.label,
        )

    def edition(self, row: Mapping[str, Any], table: str) -> Edition:
        code = self.need(row, "edition", table)
        for edition in self.editions:
            if edition.code == code:
                return edition
        raise self.fail(f"{table}, edition", f"there is no edition {code!r}.")

    def timing(self, row: Mapping[str, Any], table: str, *, missing: bool) -> Timing:
        if missing:
            return Timing(rule="STATUS")
        try:
            return parse_timing(self.need(row, "timing", table, dict))
        except TimingError as error:
            raise self.fail(f"{table}, timing", str(error)) from error

    def akims(self, bound: Mapping[str, Any], table: str) -> tuple[str, ...]:
        kinds = bound.get("akims", [])
        if kinds == "all":
            return AKIM_KINDS
        for kind in kinds:
            if kind not in AKIM_KINDS:
                raise self.fail(f"{table}, bound", f"names the kind {kind!r}: all, {', '.join(AKIM_KINDS)}.")
        return tuple(kinds)

    def bodies(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in bodies():
                raise self.fail(table, f"{code!r} is no body of bodies.toml.")
        return tuple(codes)

    def evidence(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in EVIDENCE:
                raise self.fail(f"{table}, evidence", f"{code!r} is none of {', '.join(EVIDENCE)}.")
        return tuple(codes)

    def reading_codes(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in self.readings:
                raise self.fail(f"{table}, readings", f"there is no reading {code!r}.")
        return tuple(codes)

    def quotes(self, row: Mapping[str, Any], table: str) -> tuple[Quote, ...]:
        quotes = []
        for quote in self.need(row, "words", table, list):
            source = self.sources.get(self.need(quote, "source", f"{table}, words"))
            if source is None:
                raise self.fail(f"{table}, words", f"there is no source {quote['source']!r}.")
            quotes.append(Quote(source.lang, source.code, self.need(quote, "text", f"{table}, words")))
        return tuple(quotes)

    def sentence(self, row: Mapping[str, Any], table: str, *, missing: bool) -> Mapping[str, str]:
        return MappingProxyType({}) if missing else self.names(row.get("sentence"), f"{table}, sentence")

    def names(self, table: Any, where: str) -> Mapping[str, str]:
        if not isinstance(table, dict) or any(not str(table.get(lang, "")).strip() for lang in LANGUAGES):
            raise self.fail(where, f"a text is needed in each of {', '.join(LANGUAGES)}.")
        return MappingProxyType({lang: table[lang] for lang in LANGUAGES})
