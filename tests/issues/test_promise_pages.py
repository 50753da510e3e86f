"""From the promise to its end, as executor, office, body and reader of the public page meet it."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from issues import looking, services
from issues.models import Closing, DueChange, Issue, PlanItem, Progress, Publication, PublicationCheck, QuarterlyReport
from journal.models import Notice

from .factories import ALMATY, CLOCK, TODAY, channel, issue, item, request, seen, topic
from .factories import at as hour
from .pages import at, filled, queries, text_of

NOW = dt.datetime(2026, 3, 16, 12, tzinfo=ALMATY)


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def photograph() -> SimpleUploadedFile:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Telephone of a person"
    Image.new("RGB", (8, 8), "green").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("сурет.jpg", out.getvalue())


def send(client, address, **values):
    return client.post(address, filled(client.get(address)) | values)


@pytest.fixture
def promised(raised, executor):
    return item(raised, executor=executor)


def test_an_executor_sees_and_touches_only_his_own_items(promised, executor, other_executor, land):
    assert "Шамдарды ауыстыру" in text_of(executor.client.get(at("items")))
    assert "Nothing is owed by you" in text_of(other_executor.client.get(at("items")))
    for name in ("item", "progress_add", "new_day"):
        assert other_executor.client.get(at(name, promised.pk)).status_code == 404
    assert executor.client.get(at("issues")).status_code == 403
    assert executor.client.get(at("issue_close", promised.issue_id)).status_code == 403


def test_progress_comes_with_a_photograph_that_tells_nothing_of_its_owner(promised, executor, okrug_office):
    address = at("progress_add", promised.pk)
    page = executor.client.get(address)
    data = filled(page) | {"kind": "done", "text": "Шам ауыстырылды", "files": [photograph(), photograph()]}
    assert executor.client.post(address, data).status_code == 302
    step = Progress.objects.get()
    assert step.files.count() == 2
    assert b"Telephone" not in step.files.first().file.read()
    page = okrug_office.client.get(at("issue", promised.issue_id))
    words = text_of(page)
    for picture in step.files.all():
        assert f'<img src="{at("file", picture.pk)}"' in page.content.decode(), "the office sees what it confirms"
    assert "Шам ауыстырылды" in words
    assert "Reported as done, to be confirmed" in words


def test_a_file_that_is_no_picture_is_named_and_nothing_is_kept(promised, executor):
    address = at("progress_add", promised.pk)
    bad = SimpleUploadedFile("proof.jpg", b"<script>alert(1)</script>")
    answer = executor.client.post(
        address, filled(executor.client.get(address)) | {"text": "x", "kind": "done", "files": [bad]}
    )
    assert answer.status_code == 422
    assert "proof.jpg" in text_of(answer)
    assert Progress.objects.count() == 0


def test_a_new_day_is_asked_for_granted_counted_and_the_old_one_stays_in_sight(promised, executor, okrug_office):
    assert (
        send(executor.client, at("new_day", promised.pk), to="2026-07-01", reason="Қаражат кешікті").status_code == 302
    )
    change = DueChange.objects.get()
    assert executor.client.get(at("new_day_grant", change.pk)).status_code == 403
    assert "A new day is asked for" in text_of(okrug_office.client.get(at("issue", promised.issue_id)))
    assert send(okrug_office.client, at("new_day_grant", change.pk), decision="Келісілді").status_code == 302
    words = text_of(okrug_office.client.get(at("issue", promised.issue_id)))
    assert "Slip: the day is put off" in words
    assert "1 slip" in words
    assert "first promised 20 May" in words.replace("20.05.2026", "20 May")
    assert Issue.objects.get(pk=promised.issue_id).slips == 1


def test_a_refusal_needs_its_words(promised, executor, okrug_office):
    send(executor.client, at("new_day", promised.pk), to="2026-07-01", reason="Қаражат кешікті")
    address = at("new_day_refuse", DueChange.objects.get().pk)
    assert send(okrug_office.client, address, decision="").status_code == 422
    assert send(okrug_office.client, address, decision="Жоқ").status_code == 302
    assert PlanItem.objects.get(pk=promised.pk).due_on == dt.date(2026, 5, 20)


def test_done_needs_the_proof_of_its_topic_and_a_dispute_brings_the_old_day_back(promised, okrug_office):
    wanted = topic()
    wanted.proof = "photo"
    wanted.save()
    Issue.objects.filter(pk=promised.issue_id).update(topic=wanted)
    client, address = okrug_office.client, at("issue_close", promised.issue_id)
    page = client.get(address)
    assert "“Done” needs for this topic: a photograph" in text_of(page)
    data = filled(page) | {"kind": "done", "text_kk": "Бітті"}
    assert client.post(address, data).status_code == 422
    assert client.post(address, data | {"files": [photograph()]}).status_code == 302
    assert Closing.objects.get().kind == "done"
    assert send(client, at("issue_dispute", promised.issue_id), text="Қайта жанбайды").status_code == 302
    row = Issue.objects.get(pk=promised.issue_id)
    assert (row.is_open, row.due_on) == (True, dt.date(2026, 5, 20))
    assert "open" in text_of(client.get(at("issue", promised.issue_id)))


def test_the_list_is_narrowed_and_costs_the_same_for_one_issue_and_for_three(promised, land, met, okrug_office):
    client = okrug_office.client
    one = queries(client, at("issues")), queries(client, at("items"))
    for text in ("Су құбыры", "Жол жоқ"):
        item(issue(land.A, text, place=land.a1, meeting=met))
    assert (queries(client, at("issues")), queries(client, at("items"))) == one
    assert "Су құбыры" in text_of(client.get(at("issues", q="құбыр")))
    assert "Жол жоқ" not in text_of(client.get(at("issues", q="құбыр")))
    assert "Жол жоқ" in text_of(client.get(at("issues", state="open", executor="үй")))
    assert "No issue fits" in text_of(client.get(at("issues", when="late")))
    assert client.get(at("issues", state="nonsense", when="x", topic="y", page="z")).status_code == 200


def freeze(client, met, what, **values):
    return send(client, at("document_freeze", met.pk, what), **values)


def test_results_list_and_plan_are_frozen_placed_and_judged_by_the_ten_days(promised, met, okrug_office):
    client = okrug_office.client
    assert "nothing stands there" in text_of(client.get(at("publication", met.pk)))
    freeze(client, met, "results", text_kk="Қорытынды", text_ru="Итоги")
    freeze(client, met, "list")
    freeze(client, met, "plan")
    for version in met.published.all():
        for code in ("site", "egov"):
            address = at("document_publish", met.pk, version.pk, place=code)
            day = "2026-03-16" if code == "site" else "2026-03-15"
            assert send(client, address, link=f"https://{code}.example/1", day=day, hour="10:00").status_code == 302
    words = text_of(client.get(at("publication", met.pk)))
    assert words.count("published in time") == 3
    assert "nothing stands there" not in words


def test_a_changed_list_is_called_stale_and_stands_beside_the_old_version(promised, met, land, okrug_office):
    client = okrug_office.client
    freeze(client, met, "list")
    issue(land.A, "Жаңа мәселе", place=land.a1, meeting=met)
    assert "It has changed since it was frozen" in text_of(client.get(at("publication", met.pk)))
    assert freeze(client, met, "list", reason="").status_code == 422
    assert freeze(client, met, "list", reason="Мәселе қосылды").status_code == 302
    words = text_of(client.get(at("document_compare", met.pk, "list", 2)))
    assert "version 1" in words
    assert "Жаңа мәселе" in words


@pytest.fixture
def on_our_page(met, land, settings):
    settings.SITE_URL = "https://akimat.example"
    issue(land.A, "Көше жарығы жоқ", place=land.a1, meeting=met, text_ru="Нет уличного освещения")
    version = services.freeze_document(met, what="list", by=CLOCK)
    return services.publish(
        version, channel=channel("site"), published_at=hour(TODAY, 9), link=looking.address(version), own_page=True,
        by=CLOCK,
    )  # fmt: skip


def path_of(version) -> str:
    return looking.address(version).removeprefix("https://akimat.example")


def opened(client, *, instead=None):
    """A way to fetch our pages as anybody would; `instead` gives another answer for some addresses."""

    def fetch(url):
        path = "/" + url.split("/", 3)[3]
        for part, answer in (instead or {}).items():
            if part in path:
                return answer
        response = client.get(path)
        return response.status_code, response.content.decode()

    return fetch


@pytest.mark.parametrize(
    ("instead", "result"),
    [
        ({}, "fine"),
        ({"/ru/": (404, "")}, "one_language"),
        ({"/ru/": (200, "<p>Page</p>")}, "one_language"),
        ({"published": (200, "<p>Page</p>")}, "empty"),
        ({"published": (404, "")}, "gone"),
        ({"published": (0, "")}, "gone"),
    ],
)
def test_the_program_sees_what_its_public_page_shows(on_our_page, client, okrug_office, met, instead, result):
    assert looking.look_at_due(NOW, fetch=opened(client, instead=instead)) == 1
    check = PublicationCheck.objects.get()
    assert (check.result, check.at) == (result, NOW)
    assert looking.look_at_due(NOW + dt.timedelta(minutes=5), fetch=opened(client)) == 0
    assert looking.look_at_due(NOW + dt.timedelta(hours=2), fetch=opened(client)) == 1
    words = text_of(okrug_office.client.get(at("publication", met.pk)))
    assert "as published" in words
    assert str(check.get_result_display()) in words


def test_the_public_page_names_no_person_and_shows_nothing_unpublished(on_our_page, client, met, land):
    address = path_of(on_our_page.version_of)
    words = text_of(client.get(address))
    assert "Көше жарығы жоқ" in words
    draft = services.freeze_document(met, what="results", text_kk="Құпия", text_ru="Тайна", by=CLOCK)
    assert client.get(path_of(draft)).status_code == 404
    assert Publication.objects.count() == 1


def test_only_our_own_site_is_ever_asked():
    assert looking.fetch("http://169.254.169.254/latest/meta-data/") == (0, "")
    assert looking.fetch("file:///etc/passwd") == (0, "")


def test_quarterly_information_is_drafted_edited_frozen_and_placed(promised, land, okrug_office, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 4, 20, 12, tzinfo=ALMATY))
    client = okrug_office.client
    client.get(at("quarters", year=2026))
    assert client.post(at("quarter_draft"), {"quarter": "1"}).status_code == 302
    report = QuarterlyReport.objects.get()
    address = at("quarter", report.pk)
    client.post(at("quarter_freeze", report.pk), {"version": report.version})
    report.refresh_from_db()
    assert report.state == "draft"
    row = report.rows.get()
    assert (
        send(client, address, **{f"row_{row.pk}_kk": "Өзгеріссіз", f"row_{row.pk}_ru": "Без изменений"}).status_code
        == 302
    )
    client.post(at("quarter_freeze", report.pk), {"version": seen(report)})
    report.refresh_from_db()
    assert report.state == "frozen"
    for code in ("site", "egov"):
        place = at("quarter_publish", report.pk, place=code)
        assert send(client, place, link=f"https://{code}.example/q", day="2026-04-19", hour="10:00").status_code == 302
    assert report.publications.count() == 2
    assert "nothing stands there" not in text_of(client.get(address))


def test_a_central_issue_is_sent_answered_and_both_sides_are_told(land, met, minister, ministry, okrug_office):
    row = issue(land.A, level="central", place=land.a1, meeting=met)
    asker = services.Person(name="Сұраушы", email="asker@test.example", consent="Келісемін")
    services.join_request(request(land.A, person=asker), row, by=CLOCK)
    send(okrug_office.client, at("issue_route", row.pk), organisation=ministry.pk, proposal_kk="Бюджеттен бөлу")
    routing = row.routings.get()
    client = minister.client
    assert "Көше жарығы жоқ" in text_of(client.get(at("central")))
    assert send(client, at("central_answer", routing.pk), answer_kk="2027 жылға енгізілді").status_code == 302
    assert send(client, at("central_course", routing.pk), way_kk="Жоба", course_kk="Жүріп жатыр").status_code == 302
    words = text_of(okrug_office.client.get(at("issue", row.pk)))
    assert "2027 жылға енгізілді" in words
    assert "course told" in text_of(okrug_office.client.get(at("central")))
    letters = Notice.objects.filter(kind="central_answered")
    assert {letter.recipient_email for letter in letters} == {okrug_office.user.email, "asker@test.example"}
    assert letters.get(recipient_email="asker@test.example").confidential
    assert client.get(at("issues")).status_code == 403
