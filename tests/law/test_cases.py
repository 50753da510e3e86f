"""Tables that a lawyer can sign (`cases/`): event day -> due day, on both sides of every edge."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from law import register, workdays
from law.deadlines import dates
from law.readings import Readings
from law.register import NormTextMissing, NoRuleInForce
from tests.law.replay import replay

FOLDER = Path(__file__).parent / "cases"
DATED = ("days_of_the_year", "after_a_quarter", "forward", "backward", "readings")


def tables(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["table"]


def dated_rows():
    for name in DATED:
        for table in tables(name):
            for row in table["rows"]:
                yield pytest.param(table, row, id=f"{name}: {table['what']}: {row[0]}")


@pytest.mark.parametrize(("table", "row"), dated_rows())
def test_the_days_are_those_of_the_table(table, row):
    event, safe_on, due_on, target_on, late_after = row
    on = date(event, 1, 1) if isinstance(event, int) else event
    anchors = {table["from"]: event, **table.get("also", {})}
    readings = Readings.default().with_(table.get("readings", {}))
    found = dates(register.rule(table["rule"], on), anchors, readings, workdays)
    assert (found.safe_on, found.due_on, found.target_on, found.late_after) == (safe_on, due_on, target_on, late_after)
    assert replay(found.derivation) == (safe_on, due_on, late_after, target_on)


def edition_rows():
    for table in tables("editions"):
        for rule_id in table["rules"]:
            for day, edition in table["rows"]:
                yield pytest.param(rule_id, day, edition, id=f"{rule_id} on {day}")


@pytest.mark.parametrize(("rule_id", "day", "edition"), edition_rows())
def test_the_wording_in_force_is_that_of_the_table(rule_id, day, edition):
    try:
        found = register.rule(rule_id, day).edition
    except NormTextMissing:
        found = "hole"
    except NoRuleInForce:
        found = "none"
    assert found == edition


def test_every_line_that_has_a_day_of_its_own_stands_in_some_table():
    """Lines of one timing share a table: one of them is enough."""
    signed = {_timing(register.line(table["rule"]).wordings[-1]) for name in DATED for table in tables(name)}
    for act in register.acts().values():
        for rule in act.rules.values():
            wording = rule.wordings[-1]
            if wording.has_number and wording.timing.rule in ("FIXED", "WITH", "PERIODIC", "BACK", "FWD"):
                assert _timing(wording) in signed, rule.id


def _timing(wording):
    parts = wording.timing.parts
    return tuple(str(parts.get(name)) for name in ("md", "edge", "per", "day", "n", "unit", "anchor", "year_reading"))


def test_forward_and_backward_terms_agree():
    """A meeting announced on its due day is n days after it, and a result due on a day is n days after its end."""
    two_weeks = register.rule("826-3.4.e", date(2027, 1, 1)).timing
    for table in tables("backward"):
        if table["rule"] == "826-3.4.e" and not table.get("readings"):
            for meeting, _safe, due, _target, _late in table["rows"]:
                assert (meeting - due).days == two_weeks["days"]
    for table in tables("forward"):
        if table["rule"] == "826-3.5.c1" and not table.get("also"):
            for ended, _safe, due, _target, _late in table["rows"]:
                assert (due - ended).days == 10
