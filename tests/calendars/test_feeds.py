"""Calendars that people subscribe to: public ones of approved meetings, secret ones of a draft."""

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from calendars.ics import calendar_text, draft_event
from calendars.models import FeedLink, Meeting, MeetingState
from calendars.services import cancel

from .. import factories
from .approving import approved, fill

pytestmark = pytest.mark.usefixtures("january")


@pytest.fixture
def january():
    import time_machine

    with time_machine.travel(dt.datetime(2027, 1, 12, 5, tzinfo=dt.UTC), tick=False):
        yield


def events(answer) -> dict[str, dict]:
    assert answer.status_code == 200, answer.content
    return {str(e["uid"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}


def public(unit, **query):
    return Client().get(f"/feeds/public/{unit.code}.ics", query)


def test_nothing_is_public_before_the_approval(our_calendar, land):
    fill(our_calendar, land)

    assert events(public(land.O)) == {}


def test_approved_meetings_are_public_with_hour_in_utc_and_place(our_calendar, land, approver):
    first, second, *_rest = fill(our_calendar, land)
    approved(our_calendar, approver.who)

    answer = public(land.O)
    found = events(answer)

    assert b"DTSTART:20270310T050000Z" in answer.content
    assert len(found) == 5
    event = found[f"meeting-{first.pk}@akim-meetings"]
    # 10:00 in Almaty (+5).
    assert event["dtstart"].dt == dt.datetime(2027, 3, 10, 5, tzinfo=dt.UTC)
    assert event["dtend"].dt == dt.datetime(2027, 3, 10, 7, tzinfo=dt.UTC)
    assert "Raion (қаз)" in event["location"]
    assert "Raion (рус)" in event["description"]
    assert event["status"] == "CONFIRMED"
    whole_day = found[f"meeting-{second.pk}@akim-meetings"]
    assert whole_day["dtstart"].dt == dt.date(2027, 4, 14)
    assert whole_day["dtend"].dt == dt.date(2027, 4, 15)


def test_a_units_feed_holds_its_own_meetings_only(our_calendar, land, approver):
    rows = fill(our_calendar, land)
    approved(our_calendar, approver.who)

    assert set(events(public(land.A))) == {f"meeting-{rows[2].pk}@akim-meetings"}
    assert len(events(public(land.R))) == 4


def test_the_same_rows_give_the_same_bytes(our_calendar, land, approver):
    fill(our_calendar, land)
    approved(our_calendar, approver.who)

    assert public(land.O).content == public(land.O).content


def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence(our_calendar, land, approver):
    first, *_rest = fill(our_calendar, land)
    approved(our_calendar, approver.who)
    before = events(public(land.O))[f"meeting-{first.pk}@akim-meetings"]
    Meeting.objects.filter(pk=first.pk).update(date=dt.date(2027, 3, 17))
    approved(our_calendar, approver.who)

    after = events(public(land.O))[f"meeting-{first.pk}@akim-meetings"]

    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert after["dtstart"].dt.date() == dt.date(2027, 3, 17)


def test_a_cancelled_meeting_is_told_as_cancelled(our_calendar, land, approver):
    first, *_rest = fill(our_calendar, land)
    approved(our_calendar, approver.who)
    planned = Meeting.objects.select_related("holder", "calendar").get(pk=first.pk)
    cancel(planned, reason="Flood", seen_version=1, by=approver.who)
    approved(our_calendar, approver.who)

    event = events(public(land.O))[f"meeting-{first.pk}@akim-meetings"]

    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 2


def test_drafts_and_remarks_never_reach_the_public_feed(our_calendar, land, approver):
    first, *_rest = fill(our_calendar, land)
    Meeting.objects.filter(pk=first.pk).update(remarks="Ask Akhmetov, +7 701 000 00 00")
    approved(our_calendar, approver.who)
    factories.meeting(our_calendar, land.O, land.K, dt.date(2027, 9, 1), address="SECRET HALL")
    Meeting.objects.filter(pk=first.pk).update(address="SECRET HALL")

    text = public(land.O).content.decode()

    assert "SECRET" not in text
    assert "Akhmetov" not in text


def test_lines_are_folded_at_seventy_five_octets_and_keep_every_letter(our_calendar, land, approver):
    address = "Мәдениет үйі, Ғабит Мүсірепов көшесі, 17/1; зал № 2, «Қызғалдақ» \\ кіреберіс\n" * 3
    first, *_rest = fill(our_calendar, land)
    Meeting.objects.filter(pk=first.pk).update(address=address[:300])
    approved(our_calendar, approver.who)

    answer = public(land.O)

    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert address[:300].strip() in events(answer)[f"meeting-{first.pk}@akim-meetings"]["location"]


def test_a_program_that_has_the_feed_is_told_that_nothing_changed(our_calendar, land, approver):
    fill(our_calendar, land)
    approved(our_calendar, approver.who)
    first = public(land.O)

    again = Client().get(f"/feeds/public/{land.O.code}.ics", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert "max-age" in first["Cache-Control"]
    assert not first.cookies


def test_an_unknown_unit_has_no_feed(db):
    assert Client().get("/feeds/public/000000000.ics").status_code == 404


@pytest.fixture
def link(editor, land):
    return FeedLink.objects.create(post=editor.post, territory=land.O, secret="s" * 43)


def test_the_secret_feed_shows_the_draft_to_its_holder(our_calendar, land, link):
    fill(our_calendar, land)
    factories.meeting(our_calendar, land.A, land.a1, state=MeetingState.PROPOSED)

    found = events(Client().get(f"/feeds/{link.secret}.ics"))

    assert len(found) == 6
    assert {str(e["status"]) for e in found.values()} == {"TENTATIVE"}
    link.refresh_from_db()
    assert link.last_read_at is not None


@pytest.mark.parametrize("end", ["revoked", "post over", "account closed", "unknown"])
def test_the_secret_address_dies_with_the_post_and_by_revocation(our_calendar, land, link, editor, end):
    secret = link.secret
    if end == "revoked":
        FeedLink.objects.update(revoked_at=dt.datetime.now(dt.UTC))
    elif end == "post over":
        editor.post.valid_to = dt.date(2027, 1, 11)
        editor.post.save(update_fields=["valid_to"])
    elif end == "account closed":
        editor.user.is_active = False
        editor.user.save(update_fields=["is_active"])
    else:
        secret = "t" * 43

    assert Client().get(f"/feeds/{secret}.ics").status_code == 404


def test_a_secret_feed_never_shows_more_than_its_post(our_calendar, their_calendar, land, raion_office):
    fill(our_calendar, land)
    factories.meeting(their_calendar, land.N, land.NR)
    FeedLink.objects.create(post=raion_office.post, territory=land.O, secret="u" * 43)
    FeedLink.objects.create(post=raion_office.post, territory=land.R, secret="v" * 43)

    assert Client().get(f"/feeds/{'u' * 43}.ics").status_code == 404
    assert len(events(Client().get(f"/feeds/{'v' * 43}.ics"))) == 4


def test_what_is_typed_comes_back_out_of_the_file_and_no_line_is_too_long(land, our_calendar):
    typed = "Мектеп; 1-қабат, \\N «зал» \\ ^ " + "ұзақ атау " * 30 + "\nекінші жол"
    meeting = factories.meeting(our_calendar, land.A, land.a1, address=typed[:300])
    text = calendar_text("x", [draft_event(meeting, cancelled=False)])
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["location"]).endswith(typed[:300].replace("\\N", "\n"))
