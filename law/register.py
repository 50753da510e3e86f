"""The register of obligations: every line of the acts by its id, with the wording in force on a day.

A line (`826-3.4.e`) never changes its id; an amendment adds a wording below the old one. Data: one file per
act in `acts/`. A file that contradicts itself is refused with file, table (or line) and reason.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from law.timing import Timing, TimingError, parse_timing
from law.units import AKIM_KINDS, BODIES_FILE

ACTS_FOLDER = Path(__file__).with_name("acts")
LANGUAGES = ("kk", "ru", "en")
KINDS = ("deadline", "coverage", "content", "participation", "permission", "process", "right", "status")
EVIDENCE = ("DOC", "SENT", "LINK", "SNAP", "REC")
CERTAINTIES = ("printed", "assumed", "draft")


class BadActFile(ValueError):
    """An act file that cannot be used; the message names file, line or table, and reason."""


class UnknownRule(LookupError):
    """No act holds this id (or this act code)."""


class NoRuleInForce(LookupError):
    """The line exists, but no wording of it was in force on that day."""


class NormTextMissing(NoRuleInForce):
    """A wording was in force on that day, but its text is not held: show the hole, judge nothing by it."""


@dataclass(frozen=True)
class Quote:
    """The act's own words, in the language the source has; «…» marks words left out."""

    lang: str
    source: str
    text: str


@dataclass(frozen=True)
class Source:
    """A text of the act that is held: its language, and the file name under which it was compared."""

    code: str
    lang: str
    file: str


@dataclass(frozen=True)
class Bound:
    """Who owes it: akims of these kinds of unit, bodies by their codes, or both; and through whom."""

    akims: tuple[str, ...]
    bodies: tuple[str, ...]
    performed_by: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """One edition of an act: its code, first and last day, and how surely these are known."""

    code: str
    in_force: date
    certainty: str
    basis: str


@dataclass(frozen=True)
class Wording:
    """One dated wording of one line of the register. `until` is its last day, None while it is in force."""

    rule_id: str
    act: str
    edition: str
    kind: str
    in_force: date
    until: date | None
    certainty: str
    missing: bool
    cite: Mapping[str, str]
    checked_on: date | None
    bound: Bound
    timing: Timing
    recipients: tuple[str, ...]
    evidence: tuple[str, ...]
    evidence_note: str
    words: tuple[Quote, ...]
    sentence: Mapping[str, str]
    readings: tuple[str, ...]
    decisive: tuple[str, ...]
    label: Mapping[str, str]

    @property
    def key(self) -> str:
        """What a row stores to be explained years later: "826-3.4.e@e1"."""
        return f"{self.rule_id}@{self.edition}"

    @property
    def has_number(self) -> bool:
        """False for a duty on which no date or count can ever be called a breach."""
        return self.timing.has_number


@dataclass(frozen=True)
class Rule:
    """One line of the register with all its wordings, oldest first."""

    id: str
    act: str
    kind: str
    wordings: tuple[Wording, ...]

    def on(self, day: date) -> Wording:
        """The wording in force on a day; raises NoRuleInForce or NormTextMissing."""
        for wording in reversed(self.wordings):
            if wording.in_force <= day and (wording.until is None or day <= wording.until):
                if wording.missing:
                    raise NormTextMissing(
                        f"{self.id}: the wording in force on {day} (edition {wording.edition}) is not held; "
                        f"enter its text in law/acts/{self.act}.toml."
                    )
                return wording
        raise NoRuleInForce(f"{self.id}: no wording was in force on {day}.")


@dataclass(frozen=True)
class Act:
    """One act: titles, editions, lines. `until` is its last day in force, None while it is in force."""

    code: str
    form: str
    number: str
    adopted: date
    until: date | None
    sources: Mapping[str, Source]
    title: Mapping[str, str]
    label: Mapping[str, str]
    editions: tuple[Edition, ...]
    rules: Mapping[str, Rule]

    @property
    def in_force(self) -> date:
        """The first day of the oldest edition."""
        return self.editions[0].in_force


def rule(rule_id: str, on: date) -> Wording:
    """The wording of a line on a day; raises UnknownRule, NoRuleInForce, NormTextMissing."""
    return line(rule_id).on(on)


def line(rule_id: str) -> Rule:
    """A line with all its wordings; raises UnknownRule."""
    found = act(rule_id.partition("-")[0]).rules.get(rule_id)
    if found is None:
        raise UnknownRule(f"The register has no line {rule_id!r}.")
    return found


def wording(key: str) -> Wording:
    """The wording that a stored key ("826-3.4.e@e1") names; raises UnknownRule."""
    rule_id, _, edition = key.partition("@")
    for candidate in line(rule_id).wordings:
        if candidate.edition == edition:
            return candidate
    raise UnknownRule(f"Line {rule_id} has no edition {edition!r}.")


def rules(act_code: str) -> tuple[Rule, ...]:
    """Every line of an act in the order of the act; raises UnknownRule."""
    return tuple(act(act_code).rules.values())


def act(code: str) -> Act:
    """One act by its code ("826", "12", "190", "615"); raises UnknownRule, BadActFile."""
    found = acts().get(code)
    if found is None:
        raise UnknownRule(f"There is no act {code!r}; known: {', '.join(acts())}.")
    return found


@cache
def acts() -> Mapping[str, Act]:
    """Every act of the folder by its code, read once; raises BadActFile."""
    return load_folder(ACTS_FOLDER)


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
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadActFile(f"{path.name}: {error}") from error
    return _ActReader(path.name, tables).read()


class _ActReader:
    """Turns the tables of one file into an Act and says where the file is wrong."""

    def __init__(self, file: str, tables: dict[str, Any]) -> None:
        self.file = file
        self.tables = tables

    def fail(self, table: str, reason: str) -> BadActFile:
        return BadActFile(f"{self.file}, {table}: {reason}")

    def need(self, row: Mapping[str, Any], key: str, table: str, kind: type | tuple[type, ...] = str) -> Any:
        if key not in row:
            raise self.fail(table, f"{key!r} is missing.")
        if not isinstance(row[key], kind):
            raise self.fail(table, f"{key!r} cannot be {row[key]!r}.")
        return row[key]

    def read(self) -> Act:
        head = self.need(self.tables, "act", "top level", dict)
        self.until = head.get("until")
        self.label = self.names(head.get("label"), "act.label") if "label" in head else MappingProxyType({})
        self.code = self.need(head, "code", "act")
        self.sources = self.read_sources()
        self.editions = self.read_editions()
        self.readings = self.known_readings()
        found: dict[str, Rule] = {}
        for row in self.need(self.tables, "rule", "top level", list):
            read = self.read_rule(row)
            if read.id in found:
                raise self.fail(f"rule {read.id}", "the id stands twice.")
            found[read.id] = read
        return Act(
            code=self.code,
            form=self.need(head, "form", "act"),
            number=self.need(head, "number", "act"),
            adopted=self.need(head, "adopted", "act", date),
            until=self.until,
            sources=self.sources,
            title=self.names(head.get("title"), "act.title"),
            label=self.label,
            editions=self.editions,
            rules=MappingProxyType(found),
        )

    def known_readings(self) -> frozenset[str]:
        return frozenset(f"A-{number:02}" for number in range(1, 25))

    def read_sources(self) -> Mapping[str, Source]:
        rows = self.need(self.tables, "source", "top level", list)
        read = [Source(*(self.need(row, key, "source") for key in ("code", "lang", "file"))) for row in rows]
        return MappingProxyType({source.code: source for source in read})

    def read_editions(self) -> tuple[Edition, ...]:
        editions: list[Edition] = []
        for row in self.need(self.tables, "edition", "top level", list):
            table = f"edition {row.get('code', '?')}"
            edition = Edition(
                code=self.need(row, "code", table),
                in_force=self.need(row, "in_force", table, date),
                certainty=self.need(row, "certainty", table),
                basis=self.need(row, "basis", table),
            )
            if edition.certainty not in CERTAINTIES:
                raise self.fail(table, f"certainty {edition.certainty!r} is unknown: {', '.join(CERTAINTIES)}.")
            if editions and edition.in_force <= editions[-1].in_force:
                raise self.fail(table, "editions must stand oldest first.")
            editions.append(edition)
        if self.until is not None and self.until < editions[-1].in_force:
            raise self.fail("act", "'until' precedes its last edition.")
        return tuple(editions)

    def read_rule(self, row: Mapping[str, Any]) -> Rule:
        rule_id = self.need(row, "id", "rule ?")
        table = f"rule {rule_id}"
        if not rule_id.startswith(f"{self.code}-"):
            raise self.fail(table, f"the id must begin with {self.code}-.")
        kind = self.need(row, "kind", table)
        if kind not in KINDS:
            raise self.fail(table, f"kind {kind!r} is none of {', '.join(KINDS)}.")
        cite = self.names(row.get("cite"), f"{table}, cite")
        tables = self.need(row, "wording", table, list)
        wordings: list[Wording] = []
        for index, words in enumerate(tables):
            wordings.append(self.read_wording(rule_id, kind, cite, words, tables[index + 1 :]))
            if index and wordings[-1].in_force <= wordings[-2].in_force:
                raise self.fail(table, "its wordings must stand oldest first.")
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
                bodies=self.bodies(bound.get("bodies", []), table),
                performed_by=self.bodies(bound.get("performed_by", []), table),
            ),
            timing=self.timing(row, table, missing=missing),
            recipients=self.bodies(row.get("recipients", []), table),
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
        raise self.fail(table, f"there is no edition {code!r}.")

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
                raise self.fail(table, f"bound names the kind {kind!r}: all, {', '.join(AKIM_KINDS)}.")
        return tuple(kinds)

    def bodies(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in bodies():
                raise self.fail(table, f"{code!r} is no body of bodies.toml.")
        return tuple(codes)

    def evidence(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in EVIDENCE:
                raise self.fail(table, f"evidence {code!r} is none of {', '.join(EVIDENCE)}.")
        return tuple(codes)

    def reading_codes(self, codes: list[str], table: str) -> tuple[str, ...]:
        for code in codes:
            if code not in self.readings:
                raise self.fail(table, f"there is no reading {code!r}.")
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
