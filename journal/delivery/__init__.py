"""Hands letters to the relay so that none is lost and none is doubled; see `drain` and `reap`."""

from .drain import drain
from .reap import reap

__all__ = ["drain", "reap"]
