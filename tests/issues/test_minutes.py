"""Minutes out of the record, in both languages, by our template or the region's."""

import datetime as dt
import io
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from issues import services
from issues.documents import minutes as paper
from issues.models import HallLine, Instruction, Minutes, MinutesTemplate
from issues.services.files import DOCX
from journal.models import Entry

from .factories import CLOCK, MET_ON, TODAY
from .pages import at, text_of

HOSTILE = "Жол & көпір <b>қашан</b>? {{ 7*7 }} #panic(1)"


@pytest.fixture
def written(met, land):
    """The meeting with a question, its answer and an instruction."""
    row = HallLine.objects.create(
        unit=land.A, region=land.O, meeting=met, client_id="6f0c0d0e-0000-4000-8000-000000000001", order=1,
        question=HOSTILE, answer="Мамырда",
    )  # fmt: skip
    Instruction.objects.create(
        unit=land.A, region=land.O, meeting=met, line=row, client_id="6f0c0d0e-0000-4000-8000-000000000002",
        text="Жолды жөндеу", organisation="Жол бөлімі", due_on=dt.date(2026, 5, 1),
    )  # fmt: skip
    services.record_audience(met, category="residents", values={"present": 40}, seen_version=None, by=CLOCK)
    return met


def word(data: bytes) -> str:
    return paper.text_of(Document(io.BytesIO(data)))


def test_minutes_say_in_both_languages_what_was_written_down(written, okrug_office):
    answer = okrug_office.client.post(at("minutes_draft", written.pk))
    assert answer.status_code == 302
    row = Minutes.objects.get()
    for file, title in ((row.docx_kk, "Халықпен кездесу"), (row.docx_ru, "встречи с населением")):
        text = word(file.file.read())
        assert title.casefold() in text.casefold()
        for words in (HOSTILE, "Жолды жөндеу", "Жол бөлімі"):
            assert words in text
    for file in (row.pdf_kk, row.pdf_ru):
        assert file.file.read().startswith(b"%PDF-")
    page = okrug_office.client.get(at("minutes", written.pk))
    assert "<b>қашан" not in page.content.decode()
    assert okrug_office.client.get(at("file", row.pdf_kk_id)).status_code == 200


def test_signed_minutes_stay_and_the_next_draft_is_another_number(written, okrug_office):
    row = services.draft_minutes(written, by=okrug_office.who)
    address = at("minutes_sign", written.pk, 1)
    early = {"document_number": "5", "signed_on": (MET_ON - dt.timedelta(days=1)).isoformat(), "version": "2"}
    assert okrug_office.client.post(address, early).status_code == 422
    okrug_office.client.post(address, early | {"signed_on": TODAY.isoformat()})
    row.refresh_from_db()
    assert (row.state, row.document_number) == ("signed", "5")
    with pytest.raises(ValidationError, match="signed already"):
        services.sign_minutes(
            row, document_number="6", signed_on=TODAY, seen_version=row.version, today=TODAY, by=CLOCK
        )
    assert services.draft_minutes(written, by=CLOCK).number == 2


def test_no_minutes_of_a_meeting_that_was_not_held(calendar, land, okrug_office):
    from tests import factories

    coming = factories.meeting(calendar, land.A, land.a1, dt.date(2026, 12, 30))
    answer = okrug_office.client.post(at("minutes_draft", coming.pk), follow=True)
    assert "that was held" in text_of(answer)
    assert not Minutes.objects.exists()


# -- Published ------------------------------------------------------------------------------------
@pytest.fixture
def signed(written):
    type(written).objects.filter(pk=written.pk).update(announced_on=dt.date(2026, 2, 1))
    row = services.draft_minutes(written, by=CLOCK)
    return services.sign_minutes(
        row, document_number="5", signed_on=TODAY, seen_version=row.version, today=TODAY, by=CLOCK
    )


def publish(person, row, **values):
    address = at("minutes_publish", row.meeting_id, row.number)
    row.refresh_from_db()
    return person.client.post(address, {"read": "on", "version": row.version} | values)


def test_signed_minutes_are_fetched_from_the_public_page_in_both_languages(signed, okrug_office):
    anybody, page = Client(), f"/kk/meetings/{signed.meeting_id}/"
    file = f"{page}minutes/1/ru.docx"
    assert anybody.get(file).status_code == 404
    assert file not in anybody.get(page).content.decode()
    assert publish(okrug_office, signed).status_code == 302
    text = anybody.get(page).content.decode()
    for language, form in product(("kk", "ru"), ("docx", "pdf")):
        assert f"{page}minutes/1/{language}.{form}" in text
    answer = anybody.get(file)
    assert answer["Content-Type"] == DOCX
    assert "attachment" in answer["Content-Disposition"]
    assert HOSTILE in word(answer.content)
    for wrong in ("1/en.pdf", "1/kk.exe", "2/kk.pdf", f"{10**18}/kk.pdf"):
        assert anybody.get(f"{page}minutes/{wrong}").status_code == 404


def test_only_signed_minutes_that_were_read_for_names_are_published(written, okrug_office):
    row = services.draft_minutes(written, by=CLOCK)
    assert "Only signed" in text_of(publish(okrug_office, row))
    services.sign_minutes(row, document_number="5", signed_on=TODAY, seen_version=row.version, today=TODAY, by=CLOCK)
    assert "no citizen may be named" in text_of(publish(okrug_office, row, read=""))
    assert publish(okrug_office, row, version=1).status_code == 409
    assert not Minutes.objects.exclude(published_at=None).exists()


def test_a_number_of_a_person_in_a_question_stops_the_publication_and_says_where(written, okrug_office):
    HallLine.objects.update(question="ЖСН 850101300123, тел. 8 701 123 45 67")
    row = services.draft_minutes(written, by=CLOCK)
    services.sign_minutes(row, document_number="5", signed_on=TODAY, seen_version=row.version, today=TODAY, by=CLOCK)
    answer = publish(okrug_office, row)
    assert answer.status_code == 422
    assert "Question 1" in text_of(answer)
    assert "mobile telephone" in text_of(answer)


def test_published_minutes_are_withdrawn_with_a_reason_only(signed, okrug_office, executor):
    publish(okrug_office, signed)
    address = at("minutes_withdraw", signed.meeting_id, 1)
    signed.refresh_from_db()
    assert executor.client.post(address, {"version": signed.version, "reason": "x"}).status_code == 403
    assert okrug_office.client.post(address, {"version": signed.version}).status_code == 422
    assert okrug_office.client.post(address, {"version": signed.version, "reason": "Аты-жөн қалған"}).status_code == 302
    assert Client().get(f"/kk/meetings/{signed.meeting_id}/minutes/1/kk.pdf").status_code == 404
    assert Entry.objects.get(action="minutes.withdrawn").reason == "Аты-жөн қалған"


def template(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


WHOLE = ("Біздің хаттама {{ day }}", "{%p for row in lines %}", "{{ row.question }}", "{%p endfor %}")


def upload(person, data, name="t.docx", language="kk"):
    return person.client.post(
        at("minutes_templates"), {"language": language, "file": SimpleUploadedFile(name, data)}, follow=True
    )


def test_our_own_templates_pass_our_own_check():
    for language in ("kk", "ru"):
        paper.check_template(paper.our_template(language), language)


def test_a_region_uses_its_own_template_from_the_next_draft_on(written, editor):
    assert upload(editor, template(*WHOLE)).status_code == 200
    row = services.draft_minutes(written, by=CLOCK)
    assert "Біздің хаттама" in word(row.docx_kk.file.read())
    assert "Біздің хаттама" not in word(row.docx_ru.file.read())
    editor.client.post(at("template_drop", "kk"))
    assert "Біздің хаттама" not in word(services.draft_minutes(written, by=CLOCK).docx_kk.file.read())


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        (("{{ day }}", "{{ nonsense }}"), "cannot be filled"),
        (("{{ day }}", "{% for row in lines %}"), "cannot be filled"),
        (("{{ day }}",), "leaves out"),
        (("{{ day.__class__.__mro__ }}", *WHOLE), "cannot be filled"),
        (("{{ ''.__class__.__subclasses__() }}", *WHOLE), "cannot be filled"),
    ],
)
def test_a_broken_or_hostile_template_is_refused_and_says_why(editor, paragraphs, told):
    answer = upload(editor, template(*paragraphs))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not MinutesTemplate.objects.exists()


def test_a_template_that_is_no_word_file_is_refused(editor, okrug_office):
    assert upload(editor, b"%PDF-1.7\n%%EOF\n").status_code == 422
    assert upload(editor, b"PK\x03\x04").status_code == 422
    assert upload(okrug_office, template(*WHOLE)).status_code == 403


def test_our_template_is_handed_out_to_be_changed(okrug_office):
    answer = okrug_office.client.get(at("our_template", "ru"))
    assert answer["Content-Type"] == DOCX
    assert "{{ day }}" in word(answer.content)
    assert okrug_office.client.get(at("our_template", "xx")).status_code == 404
