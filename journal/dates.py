"""Dates, periods and numbers in words of three languages, and the Kazakh alphabet for search and order.

The lowest place where every room needs them: pages, mail, Excel and the API word a date the same
way. Nothing is left to the browser, which has no Kazakh names, nor to the server's locale.
Everywhere `lang` is "kk", "ru" or "en"; without it the active language counts.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from django.utils.translation import get_language

NBSP = "\u00a0"
LANGS = ("kk", "ru", "en")
MonthCase = Literal["alone", "date", "in"]

# "alone": a heading; "date": after the number of the day; "in": when something happens.
_MONTHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("kk", "alone"): (
        "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
        "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан",
    ),
    ("kk", "in"): (
        "қаңтарда", "ақпанда", "наурызда", "сәуірде", "мамырда", "маусымда",
        "шілдеде", "тамызда", "қыркүйекте", "қазанда", "қарашада", "желтоқсанда",
    ),
    ("ru", "alone"): (
        "январь", "февраль", "март", "апрель", "май", "июнь",
        "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ),
    ("ru", "date"): (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    ("ru", "in"): (
        "январе", "феврале", "марте", "апреле", "мае", "июне",
        "июле", "августе", "сентябре", "октябре", "ноябре", "декабре",
    ),
    ("en", "alone"): (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_MONTHS_SHORT = {
    "kk": ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"),
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WEEKDAYS = {
    "kk": ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_WEEKDAYS_SHORT = {
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_ROMAN = ("", "I", "II", "III", "IV")
_ORDINAL = ("", "first", "second", "third", "fourth")


def language(lang: str | None = None) -> str:
    """One of `LANGS`: the given one, else the active one, else Kazakh."""
    code = (lang or get_language() or "kk")[:2]
    return code if code in LANGS else "kk"


# -- Days -----------------------------------------------------------------------------------------
def long_date(day: date, lang: str | None = None) -> str:
    """15 қаңтар 2027 ж. / 15 января 2027 г. / 15 January 2027."""
    lang = language(lang)
    mark = {"kk": " ж.", "ru": " г.", "en": ""}[lang]
    return f"{day_month(day, lang)} {day.year}{mark}"


def official_date(day: date, lang: str | None = None) -> str:
    """As letters and orders write it: 2027 жылғы 15 қаңтар / 15 января 2027 года / 15 January 2027."""
    lang = language(lang)
    if lang == "kk":
        return f"{day.year} жылғы {day_month(day, lang)}"
    return f"{day_month(day, lang)} {day.year}" + (" года" if lang == "ru" else "")


def short_date(day: date, lang: str | None = None) -> str:
    """15.01.2027 in every language: columns must not change their width."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def day_month(day: date, lang: str | None = None, *, short: bool = False) -> str:
    """15 қаңтар / 15 января / 15 January; short: 15 қаң / 15 янв / 15 Jan."""
    lang = language(lang)
    month = _MONTHS_SHORT[lang][day.month - 1] if short else month_name(day.month, lang, "date")
    return f"{day.day} {month}"


def weekday(day: date, lang: str | None = None, *, short: bool = False) -> str:
    """жұма / пятница / Friday; short: жм / пт / Fri."""
    names = _WEEKDAYS_SHORT if short else _WEEKDAYS
    return names[language(lang)][day.weekday()]


def weekdays(lang: str | None = None, *, short: bool = False) -> tuple[str, ...]:
    """The seven names, Monday first: heads of calendar tables."""
    return (_WEEKDAYS_SHORT if short else _WEEKDAYS)[language(lang)]


def month_name(month: int, lang: str | None = None, case: MonthCase = "alone") -> str:
    """Name of month 1 … 12: "alone" (январь), "date" (15 января), "in" (в январе, қаңтарда)."""
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}.")
    lang = language(lang)
    names = _MONTHS.get((lang, case)) or _MONTHS[lang, "alone"]
    return names[month - 1]


# -- Distance -------------------------------------------------------------------------------------
def distance(day: date, today: date, lang: str | None = None) -> str:
    """How far a day is from today, without judgement: in 6 days, tomorrow, today, 2 days ago."""
    lang = language(lang)
    days = _days_between(day, today)
    near = {
        -1: {"kk": "кеше", "ru": "вчера", "en": "yesterday"},
        0: {"kk": "бүгін", "ru": "сегодня", "en": "today"},
        1: {"kk": "ертең", "ru": "завтра", "en": "tomorrow"},
    }
    if days in near:
        return near[days][lang]
    count = number(abs(days))
    if days > 0:
        return {
            "kk": f"{count} күннен кейін",
            "ru": f"через {count} {_days_ru(days)}",
            "en": f"in {count} days",
        }[lang]
    return {
        "kk": f"{count} күн бұрын",
        "ru": f"{count} {_days_ru(-days)} назад",
        "en": f"{count} days ago",
    }[lang]


def lateness(due: date, today: date, lang: str | None = None) -> str:
    """How far the last day of something owed is: as `distance`, but a past day is late."""
    lang = language(lang)
    late = -_days_between(due, today)
    if late <= 0:
        return distance(due, today, lang)
    count = number(late)
    return {
        "kk": f"{count} күнге кешікті",
        "ru": f"просрочено на {count} {_days_ru(late)}",
        "en": f"{count} {'day' if late == 1 else 'days'} late",
    }[lang]


def _days_between(day: date, today: date) -> int:
    # A datetime is a date for Python, but the two cannot be subtracted from each other.
    return (_civil(day) - _civil(today)).days


def _civil(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _days_ru(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return "день"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return "дня"
    return "дней"


# -- Periods, durations, numbers ------------------------------------------------------------------
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>\d\d)))?")


def period(code: str | int, lang: str | None = None) -> str:
    """Words for `2027`, `2027-H1`, `2027-Q3`, `2027-05`; ValueError for any other code."""
    found = _PERIOD.fullmatch(str(code))
    if not found:
        raise ValueError(f"{code!r} is no period: write 2027, 2027-H1, 2027-Q3 or 2027-05.")
    lang = language(lang)
    year = found["year"]
    if found["half"]:
        n = int(found["half"])
        return {
            "kk": f"{year} жылғы {_ROMAN[n]} жартыжылдық",
            "ru": f"{_ROMAN[n]} полугодие {year} года",
            "en": f"{_ORDINAL[n]} half-year of {year}",
        }[lang]
    if found["quarter"]:
        n = int(found["quarter"])
        return {
            "kk": f"{year} жылғы {_ROMAN[n]} тоқсан",
            "ru": f"{_ROMAN[n]} квартал {year} года",
            "en": f"{_ORDINAL[n]} quarter of {year}",
        }[lang]
    if found["month"]:
        name = month_name(int(found["month"]), lang)
        return {"kk": f"{year} жылғы {name}", "ru": f"{name} {year} года", "en": f"{name} {year}"}[lang]
    return {"kk": f"{year} жыл", "ru": f"{year} год", "en": year}[lang]


def duration(minutes: int, lang: str | None = None) -> str:
    """Minutes as 2 сағ 15 мин / 2 ч 15 мин / 2 h 15 min."""
    hour, minute = {"kk": ("сағ", "мин"), "ru": ("ч", "мин"), "en": ("h", "min")}[language(lang)]
    hours, rest = divmod(int(minutes), 60)
    parts = [f"{hours}{NBSP}{hour}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{NBSP}{minute}")
    return " ".join(parts)


def number(value: int | float | Decimal, lang: str | None = None, *, places: int | None = None) -> str:
    """16 892 with no-break spaces; decimals after a comma (kk, ru) or a point (en).

    `places` rounds to that many decimals; without it a value keeps the decimals it has.
    """
    text = f"{value:,.{places}f}" if places is not None else f"{value:,}"
    whole, point, decimals = text.replace("-", "\u2212").partition(".")
    sign = "." if language(lang) == "en" else ","
    return whole.replace(",", NBSP) + (sign + decimals if point else "")


# -- Alphabet -------------------------------------------------------------------------------------
# Latin letters that a Kazakh or Russian word is mistyped with: they look the same. Capitals and
# small letters look like different letters (H is Н, h is һ), so this comes before lower case.
_LOOK_ALIKE = str.maketrans(
    "ABCEHIKMOPTXYaceiohkmptxy",
    "АВСЕНІКМОРТХҮасеіоһкмртху",
)
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие")
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def fold(text: str) -> str:
    """Text for search: what people type alike becomes alike.

    Lower case, Kazakh letters as their Russian neighbours (ә→а, і→и, ң→н, ғ→г, ү ұ→у, қ→к, ө→о,
    һ→х, ё→е), Latin look-alikes inside Cyrillic words as Cyrillic, punctuation and runs of
    spaces as one space. Words keep their order; whoever compares bags of words sorts them.
    """
    return " ".join(filter(None, map(_fold_piece, text.split())))


@lru_cache(maxsize=100_000)
def _fold_piece(piece: str) -> str:
    """What stands between two spaces, one word or several or none; of many texts these are few."""
    return " ".join(map(_fold_word, _WORD.findall(unicodedata.normalize("NFC", piece))))


def _fold_word(word: str) -> str:
    return (word.translate(_LOOK_ALIKE) if _CYRILLIC.search(word) else word).lower().translate(_FOLD)


_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
# Two digits a letter: compared as plain text by any database under any collation.
_RANK = {letter: f"{20 + place}" for place, letter in enumerate(_LATIN)} | {
    letter: f"{50 + place}" for place, letter in enumerate(_ALPHABET)
}
_PIECE = re.compile(r"\d+|[^\W\d_]|[\W_]+")
_WORD_GAP = "01"
_STRANGE_LETTER = "99"


def kk_sort_key(text: str) -> str:
    """Key for a stored column whose plain order is the Kazakh alphabet's.

    Case does not count, punctuation counts as a space, numbers go by value (№ 2 before № 10),
    then Latin, then Cyrillic: а ә б в г ғ … ү ф х һ … ы і ь э ю я. Only digits come out, so
    that SQLite and PostgreSQL order it alike whatever their collation; about twice the length.
    """
    out = []
    for piece in _PIECE.findall(unicodedata.normalize("NFC", text).lower().strip()):
        if piece.isdecimal():
            digits = str(int(piece))
            out.append(f"1{min(len(digits), 9)}" + "".join(f"0{digit}" for digit in digits))
        elif piece in _RANK:
            out.append(_RANK[piece])
        elif piece.isalpha():
            out.append(_STRANGE_LETTER)
        else:
            out.append(_WORD_GAP)
    # A leading quotation mark or bracket must not put a name before all others.
    while out and out[0] == _WORD_GAP:
        del out[0]
    while out and out[-1] == _WORD_GAP:
        out.pop()
    return "".join(out)
