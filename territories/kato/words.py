"""Names of bodies made from names of units, in official Kazakh and Russian; nothing is declined by guess."""

from __future__ import annotations

import re

from .kinds import bare

_KK = {
    "oblast": "облысы",
    "city_rep": "қаласы",
    "capital": "қаласы",
    "raion": "ауданы",
    "city_oblast": "қаласы",
    "raion_in_city": "ауданы",
    "city_raion": "қаласы",
    "okrug": "ауылдық округі",
    "settlement": "кенті",
    "village": "ауылы",
    "microraion": "шағынауданы",
}
_KK_PLAIN = {
    kind: word.removesuffix("ы").removesuffix("і") if word != "қаласы" else "қала" for kind, word in _KK.items()
} | {"oblast": "облыс"}
# Genitive of the Russian word of the kind; second: after a feminine adjective («Чаганская п.а.»).
_RU = {
    "oblast": ("области", "области"),
    "city_rep": ("города", "города"),
    "capital": ("города", "города"),
    "raion": ("района", "района"),
    "city_oblast": ("города", "городской администрации"),
    "raion_in_city": ("района", "районной администрации"),
    "city_raion": ("города", "городской администрации"),
    "okrug": ("сельского округа", "сельского округа"),
    "settlement": ("поселка", "поселковой администрации"),
    "village": ("села", "сельской администрации"),
    "microraion": ("микрорайона", "микрорайона"),
}
# «Есет Көтібаров атын.» and «им.Есета Котибарова».
_NAMED_KK = re.compile(r"\bат(?:ын)?\.$")
_NAMED_RU = re.compile(r"\bим\. ?")
_MASCULINE = {"raion", "raion_in_city", "okrug"}
_QUOTES = str.maketrans("", "", '«»"“”')
_ADJECTIVE = re.compile(r"(?P<stem>.*(?:ск|цк|н|в|л|р|т|д|з|с|м|б|п))(?P<end>ий|ый|ой)$")
_FEMININE = re.compile(r"(?P<stem>.*[сц]к)ая$")


def unit_kk(kind: str, name_kk: str) -> str:
    """«Қараауыл а.о.» → «Қараауыл ауылдық округі»; after «атындағы» the word has no ending of its own."""
    name = spelled_out(bare(name_kk))
    return f"{name} {_KK_PLAIN[kind] if name.endswith('атындағы') else _KK[kind]}"


def spelled_out(name: str) -> str:
    """A bare name without quotation marks and with its usual shortenings in full."""
    return _NAMED_RU.sub("имени ", _NAMED_KK.sub("атындағы", name.translate(_QUOTES)))


def unit_ru_genitive(kind: str, name_ru: str) -> str:
    """«Карааульский с.о.» → «Карааульского сельского округа»; proper names stay as they are."""
    name = spelled_out(bare(name_ru))
    word, after_adjective = _RU[kind]
    mark_first = not spelled_out(name_ru).lower().startswith(name.lower())
    if not mark_first:
        feminine = _FEMININE.match(name)
        if feminine:
            return f"{feminine['stem']}ой {after_adjective}"
        masculine = _ADJECTIVE.match(name)
        if masculine and kind in _MASCULINE:
            soft = masculine["end"] == "ий" and masculine["stem"][-1] not in "кгх"
            return f"{masculine['stem']}{'его' if soft else 'ого'} {word}"
    return f"{word} {name}"


def office_names(kind: str, name_kk: str, name_ru: str, name_en: str = "") -> tuple[str, str, str]:
    """Names of the akim's office of a unit: Kazakh, Russian, English (empty without an English name)."""
    return (
        f"{unit_kk(kind, name_kk)} әкімінің аппараты",
        f"Аппарат акима {unit_ru_genitive(kind, name_ru)}",
        f"Office of the Akim of {name_en}" if name_en else "",
    )


def maslikhat_names(kind: str, name_kk: str, name_ru: str, name_en: str = "") -> tuple[str, str, str]:
    """Names of the maslikhat of a region, a raion or a city."""
    return (
        f"{unit_kk(kind, name_kk)}ның мәслихаты",
        f"Маслихат {unit_ru_genitive(kind, name_ru)}",
        f"Maslikhat of {name_en}" if name_en else "",
    )
