"""`manage.py check` finds a machine that would date the law wrongly and a database that cannot read Kazakh."""

import zoneinfo
from datetime import timedelta, timezone

import pytest
from django.db import connection

from territories import checks_machine


def test_this_machine_knows_the_zone_of_kazakhstan():
    assert checks_machine.zone_data(None) == []


def test_zone_data_from_before_2024_is_an_error_with_its_remedy(monkeypatch):
    monkeypatch.setattr(checks_machine, "ZoneInfo", lambda name: timezone(timedelta(hours=6)))
    (error,) = checks_machine.zone_data(None)
    assert "2026-01-15 is 6:00:00" in error.msg
    assert "tzdata" in error.hint


def test_a_machine_without_zone_data_is_told_to_install_it(monkeypatch):
    def missing(name):
        raise zoneinfo.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(checks_machine, "ZoneInfo", missing)
    assert checks_machine.zone_data(None)[0].id == "territories.E011"


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_letters_of_this_database_are_in_order():
    assert checks_machine.letters_of_the_database(None, databases=["default"]) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_with_plain_letters_is_an_error():
    """A real database made with LC_CTYPE=C beside the one of the tests."""
    name = f"{connection.settings_dict['NAME']}_c"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "NAME": name}
    try:
        (error,) = checks_machine.letters_of_the_database(None, databases=["c"], connections={"c": other})
        assert "LC_CTYPE=C" in error.msg
        assert "--lc-ctype=C.UTF-8" in error.hint
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def test_sqlite_is_not_asked_for_its_letters():
    if connection.vendor == "sqlite":
        assert checks_machine.letters_of_the_database(None, databases=["default"]) == []
