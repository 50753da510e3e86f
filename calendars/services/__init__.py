"""Every change of data in this room, one function each."""

from .entry import plan
from .rows import Change, Conflict, Create, Outcome, Problem, WallHit, open_calendar
from .sheets import apply, apply_across
from .verbs import (
    Announced,
    Met,
    accept,
    announce,
    announce_many,
    cancel,
    cancel_many,
    forget_steps,
    hold,
    hold_many,
    propose_again,
    remove,
    return_,
    undo,
)

__all__ = [
    "Announced",
    "Change",
    "Conflict",
    "Create",
    "Met",
    "Outcome",
    "Problem",
    "WallHit",
    "accept",
    "announce",
    "announce_many",
    "apply",
    "apply_across",
    "cancel",
    "cancel_many",
    "forget_steps",
    "hold",
    "hold_many",
    "open_calendar",
    "plan",
    "propose_again",
    "remove",
    "return_",
    "undo",
]
