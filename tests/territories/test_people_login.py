"""Coming in: log-in, its limits, forgotten passwords, sessions."""

import datetime as dt
import re
import time

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from journal.models import Entry, Notice
from territories.models import Role
from territories.scope import today
from territories.services import people
from tests import factories
from tests.cast import Person

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """No attempts of the test before count, and nobody waits for the even time of a reset."""
    cache.clear()
    monkeypatch.setattr("territories.views_accounts.RESET_SECONDS", 0)


def browser(language: str = "en") -> Client:
    client = Client()
    client.cookies["language"] = language
    return client


def log_in(client: Client, user, password: str = factories.PASSWORD, **data):
    return client.post(LOGIN, {"login": user.email, "password": password, **data})


def link_in(notice: Notice) -> str:
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", notice.body_text)[1]


# -- Log-in ---------------------------------------------------------------------------------------
def test_staff_log_in_with_address_and_password_and_land_on_today(editor):
    client = browser()
    response = log_in(client, editor.user)
    assert (response.status_code, response["Location"]) == (302, "/staff/")
    assert Entry.objects.of(editor.user).first().action == "account.logged_in"


def test_the_address_may_be_typed_in_capitals(editor):
    assert log_in(browser(), editor.user, login=editor.user.email.upper()).status_code == 302


def test_after_the_log_in_the_page_that_was_asked_for_opens_but_never_a_foreign_one(editor):
    assert log_in(browser(), editor.user, next="/staff/duties/")["Location"] == "/staff/duties/"
    assert log_in(browser(), editor.user, next="https://evil.example/")["Location"] == "/staff/"


def test_whoever_is_not_logged_in_is_asked_to(db):
    response = browser().get("/staff/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/staff/")


def test_wrong_password_and_unknown_address_get_the_same_answer(editor):
    def answer(**data):
        page = browser().post(LOGIN, data).content.decode()
        return re.sub(r"value=\"[^\"]*\"", "", page)

    wrong = answer(login=editor.user.email, password="wrong password")
    unknown = answer(login="nobody@test.example", password="wrong password")
    assert wrong == unknown
    assert "The e-mail address or the password is not right." in wrong


def test_the_unknown_address_costs_a_hash_as_the_known_one_does(editor, monkeypatch):
    hashed = []
    from django.contrib.auth.hashers import MD5PasswordHasher

    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or real(*a, **k))
    browser().post(LOGIN, {"login": editor.user.email, "password": "wrong password"})
    known, hashed[:] = len(hashed), []
    browser().post(LOGIN, {"login": "nobody@test.example", "password": "wrong password"})
    assert known == len(hashed) == 1


def test_the_sixth_guess_within_five_minutes_is_refused_even_when_right(editor):
    for _guess in range(5):
        log_in(browser(), editor.user, "wrong password")
    response = log_in(browser(), editor.user)
    assert response.status_code == 200
    assert "Too many attempts. Wait five minutes" in response.content.decode()


def test_guesses_are_counted_for_unknown_addresses_too(db):
    pages = [
        browser().post(LOGIN, {"login": "nobody@test.example", "password": "x"}).content.decode() for _ in range(6)
    ]
    assert "Too many attempts" not in pages[4]
    assert "Too many attempts" in pages[5]


def test_an_address_that_tries_many_accounts_is_stopped(db):
    for number in range(20):
        browser().post(LOGIN, {"login": f"n{number}@test.example", "password": "x"})
    page = browser().post(LOGIN, {"login": "other@test.example", "password": "x"})
    assert "Too many attempts" in page.content.decode()


def test_a_forged_forwarding_header_does_not_make_a_new_address(db, settings):
    settings.TRUSTED_PROXIES = 0
    for number in range(20):
        browser().post(
            LOGIN, {"login": f"n{number}@test.example", "password": "x"}, headers={"x-forwarded-for": f"9.9.9.{number}"}
        )
    page = browser().post(LOGIN, {"login": "o@test.example", "password": "x"}, headers={"x-forwarded-for": "9.9.9.99"})
    assert "Too many attempts" in page.content.decode()


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "9.9.9.9", "127.0.0.1"),
        (1, "9.9.9.9, 10.0.0.7", "10.0.0.7"),
        (2, "9.9.9.9, 8.8.8.8, 10.0.0.7", "8.8.8.8"),
        (2, "9.9.9.9", "127.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(editor, settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    client = browser()
    data = {"login": editor.user.email, "password": factories.PASSWORD}
    client.post(LOGIN, data, headers={"x-forwarded-for": header})
    assert Entry.objects.of(editor.user).first().address == address
    client.get("/accounts/", headers={"x-forwarded-for": header})
    assert UserSession.objects.get(user=editor.user).ip == address


def test_logging_in_changes_the_session_key(editor):
    client = browser()
    client.get(LOGIN)
    session = client.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    log_in(client, editor.user)
    assert client.session.session_key != before


def test_logging_in_needs_the_token_against_forged_forms(editor):
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": editor.user.email, "password": factories.PASSWORD}).status_code == 403


def test_a_new_machine_takes_the_language_of_the_account_a_chosen_one_stays(editor):
    editor.user.language = "ru"
    editor.user.save(update_fields=["language"])
    fresh = Client()
    assert log_in(fresh, editor.user).cookies["language"].value == "ru"
    chosen = browser("en")
    assert "language" not in log_in(chosen, editor.user).cookies


def test_logging_out_is_a_deliberate_step(editor):
    client = editor.client
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/accounts/").status_code == 302


@pytest.mark.parametrize("address", ["signup/", "email/", "confirm-email/", "password/set/", "login/code/", "social/"])
def test_nobody_signs_up_and_no_unused_page_of_the_library_is_there(db, editor, address):
    assert browser().get(f"/accounts/{address}").status_code == 404
    assert editor.client.get(f"/accounts/{address}").status_code == 404


# -- Closed accounts and ended posts --------------------------------------------------------------
def test_a_closed_account_is_out_with_its_next_request(editor, administrator):
    client = editor.client
    assert client.get("/accounts/").status_code == 200
    people.close_account(editor.user, reason="left", seen_version=1, by=administrator.who, today=today())
    assert client.get("/accounts/").status_code == 302


def test_a_closed_account_cannot_log_in_and_is_told_so_only_with_the_right_password(editor):
    editor.user.is_active = False
    editor.user.save(update_fields=["is_active"])
    assert log_in(browser(), editor.user)["Location"] == "/accounts/inactive/"
    assert "not right" in log_in(browser(), editor.user, "wrong password").content.decode()


def test_a_post_counts_through_midnight_in_kazakhstan_and_not_a_minute_longer(land):
    person = Person(Role.REGION_EDITOR, land.O, valid_to=dt.date(2027, 3, 10))
    with time_machine.travel("2027-03-10T23:59:00+05:00", tick=False):
        assert person.client.get("/staff/duties/").status_code == 200
    with time_machine.travel("2027-03-11T00:00:00+05:00", tick=False):
        response = person.client.get("/staff/duties/")
    assert response.status_code == 403
    assert "No post today" in response.content.decode()


def test_whoever_holds_no_post_is_told_why_nothing_opens_but_reaches_his_account(db):
    client = browser()
    client.force_login(factories.user())
    assert "ended at midnight" in client.get("/staff/").content.decode()
    assert client.get("/accounts/").status_code == 200


# -- Forgotten password ---------------------------------------------------------------------------
def test_a_forgotten_password_is_set_anew_by_a_link_in_the_mail(editor):
    elsewhere = editor.client
    assert browser().post(RESET, {"email": editor.user.email})["Location"] == "/accounts/password/reset/done/"
    notice = Notice.objects.get(kind="password_reset")
    assert (notice.recipient_email, notice.confidential) == (editor.user.email, True)
    client = browser()
    form = client.get(link_in(notice), follow=True)
    assert "Set your password" in form.content.decode()
    fresh = "Жаңа сөйлем 2027 жыл"
    done = client.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh}, follow=True)
    assert "The password is set" in done.content.decode()
    assert log_in(browser(), editor.user).status_code == 200
    assert log_in(browser(), editor.user, fresh).status_code == 302
    assert elsewhere.get("/accounts/").status_code == 302
    assert [e.action for e in Entry.objects.of(editor.user)[1:3]] == [
        "account.password_set",
        "account.password_reset_sent",
    ]


def test_the_link_works_once(editor):
    browser().post(RESET, {"email": editor.user.email})
    link = link_in(Notice.objects.get(kind="password_reset"))
    client = browser()
    path = client.get(link, follow=True).request["PATH_INFO"]
    client.post(path, {"password1": "Жаңа сөйлем 2027 жыл", "password2": "Жаңа сөйлем 2027 жыл"})
    assert "no longer valid" in browser().get(link, follow=True).content.decode()


def test_the_link_dies_after_three_days_and_with_the_account(editor):
    browser().post(RESET, {"email": editor.user.email})
    link = link_in(Notice.objects.get(kind="password_reset"))
    with time_machine.travel(time.time() + 3 * 86400 + 5, tick=False):
        assert "no longer valid" in browser().get(link, follow=True).content.decode()
    assert "Set your password" in browser().get(link, follow=True).content.decode()
    editor.user.is_active = False
    editor.user.save(update_fields=["is_active"])
    assert "no longer valid" in browser().get(link, follow=True).content.decode()


def test_the_letter_speaks_the_language_of_its_reader_and_names_our_address(editor):
    editor.user.language = "ru"
    editor.user.save(update_fields=["language"])
    browser().post(RESET, {"email": editor.user.email}, headers={"host": "evil.example"})
    notice = Notice.objects.get(kind="password_reset")
    assert notice.language == "ru"
    assert settings.SITE_URL in notice.body_text
    assert "evil" not in notice.body_text


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(editor):
    def answer(address):
        response = browser().post(RESET, {"email": address})
        return response.status_code, response["Location"], browser().get(response["Location"]).content

    known, unknown = answer(editor.user.email), answer("nobody@test.example")
    assert known[:2] == unknown[:2]
    assert Notice.objects.count() == 1
    assert mail.outbox == []


def test_known_and_unknown_addresses_take_the_same_time(editor, monkeypatch):
    monkeypatch.setattr("territories.views_accounts.RESET_SECONDS", 0.3)

    def seconds(address):
        began = time.monotonic()
        browser().post(RESET, {"email": address})
        return time.monotonic() - began

    known, unknown = seconds(editor.user.email), seconds("nobody@test.example")
    assert min(known, unknown) >= 0.3
    assert abs(known - unknown) < 0.15


def test_the_sixth_letter_within_an_hour_is_refused(editor):
    answers = [browser().post(RESET, {"email": editor.user.email}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 'class="brand' in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("короткий", "at least 12 characters"),
        ("123456789012", "digits only"),
        ("password1234", "guessed first"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(editor, password, complaint):
    data = {"oldpassword": factories.PASSWORD, "password1": password, "password2": password}
    assert complaint in editor.client.post("/accounts/password/change/", data).content.decode()


def test_a_password_like_the_address_is_refused(land):
    person = Person(Role.REGION_EDITOR, land.O, user=factories.user("saule.akhmetova@test.example"))
    data = {"oldpassword": factories.PASSWORD, "password1": "saule.akhmetova", "password2": "saule.akhmetova"}
    assert "too similar" in person.client.post("/accounts/password/change/", data).content.decode()


def test_two_different_passwords_are_told_apart(editor):
    data = {"oldpassword": factories.PASSWORD, "password1": "Бір сөйлем осында", "password2": "Басқа сөйлем осында"}
    assert "two passwords differ" in editor.client.post("/accounts/password/change/", data).content.decode()


def test_the_rules_of_passwords_are_shown_before_one_types(editor):
    page = editor.client.get("/accounts/password/change/").content.decode()
    assert "at least 12 characters" in page
    assert "does not consist of digits only" in page


def test_changing_the_password_keeps_this_browser_and_ends_the_others(editor):
    here, there = editor.client, editor.client
    fresh = "Жаңа сөйлем 2027 жыл"
    here.post("/accounts/password/change/", {"oldpassword": factories.PASSWORD, "password1": fresh, "password2": fresh})
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert Notice.objects.get(kind="password_changed").recipient_email == editor.user.email


# -- Sessions -------------------------------------------------------------------------------------
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def seen_with(person, agent) -> Client:
    client = person.client
    client.get("/accounts/", headers={"user-agent": agent})
    return client


def test_the_list_shows_device_address_and_which_one_is_this(editor):
    seen_with(editor, PHONE)
    page = seen_with(editor, FIREFOX).get(reverse("usersessions_list"), headers={"user-agent": FIREFOX})
    text = page.content.decode()
    assert "Firefox, Windows" in text
    assert "Chrome, Android" in text
    assert text.count("this device") == 1
    assert "127.0.0.1" in text


def test_one_device_is_logged_out_and_the_others_stay(editor):
    phone, office = seen_with(editor, PHONE), seen_with(editor, FIREFOX)
    row = UserSession.objects.get(user_agent=PHONE)
    assert office.post(f"/accounts/sessions/{row.pk}/end/").status_code == 302
    assert phone.get("/accounts/").status_code == 302
    assert office.get("/accounts/").status_code == 200


def test_all_others_are_logged_out_at_once(editor):
    phone, home, office = (seen_with(editor, agent) for agent in (PHONE, FIREFOX, FIREFOX))
    office.post("/accounts/sessions/others/end/")
    assert [client.get("/accounts/").status_code for client in (phone, home, office)] == [302, 302, 200]


def test_a_strangers_session_is_like_one_that_does_not_exist(editor, neighbour):
    seen_with(neighbour, PHONE)
    row = UserSession.objects.get()
    foreign = editor.client.post(f"/accounts/sessions/{row.pk}/end/")
    nothing = editor.client.post("/accounts/sessions/999999/end/")
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_a_session_ends_after_two_idle_hours(editor):
    with time_machine.travel("2027-01-11T09:00:00+05:00", tick=False) as clock:
        client = editor.client
        client.get("/accounts/")
        clock.shift(2 * 3600 - 1)
        assert client.get("/accounts/").status_code == 200
        clock.shift(2 * 3600 + 1)
        assert client.get("/accounts/").status_code == 302


def test_a_session_ends_twelve_hours_after_its_log_in_however_busy(editor):
    with time_machine.travel("2027-01-11T08:00:00+05:00", tick=False) as clock:
        client = editor.client
        for _hour in range(13):
            assert client.get("/accounts/").status_code == 200
            clock.shift(3600)
        assert client.get("/accounts/").status_code == 302


def test_activity_is_written_at_most_once_a_minute(editor, django_assert_max_num_queries):
    with time_machine.travel("2027-01-11T09:00:00+05:00", tick=False) as clock:
        client = editor.client
        client.get("/accounts/sessions/")
        first = UserSession.objects.get().last_seen_at
        clock.shift(59)
        client.get("/accounts/sessions/")
        assert UserSession.objects.get().last_seen_at == first
        clock.shift(1)
        client.get("/accounts/sessions/")
        assert UserSession.objects.get().last_seen_at > first


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(editor):
    cookie = log_in(browser(), editor.user).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_private_pages_are_kept_by_no_cache(editor):
    assert editor.client.get("/accounts/")["Cache-Control"] == "private, no-store"


def test_a_new_address_or_a_closed_account_ends_every_session_of_it(editor, administrator):
    client = editor.client
    client.get("/accounts/")
    people.change_person(editor.user, values={"email": "new@test.example"}, seen_version=1, by=administrator.who)
    assert client.get("/accounts/").status_code == 302
    assert not UserSession.objects.filter(user=editor.user).exists()
    editor.user.refresh_from_db()
    editor.client.get("/accounts/")
    people.close_account(editor.user, reason="x", seen_version=2, by=administrator.who, today=today())
    assert not UserSession.objects.filter(user=editor.user).exists()
