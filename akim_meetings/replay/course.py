"""What becomes of one meeting, drawn from the seed: pure, and the same whatever else is replayed beside it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from law.workdays import is_working

DAY = dt.timedelta(days=1)
#: Of 100 meetings; the rest go as they should.
MOVED, MOVED_LATE, CANCELLED, FORGOTTEN = 6, 2, 3, 2
TOLD_LATE, NEVER_TOLD = 5, 2
NO_RECEPTION, LATE_RECEPTION = 8, 7
PUBLISHED_LATE, NEVER_PUBLISHED, ONE_PLACE, SECOND_LATER = 6, 4, 3, 7
CENTRAL, DEMANDED, FINANCED, PUT_OFF = 2, 1, 3, 5


@dataclass(slots=True)
class Course:
    """A meeting and what will be done about it, in days from the day on which it stands now."""

    meeting: int
    date: dt.date
    told_before: int | None
    told_late: bool
    moves_before: int | None = None
    moves_by: int = 0
    cancelled_before: int | None = None
    held: bool = True
    recorded_after: int = 0
    reception_after: int | None = None
    published_after: int | None = None
    second_after: int | None = None
    work_after: int = 20
    done_after: int | None = None
    due_in: int = 60
    words: int = 0
    second_words: int | None = None
    level: str = "akim"
    broadcast: bool = True
    ends: str = "done"
    demanded: bool = False
    financed: bool = False
    put_off: bool = False
    #: Set by the replay: a moved meeting keeps the pool that it has.
    prepared: bool = False


def course(rng: random.Random, meeting: int, date: dt.date, window: int, *, words: int) -> Course:
    """Draw a course; the meeting must be announced `window` days before it; `words` is how many samples exist."""

    def one_of(share: int) -> bool:
        return rng.randrange(100) < share

    late = one_of(TOLD_LATE)
    ahead = rng.randint(1, window - 1) if late else window + rng.choice((0, 1, 2, 3, 5, 8))
    found = Course(meeting, date, None if one_of(NEVER_TOLD) else ahead, late)
    fate = rng.randrange(100)
    if fate < MOVED:
        found.moves_before, found.moves_by = rng.randint(window + 9, window + 25), rng.choice((-5, 7, 9, 14, 21))
    elif fate < MOVED + MOVED_LATE:
        found.moves_before, found.moves_by = rng.randint(1, 5), rng.choice((3, 7, 10))
    elif fate < MOVED + MOVED_LATE + CANCELLED:
        found.cancelled_before = rng.randint(1, 9)
    elif fate < MOVED + MOVED_LATE + CANCELLED + FORGOTTEN:
        found.held = False
    found.recorded_after = rng.choice((0, 0, 0, 0, 1, 2))
    if one_of(LATE_RECEPTION):
        found.reception_after = rng.randint(11, 20)
    elif not one_of(NO_RECEPTION):
        found.reception_after = rng.randint(0, 6)
    found.published_after = rng.randint(11, 21) if one_of(PUBLISHED_LATE) else rng.randint(3, 9)
    if one_of(NEVER_PUBLISHED):
        found.published_after = None
    place = rng.randrange(100)
    if place >= ONE_PLACE:
        found.second_after = rng.randint(1, 3) if place < ONE_PLACE + SECOND_LATER else 0
    found.work_after, found.due_in = rng.randint(10, 40), rng.randint(30, 120)
    found.done_after = rng.randint(15, 60) if one_of(70) else None
    found.words, found.second_words = rng.randrange(words), rng.randrange(words) if one_of(30) else None
    found.level = "central" if one_of(CENTRAL) else "akim"
    found.broadcast, found.ends = one_of(85), rng.choice(("done", "done", "done", "explained"))
    found.demanded, found.financed, found.put_off = one_of(DEMANDED), one_of(FINANCED), one_of(PUT_OFF)
    return found


def working(day: dt.date) -> dt.date:
    """The day, or the next working one."""
    while not is_working(day):
        day += DAY
    return day
