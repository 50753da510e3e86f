"""Dates, weekdays and counted nouns in Kazakh, Russian and English; the words stand in `texts.toml`.

Nothing here depends on the machine's locale.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

TEXTS_FILE = Path(__file__).with_name("texts.toml")
LANGUAGES = ("kk", "ru", "en")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"\d{4}-[HQ]\d")


@cache
def texts() -> Mapping[str, Any]:
    """Everything in `texts.toml`, read once."""
    return tomllib.loads(TEXTS_FILE.read_text(encoding="utf-8"))


def day_text(day: date, lang: str) -> str:
    """15 қаңтар 2027 / 15 января 2027 / 15 January 2027."""
    return f"{day.day} {texts()['months'][lang][day.month - 1]} {day.year}"


def weekday_text(day: date, lang: str) -> str:
    """The name of the weekday, in small letters where the language writes it so."""
    name: str = texts()["weekdays"][lang][day.weekday()]
    return name


def period_text(code: str, lang: str) -> str:
    """A period by its code: 2027-Q3 -> 2027 жылғы 3-тоқсан / 3 квартал 2027 года / quarter 3 of 2027."""
    year, _, part = code.partition("-")
    kind = {"": "year", "H": "half_year", "Q": "quarter"}[part[:1]]
    template: str = texts()["periods"][kind][lang]
    return template.format(year=year, number=part[1:])


def counted(number: int, noun: str, lang: str) -> str:
    """A number with its noun in the right form: 1 день, 2 дня, 5 дней."""
    forms = texts()["nouns"][noun][lang]
    return f"{number} {forms[plural_form(number, lang, len(forms))]}"


def fill(template: str, params: Mapping[str, Any], lang: str) -> str:
    """A template with its named places filled; an ISO date or the code of a period in it is put into words."""
    return template.format(**{name: _shown(value, lang) for name, value in params.items()})


def _shown(value: Any, lang: str) -> Any:
    if isinstance(value, date):
        return day_text(value, lang)
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day_text(date.fromisoformat(value), lang)
    if isinstance(value, str) and _PERIOD.fullmatch(value):
        return period_text(value, lang)
    return value


def plural_form(number: int, lang: str, forms: int) -> int:
    """Which of the listed forms a number takes: one in Kazakh, two in English, three in Russian."""
    if lang == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
    return min(forms - 1, int(number != 1))
