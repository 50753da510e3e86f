"""The maslikhat opens the link of its letter and acknowledges: what counts, what does not, what the link may not do."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from calendars.models import MaslikhatNotice, Meeting
from calendars.services import notify
from journal.models import Entry, Notice

from .. import factories
from .approving import TODAY, approved, fill


@pytest.fixture
def version(our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "maslikhat@example.kz")
    return approved(our_calendar, approver.who).version


def link(notice: Notice) -> str:
    """The address behind the button, as the secretary would click it."""
    return re.search(r"http://testserver(/ack/[^?\s\"]+)", notice.body_text)[1]


@pytest.fixture
def letter(version):
    return Notice.objects.get(kind="calendar_approved")


@pytest.fixture
def row(version):
    return MaslikhatNotice.objects.get(version=version)


def test_the_letter_is_one_for_the_address_in_both_languages(letter):
    assert letter.recipient_email == "maslikhat@example.kz"
    assert "Oblast (қаз)" in letter.subject
    assert "Oblast (рус)" in letter.subject
    assert "1-ө" in letter.body_text
    assert letter.confidential
    assert [f.content_type for f in letter.files.all()][-1] == "text/calendar"


def test_only_the_digest_of_the_link_is_kept(letter, row):
    token = link(letter).rsplit("/", 1)[1]

    assert row.token_digest == notify.digest_of(token)
    assert token not in str(MaslikhatNotice.objects.values().get())


def test_opening_the_link_many_times_changes_nothing(letter, row, django_assert_num_queries):
    before = MaslikhatNotice.objects.values().get()
    entries = Entry.objects.count()
    scanner = Client(headers={"user-agent": "MailScanner"})

    for _time in range(3):
        assert scanner.get(link(letter)).status_code == 200
        assert scanner.head(link(letter)).status_code == 200

    assert MaslikhatNotice.objects.values().get() == before
    assert Entry.objects.count() == entries


def test_the_button_acknowledges_without_account_and_without_cookie(letter, row):
    answer = Client(enforce_csrf_checks=True).post(
        link(letter) + "?lang=ru", {"name": "А. Секретарь", "number": "17/2"}, headers={"origin": "null"}
    )

    row.refresh_from_db()
    assert answer.status_code == 200
    assert (row.acknowledged_name, row.acknowledged_number) == ("А. Секретарь", "17/2")
    assert row.acknowledged_from == "127.0.0.1"
    assert Entry.objects.filter(action="maslikhat.acknowledged").count() == 1


def test_a_name_is_asked_for(letter, row):
    answer = Client().post(link(letter), {"name": " "})

    row.refresh_from_db()
    assert answer.status_code == 422
    assert row.acknowledged_at is None


def test_a_second_click_shows_what_is_recorded_and_changes_nothing(letter, row):
    Client().post(link(letter), {"name": "First"})
    answer = Client().post(link(letter), {"name": "Second"})

    row.refresh_from_db()
    assert answer.status_code == 200
    assert row.acknowledged_name == "First"
    assert "First" in answer.content.decode()
    assert "<form" not in answer.content.decode()
    assert Entry.objects.filter(action="maslikhat.acknowledged").count() == 1


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"), lambda t: "nonsense", lambda t: "x" * 500],
    ids=["one letter", "nonsense", "too long"],
)
def test_an_altered_link_answers_like_an_unknown_one(letter, spoil):
    good = link(letter)
    head, token = good.rsplit("/", 1)

    for method in ("get", "post"):
        altered = getattr(Client(), method)(f"{head}/{spoil(token)}")
        unknown = getattr(Client(), method)(f"{head}/{'A' * 43}")
        assert altered.status_code == unknown.status_code == 404
        assert altered.content == unknown.content


def test_an_expired_link_says_so_and_acknowledges_nothing(letter, row):
    MaslikhatNotice.objects.update(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))

    shown, posted = Client().get(link(letter)), Client().post(link(letter), {"name": "Late"})

    row.refresh_from_db()
    assert (shown.status_code, posted.status_code) == (200, 410)
    assert row.acknowledged_at is None
    assert Client().get(link(letter) + "/calendar.ics").status_code == 404


def test_a_revoked_link_shows_nothing_of_the_calendar(letter, row, editor):
    notify.revoke(row, reason="Wrong address", by=editor.who)

    shown = Client().get(link(letter)).content.decode()

    assert "1-ө" not in shown
    assert Client().post(link(letter), {"name": "Stranger"}).status_code == 410
    assert Client().get(link(letter) + "/calendar.ics").status_code == 404


def test_the_link_of_an_older_version_points_to_the_newer_one(letter, row, our_calendar, approver):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(address="Hall 2")
    approved(our_calendar, approver.who, order_number="77-ө")

    shown = Client().get(link(letter) + "?lang=en").content.decode()

    assert "version 2" in shown
    assert "77-ө" in shown
    assert Client().post(link(letter), {"name": "Old"}).status_code == 410


def test_a_correction_is_a_letter_of_its_own_that_tells_the_difference(letter, our_calendar, approver):
    Meeting.objects.filter(calendar=our_calendar, number=1).update(date=dt.date(2027, 3, 17))
    approved(our_calendar, approver.who)

    later = Notice.objects.get(kind="calendar_corrected")

    assert "10.03.2027" not in letter.body_text
    assert "2027 ж." in later.body_text or "17.03.2027" in later.body_text
    assert "№ 1" in later.body_text
    assert "№ 2," not in later.body_text


def test_the_page_keeps_its_address_to_itself(letter):
    answer = Client().get(link(letter))

    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


@pytest.mark.parametrize(("asked", "lang"), [("kk", "kk"), ("ru", "ru"), ("de", "kk")])
def test_the_page_speaks_the_language_that_was_chosen(letter, asked, lang):
    answer = Client().get(link(letter) + f"?lang={asked}")

    assert f'<html lang="{lang}">' in answer.content.decode()


def test_the_calendar_can_be_taken_from_the_page(letter):
    ics = Client().get(link(letter) + "/calendar.ics")

    assert ics.status_code == 200
    assert ics.content.startswith(b"BEGIN:VCALENDAR")
    assert ics["Content-Disposition"].startswith("attachment")
    assert ics["X-Content-Type-Options"] == "nosniff"


def test_without_an_address_the_approval_stands_and_the_journal_says_that_nobody_was_told(our_calendar, land, approver):
    fill(our_calendar, land)
    version = approved(our_calendar, approver.who).version

    assert version.number == 1
    assert not MaslikhatNotice.objects.exists()
    assert Entry.objects.filter(action="maslikhat.unreachable").exists()


def test_an_address_entered_later_can_be_notified_with_one_click(our_calendar, land, approver, editor):
    fill(our_calendar, land)
    version = approved(our_calendar, approver.who).version
    factories.maslikhat(land.O, "late@example.kz")

    first = notify.notify_now(version, by=editor.who, today=TODAY)
    second = notify.notify_now(version, by=editor.who, today=TODAY)

    assert [r.address for r in first] == ["late@example.kz"]
    assert second == []
    assert Notice.objects.count() == 1


def test_sending_again_ends_the_older_link(letter, row, version, editor):
    again = notify.resend(version, address=" Maslikhat@Example.kz", by=editor.who, today=TODAY)

    row.refresh_from_db()
    assert (row.revoked_at is not None, again.issue) == (True, 2)
    assert Notice.objects.filter(kind="calendar_approved").count() == 2
    assert Client().post(link(letter), {"name": "Old letter"}).status_code == 410


def test_sending_to_a_new_address_makes_it_a_mailbox_of_the_maslikhat(version, editor):
    row = notify.resend(version, address="second@example.kz", language="ru", by=editor.who, today=TODAY)

    assert row.mailbox.organisation == row.maslikhat
    assert row.mailbox.language == "ru"
    assert "Oblast (қаз)" not in row.notice.subject


def test_a_nonsense_address_is_refused_at_its_field(version, editor):
    with pytest.raises(ValidationError) as refused:
        notify.resend(version, address="not an address", by=editor.who, today=TODAY)

    assert list(refused.value.message_dict) == ["address"]


def test_an_address_that_cannot_be_written_to_does_not_undo_the_approval(our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "маслихат@example.kz", "good@example.kz")

    version = approved(our_calendar, approver.who).version

    rows = {r.address: r.notice for r in version.notices.all()}
    assert rows["маслихат@example.kz"] is None
    assert rows["good@example.kz"] is not None
    assert "маслихат@example.kz" in Entry.objects.get(action="maslikhat.not_notified").reason


@pytest.mark.parametrize(("copies", "addresses"), [(False, {"o@example.kz"}), (True, {"o@example.kz", "r@example.kz"})])
def test_raion_maslikhats_get_copies_only_where_the_house_wants_it(
    our_calendar, land, approver, settings, copies, addresses
):
    settings.MASLIKHAT_COPIES_TO_RAIONS = copies
    fill(our_calendar, land)
    factories.maslikhat(land.O, "o@example.kz")
    factories.maslikhat(land.R, "r@example.kz")
    factories.maslikhat(land.N, "n@example.kz")

    approved(our_calendar, approver.who)

    assert set(Notice.objects.values_list("recipient_email", flat=True)) == addresses


def test_a_mailbox_out_of_use_gets_no_letter(our_calendar, land, approver):
    fill(our_calendar, land)
    body = factories.maslikhat(land.O, "old@example.kz", "new@example.kz")
    body.mailboxes.filter(address="old@example.kz").update(active=False)

    approved(our_calendar, approver.who)

    assert [n.recipient_email for n in Notice.objects.all()] == ["new@example.kz"]


def test_the_secretary_with_an_account_acknowledges_under_his_post(row, secretary):
    done, fresh = notify.acknowledge(row, name="Secretary", by=secretary.who, now=dt.datetime.now(dt.UTC))

    assert fresh
    assert done.acknowledged_by == secretary.user


def test_another_maslikhats_secretary_cannot_acknowledge(row, land):
    from territories.models import Role

    from ..cast import Person

    stranger = Person(Role.MASLIKHAT, land.N)

    with pytest.raises(PermissionDenied):
        notify.acknowledge(row, name="Stranger", by=stranger.who, now=dt.datetime.now(dt.UTC))
    assert not MaslikhatNotice.objects.visible_to(stranger.who).exists()


@pytest.mark.parametrize("person", ["neighbour", "raion_office", "reviewer", "secretary"])
def test_only_the_region_itself_resends_and_revokes(row, version, person, request):
    who = request.getfixturevalue(person).who

    with pytest.raises(PermissionDenied):
        notify.resend(version, address="x@example.kz", by=who, today=TODAY)
    with pytest.raises(PermissionDenied):
        notify.revoke(row, reason="", by=who)


def test_neither_delivery_nor_a_bounce_nor_an_automatic_reply_acknowledges(letter, row):
    Notice.objects.update(state=Notice.State.SENT, sent_at=dt.datetime.now(dt.UTC), bounce_text="Out of office")

    row.refresh_from_db()
    assert row.acknowledged_at is None


def test_the_letter_breaks_no_header_whatever_the_order_is_called(our_calendar, land, approver):
    fill(our_calendar, land)
    factories.maslikhat(land.O, "m@example.kz")

    approved(our_calendar, approver.who, order_number="5\r\nBcc: all@example.kz <b>")

    letter = Notice.objects.get()
    assert "\n" not in letter.subject
    assert "<b>" not in letter.body_html
    assert "&lt;b&gt;" in letter.body_html


def test_a_letter_that_has_not_left_is_called_back_when_its_link_ends(row, letter, approver):
    notify.revoke(row, reason="Wrong address", by=approver.who)
    letter.refresh_from_db()
    assert letter.state == "cancelled"


@pytest.mark.parametrize("state", ["leased", "dot", "doubtful", "sent", "failed"])
def test_a_letter_that_may_have_left_keeps_its_state_when_its_link_ends(row, letter, approver, state):
    Notice.objects.update(state=state)
    notify.revoke(row, reason="Wrong address", by=approver.who)
    letter.refresh_from_db()
    assert letter.state == state
