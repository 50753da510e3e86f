"""What can come of offering a letter to a relay, and how much patience there is."""

from __future__ import annotations

import random
import re
import time
from dataclasses import dataclass

ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the relay: code and words (RFC 5321, 4.2)."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()

    @property
    def enhanced(self) -> str:
        """The code of RFC 3463 ("4.2.2"), if the relay gave one."""
        found = ENHANCED.match(self.text)
        return found[1] if found else ""

    @property
    def is_about_the_mailbox(self) -> bool:
        """The trouble lies with this addressee (x.1.x address, x.2.x mailbox), not with the relay."""
        return self.enhanced[2:4] in ("1.", "2.")

    @property
    def is_too_much(self) -> bool:
        """The relay asks us as a whole to come back later: 421, or 452 that is not a full mailbox."""
        return self.code == 421 or (self.code == 452 and not self.is_about_the_mailbox)


def in_words(trouble: object) -> str:
    """An answer or an error as a reader of the history takes it, without the numbers of the system."""
    if isinstance(trouble, OSError) and trouble.strerror:
        return trouble.strerror
    return str(trouble)


class Undelivered(Exception):
    """The letter was certainly not accepted. `step` is where the conversation ended."""

    def __init__(self, step: str, reply: object):
        super().__init__(str(reply))
        self.step = step
        self.reply = in_words(reply)


class TryAgain(Undelivered):
    """A refusal of this letter that may pass (4xx), or the connection broke before the final dot."""


class Refused(Undelivered):
    """A refusal of this letter for good (5xx)."""


class RelayAway(Undelivered):
    """The relay cannot take anything now; the letter is not to blame and loses nothing.

    `rest` names which pause applies: "rest" (not reached), "fault" (certificate, log-in, name),
    "limit" (too much mail from us).
    """

    def __init__(self, step: str, reply: object, rest: str):
        super().__init__(step, reply)
        self.rest = rest


class NoAnswer(Exception):
    """The final dot was sent and no answer came: nobody on this side can know."""


class Patience:
    """Time left for one letter: each wait is bounded by itself and by the whole."""

    def __init__(self, *, step: float, total: float):
        self.step = step
        self.ends = time.monotonic() + total

    def left(self, wish: float | None = None) -> float:
        """Seconds that the next wait may take; raises TimeoutError when there are none."""
        left = min(self.step if wish is None else wish, self.ends - time.monotonic())
        if left <= 0:
            raise TimeoutError("the time for this letter is over")
        return left

    def whole(self) -> float:
        """Seconds left for the letter as a whole."""
        return self.left(float("inf"))


def boot_seconds() -> float:
    """Seconds since boot, counting those that the machine or this process slept through."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def growing_pause(bounds: tuple[float, float], times: int) -> float:
    """The pause after the n-th trouble in a row: doubles up to the longest, up to a fifth longer by chance."""
    first, longest = bounds
    return min(longest, first * 2 ** min(times - 1, 30)) * random.uniform(1.0, 1.2)  # noqa: S311
