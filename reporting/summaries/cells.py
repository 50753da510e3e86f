"""Texts as every spreadsheet program can open them: no characters that XML does not know, no endless cells."""

from __future__ import annotations

import datetime as dt
import re

#: What no cell may hold: XML knows no such characters, UTF-8 no lone surrogates.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: Excel would read this as one character.
ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
#: Excel's own limits: of a cell, of a sheet, of the name of a sheet.
MOST_CHARACTERS, MOST_ROWS, MOST_NAME = 32_767, 1_048_576, 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Excel counts days from 1900 and believes in a 29 February of that year.
FIRST_DAY = dt.date(1900, 3, 1)
DAY_ZERO = dt.date(1899, 12, 30).toordinal()
CUT = "… [✂ {}]"
#: A CSV cell that a spreadsheet would take for a formula gets an apostrophe in front.
FORMULA = re.compile("[\\s'\"]*[=+\\-@＝＋－＠;]|[\t\r\n]|%0[AaDd]")


def clean(text: str) -> str:
    """The text without what cannot be written, cut with a mark where it is longer than a cell."""
    text = FORBIDDEN.sub("", text)
    if len(text) > MOST_CHARACTERS:
        mark = CUT.format(len(text))
        text = text[: MOST_CHARACTERS - len(mark)] + mark
    return text


def sheet_name(text: str, taken: set[str], part: int = 1) -> str:
    """A name that Excel accepts and that no other sheet has; `taken` grows by it."""
    base = " ".join(NOT_IN_NAMES.sub(" ", clean(text)).split()).strip(" '–") or "1"
    number = part
    while True:
        tail = f" ({number})" if number > 1 else ""
        name = base[: MOST_NAME - len(tail)].rstrip(" '–") + tail
        if name.casefold() not in taken and name.casefold() != "history":
            taken.add(name.casefold())
            return name
        number += 1


def serial(day: dt.date) -> int | None:
    """The day as Excel counts it; None before it can."""
    return day.toordinal() - DAY_ZERO if day >= FIRST_DAY else None


def unformula(text: str) -> str:
    """A text for CSV that no spreadsheet program calculates."""
    return f"'{text}" if FORMULA.match(text) else text
