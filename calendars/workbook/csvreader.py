"""Text tables (CSV): the same sheets of rows as from Excel, and how they were read.

Bounded by itself: the size of the file is limited by the guard, rows, columns and fields are counted here.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

from . import limits
from .findings import Findings
from .sheet import Dialect, Row, Sheet, Workbook, text_cell

_SEPARATORS = (";", ",", "\t", "|")
_SEPARATOR_NAMES = {";": "«;»", ",": "«,»", "\t": "Tab", "|": "«|»"}
_SAMPLE_LINES = 30
_SAMPLE_CHARS = 200_000
_GARBLED_CHARS = 4  # two letters of UTF-8
_WORD_ENDS = re.compile(r"[ \t;,|\"]+")

# A question mark inside or before a word of Cyrillic letters: what became of ә ғ қ ң ө ұ ү һ in Windows-1251.
_LOST = re.compile(r"(?<=[А-Яа-яЁёІі])\?+[а-яёі]|(?<![\w?])\?+[а-яёі]")
_LETTERS = re.compile(r"[А-Яа-яЁёІі?]*")
_WORD_CHARS = 40
# Letters of other alphabets in Windows-1251 that stand where KZ-1048 has Kazakh letters.
_FOREIGN = frozenset("ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇЅѕєїј")


class _Refused(Exception):
    def __init__(self, code: str, value: str = "", row: int | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code, self.value, self.row, self.params = code, value, row, params


def read(content: bytes, findings: Findings) -> Workbook | None:
    """A workbook of one nameless sheet with its dialect; None, and a finding, when the text cannot be trusted."""
    try:
        text, encoding = decode(content)
        _check_letters(text)
        separator, text = _separator(text)
        rows = list(_rows(text, separator))
    except _Refused as refusal:
        findings.add(refusal.code, value=refusal.value, row=refusal.row, **refusal.params)
        return None
    if encoding in ("windows-1251", "kz-1048"):
        findings.add("B05.read", encoding=encoding.upper())
    findings.add("B06.dialect", encoding=encoding.upper(), separator=_SEPARATOR_NAMES[separator])
    sheet = Sheet(name="", rows=rows)
    return Workbook(sheets=[sheet], dialect=Dialect(encoding, separator))


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, as UTF-8, as UTF-16 without a mark, as Windows-1251."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            # The codec "utf-16" reads the mark; "utf-8-sig" drops it.
            return _decoded(content, "utf-8-sig" if name == "utf-8" else name), name
    if b"\x00" in content[:4096]:
        sample = content[:4096]
        little = sample[1::2].count(b"\x00") >= sample[0::2].count(b"\x00")
        return _decoded(content, "utf-16-le" if little else "utf-16-be"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text = content.decode("cp1251", "replace")
    if _FOREIGN.intersection(text):
        kazakh = content.decode("kz1048", "replace")
        if not _FOREIGN.intersection(kazakh) and "\ufffd" not in kazakh:
            return kazakh, "kz-1048"
    if "\ufffd" in text:
        raise _Refused("B05.encoding")
    return text, "windows-1251"


def _decoded(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise _Refused("B05.encoding") from None


def lost_letters(text: str) -> str:
    """The first word with a question mark instead of a letter; empty when there is none.

    A question mark at the end of a word is taken for a question.
    """
    found = _LOST.search(text) if "?" in text else None
    if found is None:
        return ""
    before = _LETTERS.match(text[max(found.start() - _WORD_CHARS, 0) : found.start()][::-1])
    after = _LETTERS.match(text, found.start(), found.start() + _WORD_CHARS)
    return (before[0][::-1] if before else "") + (after[0] if after else "")


def _check_letters(text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if word := lost_letters(line):
            raise _Refused("B05.lost", value=word, row=number)
    for number, line in enumerate(itertools.islice(text.splitlines(), _SAMPLE_LINES), start=1):
        if word := _garbled_word(line):
            raise _Refused("B05.garbled", value=word, row=number)


def _garbled_word(line: str) -> str:
    """A word of UTF-8 that was once opened in a one-byte encoding; empty when there is none.

    Such a word can be turned back into Cyrillic letters; an honest one of this length cannot.
    """
    if line.isascii():
        return ""
    for word in _WORD_ENDS.split(line):
        if len(word) < _GARBLED_CHARS or word.isascii():
            continue
        for codec in ("cp1251", "latin-1", "cp1252"):
            try:
                honest = word.encode(codec).decode("utf-8")
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
            if any("\u0400" <= char <= "\u04ff" for char in honest):
                return word
    return ""


def _separator(text: str) -> tuple[str, str]:
    """The separator, and the text without Excel's own ``sep=`` line."""
    first, _newline, rest = text.partition("\n")
    hint = re.fullmatch(r"\"?sep=(.)\"?", first.strip("\r\ufeff"), re.I) or re.fullmatch(
        r"sep=(\t)", first.rstrip("\r\n"), re.I
    )
    if hint and hint[1] in _SEPARATORS:
        return hint[1], rest
    lines = list(itertools.islice(io.StringIO(text[:_SAMPLE_CHARS]), _SAMPLE_LINES))
    return max(_SEPARATORS, key=lambda separator: _fitness(lines, separator)), text


def _fitness(lines: list[str], separator: str) -> tuple[int, int]:
    """How many lines agree on a number of columns above one, and that number."""
    try:
        widths = [len(fields) for fields in csv.reader(lines, delimiter=separator) if len(fields) > 1]
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return widths.count(usual), usual


def _rows(text: str, separator: str) -> Iterator[Row]:
    lines = io.StringIO(text, newline="")
    number = cells = 0
    try:
        # Strict: an unpaired quotation mark must not swallow the rest of the table silently.
        for fields in csv.reader(lines, delimiter=separator, strict=True):
            number += 1
            if number > limits.ROWS:
                total = number + sum(1 for _line in lines)
                raise _Refused("B08.rows", rows=total, limit=limits.ROWS)
            while fields and not fields[-1]:
                fields.pop()
            if len(fields) > limits.COLUMNS:
                raise _Refused("B08.columns", row=number, limit=limits.COLUMNS)
            cells += len(fields)
            if cells > limits.CELLS:
                raise _Refused("B07.memory")
            if fields:
                yield Row(number, [text_cell(field) for field in fields])
    except csv.Error:
        raise _Refused("B06.quotes", row=number + 1) from None
