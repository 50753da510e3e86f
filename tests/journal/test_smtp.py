"""The conversation with the relay: encryption, log-in, oddities, and a database that goes away meanwhile."""

import datetime
import socket
import threading
import time
import uuid
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import OperationalError

from journal.conf import outbox as outbox_conf
from journal.delivery import claims, drain, reap
from journal.delivery.outcomes import Patience, Reply, growing_pause
from journal.delivery.smtp import dotted
from journal.models import Notice, OutboxControl
from tests.smtp_server import EvilRelay

pytestmark = pytest.mark.django_db
State = Notice.State


def authority(folder, *, address: str = "127.0.0.1", days: tuple[int, int] = (-1, 1)) -> tuple[str, str]:
    """A certificate of our own authority for an address, valid between two days from now: its path and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
    first, last = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=n) for n in days)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(folder / "cert.pem"), str(folder / "key.pem")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate that a client of 127.0.0.1 can trust."""
    return authority(tmp_path_factory.mktemp("tls"))


def test_a_letter_goes_over_an_encrypted_connection_that_we_trust(relay, letter, outbox, certificate):
    relay.certificate = certificate
    outbox(tls="starttls", ca_file=certificate[0])
    letter()
    assert drain() == {"sent": 1}
    assert relay.commands["STARTTLS"] == 1
    assert relay.commands["EHLO"] == 2


def test_a_certificate_that_we_do_not_trust_lets_no_letter_out(relay, letter, outbox, certificate):
    relay.certificate = certificate
    outbox(tls="starttls")
    notice = letter()
    assert drain() == {"relay away": 1}
    assert relay.commands["MAIL"] == 0
    notice.refresh_from_db()
    assert notice.state == State.PENDING
    assert "CERTIFICATE_VERIFY_FAILED" in OutboxControl.objects.get().relay_reply


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"address": "127.0.0.9"}, "certificate is not valid for '127.0.0.1'"), ({"days": (-9, -1)}, "has expired")],
    ids=["of another host", "expired"],
)
def test_a_certificate_of_another_host_or_of_yesterday_holds_letters_back_until_it_is_mended(
    relay, letter, outbox, certificate, tmp_path, wrong, said
):
    """F17: trusted authority, wrong name or day; nothing is said before the handshake, nothing is lost after it."""
    relay.certificate = authority(tmp_path, **wrong)
    outbox(tls="starttls", ca_file=relay.certificate[0])
    notice = letter()
    assert drain() == {"relay away": 1}
    assert relay.commands["MAIL"] == 0
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (State.PENDING, None)
    control = OutboxControl.objects.get()
    assert said in control.relay_reply
    assert control.relay_resting_until is not None
    relay.certificate = certificate
    outbox(tls="starttls", ca_file=certificate[0])
    OutboxControl.objects.update(relay_resting_until=None)
    Notice.objects.update(next_try=None)
    assert drain() == {"sent": 1}


def test_a_relay_without_encryption_is_not_spoken_to_in_the_clear(relay, letter, outbox):
    outbox(tls="starttls")
    letter()
    assert drain() == {"relay away": 1}
    assert relay.commands["MAIL"] == 0


def test_a_relay_that_wants_no_log_in_is_a_fault_and_not_a_failed_letter(relay, letter, outbox):
    outbox(user="kezdesu", password="secret")
    notice = letter()
    assert drain() == {"relay away": 1}
    notice.refresh_from_db()
    assert notice.state == State.PENDING


def test_a_connection_that_the_relay_dropped_between_letters_is_replaced(relay, letter):
    letter("a@akimat.example")
    letter("b@akimat.example")
    relay.modes = ["ok", "421-mail"]
    assert drain() == {"sent": 2}
    assert relay.connections == 2


def test_an_answer_that_is_no_smtp_is_no_answer(letter, outbox, tmp_path):
    """A web server on the port of the relay."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _address = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    outbox(transport="smtp", host="127.0.0.1", port=listener.getsockname()[1])
    notice = letter()
    assert drain() == {"relay away": 1}
    notice.refresh_from_db()
    assert notice.state == State.PENDING
    listener.close()


def test_an_accepted_letter_is_written_down_although_the_database_was_away(relay, letter, monkeypatch):
    """PostgreSQL restarts between the 250 and our commit: the commit is repeated until the lease ends."""
    accepted, failures = claims.Claim._accepted, []

    def away_twice(self, reply):
        if len(failures) < 2:
            failures.append(reply)
            raise OperationalError("server closed the connection unexpectedly")
        return accepted(self, reply)

    monkeypatch.setattr(claims.Claim, "_accepted", away_twice)
    monkeypatch.setattr(claims, "BETWEEN_COMMITS", 0.01)
    # Inside the transaction of a test nothing could be repeated; pretend to be outside.
    monkeypatch.setattr(claims, "connection", _OutsideTransaction())
    notice = letter()
    assert drain() == {"sent": 1}
    assert len(failures) == 2
    notice.refresh_from_db()
    assert notice.state == State.SENT
    assert relay.accepted == {notice.message_id: 1}


class _OutsideTransaction:
    in_atomic_block = False

    def __getattr__(self, name):
        from django.db import connection

        return getattr(connection, name)

    def close(self):
        """The test keeps its connection."""


def test_what_was_accepted_stays_accepted_even_if_it_was_given_back_meanwhile(relay, letter, monkeypatch):
    """Our answer came after the lease; the letter is pending again, but nobody has sent it yet."""
    notice = letter()
    hand_over = claims.Claim.accepted

    def late(self, reply):
        Notice.objects.update(state=State.PENDING, token=None, lease_until=None)
        return hand_over(self, reply)

    monkeypatch.setattr(claims.Claim, "accepted", late)
    drain()
    notice.refresh_from_db()
    assert notice.state == State.SENT
    reap()
    drain()
    assert relay.accepted == {notice.message_id: 1}


def test_a_worker_whose_letter_was_taken_over_stops_before_the_dot(relay, letter):
    notice = letter()
    mine = claims.claim(outbox_conf(), today=datetime.date(2027, 1, 15), worker="first")
    Notice.objects.update(token=uuid.uuid4())
    assert mine.mark_dot() is False
    notice.refresh_from_db()
    assert notice.state == State.LEASED


def test_a_machine_that_was_suspended_before_the_dot_drops_the_letter(relay, letter, monkeypatch):
    """Only the clock that counts sleep knows: no time-out of this process has run meanwhile."""
    notice = letter()
    mark_dot, awake = claims.Claim.mark_dot, claims.boot_seconds

    def mark_and_sleep(self):
        ours = mark_dot(self)
        monkeypatch.setattr(claims, "boot_seconds", lambda: awake() + 4)
        return ours

    monkeypatch.setattr(claims.Claim, "mark_dot", mark_and_sleep)
    assert drain(limit=1) == {"fenced": 1}
    assert relay.accepted == {}
    monkeypatch.undo()
    notice.refresh_from_db()
    assert notice.state == State.PENDING
    assert drain() == {"sent": 1}
    assert relay.accepted == {notice.message_id: 1}


def test_patience_is_bounded_by_step_and_by_whole():
    patience = Patience(step=1, total=0.05)
    assert patience.left() <= 0.05
    time.sleep(0.06)
    with pytest.raises(TimeoutError):
        patience.left()


@pytest.mark.parametrize(
    ("reply", "too_much"),
    [
        (Reply(421, "4.7.0 slow down"), True),
        (Reply(452, "4.3.1 no room"), True),
        (Reply(452, "out of storage"), True),
        (Reply(452, "4.2.2 mailbox full"), False),
        (Reply(451, "4.7.1 greylisted"), False),
        (Reply(450, "busy"), False),
    ],
)
def test_a_full_mailbox_is_told_from_a_full_relay(reply, too_much):
    assert reply.is_too_much is too_much


def test_pauses_grow_to_half_an_hour_and_no_further():
    bounds = (10.0, 1800.0)
    pauses = [growing_pause(bounds, times) for times in (1, 2, 5, 9, 40)]
    assert 10 <= pauses[0] <= 12
    assert 160 <= pauses[2] <= 192
    assert all(1800 <= pause <= 2160 for pause in pauses[3:])


def test_dots_are_doubled_and_the_last_line_is_ended():
    assert dotted(b"a\r\n.\r\n..b") == b"a\r\n..\r\n...b\r\n"


def test_the_test_relay_itself_tells_the_truth(tmp_path):
    """What the relay wrote down is what it took: the other tests lean on it."""
    import smtplib

    with EvilRelay(tmp_path / "journal") as relay:
        with smtplib.SMTP("127.0.0.1", relay.port) as client:
            client.sendmail("a@x", ["b@x"], "Message-ID: <1@x>\r\n\r\n.dot\r\n")
            relay.modes = ["550-dot"]
            with pytest.raises(smtplib.SMTPDataError):
                client.sendmail("a@x", ["b@x"], "Message-ID: <2@x>\r\n\r\n")
        assert relay.accepted == {"<1@x>": 1}
        assert relay.letters[0].endswith(b".dot\r\n")
