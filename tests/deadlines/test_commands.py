"""The ledger on the command line."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from deadlines.management.commands import duties, explain
from deadlines.models import Duty
from deadlines.services import bring_in_line
from tests import factories


@pytest.fixture
def year(land, our_calendar, monkeypatch):
    for command in (duties, explain):
        monkeypatch.setattr(command, "today", lambda: dt.date(2027, 1, 15))
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 1))
    bring_in_line(dt.date(2027, 1, 10))


def printed(capsys, *words: str) -> list[dict]:
    call_command(*words, "--format", "json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_duties_prints_the_days_and_the_state_of_each(year, land, capsys):
    rows = printed(capsys, "duties", "--region", "610000000", "--from", "2027-01-01", "--to", "2027-01-31")
    found = {row["rule"]: row for row in rows}
    assert found["826-2.1.h2"]["code"] == "610000000"
    names = ("safe_on", "due_on", "late_after", "met_on", "state", "period")
    told = [found["826-2.1.h2"][name] for name in names]
    assert told == ["2027-01-14", "2027-01-14", "2027-01-15", None, "contested", "2027"]
    assert found["826-2.2.h1"]["state"] == "open"


def test_duties_of_a_state_are_those_in_it(year, capsys):
    assert {row["state"] for row in printed(capsys, "duties", "--state", "no_number")} == {"no_number"}


def test_a_region_that_is_none_is_refused(year):
    with pytest.raises(CommandError, match="There is no unit with the code 99"):
        call_command("duties", "--region", "99")


def test_explain_tells_how_a_day_was_counted(year, land, capsys):
    duty = Duty.objects.get(rule_id="826-3.4.f")
    [told] = printed(capsys, "explain", str(duty.pk))
    assert (told["id"], told["rule"], told["due_on"], told["edition"]) == (duty.pk, "826-3.4.f", "2027-02-22", "e1")
    assert len(told["steps"]) > 3


def test_explain_of_a_duty_that_is_none_names_the_list(year):
    with pytest.raises(CommandError, match=r"manage\.py duties"):
        call_command("explain", "5")


def test_sweep_prints_what_it_did_and_nothing_the_second_time(land, our_calendar, capsys):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 3, 1))
    first, *_ = printed(capsys, "sweep", "--today", "2027-01-10")
    again, *_ = printed(capsys, "sweep", "--today", "2027-01-10")
    assert first["opened"] > 0
    assert [again[name] for name in ("opened", "redated", "met", "dropped")] == [0, 0, 0, 0]
