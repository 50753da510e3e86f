"""Quarterly information on the progress of issues, by the 25th (826-3.5.d, A-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from journal.services import record
from law.periods import Period, period_from
from territories.models import Territory
from territories.scope import Who

from .. import personal
from ..models import (
    CLOSED_STATES,
    Channel,
    Issue,
    Progress,
    Publication,
    QuarterlyReport,
    QuarterlyRow,
    QuarterState,
    StoredFile,
)
from .changing import Conflict, create, edit, lock, lock_unit, need, require_office
from .publishing import check_moment, place
from .snapshots import digest


def issues_for(unit: Territory, period: Period) -> QuerySet[Issue]:
    """Issues that a quarter's report covers: raised at meetings before its last day, not reported as solved before."""
    reported = QuarterlyRow.objects.filter(
        issue=OuterRef("pk"), solved=True, report__state=QuarterState.FROZEN
    ).exclude(report__year=period.start.year, report__quarter=quarter_of(period))
    return (
        Issue.objects.standing()
        .filter(~Exists(reported), unit=unit, meeting__isnull=False, raised_on__lte=period.end)
        .order_by("year", "number")
    )


def quarter_of(period: Period) -> int:
    return (period.start.month - 1) // 3 + 1


@transaction.atomic
def draft_quarter(unit: Territory, *, year: int, quarter: int, by: Who) -> QuarterlyReport:
    """The newest report of a quarter, drafted from the data where there is none yet.

    A nil report is offered for an office without issues (A-15).
    """
    require_office(by, unit)
    unit = lock_unit(unit)
    found = (
        QuarterlyReport.objects.filter(unit=unit, year=year, quarter=quarter)
        .select_related("unit")
        .order_by("-number")
        .first()
    )
    return found or write_draft(unit, period_from(f"{year}-Q{quarter}"), number=1, reason="", by=by)


@transaction.atomic
def redraft_quarter(report: QuarterlyReport, *, reason: str, by: Who) -> QuarterlyReport:
    """The next number beside a frozen report, with the reason of the change."""
    row = lock(QuarterlyReport, report.pk)
    require_office(by, row.unit)
    if row.state != QuarterState.FROZEN:
        raise ValidationError(_("The report is still a draft."))
    reason = need(reason, "reason", _("Write what has changed since it was published, and why."))
    newer = QuarterlyReport.objects.filter(unit=row.unit, year=row.year, quarter=row.quarter, number__gt=row.number)
    if newer.exists():
        raise ValidationError(_("There is a newer number of this report."))
    return write_draft(row.unit, period_from(row.period), number=row.number + 1, reason=reason, by=by)


def write_draft(unit: Territory, period: Period, *, number: int, reason: str, by: Who) -> QuarterlyReport:
    issues = list(
        issues_for(unit, period).prefetch_related(
            Prefetch("progress", Progress.objects.filter(on__lte=period.end), to_attr="steps")
        )
    )
    values = {
        "year": period.start.year,
        "quarter": quarter_of(period),
        "number": number,
        "nil": not issues,
        "reason": reason,
    }
    report = create(QuarterlyReport, by=by, unit=unit, values=values)
    QuarterlyRow.objects.bulk_create(
        QuarterlyRow(report=report, issue=issue, order=order, **standing_of(issue, period))
        for order, issue in enumerate(issues, 1)
    )
    record(by.actor, "quarter.drafted", report, became={"period": period.code, "rows": len(issues)})
    return report


def standing_of(issue: Issue, period: Period) -> dict[str, Any]:
    """How an issue stood at the end of a quarter; the words come from the newest step told by then."""
    solved = issue.closed_on is not None and issue.closed_on <= period.end and issue.state in CLOSED_STATES
    open_state = "in_work" if issue.state in CLOSED_STATES else issue.state
    text = issue.steps[0].text if issue.steps and not personal.findings(issue.steps[0].text) else ""
    return {
        "state": issue.state if solved else open_state,
        "solved": solved,
        "due_on": issue.due_on,
        "first_due_on": issue.first_due_on,
        "slips": issue.slips,
        "progress_kk": text,
        "progress_ru": text,
    }


@transaction.atomic
def edit_quarter(
    report: QuarterlyReport, *, values: Mapping[str, Any], rows: Mapping[int, Mapping[str, str]], seen_version: int,
    by: Who,
) -> QuarterlyReport:  # fmt: skip
    """Edit the draft: `text_kk`, `text_ru`, and by row id `progress_kk`, `progress_ru`. Raises Conflict."""
    row = lock(QuarterlyReport, report.pk)
    require_office(by, row.unit)
    if row.state != QuarterState.DRAFT:
        raise ValidationError(_("The report is frozen. Make its next number."))
    if seen_version != row.version:
        raise stale(row, values, rows)
    was, became = edit(row, values, seen_version=seen_version, by=by)
    changed = []
    for line in row.rows.filter(pk__in=rows):
        wanted = {name: str(rows[line.pk].get(name, getattr(line, name))).strip() for name in ROW_TEXTS}
        if any(getattr(line, name) != text for name, text in wanted.items()):
            for name, text in wanted.items():
                setattr(line, name, text[:3000])
            changed.append(line)
    if changed:
        QuarterlyRow.objects.bulk_update(changed, ROW_TEXTS)
        if not became:
            edit(row, {"updated_at": by.moment}, seen_version=None, by=by)
    if changed or became:
        became = became | {"rows": len(changed)}
        record(by.actor, "quarter.edited", row, was=was, became=became)
    return row


ROW_TEXTS = ("progress_kk", "progress_ru")


def stale(row: QuarterlyReport, values: Mapping[str, Any], rows: Mapping[int, Mapping[str, str]]) -> Conflict:
    """What the other person left beside what this one wrote: the report's own words, and the texts of each issue."""
    fields = [name for name, text in values.items() if getattr(row, name) != text]
    others = [
        (f"{line.issue}, {line._meta.get_field(name).verbose_name}", getattr(line, name), rows[line.pk][name])
        for line in row.rows.filter(pk__in=rows).select_related("issue")
        for name in ROW_TEXTS
        if name in rows[line.pk] and getattr(line, name) != rows[line.pk][name].strip()
    ]
    return Conflict(row=row, mine=values, fields=fields, others=others)


@transaction.atomic
def freeze_quarter(report: QuarterlyReport, *, seen_version: int, today: dt.date, by: Who) -> QuarterlyReport:
    """Freeze the report after its quarter has ended: both languages filled, no personal data. Raises Conflict."""
    row = lock(QuarterlyReport, report.pk)
    require_office(by, row.unit)
    if row.state == QuarterState.FROZEN:
        return row
    edit(row, {}, seen_version=seen_version, by=by)
    if today <= period_from(row.period).end:
        raise ValidationError(_("The quarter is not over yet."))
    lines = list(row.rows.select_related("issue"))
    texts = {"text_kk": row.text_kk, "text_ru": row.text_ru}
    for line in lines:
        texts |= {f"{line.issue} kk": line.progress_kk, f"{line.issue} ru": line.progress_ru}
    personal.refuse(texts)
    bare = [str(line.issue) for line in lines if not (line.progress_kk and line.progress_ru)]
    if bare:
        text = _("Write the progress in Kazakh and in Russian (“no change” is an answer too): %(issues)s.")
        raise ValidationError(text % {"issues": ", ".join(bare[:10])})
    data = [
        [str(x.issue), x.state, x.solved, x.due_on, x.first_due_on, x.slips, x.progress_kk, x.progress_ru]
        for x in lines
    ]
    sha = digest([row.period, row.nil, row.text_kk, row.text_ru, data])
    values = {"state": QuarterState.FROZEN, "frozen_at": by.moment, "sha256": sha}
    edit(row, values, seen_version=seen_version, by=by)
    record(by.actor, "quarter.frozen", row, became={"period": row.period, "rows": len(lines), "sha256": sha})
    return row


@transaction.atomic
def publish_quarter(
    report: QuarterlyReport,
    *,
    channel: Channel,
    published_at: dt.datetime,
    link: str = "",
    copy: StoredFile | None = None,
    own_page: bool = False,
    by: Who,
) -> Publication:
    """The frozen report stands at a place (826-3.5.d2: the official resource and the e-government portal)."""
    row = lock(QuarterlyReport, report.pk)
    require_office(by, row.unit)
    if row.state != QuarterState.FROZEN:
        raise ValidationError(_("Freeze the report first."))
    if not channel.quarterly:
        raise ValidationError({"channel": _("This channel is no place of publication.")})
    check_moment(published_at, period_from(row.period).end, by=by)
    publication, made = place({"quarterly": row}, channel, published_at, link, copy, own_page, unit=row.unit, by=by)
    if made:
        became = {"period": row.period, "number": row.number, "place": channel.code, "link": link}
        record(by.actor, "quarter.published", publication, became=became, object_text=str(row), basis="826-3.5.d2")
    return publication
