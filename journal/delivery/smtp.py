"""One letter over SMTP in steps: everything before the final dot may be repeated freely.

A server must throw away data that did not end with the dot (RFC 5321, 4.1.1.4), so the caller writes
`dot` into the database between `offer` and `hand_over`; what stays undecided is one round trip.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress

from ..conf import OutboxConf
from ..failpoints import reach
from ..mime import envelope_id
from ..models import Notice
from .outcomes import NoAnswer, Patience, Refused, RelayAway, Reply, TryAgain

LETTERS_PER_CONNECTION = 100
LONGEST_LINE = 4096
LONGEST_REPLY = 64 * 1024
#: What the standard library raises for a conversation that ended without an answer.
CUT = (smtplib.SMTPServerDisconnected, OSError)


class SteppedSMTP(smtplib.SMTP):
    """The standard client with every wait bounded: also one that gets a byte now and then."""

    def __init__(self, conf: OutboxConf, patience: Patience):
        self.conf = conf
        self.patience = patience
        self._unread = b""
        super().__init__(local_hostname=conf.domain)
        self._host = conf.host

    def _get_socket(self, host, port, timeout):
        connected = socket.create_connection((host, port), self.patience.left())
        # The dot goes out alone: it must not wait for the relay's delayed acknowledgement of the text.
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.conf.tls != "ssl":
            return connected
        connected.settimeout(self.patience.left())
        return tls_context(self.conf).wrap_socket(connected, server_hostname=host)

    def starttls(self, *args, **kwargs):
        self._connected().settimeout(self.patience.left())
        answer = super().starttls(*args, **kwargs)
        self._unread = b""  # nothing said before the encryption counts
        return answer

    def send(self, s):
        self._connected().settimeout(self.patience.left())
        super().send(s)

    def send_body(self, body: bytes) -> None:
        """The text of the letter: may take all the time that the letter has."""
        sock = self._connected()
        sock.settimeout(self.patience.whole())
        sock.sendall(body)

    def send_dot(self, wish: float) -> None:
        """The line that hands the letter over."""
        sock = self._connected()
        sock.settimeout(self.patience.left(wish))
        sock.sendall(b".\r\n")

    def _connected(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self.sock

    def getreply(self, wish: float | None = None):
        """The next answer, complete within one step's patience (or `wish` seconds)."""
        patience = Patience(step=self.patience.left(wish), total=self.patience.left(wish))
        words, size = [], 0
        while True:
            line = self._line(patience)
            size += len(line)
            if not re.match(rb"\d{3}", line) or size > LONGEST_REPLY:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"not an answer of SMTP: {line[:80]!r}")
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)

    def _line(self, patience: Patience) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                self.close()
                raise smtplib.SMTPServerDisconnected("the line of the answer is too long")
            sock = self._connected()
            try:
                sock.settimeout(patience.left())
                more = sock.recv(4096)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"no answer: {error}") from error
            if not more:
                self.close()
                raise smtplib.SMTPServerDisconnected("the server closed the connection")
            self._unread += more
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    @property
    def has_spoken(self) -> bool:
        """An answer, or the end of the connection, has come unasked."""
        if self._unread:
            return True
        sock = self._connected()
        sock.settimeout(0)
        try:
            self._unread = sock.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        return True


def tls_context(conf: OutboxConf) -> ssl.SSLContext:
    """Certificates are checked, always: letters carry links that act."""
    return ssl.create_default_context(cafile=conf.ca_file or None)


class SmtpTransport:
    """A connection that carries one letter after another, one addressee each."""

    def __init__(self, conf: OutboxConf):
        self.conf = conf
        self.smtp: SteppedSMTP | None = None
        self.patience: Patience | None = None
        self.carried = 0

    def offer(self, notice: Notice, message: bytes) -> None:
        """Everything up to the final dot. Raises TryAgain, Refused or RelayAway: certainly not accepted."""
        self.patience = Patience(step=self.conf.step_seconds, total=self.conf.total_seconds)
        if self.smtp is not None and self.carried < LETTERS_PER_CONNECTION:
            self.smtp.patience = self.patience
            try:
                return self._offer(notice, message)
            except (TryAgain, RelayAway) as trouble:
                # A relay may end an old connection at any time: one fresh one before it counts.
                if trouble.step != "mail":
                    raise
        self.close()
        self._connect()
        return self._offer(notice, message)

    def hand_over(self) -> Reply:
        """The final dot and its answer. Raises NoAnswer if there is none, TryAgain if the dot never left."""
        assert self.smtp is not None
        self._listen_before_dot(self.smtp)
        try:
            self.smtp.send_dot(self.conf.step_seconds)
            reach("after-dot")
            code, text = self.smtp.getreply(self.conf.final_seconds)
        except CUT as error:
            self.close()
            raise NoAnswer(str(error)) from error
        self.carried += 1
        return Reply(code, text.decode("utf-8", "replace"))

    def abandon(self) -> None:
        """Drop the connection without the dot: the relay must forget the letter."""
        self.close()

    def close(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
        self.smtp, self.carried = None, 0

    def quit(self) -> None:
        """Leave politely; whatever happens now matters to no letter."""
        if self.smtp is not None:
            self.smtp.patience = Patience(step=1, total=1)
            with suppress(Exception):
                self.smtp.quit()
        self.close()

    # -- steps ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        conf = self.conf
        assert self.patience is not None
        try:
            self.smtp = SteppedSMTP(conf, self.patience)
            self._expect(Reply(*_text(self.smtp.connect(conf.host, conf.port))), "connect")
            self._expect(Reply(*_text(self.smtp.ehlo())), "ehlo")
            if conf.tls == "starttls":
                self._expect(Reply(*_text(self.smtp.starttls(context=tls_context(conf)))), "starttls")
                self._expect(Reply(*_text(self.smtp.ehlo())), "ehlo")
            if conf.user:
                self.smtp.login(conf.user, conf.password)
        except RelayAway:
            self.close()
            raise
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            self.close()
            raise RelayAway("login", error, "fault") from error
        except (socket.gaierror, ssl.SSLError) as error:
            self.close()
            raise RelayAway("connect", error, "fault") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise RelayAway("connect", error, "rest") from error
        reach("connected")

    def _expect(self, reply: Reply, step: str) -> None:
        """Before MAIL no answer is about a letter: whatever is not 2xx makes the relay rest."""
        if reply.code // 100 == 2:
            return
        rest = "limit" if reply.code == 421 else "rest" if reply.code // 100 == 4 else "fault"
        raise RelayAway(step, reply, rest)

    def _offer(self, notice: Notice, message: bytes) -> None:
        smtp = self.smtp
        assert smtp is not None
        body = dotted(message)
        step = "mail"
        try:
            self._judge(smtp.mail(self.conf.return_to, self._mail_options(notice, body)), step)
            step = "rcpt"
            self._judge(smtp.rcpt(notice.recipient_email, self._rcpt_options()), step)
            step = "data"
            self._judge(smtp.docmd("DATA"), step, wanted=354)
            step = "body"
            smtp.send_body(body)
        except CUT as error:
            self.close()
            raise TryAgain(step, error) from error
        reach("body-sent")

    def _listen_before_dot(self, smtp: SteppedSMTP) -> None:
        """Before the dot a relay has nothing good to say: a refusal, or it hung up. No doubt arises."""
        try:
            if smtp.has_spoken:
                self._judge(smtp.getreply(), "body", wanted=None)
            smtp.patience.left()
        except CUT as error:
            self.close()
            raise TryAgain("body", error) from error

    def _judge(self, answer: tuple[int, bytes], step: str, *, wanted: int | None = 250) -> None:
        reply = Reply(*_text(answer))
        if reply.code == wanted or (wanted == 250 and reply.code // 100 == 2):
            return
        if step == "body":
            self.close()
        else:
            self._reset()
        if reply.is_too_much:
            raise RelayAway(step, reply, "limit")
        if reply.code // 100 == 4:
            raise RelayAway(step, reply, "rest") if step == "mail" else TryAgain(step, reply)
        if reply.code // 100 == 5:
            # Of MAIL only "too big" is about the letter; the rest is about us as a sender.
            if step == "mail" and reply.code != 552 and not reply.enhanced.startswith("5.3.4"):
                raise RelayAway(step, reply, "fault")
            raise Refused(step, reply)
        self.close()
        raise TryAgain(step, f"unexpected answer: {reply}")

    def _reset(self) -> None:
        """Keep the connection for the next letter, if the relay keeps it."""
        try:
            assert self.smtp is not None
            if self.smtp.rset()[0] != 250:
                self.close()
        except CUT:
            self.close()

    def _mail_options(self, notice: Notice, body: bytes) -> list[str]:
        assert self.smtp is not None
        options = []
        if self.smtp.has_extn("size"):
            options.append(f"SIZE={len(body)}")
        if self.smtp.has_extn("dsn"):
            options += ["RET=HDRS", f"ENVID={envelope_id(notice)}"]
        return options

    def _rcpt_options(self) -> list[str]:
        assert self.smtp is not None
        return ["NOTIFY=FAILURE"] if self.smtp.has_extn("dsn") else []


def dotted(message: bytes) -> bytes:
    """The letter as it goes over the wire, without the final dot (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"(?m)^\.", b"..", message)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _text(answer: tuple[int, bytes]) -> tuple[int, str]:
    code, text = answer
    return code, text.decode("utf-8", "replace")
