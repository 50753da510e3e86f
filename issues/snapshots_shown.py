"""Frozen data as a page shows it: texts of one language, days as days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .models import Level, PublishedVersion

DAYS = ("due_on", "first_due_on", "raised_on", "held_on", "starts_on", "ends_on")
IN_LANGUAGES = ("text", "measure", "completion", "place")


def rows_of(version: PublishedVersion, language: str) -> list[dict[str, Any]]:
    """Rows of a list or plan; the other language stands in where one is missing. Empty for results."""
    return [shown(row, language) for row in version.data.get("rows", [])]


def shown(row: dict[str, Any], language: str) -> dict[str, Any]:
    lang, other = ("ru", "kk") if language == "ru" else ("kk", "ru")
    texts = {name: row.get(f"{name}_{lang}") or row.get(f"{name}_{other}") or "" for name in IN_LANGUAGES}
    days = {name: dt.date.fromisoformat(row[name]) for name in DAYS if row.get(name)}
    level = {"level_word": Level(row["level"]).label} if row.get("level") in Level.values else {}
    return row | texts | days | level
