"""From what a row says of a unit (a name, a code, both) to the unit, or to the reason why not (B33 to B37)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from territories.models import Territory, TerritoryState

from ...regional import RegionUnits
from ...workbook.cells.codes import CODE_DIGITS

#: How many units of one name a message lists.
MOST_CANDIDATES = 5
_CODE_AT_END = re.compile(rf"(?<!\d)(\d{{{CODE_DIGITS}}})\W*\Z")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding without its place. `at` is the key of the column that it is about."""

    code: str
    at: str
    value: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The unit, or why there is none; `stale` is the key of the column that was left behind by an edit."""

    unit: Territory | None = None
    trouble: Trouble | None = None
    stale: str = ""


class Resolver:
    """Finds the units of one file. Codes that the region does not have are looked up for all rows at once."""

    def __init__(self, units: RegionUnits, codes: Iterable[str]) -> None:
        self.units = units
        strange = {code for code in codes if code and code not in units.by_code}
        self.elsewhere = self.look_elsewhere(strange) if strange else {}
        self.formerly = self.look_back(strange) if strange else {}
        self.memo: dict[tuple, Answer] = {}

    @staticmethod
    def look_elsewhere(codes: set[str]) -> dict[str, Territory]:
        """Units of other regions, and abolished ones of any, by code; the living first."""
        rows = Territory.objects.filter(code__in=codes).select_related("successor", "region")
        return {unit.code: unit for unit in sorted(rows, key=lambda u: (u.valid_to is None, u.valid_to or 0))}

    @staticmethod
    def look_back(codes: set[str]) -> dict[str, TerritoryState]:
        """What the latest edition that had the code meant by it."""
        states = TerritoryState.objects.filter(code__in=codes).select_related("territory", "edition")
        return {state.code: state for state in states.order_by("edition__as_of")}

    def find(self, key: str, name: str | None, code: str | None, **more: Any) -> Answer:
        """The unit that a row means in the column `key` ("holder" or "place").

        `within`: the akim's unit, for a place; `was_code` and `was_label`: what the row held when the
        workbook was made, so that a choice from the list is not contradicted by the code left beside it.
        """
        within: Territory | None = more.get("within")
        memo = key, name, code, within.pk if within else 0, more.get("was_code")
        if memo not in self.memo:
            self.memo[memo] = self.search(key, name, code, **more)
        return self.memo[memo]

    def search(
        self,
        key: str,
        name: str | None,
        code: str | None,
        *,
        within: Territory | None = None,
        was_code: str | None = None,
    ) -> Answer:
        if name and not code and (found := _CODE_AT_END.search(name)):
            # A label that carries its code, or a code typed into the column of names.
            code = found[1]
            name = name[: found.start()].strip(" ·,;–-(") or None
        if not code:
            return self.by_name(key, name or "", within)
        by_code = self.by_code(key, code)
        if not name or self.means(name, by_code.unit):
            return by_code if by_code.unit is None else self.checked(key, by_code.unit, within, code, f"{key}_code")
        by_name = self.by_name(key, name, within)
        if was_code:
            if code == was_code and by_name.unit is not None:
                return Answer(by_name.unit, stale=f"{key}_code")
            if self.means(name, self.units.by_code.get(was_code)) and by_code.unit is not None:
                checked = self.checked(key, by_code.unit, within, code, f"{key}_code")
                return Answer(checked.unit, checked.trouble, stale=key)
        if by_code.unit is None:
            return by_code
        params = {"code": code, "name": self.both(by_code.unit)}
        return Answer(trouble=Trouble("B35", key, name, params))

    def fitting(self, key: str, within: Territory | None) -> Callable[[Territory], bool]:
        """Which units the column can mean at all; it tells units of one name apart."""
        if key == "holder":
            return lambda unit: unit.own_akim
        if within is None:
            return lambda unit: True
        return lambda unit: unit.path.startswith(within.path)

    def means(self, name: str, unit: Territory | None) -> bool:
        """Is the name one of the unit's?"""
        if unit is None:
            return False
        return self.units.is_called(unit, name) or any(unit.pk == found.pk for found in self.units.named(name))

    def by_name(self, key: str, name: str, within: Territory | None) -> Answer:
        """The unit of a name: the only one that the column can mean."""
        found = self.units.named(name)
        chosen = list(filter(self.fitting(key, within), found))
        if len(chosen) == 1:
            return Answer(chosen[0])
        if len(found) == 1:
            return Answer(trouble=self.level(key, found[0], name, key, within))
        if not found:
            return Answer(trouble=self.unknown_name(key, name))
        few = (chosen or found)[:MOST_CANDIDATES]
        candidates = [{lang: f"{self.units.label(u, lang)} – {u.code}" for lang in ("kk", "ru")} for u in few]
        left = len(chosen or found) - MOST_CANDIDATES
        more = [f"+{left}"] if left > 0 else []
        return Answer(trouble=Trouble("B35.several", key, name, {"candidates": [*candidates, *more]}))

    def unknown_name(self, key: str, name: str) -> Trouble:
        gone = [unit for unit in self.units.abolished.values() if name in (unit.name_kk, unit.name_ru)]
        if len(gone) == 1:
            return self.abolished(gone[0], gone[0].code, key)
        return Trouble("B35.name", key, name, {"region": self.both(self.units.region)})

    def by_code(self, key: str, code: str) -> Answer:
        """The unit of a code, or one of four different reasons why it is none here (B33)."""
        unit = self.units.by_code.get(code)
        if unit is not None:
            return Answer(unit)
        at = f"{key}_code"
        gone = self.units.abolished.get(code)
        if gone is not None:
            return Answer(trouble=self.abolished(gone, code, at))
        other = self.elsewhere.get(code)
        if other is not None and other.valid_to is None:
            return Answer(trouble=Trouble("B33.region", at, code, {"region": self.both(self.units.region)}))
        if other is not None:
            return Answer(trouble=self.abolished(other, code, at))
        state = self.formerly.get(code)
        if state is not None:
            now = state.territory
            params = {
                "name": {"kk": state.name_kk or now.name_kk, "ru": state.name_ru},
                "day": {"date": (now.valid_from or state.edition.as_of).isoformat()},
                "successor": now.code,
            }
            return Answer(trouble=Trouble("B33.replaced", at, code, params))
        return Answer(trouble=Trouble("B33.unknown", at, code, {}))

    def abolished(self, unit: Territory, code: str, at: str) -> Trouble:
        day = {"date": unit.valid_to.isoformat()} if unit.valid_to else ""
        successor = self.units.by_id.get(unit.successor_id or 0) or (unit.successor if unit.successor_id else None)
        params = {"name": self.both(unit), "day": day}
        if successor is None:
            return Trouble("B33.abolished_alone", at, code, params)
        named = {lang: f"{successor.name(lang)} – {successor.code}" for lang in ("kk", "ru", "en")}
        return Trouble("B33.abolished", at, code, params | {"successor": named})

    def checked(self, key: str, unit: Territory, within: Territory | None, value: str, at: str) -> Answer:
        """Of the right level: an akim's own unit for a holder, a unit of the akim for a place."""
        if self.fitting(key, within)(unit):
            return Answer(unit)
        return Answer(trouble=self.level(key, unit, value, at, within))

    def level(self, key: str, unit: Territory, value: str, at: str, within: Territory | None) -> Trouble:
        if key == "holder":
            wanted: Any = {
                "kk": "өз әкімі бар бірлік",
                "ru": "единица со своим акимом",
                "en": "a unit that has an akim of its own",
            }
        elif within is not None:
            wanted = {
                "kk": f"«{self.units.label(within, 'kk')}» аумағындағы бірлік",
                "ru": f"единица внутри территории «{self.units.label(within, 'ru')}»",
                "en": f"a unit within {within.name('en')}",
            }
        else:
            wanted = self.both(self.units.region)
        return Trouble("B33.level", at, value, {"name": self.both(unit), "expected": wanted})

    @staticmethod
    def both(unit: Territory) -> dict[str, str]:
        """A name as findings keep it: read later in another language."""
        return {lang: unit.name(lang) for lang in ("kk", "ru", "en")}
