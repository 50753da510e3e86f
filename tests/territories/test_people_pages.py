"""The pages on accounts and posts, and on one's own account."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.models import Notice
from territories.models import ApiToken, Post, Role, User
from territories.scope import today
from tests import factories

LIST = "/staff/people/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def text(response) -> str:
    return response.content.decode()


def named(response) -> set[str]:
    """The addresses that the list shows."""
    return {user.email for user in response.context["page"].object_list}


# -- The list -------------------------------------------------------------------------------------
def test_the_administrator_sees_everybody_a_region_its_own(
    administrator, approver, editor, raion_office, okrug_office, neighbour, reviewer
):
    everybody = named(administrator.client.get(LIST))
    assert everybody == {
        p.user.email for p in (administrator, approver, editor, raion_office, okrug_office, neighbour, reviewer)
    }
    ours = named(approver.client.get(LIST))
    assert ours == {p.user.email for p in (approver, editor, raion_office, okrug_office)}


@pytest.mark.parametrize("member", ["editor", "raion_office", "secretary", "reviewer", "administration"])
def test_others_are_told_that_the_page_is_not_theirs(request, member):
    assert request.getfixturevalue(member).client.get(LIST).status_code == 403


def test_the_list_is_filtered_by_words_role_unit_and_state(land, administrator, editor, okrug_office, neighbour):
    invited = factories.post(Role.OFFICE_STAFF, land.R, user=User.objects.create_user("new@test.example")).user
    closed = factories.post(Role.OFFICE_STAFF, land.R, user=factories.user(is_active=False)).user
    gone = factories.post(Role.EXECUTOR, land.R, valid_to=dt.date(2021, 1, 1)).user
    client = administrator.client
    assert named(client.get(LIST, {"q": invited.email[:5]})) == {invited.email}
    assert named(client.get(LIST, {"role": "region_editor"})) == {editor.user.email, neighbour.user.email}
    assert named(client.get(LIST, {"state": "invited"})) == {invited.email}
    assert named(client.get(LIST, {"state": "closed"})) == {closed.email}
    assert gone.email in named(client.get(LIST, {"state": "no_post"}))
    assert named(client.get(LIST, {"unit": land.N.pk})) == {neighbour.user.email}
    assert named(client.get(LIST, {"unit": land.A.pk})) == {okrug_office.user.email}


def test_a_filter_that_fits_nobody_says_what_to_do(administrator):
    assert "Clear the filters" in text(administrator.client.get(LIST, {"q": "nobody like this"}))


def test_a_post_outside_the_region_is_not_shown_to_the_region(land, approver, editor):
    factories.post(Role.EXECUTOR, land.NR, user=editor.user)
    for address in (LIST, f"{LIST}{editor.user.pk}/"):
        page = text(approver.client.get(address))
        assert "Oblast" in page
        assert "Neighbour" not in page


def test_the_list_asks_the_database_as_often_for_three_as_for_thirty(land, administrator):
    def queries() -> int:
        client = administrator.client
        client.get(LIST)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    for _number in range(2):
        factories.post(Role.OFFICE_STAFF, land.A)
    few = queries()
    for _number in range(27):
        factories.post(Role.OFFICE_STAFF, land.A)
    assert queries() == few


# -- One person -----------------------------------------------------------------------------------
def test_a_foreign_person_is_exactly_like_one_that_does_not_exist(approver, neighbour):
    client = approver.client
    foreign, nothing = client.get(f"{LIST}{neighbour.user.pk}/"), client.get(f"{LIST}999999/")
    assert foreign.status_code == nothing.status_code == 404
    assert foreign.content == nothing.content


def invitation(land, **fields) -> dict:
    return {
        "email": "new@test.example",
        "full_name": "Сәуле",
        "language": "kk",
        "role": Role.OFFICE_STAFF,
        "territory": land.A.pk,
        "valid_from": today().isoformat(),
        "valid_to": "",
        "title": "",
        "document": "№ 5",
    } | fields


def test_an_office_gets_its_person_in_one_form(land, approver):
    client = approver.client
    response = client.post(f"{LIST}invite/", invitation(land), follow=True)
    post = Post.objects.get(user__email="new@test.example")
    assert (post.territory, post.document, post.appointed_by) == (land.A, "№ 5", approver.user)
    assert "invited, no password yet" in text(response)
    assert Notice.objects.get().recipient_email == "new@test.example"


def test_a_unit_is_found_by_its_name_or_code(land, approver):
    client = approver.client
    several = client.post(f"{LIST}invite/", invitation(land, territory="", where="aksu"))
    assert "Several units fit" in text(several)
    assert several.status_code == 422
    assert f'value="{land.A.pk}"' in text(several)
    client.post(f"{LIST}invite/", invitation(land, territory="", where=land.A.code))
    assert Post.objects.get(territory=land.A).user.email == "new@test.example"


def test_typing_a_code_does_not_pick_the_unit_of_the_page(land, approver):
    client = approver.client
    client.get(f"{LIST}units/", {"where": str(land.A.pk)})
    assert client.get(LIST).context["current_unit"] == land.O


def test_units_of_others_are_not_found(land, approver):
    page = text(approver.client.get(f"{LIST}units/", {"where": "neighbour"}))
    assert "No unit of your scope fits" in page
    response = approver.client.post(f"{LIST}invite/", invitation(land, territory=land.NA.pk))
    nothing = approver.client.post(f"{LIST}invite/", invitation(land, territory=999999))
    assert response.status_code == nothing.status_code == 422
    assert not Post.objects.filter(territory=land.NA).exists()
    assert response.context["form"].errors["territory"] == nothing.context["form"].errors["territory"]


def test_a_role_beyond_ones_own_is_no_choice(land, approver):
    response = approver.client.post(f"{LIST}invite/", invitation(land, role="administrator", territory=""))
    assert response.status_code == 422
    assert "role" in response.context["form"].errors
    page = text(approver.client.get(f"{LIST}invite/"))
    assert 'value="office_staff"' in page
    assert 'value="administrator"' not in page


def test_the_form_asks_for_the_place_that_the_role_needs(administrator):
    client = administrator.client
    assert 'name="where"' in text(client.get(f"{LIST}place/", {"role": "office_staff"}))
    assert 'name="organisation"' in text(client.get(f"{LIST}place/", {"role": "central_body"}))
    assert "no unit is needed" in text(client.get(f"{LIST}place/", {"role": "administrator"}))


def test_what_the_service_refuses_stands_beside_its_field(land, approver):
    response = approver.client.post(f"{LIST}invite/", invitation(land, territory=land.a1.pk))
    assert "has no akim of its own" in str(response.context["form"].errors["where"])


def test_a_post_is_ended_on_its_page_and_a_stale_page_is_told(land, approver, okrug_office):
    client, address = approver.client, f"{LIST}posts/{okrug_office.post.pk}/end/"
    data = {"how": "day", "last_day": today().isoformat(), "reason": "№ 6", "version": 1}
    assert client.post(address, data).status_code == 302
    stale = client.post(address, data | {"last_day": (today() + dt.timedelta(days=9)).isoformat()})
    assert stale.status_code == 409
    assert "Another person has changed" in text(stale)
    assert Post.objects.get(pk=okrug_office.post.pk).valid_to == today()


def test_a_visible_post_that_one_may_not_end_is_refused_a_foreign_one_is_missing(approver, neighbour):
    client = approver.client
    assert client.get(f"{LIST}posts/{approver.post.pk}/end/").status_code == 403
    assert client.get(f"{LIST}posts/{neighbour.post.pk}/end/").status_code == 404


def test_an_account_is_closed_and_opened_on_its_page(approver, okrug_office):
    client, address = approver.client, f"{LIST}{okrug_office.user.pk}/"
    assert client.post(f"{address}close/", {"version": 1}).status_code == 422
    client.post(f"{address}close/", {"reason": "left", "version": 1})
    assert not User.objects.get(pk=okrug_office.user.pk).is_active
    client.post(f"{address}reopen/", {"version": 2})
    assert User.objects.get(pk=okrug_office.user.pk).is_active


def test_an_invitation_is_sent_again(land, approver):
    user = factories.post(Role.OFFICE_STAFF, land.A, user=User.objects.create_user("new@test.example")).user
    approver.client.post(f"{LIST}{user.pk}/link/")
    assert Notice.objects.get().kind == "invitation"


def test_two_administrators_who_mend_one_account_see_both_values(administrator, editor):
    client, address = administrator.client, f"{LIST}{editor.user.pk}/edit/"
    data = {"email": editor.user.email, "full_name": "Бірінші", "phone": "", "language": "kk", "version": 1}
    assert client.post(address, data).status_code == 302
    second = client.post(address, data | {"full_name": "Екінші"})
    assert second.status_code == 409
    assert "Бірінші" in text(second)
    assert "Екінші" in text(second)
    assert User.objects.get(pk=editor.user.pk).full_name == "Бірінші"


def test_only_the_administrator_mends_accounts(approver, editor):
    assert approver.client.get(f"{LIST}{editor.user.pk}/edit/").status_code == 403


def test_names_are_shown_as_text_whatever_they_contain(land, administrator):
    factories.post(Role.OFFICE_STAFF, land.A, user=factories.user(full_name="<script>alert(1)</script>"))
    page = text(administrator.client.get(LIST))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# -- One's own account ----------------------------------------------------------------------------
def test_a_person_keeps_his_details_himself(editor):
    client = editor.client
    data = {"full_name": "Асқар", "phone": "+7 701 000 00 00", "language": "ru", "version": 1}
    response = client.post("/accounts/", data)
    assert response.cookies["language"].value == "ru"
    assert client.post("/accounts/", data | {"full_name": "Басқа"}).status_code == 409
    assert User.objects.get(pk=editor.user.pk).full_name == "Асқар"


def test_of_several_posts_one_is_chosen_and_kept(land):
    user = factories.user()
    office = factories.post(Role.OFFICE_STAFF, land.R, user=user)
    region = factories.post(Role.REGION_EDITOR, land.O, user=user, valid_from=dt.date(2025, 1, 1))
    client = Client()
    client.force_login(user)
    assert client.get("/staff/duties/").context["current_post"] == region
    client.post("/accounts/post/", {"post": office.pk})
    page = client.get("/staff/duties/")
    assert page.context["current_post"] == office
    assert list(page.context["other_posts"]) == [region]
    assert f'value="{region.pk}"' in text(page)


def test_a_post_of_somebody_else_cannot_be_chosen(editor, administrator):
    client = editor.client
    assert client.post("/accounts/post/", {"post": administrator.post.pk}).status_code == 404
    assert client.get(LIST).status_code == 403


def test_a_chosen_post_that_ended_falls_back_to_another(land):
    user = factories.user()
    office = factories.post(Role.OFFICE_STAFF, land.R, user=user)
    region = factories.post(Role.REGION_EDITOR, land.O, user=user)
    client = Client()
    client.force_login(user)
    client.post("/accounts/post/", {"post": office.pk})
    Post.objects.filter(pk=office.pk).update(closed_on=today())
    assert client.get("/staff/duties/").context["current_post"] == region


def test_a_token_is_shown_once_and_withdrawn(editor):
    client = editor.client
    made = client.post("/accounts/tokens/", {"name": "1C", "expires_on": today().isoformat()})
    token = made.context["shown"]
    assert token in text(made)
    page = client.get("/accounts/tokens/")
    assert token not in text(page)
    row = ApiToken.objects.get()
    client.post(f"/accounts/tokens/{row.pk}/revoke/")
    assert ApiToken.objects.get().revoked_at is not None


def test_a_strangers_token_is_missing(editor, neighbour):
    editor.client.post("/accounts/tokens/", {"name": "1C", "expires_on": today().isoformat()})
    address = f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/"
    assert neighbour.client.post(address).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.once
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    "address",
    ["/accounts/", "/accounts/tokens/", "/accounts/sessions/", "/accounts/second-factor/", LIST, f"{LIST}invite/"],
)
def test_every_page_opens_in_every_language(administrator, address, language):
    client = administrator.client
    client.cookies["language"] = language
    response = client.get(address)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in text(response)


def test_fields_that_the_form_does_not_have_are_never_taken(editor):
    data = {"full_name": "Асқар", "phone": "", "language": "kk", "version": 1}
    more = {"email": "x@test.example", "is_active": "", "password": "x", "id": 1, "role": "administrator"}
    editor.client.post("/accounts/", data | more)
    user = User.objects.get(pk=editor.user.pk)
    assert (user.email, user.is_active, user.full_name) == (editor.user.email, True, "Асқар")
    assert Post.objects.get(user=user).role == Role.REGION_EDITOR


def test_after_choosing_a_post_no_foreign_page_opens(editor):
    client = editor.client
    data = {"post": editor.post.pk, "next": "https://evil.example/"}
    assert client.post("/accounts/post/", data)["Location"] == "/staff/"
    assert client.post("/accounts/post/", data | {"next": "/staff/duties/"})["Location"] == "/staff/duties/"
