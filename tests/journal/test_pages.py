"""The pages of letters and of the journal, seen by those inside and outside the unit."""

import re

import pytest
from django.urls import reverse

from journal.actors import Actor
from journal.delivery import drain
from journal.models import Entry, Notice
from journal.services import Attachment, record

State = Notice.State


@pytest.fixture
def our_letter(letter, land):
    return letter(
        "maslikhat@ours.example",
        title="Біздің күнтізбе",
        scope_path=land.O.path,
        attachments=[Attachment("күнтізбе.xlsx", "application/vnd.ms-excel", b"PK-ours")],
    )


@pytest.fixture
def their_letter(letter, land):
    return letter("maslikhat@theirs.example", title="Letter of the neighbours", scope_path=land.N.path)


def test_staff_see_the_letters_of_their_own_unit_only(editor, our_letter, their_letter):
    page = editor.client.get(reverse("journal:outbox")).content.decode()
    assert "Біздің күнтізбе" in page
    assert "neighbours" not in page


def test_a_national_reader_sees_the_letters_of_all(administrator, our_letter, their_letter):
    page = administrator.client.get(reverse("journal:outbox")).content.decode()
    assert "Біздің күнтізбе" in page
    assert "neighbours" in page


def test_the_list_asks_the_same_number_of_questions_for_one_letter_and_for_thirty(
    editor, letter, land, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert editor.client.get(reverse("journal:outbox")).status_code == 200
        return len(seen)

    letter(scope_path=land.O.path)
    few = questions()
    for number in range(30):
        letter(f"user{number}@ours.example", scope_path=land.O.path)
    assert questions() == few


def test_delivery_is_told_in_words_with_the_servers_last_answer(editor, our_letter, relay):
    relay.modes = ["550-rcpt"]
    drain()
    page = editor.client.get(reverse("journal:outbox")).content.decode()
    assert "Refused" in page
    assert "no such user" in page
    page = editor.client.get(reverse("journal:notice", args=[our_letter.pk])).content.decode()
    assert "refused this letter for good" in page
    assert "550 5.1.1 no such user" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=pending", True),
        ("state=sent", False),
        ("q=maslikhat@ours", True),
        ("q=nobody", False),
        ("kind=hello", True),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
        ("since=not-a-day&state=nonsense", True),
        ("page=999", True),
    ],
)
def test_letters_are_found_by_what_is_known_of_them(editor, our_letter, query, found):
    response = editor.client.get(f"{reverse('journal:outbox')}?{query}")
    assert response.status_code == 200
    assert ("Біздің күнтізбе" in response.content.decode()) is found


@pytest.mark.parametrize("name", ["notice", "notice_html", "notice_eml"])
def test_a_letter_of_the_neighbours_does_not_exist_for_us(editor, their_letter, name):
    assert editor.client.get(reverse(f"journal:{name}", args=[their_letter.pk])).status_code == 404
    assert editor.client.get(reverse(f"journal:{name}", args=[2**70])).status_code == 404


def test_the_html_of_a_letter_can_do_nothing_in_its_frame(editor, our_letter):
    response = editor.client.get(reverse("journal:notice_html", args=[our_letter.pk]))
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "sandbox" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "<p>Сәлеметсіз бе!</p>" in response.content.decode()


def test_a_letter_can_be_taken_along_as_a_file_with_its_attachments(editor, our_letter):
    response = editor.client.get(reverse("journal:notice_eml", args=[our_letter.pk]))
    assert response["Content-Type"] == "message/rfc822"
    assert our_letter.message_id.encode() in response.content
    file = editor.client.get(reverse("journal:notice_file", args=[our_letter.pk, 0]))
    assert file.content == b"PK-ours"
    assert "filename*=UTF-8''%D0%BA%D2%AF%D0%BD" in file["Content-Disposition"]
    assert editor.client.get(reverse("journal:notice_file", args=[our_letter.pk, 1])).status_code == 404


def test_links_that_act_are_hidden_from_everybody_but_the_addressee(administrator, letter, settings):
    settings.DEMO = False
    secret = letter(confidential=True, text="Растаңыз: https://akimat.example/ack/abc123 рахмет")
    for name in ("notice", "notice_html", "notice_eml"):
        body = administrator.client.get(reverse(f"journal:{name}", args=[secret.pk])).content
        assert b"abc123" not in body
        assert b"YWJjMTIz" not in body
    assert "рахмет" in administrator.client.get(reverse("journal:notice", args=[secret.pk])).content.decode()


def test_in_a_demonstration_the_written_letter_shows_its_link(editor, letter, land, settings):
    settings.DEMO = True
    secret = letter(confidential=True, text="https://akimat.example/ack/abc123", scope_path=land.O.path)
    drain()
    eml = editor.client.get(reverse("journal:notice_eml", args=[secret.pk])).content
    import email
    from email import policy

    text = email.message_from_bytes(eml, policy=policy.default).get_body(("plain",)).get_content()
    assert "ack/abc123" in text


def test_an_administrator_sends_again_what_was_refused(administrator, relay, our_letter):
    relay.modes = ["550-rcpt"]
    drain()
    page = administrator.client.get(reverse("journal:notice", args=[our_letter.pk])).content.decode()
    assert "Send now" in page
    administrator.client.post(reverse("journal:notice_retry", args=[our_letter.pk]), {"reason": "мекенжай"})
    drain()
    our_letter.refresh_from_db()
    assert our_letter.state == State.SENT
    assert relay.accepted == {our_letter.message_id: 1}
    entry = Entry.objects.get(action="notice.retried")
    assert (entry.was, entry.became) == ({"state": "failed"}, {"state": "pending"})
    assert entry.actor == administrator.user


def test_staff_may_look_but_not_touch(editor, our_letter):
    assert "Do not send" not in editor.client.get(reverse("journal:notice", args=[our_letter.pk])).content.decode()
    for name in ("notice_retry", "notice_cancel", "notice_put_aside"):
        assert editor.client.post(reverse(f"journal:{name}", args=[our_letter.pk])).status_code == 403
    assert editor.client.post(reverse("journal:release")).status_code == 403
    our_letter.refresh_from_db()
    assert our_letter.state == State.PENDING


def test_a_cancelled_letter_is_never_sent(administrator, our_letter, relay):
    administrator.client.post(reverse("journal:notice_cancel", args=[our_letter.pk]))
    drain()
    our_letter.refresh_from_db()
    assert our_letter.state == State.CANCELLED
    assert relay.accepted == {}


def test_a_letter_that_is_already_gone_cannot_be_cancelled(administrator, our_letter, relay):
    drain()
    response = administrator.client.post(reverse("journal:notice_cancel", args=[our_letter.pk]), follow=True)
    assert "cannot be changed now" in response.content.decode()


def test_a_letter_put_aside_waits_until_somebody_sends_it(administrator, our_letter, relay):
    administrator.client.post(reverse("journal:notice_put_aside", args=[our_letter.pk]))
    assert drain() == {}
    administrator.client.post(reverse("journal:notice_retry", args=[our_letter.pk]))
    assert drain() == {"sent": 1}


def test_nothing_is_changed_by_opening_an_address(administrator, our_letter):
    for name in ("notice_retry", "notice_cancel", "notice_put_aside"):
        assert administrator.client.get(reverse(f"journal:{name}", args=[our_letter.pk])).status_code == 405


def test_the_public_sees_none_of_it(nobody, our_letter):
    for name, args in (("outbox", []), ("entries", []), ("notice", [our_letter.pk])):
        response = nobody.get(reverse(f"journal:{name}", args=args))
        assert response.status_code == 302
        assert "login" in response["Location"]


# -- The journal ----------------------------------------------------------------------------------


@pytest.fixture
def our_change(editor, land):
    return record(
        editor.who.actor,
        "notice.retried",
        land.R,
        was={"name_ru": "Старое имя", "valid_from": "2026-01-31"},
        became={"name_ru": "Новое имя", "valid_from": "2027-02-28"},
        reason="қаулы № 7",
        basis="826 п. 2",
        scope_path=land.R.path,
    )


def test_the_journal_tells_who_what_was_and_what_became(editor, our_change):
    page = editor.client.get(reverse("journal:entries")).content.decode()
    for words in ("Старое имя", "Новое имя", "28.02.2027", "қаулы № 7", "826 п. 2", "127.0.0.1"):
        assert words in page
    assert str(editor.user) in page
    assert str(editor.post) in page
    assert "Letter sent again" in page, "the verb is told in words"
    assert "notice.retried" not in re.sub(r"<option[^>]*>", "", page)


def test_the_neighbours_do_not_see_our_changes(neighbour, our_change, land):
    assert "Новое имя" not in neighbour.client.get(reverse("journal:entries")).content.decode()
    piece = neighbour.client.get(reverse("journal:history", args=["territories.territory", land.R.pk]))
    assert "Новое имя" not in piece.content.decode()


def test_the_history_of_one_thing_is_a_piece_for_its_page(editor, our_change, land):
    piece = editor.client.get(reverse("journal:history", args=["territories.territory", land.R.pk]))
    assert "Новое имя" in piece.content.decode()
    assert "<html" not in piece.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=notice.retried", True),
        ("action=notice.cancelled", False),
        ("what=raion", True),
        ("who=nobody-of-that-name", False),
        ("object_type=territories.territory", True),
        ("batch=11111111-1111-1111-1111-111111111111", False),
        ("batch=nonsense", True),
        ("before=1", False),
        ("before=99999999999999999999999", True),
    ],
)
def test_changes_are_found_by_what_is_known_of_them(editor, our_change, query, found):
    response = editor.client.get(f"{reverse('journal:entries')}?{query}")
    assert response.status_code == 200
    assert ("Новое имя" in response.content.decode()) is found


def test_a_long_journal_is_leafed_through(editor, land):
    for number in range(60):
        record(Actor.system("sweep"), "duty.opened", object_text=f"thing {number:03}", scope_path=land.O.path)
    first = editor.client.get(reverse("journal:entries")).content.decode()
    assert "thing 059" in first
    assert "thing 009" not in first
    older = re.search(r'rel="next" href="(\?[^"]+)"', first)[1]
    second = editor.client.get(reverse("journal:entries") + older).content.decode()
    assert "thing 009" in second
    assert "thing 059" not in second
