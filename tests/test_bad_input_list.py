"""`docs/bad_input.md` names a test for each case of bad input, and each of them is there."""

import re
from pathlib import Path

LIST = Path("docs/bad_input.md").read_text(encoding="utf-8")


def test_every_case_beyond_the_fortieth_has_a_line():
    assert re.findall(r"^\| (B\d\d) \|", LIST, re.M) == [f"B{number}" for number in range(41, 81)]


def test_every_test_that_the_list_names_is_there():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", LIST)
    gone = [f"{file}::{name}" for file, name in named if f"def {name}(" not in Path("tests", file).read_text("utf-8")]
    assert gone == []
    assert len(named) > 60
