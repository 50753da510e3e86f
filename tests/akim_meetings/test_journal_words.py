"""Whatever the program writes into the journal, a reader finds it in words."""

import ast
import re
from pathlib import Path

from akim_meetings.journal_words import ACTIONS, NOTICES

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("akim_meetings", "calendars", "deadlines", "issues", "journal", "reporting", "territories")
#: Functions that take the verb of a change.
WRITERS = ("record", "record_many", "Change", "Entry", "apply", "write", "_save_post", "_change")
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def verbs_in(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in WRITERS:
            continue
        given = [*node.args, *(word.value for word in node.keywords if word.arg in ("action", "verb"))]
        for part in given:
            # A nested call is a writer of its own or no writer at all.
            if isinstance(part, ast.Constant | ast.IfExp):
                found |= {
                    leaf.value
                    for leaf in ast.walk(part)
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and VERB.fullmatch(leaf.value)
                }
    return found


def test_every_verb_of_the_journal_has_words():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    verbs = set().union(*(verbs_in(path.read_text()) for path in files))
    assert len(verbs) > 40, "the search itself has stopped finding them"
    assert verbs - ACTIONS.keys() == set()


def test_every_kind_of_letter_has_words():
    folders = {path.parent.name for path in (ROOT / "templates" / "notices").glob("*/subject.txt")}
    assert {name for name in folders if not name.startswith("_")} - NOTICES.keys() == set()
