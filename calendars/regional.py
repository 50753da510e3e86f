"""The units of one region as people write them in tables: one label each, found again by code, label or name.

Many villages of an oblast share a name, so a label tells as much of the parents as it takes to be the only one.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from territories.kato.kinds import bare, name_key
from territories.kato.words import spelled_out, unit_kk
from territories.models import Kind, Territory

from .workbook.cells.folding import fold, fold_case

LANGUAGES = ("kk", "ru", "en")
#: Rows of the classifier that only repeat their parent; nobody holds a meeting in them.
NOT_LISTED = (Kind.TERRITORY_ROW,)
#: Russian words of kinds that people write out instead of the classifier's marks.
WRITTEN_RU = {
    Kind.OBLAST: ("область",),
    Kind.RAION: ("район",),
    Kind.CITY_OBLAST: ("город", "г."),
    Kind.CITY_REP: ("город", "г."),
    Kind.CAPITAL: ("город", "г."),
    Kind.RAION_IN_CITY: ("район",),
    Kind.CITY_RAION: ("город", "г."),
    Kind.OKRUG: ("сельский округ", "с/о"),
    Kind.SETTLEMENT: ("поселок", "посёлок"),
    Kind.VILLAGE: ("село", "аул"),
    Kind.MICRORAION: ("микрорайон",),
}
FIELDS = (
    "id", "code", "kind", "own_akim", "parent_id", "region_id", "path", "name_kk", "name_ru", "name_en",
    "sort_kk", "valid_from", "valid_to", "successor_id", "excluded",
)  # fmt: skip


class RegionUnits:
    """Every unit of a region, read once. `living` are those that exist on some day of the year."""

    def __init__(self, region: Territory, year: int) -> None:
        self.region, self.year = region, year
        self.known_labels: dict[str, dict[int, str]] = {}
        first = dt.date(year, 1, 1)
        rows = list(Territory.objects.filter(path__startswith=region.path).only(*FIELDS))
        self.by_id = {unit.pk: unit for unit in rows}
        self.living = {unit.pk: unit for unit in rows if unit.valid_to is None or unit.valid_to >= first}
        self.by_code: dict[str, Territory] = {}
        self.abolished: dict[str, Territory] = {}
        for unit in sorted(rows, key=lambda u: u.valid_to or dt.date.max):
            # Of several units that bore one code the latest counts.
            (self.by_code if unit.pk in self.living else self.abolished)[unit.code] = unit

    @cached_property
    def listed(self) -> list[Territory]:
        """Living units from the top down, each followed by all that lies in it, in the Kazakh order."""
        children: defaultdict[int | None, list[Territory]] = defaultdict(list)
        for unit in self.living.values():
            if unit.kind not in NOT_LISTED:
                children[unit.parent_id if unit.pk != self.region.pk else None].append(unit)
        return list(self.walk(None, children))

    def walk(self, parent: int | None, children: dict[int | None, list[Territory]]) -> Iterator[Territory]:
        for unit in sorted(children.get(parent, ()), key=lambda u: (not u.own_akim, u.sort_kk, u.code)):
            yield unit
            yield from self.walk(unit.pk, children)

    @cached_property
    def sizes(self) -> dict[int, int]:
        """How many listed units lie in each listed unit, itself included."""
        found: dict[int, int] = defaultdict(int)
        known = {unit.pk for unit in self.listed}
        for unit in self.listed:
            for pk in unit.path.strip("/").split("/"):
                if int(pk) in known:
                    found[int(pk)] += 1
        return found

    def above(self, unit: Territory) -> list[Territory]:
        """The units above, upward, without the region."""
        parents = [self.by_id[int(pk)] for pk in unit.path.strip("/").split("/") if int(pk) in self.by_id]
        return [parent for parent in reversed(parents) if parent.pk not in (unit.pk, self.region.pk)]

    # -- Labels -----------------------------------------------------------------------------------
    def label(self, unit: Territory, language: str) -> str:
        """The only label of its kind in the region: name, with parents and at last the code where needed."""
        return self.labels(language).get(unit.pk) or unit.name(language)

    def labels(self, language: str) -> dict[int, str]:
        """Labels of all listed units in Kazakh or Russian."""
        if language not in self.known_labels:
            self.known_labels[language] = self.labels_in(language)
        return self.known_labels[language]

    def labels_in(self, language: str) -> dict[int, str]:
        found = {unit.pk: tidy(unit.name(language)) for unit in self.listed}
        keys = {pk: fold(label) for pk, label in found.items()}
        for depth in (1, 2, 0):
            count = Counter(keys.values())
            for pk in [pk for pk, key in keys.items() if count[key] > 1]:
                unit = self.living[pk]
                more = [tidy(parent.name(language)) for parent in self.above(unit)[:depth]] if depth else [unit.code]
                if more:
                    found[pk] = f"{tidy(unit.name(language))} ({', '.join(more)})"
                    keys[pk] = fold(found[pk])
        return found

    # -- Finding ----------------------------------------------------------------------------------
    def named(self, text: str) -> list[Territory]:
        """Living units that the text may mean: by label, by name, by a name written out, by its bare name.

        The first way that finds anything counts. Letters of two alphabets that look alike are told
        apart first and taken for one only when nothing is found otherwise.
        """
        for key_of, index in ((fold_case, "exact"), (fold, "alike"), (fold, "written"), (name_key, "bare")):
            key = key_of(text)
            if key and (found := getattr(self, index).get(key)):
                return [self.living[pk] for pk in found]
        return []

    def is_called(self, unit: Territory, text: str) -> bool:
        """Is the text a name or the label of the unit, in any language? Quicker than `named`."""
        key = fold_case(text)
        if key in (fold_case(unit.name_kk), fold_case(unit.name_ru)):
            return True
        return any(key == fold_case(self.label(unit, language)) for language in ("kk", "ru"))

    @cached_property
    def exact(self) -> dict[str, list[int]]:
        return self.index(fold_case, self.spellings)

    @cached_property
    def alike(self) -> dict[str, list[int]]:
        return self.index(fold, self.spellings)

    @cached_property
    def written(self) -> dict[str, list[int]]:
        return self.index(fold, written_out)

    @cached_property
    def bare(self) -> dict[str, list[int]]:
        return self.index(name_key, lambda unit: (unit.name_kk, unit.name_ru))

    def spellings(self, unit: Territory) -> Iterable[str]:
        yield from (unit.name_kk, unit.name_ru, unit.name_en)
        yield from (self.labels(language)[unit.pk] for language in ("kk", "ru"))

    def index(self, key_of, names_of) -> dict[str, list[int]]:
        """Units by the key of their names. A label is one unit's alone and wins over another's plain name."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for unit in self.listed:
            for key in {key_of(name) for name in names_of(unit) if name}:
                found[key].append(unit.pk)
        return dict(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """Right spellings of all words in the names, case-folded, to mend look-alike letters with."""
        names = (name for unit in self.listed for name in (unit.name_kk, unit.name_ru))
        return frozenset(word.strip('().,«»"') for name in names for word in name.casefold().replace(".", ". ").split())


def written_out(unit: Territory) -> Iterable[str]:
    """Names without the classifier's shortenings: Ақдала ауылдық округі, Акдалинский сельский округ."""
    if unit.kind in WRITTEN_RU:
        yield unit_kk(unit.kind, unit.name_kk)
        name = spelled_out(bare(unit.name_ru))
        for word in WRITTEN_RU[Kind(unit.kind)]:
            yield f"{name} {word}"
            yield f"{word} {name}"


def tidy(name: str) -> str:
    """One space between words: tables are read back word by word."""
    return " ".join(name.replace("\u00a0", " ").split())
