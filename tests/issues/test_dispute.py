"""Who asked says "not solved" of a closed issue: by his code, without an account; the office is told."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from issues import services
from issues.models import Closing, Dispute, Issue
from issues.services import Person
from journal.models import Entry, Notice

from .factories import CLOCK, TODAY, at, issue, item, request, seen
from .pages import filled, text_of

NOW = at(TODAY, 15)
WORDS = "Шам қайта сөнді, тел. 8 701 123 45 67"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def asked(met, raised):
    """A question behind a published issue, whose asker left an address; the issue slipped once and was closed."""
    person = Person(name="Сұраушы", email="asker@test.example", consent="Келісемін")
    row = request(met.holder, place=met.place, meeting=met, person=person)
    services.join_request(row, raised, by=CLOCK)
    promised = item(raised)
    change = services.ask_due_change(promised, to=dt.date(2026, 6, 1), reason="Қаржы", today=TODAY, by=CLOCK)
    services.grant_due_change(change, today=TODAY, by=CLOCK)
    Issue.objects.filter(pk=raised.pk).update(published_at=at(TODAY))
    close(raised)
    return row


def close(row, **words):
    words = {"text_kk": "Шам ауыстырылды", "text_ru": "Заменили"} | words
    return services.close_issue(row, kind="done", on=TODAY, seen_version=seen(row), today=TODAY, by=CLOCK, **words)


def send(client, issue, language="kk", **fields):
    address = f"/{language}/issues/{issue.code}/not-solved/"
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=30)):
        page = client.get(address)
    assert page.status_code == 200
    return client.post(address, filled(page) | {"text": WORDS} | fields)


def test_the_asker_opens_his_issue_again_with_its_old_days_and_the_office_is_told(asked, raised, okrug_office):
    answer = send(Client(), raised, question=f" {asked.code[:5].lower()}-{asked.code[5:]} ")
    assert answer.status_code == 200
    raised.refresh_from_db()
    assert (raised.is_open, raised.slips, raised.first_due_on) == (True, 1, dt.date(2026, 5, 20))
    assert raised.due_on == dt.date(2026, 6, 1)
    dispute = Dispute.objects.get()
    assert (dispute.request, dispute.text, dispute.closing.reopened_on) == (asked, WORDS, TODAY)
    assert Entry.objects.filter(action="issue.disputed", object_id=str(dispute.pk)).exists()
    letter = Notice.objects.get(kind="issue_disputed")
    assert letter.recipient_email == okrug_office.user.email
    assert f"/staff/issues/{raised.pk}/" in letter.body_text
    assert "701" not in letter.body_text
    inside = text_of(okrug_office.client.get(f"/staff/issues/{raised.pk}/"))
    assert WORDS in inside
    outside = Client().get(f"/en/issues/{raised.code}/").content.decode()
    assert "The asker says it is not solved" in outside
    assert "701" not in outside


def test_the_form_speaks_three_languages_and_names_nobody(asked, raised):
    told = {text_of(Client().get(f"/{lang}/issues/{raised.code}/not-solved/")) for lang in ("kk", "ru", "en")}
    assert len(told) == 3
    assert not any("Сұраушы" in page or asked.code in page for page in told)


def test_only_the_code_of_a_question_behind_the_issue_opens_it(asked, raised, met):
    other = request(met.holder, "Су жоқ", place=met.place, meeting=met)
    for code in (other.code, raised.code, "ABCDEFGHJK", "\0<b>", "x" * 21):
        answer = send(Client(), raised, question=code)
        assert answer.status_code == 422
        assert WORDS in answer.content.decode()
    assert not Dispute.objects.exists()


def test_a_question_behind_a_joined_issue_counts(asked, raised, met):
    double = issue(met.holder, "Шам жоқ", place=met.place, meeting=met)
    other = request(met.holder, "Шам жоқ", place=met.place, meeting=met)
    services.join_request(other, double, by=CLOCK)
    Issue.objects.filter(pk=double.pk).update(joined_into=raised)
    assert send(Client(), raised, question=other.code).status_code == 200
    assert Dispute.objects.get().request == other


def test_a_second_click_is_thanked_and_anybody_else_hears_that_it_is_open(asked, raised, met):
    client = Client()
    assert send(client, raised, question=asked.code).status_code == 200
    address = f"/en/issues/{raised.code}/not-solved/"
    assert "This issue is open" in text_of(client.get(address))
    with time_machine.travel(timezone.now() - dt.timedelta(seconds=30)):
        from issues.forms.ask import new_ticket

        ticket = new_ticket()
    again = {"ticket": ticket, "text": WORDS, "question": asked.code}
    assert client.post(address, again).status_code == 200
    other = request(met.holder, "Жарық жоқ", place=met.place, meeting=met)
    services.join_request(other, raised, by=CLOCK)
    assert client.post(address, again | {"question": other.code}).status_code == 409
    assert Dispute.objects.count() == 1
    close(raised, text_kk="Енді жанды")
    assert send(Client(), raised, question=asked.code).status_code == 200
    assert Dispute.objects.count() == Closing.objects.exclude(reopened_on=None).count() == 2


@pytest.mark.parametrize("fields", [{"website": "x"}, {"ticket": "forged"}, {"text": ""}, {"text": "a" * 3001}])
def test_what_a_program_sends_changes_nothing(asked, raised, fields):
    assert send(Client(), raised, **{"question": asked.code} | fields).status_code == 422
    assert not Dispute.objects.exists()


def test_a_thousand_tries_are_stopped_with_the_words_kept(asked, raised, settings):
    settings.DISPUTE_PER_ADDRESS = 3
    answers = [send(Client(), raised, question="ABCDEFGHJK") for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 3 + [429] * 2
    assert int(answers[-1]["Retry-After"]) > 0
    assert WORDS in answers[-1].content.decode()
    settings.DISPUTE_PER_ISSUE = 4
    told = [send(Client(REMOTE_ADDR=f"10.0.0.{n}"), raised, question="ABCDEFGHJK").status_code for n in range(2)]
    assert told == [422, 429]


def test_without_a_cache_the_database_counts(asked, raised, settings, monkeypatch):
    from issues import flood

    monkeypatch.setattr(flood.cache, "add", lambda *a, **k: 1 / 0)
    settings.DISPUTE_PER_ISSUE = 1
    assert send(Client(), raised, question=asked.code).status_code == 200
    close(raised)
    assert send(Client(), raised, question=asked.code).status_code == 429


def test_an_unpublished_issue_has_no_such_page(asked, raised):
    Issue.objects.filter(pk=raised.pk).update(published_at=None)
    assert Client().get(f"/kk/issues/{raised.code}/not-solved/").status_code == 404


@pytest.mark.parametrize("form", ["not-solved", "follow"])
def test_a_browser_may_send_these_forms(asked, raised, form):
    """A page that forbids the referrer altogether makes browsers send “Origin: null”, which the server refuses."""
    page = Client().get(f"/kk/issues/{raised.code}/{form}/")
    assert '<meta name="referrer" content="same-origin">' in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"


# -- The ways to the door -------------------------------------------------------------------------
def test_the_asker_is_told_by_letter_how_it_ended_and_where_to_say_that_it_did_not(asked, raised):
    letter = Notice.objects.get(kind="issue_closed")
    assert (letter.recipient_email, letter.language, letter.confidential) == ("asker@test.example", "kk", True)
    assert "Шам ауыстырылды" in letter.body_text
    assert f"/kk/issues/{raised.code}/not-solved/?question={asked.code}" in letter.body_text


def test_the_page_of_the_question_and_that_of_the_issue_lead_there(asked, raised):
    way = f"/kk/issues/{raised.code}/not-solved/"
    assert f"{way}?question={asked.code}" in Client().get("/kk/my-question/", {"code": asked.code}).content.decode()
    assert way in Client().get(f"/kk/issues/{raised.code}/").content.decode()
    send(Client(), raised, question=asked.code)
    assert way not in Client().get(f"/kk/issues/{raised.code}/").content.decode()
    close(raised)
    assert f'value="{asked.code}"' in Client().get(f"{way}?question={asked.code}").content.decode()


@pytest.mark.parametrize(("code", "leads"), [("own", True), ("wrong", False), ("", False)])
def test_the_letters_of_an_asker_who_follows_lead_there_too(asked, raised, code, leads):
    question = {"own": asked.code, "wrong": "ABCDEFGHJK"}.get(code, code)
    address = f"/ru/issues/{raised.code}/follow/?question={question}"
    Client().post(address, {"email": "reader@test.example", "consent": "on"})
    from issues.models import Subscription

    row = Subscription.objects.get()
    assert (row.request == asked) is leads
    services.confirm(row, now=NOW)
    Subscription.objects.update(told_until=at(TODAY, 1))
    services.tell_followers(timezone.now())
    news = Notice.objects.get(kind="follow_news")
    assert (f"/ru/issues/{raised.code}/not-solved/?question={asked.code}" in news.body_text) is leads


def test_the_office_reads_the_code_to_who_asked_by_telephone(asked, okrug_office, raion_office):
    assert asked.code in text_of(okrug_office.client.get(f"/staff/requests/{asked.pk}/"))
    assert asked.code not in text_of(raion_office.client.get(f"/staff/requests/{asked.pk}/"))
