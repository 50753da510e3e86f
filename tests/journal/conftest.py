"""Letters, relays and outbox settings for the tests of this room."""

import itertools

import pytest
from django.db import connection

from journal.actors import Actor
from journal.services import Recipient, queue
from tests.smtp_server import EvilRelay

#: Patience of a test: the shape of the real settings at a hundredth of the time.
QUICK = {
    "step_seconds": 1.0,
    "final_seconds": 1.0,
    "total_seconds": 3.0,
    "lease_seconds": 6.0,
    "doubt_wait_seconds": 0.0,
    "retry_seconds": (0.01, 0.02),
    "relay_rest_seconds": (0.01, 0.02),
    "relay_fault_seconds": (0.01, 0.02),
    "relay_limit_seconds": (0.01, 0.02),
    "wait_for_relay": False,
    "sender": "Кездесулер <kezdesu@akimat.example>",
    "nudge": False,
}


@pytest.fixture
def clerk(db):
    """An actor with no account: enough for rules that do not ask who."""
    return Actor.system("test")


@pytest.fixture
def outbox(settings):
    """Change single keys of the outbox settings: `outbox(doubt="resend")`."""

    def change(**keys):
        settings.OUTBOX = {**settings.OUTBOX, **keys}

    settings.OUTBOX = {"transport": "file", "folder": settings.MAIL_FOLDER, **QUICK}
    return change


@pytest.fixture
def relay(tmp_path, outbox):
    """A relay that listens, and an outbox that knows it and its log."""
    with EvilRelay(tmp_path / "accepted.log") as server:
        outbox(
            transport="smtp",
            host="127.0.0.1",
            port=server.port,
            doubt="reconcile",
            relay_log=str(server.journal),
            relay_log_format="plain",
        )
        yield server


@pytest.fixture
def letter(db, outbox, letters_folder):
    """Queue a plain letter: `letter("dana@akimat.example")`."""
    numbers = itertools.count(1)

    def write(email="dana@akimat.example", *, number=None, text="Сәлеметсіз бе!", **rest):
        return queue(
            rest.pop("kind", "hello"),
            to=Recipient(email, language="kk"),
            about=("test", str(number or next(numbers))),
            context={"text": text, "title": rest.pop("title", "Күнтізбе бекітілді")},
            **rest,
        )

    return write


@pytest.fixture
def letters_folder(settings, tmp_path):
    """A folder of templates with one harmless letter; tests add their own."""
    folder = tmp_path / "templates" / "notices"
    hello = folder / "hello"
    hello.mkdir(parents=True)
    (hello / "subject.txt").write_text("{{ title }}")
    (hello / "body.txt").write_text("{{ text }}")
    (hello / "body.html").write_text("<p>{{ text }}</p>")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [folder.parent, *engine["DIRS"]]}]
    return folder


@pytest.fixture
def committed(transactional_db):
    """Rows that other threads and processes can see."""
    return connection
