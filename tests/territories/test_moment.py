"""Who acts also says when: a year can be replayed or told afterwards, and the journal keeps its days."""

import datetime as dt

import pytest
from django.utils import timezone

from calendars import services
from journal.models import Entry
from territories.models import Kind
from territories.scope import Who, clock
from tests import factories

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2027, 3, 10, 9, 30, tzinfo=dt.UTC)


def test_the_journal_tells_a_change_as_of_the_instant_at_which_somebody_acts():
    region = factories.unit("Облыс", Kind.OBLAST, own_akim=True)
    services.open_calendar(region, 2027, by=clock("replay", MOMENT))
    assert Entry.objects.latest("pk").at == MOMENT


def test_whoever_names_no_instant_acts_now():
    before = timezone.now()
    assert before <= Who().moment <= timezone.now()
    region = factories.unit("Облыс", Kind.OBLAST, own_akim=True)
    services.open_calendar(region, 2027, by=clock("replay"))
    assert Entry.objects.latest("pk").at >= before
