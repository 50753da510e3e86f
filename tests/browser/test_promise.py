"""From the public form to the closed issue and its dispute, as people do it in the browser; in Kazakh and Russian."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache

from issues.models import HallLine, Issue, PlanItem, PoolVersion, Progress, QuarterlyReport, Request
from journal.models import Notice
from territories.models import Role
from tests import factories
from tests.cast import Land, Person
from tests.issues.factories import MET_ON, topic
from tests.issues.test_promise_pages import photograph

from .conftest import PATIENCE, PHONE, settled

#: What the pages must say, letter by letter.
WORDS = {
    "kk": {
        "later": "кейінірек өткен қабылдаудан",
        "no_day": "Нақты күнді көрсетіңіз",
        "slip": "мерзім 1 рет шегерілді",
        "reported": "Орындалды деп хабарланды, растау қажет",
        "closed": "Жабылды: шешілді",
        "mine": "Менің тармақтарым",
        "again": "Мәселе қайта ашылды",
    },
    "ru": {
        "later": "приёма, как более позднего",
        "no_day": "Укажите конкретный день",
        "slip": "1 перенос",
        "reported": "Сообщено об исполнении, ждет подтверждения",
        "closed": "Закрыт: решен",
        "mine": "Мои пункты",
        "again": "Вопрос открыт снова",
    },
}
SEND = ".form-actions button[type=submit]"


def put(page, **values) -> None:
    for name, value in values.items():
        page.locator(f'[name="{name}"]').first.fill(value)


def said(page, part: str = "main") -> str:
    """What the page says once it has come whole."""
    page.wait_for_load_state()
    return page.locator(part).inner_text()


@pytest.fixture
def anybody(browser, live_server):
    """A telephone of somebody without an account."""
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield lambda address: (page.goto(live_server.url + address), page)[1]
    context.close()


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_a_question_becomes_an_issue_a_promise_and_a_kept_one_until_its_asker_disagrees(visit, anybody, lang, db):
    cache.clear()
    words, land = WORDS[lang], Land()
    office, executor = Person(Role.OFFICE_STAFF, land.A), Person(Role.EXECUTOR, land.R)
    told = {"announced_on": dt.date(2026, 2, 24)}
    met = factories.meeting(factories.calendar(land.O, 2026), land.A, land.a1, MET_ON, **told)
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC), tick=True) as clock:
        phone = anybody(f"/{lang}/meetings/{met.pk}/")
        phone.locator(f'a[href="/{lang}/ask/{met.pk}/"]').click()
        phone.locator("[name=text]").fill("Абай көшесінде жарық жоқ")
        clock.shift(dt.timedelta(seconds=30))
        phone.locator(SEND).click()
        code = phone.locator(".ask-code").inner_text()
        asked = Request.objects.get(code=code)

        page = visit(office, f"/staff/requests/{asked.pk}/", lang=lang)
        root = page.url.split("/staff/")[0] + "/staff"
        page.locator('form[action$="/accept/"] button').click()
        page.goto(f"{root}/requests/{asked.pk}/issue/")
        put(page, text_kk="Абай көшесінде жарық жоқ", text_ru="На улице Абая нет света")
        page.locator(SEND).click()
        settled(page)
        issue = Issue.objects.get(meeting=met)
        Issue.objects.filter(pk=issue.pk).update(topic=topic("utilities-light"))
        page.goto(f"{root}/meetings/{met.pk}/pool/")
        page.locator("#pool-form button.btn-primary").click()
        settled(page)
        assert PoolVersion.objects.get().rows.get().issue == issue

        clock.move_to(dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC))
        page = visit(office, f"/staff/meetings/{met.pk}/hall/", lang=lang)
        assert page.locator(f'[data-agenda="{issue.pk}"]').count() == 1
        page.keyboard.press("Control+Enter")
        page.keyboard.type("Жарық қашан жанады?")
        page.wait_for_function("() => !document.querySelector('.is-waiting')")
        assert HallLine.objects.get().question == "Жарық қашан жанады?"
        page.goto(f"{root}/meetings/{met.pk}/hall/held/")
        put(page, attendance="40")
        page.locator(SEND).click()
        settled(page)
        met.refresh_from_db()
        assert met.held_on == MET_ON

        clock.move_to(dt.datetime(2026, 3, 16, 9, tzinfo=dt.UTC))
        page = visit(office, f"/staff/meetings/{met.pk}/reception/add/", lang=lang)
        put(page, starts_on="2026-03-12", ends_on="2026-03-12", citizens="7")
        page.locator(SEND).click()
        assert words["later"] in said(page)

        page.goto(f"{root}/meetings/{met.pk}/plan/issues/{issue.pk}/add/")
        put(page, measure_kk="Шам орнату", measure_ru="Установить фонари", organisation="ТҮКШ", post="басшы")
        page.locator('[name="executor"]').select_option(str(executor.post.pk))
        page.locator('[name="due_on"]').evaluate("e => e.type = 'text'")
        put(page, due_on="мүмкіндігінше")
        page.locator(SEND).click()
        assert words["no_day"] in said(page)
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
        assert words["mine"] in said(mine, "h1")
        mine.goto(f"{root}/items/{item.pk}/new-day/")
        put(mine, to="2026-06-20", reason="Қаражат кешікті")
        mine.locator(SEND).click()
        page.goto(f"{root}/issues/{issue.pk}/")
        page.locator('a[href*="/grant/"]').click()
        page.locator(SEND).click()
        page.goto(f"{root}/issues/{issue.pk}/")
        assert words["slip"] in said(page)

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
        assert words["reported"] in said(page)

        page.goto(f"{root}/issues/{issue.pk}/close/")
        page.locator('[name="kind"][value="done"]').check()
        put(page, text_kk="Жарық жанды", text_ru="Свет горит")
        page.locator(SEND).click()
        settled(page)
        assert words["closed"] in said(page)
        assert Issue.objects.get().closed_on == dt.date(2026, 3, 16)
        assert QuarterlyReport.objects.count() == 0

        phone = anybody(f"/{lang}/my-question/?code={code}")
        phone.locator('a[href*="/not-solved/"]').click()
        phone.locator("[name=text]").fill("Шам бір күннен кейін сөнді")
        clock.shift(dt.timedelta(seconds=30))
        phone.locator(SEND).click()
        assert words["again"] in said(phone, "h1")
        issue.refresh_from_db()
        assert (issue.is_open, issue.slips, issue.first_due_on) == (True, 1, dt.date(2026, 5, 20))
        assert Notice.objects.get(kind="issue_disputed").recipient_email == office.user.email
    # "As far as possible" was refused on purpose: the browser names the answer.
    assert [said for said in page.complaints if "422" not in said] == []
    assert mine.complaints == []
