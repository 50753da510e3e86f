"""Every change of the ledger, one function each. How a room tells its facts: `facts.py`."""

from .digests import NOON, hold_back, write_digests
from .evidence import Proof, record_evidence, withdraw_evidence
from .facts import AnchorDays, FactSet, Proofs, Rows, proof
from .ledger import Counts
from .reminders import remind
from .sweep import bring_in_line, sweep

__all__ = [
    "NOON",
    "AnchorDays",
    "Counts",
    "FactSet",
    "Proof",
    "Proofs",
    "Rows",
    "bring_in_line",
    "hold_back",
    "proof",
    "record_evidence",
    "remind",
    "sweep",
    "withdraw_evidence",
    "write_digests",
]
