"""Text: certain repairs, lengths, forbidden characters, letters of two alphabets in one word."""

import re
import unicodedata

from ..csvreader import lost_letters
from ..limits import FIELD_CHARS
from ..sheet import Cell, CellKind
from ..template import Column
from .folding import INVISIBLE
from .lookalikes import mixed_word
from .reading import Context, Reading, Remark

_BLANKS = {code: " " for code in (0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)}
_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_ZERO_WIDTH_JOINERS = {0x200C: None, 0x200D: None}
# Joiners mean something in Arabic script and in compound emoji only.
_NEEDS_JOINERS = re.compile("[\u0600-\u06ff\u0750-\u077f\U0001f000-\U0001faff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LATIN = re.compile("[A-Za-zƏəƟɵ]")


# No date, time, number or code is longer; what is, need not be tried against their many forms.
LONGEST = 80


def clean(text: str, *, one_line: bool = True) -> tuple[str, tuple[str, ...]]:
    """The text without invisible dirt, and which certain repairs were done.

    NFC; no-break and other wide spaces become plain; zero-width, soft hyphens and direction marks go; ends are
    trimmed. Line breaks and tabs become spaces in one-line fields and are kept as ``\\n`` in others.
    Forbidden characters stay: see ``forbidden``.
    """
    if text.isprintable() and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text):
        return text, ()
    repairs = []
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        repairs.append("composed")
    visible = composed.translate(INVISIBLE)
    if not _NEEDS_JOINERS.search(visible):
        visible = visible.translate(_ZERO_WIDTH_JOINERS)
    if visible != composed:
        repairs.append("invisible")
    plain = visible.translate(_BLANKS)
    if plain != visible:
        repairs.append("spaces")
    unbroken = _BREAKS.sub("\n", plain)
    if one_line:
        broken, unbroken = unbroken, re.sub(r"[\n\t]+", " ", unbroken.strip("\n\t"))
        if "\n" in broken.strip("\n") or "\t" in broken.strip("\t"):
            repairs.append("one_line")
    lines = [re.sub(" {2,}", " ", line).strip(" \t") for line in unbroken.split("\n")]
    trimmed = "\n".join(lines).strip("\n")
    if trimmed != unbroken:
        repairs.append("trimmed")
    return trimmed, tuple(repairs)


def forbidden(text: str) -> bool:
    """Whether the text holds a character that no field can store (NUL, other controls, half a surrogate pair)."""
    return _FORBIDDEN.search(text) is not None


def read_text(cell: Cell, column: Column, context: Context) -> Reading:
    """One line of text; whole numbers are taken as their digits."""
    return _read(cell, column, context, one_line=True)


def read_lines(cell: Cell, column: Column, context: Context) -> Reading:
    """Text that may have several lines."""
    return _read(cell, column, context, one_line=False)


def _read(cell: Cell, column: Column, context: Context, *, one_line: bool) -> Reading:
    if cell.kind == CellKind.NUMBER:
        number = float(cell.value)  # type: ignore[arg-type]
        if not number.is_integer() or abs(number) >= 1e15:
            return Reading(remarks=(Remark("B46.fraction"),))
        return Reading(str(int(number)), repairs=("as_text",))
    if cell.kind == CellKind.FLAG:
        return Reading(remarks=(Remark("B46.flag"),))
    if cell.kind != CellKind.TEXT:
        return Reading(remarks=(Remark("B46.date"),))
    text, repairs = clean(str(cell.value), one_line=one_line)
    if forbidden(text):
        return Reading(remarks=(Remark("B45"),), repairs=repairs)
    limit = column.max_length or FIELD_CHARS
    if len(text) > limit:
        return Reading(remarks=(Remark("B43", {"length": len(text), "limit": limit}),), repairs=repairs)
    remarks = []
    if "?" in text and (word := lost_letters(text)):
        remarks.append(Remark("B05.cell", seen=word))
    if _LATIN.search(text) and (remark := mixed_word(text, context.known_words)):
        remarks.append(remark)
    return Reading(text or None, tuple(remarks), repairs)
