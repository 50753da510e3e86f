"""Every address of the program, tried by every member of the cast, on his own and on foreign things.

The table is `tests/doors.py`. An address without a row fails, a row without an address too. Where a
foreign thing is refused with 404, the answer must equal the one for a thing that does not exist.
"""

import difflib
import re
import tempfile
from collections.abc import Iterator, Sequence

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from .conftest import RAN_BEFORE, RUNS_AGAIN
from .doors import CAST, ROWS, Door, Side, World

pytestmark = pytest.mark.django_db
FILES = tempfile.mkdtemp(prefix="akim-doors-")
#: Answers that are told apart from one request to the next, and are no difference to the reader.
PASSING = re.compile(rb'csrfmiddlewaretoken" value="[^"]*"|csrf-token" content="[^"]*"|[0-9a-f]{32}|X-CSRFToken[^}]*')


def addresses(patterns, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Names of every address under a resolver, with their namespaces."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or str(pattern.pattern)))


def test_every_address_has_a_row_and_every_row_an_address():
    there, told = set(addresses(get_resolver().url_patterns)), {door.name for door in ROWS}
    assert there - told == set(), "addresses without a row in tests/doors.py"
    assert told - there == set(), "rows in tests/doors.py without an address"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The cast and its things, made once; every request is undone by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=FILES, SECOND_FACTOR_REQUIRED=False):
            made = World()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _open(settings, _own_files):  # after `_own_files`, which points elsewhere
    cache.clear()
    settings.MEDIA_ROOT = FILES


def knock(
    world: World, door: Door, role: str, address: str, things: Side, *, method: str = "", keep: bool = False
) -> HttpResponse:
    """One request, as if it had never been; with `keep` the caller undoes it."""
    client = Client(raise_request_exception=False)
    client.cookies["language"] = "en"
    if role in world.sessions:
        client.cookies["sessionid"] = world.sessions[role]
    ask = getattr(client, (method or door.method).lower())
    with transaction.atomic():
        try:
            return ask(address, door.filled(things), **door.extra)
        finally:
            transaction.set_rollback(not keep)


def difference(one: HttpResponse, other: HttpResponse, words: list[str], none: list[str]) -> str:
    """What two answers tell differently, apart from what was asked for and from passing keys."""

    def plain(response: HttpResponse, given: list[str]) -> list[str]:
        body = b"".join(response) if response.streaming else response.content
        for word in given:
            body = body.replace(b"/" + word.encode(), b"/#")
        return PASSING.sub(b"", body).decode().splitlines()

    heads = [f"{name}: {value}" for name, value in one.items() if other.get(name) is None]
    heads += [f"{name}: {value}" for name, value in other.items() if one.get(name) is None]
    lines = difflib.unified_diff(plain(one, words), plain(other, none), lineterm="", n=0)
    told = [line.strip()[:200] for line in lines if not line.startswith(("---", "+++", "@@"))]
    status = [] if one.status_code == other.status_code else [f"{one.status_code}, {other.status_code}"]
    return " / ".join([*status, *heads, *told][:6])


def knocking(door: Door) -> Sequence[str]:
    """Everybody; of two databases one after the other, every fourth at the first, and the rest at the second."""
    everybody = list(CAST)
    fourth = everybody[ROWS.index(door) % 4 :: 4]
    if RUNS_AGAIN:
        return fourth
    return [role for role in everybody if role not in fourth] if RAN_BEFORE else everybody


@pytest.mark.parametrize("door", ROWS, ids=str)
def test_each_member_of_the_cast_gets_the_answer_of_the_table(world, door):
    wrong = []
    for role in knocking(door):
        ours, theirs = world.sides(role)
        answer, expected = knock(world, door, role, door.address(ours), ours), door.own[role]
        if answer.status_code != expected.status:
            wrong.append(f"{role}, own: {answer.status_code} instead of {expected.status}")
        if not door.names_things:
            continue
        answer, expected = knock(world, door, role, door.address(theirs), theirs), door.foreign[role]
        if answer.status_code != expected.status:
            wrong.append(f"{role}, foreign: {answer.status_code} instead of {expected.status}")
        if expected.like_nothing:
            nothing = knock(world, door, role, door.address(None), theirs)
            told = difference(answer, nothing, door.words(theirs), door.words(None))
            if told:
                wrong.append(f"{role}: a foreign thing differs from nothing: {told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.once
@pytest.mark.parametrize("door", [door for door in ROWS if door.changes], ids=str)
def test_nothing_is_changed_by_opening_an_address(world, door):
    if any(other.name == door.name and other.method == "GET" for other in ROWS):
        return  # the address has a page of its own, told by its own row
    ours, _theirs = world.sides("administrator")
    answer = knock(world, door, "administrator", door.address(ours), ours, method="get")
    assert answer.status_code in (403, 404, 405)


@pytest.mark.once
@pytest.mark.parametrize("door", [door for door in ROWS if door.changes and not door.open_to_programs], ids=str)
def test_no_page_of_a_stranger_makes_us_change_anything(world, door):
    """A form that was sent without our token is refused, whoever is logged in."""
    ours, _theirs = world.sides("editor")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["sessionid"] = world.sessions["editor"]
    with transaction.atomic():
        response = getattr(client, door.method.lower())(door.address(ours), door.filled(ours), **door.extra)
        transaction.set_rollback(True)
    assert response.status_code == 403
