"""Every change of the ledger, one function each."""

from .ledger import Counts, Fact, sync
from .reminders import remind
from .sweep import sweep

__all__ = ["Counts", "Fact", "remind", "sweep", "sync"]
