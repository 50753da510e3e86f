"""Every change of data in this room, one function each."""

from .entry import plan
from .rows import Change, Conflict, Create, Outcome, Problem, WallHit, apply, open_calendar
from .verbs import accept, announce, cancel, hold, propose_again, remove, return_, undo

__all__ = [
    "Change",
    "Conflict",
    "Create",
    "Outcome",
    "Problem",
    "WallHit",
    "accept",
    "announce",
    "apply",
    "cancel",
    "hold",
    "open_calendar",
    "plan",
    "propose_again",
    "remove",
    "return_",
    "undo",
]
