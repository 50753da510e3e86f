"""Accounts of the demonstration, and the commands of whoever installs the program."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from journal.models import Notice
from territories.checks import demo_accounts_only_in_a_demonstration
from territories.demo_people import CAST, PASSWORD, load_people
from territories.models import Kind, Organisation, Post, Role, User
from territories.models.organisations import OrganisationKind
from tests import factories


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def demo(settings, land):
    settings.DEMO = True
    factories.unit("Okrug of the demonstration", Kind.OKRUG, land.R, own_akim=True)
    Organisation.objects.create(key="m", kind=OrganisationKind.MINISTRY, name_kk="М", name_ru="М")
    Organisation.objects.create(key="g", kind=OrganisationKind.GOVERNMENT, name_kk="Ү", name_ru="П")


def log_in(email: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def test_every_role_has_one_account_and_loading_again_changes_nothing(demo):
    load_people()
    load_people()
    assert {post.role for post in Post.objects.all()} == set(Role)
    assert Post.objects.count() == User.objects.count() == len(CAST)
    assert Authenticator.objects.filter(type="totp").count() == 3
    assert Notice.objects.count() == 0


def test_they_log_in_with_the_printed_password(demo):
    load_people()
    assert log_in("region@demo.example").get("/accounts/").status_code == 200


@pytest.mark.second_factor
def test_the_command_tells_the_code_of_the_second_factor(demo, capsys):
    load_people()
    client = log_in("approver@demo.example")
    assert client.get("/accounts/").status_code == 302
    call_command("demo_code", "approver@demo.example")
    code = capsys.readouterr().out.strip()
    assert re.fullmatch(r"\d{6}", code)
    client.post("/accounts/second-factor/code/", {"code": code})
    assert client.get("/staff/people/").status_code == 200


def test_without_demonstration_nothing_is_made_and_no_code_is_told(settings, land):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        load_people()
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_code", "approver@demo.example")
    assert not User.objects.exists()


def test_a_code_is_told_for_accounts_of_the_demonstration_only(demo, editor):
    with pytest.raises(CommandError, match="no account of the demonstration"):
        call_command("demo_code", editor.user.email)


def test_outside_a_demonstration_the_accounts_are_shut_and_the_check_says_so(demo, settings):
    load_people()
    inside = log_in("region@demo.example")
    assert inside.get("/staff/duties/").status_code == 200
    assert demo_accounts_only_in_a_demonstration(None, databases=["default"]) == []
    settings.DEMO = False
    assert inside.get("/staff/duties/").status_code == 403
    assert log_in("region@demo.example").get("/accounts/").status_code == 302
    (error,) = demo_accounts_only_in_a_demonstration(None, databases=["default"])
    assert (error.id, error.is_serious()) == ("territories.E001", True)


# -- appoint --------------------------------------------------------------------------------------
def test_the_first_administrator_is_appointed_from_the_command_line(db, capsys):
    call_command("appoint", "Boss@test.example", "administrator", "--name", "Бас әкімші")
    out = capsys.readouterr().out
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", out)[1]
    client = Client()
    path = client.get(link, follow=True).request["PATH_INFO"]
    client.post(path, {"password1": "Бірінші әкімші осы", "password2": "Бірінші әкімші осы"})
    assert log_in("boss@test.example", "Бірінші әкімші осы").get("/staff/people/").status_code == 200
    assert Post.objects.get().role == Role.ADMINISTRATOR


def test_a_post_in_a_unit_is_given_by_its_code(land, capsys):
    call_command("appoint", "x@test.example", "region_approver", "--territory", "610000000")
    assert Post.objects.get().territory == land.O


@pytest.mark.parametrize(
    "wrong",
    [
        ["x@test.example", "region_approver"],
        ["x@test.example", "region_approver", "--territory", "999"],
        ["x@test.example", "central_body", "--organisation", "nothing"],
        ["not an address", "administrator"],
    ],
)
def test_what_cannot_be_is_refused_in_words(land, wrong):
    with pytest.raises(CommandError) as refused:
        call_command("appoint", *wrong)
    assert len(str(refused.value)) > 15
    assert not User.objects.exists()
