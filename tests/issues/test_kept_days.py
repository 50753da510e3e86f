"""Whatever door is tried, promised days and slips stay: the database itself refuses."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from issues import services
from issues.models import DueChange, Issue, PlanItem

from .factories import CLOCK, TODAY, item, seen

LATER_DAY = dt.date(2026, 8, 1)


@pytest.fixture
def slipped(raised):
    """An item whose day was put off once."""
    row = item(raised)
    asked = services.ask_due_change(row, to=LATER_DAY, reason="Қаражат кешікті", today=TODAY, by=CLOCK)
    services.grant_due_change(asked, today=TODAY, by=CLOCK)
    row.refresh_from_db()
    return row


def refused(rows, **values):
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**values)


def test_a_slip_cannot_be_taken_back(slipped, raised):
    assert Issue.objects.get(pk=raised.pk).slips == 1
    refused(Issue.objects.filter(pk=raised.pk), slips=0)
    assert Issue.objects.get(pk=raised.pk).slips == 1


def test_the_day_first_promised_cannot_be_changed_or_emptied(slipped):
    refused(PlanItem.objects.filter(pk=slipped.pk), first_due_on=LATER_DAY)
    refused(PlanItem.objects.filter(pk=slipped.pk), first_due_on=None)


def test_a_promised_day_moves_only_to_a_day_that_was_granted(slipped):
    refused(PlanItem.objects.filter(pk=slipped.pk), due_on=dt.date(2026, 12, 31))
    assert PlanItem.objects.get(pk=slipped.pk).due_on == LATER_DAY


def test_a_decided_request_is_final(slipped):
    change = DueChange.objects.get()
    for values in ({"state": "refused", "decision": "?"}, {"was": LATER_DAY}, {"to": TODAY}, {"reason": "?"}):
        refused(DueChange.objects.filter(pk=change.pk), **values)


def test_the_doors_that_may_still_work(slipped, raised):
    again = services.ask_due_change(slipped, to=dt.date(2026, 9, 1), reason="Тағы", today=TODAY, by=CLOCK)
    services.refuse_due_change(again, decision="Жоқ", today=TODAY, by=CLOCK)
    third = services.ask_due_change(slipped, to=dt.date(2026, 7, 1), reason="Ертерек", today=TODAY, by=CLOCK)
    services.grant_due_change(third, today=TODAY, by=CLOCK)
    slipped.refresh_from_db()
    assert (slipped.due_on, slipped.first_due_on) == (dt.date(2026, 7, 1), dt.date(2026, 5, 20))
    assert Issue.objects.get(pk=raised.pk).slips == 1
    assert seen(slipped) > 1
