"""What becomes of a letter when the relay behaves, and when it does not."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from journal.conf import outbox as conf
from journal.delivery import drain, reap, sending
from journal.delivery.outcomes import RelayAway
from journal.delivery.relay import let_rest, rests_for
from journal.models import Notice, NoticeAttempt, OutboxControl
from journal.services import Attachment, call_back, retry

State = Notice.State


def state_of(notice) -> str:
    notice.refresh_from_db()
    return notice.state


def history(notice) -> list[str]:
    return [attempt.outcome for attempt in notice.history.all()]


def go_on(rounds=1, wait=0.03):
    """Let the timetable tick: drain and reap, with the pauses of the tests in between."""
    for _round in range(rounds):
        time.sleep(wait)
        drain()
        reap()


def test_a_letter_is_accepted_once_and_says_when(relay, letter):
    notice = letter()
    assert drain() == {"sent": 1}
    assert state_of(notice) == State.SENT
    assert notice.sent_at is not None
    assert notice.resolved_by == Notice.ResolvedBy.REPLY
    assert notice.last_reply == "250 2.0.0 queued"
    assert relay.accepted == {notice.message_id: 1}
    assert drain() == {}


def test_a_kazakh_subject_and_text_arrive_readable(relay, letter):
    letter(title="Түркістан облысының 2027 жылғы күнтізбесі", text="Құрметті әріптестер! Ұлы Ғабит.")
    drain()
    [sent] = relay.letters
    assert sent.isascii()
    message = relay.parsed(sent)
    assert message["Subject"] == "Түркістан облысының 2027 жылғы күнтізбесі"
    assert message["From"] == "Кездесулер <kezdesu@akimat.example>"
    assert message.get_body(("plain",)).get_content().strip() == "Құрметті әріптестер! Ұлы Ғабит."
    assert "<p>Құрметті" in message.get_body(("html",)).get_content()
    assert message["Auto-Submitted"] == "auto-generated"


def test_lines_that_begin_with_a_dot_survive(relay, letter, letters_folder):
    (letters_folder / "hello" / "body.html").unlink()
    letter(text=".\r\n..\r\n.end")
    drain()
    assert relay.parsed(relay.letters[0]).get_content().split() == [".", "..", ".end"]


def test_the_relay_is_asked_to_report_under_the_letters_own_name(relay, letter):
    notice = letter()
    drain()
    name = notice.message_id.strip("<>").split("@")[0]
    assert f"ENVID={name}" in relay.senders[0]
    assert "RET=HDRS" in relay.senders[0]
    assert "NOTIFY=FAILURE" in relay.recipients[0]


def test_letters_share_a_connection_and_never_an_addressee(relay, letter):
    for number in range(5):
        letter(f"user{number}@akimat.example")
    drain()
    assert relay.connections == 1
    assert relay.commands["RCPT"] == relay.commands["DATA"] == 5


def test_urgent_letters_leave_first(relay, letter):
    letter(title="Later", priority=9)
    letter(title="Now", priority=1)
    drain()
    assert relay.subjects() == ["Now", "Later"]


@pytest.mark.parametrize("mode", ["451-rcpt", "552-rcpt", "451-dot", "cut-data"])
def test_what_may_pass_is_tried_again_and_delivered_once(relay, letter, mode):
    # So long that the relay hangs up while we are still writing, whatever the speed of the machine.
    long = [Attachment("scan.pdf", "application/pdf", bytes(6_000_000))] if mode == "cut-data" else []
    notice = letter(attachments=long)
    relay.modes = [mode, mode]
    drain()
    assert state_of(notice) == State.PENDING
    assert notice.next_try is not None
    go_on(3)
    assert state_of(notice) == State.SENT
    assert notice.attempts == 3
    assert history(notice) == ["retry", "retry", "sent"]
    assert relay.accepted == {notice.message_id: 1}


@pytest.mark.parametrize(("mode", "reply"), [("550-rcpt", "no such user"), ("550-dot", "content refused")])
def test_a_refusal_for_good_is_final_and_visible(relay, letter, mode, reply):
    notice = letter()
    relay.modes = [mode]
    go_on(3)
    assert state_of(notice) == State.FAILED
    assert reply in notice.last_reply
    assert history(notice) == ["failed"]
    assert relay.accepted == {}


def test_one_bad_addressee_of_five_harms_nobody_else(relay, letter):
    notices = [letter(f"{name}@akimat.example") for name in ("a", "b", "nobody", "d", "e")]
    go_on(2)
    assert [state_of(notice) for notice in notices] == ["sent", "sent", "failed", "sent", "sent"]
    assert relay.accepted.total() == 4


def test_a_letter_refused_again_and_again_is_given_up_in_the_end(relay, letter, outbox):
    outbox(give_up_after=3)
    notice = letter()
    relay.modes = ["451-rcpt"] * 10
    go_on(5)
    assert state_of(notice) == State.FAILED
    assert notice.refusals == 2
    assert history(notice) == ["retry", "retry", "failed"]


@pytest.mark.parametrize("mode", ["421-mail", "421-greeting", "452-rcpt", "452-dot"])
def test_a_relay_that_has_too_much_is_left_alone_for_a_while(relay, letter, outbox, mode):
    outbox(relay_limit_seconds=(0.3, 0.3))
    notices = [letter(f"user{number}@akimat.example") for number in range(3)]
    relay.modes = [mode]
    assert drain() == {"relay away": 1}
    connections = relay.connections
    assert drain() == {}
    assert relay.connections == connections
    assert [state_of(notice) for notice in notices] == ["pending"] * 3
    assert notices[0].attempts == 0
    assert OutboxControl.objects.get().relay_faults == 1
    time.sleep(0.4)
    assert drain() == {"sent": 3}
    assert OutboxControl.objects.get().relay_faults == 0


@pytest.mark.parametrize("budget", [5.0, 0.2])
def test_a_drain_waits_for_a_relay_that_rests_only_briefly(relay, letter, outbox, budget):
    outbox(relay_limit_seconds=(0.3, 0.3), wait_for_relay=True)
    for number in range(3):
        letter(f"user{number}@akimat.example")
    relay.modes = ["421-greeting"]
    patient = {"relay away": 1, "sent": 3}
    assert drain(budget=budget) == (patient if budget > 1 else {"relay away": 1})
    assert OutboxControl.objects.get().relay_faults == (0 if budget > 1 else 1)


def test_what_is_sent_after_a_rest_makes_the_troubles_before_it_forgotten(relay, letter, outbox):
    outbox(relay_limit_seconds=(0.1, 0.1), wait_for_relay=True)
    for number in range(3):
        letter(f"user{number}@akimat.example")
    relay.modes = ["ok", "421-mail", "421-mail"]
    assert drain() == {"sent": 3, "relay away": 1}
    assert OutboxControl.objects.get().relay_faults == 0


def test_drains_side_by_side_count_the_same_trouble_once_and_share_its_rest(db, relay, outbox):
    outbox(relay_rest_seconds=(5, 500))
    for _worker in range(4):
        let_rest(conf(), RelayAway("connect", "refused", "rest"))
    control = OutboxControl.objects.get()
    assert control.relay_faults == 1
    assert 0 < rests_for(conf()) <= 6
    OutboxControl.objects.update(relay_resting_until=timezone.now() - timedelta(seconds=1))
    let_rest(conf(), RelayAway("connect", "refused", "rest"))
    assert OutboxControl.objects.get().relay_faults == 2
    assert 9 < rests_for(conf()) <= 12


def test_a_relay_that_is_down_costs_no_letter_anything(relay, letter):
    notice = letter()
    relay.refuse()
    go_on(5)
    assert state_of(notice) == State.PENDING
    assert notice.attempts == notice.refusals == 0
    assert "refused" in notice.last_reply
    assert history(notice) == ["retry"]
    relay.listen()
    go_on(2)
    assert state_of(notice) == State.SENT


def test_an_unknown_relay_is_a_fault_and_not_a_failed_letter(relay, letter, outbox):
    outbox(host="no-such-host.invalid")
    notice = letter()
    drain()
    assert state_of(notice) == State.PENDING
    assert "connect" in OutboxControl.objects.get().relay_reply


def test_a_relay_that_refuses_us_as_sender_fails_no_letter(relay, letter):
    notice = letter()
    relay.modes = ["550-mail"]
    drain()
    assert state_of(notice) == State.PENDING
    go_on(2)
    assert state_of(notice) == State.SENT


def test_a_silent_relay_blocks_for_one_step_only(relay, letter):
    notice = letter()
    relay.modes = ["silent"]
    began = time.monotonic()
    assert drain() == {"relay away": 1}
    assert 0.9 < time.monotonic() - began < 2
    go_on(2)
    assert state_of(notice) == State.SENT
    assert relay.accepted == {notice.message_id: 1}


def test_a_relay_that_drips_bytes_is_not_waited_for(relay, letter):
    relay.byte_seconds = 0.2
    notice = letter()
    relay.modes = ["slow"]
    began = time.monotonic()
    drain()
    assert time.monotonic() - began < 4
    go_on(2)
    assert state_of(notice) == State.SENT
    assert relay.accepted == {notice.message_id: 1}


@pytest.mark.parametrize("mode", ["accept-cut", "accept-late"])
def test_accepted_without_an_answer_is_settled_from_the_relays_log(relay, letter, outbox, mode):
    outbox(doubt_wait_seconds=600)
    notice = letter()
    relay.modes = [mode]
    assert drain() == {"doubtful": 1}
    assert state_of(notice) == State.DOUBTFUL
    assert reap() == {"found": 1}
    assert state_of(notice) == State.SENT
    assert notice.resolved_by == Notice.ResolvedBy.LOG
    assert notice.sent_at == notice.dot_at
    go_on(2)
    assert relay.accepted == {notice.message_id: 1}
    assert history(notice) == ["doubtful", "found"]


def test_what_the_log_does_not_know_waits_before_it_is_sent_again(relay, letter, outbox):
    outbox(doubt_wait_seconds=600)
    notice = letter()
    Notice.objects.update(state=State.DOUBTFUL, doubtful_at=notice.created_at)
    assert reap() == {}
    assert state_of(notice) == State.DOUBTFUL
    outbox(doubt_wait_seconds=0)
    assert reap() == {"absent": 1}
    drain()
    assert relay.accepted == {notice.message_id: 1}


def test_what_was_called_back_in_doubt_does_not_go_out_when_the_log_does_not_know_it(relay, letter, clerk):
    notice = letter()
    Notice.objects.update(state=State.DOUBTFUL, doubtful_at=notice.created_at)
    assert call_back(notice, by=clerk, reason="Sent again") is False, "nobody can tell yet"
    assert reap() == {"absent": 1, "called back": 1}
    go_on(2)
    assert state_of(notice) == State.CANCELLED
    assert history(notice) == ["absent", "recalled"]
    assert relay.accepted == {}


def test_what_was_called_back_in_doubt_has_been_sent_if_the_log_knows_it(relay, letter, clerk, outbox):
    outbox(doubt_wait_seconds=600)
    notice = letter()
    relay.modes = ["accept-cut"]
    drain()
    call_back(notice, by=clerk)
    assert reap() == {"found": 1}
    assert state_of(notice) == State.SENT


def test_a_letter_called_back_while_a_worker_has_it_is_not_handed_over(relay, letter, clerk, monkeypatch):
    notice = letter()
    build = sending.build

    def meanwhile(*words):
        call_back(notice, by=clerk, reason="Sent again")
        return build(*words)

    monkeypatch.setattr(sending, "build", meanwhile)
    assert drain() == {"fenced": 1}
    Notice.objects.update(lease_until=notice.created_at)
    go_on(2)
    assert state_of(notice) == State.CANCELLED
    assert relay.accepted == {}


def test_an_administrator_may_send_what_was_called_back(relay, letter, clerk):
    notice = letter()
    Notice.objects.update(state=State.DOUBTFUL, doubtful_at=notice.created_at)
    call_back(notice, by=clerk)
    retry(notice, by=clerk)
    drain()
    assert state_of(notice) == State.SENT


def test_without_a_log_the_doubtful_goes_out_again_and_says_so(relay, letter, outbox):
    outbox(doubt="resend")
    notice = letter()
    relay.modes = ["accept-cut"]
    drain()
    go_on(2)
    assert state_of(notice) == State.SENT
    assert history(notice) == ["doubtful", "resent", "sent"]
    assert relay.accepted == {notice.message_id: 2}, "the same Message-ID lets the reader's server fold them"


def test_an_unreadable_log_settles_nothing(relay, letter, outbox):
    notice = letter()
    relay.modes = ["accept-cut"]
    drain()
    outbox(relay_log="/nowhere/mail.log")
    assert reap() == {"log unreadable": 1}
    assert state_of(notice) == State.DOUBTFUL


def test_every_attempt_is_the_same_letter(relay, letter, outbox):
    outbox(doubt="resend")
    letter()
    relay.modes = ["accept-cut"]
    go_on(3)
    first, second = relay.letters
    assert first == second


def test_a_letter_that_cannot_be_built_fails_and_the_rest_goes_on(relay, letter):
    poison, good = letter(), letter()
    Notice.objects.filter(pk=poison.pk).update(headers={"X-Bad": "a\r\nBcc: everybody@example.kz"})
    drain()
    assert state_of(poison) == State.FAILED
    assert state_of(good) == State.SENT
    assert "Bcc" not in relay.letters[0].decode()


def test_a_letter_for_a_later_day_waits_for_it(relay, letter):
    from datetime import date

    notice = letter(earliest_day=date(2027, 1, 15))
    assert drain(today=date(2027, 1, 14)) == {}
    assert drain(today=date(2027, 1, 15)) == {"sent": 1}
    assert state_of(notice) == State.SENT


def test_a_letter_taken_by_a_worker_that_vanished_comes_back(relay, letter):
    notice = letter()
    Notice.objects.update(state=State.LEASED, lease_until=notice.created_at)
    assert reap() == {"freed": 1}
    drain()
    assert state_of(notice) == State.SENT
    assert history(notice) == ["expired", "sent"]


def test_a_letter_that_kills_its_workers_lets_others_go_first(relay, letter):
    poison = letter()
    Notice.objects.update(state=State.LEASED, lease_until=poison.created_at, attempts=5)
    reap()
    poison.refresh_from_db()
    assert poison.next_try is not None


def test_links_that_act_are_masked_once_delivered_and_the_words_stay(relay, letter):
    notice = letter(confidential=True, text="Растаңыз: https://akimat.example/ack/secret")
    drain()
    notice.refresh_from_db()
    assert notice.body_text == "Растаңыз: https://akimat.example/…\n"
    assert "secret" not in notice.body_html
    assert "ack/secret" in relay.parsed(relay.letters[0]).get_body(("plain",)).get_content()


def test_the_history_names_worker_step_and_answer(relay, letter):
    letter()
    relay.modes = ["451-rcpt"]
    drain(limit=1)
    attempt = NoticeAttempt.objects.get()
    assert attempt.step == "rcpt"
    assert attempt.reply == "451 4.7.1 greylisted, try again"
    assert "/" in attempt.worker
