"""Texts as the public reads them: in the reader's language where it is there, never with somebody's number in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from ..personal import findings


@dataclass(frozen=True)
class Text:
    """A text and the language that it is in, for the `lang` attribute where it is not the page's."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def worded(kk: str, ru: str) -> Text:
    """The one in the reader's language, else the other; nothing where it holds a number or an address of a person."""
    language = "ru" if get_language() == "ru" else "kk"
    first, second = (ru, kk) if language == "ru" else (kk, ru)
    other = "kk" if language == "ru" else "ru"
    found = Text(first, language) if first else Text(second, other)
    return Text("", language) if findings(found.text) else found


def pair(row: Any, name: str) -> Text:
    """The same of a row's two columns, or of a frozen row's two keys."""
    if isinstance(row, dict):
        return worded(row.get(f"{name}_kk") or "", row.get(f"{name}_ru") or "")
    return worded(getattr(row, f"{name}_kk"), getattr(row, f"{name}_ru"))
