"""A mail relay that misbehaves on request and keeps a synced journal of what it truly accepted.

In a test: `with EvilRelay(tmp_path / "accepted") as relay: relay.modes += ["451-rcpt"]`.
By itself: `python -m tests.smtp_server --port 2525 --journal accepted.log [--modes FILE] [--log FILE]
[--letters FILE] [--idle SECONDS]`; the modes file is read before each message and its first line is
taken out (`push_modes` adds to it), the log is written as Postfix writes it, `letters` keeps the text of
what was accepted as lines of JSON. SIGUSR1 makes the relay refuse connections, SIGUSR2 lets it listen again.

A mode says what happens to the next message (to the next connection for the first three):

=============== ==================================================================================
ok              accepted
silent          connection accepted, never a word
421-greeting    "come back later" instead of the greeting
slow            one byte a second, whatever is to be said
421-mail        closes with 421 at MAIL
451-rcpt        refused for now at RCPT (greylisting); 452-rcpt: no room; 552-rcpt: mailbox full
550-rcpt        no such mailbox
451-dot         read to the dot, refused for now; 550-dot: refused for good; 452-dot: no room
cut-data        connection closed in the middle of the text
accept-cut      accepted, closed before the 250
accept-late     accepted, 250 after `late_seconds`
accept-bounce   accepted, and a report of non-delivery is put into `bounces`
=============== ==================================================================================
"""

from __future__ import annotations

import argparse
import email
import fcntl
import json
import os
import re
import signal
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from email import policy
from pathlib import Path

CONNECTION_MODES = ("silent", "421-greeting", "slow")

BOUNCE = """\
From: MAILER-DAEMON@relay.example
To: {return_to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected

--=b
Content-Type: text/rfc822-headers

From: {return_to}
To: {recipient}
Message-ID: {message_id}

--=b--
"""


def change_modes(file: Path, change: Callable[[list[str]], None]) -> None:
    """Rewrite the modes file under its lock: the relay takes from its head while others add to its end."""
    with file.open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        modes = handle.read().split()
        change(modes)
        handle.seek(0)
        handle.truncate()
        handle.write("\n".join(modes))


def push_modes(file: Path, modes: Iterable[str]) -> None:
    """Let the next messages (or connections) meet these modes, after those that wait already."""
    change_modes(file, lambda waiting: waiting.extend(modes))


class EvilRelay:
    """Listens on a free port of the loopback until the block ends."""

    def __init__(self, journal: Path, *, port: int = 0, modes_file: Path | None = None, certificate=None):
        self.journal = journal
        self.modes: list[str] = []
        self.modes_file = modes_file
        self.late_seconds = 3.0
        self.byte_seconds = 1.0
        self.certificate = certificate
        #: Little is taken in unread, so that whoever hangs up in the middle is noticed in the middle.
        self.small_window = True
        self.keep_letters = True
        self.letters: list[bytes] = []
        #: Beside the journal: a log as Postfix writes it, the texts as JSON, an end to idle connections.
        self.log: Path | None = None
        self.texts: Path | None = None
        self.idle_seconds: float | None = None
        self.bounces: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.extensions = ["SIZE 10485760", "DSN", "8BITMIME"]
        self.commands: Counter = Counter()
        self.connections = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._wanted_port = port
        self._listener: socket.socket | None = None
        self.journal.touch()

    # -- for tests --------------------------------------------------------------------------------

    @property
    def accepted(self) -> Counter:
        """How often each Message-ID was accepted: the truth about delivery."""
        return Counter(line.split()[1] for line in self.journal.read_text().splitlines())

    def subjects(self) -> list[str]:
        return [str(self.parsed(letter)["Subject"]) for letter in self.letters]

    @staticmethod
    def parsed(letter: bytes):
        return email.message_from_bytes(letter, policy=policy.default)

    def listen(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.small_window:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        listener.bind(("127.0.0.1", self._wanted_port))
        listener.listen(50)
        self._wanted_port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def refuse(self) -> None:
        """From now on connections are refused, as by a relay that is down; `listen` ends it."""
        assert self._listener is not None
        # A thread blocked in accept() keeps a closed listener alive; shutdown wakes it.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def port(self) -> int:
        return self._wanted_port

    def __enter__(self) -> EvilRelay:
        self.listen()
        return self

    def __exit__(self, *exc) -> None:
        self.refuse()

    # -- the conversation -------------------------------------------------------------------------

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _next_mode(self, *, of_connection: bool = False) -> str:
        taken = []

        def take(modes: list[str]) -> None:
            if modes and (modes[0] in CONNECTION_MODES) == of_connection:
                taken.append(modes.pop(0))

        with self._lock:
            if self.modes_file is not None:
                change_modes(self.modes_file, take)
            else:
                take(self.modes)
        return taken[0] if taken else "ok"

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        connection.settimeout(self.idle_seconds)
        try:
            _Conversation(self, connection).run()
        except (OSError, ValueError):
            pass
        finally:
            self._open.discard(connection)
            with suppress(OSError):
                connection.close()

    def accept_letter(self, letter: bytes, recipient: str, queue_id: str = "") -> str:
        """Write it down durably before anybody is told: from here on the letter is delivered."""
        message_id = str(self.parsed(letter.partition(b"\r\n\r\n")[0])["Message-ID"])
        with self._lock:
            with self.journal.open("a") as file:
                file.write(f"{time.time():.3f} {message_id} {recipient}\n")
                file.flush()
                os.fsync(file.fileno())
            if self.keep_letters:
                self.letters.append(letter)
            if self.texts is not None:
                self._keep_text(self.texts, letter, message_id, recipient)
        self.write_log("qmgr", f"{queue_id}: from=<kezdesu@relay.example>, size={len(letter)}, nrcpt=1 (queue active)")
        return message_id

    def _keep_text(self, file: Path, letter: bytes, message_id: str, recipient: str) -> None:
        body = self.parsed(letter).get_body(("plain",))
        line = {"id": message_id, "to": recipient, "text": body.get_content() if body is not None else ""}
        with file.open("a") as handle:
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")

    def write_log(self, program: str, words: str) -> None:
        """One line as Postfix writes it, if a log is kept."""
        if self.log is not None:
            stamp = time.strftime("%b %d %H:%M:%S")
            with self._lock, self.log.open("a") as file:
                file.write(f"{stamp} relay postfix/{program}[{os.getpid()}]: {words}\n")


class _Conversation:
    def __init__(self, relay: EvilRelay, connection: socket.socket):
        self.relay = relay
        self.connection = connection
        self.pause = 0.0
        self.unread = b""
        self.mode = "ok"
        self.sender = self.recipient = ""

    def say(self, text: str) -> None:
        data = text.encode() + b"\r\n"
        if not self.pause:
            self.connection.sendall(data)
            return
        for byte in data:
            self.connection.sendall(bytes([byte]))
            time.sleep(self.pause)

    def hear(self) -> bytes:
        while b"\r\n" not in self.unread:
            more = self.connection.recv(65536)
            if not more:
                raise OSError("gone")
            self.unread += more
        line, _, self.unread = self.unread.partition(b"\r\n")
        return line

    def run(self) -> None:
        mode = self.relay._next_mode(of_connection=True)
        if mode == "silent":
            while self.connection.recv(4096):
                pass
            return
        if mode == "421-greeting":
            return self.say("421 4.7.0 too many connections, come back later")
        if mode == "slow":
            self.pause = self.relay.byte_seconds
        self.say("220 relay.example ESMTP")
        while True:
            line = self.hear().decode("utf-8", "replace")
            verb = line.split(" ", 1)[0].upper()
            self.relay.commands[verb] += 1
            if verb == "QUIT":
                return self.say("221 bye")
            if not getattr(self, f"on_{verb.lower()}", self.unknown)(line):
                return None

    def unknown(self, line: str) -> bool:
        self.say("502 what?")
        return True

    def on_ehlo(self, line: str) -> bool:
        names = ["relay.example", *self.relay.extensions]
        if self.relay.certificate and not isinstance(self.connection, ssl.SSLSocket):
            names.append("STARTTLS")
        self.say("\r\n".join([f"250-{name}" for name in names[:-1]] + [f"250 {names[-1]}"]))
        return True

    def on_starttls(self, line: str) -> bool:
        self.say("220 go ahead")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.relay.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.unread = b""
        return True

    def on_noop(self, line: str) -> bool:
        self.say("250 ok")
        return True

    on_rset = on_noop

    def on_mail(self, line: str) -> bool:
        self.mode = self.relay._next_mode()
        self.sender = _address(line)
        if self.mode == "421-mail":
            self.say("421 4.7.0 too much mail from you")
            return False
        if self.mode == "550-mail":
            self.say("550 5.7.1 sender not allowed")
            return True
        self.relay.senders.append(line)
        self.say("250 2.1.0 ok")
        return True

    def on_rcpt(self, line: str) -> bool:
        self.recipient = _address(line)
        answer = {
            "451-rcpt": "451 4.7.1 greylisted, try again",
            "452-rcpt": "452 4.3.1 insufficient system storage",
            "552-rcpt": "452 4.2.2 mailbox full",
            "550-rcpt": "550 5.1.1 no such user",
        }.get(self.mode, "250 2.1.5 ok")
        if self.recipient.startswith("nobody@"):
            answer = "550 5.1.1 no such user"
        self.relay.recipients.append(line)
        self.say(answer)
        return True

    def on_data(self, line: str) -> bool:
        self.say("354 go on")
        end = b"\r\n.\r\n"
        letter = bytearray(b"\r\n" + self.unread)
        queue_id = f"{time.monotonic_ns():X}"
        named = False
        while end not in letter[-70000:]:
            # Postfix names a letter as soon as its headers are in, also one that never comes to its end.
            named = named or self.name(bytes(letter), queue_id)
            if self.mode == "cut-data" and len(letter) > 200:
                return False
            # Cut with text unread, so that the client is told at once.
            more = self.connection.recv(210 if self.mode == "cut-data" else 65536)
            if not more:
                raise OSError("gone")
            letter += more
        if not named:
            self.name(bytes(letter), queue_id)
        text, _, self.unread = bytes(letter).partition(end)
        whole = re.sub(rb"(?m)^\.\.", b".", text[2:]) + b"\r\n"
        refusal = {
            "451-dot": "451 4.3.0 try again",
            "452-dot": "452 4.3.1 insufficient system storage",
            "550-dot": "550 5.7.1 content refused",
        }.get(self.mode)
        if refusal:
            self.say(refusal)
            return True
        message_id = self.relay.accept_letter(whole, self.recipient, queue_id)
        if self.mode == "accept-cut":
            return False
        if self.mode == "accept-late":
            time.sleep(self.relay.late_seconds)
        if self.mode == "accept-bounce":
            report = BOUNCE.format(
                return_to=self.sender, recipient=self.recipient, message_id=message_id, action="failed"
            )
            self.relay.bounces.append(report.replace("\n", "\r\n").encode())
        self.say("250 2.0.0 queued")
        return True

    def name(self, letter: bytes, queue_id: str) -> bool:
        """Write the Message-ID into the log once the headers are complete."""
        head, end, _rest = letter[2:].partition(b"\r\n\r\n")
        found = re.search(rb"(?im)^Message-ID:\s*(<[^>]+>)", head) if end else None
        if found:
            self.relay.write_log("cleanup", f"{queue_id}: message-id={found[1].decode()}")
        return bool(found)


def _address(line: str) -> str:
    found = re.search(r"<([^>]*)>", line)
    return found[1] if found else ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--modes", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--letters", type=Path)
    parser.add_argument("--idle", type=float)
    parser.add_argument("--late", type=float, default=3.0)
    args = parser.parse_args()
    words = {signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, words)
    relay = EvilRelay(args.journal, port=args.port, modes_file=args.modes)
    relay.small_window = relay.keep_letters = False
    relay.log, relay.texts, relay.idle_seconds, relay.late_seconds = args.log, args.letters, args.idle, args.late
    relay.listen()
    print(f"relay on 127.0.0.1:{relay.port}", flush=True)
    listening = True
    while (word := signal.sigwait(words)) != signal.SIGTERM:
        if word == signal.SIGUSR1 and listening:
            relay.refuse()
        elif word == signal.SIGUSR2 and not listening:
            relay.listen()
        listening = word == signal.SIGUSR2


if __name__ == "__main__":
    main()
