"""What anybody reads without an account: published issues with their days and slips, and nobody's personal data."""

import datetime as dt
from itertools import product

import pytest
from django.core.cache import cache
from django.test import Client

from issues import services
from issues.models import DueChange, Issue
from issues.services import Person
from territories.scope import today
from tests import factories

from .factories import CLOCK, TODAY, at, channel, issue, item, request, seen
from .pages import queries, text_of

PRIVATE = ("Ахметова Гүлнар", "701 123 45 67", "850101300123", "gulnar@example.kz", "көршісі Болат", "менеджер Серік")


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def publish(meeting, what="list", **words):
    version = services.freeze_document(meeting, what=what, by=CLOCK, **words)
    services.publish(
        version, channel=channel("site"), published_at=at(TODAY), link=f"https://akimat.example/{what}", by=CLOCK
    )
    return version


@pytest.fixture
def promised(met, raised):
    """A published issue whose measure slipped once and was then done in part, with people behind it."""
    person = Person(name=PRIVATE[0], phone=PRIVATE[1], email=PRIVATE[3], consent="иә")
    asked = request(
        met.holder, f"Жарық жоқ. ЖСН {PRIVATE[2]}, тел. {PRIVATE[1]}", place=met.place, meeting=met, person=person
    )
    services.join_request(asked, raised, by=CLOCK)
    row = item(raised)
    change = services.ask_due_change(
        row, to=dt.date(2026, 7, 1), reason=f"{PRIVATE[4]} рұқсат бермейді", today=TODAY, by=CLOCK
    )
    services.grant_due_change(change, today=TODAY, by=CLOCK)
    services.record_progress(row, kind="in_work", on=TODAY, text=f"{PRIVATE[5]} келді", today=TODAY, by=CLOCK)
    publish(met)
    publish(met, "results", text_kk="Кездесу өтті", text_ru="Встреча прошла")
    publish(met, "plan")
    raised.refresh_from_db()
    return raised


def page(address: str, status: int = 200, **query):
    answer = Client().get(address, query)
    assert answer.status_code == status, (address, answer.status_code)
    return answer


def addresses(row: Issue) -> list[str]:
    """Every public address that could speak of an issue."""
    unit, meeting = row.place.code, row.meeting_id
    return [
        "/",
        f"/regions/{row.region.code}/",
        f"/units/{unit}/",
        f"/units/{row.unit.code}/",
        f"/units/{unit}/issues/",
        "/issues/",
        f"/issues/{row.code}/",
        f"/meetings/{meeting}/",
        f"/meetings/{meeting}/results/",
        f"/units/{unit}/issues.rss",
        f"/units/{unit}/issues.json",
        "/issues.csv",
        "/open-data/",
    ]


@pytest.fixture
def told(met):
    """The meeting was announced, so its page is there."""
    type(met).objects.filter(pk=met.pk).update(announced_on=dt.date(2026, 2, 1))


def test_a_village_page_tells_what_was_asked_promised_and_slipped(promised, land, told):
    words = text_of(page(f"/en/units/{land.a1.code}/"))
    assert "Көше жарығы жоқ" in words
    assert "Promised and slipped" in words
    assert "1 slip" in words
    assert "Earlier meetings" in words


def test_the_next_two_meetings_stand_in_front_with_the_way_to_ask(land, calendar):
    days = [today() + dt.timedelta(days=n) for n in (10, 20, 30)]
    made = [factories.meeting(calendar, land.A, land.a1, day, announced_on=today()) for day in days]
    text = page(f"/kk/units/{land.a1.code}/").content.decode()
    assert text.count('class="next"') == 2
    assert f"/kk/ask/{made[0].pk}/" in text
    assert f"/kk/ask/{made[2].pk}/" not in text
    type(made[0]).objects.filter(pk=made[0].pk).update(announced_on=None)
    assert f"/kk/ask/{made[0].pk}/" not in page(f"/kk/units/{land.a1.code}/").content.decode()


def test_the_page_of_an_issue_keeps_the_first_day_beside_the_present_one(promised):
    words = text_of(page(f"/en/issues/{promised.code}/"))
    assert "20 May 2026" in words
    assert "1 July 2026" in words
    assert "Slip: the day is put off" in words
    assert promised.code in words


def test_no_personal_data_stands_on_any_public_page(promised, told):
    for language, address in product(("kk", "ru", "en"), addresses(promised)):
        text = page(f"/{language}{address}").content.decode()
        for private in PRIVATE:
            assert private not in text, (language, address, private)
        assert DueChange.objects.get().reason not in text


def test_every_page_speaks_the_language_of_its_address_and_is_light(promised, told):
    for language, address in product(("kk", "ru", "en"), addresses(promised)):
        answer = page(f"/{language}{address}")
        if "html" in answer["Content-Type"]:
            assert f'<html lang="{language}">' in answer.content.decode()
        assert len(answer.content) < 60_000
        assert not answer.cookies


def test_what_was_not_published_is_not_there(raised, met, land, told):
    assert "Көше жарығы жоқ" not in page(f"/kk/units/{land.a1.code}/").content.decode()
    page(f"/kk/issues/{raised.code}/", 404)
    page(f"/kk/meetings/{met.pk}/results/", 404)
    services.freeze_document(met, what="list", by=CLOCK)
    page(f"/kk/meetings/{met.pk}/results/", 404)


def test_results_list_and_plan_stand_side_by_side_with_their_digests(promised, met, told):
    text = page(f"/ru/meetings/{met.pk}/results/").content.decode()
    for version in met.published.all():
        assert text.count(version.sha256) == 2
    assert "Встреча прошла" in text
    assert "Заменить светильники" in text


def test_a_later_version_stands_beside_the_first(promised, met, told):
    publish(met, "results", text_kk="Түзетілді", text_ru="Исправлено", reason="Қате түзетілді")
    text = page(f"/ru/meetings/{met.pk}/results/").content.decode()
    assert "Исправлено" in text
    assert "Встреча прошла" not in text
    assert "Встреча прошла" in page(f"/ru/published/{met.published.get(what='results', number=1).pk}/").content.decode()


def test_an_issue_that_was_joined_leads_to_the_one_that_stands(promised, met, land):
    double = issue(land.A, "Шам жоқ", place=land.a1, meeting=met)
    services.join_issues(double, promised, by=CLOCK)
    assert promised.code in text_of(page(f"/kk/issues/{double.code}/"))


def test_lists_are_narrowed_by_place_words_and_state(promised, land):
    assert promised.code in page("/kk/issues/", q="жарыгы").content.decode()
    assert promised.code not in page("/kk/issues/", q="мектеп").content.decode()
    assert promised.code not in page("/kk/issues/", state="done").content.decode()
    assert promised.code in page("/kk/issues/", state="late").content.decode()
    assert promised.code not in page(f"/kk/units/{land.B.code}/issues/").content.decode()
    assert promised.code in page(f"/kk/units/{land.O.code}/issues/", page="999999").content.decode()
    services.close_issue(
        promised, kind="explained", on=TODAY, text_kk="Түсіндірілді", seen_version=seen(promised), today=TODAY, by=CLOCK
    )
    assert promised.code in page("/kk/issues/", state="explained").content.decode()


def test_html_in_an_issue_is_text(met, land):
    row = issue(land.A, "<script>alert(1)</script>", place=land.a1, meeting=met)
    Issue.objects.filter(pk=row.pk).update(published_at=at(TODAY))
    for address in (f"/kk/issues/{row.code}/", f"/kk/units/{land.a1.code}/", "/kk/issues/"):
        assert "<script>alert" not in page(address).content.decode()


@pytest.mark.parametrize("address", ["/kk/units/{place}/", "/kk/issues/", "/kk/units/{place}/issues/"])
def test_lists_ask_a_constant_number_of_questions(promised, met, land, address):
    address = address.format(place=land.a1.code)
    page(address)
    one = queries(Client(), address)
    for n in range(3):
        row = issue(land.A, f"Сұрақ {n}", place=land.a1, meeting=met)
        Issue.objects.filter(pk=row.pk).update(published_at=at(TODAY))
    assert queries(Client(), address) == one


def test_a_page_seen_before_is_not_sent_again_until_something_changes(promised, land):
    address = f"/kk/units/{land.a1.code}/"
    first = page(address)
    assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    services.close_issue(
        promised, kind="explained", on=TODAY, text_kk="Түсіндірілді", seen_version=seen(promised), today=TODAY, by=CLOCK
    )
    assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_asker_finds_by_his_code_what_became_of_his_question_and_never_its_words(promised, met):
    asked = promised.origins.get().request
    words = page("/en/my-question/", code=f" {asked.code.lower()} ").content.decode()
    assert f"/en/issues/{promised.code}/" in words
    for private in PRIVATE:
        assert private not in words
    other = request(met.holder, "Су жоқ", place=met.place, meeting=met)
    assert "Accepted by the akim" in text_of(page("/en/my-question/", code=other.code))
    page("/en/my-question/", 404, code="ABCDEFGHJK")
    page("/en/my-question/", 404, code="\0<script>")
    assert page("/en/my-question/", 302, code=promised.code)["Location"] == f"/en/issues/{promised.code}/"
