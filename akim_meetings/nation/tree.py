"""The tree of the nation: the classifier that is given, or one of the same shape with names made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from territories.demo import FOLDER, TREE
from territories.kato.reading import read
from territories.models import Edition
from territories.scope import clock
from territories.services.editions import load_edition

HEAD = ("kato", "kato_version", "level", "type_code", "name_ru", "name_kk")
#: Names of nobody; with a number where a region has more units than there are words.
NAMES = (
    "Ақбұлақ", "Бәйтерек", "Достық", "Жаңажол", "Көктөбе", "Қарасу", "Мереке", "Нұрлы", "Сарыарқа", "Тасөткел",
    "Ұялы", "Шұғыла",
)  # fmt: skip
#: The classifier numbers villages of an okrug by hundreds.
MOST_VILLAGES = 9


class Shape(NamedTuple):
    """How many units of each kind a region has (the classifier of 17.07.2026)."""

    code: str
    cities: int
    raions: int
    in_city: int
    towns: int
    settlements: int
    villages_alone: int
    okrugs: int
    villages: int


SHAPES = tuple(
    Shape(code, *counts)
    for code, *counts in (
        ("10", 2, 10, 0, 2, 2, 0, 134, 306), ("11", 3, 17, 0, 8, 12, 38, 183, 547), ("15", 1, 12, 2, 7, 0, 2, 133, 302),
        ("19", 2, 9, 0, 3, 1, 0, 130, 360), ("23", 1, 7, 0, 1, 4, 0, 63, 146), ("27", 1, 12, 0, 1, 3, 0, 147, 403),
        ("31", 1, 10, 2, 3, 0, 3, 146, 323), ("33", 2, 8, 0, 4, 0, 0, 112, 304), ("35", 6, 7, 2, 2, 26, 5, 132, 316),
        ("39", 4, 16, 0, 2, 7, 37, 151, 470), ("43", 2, 7, 0, 2, 3, 0, 141, 186), ("47", 2, 5, 0, 1, 0, 12, 34, 59),
        ("55", 3, 10, 0, 0, 4, 5, 117, 332), ("59", 1, 13, 0, 4, 0, 0, 183, 587), ("61", 3, 14, 0, 4, 3, 3, 171, 784),
        ("62", 3, 2, 0, 0, 6, 1, 28, 43), ("63", 2, 11, 0, 4, 0, 2, 103, 338), ("71", 0, 0, 6, 0, 0, 0, 0, 0),
        ("75", 0, 0, 8, 0, 0, 0, 0, 0), ("79", 0, 0, 5, 0, 0, 0, 0, 0),
    )
)  # fmt: skip


def load(classifier: Path | None) -> str:
    """Load the classifier, or one of its shape; does nothing where a tree is loaded. Answers what was done."""
    if Edition.objects.exists():
        return "the tree is there already"
    if classifier is not None:
        table, what = read(classifier.read_bytes(), classifier.name), classifier.name
    else:
        table, what = read(made_up(), TREE), "a tree of the nation's shape, with names made up"
    load_edition(table, by=clock("create_demo"))
    return what


def made_up() -> bytes:
    """A classifier as CSV: the 20 regions by their names, everything below them made up."""
    regions = list(csv.DictReader(io.StringIO((FOLDER / TREE).read_text(encoding="utf-8"))))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for region in regions:
        if region["kato"].endswith("0000000"):
            writer.writerow(region[column] for column in HEAD)
            shape = next(shape for shape in SHAPES if region["kato"].startswith(shape.code))
            writer.writerows((code, "made up", "", "2", ru, kk) for code, ru, kk in below(shape))
    return text.getvalue().encode()


def name(number: int) -> str:
    word = NAMES[number % len(NAMES)]
    return word if number < len(NAMES) else f"{word}-{number // len(NAMES) + 1}"


def below(shape: Shape) -> Iterator[tuple[str, str, str]]:
    """Codes and names of everything below a region."""
    if not shape.raions:
        for n in range(shape.in_city):
            yield f"{shape.code}1{n + 1}10000", f"район {name(n)}", f"{name(n)} ауданы"
        return
    cities = [f"{shape.code}{10 + n}" for n in range(shape.cities)]
    raions = [f"{shape.code}{30 + n}" for n in range(shape.raions)]
    for n, code in enumerate(cities):
        yield f"{code}00000", f"{name(n)} Г.А.", f"{name(n)} Қ.Ә."
    for n in range(shape.in_city):
        yield f"{cities[0]}{11 + n}000", f"район {name(n + 3)}", f"{name(n + 3)} ауданы"
    for n, code in enumerate(raions):
        yield f"{code}00000", f"{name(n)} район", f"{name(n)} ауданы"
    kinds = [("с.о.", "а.о.")] * shape.okrugs + [("с.а.", "а.ә.")] * shape.villages_alone
    kinds += [("п.а.", "к.ә.")] * shape.settlements + [("г.а.", "қ.ә.")] * shape.towns
    left = shape.villages
    for n, (ru, kk) in enumerate(kinds):
        code = f"{raions[n % len(raions)]}{31 + n // len(raions)}"
        yield f"{code}000", f"{name(n)} {ru}", f"{name(n)} {kk}"
        if n < shape.okrugs + shape.villages_alone:
            wanted = min(MOST_VILLAGES, -(-left // (shape.okrugs + shape.villages_alone - n)))
            left -= wanted
            for village in range(wanted):
                yield f"{code}{village + 1}00", f"с.{name(n + village)}", f"{name(n + village)} а."
