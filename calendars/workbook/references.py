"""Cell references: A1, AB12."""

import re

_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})\Z")


def column_letter(column: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A is 1, AA is 27; no letters are 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def split(reference: str) -> tuple[int, int]:
    """Column and row, from 1, of a cell such as AB12; (0, 0) when it is none."""
    found = _REFERENCE.match(reference)
    return (column_number(found[1]), int(found[2])) if found else (0, 0)
