"""Demonstration rows of this room: repeatable by a seed, through the same services as a click."""
