"""Units of the whole tree by id: their names in the language of a file, and figures added up level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Aggregate, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from territories.models import Territory

from .model import Asked, Column, Kind, Sheet, Text

#: What the tables by unit are called, by the depth of their units; deeper ones are offices.
LEVELS: tuple[tuple[Text, Text], ...] = (
    (_("By region"), _("Region")),
    (_("By raion and city"), pgettext_lazy("column", "Raion or city")),
    (_("By office"), _("Akim of")),
)
BODIES = "bodies"


class Units:
    """The tree, read once for a file."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.words = asked, asked.words
        columns = ("pk", "path", "code", "name_kk", "name_ru", "name_en")
        self.known = {pk: rest for pk, *rest in Territory.objects.values_list(*columns)}

    def name(self, pk: int | None) -> str:
        if pk is None:
            return ""
        _path, _code, kk, ru, en = self.known[pk]
        return self.words.of(kk, ru, en)

    def code(self, pk: int | None) -> str:
        return self.known[pk][1] if pk is not None else BODIES

    def at(self, pk: int | None, depth: int) -> int | None:
        """The unit at a depth of the tree in which a unit lies (0: the region), or None above it."""
        chain = self.known[pk][0].split("/")[:-1] if pk is not None else ()
        return int(chain[depth]) if depth < len(chain) else None

    def region(self, pk: int | None) -> str:
        return self.name(self.at(pk, 0))

    def raion(self, pk: int | None) -> str:
        return self.name(self.at(pk, 1))


def by_unit(
    asked: Asked, units: Units, found: Mapping[int | None, Sequence[int]], columns: Sequence[Column]
) -> list[Sheet]:
    """Tables of figures for the level below what was asked for, and for the level below that.

    `found` has the figures of each office; both tables are the same figures added up, so their totals are equal.
    None stands for bodies that are no unit. `columns` tell the figures.
    """
    depth = asked.path.count("/")
    sheets = [one_level(asked, units, found, columns, depth)]
    if depth < 2:
        sheets.append(one_level(asked, units, found, columns, depth + 1))
    return sheets


def one_level(
    asked: Asked, units: Units, found: Mapping[int | None, Sequence[int]], columns: Sequence[Column], depth: int
) -> Sheet:
    own = asked.path.count("/")
    sums: defaultdict[tuple[int | None, ...], list[int]] = defaultdict(lambda: [0] * len(columns))
    for pk, figures in found.items():
        group = tuple(units.at(pk, level) for level in range(own, depth + 1))
        total = sums[group]
        for index, figure in enumerate(figures):
            total[index] += figure or 0
    own_office = asked.words.say(_("own office"))

    def label(group: tuple[int | None, ...]) -> list[str]:
        """Names along the way down; what stops above the level is the office of the unit itself."""
        if group[0] is None and asked.unit is None:
            return [asked.words.say(_("Central bodies")), *[""] * (len(group) - 1)]
        return [units.name(pk) if pk is not None else own_office for pk in group]

    def code(group: tuple[int | None, ...]) -> str:
        last = next((pk for pk in reversed(group) if pk is not None), None)
        if last is None:
            return f"{asked.unit.code}.own" if asked.unit else BODIES
        return units.code(last) if group[-1] is not None else f"{units.code(last)}.own"

    def order(group: tuple[int | None, ...]) -> tuple[str, ...]:
        return tuple(units.code(pk) if pk is not None else "" for pk in group)

    rows = [
        [*label(group), *figures, f"{asked.kind}/{asked.year}/{code(group)}"]
        for group, figures in sorted(sums.items(), key=lambda item: order(item[0]))
    ]
    heads = [Column(f"unit{level}", LEVELS[min(level, 2)][1], 30) for level in range(own, depth + 1)]
    return Sheet(
        code=f"level{depth}",
        name=LEVELS[min(depth, 2)][0],
        columns=[*heads, *columns, KEY],
        rows=lambda: rows,
        count=len(rows),
        frozen=len(heads),
        figures=True,
    )


KEY = Column("key", pgettext_lazy("column", "Key"), 26)


def figure(
    key: str, heading: Text, says: Text = "", *, bad: bool = False, total: bool = True, width: float = 13
) -> Column:
    """A column of numbers that are added up; `bad`: anything above nought is coloured."""
    return Column(key, heading, width, Kind.NUMBER, total=total, bad_above=0 if bad else None, says=says)


def counted(rows: QuerySet[Any], name: str, counts: Sequence[Aggregate]) -> QuerySet[Any]:
    """The counts by the values of a column, as rows that begin with the value."""
    return rows.order_by().values_list(name).annotate(**{f"n{place}": count for place, count in enumerate(counts)})


def folded(rows: Iterable[Sequence[Any]], width: int) -> dict[int | None, list[int]]:
    """Figures by unit out of rows that begin with the unit; several rows of one unit are added."""
    found: defaultdict[int | None, list[int]] = defaultdict(lambda: [0] * width)
    for pk, *figures in rows:
        total = found[pk]
        for index, value in enumerate(figures):
            total[index] += value or 0
    return dict(found)
