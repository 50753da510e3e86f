"""Changing single units: exclusion, names, microraions; every change journalled, compared and scoped."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation

from journal.models import Entry
from territories import queries
from territories.models import Kind, Territory
from territories.services import units
from territories.services.people.stale import Stale
from tests import factories
from tests.territories.classifier import OPERATOR, SMALL, table_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


# -- Exclusion -------------------------------------------------------------------------------------
def test_a_unit_is_excluded_with_its_reason_and_included_again(land, administrator):
    city = units.exclude(land.K, reason="Leased until 2050", by=administrator.who, seen_version=1)
    assert (city.excluded, city.excluded_reason) == (True, "Leased until 2050")
    entry = Entry.objects.get(action="territory.excluded")
    assert (entry.actor, entry.reason, entry.scope_path) == (administrator.user, "Leased until 2050", land.K.path)
    city = units.include(city, by=administrator.who, seen_version=2)
    assert (city.excluded, city.excluded_reason) == (False, "")
    assert Entry.objects.get(action="territory.included").was["excluded_reason"] == "Leased until 2050"


def test_an_exclusion_without_a_reason_is_refused(land, administrator):
    with pytest.raises(ValidationError, match="Give the reason"):
        units.exclude(land.K, reason="  ", by=administrator.who, seen_version=1)


def test_the_second_of_two_administrators_is_told(land, administrator):
    units.exclude(land.K, reason="First", by=administrator.who, seen_version=1)
    with pytest.raises(Stale) as caught:
        units.exclude(land.K, reason="Second", by=administrator.who, seen_version=1)
    assert caught.value.current.excluded_reason == "First"


def test_staff_of_a_region_do_not_change_the_tree(land, editor, approver):
    for person in (editor, approver):
        with pytest.raises(PermissionDenied):
            units.exclude(land.K, reason="No", by=person.who, seen_version=1)
        with pytest.raises(PermissionDenied):
            units.rename(land.R, names={"name_ru": "x"}, by=person.who, seen_version=1)


# -- Names -----------------------------------------------------------------------------------------
def test_a_new_name_is_found_by_the_search_and_carried_by_the_office(administrator):
    from territories.models import Organisation
    from territories.services.editions import load_edition

    load_edition(table_of(SMALL), by=OPERATOR)
    raion = Territory.objects.get(code="615200000")
    units.rename(
        raion, names={"name_kk": "Жаңаөзен ауданы", "name_ru": "район Жаңаөзен"}, by=administrator.who, seen_version=1
    )
    assert list(queries.units_found("жанаозен", Territory.objects.all())) == [raion]
    assert Organisation.objects.get(key="akim-615200000").name_ru == "Аппарат акима района Жаңаөзен"


@pytest.mark.parametrize(("names", "field"), [({"name_kk": " "}, "name_kk"), ({"name_ru": "я" * 201}, "name_ru")])
def test_an_empty_or_endless_name_is_refused_beside_its_field(land, administrator, names, field):
    with pytest.raises(ValidationError) as caught:
        units.rename(land.R, names=names, by=administrator.who, seen_version=1)
    assert list(caught.value.error_dict) == [field]


def test_saving_the_same_names_writes_nothing(land, administrator):
    units.rename(land.R, names={}, by=administrator.who, seen_version=1)
    before = Entry.objects.count()
    fresh = Territory.objects.get(pk=land.R.pk)
    units.rename(fresh, names={"name_ru": fresh.name_ru}, by=administrator.who, seen_version=fresh.version)
    assert Entry.objects.count() == before


# -- Microraions -----------------------------------------------------------------------------------
def microraion(parent, by, **fields):
    values = {"name_kk": "Самал", "name_ru": "Самал", "valid_from": None, "valid_to": None} | fields
    return units.add_microraion(parent, by=by, **values)


def test_staff_of_a_region_enter_microraions_of_their_cities(land, editor):
    made = microraion(land.K, editor.who, valid_from=dt.date(2026, 3, 1))
    assert (made.kind, made.parent, made.region, made.manual) == (Kind.MICRORAION, land.K, land.O, True)
    assert made.path == f"{land.K.path}{made.pk}/"
    assert made.code == f"{land.K.code}-01"
    assert microraion(land.K1, editor.who).code == f"{land.K1.code}-01"
    assert Entry.objects.filter(action="territory.entered").count() == 2


def test_a_microraion_lies_in_a_city_of_ones_own_region(land, editor, neighbour, raion_office):
    with pytest.raises(PermissionDenied):
        microraion(land.R, editor.who)
    with pytest.raises(PermissionDenied):
        microraion(land.K, neighbour.who)
    with pytest.raises(PermissionDenied):
        microraion(land.K, raion_office.who)


def test_the_same_microraion_twice_and_days_that_end_before_they_begin_are_refused(land, editor):
    microraion(land.K, editor.who)
    with pytest.raises(ValidationError, match="already entered"):
        microraion(land.K, editor.who)
    with pytest.raises(ValidationError, match="before the first"):
        microraion(land.K2, editor.who, valid_from=dt.date(2026, 3, 2), valid_to=dt.date(2026, 3, 1))


def test_a_microraion_is_closed_by_its_last_day_and_its_code_is_not_given_again(land, editor):
    first = microraion(land.K, editor.who)
    units.change_days(first, valid_from=None, valid_to=dt.date(2026, 5, 31), by=editor.who, seen_version=1)
    assert microraion(land.K, editor.who).code == f"{land.K.code}-02"


def test_days_of_units_of_the_classifier_are_not_typed_in(land, administrator):
    with pytest.raises(PermissionDenied):
        units.change_days(land.R, valid_from=None, valid_to=None, by=administrator.who, seen_version=1)


# -- Search ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    ["Ақсукент", "аксукент", "АҚСУКЕНТ", "ақсукент а.о.", "615230", "615 230 000", "Aқcукент", "сукент аксук"],
)
def test_a_unit_is_found_however_it_is_typed(typed):
    from territories.services.editions import load_edition

    load_edition(table_of(SMALL), by=OPERATOR)
    found = queries.units_found(typed, Territory.objects.filter(kind=Kind.OKRUG))
    assert [unit.code for unit in found] == ["615230000"]


def test_parts_stand_in_the_order_of_the_alphabet_after_their_kind(land):
    factories.unit("Ән", Kind.VILLAGE, land.R)
    factories.unit("Аң", Kind.VILLAGE, land.R)
    named, others = queries.parts(land.R)
    assert [unit.kind for unit in named] == ["city_raion"] * 2 + ["okrug"] * 2 + ["settlement"] + ["village"] * 3
    villages = [unit.name_kk for unit in named if unit.kind == Kind.VILLAGE]
    assert villages.index("Аң (қаз)") < villages.index("Ән (қаз)")
    assert others == []
