"""Regions have the zones of the classifier's codes, and civil days are asked for in them."""

import datetime as dt

import pytest

from calendars.models import CalendarVersion
from deadlines.models import Duty
from deadlines.services import bring_in_line
from territories import demo
from territories.models import Kind, Territory
from territories.zones import civil_day_in, zone_of, zones
from tests import factories


@pytest.mark.parametrize(
    ("code", "zone"),
    [("150000000", "Asia/Aqtobe"), ("471010000", "Asia/Aqtau"), ("610000000", "Asia/Almaty"), ("71", "Asia/Almaty")],
)
def test_the_code_of_the_classifier_says_the_zone(code, zone):
    assert zone_of(code) == zone


def test_every_zone_is_known_to_the_system():
    assert all(civil_day_in("at", "zone") for _zone in zones())
    assert len(zones()) == 7


@pytest.fixture
def west(db):
    return factories.unit("Запад", Kind.OBLAST, code="150000000", own_akim=True, time_zone="Asia/Aqtobe")


@pytest.fixture
def east(db):
    return factories.unit("Восток", Kind.OBLAST, code="630000000", own_akim=True)


def approved(region, moment, person):
    return CalendarVersion.objects.create(
        calendar=factories.calendar(region, 2024),
        number=1,
        order_number="1",
        order_date=dt.date(2024, 1, 14),
        scan_name="order.pdf",
        approved_at=moment,
        approved_by=person.user,
        row_count=0,
    )


def test_one_moment_of_january_2024_is_in_time_in_the_west_and_a_day_late_in_the_east(west, east, administrator):
    """18:30 UTC: half past eleven in the evening of the 14th at +5, half past midnight of the 15th at +6."""
    moment = dt.datetime(2024, 1, 14, 18, 30, tzinfo=dt.UTC)
    for region in (west, east):
        approved(region, moment, administrator)
    bring_in_line(dt.date(2024, 1, 20), [2024])
    met = {
        duty.debtor_id: str(duty.met_on)
        for duty in Duty.objects.filter(rule_id="826-2.1.h2").with_state(dt.date(2024, 1, 20))
    }
    assert met == {west.pk: "2024-01-14", east.pk: "2024-01-15"}
    states = Duty.objects.filter(rule_id="826-2.1.h2").with_state(dt.date(2024, 1, 20))
    assert {duty.debtor_id: duty.state for duty in states} == {west.pk: "met", east.pk: "met_contested"}


def test_a_loaded_region_has_its_zone(db):
    demo.load_tree()
    regions = Territory.objects.regions().values_list("code", "time_zone")
    assert dict(regions) == {code: zone_of(code) for code, _zone in regions}
