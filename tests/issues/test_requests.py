"""Requests come in, are sorted and found again; who asked is known to one office and for a time."""

import datetime as dt

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import PermissionDenied, ValidationError

from issues import sealing, services
from issues.models import Request, RequestPerson
from issues.services import Person
from journal.models import Entry
from territories.scope import clock

from .factories import CLOCK, LATER, TODAY, issue, request, seen

PERSON = Person(name="Аты Жөні", phone="+7 701 000 00 00", email="asker@test.example", consent="Келісемін")


def test_an_office_enters_a_request_and_the_journal_knows_it(okrug_office, land):
    row = request(land.A, "Ауыз су жоқ", place=land.a1, by=okrug_office.who)
    assert (row.unit, row.region, row.raion_id, row.place) == (land.A, land.O, land.R.pk, land.a1)
    assert row.folded == "ауыз жок су"
    assert Entry.objects.of(row).get().action == "request.added"


def test_a_request_of_a_place_outside_the_akims_territory_is_refused(okrug_office, land):
    with pytest.raises(ValidationError, match="outside the territory"):
        request(land.A, place=land.b1, by=okrug_office.who)


def test_an_office_enters_nothing_for_its_neighbour(okrug_office, land):
    with pytest.raises(PermissionDenied):
        request(land.B, place=land.b1, by=okrug_office.who)


def test_a_request_from_the_future_is_refused(okrug_office, land):
    with pytest.raises(ValidationError, match="not come yet"):
        request(land.A, by=okrug_office.who, received_on=TODAY + dt.timedelta(days=1))


def test_the_same_form_sent_many_times_is_one_request(land):
    rows = {request(land.A, client_key="k1").pk for _press in range(5)}
    assert len(rows) == 1
    assert Request.objects.count() == 1


def test_a_request_is_read_by_its_office_and_above_but_not_beside_or_elsewhere(
    land, okrug_office, raion_office, editor, other_okrug, neighbour, reviewer, secretary
):
    row = request(land.A, place=land.a1)
    for person in (okrug_office, raion_office, editor):
        assert list(Request.objects.visible_to(person.who)) == [row]
    for person in (other_okrug, neighbour, reviewer, secretary):
        assert list(Request.objects.visible_to(person.who)) == []


def test_a_request_to_the_raion_about_a_village_is_read_in_the_villages_office_too(land, okrug_office):
    row = request(land.R, place=land.a1)
    assert list(Request.objects.visible_to(okrug_office.who)) == [row]


def test_who_asked_is_sealed_at_rest_and_seen_by_the_collecting_office_only(
    land, okrug_office, raion_office, editor, administrator, neighbour
):
    row = request(land.A, person=PERSON)
    stored = RequestPerson.objects.values().get()
    assert not [value for value in stored.values() if value in (PERSON.name, PERSON.phone, PERSON.email)]
    person = RequestPerson.objects.visible_to(okrug_office.who).get()
    assert (person.name, person.phone, person.email) == (PERSON.name, PERSON.phone, PERSON.email)
    assert person.request == row
    for stranger in (raion_office, editor, administrator, neighbour):
        assert list(RequestPerson.objects.visible_to(stranger.who)) == []


def test_the_journal_holds_neither_name_nor_contact(land):
    row = request(land.A, person=PERSON)
    services.edit_request(row, values={"text": "Мен +7 701 000 00 00"}, seen_version=row.version, by=CLOCK)
    for entry in Entry.objects.all():
        written = f"{entry.object_text} {entry.was} {entry.became} {entry.reason}"
        assert "701" not in written
        assert "Жөні" not in written


def test_without_consent_no_name_is_kept(land):
    with pytest.raises(ValidationError, match="consent"):
        request(land.A, person=Person(name="Аты"))
    assert Request.objects.count() == 0


def test_names_are_forgotten_after_their_term_but_not_while_the_issue_is_open(land, settings):
    settings.PERSONAL_DATA_DAYS = 30
    kept, gone = request(land.A, person=PERSON), request(land.A, "Басқа", person=PERSON)
    issue(land.A, requests=[kept])
    assert services.forget_persons(LATER, by=clock("forget")) == 1
    assert services.forget_persons(LATER, by=clock("forget")) == 0
    assert RequestPerson.objects.get().request == kept
    assert Request.objects.filter(pk=gone.pk).exists()


def test_a_new_key_opens_old_rows_and_resealing_lets_the_old_key_go(land, settings):
    request(land.A, person=PERSON)
    new = Fernet.generate_key().decode()
    old = settings.PERSONAL_DATA_KEYS
    settings.PERSONAL_DATA_KEYS = [new, *old]
    assert RequestPerson.objects.get().name == PERSON.name
    services.reseal_persons()
    settings.PERSONAL_DATA_KEYS = [new]
    assert RequestPerson.objects.get().name == PERSON.name
    settings.PERSONAL_DATA_KEYS = old
    with pytest.raises(sealing.KeyMissing):
        _name = RequestPerson.objects.get().name


def test_an_appeal_is_counted_in_e_otinish_alone(land):
    row = request(land.A)
    with pytest.raises(ValidationError, match="e-Otinish"):
        services.classify_request(row, classification="appeal", seen_version=row.version, by=CLOCK)
    services.classify_request(
        row, classification="appeal", appeal_number="ЖТ-2026-1", seen_version=row.version, by=CLOCK
    )
    with pytest.raises(ValidationError, match="not counted here"):
        issue(land.A, requests=[row])
    with pytest.raises(ValidationError, match="entered already"):
        request(land.B, classification="appeal", appeal_number="ЖТ-2026-1")


def test_a_refused_request_stays_with_its_reason(land, okrug_office):
    row = request(land.A, moderation="waiting")
    with pytest.raises(ValidationError, match="not accepted"):
        services.moderate_request(row, accepted=False, seen_version=row.version, by=okrug_office.who)
    services.moderate_request(row, accepted=False, refusal="Жарнама", seen_version=row.version, by=okrug_office.who)
    row.refresh_from_db()
    assert (row.moderation, row.refusal) == ("refused", "Жарнама")


def test_a_stale_save_is_a_conflict_and_shows_both_values(land, okrug_office):
    row = request(land.A)
    services.edit_request(row, values={"text": "Бірінші"}, seen_version=1, by=okrug_office.who)
    with pytest.raises(services.Conflict) as caught:
        services.edit_request(row, values={"text": "Екінші"}, seen_version=1, by=okrug_office.who)
    assert caught.value.row.text == "Бірінші"
    assert caught.value.mine["text"] == "Екінші"
    assert seen(row) == 2


def test_a_text_with_control_characters_and_html_is_kept_as_plain_text(land):
    row = request(land.A, "\0<script>alert(1)</script>\x07 Су жоқ ")
    row.refresh_from_db()
    assert row.text == "<script>alert(1)</script> Су жоқ"


def test_a_text_that_is_too_long_is_refused_by_its_field(land):
    with pytest.raises(ValidationError) as caught:
        request(land.A, "а" * 5001)
    assert list(caught.value.message_dict) == ["text"]
