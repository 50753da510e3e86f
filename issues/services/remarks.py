"""Remarks on issues, brought back in a workbook or written elsewhere; each stays with its issue."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from territories.scope import Who

from .. import rules
from ..models import Issue, IssueRemark
from .changing import need, require


@transaction.atomic
def remark_issues(remarks: Mapping[int, str], *, by: Who) -> tuple[int, int]:
    """Bind each text to the issue with this id, all or none; how many are new, and how many were there already.

    Raises PermissionDenied for an issue that the person may not remark on.
    """
    rows = list(Issue.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=remarks))
    require(len(rows) == len(remarks) and all(rules.can_remark(by, row) for row in rows))
    new = 0
    for row in rows:
        text = need(remarks[row.pk], "text", _("Write the remark."))[:2000]
        made, fresh = IssueRemark.objects.get_or_create(
            issue=row,
            text=text,
            written_by=by.user,
            defaults={
                "unit": row.unit,
                "region_id": row.region_id,
                "issue_version": row.version,
                "by_government": by.role == "government",
                "written_as": str(by.post or "")[:300],
                "at": by.moment,
            },
        )
        if fresh:
            new += 1
            became = {"text": text, "issue_version": row.version}
            record(by.actor, "issue.remarked", made, became=became, object_text=str(row))
    return new, len(rows) - new
