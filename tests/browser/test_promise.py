"""From a request to the closed issue, as an office and its executor do it in the browser; in Kazakh and Russian."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache

from issues.models import Issue, PlanItem, Progress, QuarterlyReport, Request
from territories.models import Role
from tests import factories
from tests.cast import Land, Person
from tests.issues.factories import MET_ON, held_meeting, topic
from tests.issues.test_promise_pages import photograph

from .conftest import PHONE, settled

#: What the pages must say, letter by letter.
WORDS = {
    "kk": {
        "later": "кейінірек өткен қабылдаудан",
        "no_day": "Нақты күнді көрсетіңіз",
        "slip": "мерзім 1 рет шегерілді",
        "reported": "Орындалды деп хабарланды, растау қажет",
        "closed": "Жабылды: шешілді",
        "mine": "Менің тармақтарым",
    },
    "ru": {
        "later": "приёма, как более позднего",
        "no_day": "Укажите конкретный день",
        "slip": "1 перенос",
        "reported": "Сообщено об исполнении, ждет подтверждения",
        "closed": "Закрыт: решен",
        "mine": "Мои пункты",
    },
}
SEND = ".form-actions button[type=submit]"


def put(page, **values) -> None:
    for name, value in values.items():
        page.locator(f'[name="{name}"]').first.fill(value)


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_a_request_becomes_an_issue_a_promise_and_a_kept_one(visit, lang, db):
    cache.clear()
    words, land = WORDS[lang], Land()
    office, executor = Person(Role.OFFICE_STAFF, land.A), Person(Role.EXECUTOR, land.R)
    met = held_meeting(factories.calendar(land.O, 2026), land.A, land.a1)
    with time_machine.travel(dt.datetime(2026, 3, 16, 9, tzinfo=dt.UTC), tick=True):
        page = visit(office, "/staff/requests/", lang=lang)
        if not page.locator("#entry").is_visible():
            page.locator("details.entry-box > summary").click()
        page.locator("#entry [name=source]").select_option("letter")
        put(page, received_on="2026-03-02", text="Абай көшесінде жарық жоқ")
        page.locator("#entry [name=place_text]").fill("Aksu bir")
        page.locator(f"#entry {SEND}").click()
        settled(page)
        asked = Request.objects.get()
        page.goto(page.url.split("/staff/")[0] + f"/staff/requests/{asked.pk}/issue/")
        put(page, text_kk="Абай көшесінде жарық жоқ", text_ru="На улице Абая нет света")
        meeting = page.locator('[name="meeting"]')
        if meeting.count():
            meeting.select_option(str(met.pk))
        page.locator(SEND).click()
        settled(page)
        issue = Issue.objects.get()
        if issue.meeting_id is None:
            Issue.objects.filter(pk=issue.pk).update(meeting=met)
        Issue.objects.filter(pk=issue.pk).update(topic=topic("utilities-light"))

        root = page.url.split("/staff/")[0] + "/staff"
        page.goto(f"{root}/meetings/{met.pk}/reception/add/")
        put(page, starts_on="2026-03-12", ends_on="2026-03-12", citizens="7")
        page.locator(SEND).click()
        assert words["later"] in page.locator("main").inner_text()

        page.goto(f"{root}/meetings/{met.pk}/plan/issues/{issue.pk}/add/")
        put(page, measure_kk="Шам орнату", measure_ru="Установить фонари", organisation="ТҮКШ", post="басшы")
        page.locator('[name="executor"]').select_option(str(executor.post.pk))
        page.locator('[name="due_on"]').evaluate("e => e.type = 'text'")
        put(page, due_on="мүмкіндігінше")
        page.locator(SEND).click()
        assert words["no_day"] in page.locator("main").inner_text()
        page.locator('[name="due_on"]').evaluate("e => e.type = 'text'")
        put(page, due_on="20.05.2026")
        page.locator(SEND).click()
        page.goto(f"{root}/meetings/{met.pk}/plan/approve/")
        put(page, document="№ 5, 16.03.2026")
        page.locator(SEND).click()
        item = PlanItem.objects.get()
        assert item.state == "waiting"

        page.goto(f"{root}/meetings/{met.pk}/publication/list/freeze/")
        page.locator(SEND).click()
        version = met.published.get()
        page.goto(f"{root}/meetings/{met.pk}/publication/versions/{version.pk}/publish/?place=site")
        put(page, link="https://akimat.example/list", day="2026-03-16", hour="09:00")
        page.locator(SEND).click()
        assert Issue.objects.public().count() == 1

        mine = visit(executor, "/staff/items/", lang=lang, window=PHONE)
        assert words["mine"] in mine.locator("h1").inner_text()
        mine.goto(f"{root}/items/{item.pk}/new-day/")
        put(mine, to="2026-06-20", reason="Қаражат кешікті")
        mine.locator(SEND).click()
        page.goto(f"{root}/issues/{issue.pk}/")
        page.locator('a[href*="/grant/"]').click()
        page.locator(SEND).click()
        page.goto(f"{root}/issues/{issue.pk}/")
        assert words["slip"] in page.locator("main").inner_text()

        mine.goto(f"{root}/items/{item.pk}/progress/")
        mine.locator('[name="kind"][value="done"]').check()
        put(mine, text="Шам орнатылды")
        picture = photograph()
        mine.locator('[name="files"]').set_input_files(
            [{"name": "сурет.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}]
        )
        mine.locator(SEND).click()
        settled(mine)
        assert Progress.objects.get().files.count() == 1
        page.goto(f"{root}/issues/{issue.pk}/")
        assert words["reported"] in page.locator("main").inner_text()

        page.goto(f"{root}/issues/{issue.pk}/close/")
        page.locator('[name="kind"][value="done"]').check()
        put(page, text_kk="Жарық жанды", text_ru="Свет горит")
        page.locator(SEND).click()
        settled(page)
        assert words["closed"] in page.locator("main").inner_text()
        assert Issue.objects.get().closed_on == dt.date(2026, 3, 16)
        assert (QuarterlyReport.objects.count(), MET_ON) == (0, met.held_on)
    # "As far as possible" was refused on purpose: the browser names the answer.
    assert [said for said in page.complaints if "422" not in said] == []
    assert mine.complaints == []
