"""Schemathesis asks every operation of the API with right and wrong data, and believes no answer that is not described.

What is generated is led to real things (`World`) half of the time, so that it gets behind the first refusal. A writing
operation is asked again with the body of `tests/api_writes.py` that it takes, with and without what is made up beside
it, and each must have taken something. The seed is fixed; every request is undone by itself.
"""

import datetime as dt
import tempfile

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi import checks as openapi

from akim_meetings.wsgi import application
from territories.scope import today
from territories.services.people import create_token
from territories.tokens import PostRateThrottle
from tests.api_writes import BY_OPERATION, PLAIN, Write
from tests.doors import World, look_up

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FILES = tempfile.mkdtemp(prefix="akim-fuzz-")
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
#: Which thing of a side a resource's addresses lead to.
THINGS = {
    "territories": "okrug", "organisations": "maslikhat", "calendars": "calendar", "meetings": "meeting",
    "receptions": "reception", "requests": "request", "issues": "issue", "plan-items": "item",
    "publications": "stands", "duties": "duty", "notices": "letter", "submissions": "submission", "exports": "export",
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=FILES, SECOND_FACTOR_REQUIRED=False):
            made = World()
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _open(settings, _own_files, monkeypatch):  # after `_own_files`, which points elsewhere
    cache.clear()
    settings.MEDIA_ROOT = FILES
    monkeypatch.setattr(PostRateThrottle, "THROTTLE_RATES", {"post": None})
    # The server closes the connection after each request; here a test's transaction lives on it.
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def operations():
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    return [found.ok() for found in schema.get_all_operations()]


def resource_of(operation) -> str:
    return operation.path.split("/")[3]


def lead(case, side, real: int) -> None:
    """Put real things in the place of some that were made up; each bit of `real` is one choice."""
    if "id" in case.path_parameters and real & 1:
        case.path_parameters["id"] = getattr(side, THINGS[resource_of(case.operation)]).pk
    if "calendar" in case.query and real & 2:
        case.query["calendar"] = side.calendar.pk
    if "If-Match" in case.headers and real & 4:
        case.headers["If-Match"] = '"1"'
    for row in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(row, dict) and real & 8:
            row.update({name: value for name, value in real_things(side).items() if name in row})


def real_things(side) -> dict[str, object]:
    return {
        "unit": side.okrug.code, "holder": side.okrug.code, "place": side.village.code, "region": side.region.code,
        "calendar": side.calendar.pk, "meeting": side.met.pk, "issue": side.issue.pk, "number": 1,
        "date": "2027-05-12", "on": "2026-11-01", "received_on": "2026-06-01", "raised_on": "2026-06-01",
    }  # fmt: skip


def mend(case, write: Write, side, real: int) -> None:
    """The body that the operation takes; two times of three with the plain fields beside it that were made up."""
    if write.ready is not None:
        write.ready(side)
    address, known, headers = write.filled(side)
    if write.thing:
        case.path_parameters["id"] = look_up(side, write.thing)
    _path, _sign, query = address.partition("?")
    case.query = dict(pair.split("=") for pair in query.split("&") if pair)
    case.headers.update(headers)
    if known is None:
        return
    made_up = case.body[0] if isinstance(case.body, list) and case.body else case.body
    beside = made_up if isinstance(made_up, dict) and real % 3 else {}
    whole = {name: value for name, value in beside.items() if name in PLAIN} | (known[0] if write.many else known)
    case.body = [whole] if write.many else whole


def ask(operation, mode: GenerationMode, headers: dict[str, str], prepare, examples: int) -> list[int]:
    """The statuses of many requests of one operation, each made ready by `prepare`. Raises what a check finds."""
    statuses: list[int] = []

    @bounds(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.integers(0, 15))
    def run(case, real):
        with transaction.atomic():
            try:
                prepare(case, real)
                statuses.append(case.call_and_validate(headers=headers, checks=CHECKS).status_code)
            finally:
                transaction.set_rollback(True)

    run()
    return statuses


def token_of(world, role: str) -> dict[str, str]:
    person, day = world.ours.cast[role], today()
    _row, token = create_token(
        person.post, name="fuzz", expires_on=day + dt.timedelta(days=30), by=person.who, today=day
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("role", "mode", "examples"),
    [
        ("editor", GenerationMode.POSITIVE, 4),
        ("editor", GenerationMode.NEGATIVE, 4),
        ("reviewer", GenerationMode.POSITIVE, 1),
    ],
)
def test_no_operation_fails_or_answers_otherwise_than_it_is_described(world, operations, role, mode, examples):
    headers, side = token_of(world, role), world.ours
    statuses: list[int] = []
    faults: list[str] = []
    for operation in operations:
        try:
            statuses += ask(operation, mode, headers, lambda case, real: lead(case, side, real), examples)
        except* Failure as found:
            faults += [f"{operation.label}: {fault}" for fault in found.exceptions]
    assert not faults, "\n\n".join(faults)
    if (role, mode) == ("editor", GenerationMode.POSITIVE):
        assert {200, 202} <= set(statuses), "nothing got behind the first refusal"


def test_every_operation_that_writes_takes_what_is_right_and_answers_as_it_is_described(world, operations):
    tokens = {role: token_of(world, role) for role in ("editor", "okrug", "reviewer")}
    taken: dict[str, list[int]] = {}
    faults: list[str] = []
    for operation in operations:
        write = BY_OPERATION.get(operation.label)
        if write is None:
            continue

        def prepare(case, real, write=write):
            mend(case, write, world.ours, real)

        try:
            taken[operation.label] = ask(operation, GenerationMode.POSITIVE, tokens[write.roles[0]], prepare, 6)
        except* Failure as found:
            faults += [f"{operation.label}: {fault}" for fault in found.exceptions]
    assert not faults, "\n\n".join(faults)
    assert set(taken) == set(BY_OPERATION)
    assert [label for label, statuses in taken.items() if min(statuses) >= 300] == [], "nothing was ever taken"
    asked = [status for statuses in taken.values() for status in statuses]
    assert sum(status < 300 for status in asked) > len(asked) / 2, "most of what was written was refused"


def test_a_stranger_is_asked_who_he_is_whatever_he_sends(world, operations):
    statuses = [
        status
        for operation in operations
        for status in ask(operation, GenerationMode.POSITIVE, {}, lambda case, real: lead(case, world.ours, real), 1)
    ]
    assert set(statuses) == {401}
