"""Pages cost as many questions for one row as for many: bodies, quarters and what the public reads of them."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from issues import services
from issues.models import Issue

from .factories import CLOCK, TODAY, at, body, channel, issue, item
from .pages import at as page
from .pages import queries, text_of

APRIL = dt.date(2026, 4, 20)


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    with time_machine.travel(at(APRIL, 12), tick=False):
        yield


def routed(land, met, organisation, text="Газ жоқ"):
    """An issue of central level that lies with a body, answered, with its course told."""
    row = issue(land.A, text, place=land.a1, meeting=met, level="central")
    Issue.objects.filter(pk=row.pk).update(published_at=at(TODAY))
    routing = services.route_central(row, organisation, proposal_kk="Бөлу", sent_on=TODAY, today=TODAY, by=CLOCK)
    services.answer_central(routing, on=TODAY, answer_kk="Иә", seen_version=routing.version, today=TODAY, by=CLOCK)
    texts = {"way_kk": "Жоба", "course_kk": "Жүріп жатыр"}
    services.update_course(routing, on=TODAY, texts=texts, today=APRIL, by=CLOCK)
    return routing


@pytest.mark.parametrize("person", ["minister", "okrug_office", "reviewer"])
def test_the_list_of_central_issues_costs_the_same_for_one_and_for_many(land, met, ministry, person, request):
    client = request.getfixturevalue(person).client
    first = routed(land, met, ministry)
    addresses = (page("central"), page("central_one", first.pk))
    if person == "reviewer":
        addresses = addresses[:1]
    if client.get(addresses[0]).status_code != 200:
        pytest.skip("not a reader of this page")
    few = [queries(client, address) for address in addresses]
    for n in range(3):
        routed(land, met, ministry, f"Мәселе {n}")
        routed(land, met, body(f"Компания {n}"), f"Жол {n}")
        services.update_course(first, on=TODAY, texts={"way_ru": "a", "course_ru": f"{n}"}, today=APRIL, by=CLOCK)
    assert [queries(client, address) for address in addresses] == few


def test_the_public_list_of_a_body_tells_way_and_course_and_costs_the_same(land, met, ministry):
    first = routed(land, met, ministry)
    addresses = ("/kk/central/", f"/kk/central/{ministry.pk}/")
    few = [queries(Client(), address) for address in addresses]
    words = text_of(Client().get(addresses[1]))
    for told in ("Газ жоқ", "Жоба", "Жүріп жатыр"):
        assert told in words
    assert "Бөлу" not in words  # the letters between the bodies are their own
    hidden = routed(land, met, ministry, "Жасырын")
    Issue.objects.filter(pk=hidden.issue_id).update(published_at=None)
    for n in range(3):
        routed(land, met, ministry, f"Мәселе {n}")
        routed(land, met, body(f"Компания {n}"), f"Жол {n}")
    cache.clear()
    assert [queries(Client(), address) for address in addresses] == few
    words = text_of(Client().get(addresses[1]))
    assert "Мәселе 2" in words
    assert "Жасырын" not in words
    assert Client().get("/kk/central/999999/").status_code == 404
    assert first.issue.code in Client().get(addresses[1]).content.decode()


def quarter(unit):
    """The frozen information on the first quarter of an office, published at a place."""
    report = services.draft_quarter(unit, year=2026, quarter=1, by=CLOCK)
    if report.state == "frozen":
        report = services.redraft_quarter(report, reason="Толықтырылды", by=CLOCK)
    rows = {row.pk: {"progress_kk": "Өзгеріссіз", "progress_ru": "Без изменений"} for row in report.rows.all()}
    words = {"text_kk": "Есеп", "text_ru": "Отчет"}
    report = services.edit_quarter(report, values=words, rows=rows, seen_version=report.version, by=CLOCK)
    report = services.freeze_quarter(report, seen_version=report.version, today=APRIL, by=CLOCK)
    for place in ("site", "egov"):
        link = f"https://{place}.example/{report.number}"
        services.publish_quarter(report, channel=channel(place), published_at=at(APRIL, 9), link=link, by=CLOCK)
    return report


def test_quarterly_information_costs_the_same_inside_and_outside(land, met, raised, okrug_office):
    item(raised)
    first = quarter(land.A)
    client, anybody = okrug_office.client, Client()
    inside, outside = page("quarters", year=2026), "/kk/quarterly/{}/"
    few = (
        queries(client, inside),
        queries(client, page("quarter", first.pk)),
        queries(anybody, outside.format(first.pk)),
    )
    for n in range(4):
        item(issue(land.A, f"Мәселе {n}", place=land.a1, meeting=met))
    second = quarter(land.A)
    assert second.rows.count() == 5
    cache.clear()
    many = (
        queries(client, inside),
        queries(client, page("quarter", second.pk)),
        queries(anybody, outside.format(second.pk)),
    )
    assert many == few


@pytest.mark.parametrize(
    "address", ["/kk/meetings/{met}/", "/kk/meetings/{met}/results/", "/kk/published/{version}/", "/kk/issues/{code}/"]
)
def test_the_pages_of_a_meeting_and_of_an_issue_cost_the_same(land, met, raised, address):
    type(met).objects.filter(pk=met.pk).update(announced_on=dt.date(2026, 2, 1))

    def published():
        version = services.freeze_document(met, what="list", reason="Толықтырылды", by=CLOCK)
        link = f"https://akimat.example/{version.number}"
        services.publish(version, channel=channel("site"), published_at=at(TODAY), link=link, by=CLOCK)
        return version

    def cost(version):
        cache.clear()
        return queries(Client(), address.format(met=met.pk, version=version.pk, code=raised.code))

    promised = item(raised)
    few = cost(published())
    for n in range(4):
        issue(land.A, f"Мәселе {n}", place=land.a1, meeting=met)
        services.record_progress(promised, kind="in_work", on=TODAY, text=f"Қадам {n}", today=TODAY, by=CLOCK)
    if "results" in address or "published" in address:
        # A version more is a row more, and no question more.
        assert cost(published()) == few
    else:
        published()
        assert cost(met.published.first()) == few
