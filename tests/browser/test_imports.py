"""An office's own table in a real browser: columns, preview, good rows now, wrong rows back and mended."""

import io

import pytest
import xlsxwriter
from python_calamine import load_workbook

from issues.models import Issue
from territories.models import Role
from territories.scope import today

from ..cast import Person
from ..issues.pages import at
from .conftest import violations

LANGUAGES = pytest.mark.parametrize("lang", ["kk", "ru"])


def table(*rows: list[str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Лист1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@LANGUAGES
def test_an_offices_own_table_comes_in_by_halves(visit, land, lang, tmp_path):
    office, day = Person(Role.OFFICE_STAFF, land.A), f"{today():%d.%m.%Y}"
    head = ["Күні", "Что болит", "Тема"]
    path = tmp_path / "вопросы.xlsx"
    path.write_bytes(table(head, [day, "Нет света", ""], [day, "Нет воды", "Погода"]))
    page = visit(office, at("imports", kind="issues"), lang=lang)
    page.locator("input[name=file]").set_input_files(path)
    page.locator("main form[enctype] button[type=submit]").click()
    page.locator("select[name=column_2]").wait_for()
    assert page.locator("select[name=column_1]").input_value() == "raised_on"
    page.locator("select[name=column_2]").select_option("text_ru")
    assert violations(page) == []
    page.locator("main form[data-once] button.btn-primary").click()
    page.locator(".findings").wait_for()
    told = page.locator(".findings tbody").inner_text()
    assert "Погода" in told
    assert "Лист1" in told
    assert not Issue.objects.exists()
    assert violations(page) == []
    page.locator(".import-actions button.btn-primary").click()
    page.locator(".note-success").first.wait_for()
    assert Issue.objects.get().text_ru == "Нет света"
    with page.expect_download() as waiting:
        page.locator(".import-actions a.btn-primary").click()
    rows = load_workbook(waiting.value.path()).get_sheet_by_index(0).to_python()
    assert rows[1][1] == "Нет воды"
    assert "Погода" in rows[1][3]
    path.write_bytes(table(rows[0], [day, "Нет воды", "", rows[1][3]]))
    page.goto(page.url.split("/staff/")[0] + at("imports", kind="issues"))
    page.locator("input[name=file]").set_input_files(path)
    page.locator("main form[enctype] button[type=submit]").click()
    page.locator("select[name=column_2]").wait_for()
    assert page.locator("select[name=column_2]").input_value() == "text_ru"
    page.locator("main form[data-once] button.btn-primary").click()
    page.locator(".import-actions button.btn-primary").click()
    page.locator(".note-success").first.wait_for()
    assert set(Issue.objects.values_list("text_ru", flat=True)) == {"Нет света", "Нет воды"}
    assert page.complaints == []
