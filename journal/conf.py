"""What an installation decides about its mail: `settings.OUTBOX`, with defaults for all of it.

Keys of the dictionary (seconds unless said otherwise; every key may be left out):

==================== ============================================================================
transport            "file" (letters are written as .eml into `folder`) or "smtp"
folder               where "file" writes; default `settings.MAIL_FOLDER`
host, port           the relay; default EMAIL_HOST, EMAIL_PORT
user, password       log-in at the relay; default EMAIL_HOST_USER, EMAIL_HOST_PASSWORD
tls                  "none", "starttls" or "ssl"; default from EMAIL_USE_TLS, EMAIL_USE_SSL
ca_file              own certificate authority of the relay (PEM); default: those of the system
sender               address in From; default DEFAULT_FROM_EMAIL
return_to            envelope sender, where bounces arrive; default: address of `sender`
domain               right side of Message-ID and EHLO name; default: domain of `sender`
doubt                what becomes of a letter whose acceptance is unknown: "reconcile" asks the
                     relay's log, "resend" sends again and marks it
doubt_wait_seconds   how long a sender's connection can stay alive at the relay: idle time-out of
                     the relay plus its work; the log is believed only after that.
                     Default 90 for a relay on this machine, else 600
relay_log            path of the relay's log
relay_log_format     "postfix" or "plain" (one accepted Message-ID per line)
epoch                word that must equal the one in the database; empty: not compared
step_seconds         patience with one answer of the relay; default 10
final_seconds        patience with the answer to the final dot; default 30
total_seconds        patience with one letter as a whole; default 60
lease_seconds        how long a worker owns a letter; more than `total_seconds`; default 120
budget_seconds       a drain takes no new letter after that; default 20
retry_seconds        first and longest pause of a letter after a 4xx: (10, 1800)
relay_rest_seconds   first and longest rest of a relay that cannot be reached: (1, 2)
relay_fault_seconds  the same when it refuses us as a whole (certificate, log-in): (10, 300)
relay_limit_seconds  the same when it says "too much" (421, 452): (60, 600)
wait_for_relay       a drain waits for the end of a rest that is shorter than what is left of its
                     budget, instead of leaving it to the next one; default True
give_up_after        refusals (4xx) of one letter after which it counts as refused; default 250,
                     about five days
clock_gate           hold mail when the clock has jumped; default: True for "smtp"
nudge                wake a drain on commit instead of waiting for beat; default True
==================== ============================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OutboxConf:
    """The decided values; see the table above."""

    transport: str
    folder: Path
    host: str
    port: int
    user: str
    password: str
    tls: str
    ca_file: str
    sender: str
    return_to: str
    domain: str
    doubt: str
    doubt_wait_seconds: float
    relay_log: str
    relay_log_format: str
    epoch: str
    step_seconds: float
    final_seconds: float
    total_seconds: float
    lease_seconds: float
    budget_seconds: float
    retry_seconds: tuple[float, float]
    relay_rest_seconds: tuple[float, float]
    relay_fault_seconds: tuple[float, float]
    relay_limit_seconds: tuple[float, float]
    wait_for_relay: bool
    give_up_after: int
    clock_gate: bool
    nudge: bool

    @property
    def relay(self) -> str:
        """Name of the relay that rests and recovers are counted for."""
        return "file" if self.transport == "file" else f"{self.host}:{self.port}"


def outbox() -> OutboxConf:
    """The settings as they are now."""
    given: dict[str, Any] = dict(getattr(settings, "OUTBOX", {}))
    transport = given.get("transport", "file")
    host = given.get("host", settings.EMAIL_HOST)
    sender = given.get("sender", settings.DEFAULT_FROM_EMAIL)
    address = parseaddr(sender)[1]
    defaults: dict[str, Any] = {
        "transport": transport,
        "folder": getattr(settings, "MAIL_FOLDER", Path("mail")),
        "host": host,
        "port": settings.EMAIL_PORT,
        "user": settings.EMAIL_HOST_USER,
        "password": settings.EMAIL_HOST_PASSWORD,
        "tls": "ssl" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
        "ca_file": "",
        "sender": sender,
        "return_to": address,
        "domain": address.rpartition("@")[2] or "localhost",
        "doubt": "resend",
        "doubt_wait_seconds": 90 if host in LOCAL_HOSTS else 600,
        "relay_log": "",
        "relay_log_format": "postfix",
        "epoch": "",
        "step_seconds": 10,
        "final_seconds": 30,
        "total_seconds": 60,
        "lease_seconds": 120,
        "budget_seconds": 20,
        "retry_seconds": (10, 1800),
        "relay_rest_seconds": (1, 2),
        "relay_fault_seconds": (10, 300),
        "relay_limit_seconds": (60, 600),
        "wait_for_relay": True,
        "give_up_after": 250,
        "clock_gate": transport == "smtp",
        "nudge": True,
    }
    values = defaults | given
    values["folder"] = Path(values["folder"])
    return OutboxConf(**values)
