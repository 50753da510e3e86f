"""The questions that the desk is asked: each has a sign and a word for every unit, and a colour that says the same.

No unit gets a mark made of several questions: whoever compares regions sees what he compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal import dates

from .rows import Row

#: Shares in whole percents from which a square is green, and from which it is yellow. A house rule.
GOOD, FAIR = 95, 80
#: Share of open issues past their day up to which a square is yellow.
FEW_PAST = 10
#: Questions of every level, and those that only regions have an answer to.
ASKED = ("coverage", "announce", "publish", "past", "quarter")
OF_REGIONS = ("sent",)


@dataclass(frozen=True)
class Answer:
    """What a square shows: a sign (a letter or a number), a word, and the kind that colours it."""

    sign: str
    word: str
    kind: str = ""


def asked(of_regions: bool) -> tuple[str, ...]:
    return (*OF_REGIONS, *ASKED) if of_regions else ASKED


def words(code: str) -> str:
    return {
        "sent": pgettext("question of the desk", "Calendar sent?"),
        "coverage": pgettext("question of the desk", "Coverage"),
        "announce": pgettext("question of the desk", "Announced in time"),
        "publish": pgettext("question of the desk", "Published in time"),
        "past": pgettext("question of the desk", "Issues past their day"),
        "quarter": pgettext("question of the desk", "Quarterly information"),
    }[code]


def explained(code: str) -> str:
    """What a question counts, in one sentence for the page and the print."""
    return {
        "sent": _("The newest calendar of the region: where it lies and what was said of it."),
        "coverage": _("Meetings in the approved calendar beside those that the decree requires."),
        "announce": _("Of the announcements whose day has come: made in time, contested, late (826-3.4.e, f)."),
        "publish": _(
            "Of results, lists and plans whose day has come: published in time, contested, late (826-3.5.c1–c3)."
        ),
        "past": _("Open issues whose promised day has passed, of all open ones."),
        "quarter": _("Of the quarterly information whose day has come: in time, contested, late (826-3.5.d1)."),
    }[code]


def answer(row: Row, code: str) -> Answer:
    """The square of a unit for a question."""
    if code == "sent":
        return sent(row)
    if code == "coverage":
        return coverage(row)
    if code == "past":
        return past(row)
    return in_time(row, code)


def sent(row: Row) -> Answer:
    """A calendar's way by a letter: A accepted, S submitted, R returned, L late, – not yet."""
    state = row.calendar
    if state is None:
        return Answer("–", _("not received"))
    letters = {
        "accepted": (pgettext("letter of a square", "A"), "success"),
        "submitted": (pgettext("letter of a square", "S"), "info"),
        "returned": (pgettext("letter of a square", "R"), "warning"),
    }
    if state.state in letters:
        letter, kind = letters[state.state]
        return Answer(letter, str(state.state_words), kind)
    if state.punctuality == "breach":
        return Answer(pgettext("letter of a square", "L"), _("not received, late"), "danger")
    if state.punctuality == "contested":
        return Answer("?", _("not received, contested"), "warning")
    return Answer("–", _("not received") if state.number is None else _("not submitted"))


def coverage(row: Row) -> Answer:
    if row.planned is None or not row.required:
        return Answer("–", _("not known"))
    return shared(row.planned, row.required, _("planned"))


def in_time(row: Row, code: str) -> Answer:
    found = row.in_time(code)
    if found is None:
        return Answer("–", _("not known"))
    if not found[1]:
        return Answer("–", _("none due yet"))
    return shared(*found, _("in time"))


def past(row: Row) -> Answer:
    late, all_open = row.figures.past, row.figures.open
    kind = "success" if not late else "warning" if late * 100 <= all_open * FEW_PAST else "danger"
    return Answer(dates.number(late), _("of %(n)s open") % {"n": dates.number(all_open)}, kind)


def shared(part: int, whole: int, word: str) -> Answer:
    """A share in whole percents, rounded down so that 100 means all."""
    percent = min(100, part * 100 // whole)
    kind = "success" if percent >= GOOD else "warning" if percent >= FAIR else "danger"
    return Answer(f"{percent}{dates.NBSP}%", word, kind)


Part = tuple[int, str, str]


def parts(row: Row, code: str) -> Sequence[Part]:
    """The bar of a unit for a question: numbers, kinds and words."""
    if code in ("sent", "coverage"):
        if row.planned is None or row.required is None:
            return ()
        missing = max(0, row.required - row.planned)
        return bar((row.planned, "success", _("planned")), (missing, "danger", _("missing")))
    figures = row.figures
    if code == "past":
        return bar(
            (figures.done, "success", _("done")),
            (figures.explained, "info", _("explained")),
            (figures.declined, "muted", _("cannot be done")),
            (figures.open - figures.past, "warning", _("open")),
            (figures.past, "danger", _("past their day")),
        )
    if not row.watched:
        return ()
    return bar(
        (getattr(figures, f"{code}_met"), "success", _("in time")),
        (getattr(figures, f"{code}_contested"), "warning", _("contested")),
        (getattr(figures, f"{code}_late"), "danger", _("late")),
    )


def bar(*found: tuple[int, str, Any]) -> Sequence[Part]:
    return [(number, kind, f"{word}: {dates.number(number)}") for number, kind, word in found if number > 0]
