"""Codes of the territory classifier (KATO): nine digits that Excel likes to take for a number."""

import re
from collections.abc import Collection

from ..sheet import Cell, CellKind
from ..template import Column
from .reading import Context, Reading, Remark
from .text import clean

CODE_DIGITS = 9
_CANDIDATES = 3
_SPACED = re.compile(r"['’]?([0-9](?:[ .,’'_-]?[0-9])*)\Z")
_FRACTION = re.compile(r"(?<=[0-9]{9})[.,]0\Z")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[EeЕе]\+?([0-9]{1,2})\Z")


def read_code(cell: Cell, column: Column, context: Context) -> Reading:
    """Nine digits as text. Numbers, spaces between digits and an apostrophe before them are put in order."""
    if cell.kind == CellKind.NUMBER:
        number = float(cell.value)  # type: ignore[arg-type]
        if not number.is_integer() or number < 0:
            return _wrong()
        return _digits(str(int(number)), context, ("code",))
    if cell.kind != CellKind.TEXT:
        return _wrong()
    text = clean(str(cell.value))[0]
    if text.isascii() and text.isdigit():
        return _digits(text, context, ())
    if found := _SCIENTIFIC.match(text):
        return _rounded(found[1] + (found[2] or ""), int(found[3]), context)
    if found := _SPACED.match(_FRACTION.sub("", text)):
        return _digits(re.sub(r"\D", "", found[1]), context, ("code",))
    return _wrong()


def _digits(digits: str, context: Context, repairs: tuple[str, ...]) -> Reading:
    if len(digits) == CODE_DIGITS:
        return Reading(digits, repairs=repairs)
    if len(digits) == CODE_DIGITS - 1:
        return _with_candidates("B34.zero", _one_zero_more(digits, context.known_codes))
    return _wrong()


def _rounded(mantissa: str, exponent: int, context: Context) -> Reading:
    """7.5E+08 as text: Excel showed fewer digits than it had, so what was cut is not known."""
    if exponent != CODE_DIGITS - 1 or len(mantissa) > CODE_DIGITS:
        return _wrong()
    shown = int(mantissa)
    step = 10 ** (CODE_DIGITS - len(mantissa))
    candidates = [code for code in context.known_codes if code.isdigit() and round(int(code) / step) == shown]
    return _with_candidates("B34.rounded", sorted(candidates))


def _one_zero_more(digits: str, known: Collection[str]) -> list[str]:
    """Known codes that become these digits when one zero is left out."""
    longer = {f"{digits[:place]}0{digits[place:]}" for place in range(len(digits) + 1)}
    return sorted(code for code in longer if code in known)


def _with_candidates(code: str, candidates: list[str]) -> Reading:
    only = candidates[0] if len(candidates) == 1 else ""
    shown = candidates[:_CANDIDATES] + (["…"] if len(candidates) > _CANDIDATES else [])
    return Reading(remarks=(Remark(code, {"candidates": shown or ["—"]}, offer=only, accepted=only or None),))


def _wrong() -> Reading:
    return Reading(remarks=(Remark("B34"),))
