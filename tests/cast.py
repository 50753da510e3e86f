"""The people that every test uses, and the land they live in (the fixture tree of the register, 3.4).

Ours is the oblast O with its city K and raion R; the neighbour is another oblast with a raion.
"""

import pytest
from django.test import Client

from territories.models import Kind, Role, Territory
from territories.scope import Who

from . import factories


class Land:
    """Units by the short names of the register's fixture; `N`, `NR`, `na` are the neighbour's."""

    def __init__(self) -> None:
        # Nearly every test stands on this land: it is saved in one piece.
        ids = iter(factories.fresh_ids(Territory, 30))

        def unit(*named, **fields) -> Territory:
            return factories.unsaved_unit(next(ids), *named, **fields)

        self.O = unit("Oblast", Kind.OBLAST, own_akim=True, code="610000000")
        self.K = unit("Kala", Kind.CITY_OBLAST, self.O, own_akim=True)
        self.K1 = unit("Kala bir", Kind.RAION_IN_CITY, self.K, own_akim=True)
        self.K1a = unit("Shagyn a", Kind.MICRORAION, self.K1)
        self.K1b = unit("Shagyn b", Kind.MICRORAION, self.K1)
        self.K2 = unit("Kala eki", Kind.RAION_IN_CITY, self.K, own_akim=True)
        self.K3 = unit("Kent", Kind.SETTLEMENT, self.K, own_akim=True)
        self.K4 = unit("Kala okrug", Kind.OKRUG, self.K, own_akim=True)
        self.k41 = unit("Kyrkbir", Kind.VILLAGE, self.K4)
        self.k42 = unit("Kyrkeki", Kind.VILLAGE, self.K4)
        self.R = unit("Raion", Kind.RAION, self.O, own_akim=True)
        self.C = unit("Tsentr", Kind.CITY_RAION, self.R, own_akim=True)
        self.D = unit("Dala", Kind.CITY_RAION, self.R, own_akim=True)
        self.d1 = unit("Dala bir", Kind.VILLAGE, self.D)
        self.d2 = unit("Dala eki", Kind.VILLAGE, self.D)
        self.P = unit("Poselok", Kind.SETTLEMENT, self.R, own_akim=True)
        self.V = unit("Auyl", Kind.VILLAGE, self.R, own_akim=True)
        self.A = unit("Aksu", Kind.OKRUG, self.R, own_akim=True)
        self.a1 = unit("Aksu bir", Kind.VILLAGE, self.A)
        self.a2 = unit("Aksu eki", Kind.VILLAGE, self.A)
        self.a3 = unit("Aksu ush", Kind.VILLAGE, self.A)
        self.B = unit("Bastau", Kind.OKRUG, self.R, own_akim=True)
        self.b1 = unit("Bastau bir", Kind.VILLAGE, self.B)
        self.N = unit("Neighbour", Kind.OBLAST, own_akim=True, code="310000000")
        self.NR = unit("Neighbour raion", Kind.RAION, self.N, own_akim=True)
        self.NA = unit("Neighbour okrug", Kind.OKRUG, self.NR, own_akim=True)
        self.na = unit("Neighbour village", Kind.VILLAGE, self.NA)
        Territory.objects.bulk_create(vars(self).values())


class Person:
    """A post with its `Who` and a logged-in browser."""

    def __init__(self, role: str, territory=None, organisation=None, **fields) -> None:
        self.post = factories.post(role, territory, organisation, **fields)
        self.user = self.post.user

    @property
    def who(self) -> Who:
        return Who(user=self.user, post=self.post, address="127.0.0.1")

    @property
    def client(self) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["language"] = "en"
        client.force_login(self.user)
        return client


@pytest.fixture
def land(db) -> Land:
    return Land()


@pytest.fixture
def editor(land) -> Person:
    """Staff of our regional akimat."""
    return Person(Role.REGION_EDITOR, land.O)


@pytest.fixture
def approver(land) -> Person:
    """Approves the calendar of our region."""
    return Person(Role.REGION_APPROVER, land.O)


@pytest.fixture
def raion_office(land) -> Person:
    """Staff of the akim of our raion R."""
    return Person(Role.OFFICE_STAFF, land.R)


@pytest.fixture
def okrug_office(land) -> Person:
    """Staff of the akim of our okrug A."""
    return Person(Role.OFFICE_STAFF, land.A)


@pytest.fixture
def neighbour(land) -> Person:
    """Staff of the neighbour region's akimat."""
    return Person(Role.REGION_EDITOR, land.N)


@pytest.fixture
def reviewer(db) -> Person:
    """The Government's reviewer."""
    return Person(Role.GOVERNMENT)


@pytest.fixture
def administration(db) -> Person:
    return Person(Role.ADMINISTRATION)


@pytest.fixture
def administrator(db) -> Person:
    return Person(Role.ADMINISTRATOR)


@pytest.fixture
def secretary(land) -> Person:
    """Secretary of our region's maslikhat."""
    return Person(Role.MASLIKHAT, land.O)


@pytest.fixture
def nobody(db) -> Client:
    """The public."""
    return Client()


@pytest.fixture
def our_calendar(land):
    return factories.calendar(land.O, 2027)


@pytest.fixture
def their_calendar(land):
    return factories.calendar(land.N, 2027)
