"""Days and terms of the acts stand in `law/acts`, never in the code of a room: the numbers are looked for there."""

import ast
from pathlib import Path

from law import register

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("calendars", "deadlines", "reporting", "issues", "territories", "journal", "akim_meetings")
#: Synthetic data chooses days of its own.
MADE_UP = ("demo.py", "create_demo.py", "pages_styleguide.py")
MADE_UP_FOLDER = "/demo/"
#: Numbers that are the house's own and only look like one of an act.
HOUSE = {
    ("akim_meetings/dashboards.py", 14),  # how far the card of coming meetings looks
    ("calendars/planner.py", (2, 1)),  # when a plan's meetings begin
}


def numbers_of_the_acts():
    """(month, day) of every fixed date, and days of every term."""
    dates, terms = set(), set()
    for act in register.acts().values():
        for rule in act.rules.values():
            for wording in rule.wordings:
                timing = wording.timing
                if timing.get("md"):
                    dates.add(tuple(int(part) for part in timing["md"].split("-")))
                if timing.rule in ("BACK", "FWD") and timing["unit"] != "month":
                    days = timing["n"] * (7 if timing["unit"] == "week" else 1)
                    terms |= {days, days + 1} - {7, 8, 11}  # a week is a measure of calendars before it is a term
    return dates, terms


def sources():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and MADE_UP_FOLDER not in name and path.name not in MADE_UP:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def constants(nodes):
    return [node.value if isinstance(node, ast.Constant) and type(node.value) is int else None for node in nodes]


def test_the_numbers_looked_for_are_those_of_the_register():
    dates, terms = numbers_of_the_acts()
    assert dates == {(1, 15), (1, 20), (2, 1), (2, 15), (6, 15), (8, 15), (12, 15)}
    assert terms == {10, 14, 15}


def test_no_room_names_a_date_of_the_acts():
    dates, _terms = numbers_of_the_acts()
    found = []
    for name, tree in sources():
        for node in ast.walk(tree):
            values = constants(
                node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else ()
            )
            pair = tuple(values[-2:])
            if len(values) == (2 if isinstance(node, ast.Tuple) else 3) and pair in dates:
                found.append((name, pair))
    assert set(found) - HOUSE == set(), "ask law.deadlines.named_day"


def test_no_room_names_a_term_of_the_acts():
    _dates, terms = numbers_of_the_acts()
    found = []
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "timedelta":
                days = constants([keyword.value for keyword in node.keywords if keyword.arg == "days"] + node.args[:1])
                found += [(name, day) for day in days if day in terms]
    assert set(found) - HOUSE == set(), "ask law.deadlines.term_before"
