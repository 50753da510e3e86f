"""People and meetings of this room's tests."""

import pytest
from django.utils import translation

from territories.models import Role
from tests import factories
from tests.cast import Person

from .factories import body, held_meeting, issue


@pytest.fixture
def calendar(land):
    """Our region's calendar of 2026."""
    return factories.calendar(land.O, 2026)


@pytest.fixture
def met(calendar, land):
    """The akim of our okrug A met the people of its village a1 on 10 March."""
    return held_meeting(calendar, land.A, land.a1)


@pytest.fixture
def raised(met, land):
    """An issue raised at that meeting."""
    return issue(land.A, place=land.a1, meeting=met)


@pytest.fixture
def executor(land) -> Person:
    """A responsible executor in our raion."""
    return Person(Role.EXECUTOR, land.R)


@pytest.fixture
def other_executor(land) -> Person:
    return Person(Role.EXECUTOR, land.R)


@pytest.fixture
def other_okrug(land) -> Person:
    """Staff of the akim of our okrug B, beside A."""
    return Person(Role.OFFICE_STAFF, land.B)


@pytest.fixture
def ministry(db):
    return body()


@pytest.fixture
def minister(ministry) -> Person:
    """Answers for a ministry."""
    return Person(Role.CENTRAL_BODY, organisation=ministry)


@pytest.fixture(autouse=True)
def _read_in_english():
    """Messages are compared in the language of the code."""
    with translation.override("en"):
        yield
