"""A proof comes with its paper: checked by its content, kept with its hash under a name of ours, read in the scope."""

import datetime as dt
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deadlines import views
from deadlines.ids import Subject
from deadlines.models import Duty, Evidence
from journal.models import Entry
from tests import factories

PDF = b"%PDF-1.7 order No. 5"
JPEG = b"\xff\xd8\xff\xe0 photograph \xff\xd9"


@pytest.fixture(autouse=True)
def today_is(monkeypatch):
    monkeypatch.setattr(views, "today", lambda: dt.date(2027, 3, 20))


@pytest.fixture
def duty(land) -> Duty:
    return factories.duty("826-3.5.a1", land.A, Subject.MEETING, 77)


def prove(person, duty: Duty, data: bytes, name: str = "order.pdf", **changed):
    upload = SimpleUploadedFile(name, data, content_type="application/pdf")
    sent = {"kind": "DOC", "done_on": "2027-03-16", "file": upload, "version": duty.version}
    return person.client.post(f"/staff/duties/{duty.pk}/prove/", sent | changed)


def test_an_office_proves_by_a_paper_that_others_of_its_region_can_open(
    duty, okrug_office, editor, neighbour, reviewer
):
    assert prove(okrug_office, duty, PDF).status_code == 302
    row = Evidence.objects.get()
    assert (row.file_name, row.file_sha256) == ("order.pdf", hashlib.sha256(PDF).hexdigest())
    assert Entry.objects.get(action="duty.evidence_recorded").became["file"] == row.file_sha256
    page = okrug_office.client.get(f"/staff/duties/{duty.pk}/").content.decode()
    address = f"/staff/duties/evidence/{row.pk}/file/"
    assert address in page
    for reader in (okrug_office, editor, reviewer):
        answer = reader.client.get(address)
        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="order.pdf"'
        assert "sandbox" in answer["Content-Security-Policy"]
    assert neighbour.client.get(address).status_code == 404


def test_a_withdrawn_proof_keeps_its_paper_and_one_without_a_paper_has_none(duty, okrug_office):
    prove(okrug_office, duty, JPEG, "зал.jpg", kind="SNAP")
    duty.refresh_from_db()
    row = Evidence.objects.get()
    okrug_office.client.post(
        f"/staff/duties/evidence/{row.pk}/withdraw/", {"reason": "wrong hall", "version": duty.version}
    )
    assert okrug_office.client.get(f"/staff/duties/evidence/{row.pk}/file/").content == JPEG
    duty.refresh_from_db()
    prove(okrug_office, duty, b"", kind="REC", note="12 citizens", file="")
    bare = Evidence.objects.latest("pk")
    assert okrug_office.client.get(f"/staff/duties/evidence/{bare.pk}/file/").status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"MZ\x90\x00 a program", "This is not a PDF, JPEG or PNG file"),
        (b"<html><script>alert(1)</script>", "This is not a PDF, JPEG or PNG file"),
        (b"PK\x03\x04 an archive", "This is not a PDF, JPEG or PNG file"),
        (b"", "The submitted file is empty."),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "The file is larger than 10 MB"),
    ],
)
def test_a_file_of_another_kind_is_refused_whatever_its_name_says(duty, okrug_office, data, said):
    answer = prove(okrug_office, duty, data)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "choose it once more" in shown
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "..\\..\\etc\\passwd.pdf",
        "invoice\u202efdp.exe",
        "a\x00b\r\nSet-Cookie: x.pdf",
        "<img src=x onerror=alert(1)>.pdf",
        "бұйрық № 5.PDF",
        ".pdf",
        "x" * 400 + ".pdf",
    ],
)
def test_a_hostile_name_is_tamed_and_never_becomes_a_path(duty, okrug_office, settings, name):
    assert prove(okrug_office, duty, PDF, name).status_code == 302
    row = Evidence.objects.get()
    assert row.file_name.endswith(".pdf")
    assert len(row.file_name) <= 160
    assert not set(row.file_name) & set('\x00\r\n/\\:*?"<>|\u202e')
    assert re.fullmatch(r"evidence/\d{4}/[0-9a-f]{32}\.pdf", row.file.name)
    assert str(row.file.path).startswith(str(settings.MEDIA_ROOT))
    page = okrug_office.client.get(f"/staff/duties/{duty.pk}/").content.decode()
    assert "<img src=x" not in page


def test_a_neighbour_proves_nothing_by_a_paper_of_his(duty, neighbour, reviewer):
    assert prove(neighbour, duty, PDF).status_code == 404
    assert prove(reviewer, duty, PDF).status_code == 403
    assert not Evidence.objects.exists()


def test_a_paper_that_comes_after_somebody_elses_change_is_not_kept(duty, okrug_office):
    answer = prove(okrug_office, duty, PDF, version=duty.version + 1)
    assert answer.status_code == 409
    assert "choose it once more" in answer.content.decode()
    assert not Evidence.objects.exists()
