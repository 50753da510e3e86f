"""Writing letters into the outbox: once for each fact and addressee, whole or not at all."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.template import TemplateSyntaxError
from django.test.utils import CaptureQueriesContext

from journal import nudge
from journal.addresses import fold_address
from journal.conf import outbox as outbox_conf
from journal.delivery import drain
from journal.mime import build
from journal.models import Content, Notice, NoticeFile
from journal.rendering import MissingValue
from journal.services import Attachment, Letter, NoticeRefused, Recipient, queue, queue_many
from tests.smtp_server import EvilRelay

pytestmark = pytest.mark.django_db


def test_the_same_fact_told_twice_is_one_letter(letter):
    first = letter("Dana@Akimat.Example", number=7)
    again = letter(" dana@akimat.example ", number=7, text="another text")
    assert again.pk == first.pk
    assert Notice.objects.count() == 1
    assert "another" not in again.body_text, "what was promised is what is sent"


@pytest.mark.parametrize("other", [{"number": 8}, {"version": 2}, {"kind": "hello2", "template": "hello"}])
def test_another_fact_version_or_kind_is_another_letter(letter, other):
    letter(number=7)
    letter(**{"number": 7, **other})
    assert Notice.objects.count() == 2
    assert len(set(Notice.objects.values_list("message_id", flat=True))) == 2


def test_the_words_are_rendered_in_the_language_of_the_addressee_when_the_letter_is_written(outbox, letters_folder):
    folder = letters_folder / "due"
    folder.mkdir()
    (folder / "subject.txt").write_text("{% load i18n %}{% get_current_language as L %}{{ L }} {{ day|date:'F' }}")
    (folder / "body.txt").write_text("{{ day|date:'j F Y' }}")
    for language in ("kk", "ru", "en"):
        queue(
            "due",
            to=Recipient(f"{language}@akimat.example", language=language),
            about=("duty", "1"),
            context={"day": date(2027, 1, 15)},
        )
    subjects = Notice.objects.order_by("pk").values_list("subject", flat=True)
    assert [subject.split()[0] for subject in subjects] == ["kk", "ru", "en"]
    assert subjects[1] == "ru Январь"


def test_a_letter_disappears_with_the_change_that_was_rolled_back(letter):
    with transaction.atomic():
        letter()
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_a_template_with_a_hole_fails_the_request_and_writes_nothing(letter, letters_folder):
    (letters_folder / "hello" / "body.txt").write_text("{{ text }} {{ nobody_gave_this }}")
    with pytest.raises(MissingValue, match="nobody_gave_this"):
        letter()
    (letters_folder / "hello2").mkdir()
    (letters_folder / "hello2" / "subject.txt").write_text("x")
    (letters_folder / "hello2" / "body.txt").write_text("{% if nobody_gave_this %}!{% endif %}")
    letter(kind="hello2")
    assert Notice.objects.count() == 1


def test_a_poisoned_template_fails_the_request(letter, letters_folder):
    (letters_folder / "hello" / "body.txt").write_text("{% nonsense %}")
    with pytest.raises(TemplateSyntaxError):
        letter()
    assert Notice.objects.count() == 0


def test_text_is_not_escaped_and_html_is(letter):
    notice = letter(text="Қарақат & <Ұлы>", title="A & B")
    assert notice.subject == "A & B"
    assert "Қарақат & <Ұлы>" in notice.body_text
    assert "<p>Қарақат &amp; &lt;Ұлы&gt;</p>" in notice.body_html


@pytest.mark.parametrize(
    "address",
    [
        "dana@akimat.example\r\nBcc: all@akimat.example",
        "dana@akimat.example\nRCPT TO:<x@y>",
        "a@b.kz, c@d.kz",
        "Dana <dana@akimat.example>",
        "dana",
        "",
        "dаna@akimat.example",  # Cyrillic а
        "dana@аkimat.example",  # Cyrillic а among Latin letters
        "a" * 260 + "@b.kz",
    ],
)
def test_an_address_that_is_none_is_refused_with_a_word_why(letter, address):
    with pytest.raises(NoticeRefused) as refusal:
        letter(address)
    assert refusal.value.messages[0]
    assert "\r" not in refusal.value.messages[0]
    assert Notice.objects.count() == 0


def test_addresses_are_folded_to_one_spelling():
    assert fold_address(" Dana@Akimat.KZ\N{NO-BREAK SPACE}") == "dana@akimat.kz"
    assert fold_address("da\N{ZERO WIDTH SPACE}na@akimat.kz") == "dana@akimat.kz"
    assert (
        fold_address("dana@әкімдік.қаз") == "dana@xn--d1ab9cd6b7g4a.xn--80ao21a"
        or fold_address("dana@әкімдік.қаз").isascii()
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Reply-To": "a@b.kz\r\nBcc: all@akimat.example"},
        {"Bcc": "all@akimat.example"},
        {"Message-ID": "<mine@example>"},
        {"X-Bad\r\nBcc": "all@akimat.example"},
    ],
)
def test_a_header_that_would_add_another_is_refused(letter, headers):
    with pytest.raises(NoticeRefused):
        letter(headers=headers)


def test_a_line_break_in_the_subject_adds_no_header(letter):
    notice = letter(title="Күнтізбе\r\nBcc: all@akimat.example")
    message = EvilRelay.parsed(build(notice, outbox_conf()))
    assert message["Bcc"] is None
    assert message["Subject"] == "Күнтізбе Bcc: all@akimat.example"


def test_a_subject_holds_no_control_characters(letter):
    assert letter(title="a\x1b[31mb\0c").subject == "a [31mb c"


def test_a_line_break_in_the_addressees_name_is_refused(outbox, letters_folder):
    with pytest.raises(NoticeRefused):
        queue(
            "hello",
            to=Recipient("a@b.kz", "Dana\r\nBcc: all@akimat.example"),
            about=("test", "1"),
            context={"text": "", "title": "x"},
        )


def test_attachments_travel_and_are_stored_once_for_all(letter):
    data = b"PK" * 50_000
    notices = [
        letter(f"m{number}@akimat.example", attachments=[Attachment("күнтізбе 2027.xlsx", "application/x-y", data)])
        for number in range(5)
    ]
    assert (Content.objects.count(), NoticeFile.objects.count()) == (1, 5)
    message = EvilRelay.parsed(build(notices[4], outbox_conf()))
    [part] = message.iter_attachments()
    assert part.get_filename() == "күнтізбе 2027.xlsx"
    assert part.get_content() == data


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\r\nb.pdf", "a__b.pdf"),
        ("", "file"),
        ("ұ" * 300 + ".xlsx", "ұ" * 100 + ".xlsx"),
    ],
)
def test_a_file_name_leaves_neither_its_folder_nor_its_header(letter, given, kept):
    notice = letter(attachments=[Attachment(given, "application/pdf", b"x")])
    assert notice.files.get().name == kept
    build(notice, outbox_conf())


def test_many_letters_cost_few_statements(outbox, letters_folder):
    letters = [
        Letter(
            kind="hello",
            to=Recipient(f"user{number}@akimat.example"),
            about=("test", "1"),
            context={"text": "мәтін", "title": "t"},
            attachments=[Attachment("a.ics", "text/calendar", b"BEGIN:VCALENDAR")],
        )
        for number in range(300)
    ]
    with CaptureQueriesContext(connection) as seen:
        notices = queue_many(letters)
    assert len(seen) < 40
    assert [notice.recipient_email for notice in notices] == [f"user{number}@akimat.example" for number in range(300)]
    with CaptureQueriesContext(connection) as seen:
        assert [notice.pk for notice in queue_many(letters)] == [notice.pk for notice in notices]
    assert Notice.objects.count() == NoticeFile.objects.count() == 300


def test_a_letter_is_worth_nothing_to_who_guesses_its_name(letter, settings):
    first = letter(number=1)
    assert first.message_id.startswith("<n.")
    assert first.message_id.endswith("@akimat.example>")
    settings.SECRET_KEY = "another"
    Notice.objects.all().delete()
    assert letter(number=1).message_id != first.message_id


def test_a_drain_is_woken_on_commit_and_a_dead_broker_hurts_nobody(
    letter, outbox, monkeypatch, django_capture_on_commit_callbacks
):

    asked = []

    def send(name, **options):
        asked.append(name)
        raise ConnectionError("broker is down")

    broker = SimpleNamespace(conf=SimpleNamespace(task_always_eager=False), send_task=send)
    monkeypatch.setattr(nudge, "current_app", broker)
    monkeypatch.setattr(nudge, "_not_before", 0.0)
    outbox(nudge=True)
    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            letter()
    assert asked == ["journal.tasks.drain"], "after a failure the broker is left alone for a while"
    assert Notice.objects.count() == 3


def test_djangos_own_mail_takes_the_same_way(outbox, settings, tmp_path):
    settings.EMAIL_BACKEND = "journal.backend.OutboxBackend"
    message = EmailMultiAlternatives(
        "Құпиясөзді қалпына келтіру",
        "https://akimat.example/reset/secret",
        to=["Dana <dana@akimat.example>"],
        cc=["aset@akimat.example"],
        reply_to=["help@akimat.example"],
        connection=get_connection(),
    )
    message.attach_alternative("<b>reset</b>", "text/html")
    assert message.send() == 1
    assert Notice.objects.filter(confidential=True, priority=1).count() == 2
    assert drain() == {"sent": 2}
    files = sorted(outbox_conf().folder.glob("*.eml"))
    parsed = [EvilRelay.parsed(file.read_bytes()) for file in files]
    assert {str(message["To"]) for message in parsed} == {"Dana <dana@akimat.example>", "aset@akimat.example"}
    assert parsed[0]["Reply-To"] == "help@akimat.example"
    assert "reset/secret" in parsed[0].get_body(("plain",)).get_content()
    assert set(Notice.objects.values_list("body_text", flat=True)) == {""}


def test_in_an_embedded_installation_the_letter_is_a_whole_file(outbox, letter):
    notice = letter(title="Күнтізбе")
    assert drain() == {"sent": 1}
    [file] = outbox_conf().folder.iterdir()
    assert file.suffix == ".eml"
    assert EvilRelay.parsed(file.read_bytes())["Message-ID"] == notice.message_id
    notice.refresh_from_db()
    assert notice.last_reply == f"250 {file.name}"


def test_a_folder_that_cannot_be_written_loses_no_letter(outbox, letter, tmp_path):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    outbox(folder=tmp_path / "blocked")
    notice = letter()
    assert drain() == {"relay away": 1}
    notice.refresh_from_db()
    assert notice.state == Notice.State.PENDING
