"""The matrix of scope: every address for things above, below and beside one's own; every field and filter that names a
thing with somebody else's. No cell may tell more than a thing that does not exist, and none may write.
"""

import ast
import difflib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings
from django.urls import get_resolver

from akim_meetings.urls_api import router
from calendars.forms.fields import UnitField
from journal.models import Entry

from .api_writes import OPEN_WORDS, WRITES, operations, schema, words_of
from .api_writes import PLAIN as PLAIN_WORDS
from .doors import NO_NUMBER, ROWS, WORDS, Door, look_up, parts
from .matrix import FILTERS, NEAR, OPEN, OPEN_LISTS, PLAIN, RELATIONS, UNITS, WORDS_SENT, Relation
from .test_doors import FILES, PASSING, _open, addresses, knock  # noqa: F401
from .test_doors import world as _world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
#: Hours and keys of one file alone.
MADE = re.compile(r"\d\d:\d\d|[0-9a-f]{8}")
ROOMS = ("akim_meetings", "reporting", "issues", "calendars", "deadlines", "territories", "journal")
world = _world


@pytest.fixture(scope="module")
def near(world, django_db_blocker):
    """Things of units beside, below and above those of the cast."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=FILES):
        land = world.land
        return {
            name: world.ours.near(getattr(land, unit), getattr(land, place)) for name, (unit, place) in UNITS.items()
        }


# -- Nothing without a decision -------------------------------------------------------------------
def subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def fields_that_name() -> Iterator[str]:
    """Fields of every form whose value can be the key of a thing."""
    list(addresses(get_resolver().url_patterns))  # every room is loaded
    for form in set(subclasses(forms.BaseForm)):
        for name, field in getattr(form, "base_fields", {}).items():
            kinds = (forms.ModelChoiceField, forms.IntegerField, forms.TypedChoiceField, UnitField)
            if isinstance(field, kinds) and form.__module__.partition(".")[0] in ROOMS:
                yield f"{form.__module__}.{form.__name__}.{name}"


def test_every_field_that_can_name_a_thing_has_a_decision():
    there = {key for key in fields_that_name() if key.rpartition(".")[2] not in PLAIN}
    decided = set(RELATIONS) | set(OPEN)
    assert there - decided == set(), "fields without a row in tests/matrix.py"
    codes = {"issues.forms.topics.TopicForm.parent_code"}  # found by a word, not a key
    assert {key for key in decided if " " not in key} - there - codes == set(), (
        "rows of tests/matrix.py without a field"
    )


def test_every_word_that_a_view_reads_by_itself_has_a_decision():
    """`request.POST.get("x")` passes by every form; so each x is told here."""
    unknown = []
    for room in ROOMS:
        for file in Path(room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                name = read_by(node)
                if name is None:
                    continue
                source, word = name
                if word not in WORDS_SENT[source] and f"{source} {word} {file}" not in RELATIONS:
                    unknown.append(f"{source} {word} {file}")
    assert unknown == []


def read_by(node: ast.AST) -> tuple[str, str] | None:
    """What a piece of code takes out of a request by name: where from, and the name."""
    given: ast.expr | None = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "getlist"):
        owner, given = node.func.value, node.args[0] if node.args else None
    elif isinstance(node, ast.Subscript):
        owner, given = node.value, node.slice
    if not isinstance(given, ast.Constant) or not isinstance(owner, ast.Attribute) or owner.attr not in WORDS_SENT:
        return None
    return owner.attr, given.value


# -- Above, below, beside -------------------------------------------------------------------------
def of_one_unit(door: Door, world, near) -> bool:
    """Does the address name things that the office of a unit has for itself?"""
    side, other = world.ours, near["B"]
    own = {name for name in vars(side) if getattr(other, name, None) is not getattr(side, name)}
    named = {expression.partition(".")[0] for _name, expression, fixed in parts(door.args) if not fixed}
    return bool(named & own) and not door.name.startswith(("ask:", "public:", "documents:"))


@pytest.mark.parametrize(("role", "relation", "unit", "column"), NEAR, ids=lambda value: str(value))
def test_things_beside_above_and_below_are_answered_as_the_table_says(world, near, role, relation, unit, column):
    """That a 404 tells nothing is asked in `test_doors.py`."""
    wrong, asked = [], 0
    for door in ROWS:
        if not of_one_unit(door, world, near):
            continue
        things = near[unit]
        expected = getattr(door, column)[role]
        answer = knock(world, door, role, door.address(things), things)
        asked += 1
        if answer.status_code != expected.status:
            wrong.append(f"{door}: {answer.status_code} instead of {expected.status}")
    assert not wrong, f"{role}, {relation}:\n" + "\n".join(wrong)
    assert asked > 100


# -- Fields that name a thing ---------------------------------------------------------------------
def sent(world, case: Relation, side, value) -> tuple[object, int]:
    """The answer to a form with a value in the field, and how many entries it wrote into the journal."""
    worded = case.form.format(value)
    data = dict(case.data) | {case.name: worded}
    if "file" in data:
        data["file"] = SimpleUploadedFile(data["file"], "Күні;Арна;Сұрау\n01.10.2026;хат;Су жоқ\n".encode())
    door = Door(case.door, args=case.args, method=case.method, data=data)
    with transaction.atomic():
        before = Entry.objects.count()
        answer = knock(world, door, case.role, door.address(side), side, keep=True)
        written = Entry.objects.count() - before
        transaction.set_rollback(True)
    return answer, written


@pytest.mark.parametrize("key", RELATIONS)
def test_a_field_takes_ones_own_thing_and_no_other(world, near, key):
    case = RELATIONS[key]
    side = world.ours
    nothing = "000000000" if case.thing.endswith(".code") else NO_NUMBER
    own, wrote = sent(world, case, side, thing_of(side, case.thing))
    none, for_nothing = sent(world, case, side, nothing)
    if case.method == "POST":
        assert own.status_code < 400, f"the asker's own is refused: {told(own)}"
        assert wrote or case.unwritten, "the asker's own was taken, and no journal tells of it"
        assert for_nothing == 0
    for other in case.others:
        things = near["B"] if other == "near" else world.theirs
        value = thing_of(things, case.thing)
        answer, written = sent(world, case, side, value)
        assert written == for_nothing, f"{other}: a change was written"
        if case.open_things:
            assert answer.status_code >= 400, f"{other}: {answer.status_code}"
        else:
            assert different(answer, none, str(value), str(nothing)) == "", other


def thing_of(side, expression: str):
    return side.cast["executor"].post.pk if expression == "executor" else look_up(side, expression)


def told(answer) -> str:
    """Why a form was refused, for whoever reads a failed test."""
    context = answer.context or {}
    form = context.get("form") if hasattr(context, "get") else None
    return f"{answer.status_code} {getattr(form, 'errors', '') or answer.content[:600]!r}"


# -- Filters of lists -----------------------------------------------------------------------------
LISTS = [
    door
    for door in ROWS
    if not door.changes
    and not door.args
    and door.name not in OPEN_LISTS
    and not door.name.startswith(("account", "mfa"))
]


@pytest.fixture
def words_read(monkeypatch):
    """Names of the parameters that the program has asked an address for."""
    found: set[str] = set()

    def watch(name):
        plain = getattr(QueryDict, name)

        def watched(self, key, *args):
            found.add(key)
            return plain(self, key, *args)

        monkeypatch.setattr(QueryDict, name, watched)

    for name in ("get", "getlist", "__getitem__"):
        watch(name)
    return found


def test_a_filter_by_a_foreign_thing_tells_no_more_than_one_by_nothing(world, near, words_read):
    leaks, asked = [], 0
    for door in LISTS:
        address = door.address(world.ours)
        if not address.startswith(("/staff", "/api/v1")):
            continue
        sign = "&" if "?" in address else "?"
        words_read.clear()
        first = knock(world, door, "okrug", f"{address}{sign}nothing=1", world.ours)
        if first.status_code in (302, 403):
            continue
        for name in sorted(words_read & set(FILTERS)):
            for thing in FILTERS[name]:
                nothing = "000000000" if thing.endswith(".code") else str(NO_NUMBER)
                none = knock(world, door, "okrug", f"{address}{sign}{name}={nothing}", world.ours)
                for whose, side in (("sibling", near["B"]), ("foreign", world.theirs)):
                    value = str(look_up(side, thing))
                    if value == str(look_up(world.ours, thing)):
                        continue  # what the whole region has
                    answer = knock(world, door, "okrug", f"{address}{sign}{name}={value}", world.ours)
                    asked += 1
                    if told := different(answer, none, value, nothing):
                        leaks.append(f"{door}?{name}={thing} of the {whose}: {told}")
    assert not leaks, "\n".join(leaks)
    assert asked > 100


def readable(answer) -> str:
    """The body as text; of a workbook its texts, but for the hour at which it was made and its keys."""
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts_of:
            body = b"\n".join(parts_of.read(name) for name in parts_of.namelist() if name.startswith("xl/"))
        texts = {text for text in re.findall(r"<t[^>]*>([^<]+)</t>", body.decode()) if not MADE.search(text)}
        return "\n".join(sorted(texts))
    return PASSING.sub(b"", body).decode(errors="replace")


def different(one, other, value: str, nothing: str) -> str:
    """What two lists tell differently apart from the value that was asked for."""
    if one.status_code != other.status_code:
        return f"{one.status_code}, of nothing {other.status_code}"
    bodies = [readable(answer) for answer in (one, other)]
    lines = [re.sub(rf"\b({re.escape(value)}|{re.escape(nothing)})\b", "#", body).splitlines() for body in bodies]
    told = [
        line for line in difflib.unified_diff(*lines, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))
    ]
    return " / ".join(line.strip()[:200] for line in told[:4])


# -- Programs: every operation, deduced from the schema -------------------------------------------
#: Codes that nothing has.
NOTHING = dict.fromkeys(("okrug.code", "village.code", "region.code"), "000000000") | {"topic.code": "no-such"}


@pytest.fixture(scope="module")
def document():
    return schema()


def beside(world, near, role: str) -> tuple[object, dict[str, object]]:
    """What is the asker's own, and the things of others by how these stand to him."""
    if role == "okrug":
        return world.ours, {"sibling": near["B"], "parent": near["R"], "foreign": world.theirs}
    if role == "raion":  # his own is a thing of an office below
        return near["B"], {"sibling": near["K"], "parent": near["O"], "foreign": world.theirs}
    return world.ours, {"foreign": world.theirs}


def test_every_operation_of_the_api_that_writes_has_a_body_and_every_field_a_decision(document):
    doors = [(path, method) for path in router.urls for method in path.callback.actions if method != "head"]
    assert len(list(operations(document))) == len(doors), "an address of the API is not in its schema"
    writing = {f"{method} {path}": op for method, path, op in operations(document) if method != "GET"}
    rows = {write.operation: write for write in WRITES}
    assert set(writing) == set(rows), "operations against rows of tests/api_writes.py"
    undecided = [
        f"{name} {word}"
        for name, operation in writing.items()
        for word in sorted(words_of(operation, document) - set(rows[name].points))
        if word.strip("?[]") not in PLAIN_WORDS and f"{name} {word}" not in OPEN_WORDS
    ]
    assert undecided == [], "fields that may name a thing, without a row in tests/api_writes.py"


@pytest.mark.parametrize("write", WRITES, ids=str)
def test_a_program_names_its_own_things_and_no_others(world, near, write):
    """Own, child, sibling, parent, foreign and nothing, in the address and in every field that names a thing."""
    wrong = []

    def asked(role, side, other=None, **given):
        with transaction.atomic():
            for each in (side, other) if write.ready and other else (side,) if write.ready else ():
                write.ready(each)
            address, body, headers = write.filled(side, **given)
            door = Door("front", method=write.method, data=body, json=True, headers=headers)
            door.filled = lambda _side: json.dumps(body) if body is not None else None
            before = Entry.objects.count()
            answer = knock(world, door, role, address, side, keep=True)
            written = Entry.objects.count() - before
            transaction.set_rollback(True)
        return answer, written

    for role in write.roles:
        own, others = beside(world, near, role)
        answer, _written = asked(role, own)
        if answer.status_code != write.status:
            wrong.append(f"{role}, own: {answer.status_code} {answer.content[:300]!r}")
        for name, points in write.relations():
            mine = look_up(own, points.thing)
            nothing = (
                ("000000000" if points.thing != "topic.code" else "no-such")
                if points.thing.endswith(".code")
                else NO_NUMBER
            )
            none, for_nothing = asked(role, own, **{name: nothing})
            if none.status_code < 400 or for_nothing:
                wrong.append(f"{role}, {name} of nothing: {none.status_code}, {for_nothing} written")
            for relation, side in others.items():
                value = look_up(side, points.thing)
                if value == mine:
                    continue  # what the whole region has
                answer, written = asked(role, own, side, **{name: value})
                where = f"{role}, {name} of a {relation}: {answer.status_code}"
                if relation in points.taken:
                    if answer.status_code != write.status:
                        wrong.append(f"{where}, not taken")
                elif answer.status_code < 400 or written:
                    wrong.append(f"{where}, {written} written")
                elif not points.open and (told := different(answer, none, str(value), str(nothing))):
                    wrong.append(f"{where}: {told}")
    assert not wrong, "\n".join(wrong)


def test_every_filter_of_the_api_shows_what_the_asker_sees_without_it(world, near, document):
    """Whose thing a filter ever names: nothing comes that the list does not show anyhow. Own things find something."""
    wrong, idle = [], set()

    @cache
    def shown(role, address):
        answer = knock(world, Door("front"), role, address, None)
        return {row["id"] for row in answer.json()["results"]} if answer.status_code == 200 else set()

    for method, path, operation in operations(document):
        words = {word[1:] for word in words_of(operation, document) if word.startswith("?")} - PLAIN_WORDS
        for name in sorted(words) if method == "GET" else ():
            if f"GET {path} ?{name}" in OPEN_WORDS:
                continue
            if name not in FILTERS:
                wrong.append(f"GET {path} ?{name}: no row in FILTERS")
                continue
            found_own = 0
            for role in ("okrug", "raion"):
                own, others = beside(world, near, role)
                all_of_them = shown(role, path)
                for thing in (thing for thing in FILTERS[name] if takes(operation, name, look_up(own, thing))):
                    found_own += len(shown(role, f"{path}?{name}={look_up(own, thing)}"))
                    for relation, side in others.items():
                        more = shown(role, f"{path}?{name}={look_up(side, thing)}") - all_of_them
                        if more:
                            wrong.append(f"{role}: {path}?{name}={thing} of a {relation} shows {len(more)} more")
            if not found_own:
                idle.add(f"{path}?{name}")
    assert not wrong, "\n".join(wrong)
    assert idle == set(), "filters that find none of one's own things"


def takes(operation, name: str, value: object) -> bool:
    """Is the value of the kind that the parameter takes: a number or a code?"""
    kinds = {one["name"]: one["schema"]["type"] for one in operation["parameters"] if one["in"] == "query"}
    return (kinds[name] == "integer") == isinstance(value, int)


# -- Odd values in addresses (B60, B64, B65) -------------------------------------------------------
#: Signs of search patterns, digits of another script, a number beyond every column, a NUL, a hundred thousand letters.
ODD = ("%_\\'[]", "１", f"-{'9' * 30}", "\0", "ў" * 100_000)
ODD_IDS = ("0", str(2**63), "9" * 40)


def test_no_odd_word_in_the_address_of_a_list_breaks_it(world, words_read):
    """All words that a page reads get the value at once."""
    broken = []
    for door in (door for door in LISTS if door.name != "readyz"):
        address = door.address(world.ours)
        role = "okrug" if door.own["okrug"].status == 200 else "administrator"
        words_read.clear()
        knock(world, door, role, address, world.ours)
        words = sorted(words_read - {"lang"})
        for value in ODD:
            # Texts of this length are for searches; twenty of them would be megabytes.
            asked = dict.fromkeys(words if len(value) < 100 else {"q"} & set(words), value)
            if not asked:
                continue
            asked = urlencode(asked)
            answer = knock(world, door, role, f"{address}{'&' if '?' in address else '?'}{asked}", world.ours)
            if answer.status_code >= 500:
                broken.append(f"{door}, {value[:10]!r} for {words}: {answer.status_code}")
    assert not broken, "\n".join(broken)


def test_an_odd_number_in_an_address_is_nothing(world):
    """Zero, 2^63 and forty nines name no thing: as one that does not exist, never a failure."""
    wrong = []
    for door in ROWS:
        named = [name for name, _expression, fixed in parts(door.args) if not fixed and name not in WORDS]
        if door.changes or not named:
            continue
        nothing = door.address(None)
        role = "administrator" if door.own["administrator"].status == 200 else "okrug"
        expected = knock(world, door, role, nothing, world.ours).status_code
        # One of them each, by turns: they fail, if at all, where the address is taken apart.
        odd = ODD_IDS[len(door.name) % len(ODD_IDS)]
        answer = knock(world, door, role, nothing.replace(str(NO_NUMBER), odd), world.ours)
        if answer.status_code not in (expected, 404):
            wrong.append(f"{door} {odd[:20]}: {answer.status_code} instead of {expected}")
    assert not wrong, "\n".join(wrong)
