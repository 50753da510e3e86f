"""Who sees what: the reach of a post, the picked unit and year, the menu."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from akim_meetings.middleware import planning_year
from journal.models import Entry
from territories.models import Role, Territory
from territories.scope import Who, clock, path_filter, posts_of
from tests import factories
from tests.cast import Person

DUTIES = "/staff/duties/"


# -- The reach of a post --------------------------------------------------------------------------
def reached(who: Who, land) -> set[str]:
    names = {unit.pk: name for name, unit in vars(land).items()}
    return {names[pk] for pk in Territory.objects.filter(who.under("path")).values_list("pk", flat=True)}


def test_a_post_reaches_its_unit_and_all_below_it_and_nothing_else(land, okrug_office, raion_office, editor):
    assert reached(okrug_office.who, land) == {"A", "a1", "a2", "a3"}
    assert {"R", "A", "a1", "V"} <= reached(raion_office.who, land)
    assert not reached(raion_office.who, land) & {"O", "K", "N", "na"}
    assert not reached(editor.who, land) & {"N", "NR", "NA", "na"}


def test_a_unit_whose_number_begins_like_ours_is_not_ours(land, okrug_office):
    """Path 7/ must not match 75/: the slash at the end keeps them apart."""
    lookalike = factories.unit("Lookalike", land.A.kind, land.N)
    Territory.objects.filter(pk=lookalike.pk).update(path=f"{land.A.path[:-1]}5/")
    assert lookalike.pk not in Territory.objects.filter(okrug_office.who.under("path")).values_list("pk", flat=True)
    assert not okrug_office.who.covers(f"{land.A.path[:-1]}5/")


@pytest.mark.parametrize("role", [Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR])
def test_readers_of_the_nation_reach_everything(land, role):
    assert reached(Person(role).who, land) == set(vars(land))


@pytest.mark.parametrize("role", [Role.CENTRAL_BODY, Role.INFORMATION_BODY])
def test_a_body_without_a_unit_reaches_no_unit(land, role):
    assert reached(Person(role).who, land) == set()


def test_a_post_in_a_body_reaches_the_unit_of_the_body(land):
    maslikhat = factories.maslikhat(land.O)
    who = Person(Role.MASLIKHAT, organisation=maslikhat).who
    assert "a1" in reached(who, land)
    assert "N" not in reached(who, land)


def test_the_public_and_whoever_has_no_post_reach_nothing(land):
    assert reached(Who(), land) == set()
    assert not Who().may_enter
    assert reached(Who(user=factories.user()), land) == set()


def test_the_clock_reaches_everything_under_its_own_name(land):
    assert reached(clock("sweep"), land) == set(vars(land))
    assert clock("sweep").actor.name == "sweep"


def test_the_journal_is_read_within_the_scope(land, rf, okrug_office):
    for unit in (land.A, land.a1, land.R, land.N):
        Entry.objects.create(action="x", scope_path=unit.path)
    Entry.objects.create(action="of the installation")
    request = rf.get("/")
    request.who = okrug_office.who
    seen = Entry.objects.filter(path_filter(request)).values_list("scope_path", flat=True)
    assert set(seen) == {land.A.path, land.a1.path}
    request.who = Who()
    assert not Entry.objects.filter(path_filter(request)).exists()


def test_an_actor_is_named_with_post_address_and_request(editor):
    actor = editor.who.actor
    assert (actor.user, actor.post_id, actor.address) == (editor.user, editor.post.pk, "127.0.0.1")
    assert actor.post_text == str(editor.post)


# -- Days of a post -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "held"),
    [("2027-03-09", False), ("2027-03-10", True), ("2027-03-20", True), ("2027-03-21", False)],
)
def test_a_post_is_held_from_its_first_through_its_last_day(land, day, held):
    post = factories.post(Role.OFFICE_STAFF, land.A, valid_from=dt.date(2027, 3, 10), valid_to=dt.date(2027, 3, 20))
    assert bool(posts_of(post.user, dt.date.fromisoformat(day))) is held


# -- The picked unit and year ---------------------------------------------------------------------
def picked(client: Client, **query):
    context = client.get(DUTIES, query).context
    return context["current_unit"], context["current_year"]


def test_the_unit_is_the_posts_until_another_is_picked_and_then_kept(land, editor):
    client = editor.client
    assert picked(client)[0] == land.O
    assert picked(client, unit=land.A.pk)[0] == land.A
    assert picked(client)[0] == land.A
    assert picked(client, unit=land.O.pk)[0] == land.O
    assert picked(client)[0] == land.O


@pytest.mark.parametrize("wish", ["999999", "x", "-1", "0", "1e3", "１", "9" * 30, "' OR 1=1"])
def test_a_unit_that_does_not_exist_changes_nothing(land, editor, wish):
    client = editor.client
    picked(client, unit=land.R.pk)
    assert picked(client, unit=wish)[0] == land.R


def test_a_unit_outside_the_scope_is_like_one_that_does_not_exist(land, raion_office):
    client = raion_office.client
    for foreign in (land.O, land.K, land.N, land.na):
        assert picked(client, unit=foreign.pk)[0] == land.R
    assert picked(client)[0] == land.R


def test_readers_of_the_nation_begin_with_the_whole_country_and_come_back_to_it(land, reviewer):
    client = reviewer.client
    assert picked(client)[0] is None
    assert picked(client, unit=land.N.pk)[0] == land.N
    assert picked(client)[0] == land.N
    assert picked(client, unit="")[0] is None
    assert picked(client)[0] is None


def test_another_post_brings_its_own_unit(land):
    user = factories.user()
    region = factories.post(Role.REGION_EDITOR, land.O, user=user)
    office = factories.post(Role.OFFICE_STAFF, land.R, user=user)
    client = Client()
    client.force_login(user)
    client.post("/accounts/post/", {"post": region.pk})
    assert picked(client, unit=land.K.pk)[0] == land.K
    client.post("/accounts/post/", {"post": office.pk})
    assert picked(client)[0] == land.R


@pytest.mark.parametrize(
    ("day", "year"), [("2027-01-01", 2027), ("2027-09-30", 2027), ("2027-10-01", 2028), ("2027-12-31", 2028)]
)
def test_from_october_on_offices_plan_the_next_year(editor, day, year):
    assert planning_year(dt.date.fromisoformat(day)) == year
    with time_machine.travel(f"{day}T12:00:00+05:00", tick=False):
        assert picked(editor.client)[1] == year


def test_the_new_day_begins_by_the_clock_of_kazakhstan(editor):
    with time_machine.travel("2027-09-30T19:30:00+00:00", tick=False):
        assert picked(editor.client)[1] == 2028


def test_a_picked_year_is_kept_and_an_impossible_one_ignored(editor):
    with time_machine.travel("2027-03-10T12:00:00+05:00", tick=False):
        client = editor.client
        assert picked(client, year="2026")[1] == 2026
        for wish in ("2021", "9999", "x", "20260", "２０２７", ""):
            assert picked(client, year=wish)[1] == 2026


def test_the_picker_leads_down_the_tree_within_the_scope(land, editor, raion_office, reviewer):
    def offered(person, **query):
        return [value for value, _label in person.client.get(DUTIES, query).context["unit_choices"]]

    assert offered(editor) == [land.O.pk, land.K.pk, land.R.pk]
    assert set(offered(editor, unit=land.R.pk)) >= {land.O.pk, land.R.pk, land.A.pk, land.B.pk}
    assert land.O.pk not in offered(raion_office)
    assert offered(reviewer) == ["", land.N.pk, land.O.pk]
    assert land.a1.pk not in offered(editor, unit=land.A.pk)


def test_a_piece_of_a_page_pays_for_session_account_and_posts_only(approver, django_assert_num_queries):
    client = approver.client
    client.get("/staff/people/units/")
    with django_assert_num_queries(3):
        assert client.get("/staff/people/units/").status_code == 200


# -- The menu -------------------------------------------------------------------------------------
def entries(person) -> list[str]:
    return [item["url"] for item in person.client.get("/accounts/").context["nav"]]


def test_the_menu_shows_what_the_role_uses(editor, approver, administrator, okrug_office):
    assert "/staff/people/" in entries(administrator)
    assert "/staff/people/" in entries(approver)
    assert "/staff/people/" not in entries(editor)
    assert "/staff/people/" not in entries(okrug_office)


@pytest.mark.parametrize(
    "member",
    ["editor", "approver", "raion_office", "secretary", "reviewer", "administration", "administrator"],
)
def test_every_entry_of_the_menu_opens(request, land, member):
    person = request.getfixturevalue(member)
    for address in entries(person):
        assert person.client.get(address).status_code == 200, address


def test_the_menu_marks_the_page_one_is_on(administrator):
    nav = administrator.client.get("/staff/people/invite/").context["nav"]
    assert [item["url"] for item in nav if item["active"]] == ["/staff/people/"]
