"""Remarks on problem issues, brought back in the workbook of their summary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from issues import rules, services
from issues.models import Issue
from territories.scope import Who

from ..summaries.model import LANGUAGES, Asked
from ..summaries.promises import issue_rows, issues
from .returned import NAMED, Brought, Outcome, compare, refuse_altered


def take(rows: list[Brought], columns: dict[str, int], *, today: dt.date, by: Who) -> Outcome:
    """Compare with the issues as they stand, and bind each remark to its issue. Raises PermissionDenied."""
    outcome = Outcome()
    remarked = {row.pk: row for row in rows if row.remark}
    there = seen_by(remarked, today, by)
    if missing := [row for row in remarked.values() if row.pk not in there]:
        text = _("Row %(row)s is of an issue that does not exist, was joined into another, or is not yours to see.")
        outcome.refused = text % {"row": missing[0].row.number}
        return outcome
    if not all(rules.can_remark(by, issue) for issue in there.values()):
        raise PermissionDenied(_("Offices above the issue's own, and the Government's reviewer, remark on an issue."))
    if changed := [there[pk] for pk, row in remarked.items() if row.version != there[pk].version]:
        outcome.refused = _("Issues with a remark have changed since the table was taken out; take it out again.")
        outcome.changed = [f"{issue}, {issue.unit.name()}: {issue.text()[:80]}" for issue in changed[:NAMED]]
        return outcome
    only = frozenset(row.pk for row in rows)
    made = [
        issues(Asked("issues", year, by, today, None, language, only=only))[-1]
        for language in LANGUAGES
        for year in years_of(only)
    ]
    if refuse_altered(rows, compare(rows, columns, made, outcome), outcome):
        return outcome
    outcome.taken, outcome.repeated = services.remark_issues({pk: row.remark for pk, row in remarked.items()}, by=by)
    outcome.places = [(reverse("issues:issue", args=[pk]), str(there[pk])) for pk in remarked][:NAMED]
    return outcome


def years_of(pks: Iterable[int]) -> set[int]:
    return set(Issue.objects.filter(pk__in=pks).order_by().values_list("year", flat=True))


def seen_by(pks: Iterable[int], today: dt.date, by: Who) -> dict[int, Issue]:
    """Those of the issues that the person may take out in a summary, by id."""
    only = frozenset(pks)
    found: dict[int, Issue] = {}
    for year in years_of(only):
        rows = issue_rows(Asked("issues", year, by, today, only=only)).select_related("unit")
        found |= {row.pk: row for row in rows}
    return found
