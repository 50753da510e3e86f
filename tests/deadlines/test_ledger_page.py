"""The page of the ledger: in order of burning, page after page, with a constant number of questions."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars.models.meeting import READERS_OF_VERSIONS
from deadlines import views
from deadlines.ids import Subject, duty_id
from deadlines.models import Duty, DutyState, Evidence
from deadlines.paging import page_after, parts_of
from deadlines.services import bring_in_line
from territories.models import Organisation, Role
from territories.models.organisations import OrganisationKind
from tests import factories
from tests.cast import Person

TODAY = dt.date(2027, 3, 1)
PAGE = "/staff/duties/"
#: Of what kind of body the readers are that belong to no unit.
BODIES = {
    Role.GOVERNMENT: OrganisationKind.GOVERNMENT,
    Role.ADMINISTRATION: OrganisationKind.ADMINISTRATION,
    Role.CENTRAL_BODY: OrganisationKind.MINISTRY,
    Role.INFORMATION_BODY: OrganisationKind.MINISTRY,
}


@pytest.fixture(autouse=True)
def today_is(monkeypatch):
    monkeypatch.setattr(views, "today", lambda: TODAY)


@pytest.fixture
def year(land, our_calendar):
    """A year with meetings, so that duties have every kind of day, and none."""
    for n, place in enumerate((land.a1, land.a2, land.a3)):
        factories.meeting(our_calendar, land.A, place, dt.date(2027, 2, 20 + n), state="held", announced_on=None)
    bring_in_line(TODAY)


def page_of(rows, cursor: str, size: int):
    return page_after(parts_of(rows), cursor, size, whole=Duty.objects.all())


def walk(rows, size: int) -> list[int]:
    """The ids of all pages, one after the other."""
    seen, cursor, steps = [], "", 0
    while True:
        page = page_of(rows, cursor, size)
        seen += [duty.pk for duty in page.duties]
        cursor, steps = page.following, steps + 1
        if not cursor or steps > 1000:
            return seen


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_page_after_page_shows_every_duty_once_and_the_undated_last(year, size):
    rows = Duty.objects.all()
    seen = walk(rows, size)
    dated = list(rows.filter(due_on__isnull=False).order_by("due_on", "pk").values_list("pk", flat=True))
    undated = list(rows.filter(due_on=None).order_by("pk").values_list("pk", flat=True))
    assert seen == dated + undated


@pytest.mark.parametrize("cursor", ["x", "2027-13-01_5", "_", "2027-01-01_" + "9" * 30, "-_²"])
def test_a_cursor_that_is_none_begins_anew(year, cursor):
    assert page_of(Duty.objects.all(), cursor, 5) == page_of(Duty.objects.all(), "", 5)


def test_conditions_of_a_state_agree_with_the_state_that_is_told(year, land):
    for day in (dt.date(2027, 1, 15), TODAY, dt.date(2027, 12, 31)):
        Duty.objects.filter(debtor=land.O, rule_id="826-2.1.h2").update(met_on=day)
        Duty.objects.filter(debtor=land.N, rule_id="826-2.1.h2").update(met_on=dt.date(2027, 1, 14))
        told = Duty.objects.with_state(day)
        for state in DutyState.values:
            by_word = {duty.pk for duty in told if duty.state == state}
            assert set(Duty.objects.in_state(state, day).values_list("pk", flat=True)) == by_word


def test_the_parts_of_each_state_hold_its_duties_and_no_others(year, land):
    Duty.objects.filter(debtor=land.O, rule_id="826-2.1.h2").update(met_on=TODAY)
    Duty.objects.filter(debtor=land.N, rule_id="826-2.1.h2").update(met_on=dt.date(2027, 1, 14))
    Duty.objects.filter(due_on=None, debtor=land.O).update(met_on=TODAY)
    for state in DutyState.values:
        of_state = Duty.objects.in_state(state, TODAY)
        read = [duty.pk for part in parts_of(of_state, state) for duty in part.rows]
        assert sorted(read) == sorted(of_state.values_list("pk", flat=True))


def asked(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("query", ["", "?state=all", "?state=breach", "?state=no_number"])
def test_the_page_asks_the_same_number_of_questions_for_one_meeting_and_for_three(land, our_calendar, reviewer, query):
    numbers = []
    for n, place in enumerate((land.a1, land.a2, land.a3)):
        factories.meeting(our_calendar, land.A, place, dt.date(2027, 2, 20 + n), state="held")
        bring_in_line(TODAY)
        numbers.append(asked(reviewer.client, PAGE + query))
    assert numbers[0] == numbers[2]


def test_the_government_reads_the_late_of_the_whole_nation(year, land, their_calendar, reviewer):
    factories.meeting(their_calendar, land.NA, land.na, dt.date(2027, 2, 10), state="held")
    bring_in_line(TODAY)
    rows = reviewer.client.get(f"{PAGE}?state=breach").context["rows"]
    assert {row["duty"].region_id for row in rows} == {land.O.pk, land.N.pk}


def test_the_next_page_is_reached_by_its_link(year, editor, monkeypatch):
    monkeypatch.setattr(views, "PAGE_SIZE", 4)
    first = editor.client.get(PAGE)
    following = first.context["page"].following
    second = editor.client.get(PAGE, {"after": following})
    assert f"after={following}" in first.content.decode()
    assert not {r["duty"].pk for r in first.context["rows"]} & {r["duty"].pk for r in second.context["rows"]}


@pytest.fixture
def reception(year, land) -> Duty:
    meeting = land.a1.hosted_meetings.get()
    return Duty.objects.get(pk=duty_id(Subject.MEETING, meeting.pk, "826-3.5.a1"))


def test_an_office_records_evidence_on_the_page_of_the_duty_and_takes_it_back(reception, okrug_office):
    client = okrug_office.client
    address = f"{PAGE}{reception.pk}/"
    data = {"kind": "REC", "done_on": "2027-02-21", "note": "12 citizens", "version": reception.version}
    assert client.post(f"{address}prove/", data)["Location"] == address
    page = client.get(address).content.decode()
    assert "12 citizens" in page
    assert "entered afterwards" in page
    proof = Evidence.objects.get(duty=reception)
    reception.refresh_from_db()
    back = {"reason": "another meeting", "version": reception.version}
    assert client.post(f"{PAGE}evidence/{proof.pk}/withdraw/", back)["Location"] == address
    page = client.get(address).content.decode()
    assert "another meeting" in page
    assert "the proof was withdrawn; open again" in page


def test_a_stale_form_is_answered_with_a_conflict(reception, okrug_office):
    data = {"kind": "REC", "done_on": "2027-02-21", "note": "x", "version": reception.version - 1}
    assert okrug_office.client.post(f"{PAGE}{reception.pk}/prove/", data).status_code == 409
    assert not Evidence.objects.exists()


def test_a_body_reads_and_proves_its_own_duties_and_no_others(year, land):
    body = ministry("min-health")
    other = ministry("min-labour")
    bring_in_line(TODAY)
    person = Person("central_body", organisation=body)
    seen = Duty.objects.visible_to(person.who)
    assert {duty.body for duty in seen} == {body}
    duty = seen.get(rule_id="826-5.3.h2")
    data = {"kind": "LINK", "done_on": "2027-02-20", "address": "https://min.example/list", "version": duty.version}
    assert person.client.post(f"{PAGE}{duty.pk}/prove/", data).status_code == 302
    foreign = Duty.objects.get(body=other, rule_id="826-5.3.h2")
    assert person.client.get(f"{PAGE}{foreign.pk}/").status_code == 404


def ministry(key: str):
    return Organisation.objects.create(key=key, kind="ministry", name_kk=key, name_ru=key)


def test_the_ledger_shows_what_the_link_of_the_act_page_counted(land, our_calendar, editor):
    factories.meeting(our_calendar, land.A, land.a1, dt.date(2027, 4, 15))
    factories.meeting(our_calendar, land.R, land.P, dt.date(2027, 4, 15))
    older = factories.meeting(factories.calendar(land.O, 2026), land.A, land.a2, dt.date(2026, 4, 15))
    bring_in_line(TODAY, [2026, 2027])
    query = {"rule": "826-3.4.f", "state": "open", "year": "2027", "unit": land.O.pk}
    shown = editor.client.get(PAGE, query)
    assert {row["duty"].period for row in shown.context["rows"]} == {"2027"}
    assert {row["duty"].debtor for row in shown.context["rows"]} == {land.A}
    assert "Only duties of the year 2027." in shown.content.decode()
    assert 'name="rule" value="826-3.4.f"' in shown.content.decode()
    assert not editor.client.get(PAGE, query | {"unit": land.K.pk}).context["rows"]
    late = editor.client.get(PAGE, query | {"year": "2026", "state": "breach"})
    assert [row["duty"].pk for row in late.context["rows"]] == [duty_id(Subject.MEETING, older.pk, "826-3.4.f")]


def test_a_year_alone_narrows_the_ledger_and_nonsense_does_not(year, editor):
    everything = editor.client.get(PAGE, {"state": "all"}).context["rows"]
    assert not editor.client.get(PAGE, {"state": "all", "year": "2026"}).context["rows"]
    for nonsense in ("20271", "²027", "-202"):
        assert len(editor.client.get(PAGE, {"state": "all", "year": nonsense}).context["rows"]) == len(everything)


@pytest.mark.parametrize("role", READERS_OF_VERSIONS)
def test_no_link_of_the_ledger_leads_its_reader_to_a_page_that_he_may_not_open(year, land, role):
    body = Organisation.objects.filter(kind=BODIES[role]).first() if role in BODIES else None
    reader = Person(role, None if body else land.O if role == Role.MASLIKHAT else land.A, body)
    text = reader.client.get(PAGE, {"year": 2027, "unit": land.A.pk, "state": ""}).content.decode()
    links = {html.unescape(link) for link in re.findall(r'<th scope="row"><a href="([^"]+)"', text)}
    assert [link for link in links if reader.client.get(link).status_code != 200] == []
    seen = Duty.objects.visible_to(reader.who).exists()
    assert ("<table" in text) == seen
