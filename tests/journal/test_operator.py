"""The operator's hand: hold and release, the clock gate, the epoch, reconciliation, bounces, commands."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.core.management import execute_from_command_line as run
from django.utils import timezone

from journal import checks
from journal.actors import Actor
from journal.bounces import NotAMessage, Verdict, parse
from journal.delivery import drain, reap
from journal.models import Entry, Heartbeat, Notice, OutboxControl
from journal.queries import outbox_health
from journal.relay_log import LogUnreadable, seen
from journal.services import hold, reconcile, record_bounce, release
from tests.smtp_server import BOUNCE

pytestmark = pytest.mark.django_db
State = Notice.State


def command(*words) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


# -- Hold, epoch, clock ---------------------------------------------------------------------------


def test_nothing_leaves_while_mail_is_held(relay, letter, clerk):
    letter()
    hold(by=clerk, reason="restore of 21 November")
    assert drain() == {}
    assert relay.connections == 0
    assert Heartbeat.objects.get(name="drain").did == {"held": "restore of 21 November"}
    release(by=clerk)
    assert drain() == {"sent": 1}
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "outbox.held",
        "outbox.released",
    ]


def test_a_hold_in_the_middle_of_a_drain_stops_the_next_letter(relay, letter, clerk, monkeypatch):
    letter()
    letter()
    from journal.delivery import sending

    claim = sending.claim

    def claim_then_hold(*args, **options):
        taken = claim(*args, **options)
        OutboxControl.objects.update(held=True)
        return taken

    monkeypatch.setattr(sending, "claim", claim_then_hold)
    assert drain() == {"sent": 1}


def test_a_restored_database_sends_nothing_until_it_is_reconciled_and_released(relay, letter, outbox, clerk):
    outbox(epoch="after the restore")
    first, second = letter(), letter()
    OutboxControl.objects.create(pk=1, epoch="before the restore")
    relay.accept_letter(f"Message-ID: {first.message_id}\r\n\r\n".encode(), first.recipient_email)
    assert drain() == {}
    assert outbox_health().closed_by == "epoch"
    assert reconcile(by=clerk) == {"found": 1, "remaining": 1}
    release(by=clerk)
    drain()
    assert relay.accepted == {first.message_id: 1, second.message_id: 1}
    first.refresh_from_db()
    assert first.resolved_by == Notice.ResolvedBy.LOG


def test_a_new_installation_takes_its_epoch_by_itself(relay, letter, outbox):
    outbox(epoch="first")
    letter()
    assert drain() == {"sent": 1}
    assert OutboxControl.objects.get().epoch == "first"


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=365), timedelta(days=-3), timedelta(hours=-1)])
def test_a_clock_that_jumped_holds_mail_for_a_steady_hour(relay, letter, jump):
    letter()
    OutboxControl.objects.create(pk=1, clock_seen=timezone.now() - jump)
    assert drain() == {}
    assert outbox_health().closed_by == "clock"
    assert drain() == {}, "a second look does not call the jump the truth"
    OutboxControl.objects.update(held_at=timezone.now() - timedelta(minutes=61))
    assert drain() == {"sent": 1}
    assert outbox_health().closed_by == ""


@pytest.mark.parametrize("pause", [timedelta(minutes=1), timedelta(hours=25), timedelta(seconds=-60)])
def test_a_clock_that_merely_went_on_holds_nothing(relay, letter, pause):
    letter()
    OutboxControl.objects.create(pk=1, clock_seen=timezone.now() - pause)
    assert drain() == {"sent": 1}


def test_clocks_of_database_and_program_that_differ_let_nothing_out(relay, letter, monkeypatch):
    from journal.delivery import relay as gate

    letter()
    ahead = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr(gate, "database_now", lambda: ahead)
    assert drain() == {}
    assert "differ" in Heartbeat.objects.get(name="drain").did["held"]


def test_the_operators_hold_is_not_ended_by_the_clock(relay, letter, clerk):
    letter()
    hold(by=clerk, reason="by hand")
    OutboxControl.objects.update(clock_seen=timezone.now() - timedelta(days=3))
    drain()
    OutboxControl.objects.update(held_at=timezone.now() - timedelta(hours=2))
    assert drain() == {}
    assert outbox_health().closed_by == "operator"


def test_reconciling_without_a_log_says_so(letter, outbox, clerk):
    letter()
    outbox(transport="smtp", doubt="resend")
    with pytest.raises(ValueError, match="no witness"):
        reconcile(by=clerk)


# -- The relay's log ------------------------------------------------------------------------------

POSTFIX = """\
Nov 21 02:00:01 mx postfix/smtpd[11]: 4ABCD1: client=localhost[127.0.0.1]
Nov 21 02:00:01 mx postfix/cleanup[12]: 4ABCD1: message-id=<n.1@akimat.example>
Nov 21 02:00:01 mx postfix/qmgr[13]: 4ABCD1: from=<kezdesu@akimat.example>, size=900, nrcpt=1 (queue active)
Nov 21 02:00:02 mx postfix/cleanup[12]: 4ABCD2: message-id=<n.2@akimat.example>
Nov 21 02:00:02 mx postfix/smtpd[11]: lost connection after DATA (900 bytes) from localhost[127.0.0.1]
2026-11-21T02:00:03.1+05:00 mx postfix/submission/cleanup[12]: 4ABCD2: message-id=<n.3@akimat.example>
2026-11-21T02:00:03.2+05:00 mx postfix/qmgr[13]: 4ABCD2: from=<kezdesu@akimat.example>, size=9, nrcpt=1 (queue active)
"""


def test_postfix_names_a_letter_before_it_accepts_it_and_is_not_believed_too_early(outbox, tmp_path):
    from journal.conf import outbox as conf

    log = tmp_path / "mail.log"
    log.write_text(POSTFIX)
    outbox(relay_log=str(log), relay_log_format="postfix")
    wanted = [f"<n.{number}@akimat.example>" for number in (1, 2, 3, 4)]
    assert seen(wanted, conf()) == {"<n.1@akimat.example>", "<n.3@akimat.example>"}


def test_the_log_of_before_midnight_is_read_too(outbox, tmp_path):
    import gzip

    from journal.conf import outbox as conf

    (tmp_path / "mail.log").write_text("")
    (tmp_path / "mail.log.1").write_text(POSTFIX)
    outbox(relay_log=str(tmp_path / "mail.log"), relay_log_format="postfix")
    assert seen(["<n.1@akimat.example>"], conf()) == {"<n.1@akimat.example>"}
    (tmp_path / "mail.log.1").unlink()
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(POSTFIX.encode()))
    assert seen(["<n.1@akimat.example>"], conf()) == {"<n.1@akimat.example>"}


def test_a_log_that_is_not_there_proves_nothing(outbox, tmp_path):
    from journal.conf import outbox as conf

    outbox(relay_log=str(tmp_path / "nowhere"))
    with pytest.raises(LogUnreadable):
        seen(["<n.1@akimat.example>"], conf())


# -- What comes back ------------------------------------------------------------------------------


def test_a_bounce_is_written_down_against_its_letter(relay, letter, tmp_path, editor):
    notice = letter("gone@akimat.example")
    relay.modes = ["accept-bounce"]
    drain()
    report = tmp_path / "bounce.eml"
    report.write_bytes(relay.bounces[0])
    assert "bounced" in command("bounce", str(report))
    notice.refresh_from_db()
    assert notice.state == State.SENT, "the relay did accept it"
    assert notice.bounced_at is not None
    assert "5.1.1" in notice.bounce_text
    assert "Recipient address rejected" in notice.bounce_text
    assert outbox_health().bounced == 1
    before = notice.bounced_at
    command("bounce", str(report))
    notice.refresh_from_db()
    assert notice.bounced_at == before
    assert Entry.objects.filter(action="notice.bounced").count() == 1


def test_a_report_with_the_whole_letter_or_only_our_envelope_name_is_understood(letter, clerk):
    notice = letter()
    whole = BOUNCE.replace("text/rfc822-headers", "message/rfc822").format(
        return_to="k@a.example", recipient="x@a.example", message_id=notice.message_id, action="failed"
    )
    assert parse(whole.encode()).letter == notice.message_id[1:].split("@")[0]
    name = notice.message_id[1:].split("@")[0]
    envelope = BOUNCE.replace("Reporting-MTA: dns; relay.example", f"Original-Envelope-Id: {name}").format(
        return_to="k@a.example", recipient="x@a.example", message_id="<lost@x>", action="failed"
    )
    assert record_bounce(parse(envelope.encode()), by=clerk) == notice


def test_a_delay_is_noted_and_is_no_bounce(letter, clerk):
    notice = letter()
    report = BOUNCE.format(
        return_to="k@a.example", recipient="x@a.example", message_id=notice.message_id, action="delayed"
    )
    record_bounce(parse(report.encode()), by=clerk)
    notice.refresh_from_db()
    assert notice.bounced_at is None
    assert [attempt.outcome for attempt in notice.history.all()] == ["delayed"]


AUTO_REPLY = """\
From: Dana <dana@akimat.example>
To: kezdesu@akimat.example
Subject: Мен демалыстамын
In-Reply-To: {message_id}
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

{message_id} Рахмет, хатты алдым.
"""


def test_an_auto_reply_is_taken_for_nothing(letter, clerk, tmp_path):
    notice = letter()
    reply = AUTO_REPLY.format(message_id=notice.message_id).encode()
    assert parse(reply).verdict == Verdict.NOTHING
    (tmp_path / "reply.eml").write_bytes(reply)
    assert "Nothing recorded" in command("bounce", str(tmp_path / "reply.eml"))
    notice.refresh_from_db()
    assert (notice.bounced_at, notice.history.count()) == (None, 0)


def test_a_report_about_a_letter_that_is_not_ours_changes_nothing(letter, clerk):
    letter()
    report = BOUNCE.format(
        return_to="k@a.example",
        recipient="x@a.example",
        message_id="<n.00000000000000000000000000000000@akimat.example>",
        action="failed",
    )
    assert record_bounce(parse(report.encode()), by=clerk) is None


def test_what_is_not_a_message_is_refused_with_a_word_why(tmp_path):
    with pytest.raises(NotAMessage):
        parse(b"")
    (tmp_path / "x").write_bytes(b"\x00\x01 not a mail")
    with pytest.raises(CommandError, match="not an e-mail message"):
        command("bounce", str(tmp_path / "x"))
    with pytest.raises(CommandError, match="cannot be read"):
        command("bounce", str(tmp_path / "nowhere.eml"))


# -- Commands, checks, signs of life --------------------------------------------------------------


def test_the_command_line_does_what_the_pages_do(relay, letter):
    notice = letter("nobody@akimat.example")
    assert json.loads(command("drain", "--format", "json")) == {"failed": 1}
    assert json.loads(command("outbox", "status", "--format", "json"))["by_state"] == {"failed": 1}
    assert "1 letters" in command("outbox", "retry", str(notice.pk))
    assert command("outbox", "hold", "--reason", "restore") == "Mail is held: restore"
    assert command("drain") == "nothing to send"
    assert "remaining: 1" in command("outbox", "reconcile")
    assert command("outbox", "release") == "Mail leaves again."
    assert command("drain") == "failed: 1"
    assert "1 letters" in command("outbox", "retry", "--all-failed")
    assert command("reap") == "nothing to do"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("outbox", "retry", "999"), "No such letters: 999"),
        (("outbox", "retry"), "none given"),
    ],
)
def test_a_wrong_wish_is_answered_with_what_to_do(words, complaint):
    with pytest.raises(CommandError, match=complaint):
        command(*words)


def test_retrying_a_letter_that_is_gone_is_refused(relay, letter):
    notice = letter()
    drain()
    with pytest.raises(CommandError, match=f"Letter {notice.pk}"):
        command("outbox", "retry", str(notice.pk))


def test_reconciling_from_the_command_line_needs_a_log(letter, outbox):
    letter()
    outbox(transport="smtp", doubt="resend")
    with pytest.raises(CommandError, match="OUTBOX_RELAY_LOG"):
        command("outbox", "reconcile")
    outbox(doubt="reconcile", relay_log="/nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        command("outbox", "reconcile")


def test_wrong_usage_ends_with_two():
    with pytest.raises(SystemExit) as end:
        run(["manage.py", "outbox", "explode"])
    assert end.value.code == 2


def test_a_drain_and_a_reap_leave_a_sign_of_life(relay, letter):
    letter()
    drain()
    reap()
    drained = Heartbeat.objects.get(name="drain")
    assert drained.did == {"sent": 1}
    assert timezone.now() - drained.finished_at < timedelta(seconds=30)
    drain()
    drained.refresh_from_db()
    assert (drained.version, drained.did) == (2, {})
    assert outbox_health().reaped_at is not None


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ({"transport": "pigeon"}, "journal.E002"),
        ({"doubt": "maybe"}, "journal.E003"),
        ({"transport": "smtp", "doubt": "reconcile", "relay_log": ""}, "journal.E004"),
        ({"relay_log": "/nowhere"}, "journal.W001"),
        ({"relay_log_format": "exim"}, "journal.E005"),
        ({"lease_seconds": 5}, "journal.E006"),
        ({"tls": "maybe"}, "journal.E007"),
        ({"typo": 1}, "journal.E001"),
    ],
)
def test_wrong_mail_settings_are_found_before_any_letter_is_lost(outbox, keys, finding):
    assert checks.outbox_settings(None) == []
    outbox(**keys)
    assert [found.id for found in checks.outbox_settings(None)] == [finding]


def test_the_actor_of_the_command_line_is_named():
    command("outbox", "hold")
    assert Entry.objects.get().actor_text == "outbox (command line)"
    assert Actor.system("x").user_id is None
