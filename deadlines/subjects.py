"""What duties are about, in words: the rooms name their own rows, a query a kind, for a whole page at once.

`settings.DUTY_SUBJECTS` names functions `({Subject: {(id, period)}}) -> {(Subject, id, period): About}`. A room
answers for the kinds that are its own and leaves out the rest; the period of a single event is "".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from . import ids
from .ids import Subject
from .models import Duty


class About(NamedTuple):
    """A name in both languages and the page on which the duty is done ("" where there is none).

    `closed_to`: roles that see the duty and may not open that page.
    """

    kk: str = ""
    ru: str = ""
    url: str = ""
    closed_to: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        return self.ru if language == "ru" else self.kk


Subjects = dict[tuple[Subject, int, str], About]


def about(duties: Iterable[Duty]) -> dict[int, About]:
    """What each of the duties is about, by its id; a subject that is gone is named by its period alone."""
    parts = {duty.pk: ids.parts(duty.pk) for duty in duties}
    asked: defaultdict[Subject, set[tuple[int, str]]] = defaultdict(set)
    for part in parts.values():
        asked[part.kind].add((part.subject_id, part.period))
    known: Subjects = {}
    for name in settings.DUTY_SUBJECTS:
        known |= import_string(name)(asked)
    nothing = {pk: About(part.period, part.period) for pk, part in parts.items()}
    return {pk: known.get((part.kind, part.subject_id, part.period), nothing[pk]) for pk, part in parts.items()}
