"""Every change of the ledger, one function each. How a room tells its facts: `facts.py`."""

from .facts import AnchorDays, FactSet, Proofs, Rows, proof
from .ledger import Counts
from .reminders import remind
from .sweep import bring_in_line, sweep

__all__ = ["AnchorDays", "Counts", "FactSet", "Proofs", "Rows", "bring_in_line", "proof", "remind", "sweep"]
