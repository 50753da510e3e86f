"""Tables of offices: requests, issues, plans and progress; whole or only the good rows, and nothing twice."""

import datetime as dt
import io
from dataclasses import replace

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import load_workbook

from calendars.workbook import guard
from issues import services
from issues.models import (
    ColumnMemory,
    ImportPart,
    Issue,
    ItemState,
    PlanItem,
    Progress,
    Request,
    RequestPerson,
    StoredFile,
    TableImport,
    TableState,
)
from issues.services import importing
from issues.services.importing import jobs, packing
from issues.services.importing.columns import template_of
from journal.models import Entry

from .factories import CLOCK, TODAY, held_meeting, issue, item
from .pages import at, text_of

ISSUES = ["Күні", "Проблемный вопрос", "Село", "Тема", "Моя пометка"]
DAY = "10.03.2026"
ROADS = [DAY, "Дорога разбита", "Aksu bir (рус)", "Дороги и транспорт", "x"]
LIGHT = [DAY, "Нет света", "", "", ""]
NOWHERE = [DAY, "Нет воды", "Nowhere", "", ""]


def book(head, *rows, sheet="Лист1") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet(sheet)
        for number, row in enumerate((head, *rows)):
            page.write_row(number, 0, row)
    return out.getvalue()


def brought(person, unit, kind, data, *, whole=None, **chosen) -> TableImport:
    """Bring a table, take the columns as proposed (or as chosen), have it read and, if said so, taken in."""
    who = person.who
    job = importing.receive(guard.inspect(data, "t.xlsx"), kind=kind, unit=unit, by=who)
    _book, layout = importing.first_look(job)
    layout.columns |= chosen
    importing.choose_columns(job, layout, by=who)
    importing.work(job.pk, today=TODAY)
    if whole is not None:
        importing.begin(job, whole=whole, by=who)
        importing.work(job.pk, today=TODAY)
    job.refresh_from_db()
    return job


def test_issues_come_in_whole_and_the_same_file_makes_nothing_twice(land, met, okrug_office):
    data = book(ISSUES, ROADS, LIGHT)
    job = brought(okrug_office, land.A, "issues", data, whole=True)
    assert (job.state, job.counts["taken"]) == (TableState.DONE, 2), (job.fault, job.findings)
    issue = Issue.objects.get(text_ru="Дорога разбита")
    assert (issue.unit, issue.place, issue.topic.code, str(issue)) == (land.A, land.a1, "roads", "2026-1")
    assert not StoredFile.objects.get(pk=job.sheet_id).file
    assert Entry.objects.filter(batch=job.batch, action="issue.made").count() == 2
    again = brought(okrug_office, land.A, "issues", data)
    assert (again.counts["known"], again.expected) == (2, 0)
    assert Issue.objects.count() == 2


def read_back(data: bytes) -> list[list]:
    return load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_good_rows_come_in_now_and_the_wrong_ones_go_back_with_reasons_to_be_mended(land, met, okrug_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, NOWHERE, LIGHT), whole=False)
    assert (job.state, job.counts["taken"], job.wrong) == (TableState.DONE, 2, [3])
    head, wrong = read_back(importing.wrong_rows(job))
    assert head == [*ISSUES, "Remarks"]
    assert wrong[:5] == NOWHERE
    assert "Nowhere" in wrong[5] or "no unit" in wrong[5]
    mended = book(head, [*wrong[:2], "Aksu bir (рус)", *wrong[3:]])
    later = brought(okrug_office, land.A, "issues", mended, whole=True)
    assert (later.counts["taken"], later.counts["wrong"]) == (1, 0)
    assert set(Issue.objects.values_list("text_ru", flat=True)) == {"Дорога разбита", "Нет света", "Нет воды"}


def test_one_wrong_row_keeps_all_out_if_all_or_none_is_asked(land, met, okrug_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, NOWHERE))
    assert job.state == TableState.WRONG
    okrug_office.client.post(at("import_take", job.pk), {"how": "all"})
    assert not Issue.objects.exists()


def test_what_the_office_chose_for_a_heading_is_proposed_next_time(land, okrug_office):
    head = ["Когда", "Что болит", "Село"]
    data = book(head, [DAY, "Нет моста", ""])
    job = brought(okrug_office, land.A, "issues", data, raised_on=1, text_ru=2)
    assert job.counts["good"] == 1
    again = importing.receive(guard.inspect(data, "t.xlsx"), kind="issues", unit=land.A, by=okrug_office.who)
    _book, layout = importing.first_look(again)
    assert layout.columns == {"raised_on": 1, "text_ru": 2, "place": 3}
    assert layout.why[2] == "memory"
    assert ColumnMemory.objects.get().unit == land.A


def test_rows_of_units_outside_the_post_are_refused(land, raion_office):
    head = [*ISSUES, "Аким"]
    names = [unit.name("ru") for unit in (land.A, land.O)]
    rows = tuple([*LIGHT, name] for name in names)
    job = brought(raion_office, land.R, "issues", book(head, *rows), whole=False)
    assert [finding["code"] for finding in job.findings if finding["severity"] == "error"] == ["table.office"]
    assert Issue.objects.get().unit == land.A


def test_a_worker_that_dies_between_two_parts_goes_on_without_doubling(land, okrug_office, monkeypatch):
    monkeypatch.setattr(packing, "PART", 1)
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, NOWHERE, LIGHT))
    importing.begin(job, whole=False, by=okrug_office.who)

    steps = []
    take_rows = jobs.take_rows

    def dies_at_the_second(*given):
        steps.append(take_rows(*given))
        if len(steps) == 2:
            raise SystemExit
        return steps[-1]

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "take_rows", dies_at_the_second)
        with pytest.raises(SystemExit):
            importing.work(job.pk, today=TODAY)
    assert Issue.objects.count() == 1
    assert not importing.work(job.pk, today=TODAY)
    TableImport.objects.update(lease_until=timezone.now() - dt.timedelta(minutes=1))
    assert importing.work(job.pk, today=TODAY)
    job.refresh_from_db()
    assert (job.state, job.progress, Issue.objects.count()) == (TableState.DONE, 2, 2)


def test_a_whole_table_whose_worker_dies_is_entered_by_the_next_from_the_start(land, okrug_office, monkeypatch):
    monkeypatch.setattr(packing, "PART", 1)
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, LIGHT))
    importing.begin(job, whole=True, by=okrug_office.who)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "end", lambda *given: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            importing.work(job.pk, today=TODAY)
    assert not Issue.objects.exists()
    TableImport.objects.update(lease_until=timezone.now() - dt.timedelta(minutes=1))
    assert importing.work(job.pk, today=TODAY)
    assert Issue.objects.count() == 2


PLAN = ["Номер вопроса", "Вопрос", "Мероприятие", "Срок исполнения", "Исполнитель", "Должность"]


def test_a_plan_comes_in_by_the_number_or_the_text_of_the_issue(land, met, raised, okrug_office):
    other = issue(land.A, "Су жоқ", place=land.a1, meeting=met)
    by = ["ЖКХ", "руководитель"]
    rows = (
        [str(raised), "", "Заменить лампы", "20.05.2026", *by],
        ["", "су ЖОҚ", "Пробурить скважину", "20.05.2026", *by],
        ["2026-99", "", "Ничего", "20.05.2026", *by],
        [str(raised), "", "Поздно", "20.05.2020", *by],
    )
    job = brought(okrug_office, land.A, "plan", book(PLAN, *rows), whole=False)
    assert job.state == TableState.DONE, job.fault
    assert sorted(finding["code"] for finding in job.findings if finding["severity"] == "error") == [
        "table.due",
        "table.issue",
    ]
    items = PlanItem.objects.order_by("order")
    assert [(i.issue, i.measure_ru, i.state) for i in items] == [
        (raised, "Заменить лампы", ItemState.DRAFT),
        (other, "Пробурить скважину", ItemState.DRAFT),
    ]


PROGRESS = ["Пункт плана", "Дата", "Статус", "Что сделано"]


def test_progress_comes_in_by_items_and_the_last_step_tells_how_it_stands(land, raised, okrug_office):
    row = item(raised)
    rows = (
        [str(row), "14.03.2026", "решено", "Лампы заменены"],
        [str(raised), "12.03.2026", "в работе", "Лампы куплены"],
        [str(row), "01.03.2026", "в работе", "До того"],
        ["2026-9 / 9", "12.03.2026", "в работе", "Чужое"],
    )
    job = brought(okrug_office, land.A, "progress", book(PROGRESS, *rows), whole=False)
    assert job.counts.get("taken") == 2, (job.fault, job.findings)
    row.refresh_from_db()
    assert row.state == ItemState.REPORTED
    assert list(Progress.objects.order_by("on").values_list("text", flat=True)) == ["Лампы куплены", "Лампы заменены"]
    assert sorted(f["code"] for f in job.findings if f["severity"] == "error") == ["table.early", "table.item"]


HEAD = ["Түскен күні", "Канал", "О чем запрос", "Орны", "Тема", "e-Otinish нөмірі", "Что это"]
PEOPLE = ["ФИО", "Телефон", "E-mail", "Согласие на хранение данных"]
NAME, PHONE, MAIL = "Ахметова Гүлнар", "8 701 123 45 67", "asker@test.example"


def of_person(consent: str, mail: str = MAIL) -> list[str]:
    return [DAY, "письмо", "Жарық жоқ", "", "", "", "", NAME, PHONE, mail, consent]


def bring(person, data, name="r.xlsx", kind="requests"):
    """By the pages: the file, and the columns as they are proposed."""
    form = {"kind": kind, "file": SimpleUploadedFile(name, data), "meeting": ""}
    page = person.client.post(at("imports"), form, follow=True)
    if page.status_code != 200:
        return page
    chosen = {name: field.initial for name, field in page.context["form"].fields.items()}
    return person.client.post(page.request["PATH_INFO"], chosen, follow=True)


def bytes_at_rest() -> bytes:
    rows = StoredFile.objects.exclude(file="")
    kept = b"".join(row.file.storage.open(row.file.name).read() for row in rows)
    return kept + b"".join(bytes(part) for part in ImportPart.objects.values_list("sealed", flat=True))


def test_who_asks_comes_in_sealed_with_consent_and_the_table_goes(
    land, okrug_office, django_capture_on_commit_callbacks
):
    table = "\n".join(";".join(row) for row in ([*HEAD, *PEOPLE], of_person("да"))).encode()
    page = bring(okrug_office, table, "r.csv")
    assert NAME not in page.content.decode()
    assert NAME.encode() not in bytes_at_rest()
    job = TableImport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        okrug_office.client.post(at("import_take", job.pk), {"how": "all"})
    person = RequestPerson.objects.get()
    assert (person.name, person.phone, person.email) == (NAME, PHONE, MAIL)
    assert person.consent_text
    assert NAME not in person.name_sealed
    assert not StoredFile.objects.get().file
    assert okrug_office.client.get(at("file", job.sheet_id)).status_code == 404


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([DAY, "письмо", "Жол", "Nowhere", "", "", ""], "B35.name"),
        ([DAY, "голубь", "Жол", "", "", "", ""], "B46.choice"),
        (["вчера", "письмо", "Жол", "", "", "", ""], "B23"),
        ([DAY, "письмо", "Жол", "", "Погода", "", ""], "table.topic"),
        ([DAY, "письмо", "Жол", "", "", "", "appeal"], "table.appeal"),
        (["02.03.2099", "письмо", "Жол", "", "", "", ""], "table.future"),
        (of_person(""), "table.consent"),
        (of_person("да", "no address"), "table.email"),
    ],
)
def test_a_wrong_row_is_named_with_what_to_do(land, okrug_office, row, code):
    head = HEAD if len(row) == len(HEAD) else [*HEAD, *PEOPLE]
    job = brought(okrug_office, land.A, "requests", book(head, row))
    assert [finding["code"] for finding in job.findings if finding["severity"] == "error"] == [code]
    page = text_of(okrug_office.client.get(at("import", job.pk)))
    assert "row 2" in page
    assert not Request.objects.exists()


def test_nothing_of_a_person_lies_open_with_the_findings(land, okrug_office):
    row = of_person("да", "no address")
    row[7] = "Axметова Гүлнар"  # with a Latin A and x
    job = brought(okrug_office, land.A, "requests", book([*HEAD, *PEOPLE], row))
    assert job.wrong == [2]
    assert "метова" not in str(job.findings)
    assert "no address" not in str(job.findings)


def test_an_appeal_comes_in_once(land, okrug_office):
    row = [DAY, "письмо", "Жол", "", "", "KZ-1", "appeal"]
    assert brought(okrug_office, land.A, "requests", book(HEAD, row), whole=True).counts["taken"] == 1
    assert brought(okrug_office, land.A, "requests", book(HEAD, row)).counts["known"] == 1
    other = brought(okrug_office, land.A, "requests", book(HEAD, [*row[:2], "Басқа", *row[3:]]))
    assert [finding["code"] for finding in other.findings] == ["table.appeal_twice"]


def test_a_table_that_nobody_took_is_given_up_after_a_day(land, okrug_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS))
    later = timezone.now() + dt.timedelta(days=2)
    services.forget_sheets(later, by=CLOCK)
    assert importing.forget_tables(later, by=CLOCK) == 1
    job.refresh_from_db()
    assert job.state == TableState.DROPPED
    assert not ImportPart.objects.exists()


def test_a_table_is_for_who_brought_it_alone(land, okrug_office, raion_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS))
    assert raion_office.client.get(at("import", job.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        importing.begin(job, whole=True, by=raion_office.who)


def test_more_rows_than_one_table_may_have_are_told(land, okrug_office, monkeypatch):
    shorter = lambda kind: replace(template_of(kind), most_rows=1)  # noqa: E731
    monkeypatch.setattr(jobs, "template_of", shorter)
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, LIGHT))
    assert (job.state, [finding["code"] for finding in job.findings]) == (TableState.FAILED, ["B08.rows"])


def alter(job) -> None:
    """What a failing disk does: bytes of the kept file are no longer what was written."""
    storage, name = job.sheet.file.storage, job.sheet.file.name
    with storage.open(name) as kept:
        data = bytearray(kept.read())
    data[len(data) // 2] ^= 1
    with storage.open(name, "wb") as kept:
        kept.write(bytes(data))


DAMAGED = {
    "kk": "Осы кесте үшін сақталған файл бүлінген, оны ашу мүмкін емес. Оны қайта әкеліңіз.",
    "ru": "Файл, сохранённый для этой таблицы, повреждён и больше не открывается. Загрузите его снова.",
}


@pytest.mark.parametrize("language", DAMAGED)
def test_a_kept_file_that_was_damaged_fails_the_table_with_a_word_in_the_readers_language(land, okrug_office, language):
    client = okrug_office.client
    client.cookies["language"] = language
    form = {"kind": "issues", "file": SimpleUploadedFile("r.xlsx", book(ISSUES, ROADS)), "meeting": ""}
    client.post(at("imports"), form)
    job = TableImport.objects.get()
    alter(job)
    page = client.get(at("import_columns", job.pk), follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, at("import", job.pk))
    assert DAMAGED[language] in text_of(page)
    job.refresh_from_db()
    assert job.state == TableState.FAILED
    assert Entry.objects.filter(action="import.failed").count() == 1


def test_a_file_that_was_damaged_before_the_worker_came_fails_the_table(land, okrug_office):
    job = importing.receive(
        guard.inspect(book(ISSUES, ROADS), "t.xlsx"), kind="issues", unit=land.A, by=okrug_office.who
    )
    _book, layout = importing.first_look(job)
    TableImport.objects.update(told_in="ru")
    importing.choose_columns(job, layout, by=okrug_office.who)
    alter(job)
    importing.work(job.pk, today=TODAY)
    job.refresh_from_db()
    assert (job.state, job.fault) == (TableState.FAILED, DAMAGED["ru"])
    assert not Issue.objects.exists()


def test_rows_that_were_damaged_before_they_were_taken_in_fail_the_table(land, okrug_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS))
    ImportPart.objects.update(sealed=bytes(ImportPart.objects.get().sealed)[:-8] + b"AAAAAAA=")
    importing.begin(job, whole=True, by=okrug_office.who)
    importing.work(job.pk, today=TODAY)
    job.refresh_from_db()
    assert job.state == TableState.FAILED
    assert job.fault
    assert not Issue.objects.exists()


def test_wrong_rows_of_a_damaged_file_are_told_not_to_be_had(land, okrug_office):
    job = brought(okrug_office, land.A, "issues", book(ISSUES, ROADS, NOWHERE), whole=False)
    alter(job)
    client = okrug_office.client
    client.cookies["language"] = "ru"
    page = client.get(at("import_wrong", job.pk))
    assert page.status_code == 409
    assert DAMAGED["ru"] in text_of(page)


def test_a_file_that_is_no_table_is_refused(okrug_office):
    page = bring(okrug_office, b"%PDF-1.7\n%%EOF\n")
    assert page.status_code == 422
    assert "Nothing was changed" in text_of(page)
    assert not StoredFile.objects.exists()


def test_tables_to_fill_in_begin_with_what_is_open(land, met, raised, okrug_office):
    row = item(raised)
    other = issue(land.A, "Су жоқ", place=land.a1, meeting=met)
    plan = read_back(okrug_office.client.get(at("import_empty", "plan")).content)
    assert [line[0] for line in plan[1:]] == [str(other)]
    progress = read_back(okrug_office.client.get(at("import_empty", "progress")).content)
    assert [line[0] for line in progress[1:]] == [str(row)]


# -- Executors ------------------------------------------------------------------------------------
@pytest.fixture
def own(land, met, executor):
    """Two items of the executor, of two akims that number them alike."""
    lamps = issue(land.A, place=land.a1, meeting=met)
    there = held_meeting(met.calendar, land.B, land.b1)
    bridge = issue(land.B, "Көпір сынған", place=land.b1, meeting=there)
    return [item(each, executor=executor) for each in (lamps, bridge)]


def test_an_executor_brings_the_progress_of_his_own_items_and_of_no_others(land, met, own, executor, other_executor):
    foreign = item(issue(land.A, "Су жоқ", place=land.a1, meeting=met), executor=other_executor)
    head = [*PROGRESS, "Код КАТО акима"]
    rows = (
        [str(own[0]), "14.03.2026", "решено", "Лампы заменены", land.A.code],
        [str(own[1]), "14.03.2026", "в работе", "Мост чинят", land.B.code],
        [str(foreign), "14.03.2026", "решено", "Чужое", land.A.code],
    )
    assert bring(executor, book(head, *rows), kind="progress").status_code == 200
    job = TableImport.objects.get()
    assert (job.counts["good"], job.wrong) == (2, [4])
    assert [finding["code"] for finding in job.findings if finding["severity"] == "error"] == ["table.item"]
    assert "Су" not in str(job.findings)
    executor.client.post(at("import_take", job.pk), {"how": "good"})
    assert dict(Progress.objects.values_list("item", "text")) == {own[0].pk: "Лампы заменены", own[1].pk: "Мост чинят"}
    foreign.refresh_from_db()
    assert foreign.state == ItemState.WAITING
    assert Entry.objects.filter(action="progress.recorded", actor=executor.user).count() == 2


def test_an_executor_of_several_akims_is_asked_whose_item_he_means(land, own, executor):
    rows = ([str(own[0]), DAY, "в работе", "Куплено"], ["", DAY, "в работе", "Чинят"])
    rows[1][0] = str(own[1].issue)
    job = brought(executor, land.R, "progress", book(PROGRESS, *rows))
    assert [finding["code"] for finding in job.findings if finding["severity"] == "error"] == ["table.akims"] * 2
    head = ["Вопрос", *PROGRESS[1:]]
    by_text = brought(executor, land.R, "progress", book(head, ["көпір СЫНҒАН", "14.03.2026", "в работе", "Чинят"]))
    assert by_text.counts["good"] == 1, by_text.findings


def test_an_executor_brings_no_other_tables(land, executor):
    assert executor.client.get(at("import_empty", "plan")).status_code == 404
    assert bring(executor, book(ISSUES, ROADS), kind="issues").status_code == 422
    with pytest.raises(PermissionDenied):
        brought(executor, land.R, "issues", book(ISSUES, ROADS))
    assert not TableImport.objects.exists()


def test_the_table_of_an_executor_begins_with_his_items_and_comes_in_once_filled(land, own, executor):
    head, *lines = read_back(executor.client.get(at("import_empty", "progress")).content)
    assert [line[0] for line in lines] == [str(each) for each in own]
    told = {"on": DAY, "kind": "in work", "text": "Жұмыс жүріп жатыр"}
    keys = [column.key for column in template_of("progress").columns]
    filled = [[told.get(key, value) for key, value in zip(keys, line, strict=True)] for line in lines]
    job = brought(
        executor, land.R, "progress", book(head, *[[*line[:3], *f[3:]] for line, f in zip(lines, filled, strict=True)])
    )
    assert job.counts["good"] == 2, job.findings


def test_what_an_executor_chose_for_his_headings_is_his_alone(land, own, executor, other_executor, raion_office):
    head = ["Что", "Когда", "Как", "Слова"]
    data = book(head, [str(own[0]), "14.03.2026", "решено", "Лампы заменены"])
    chosen = {"item": 1, "on": 2, "kind": 3, "text": 4}

    def proposed_to(person):
        job = importing.receive(guard.inspect(data, "t.xlsx"), kind="progress", unit=land.R, by=person.who)
        return job, importing.first_look(job)[1]

    job, layout = proposed_to(executor)
    layout.columns = chosen
    importing.choose_columns(job, layout, by=executor.who)
    for person, known in ((executor, chosen), (other_executor, {}), (raion_office, {})):
        assert proposed_to(person)[1].columns == known


def test_an_executor_finds_the_way_on_the_page_of_his_items(own, executor):
    assert at("imports") in executor.client.get(at("items")).content.decode()
