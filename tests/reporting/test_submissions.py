"""Submissions: what lies with the Government goes on, frozen, with number, date and version; duties get their proof."""

import datetime as dt
import io
import re
import zipfile

import pytest
import time_machine
from docx import Document

from calendars.models import Meeting
from calendars.services import submit as submitting
from deadlines.ids import Subject
from deadlines.models import Duty, Evidence
from issues import services as issues
from reporting.submissions import documents
from reporting.submissions.models import Dispatch
from reporting.submissions.services import prove_waiting
from territories.models import Organisation, Role
from territories.models.organisations import OrganisationKind

from .. import factories
from ..calendars.approving import TODAY, approved, fill
from ..cast import Person
from ..issues import factories as raised_by

HERE = "/staff/desk/submissions/"


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(dt.datetime(2027, 1, 25, 5, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def correct(calendar, approver, editor) -> None:
    """The region approves and sends the next version."""
    Meeting.objects.filter(calendar=calendar, number=1).update(address="Hall 2")
    version = approved(calendar, approver.who).version
    submitting.submit(version, letter_number="13", letter_date=TODAY, today=TODAY, by=editor.who)


def organisation(kind: str) -> Organisation:
    return Organisation.objects.create(key=kind, kind=kind, name_kk=f"{kind} қаз", name_ru=f"{kind} рус")


@pytest.fixture
def government(db):
    return organisation(OrganisationKind.GOVERNMENT)


@pytest.fixture
def bodies(government):
    return government, organisation(OrganisationKind.ADMINISTRATION)


@pytest.fixture
def ours(our_calendar, land, approver, editor):
    """Our region's calendar lies with the Government."""
    fill(our_calendar, land)
    version = approved(our_calendar, approver.who).version
    return submitting.submit(version, letter_number="12", letter_date=TODAY, today=TODAY, by=editor.who)[0]


@pytest.fixture
def theirs(their_calendar, land, neighbour):
    """The neighbour's lies there too."""
    factories.meeting(their_calendar, land.N, land.NR)
    by = Person(Role.REGION_APPROVER, land.N)
    version = approved(their_calendar, by.who, order_number="7").version
    return submitting.submit(version, letter_number="9", letter_date=TODAY, today=TODAY, by=neighbour.who)[0]


def owed(rule_id: str, body: Organisation, period: str = "2027") -> Duty:
    return factories.duty(rule_id, None, Subject.BODY, body.pk, period, dt.date(2027, 1, 31), body=body)


def typed(page, **more) -> dict:
    """The form as the page offers it, with what a person types."""
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode()).group(1)
    return {"letter_number": "17-5", "letter_date": "2027-01-25", "seen": seen} | more


def register(person, path: str, **more):
    address = f"{HERE}{path}"
    joint = "&" if "?" in path else "?"
    address = f"{address}{joint}year=2027"
    return person.client.post(address, typed(person.client.get(address), **more))


# -- Calendars --------------------------------------------------------------------------------------
def test_calendars_go_to_the_administration_and_meet_the_duty(ours, theirs, bodies, reviewer, land):
    duty = owed("826-5.1.h1", bodies[0])

    answer = register(reviewer, "calendars/")

    sent = Dispatch.objects.get()
    assert answer.status_code == 302
    assert (sent.number, sent.letter_number, sent.complete, sent.registered_by) == (1, "17-5", True, reviewer.user)
    assert [row["order_number"] for row in sent.data["rows"]] == ["7", "1-ө"]
    duty.refresh_from_db()
    assert duty.met_on == dt.date(2027, 1, 25)
    assert Evidence.objects.get().number == "17-5"


def test_a_missing_region_is_named_and_must_be_confirmed_and_the_duty_stays_open(ours, bodies, reviewer, land):
    duty = owed("826-5.1.h1", bodies[0])

    page = reviewer.client.get(f"{HERE}calendars/", {"year": 2027})
    refused = register(reviewer, "calendars/")
    assert land.N.name("en") in page.content.decode()
    assert (refused.status_code, Dispatch.objects.count()) == (422, 0)

    register(reviewer, "calendars/", confirmed="on")
    assert Dispatch.objects.get().complete is False
    duty.refresh_from_db()
    assert duty.met_on is None


def test_a_returned_calendar_is_missing(ours, theirs, bodies, reviewer):
    submitting.return_with_remarks(ours, text="Line d is empty", seen=ours.lock, today=TODAY, by=reviewer.who)

    register(reviewer, "calendars/", confirmed="on")

    assert [row["why"] for row in Dispatch.objects.get().data["missing"]] == ["returned"]


def test_what_changed_meanwhile_is_shown_anew(ours, theirs, bodies, reviewer, our_calendar, approver, editor):
    address = f"{HERE}calendars/?year=2027"
    form = typed(reviewer.client.get(address))
    correct(our_calendar, approver, editor)

    answer = reviewer.client.post(address, form)

    assert (answer.status_code, Dispatch.objects.count()) == (409, 0)
    assert 'value="17-5"' in answer.content.decode()
    assert reviewer.client.post(address, typed(answer)).status_code == 302


def test_a_later_version_needs_a_change_and_a_reason(ours, theirs, bodies, reviewer, our_calendar, approver, editor):
    register(reviewer, "calendars/")
    same = register(reviewer, "calendars/", reason="Again")
    correct(our_calendar, approver, editor)
    without = register(reviewer, "calendars/")
    register(reviewer, "calendars/", reason="A correction of our region")

    assert (same.status_code, without.status_code) == (422, 422)
    assert list(Dispatch.objects.order_by("number").values_list("number", "reason")) == [
        (1, ""),
        (2, "A correction of our region"),
    ]


def test_the_letter_and_the_archive_hold_what_was_registered(ours, theirs, bodies, reviewer, land):
    register(reviewer, "calendars/")
    sent = Dispatch.objects.get()

    for language in ("kk", "ru"):
        file = reviewer.client.get(f"{HERE}{sent.pk}/letter-{language}.docx")
        words = documents_text(file.content)
        assert land.O.name(language) in words
        assert "1-ө" in words
    assert reviewer.client.get(f"{HERE}{sent.pk}/bundle.zip").status_code == 302
    assert documents.put_together() == 1
    packed = zipfile.ZipFile(io.BytesIO(reviewer.client.get(f"{HERE}{sent.pk}/bundle.zip").content))
    assert sorted(name.rpartition("/")[2] for name in packed.namelist()) == [
        "310000000-2027-1.pdf",
        "310000000-2027-1.xlsx",
        "610000000-2027-1.pdf",
        "610000000-2027-1.xlsx",
        "calendars-2027-v1-kk.docx",
        "calendars-2027-v1-ru.docx",
    ]


def documents_text(data: bytes) -> str:
    paper = Document(io.BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in paper.paragraphs] + cells)


def test_the_administration_reads_what_was_sent_and_enters_its_number(ours, theirs, bodies, reviewer, administration):
    register(reviewer, "calendars/")
    sent = Dispatch.objects.get()
    page = administration.client.get(f"{HERE}{sent.pk}/")

    answer = administration.client.post(
        f"{HERE}{sent.pk}/received/", {"incoming_number": "А-44", "incoming_date": "2027-01-25", "lock": sent.lock}
    )

    assert (page.status_code, answer.status_code) == (200, 302)
    sent.refresh_from_db()
    assert (sent.incoming_number, sent.incoming_date) == ("А-44", dt.date(2027, 1, 25))


def test_a_duty_that_opens_after_the_letter_gets_its_evidence_by_the_clock(ours, theirs, bodies, reviewer):
    register(reviewer, "calendars/")
    duty = owed("826-5.1.h1", bodies[0])

    done = [prove_waiting(dt.date(2027, 1, 26)), prove_waiting(dt.date(2027, 1, 26))]

    duty.refresh_from_db()
    assert (done, duty.met_on) == ([1, 0], dt.date(2027, 1, 25))


# -- Issues of central level ------------------------------------------------------------------------
@pytest.fixture
def raised(land, government):
    """Issues of central level: of 2026, of its second half, of January 2027, and one that was solved in time."""
    ministry = raised_by.body()
    found = {}
    for name, on in (("old", "2026-03-10"), ("half", "2026-10-05"), ("new", "2027-01-11"), ("done", "2026-11-02")):
        day = dt.date.fromisoformat(on)
        issue = raised_by.issue(land.A, f"Мәселе {name}", level="central", raised_on=day, today=dt.date(2027, 1, 25))
        if name != "half":
            issues.route_central(
                issue, ministry, proposal_kk=f"Ұсыныс {name}", sent_on=max(day, dt.date(2026, 3, 12)),
                today=dt.date(2027, 1, 25), by=raised_by.CLOCK,
            )  # fmt: skip
        found[name] = issue
    issues.close_issue(
        found["done"], kind="explained", on=dt.date(2026, 12, 1), text_kk="Түсіндірілді",
        seen_version=raised_by.seen(found["done"]), today=dt.date(2027, 1, 25), by=raised_by.CLOCK,
    )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("superset", ["old", "half"]),
        ("reporting_year", ["old", "half", "done"]),
        ("previous_half", ["half", "done"]),
    ],
)
def test_each_reading_of_the_february_list_is_a_filter(raised, reviewer, scope, names):
    page = reviewer.client.get(f"{HERE}issues/2/", {"year": 2027, "scope": scope})

    assert [row["text_kk"] for row in page.context["rows"]] == [f"Мәселе {name}" for name in names]
    assert page.context["by_choice"] is (scope == "superset")


def test_the_list_meets_its_duty_and_its_proposals_theirs_once_none_is_missing(raised, government, reviewer):
    listed, proposed = owed("826-5.2.h1", government), owed("826-5.2.h2", government)

    register(reviewer, "issues/2/", confirmed="on")
    listed.refresh_from_db()
    proposed.refresh_from_db()
    assert (listed.met_on, proposed.met_on) == (dt.date(2027, 1, 25), None)

    issues.route_central(
        raised["half"], raised_by.body(), proposal_kk="Ұсыныс", sent_on=dt.date(2027, 1, 25),
        today=dt.date(2027, 1, 25), by=raised_by.CLOCK,
    )  # fmt: skip
    register(reviewer, "issues/2/", reason="The last proposal has come")
    proposed.refresh_from_db()
    assert proposed.met_on == dt.date(2027, 1, 25)


# -- Lists of bodies --------------------------------------------------------------------------------
def test_a_body_registers_its_own_list_with_its_address_and_not_that_of_another(raised, land, january):
    january.move_to(dt.datetime(2027, 4, 12, 5, tzinfo=dt.UTC))
    routing = raised["new"].routings.get()
    minister = Person(Role.CENTRAL_BODY, organisation=routing.organisation)
    duty = owed("826-5.3.h2", routing.organisation, "2027-Q1")
    texts = {"way_kk": "Жол", "course_kk": "Барыс"}
    for row in routing.organisation.routed_issues.all():
        issues.update_course(row, on=dt.date(2027, 3, 20), texts=texts, today=dt.date(2027, 4, 12), by=raised_by.CLOCK)

    path = f"bodies/1/{routing.organisation_id}/?origin=all"
    more = {"letter_date": "2027-04-12", "address": "https://gov.example/list"}
    answer = register(minister, path, **more)

    assert answer.status_code == 302
    sent = Dispatch.objects.get()
    assert [row["course_kk"] for row in sent.data["rows"]] == ["Барыс", "Барыс"]
    duty.refresh_from_db()
    assert duty.met_on == dt.date(2027, 4, 12)
    assert minister.client.get(f"{HERE}bodies/1/{raised_by.body().pk}/", {"year": 2027}).status_code == 404
    assert Person(Role.CENTRAL_BODY, organisation=raised_by.body()).client.get(f"{HERE}{sent.pk}/").status_code == 404


def test_a_list_without_offsite_meetings_is_empty_by_the_letter(raised, land, january, reviewer):
    january.move_to(dt.datetime(2027, 4, 12, 5, tzinfo=dt.UTC))
    body = raised["new"].routings.get().organisation

    strict = reviewer.client.get(f"{HERE}bodies/1/{body.pk}/", {"year": 2027, "origin": "offsite_only"})
    wide = reviewer.client.get(f"{HERE}bodies/1/{body.pk}/", {"year": 2027, "origin": "all"})

    assert (len(strict.context["rows"]), len(wide.context["rows"])) == (0, 2)


def test_pages_cost_as_many_queries_for_many_issues_as_for_few(raised, land, reviewer, django_assert_max_num_queries):
    client = reviewer.client
    paths = (f"{HERE}?year=2027", f"{HERE}issues/2/?year=2027", f"{HERE}bodies/1/?year=2027&origin=all")
    few = [asked(client, path, django_assert_max_num_queries) for path in paths]
    ministry = raised_by.body()
    for number in range(3):
        issue = raised_by.issue(
            land.A, f"Тағы {number}", level="central", raised_on=dt.date(2026, 10, 6), today=dt.date(2027, 1, 25)
        )
        issues.route_central(
            issue, ministry, proposal_kk="Ұсыныс", sent_on=dt.date(2026, 10, 7), today=dt.date(2027, 1, 25),
            by=raised_by.CLOCK,
        )  # fmt: skip

    assert [asked(client, path, django_assert_max_num_queries) for path in paths] == few


def asked(client, path: str, counting) -> int:
    client.get(path)
    with counting(60) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
