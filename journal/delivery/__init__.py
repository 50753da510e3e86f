"""Hands letters to the relay so that none is lost and none is doubled; see `drain` and `reap`."""

from .sending import drain
from .settling import reap

__all__ = ["drain", "reap"]
