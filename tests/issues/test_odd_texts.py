"""What people paste and type where an office expects a request, a telephone or a day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from issues import services
from issues.models import Request, RequestPerson
from territories.scope import clock

from .pages import at, text_of

TODAY = dt.date(2026, 6, 5)
CLOCK = clock("tests")


def enter(land, text: str, **more) -> Request:
    day = dt.date(2026, 6, 1)
    return services.add_request(
        land.A, place=land.a1, source="letter", received_on=day, text=text, today=TODAY, by=CLOCK, **more
    )


@pytest.mark.parametrize(
    "text",
    [
        "«Жол» — “нашар”… 5 °C, № 7",
        "Су жоқ 🚱👩🏽‍🌾",
        "سۋ جوق، كوشە قاراڭعى",
        "Jol nashar, Aýylda sý joq, Şyğys köşesi",
        "• бірінші\n• екінші\n\t1) үшінші",
        "شكرا abc ١٢٣",
    ],
)
def test_what_people_paste_is_kept_as_plain_text(land, okrug_office, text):
    row = enter(land, text)
    row.refresh_from_db()
    assert " ".join(row.text.split()) == " ".join(text.split())
    assert " ".join(text.split()) in text_of(okrug_office.client.get(at("request", row.pk)))


def test_a_pasted_page_of_three_megabytes_is_refused_at_its_field(land):
    with pytest.raises(ValidationError) as caught:
        enter(land, "<p class='MsoNormal'>жол</p>" * 110_000)
    assert list(caught.value.message_dict) == ["text"]


@pytest.mark.parametrize("text", ["", "   ", "...", "…—!", "\u200b\u00a0", "🚱"])
def test_a_request_without_a_word_is_refused_at_its_field(land, text):
    with pytest.raises(ValidationError) as caught:
        enter(land, text)
    assert list(caught.value.message_dict) == ["text"]
    assert not Request.objects.exists()


@pytest.mark.parametrize("phone", ["8 701 111 22 33", "+7(701)111-22-33", "7011112233", "қабылдау бөлмесі, 2-15"])
def test_a_telephone_is_kept_as_it_was_typed(land, phone):
    enter(land, "Су жоқ", person=services.Person(name="Ә", phone=phone, email="", consent="келісемін"))
    assert RequestPerson.objects.get().phone == phone


@pytest.mark.parametrize("day", ["20226-01-02", "30.02.2026", "1/2/26", "2026-13-01", "ертең", "９.０３.2026"])
def test_a_day_that_is_none_is_refused_at_its_field(land, okrug_office, day):
    sent = {"source": "letter", "received_on": day, "place": land.a1.pk, "text": "Су жоқ", "language": "kk"}
    answer = okrug_office.client.post(at("requests"), sent | {"classification": "question"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["received_on"]


def test_a_day_promised_before_its_meeting_is_refused_at_its_field(met, raised, land):
    plan = services.open_plan(met, by=CLOCK)
    values = {"measure_kk": "Жөндеу", "due_on": met.date - dt.timedelta(days=1), "organisation": "Б", "post": "басшы"}
    with pytest.raises(ValidationError) as caught:
        services.add_item(plan, raised, values=values, today=TODAY, by=CLOCK)
    assert list(caught.value.message_dict) == ["due_on"]
