"""What a line asks, in words: when, of whom, and what proves it; in Kazakh, Russian and English (`asked.toml`).

`law.explain` words one computed date; this module words the rule itself, before any date is counted.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from law.register import Edition, Wording, bodies
from law.timing import Timing
from law.units import AKIM_KINDS
from law.words import plural_form, texts

ASKED_FILE = Path(__file__).with_name("asked.toml")


@cache
def words() -> Mapping[str, Any]:
    """Everything in `asked.toml`, read once."""
    return tomllib.loads(ASKED_FILE.read_text(encoding="utf-8"))


def when(timing: Timing, lang: str) -> str:
    """The timing of a line in one clause; KeyError for a part that `asked.toml` does not word."""
    worded: str = _WORDED[timing.rule](timing, lang)
    return worded


def bound(wording: Wording, lang: str) -> str:
    """Who owes it: akims by the kind of unit, bodies, and through whom; empty if the line binds nobody."""
    who = wording.bound
    found = []
    if who.akims == AKIM_KINDS:
        found.append(words()["bound"]["all_akims"][lang])
    elif who.akims:
        found.append(words()["bound"]["akims"][lang].format(kinds=_kinds(who.akims, lang)))
    found += [bodies()[code][lang] for code in who.bodies]
    if who.performed_by:
        found.append(words()["bound"]["through"][lang].format(bodies=_bodies(who.performed_by, lang)))
    return "; ".join(found)


def recipients(wording: Wording, lang: str) -> str:
    """To whom it is owed; empty if nobody is named."""
    return _bodies(wording.recipients, lang)


def evidence(wording: Wording, lang: str) -> list[str]:
    """What proves it, one text per kind of proof."""
    return [words()["evidence"][code][lang] for code in wording.evidence]


def basis(act: str, edition: Edition, lang: str) -> str:
    """How the first day of an edition is known."""
    worded = words()["editions"].get(f"{act}@{edition.code}")
    return worded[lang] if worded else edition.basis


def _kinds(codes: Iterable[str], lang: str) -> str:
    return ", ".join(words()["kinds"][code][lang] for code in codes)


def _bodies(codes: Iterable[str], lang: str) -> str:
    return ", ".join(bodies()[code][lang] for code in codes)


def _month_day(md: str, lang: str) -> dict[str, Any]:
    month, day = (int(part) for part in md.split("-"))
    return {"day": day, "month": words()["months_to"][lang][month - 1]}


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _fixed(timing: Timing, lang: str) -> str:
    more = words()["fixed_more"]
    year = more["reporting_year"][lang] if timing.get("year") == "reporting_year + 1" else ""
    covers = timing.get("covers")
    if isinstance(covers, Mapping):
        covers = f"{covers['half']}_{'next' if '+' in covers['year'] else 'same'}"
    named = words()["fixed"][timing["edge"]][lang].format(**_month_day(timing["md"], lang))
    return _joined(named, year, more[covers][lang] if covers else "")


def _periodic(timing: Timing, lang: str) -> str:
    per = words()["per"][timing["per"]][lang]
    day = timing.get("day")
    template = words()["periodic"]["no_day" if day is None else timing["edge"]][lang]
    return _joined(template.format(per=per, day=day), _house(timing, lang), by="; ")


def _house(timing: Timing, lang: str) -> str:
    house = timing.get("house")
    if house is None:
        return ""
    return str(words()["house"]["day" if "day" in house else "working_days"][lang]).format(day=house.get("day"))


def _term(timing: Timing, case: str, lang: str) -> str:
    forms = words()["terms"][case][timing["unit"]][lang]
    return str(forms[plural_form(timing["n"], lang, len(forms))]).format(n=timing["n"])


def _back(timing: Timing, lang: str) -> str:
    return str(words()["back"][timing["anchor"]][lang]).format(term=_term(timing, "before", lang))


def _forward(timing: Timing, lang: str) -> str:
    anchor = words()["forward_from"][timing["anchor"]][lang]
    return str(words()["forward"]["sentence"][lang]).format(anchor=anchor, term=_term(timing, "after", lang))


def _window(timing: Timing, lang: str) -> str:
    found = words()["window"]["sentence"][lang].format(
        per=words()["per"][timing["per"]][lang],
        min=timing["min"],
        within=words()["within"]["+".join(timing["within"])][lang],
    )
    return _joined(found, words()["window"]["implied"][lang] if timing.get("min_source") == "implied" else "")


def _cover(timing: Timing, lang: str) -> str:
    template = words()["cover"]["offsite" if timing.get("offsite") else "any"][lang]
    per = words()["per"][timing["per"]][lang]
    return str(template).format(per=per, min=timing["min"], targets=_kinds(timing["target"], lang))


def _limit(timing: Timing, lang: str) -> str:
    return str(texts()["limits"][timing["expr"]][lang])


def _each(timing: Timing, lang: str) -> str:
    found = words()["each"]["sentence"][lang].format(event=words()["events"][timing["event"]][lang])
    condition, within = timing.get("if"), timing.get("within")
    return _joined(
        found,
        words()["conditions"][condition][lang] if condition else "",
        words()["within"]["+".join(within)][lang] if within else "",
    )


def _around(table: str) -> Any:
    def worded(timing: Timing, lang: str) -> str:
        found = words()[table][timing["anchor"]][lang]
        return _joined(found, words()["plain"]["no_number"][lang], _house(timing, lang), by="; ")

    return worded


def _trigger(timing: Timing, lang: str) -> str:
    return _joined(words()["triggers"][timing["trigger"]][lang], words()["plain"]["no_number"][lang], by="; ")


def _with(timing: Timing, lang: str) -> str:
    together = words()["plain"]["with"][lang].format(action=timing["action"])
    return _joined(together, _fixed(timing, lang) if timing.get("md") else "")


_WORDED = {
    "FIXED": _fixed,
    "PERIODIC": _periodic,
    "BACK": _back,
    "FWD": _forward,
    "WINDOW": _window,
    "COVER": _cover,
    "LIMIT": _limit,
    "EACH": _each,
    "BEFORE": _around("before"),
    "AFTER": _around("after"),
    "TRIGGER": _trigger,
    "WITH": _with,
    "STANDING": lambda timing, lang: words()["plain"]["standing"][lang],
    "STATUS": lambda timing, lang: words()["plain"]["status"][lang],
}
