"""Quarterly information of many offices (826-3.5.d, A-15)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from journal.bulk import insert, update
from journal.services import Change, record_many
from law.periods import period_from
from territories.models import Territory
from territories.scope import Who

from ... import personal
from ...models import Channel, Issue, Progress, Publication, QuarterlyReport, QuarterlyRow, QuarterState
from ..changing import need, require_office
from ..publishing import check_moment
from ..quarterly import ROW_TEXTS, standing_of
from ..snapshots import digest
from .rows import change, lock_rows, make


@transaction.atomic
def draft_quarters(units: Sequence[Territory], *, year: int, quarter: int, by: Who) -> list[QuarterlyReport]:
    """The first report of a quarter of each office that has none yet, drafted from the data."""
    period = period_from(f"{year}-Q{quarter}")
    locked = Territory.objects.select_for_update().order_by("pk").in_bulk({unit.pk for unit in units})
    for unit in locked.values():
        require_office(by, unit)
    there = QuarterlyReport.objects.filter(unit__in=locked, year=year, quarter=quarter).values_list("unit", flat=True)
    wanted = {pk: unit for pk, unit in locked.items() if pk not in set(there)}
    reported = QuarterlyRow.objects.filter(
        issue=OuterRef("pk"), solved=True, report__state=QuarterState.FROZEN
    ).exclude(report__year=year, report__quarter=quarter)
    issues: defaultdict[int, list[Issue]] = defaultdict(list)
    found = (
        Issue.objects.standing()
        .filter(~Exists(reported), unit__in=wanted, meeting__isnull=False, raised_on__lte=period.end)
        .prefetch_related(Prefetch("progress", Progress.objects.filter(on__lte=period.end), to_attr="steps"))
    )
    for issue in found.order_by("year", "number"):
        issues[issue.unit_id].append(issue)
    values = {"year": year, "quarter": quarter, "number": 1, "reason": ""}
    items = [(unit, values | {"nil": not issues[pk]}) for pk, unit in wanted.items()]
    reports = make(QuarterlyReport, items, by=by)
    insert(
        [
            QuarterlyRow(report=report, issue=issue, order=order, **standing_of(issue, period))
            for report in reports
            for order, issue in enumerate(issues[report.unit_id], 1)
        ]
    )
    changes = [
        Change(report, became={"period": period.code, "rows": len(issues[report.unit_id])}) for report in reports
    ]
    record_many(by.actor, "quarter.drafted", changes)
    return reports


@transaction.atomic
def freeze_quarters(
    reports: Sequence[QuarterlyReport], *, texts: Mapping[str, str], silent: Mapping[str, str], today: dt.date, by: Who
) -> list[QuarterlyReport]:
    """Fill and freeze drafts: `texts` is the opening (`text_kk`, `text_ru`), `silent` what a row without a step says
    (`progress_kk`, `progress_ru`). Nothing may hold personal data."""
    locked = list(lock_rows(QuarterlyReport, (report.pk for report in reports)).values())
    lines: defaultdict[int, list[QuarterlyRow]] = defaultdict(list)
    for line in QuarterlyRow.objects.filter(report__in=locked).select_related("issue__unit").order_by("order"):
        lines[line.report_id].append(line)
    written = []
    for row in locked:
        require_office(by, row.unit)
        if row.state != QuarterState.DRAFT:
            raise ValidationError(_("The report is frozen. Make its next number."))
        if today <= period_from(row.period).end:
            raise ValidationError(_("The quarter is not over yet."))
        for line in lines[row.pk]:
            bare = [name for name in ROW_TEXTS if not getattr(line, name)]
            for name in bare:
                setattr(line, name, silent[name])
            if bare:
                written.append(line)
    if written:
        update(written, ROW_TEXTS)
    personal.refuse(dict(texts) | dict(silent))
    values = []
    for row in locked:
        personal.refuse({f"{line.issue} kk": line.progress_kk for line in lines[row.pk]})
        personal.refuse({f"{line.issue} ru": line.progress_ru for line in lines[row.pk]})
        data = [
            [str(x.issue), x.state, x.solved, x.due_on, x.first_due_on, x.slips, x.progress_kk, x.progress_ru]
            for x in lines[row.pk]
        ]
        sha = digest([row.period, row.nil, texts["text_kk"], texts["text_ru"], data])
        values.append(dict(texts) | {"state": QuarterState.FROZEN, "frozen_at": by.moment, "sha256": sha})
    change(locked, values, by=by)
    changes = [
        Change(row, became={"period": row.period, "rows": len(lines[row.pk]), "sha256": row.sha256}) for row in locked
    ]
    record_many(by.actor, "quarter.frozen", changes)
    return locked


@transaction.atomic
def publish_quarters(
    places: Sequence[tuple[QuarterlyReport, Channel, str]], *, published_at: dt.datetime, by: Who
) -> list[Publication]:
    """Frozen reports stand at places, each with its address, since a time. None of them may stand there already."""
    reports = lock_rows(QuarterlyReport, (report.pk for report, _channel, _link in places))
    items = []
    for report, channel, link in places:
        row = reports[report.pk]
        require_office(by, row.unit)
        if row.state != QuarterState.FROZEN:
            raise ValidationError(_("Freeze the report first."))
        if not channel.quarterly:
            raise ValidationError({"channel": _("This channel is no place of publication.")})
        check_moment(published_at, period_from(row.period).end, by=by)
        link = need(link, "link", _("Give the address of the page, or add a copy or a photograph."))
        values = {"quarterly": row, "channel": channel, "link": link, "published_at": published_at}
        items.append((row.unit, values | {"copy": None, "own_page": False}))
    rows = make(Publication, items, by=by)
    changes = [
        Change(
            row,
            became={
                "period": row.quarterly.period,
                "number": row.quarterly.number,
                "place": row.channel.code,
                "link": row.link,
            },
            object_text=str(row.quarterly),
        )
        for row in rows
    ]
    record_many(by.actor, "quarter.published", changes, basis="826-3.5.d2")
    return rows
