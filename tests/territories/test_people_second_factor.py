"""The second factor: who needs it, how it is set up, and that its secrets stay secret."""

import datetime as dt
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from journal.models import Entry, Notice
from territories.accounts import MFAAdapter
from territories.models import Role
from territories.services import people
from tests import factories
from tests.cast import Person

pytestmark = pytest.mark.second_factor
SET_UP = "/accounts/second-factor/set-up/"
CODE_PAGE = "/accounts/second-factor/code/"
DUTIES = "/staff/duties/"
#: Staff of a region may work without; whoever approves may not.
MONDAY = "2027-01-11T09:00:10+05:00"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client: Client) -> str:
    """Go through the page of the set-up; answers the secret."""
    secret = client.get(SET_UP).context["form"].secret
    response = client.post(SET_UP, {"code": code(secret)})
    assert response["Location"] == "/accounts/second-factor/codes/"
    return secret


def password_step(user) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.post("/accounts/login/", {"login": user.email, "password": factories.PASSWORD})
    return client


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REGION_APPROVER, Role.GOVERNMENT])
def test_posts_that_bind_others_open_nothing_before_the_second_factor(land, role):
    person = Person(role, land.O if role == Role.REGION_APPROVER else None)
    client = person.client
    response = client.get(DUTIES)
    assert (response.status_code, response["Location"]) == (302, SET_UP)
    page = client.get(SET_UP).content.decode()
    assert "binds others by its decisions" in page
    assert client.get("/accounts/tokens/").status_code == 403
    set_up(client)
    assert client.get(DUTIES).status_code == 200


@pytest.mark.parametrize("role", [r for r in Role if r not in ("administrator", "region_approver", "government")])
def test_other_posts_work_without_it(land, role):
    assert Person(role, land.O).client.get(DUTIES).status_code in (200, 403)
    assert Person(role, land.O).client.get("/accounts/tokens/").status_code == 200


def test_a_piece_of_a_page_leads_the_whole_page_to_the_set_up(approver):
    response = approver.client.get(DUTIES, headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, SET_UP)


def test_from_then_on_the_log_in_asks_for_the_code(approver):
    with time_machine.travel(MONDAY) as clock:
        secret = set_up(approver.client)
        clock.shift(120)
        client = password_step(approver.user)
        assert client.get(DUTIES).status_code == 302
        response = client.post(CODE_PAGE, {"code": code(secret)})
        assert response["Location"] == "/staff/"
        assert client.get(DUTIES).status_code == 200


def test_a_wrong_code_lets_nobody_in_and_the_sixth_guess_is_not_looked_at(approver):
    with time_machine.travel(MONDAY) as clock:
        secret = set_up(approver.client)
        clock.shift(120)
        client = password_step(approver.user)
        wrong = code(secret, steps=50)
        for _guess in range(5):
            assert "not right" in client.post(CODE_PAGE, {"code": wrong}).content.decode()
        assert "Too many attempts" in client.post(CODE_PAGE, {"code": code(secret)}).content.decode()


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_wrong(approver, steps, good):
    with time_machine.travel(MONDAY) as clock:
        secret = set_up(approver.client)
        clock.shift(600)
        response = password_step(approver.user).post(CODE_PAGE, {"code": code(secret, steps)})
        assert (response.status_code == 302) is good


def test_a_code_that_was_seen_over_the_shoulder_does_not_work_again(approver):
    with time_machine.travel(MONDAY, tick=False) as clock:
        secret = set_up(approver.client)
        clock.shift(120)
        used = code(secret)
        assert password_step(approver.user).post(CODE_PAGE, {"code": used}).status_code == 302
        clock.shift(31)  # longer than the library remembers it, shorter than the code is good
        assert "not right" in password_step(approver.user).post(CODE_PAGE, {"code": used}).content.decode()


def test_a_recovery_code_lets_in_once(approver):
    client = approver.client
    set_up(client)
    codes = client.get("/accounts/second-factor/codes/").context["unused_codes"]
    assert len(codes) == 10
    assert password_step(approver.user).post(CODE_PAGE, {"code": codes[0]}).status_code == 302
    cache.clear()
    assert password_step(approver.user).post(CODE_PAGE, {"code": codes[0]}).status_code == 200
    assert len(client.get("/accounts/second-factor/codes/").context["unused_codes"]) == 9


def test_the_codes_can_be_saved_and_made_anew(approver):
    client = approver.client
    set_up(client)
    old = client.get("/accounts/second-factor/codes/file/").content.decode().split()
    assert len(old) == 10
    client.post("/accounts/second-factor/codes/new/")
    new = client.get("/accounts/second-factor/codes/file/").content.decode().split()
    assert not set(old) & set(new)


def test_secrets_are_unreadable_in_the_database_and_useless_without_the_key(approver, settings):
    client = approver.client
    secret = set_up(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert secret not in stored
    assert MFAAdapter().decrypt(stored) == secret
    old_key, settings.SECRET_KEY = settings.SECRET_KEY, "another key of another installation"
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(seed)
    settings.SECRET_KEY_FALLBACKS = [old_key]
    assert MFAAdapter().decrypt(stored) == secret


def test_setting_it_up_logs_out_whoever_had_only_the_password(approver):
    thief, owner = approver.client, approver.client
    thief.get("/accounts/")
    owner.get("/accounts/")
    set_up(owner)
    assert thief.get("/accounts/").status_code == 302
    assert owner.get("/accounts/").status_code == 200


def test_switching_on_and_off_is_journalled_and_told_by_mail(editor):
    client = editor.client
    set_up(client)
    client.post("/accounts/second-factor/remove/")
    actions = [e.action for e in Entry.objects.of(editor.user)]
    assert actions[0] == "account.second_factor_off"
    assert "account.second_factor_on" in actions
    assert Notice.objects.filter(kind="second_factor").count() == 2


def test_an_approver_who_removes_it_must_set_it_up_again_at_once(approver):
    client = approver.client
    set_up(client)
    client.post("/accounts/second-factor/remove/")
    assert client.get(DUTIES)["Location"] == SET_UP


def test_an_old_session_must_be_confirmed_before_the_second_factor_is_touched(editor):
    with time_machine.travel(MONDAY, tick=False) as clock:
        client = editor.client
        client.get("/accounts/")
        set_up(client)
        clock.shift(600)
        response = client.get("/accounts/second-factor/codes/")
        assert response["Location"].startswith("/accounts/reauthenticate/")
        response = client.post(response["Location"], {"password": factories.PASSWORD})
        assert response["Location"] == "/accounts/second-factor/codes/"
        assert client.get("/accounts/second-factor/codes/").status_code == 200


def test_a_lost_telephone_is_the_business_of_another_administrator(approver, administrator):
    set_up(approver.client)
    people.reset_second_factor(approver.user, reason="telephone lost, seen in person", by=administrator.who)
    assert not Authenticator.objects.filter(user=approver.user).exists()
    assert Entry.objects.of(approver.user).first().action == "account.second_factor_removed"
    with pytest.raises(PermissionDenied):
        people.reset_second_factor(administrator.user, reason="mine", by=administrator.who)
    with pytest.raises(PermissionDenied):
        people.reset_second_factor(administrator.user, reason="theirs", by=approver.who)


def test_the_picture_for_the_telephone_is_drawn_here(editor):
    page = editor.client.get(SET_UP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "http" not in page.split("data:image/svg+xml")[1].split('"')[0]


def test_of_two_posts_only_the_one_that_binds_others_is_closed(land):
    user = factories.user()
    office = factories.post(Role.OFFICE_STAFF, land.R, user=user)
    approving = factories.post(Role.REGION_APPROVER, land.O, user=user)
    client = Client()
    client.force_login(user)
    client.post("/accounts/post/", {"post": approving.pk})
    assert client.get(DUTIES).status_code == 302
    client.post("/accounts/post/", {"post": office.pk})
    assert client.get(DUTIES).status_code == 200


def test_whoever_is_held_back_still_reaches_his_account_and_his_other_post(land):
    user = factories.user()
    factories.post(Role.REGION_APPROVER, land.O, user=user)
    office = factories.post(Role.OFFICE_STAFF, land.R, user=user, valid_from=dt.date(2019, 1, 1))
    client = Client()
    client.force_login(user)
    page = client.get("/accounts/")
    assert page.status_code == 200
    assert list(page.context["other_posts"]) == [office]
    assert "/accounts/tokens/" not in page.content.decode()
