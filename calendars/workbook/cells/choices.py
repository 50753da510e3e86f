"""Words from a list, in any of the three languages."""

from functools import lru_cache

from ..sheet import Cell, CellKind
from ..template import Choice, Column
from .folding import fold, fold_case
from .reading import Context, Reading, Remark
from .text import clean

_YES = ("иә", "ия", "йә", "бар", "да", "есть", "yes", "y", "true", "истина", "ақиқат")
_NO = ("жоқ", "нет", "no", "n", "false", "ложь", "жалған")
_YES_SIGNS = frozenset("+1✓✔☑")
_NO_SIGNS = frozenset("-0–—−☐✗✘")
_YES_FOLDED = frozenset(map(fold, _YES))
_NO_FOLDED = frozenset(map(fold, _NO))


def read_yes_no(cell: Cell, column: Column, context: Context) -> Reading:
    """True or False from a logical cell, иә/жоқ, да/нет, yes/no, 1/0, + and -."""
    if cell.kind == CellKind.FLAG:
        return Reading(bool(cell.value))
    if cell.kind == CellKind.NUMBER and cell.value in (0.0, 1.0):
        return Reading(cell.value == 1.0)
    if cell.kind == CellKind.TEXT:
        text = clean(str(cell.value))[0]
        if text in _YES_SIGNS or fold(text) in _YES_FOLDED:
            return Reading(True)
        if text in _NO_SIGNS or fold(text) in _NO_FOLDED:
            return Reading(False)
    return Reading(remarks=(Remark("B46.yes_no"),))


def read_choice(cell: Cell, column: Column, context: Context) -> Reading:
    """The value of the choice whose label, value or alias stands in the cell; case and punctuation do not count."""
    exact, alike = _names(column.choices)
    if cell.kind == CellKind.NUMBER and float(cell.value).is_integer():  # type: ignore[arg-type]
        text = str(int(cell.value))  # type: ignore[call-overload]
    elif cell.kind == CellKind.TEXT:
        text = clean(str(cell.value))[0]
    else:
        text = ""
    found = exact.get(fold_case(text))
    if found is not None:
        return Reading(found)
    found = alike.get(fold(text))
    if found is not None:
        return Reading(found, repairs=("lookalike",))
    labels = [dict(choice.labels) for choice in column.choices]
    return Reading(remarks=(Remark("B46.choice", {"choices": labels}),))


def _names(choices: tuple[Choice, ...]) -> tuple[dict[str, str], dict[str, str]]:
    return _folded(tuple((choice.value, *choice.labels.values(), *choice.aliases) for choice in choices))


@lru_cache(maxsize=64)
def _folded(names: tuple[tuple[str, ...], ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the choices by two keys: the strict one, and the one that takes look-alike letters for one."""
    exact: dict[str, str] = {}
    alike: dict[str, str] = {}
    for value, *others in names:
        for name in (value, *others):
            exact.setdefault(fold_case(name), value)
            alike.setdefault(fold(name), value)
    return exact, alike
