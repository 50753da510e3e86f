"""The separate checker: content with a correct ledger, and blind to no error that is planted into one."""

import ast
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import checker
from checker import dates as second
from checker.ledger import RECOUNTED, differences
from law import register, workdays
from law.deadlines import dates
from tests.checker import plants_of_facts, world  # noqa: F401  (plants its own)
from tests.checker.plants import PLANTS
from tests.law.test_deadlines import duties

FOLDER = Path(checker.__file__).parent
LAW = second.Law(world.LAW)


def test_the_checker_shares_no_code_with_the_program():
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.partition(".")[0]
                assert top == "checker" or top in sys.stdlib_module_names, (path.name, name)


@given(duties())
def test_two_arithmetics_that_were_written_apart_come_to_the_same_four_dates(duty):
    rule_id, anchors, readings = duty
    wording = register.rule(rule_id, date(2027, 1, 1))
    ours = dates(wording, anchors, readings, workdays)
    facts = {"year": anchors["year"], "end": second.later(period_end(anchors["period.end"]), 0, 31)}
    facts |= {"day": anchors["meeting.date"], "reception": anchors.get("reception.end_date")}
    facts |= {"round": anchors.get("round.end_date")}
    chosen = LAW.defaults | {key: second.text(value) for key, value in readings.chosen.items()}
    timing = LAW.wording(rule_id, date(2027, 1, 1))["timing"]
    theirs = second.dates(LAW, rule_id, timing, facts, chosen)
    assert theirs == (ours.safe_on, ours.due_on, ours.late_after, ours.target_on)


def period_end(day):
    return date(day.year, (day.month + 2) // 3 * 3, 1)


@pytest.mark.parametrize("seed", range(6))
def test_a_correct_ledger_has_no_difference(tmp_path, seed):
    assert differences(world.write(tmp_path, world.correct(seed)), world.LAW) == []


def test_the_world_is_rich_enough_to_be_wrong_in_many_ways():
    found = [duty for seed in range(3) for duty in world.correct(seed)["duties"]]
    assert {duty["state"] for duty in found} == {"met", "met_contested", "open", "contested", "breach", "no_number"}
    assert {duty["met_by"] for duty in found} == {"", "fact", "hand"}
    assert {duty["rule"] for duty in found} == RECOUNTED


def test_there_are_fifty_planted_errors_of_different_kinds():
    assert len(PLANTS) == len({plant.__name__ for plant in PLANTS}) >= 50


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_every_planted_error_is_found_and_named(tmp_path, plant):
    rng = random.Random(f"{plant.__name__} 1")
    dump = world.correct(7)
    key, what = plant(dump, rng)
    found = differences(world.write(tmp_path, dump), world.LAW)
    assert found, f"{plant.__doc__} was not noticed"
    assert any(one.duty == key and one.what == what for one in found), (key, what, found[:5])
    assert {one.duty for one in found} == {key}, "nothing but the wrong duty is named"


def test_the_command_prints_the_differences_and_fails(tmp_path):
    dump = world.correct(3)
    folder = world.write(tmp_path, dump)
    command = [sys.executable, "-m", "checker", str(folder)]
    good = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "The ledger is what its events ask for.\n")
    lost = dump["duties"].pop()
    world.write(tmp_path, dump)
    bad = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert bad.stdout.splitlines()[0].startswith(f"{lost['rule']} of {lost['about']} {lost['subject']}")
    assert bad.stdout.splitlines()[-1] == "1 differences"
