"""The duties of one year, by the program's own sweep, opened on the days on which the ledger would have opened them."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from deadlines import ids
from deadlines.services import bring_in_line
from deadlines.services.sweep import taken

#: What happened on its own day was known on its own day: the sweep of today does not know when it was told.
OPENED = f"""
    UPDATE deadlines_duty d SET opened_on = CASE
            WHEN id >> {ids.KIND_AT} = {int(ids.Subject.AKIM)} AND rule_id LIKE '826-3.5%%'
            THEN least(date_trunc('quarter', due_on - 30)::date, %(today)s) ELSE %(first)s END,
        noted_on = CASE WHEN met_on IS NOT NULL THEN least(greatest(met_on, %(first)s), %(today)s) END
    WHERE year = %(year)s AND due_on IS NOT NULL AND opened_on = %(swept)s
"""


@transaction.atomic
def open_year(year: int, today: dt.date) -> int:
    """Open and meet the duties of a year as of its end or of today, whichever is first; answers how many are new."""
    swept = min(today, dt.date(year, 12, 31))
    if not taken():
        return 0
    opened = bring_in_line(swept, [year]).opened
    first = min(dt.date(year, 1, 12), today)
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"year": year, "today": today, "first": first, "swept": swept})
    return opened
