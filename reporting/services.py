"""Summaries as Excel files. The national desk and the command `export_summary` write the same bytes."""

from __future__ import annotations

import datetime as dt
import io

from django.utils.translation import override

from territories.models import Territory
from territories.scope import Who

from .summaries import xlsx
from .summaries.calendars import PUNCTUALITY
from .summaries.kinds import checked, summary
from .summaries.model import Asked
from .summaries.model import NothingThere as NothingApproved

__all__ = ["NothingApproved", "export", "punctuality_words"]


def export(kind: str, year: int, *, region: Territory | None, who: Who, today: dt.date, language: str) -> bytes:
    """The summary of a kind as a workbook. Raises NothingApproved, PermissionDenied."""
    out = io.BytesIO()
    with override(language):
        xlsx.write(summary(checked(Asked(kind, year, who, today, region, language))), out)
    return out.getvalue()


def punctuality_words(state: str) -> str:
    """How the submission stands to its day in the act."""
    return str(PUNCTUALITY.get(state, ""))
