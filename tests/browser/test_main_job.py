"""The main job from end to end, as people do it: classifier, plan, approval, letter, Government; in Kazakh and Russian.

Every step goes through a page, a file or a letter. Two clocks only are wound by hand: the outbox is
drained as its worker would drain it, and the day is one on which the calendar of 2027 is being planned.
"""

import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings as ours
from django.core.cache import cache
from django.core.management import call_command
from icalendar import Calendar as ICalendar
from openpyxl import load_workbook

from calendars.models import MaslikhatNotice, Meeting, MeetingState, Submission
from journal.dates import long_date
from journal.delivery import drain
from law.workdays import is_working
from territories.models import Mailbox, Organisation, Role, Territory
from territories.models.organisations import OrganisationKind

from .. import factories
from ..calendars.approving import PDF
from ..smtp_server import EvilRelay
from .conftest import OFFICE, PATIENCE, settled

CLASSIFIER = Path(ours.BASE_DIR) / "data" / "demo" / "units_2026-01-01.csv"
TURKISTAN, MASLIKHAT = "610000000", "maslikhat@turkistan.example"
#: What the demonstration's Turkistan owes in a year.
REQUIRED = 137
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOARD, APPROVAL, DESK = "/staff/calendar/coverage/", "/staff/calendar/approval/", "/staff/desk/"
REMARK = "Бұл күні Парламент сессиясы / В этот день сессия Парламента"
ALMATY = ZoneInfo("Asia/Almaty")

pytestmark = pytest.mark.second_factor

#: What the pages must say, letter by letter.
WORDS = {
    "kk": {
        "board": "Міндетті кездесулер 2027: Түркістан облысы",
        "preview": ["файлдағы жол", "жаңа", "өзгерген", "өзгермеген", "қате", "ескертулер"],
        "taken": "Барлық жолдар қабылданды.",
        "hole": "1 міндетті кездесудің күні әлі жоқ.",
        "complete": "толық",
        "draft": "Әлі бекітілген жоқ.",
        "approved": "1-нұсқа № 5-ө өкіммен бекітілді.",
        "letter": "Мәслихатқа хабарлама жолда",
        "nothing": "Сізден осы хабарламаны алғаныңызды растаудан басқа ештеңе талап етілмейді.",
        "acknowledged": "Мәслихат бұл хабарламаны алғанын растады.",
        "submitted": "Күнтізбе Үкіметке ұсынылды.",
        "returned": "Күнтізбе ескертулермен қайтарылды.",
        "changed": "1-нұсқадан кейін жолдар өзгертілді.",
        "settled": "Ескертуге жауап сақталды.",
        "accepted": "Күнтізбе қабылданды.",
        "done": "Күнтізбе бекітілді және қабылданды.",
        "planned": "Жоспарланған",
        "given_back": "Өңір Сізге қайтарған",
    },
    "ru": {
        "board": "Обязательные встречи 2027: Туркестанская область",
        "preview": ["строк в файле", "новые", "изменённые", "без изменений", "ошибочные", "предупреждения"],
        "taken": "Приняты все строки.",
        "hole": "1 обязательная встреча пока без дня.",
        "complete": "полностью",
        "draft": "Ещё не утверждён.",
        "approved": "Версия 1 утверждена распоряжением № 5-ө.",
        "letter": "Уведомление маслихату в пути",
        "nothing": "От Вас ничего не требуется, кроме подтверждения, что Вы получили это уведомление.",
        "acknowledged": "Маслихат подтвердил получение этого уведомления.",
        "submitted": "Календарь представлен в Правительство.",
        "returned": "Календарь возвращён с замечаниями.",
        "changed": "После версии 1 строки изменены.",
        "settled": "Ответ на замечание сохранён.",
        "accepted": "Календарь принят.",
        "done": "Календарь утверждён и принят.",
        "planned": "Запланировано",
        "given_back": "Возвращено вам регионом",
    },
}
LANGUAGES = pytest.mark.parametrize("lang", WORDS)


@pytest.fixture(autouse=True)
def _january():
    """The calendar of 2027 is due on 15 January; it is the Monday before."""
    cache.clear()
    with time_machine.travel(dt.datetime(2027, 1, 11, 9, tzinfo=ALMATY)):
        yield


@pytest.fixture
def relay(tmp_path, settings, live_server):
    """A mail relay; letters name the address at which this server can be reached."""
    settings.SITE_URL = live_server.url
    with EvilRelay(tmp_path / "accepted.log") as server:
        settings.OUTBOX = {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": server.port,
            "sender": "Кездесулер <kezdesu@akimat.example>",
            "nudge": False,
            "clock_gate": False,
        }
        yield server


@pytest.fixture
def turkistan(db) -> Territory:
    """The shipped classifier, loaded by its importer; the maslikhat can be written to."""
    call_command("import_kato", CLASSIFIER, stdout=io.StringIO())
    region = Territory.objects.get(code=TURKISTAN)
    body = Organisation.objects.get(kind=OrganisationKind.MASLIKHAT, territory=region)
    Mailbox.objects.create(organisation=body, address=MASLIKHAT)
    return region


class Office:
    """A person at a browser of his own, logged in through the page of the log-in."""

    def __init__(self, context, url: str) -> None:
        self.url = url
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.hear(str(error)))
        self.page.on("console", lambda said: self.hear(said.text) if said.type == "error" else None)

    def hear(self, complaint: str) -> None:
        self.complaints.append(f"{self.page.url}: {complaint}")

    def go(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else self.url + address)

    def log_in(self, user, secret: str = "") -> None:
        self.go("/staff/")
        self.page.locator("input[name=login]").fill(user.email)
        self.page.locator("input[name=password]").fill(factories.PASSWORD)
        self.press("main form button[type=submit]")
        if secret:
            self.page.locator("input[name=code]").fill(code(secret))
            self.press("main form button[type=submit]")
        assert self.page.url == self.url + "/staff/"

    def press(self, what: str) -> None:
        """Click, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.locator(what).click()

    def download(self, what: str) -> bytes:
        with self.page.expect_download() as caught:
            self.page.locator(what).click()
        return Path(caught.value.path()).read_bytes()

    def says(self, text: str) -> bool:
        return text in self.page.locator("#main").inner_text()


@pytest.fixture
def sit_down(browser, live_server):
    """`sit_down("kk")`: an `Office` with an empty profile that reads Kazakh. None may have heard a complaint."""
    contexts, offices = [], []

    def opened(lang: str) -> Office:
        context = browser.new_context(viewport=OFFICE, reduced_motion="reduce", accept_downloads=True)
        context.add_cookies([{"name": "language", "value": lang, "url": live_server.url}])
        contexts.append(context)
        offices.append(Office(context, live_server.url))
        return offices[-1]

    yield opened
    heard = [complaint for office in offices for complaint in office.complaints]
    for context in contexts:
        context.close()
    assert heard == []


def code(secret: str) -> str:
    """The six digits that the telephone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def with_telephone(user) -> str:
    """Give the account a second factor, as its set-up page would; answers the secret."""
    secret = generate_totp_secret()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)})
    return secret


def working_days(first: dt.date) -> Iterator[dt.date]:
    day = first
    while True:
        if is_working(day):
            yield day
        day += dt.timedelta(days=1)


def heading_of(sheet) -> tuple[int, dict[str, int]]:
    """The row of the headings of a table, and the column of each heading."""
    cells = next(row for row in sheet.iter_rows() if row[1].value)
    return cells[0].row, {name: cell.column for cell in cells for name in str(cell.value).split("\n")}


def table_of(book: bytes) -> dict[str, list]:
    """The first sheet of a workbook: the values below each heading."""
    sheet = load_workbook(io.BytesIO(book), data_only=True).worksheets[0]
    head, columns = heading_of(sheet)
    rows = range(head + 1, sheet.max_row + 1)
    return {name: [sheet.cell(row, column).value for row in rows] for name, column in columns.items()}


def filled_in(book: bytes) -> bytes:
    """What a secretary does with the table of required meetings: a day in every row but the last, which he deletes."""
    workbook = load_workbook(io.BytesIO(book))
    sheet = workbook.worksheets[0]
    head, column = heading_of(sheet)
    rows = range(head + 1, sheet.max_row + 1)
    assert len(rows) == REQUIRED
    first, second = working_days(dt.date(2027, 2, 1)), working_days(dt.date(2027, 7, 1))
    for row in rows[:-1]:
        period = str(sheet.cell(row, column["Период"]).value)
        sheet.cell(row, column["Дата"]).value = next(second if period.startswith("II ") else first)
        sheet.cell(row, column["Время"]).value = dt.time(10, 30)
    sheet.delete_rows(rows[-1])
    done = io.BytesIO()
    workbook.save(done)
    return done.getvalue()


# -- What people do -------------------------------------------------------------------------------
def bring_table(staff: Office, lang: str, words: dict) -> None:
    """Take the table of what is required, fill it in, bring it back, look at the preview, take it over."""
    staff.go("/staff/calendar/transfer/import/")
    taken = staff.download(f"a[href*='rows=missing'][href$='language={lang}']:not([href*=propose])")
    table = {"name": "2027.xlsx", "mimeType": XLSX, "buffer": filled_in(taken)}
    staff.page.locator("input[type=file]").set_input_files(table)
    staff.press("main form[enctype] button[type=submit]")
    told = [stat.inner_text().split("\n") for stat in staff.page.locator(".stat").all()]
    assert [word for _number, word in told] == words["preview"]
    assert [number for number, _word in told] == [str(REQUIRED - 1), str(REQUIRED - 1), "0", "0", "0", "0"]
    assert not Meeting.objects.exists()
    staff.press("form[action$='/commit/'] button")
    assert staff.says(words["taken"])
    assert Meeting.objects.filter(state=MeetingState.PLANNED).count() == REQUIRED - 1


def plan_a_hole(office: Office) -> None:
    """Click the first hole of the board; keep the day that is offered."""
    office.page.locator("a.cell-missing").first.click()
    office.page.locator("#panel-body input[name=date]").wait_for()
    settled(office.page)
    office.page.locator("#panel-body button[name=close]").click()
    office.page.locator("#toasts .toast-item").wait_for()
    settled(office.page)


def approve(head: Office, order: str, reason: str = "") -> None:
    head.go(APPROVAL)
    head.press("a.btn[href*='/approve/']")
    page = head.page
    page.locator("input[name=order_number]").fill(order)
    page.locator("input[name=order_date]").fill("2027-01-11")
    scan = {"name": f"{order}.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("input[name=scan]").set_input_files(scan)
    if reason:
        page.locator("textarea[name=reason]").fill(reason)
    head.press("main form[enctype] button[type=submit]")


def delivered(relay: EvilRelay) -> list:
    """Send what waits; all letters that the maslikhat has got, parsed as its program would parse them."""
    drain()
    letters = [relay.parsed(letter) for letter in relay.letters]
    return [letter for letter in letters if letter["To"] == MASLIKHAT]


def text_of(letter, kind: str = "plain") -> str:
    return letter.get_body((kind,)).get_content()


def acknowledge(secretary: Office, letter, lang: str, words: dict) -> None:
    """Open the link of the letter without an account; only the button acknowledges."""
    secretary.go(re.search(rf"http://\S+/ack/\S+\?lang={lang}", text_of(letter))[0])
    assert secretary.says(words["nothing"])
    assert not MaslikhatNotice.objects.exclude(acknowledged_at=None).exists()
    secretary.page.locator("input[name=name]").fill("Г. Сапарова")
    secretary.page.locator("input[name=number]").fill("117")
    secretary.press("main form button[type=submit]")
    assert secretary.says(words["acknowledged"])


def submit(staff: Office, letter: str, words: dict) -> None:
    staff.go(APPROVAL)
    staff.press("a[href$='/submit/']")
    staff.page.locator("input[name=letter_number]").fill(letter)
    staff.page.locator("input[name=letter_date]").fill("2027-01-11")
    staff.press("main form button[type=submit]")
    assert staff.says(words["submitted"])


def return_with_remark(desk: Office, words: dict) -> Meeting:
    """Remark on the third row of the submitted calendar and give it back; answers that row's meeting."""
    desk.go(DESK)
    desk.press("main table a[href*='/submissions/']")
    row = desk.page.locator("#rows tbody tr").nth(2)
    row.locator("summary").click()
    row.locator("textarea").fill(REMARK)
    with desk.page.expect_navigation():
        row.locator("form button").click()
    number = desk.page.locator("#rows tr.is-conflict td").first.inner_text()
    desk.page.locator("#decide form[data-confirm] button").click()
    desk.press("#confirm [data-answer=yes]")
    assert desk.says(words["returned"])
    return Meeting.objects.get(number=number)


def correct(staff: Office, meeting: Meeting, day: dt.date, words: dict) -> None:
    """Read the remark, move the meeting in the list, answer the remark."""
    staff.go(APPROVAL)
    staff.press("section[aria-labelledby=h-next] a.btn")
    assert staff.says(REMARK)
    staff.go("/staff/calendar/list/")
    staff.page.locator(f"#row-{meeting.pk} a[hx-get*='/date/']").click()
    staff.page.locator(".cell-form input[name=value]").fill(day.isoformat())
    staff.page.keyboard.press("Enter")
    staff.page.locator("#toasts .toast-item").wait_for()
    staff.go(APPROVAL)
    assert staff.says(words["changed"])
    staff.press("#submissions .row-actions a")
    staff.page.locator("#rows tr.is-conflict summary").click()
    staff.page.locator("#rows tr.is-conflict input[name=text]").fill("Ауыстырылды / Перенесена")
    staff.press("#rows tr.is-conflict form button")
    assert staff.says(words["settled"])


def accept(desk: Office, words: dict) -> None:
    desk.go(DESK)
    desk.press("main table a[href*='/submissions/']")
    desk.page.locator("form[action$='/accept/'] input[name=incoming_number]").fill("214")
    desk.press("form[action$='/accept/'] button")
    assert desk.says(words["accepted"])


@LANGUAGES
def test_a_region_plans_its_year_and_the_government_accepts_it(sit_down, relay, turkistan, lang):
    words = WORDS[lang]
    editor = factories.post(Role.REGION_EDITOR, turkistan).user
    approver = factories.post(Role.REGION_APPROVER, turkistan).user
    reviewer = factories.post(Role.GOVERNMENT).user

    staff = sit_down(lang)
    staff.log_in(editor)
    staff.go(BOARD)
    assert staff.says(words["board"])
    assert staff.page.locator(".board-totals tfoot td").first.inner_text() == str(REQUIRED)
    staff.press("form[action*='/open/'] button")
    bring_table(staff, lang, words)
    staff.go(BOARD + "?holes=1")
    assert staff.says(words["hole"])
    plan_a_hole(staff)
    assert staff.page.locator(".board-totals tfoot td").last.inner_text() == "100\N{NO-BREAK SPACE}%"
    assert staff.page.locator(".board-totals tfoot svg[aria-label]").get_attribute("aria-label") == words["complete"]

    head = sit_down(lang)
    head.log_in(approver, with_telephone(approver))
    head.go(APPROVAL)
    assert head.says(words["draft"])
    approve(head, "5-ө")
    assert head.says(words["approved"])
    assert head.says(words["letter"])
    [letter] = delivered(relay)
    for text in (letter["Subject"], text_of(letter), text_of(letter, "html")):
        assert "Түркістан облысы" in text
        assert "Туркестанская область" in text
    table, ics = (attachment.get_content() for attachment in letter.iter_attachments())
    assert len(list(table_of(table)["Дата"])) == REQUIRED
    assert len(ICalendar.from_ical(ics).walk("VEVENT")) == REQUIRED
    acknowledge(sit_down(lang), letter, lang, words)
    staff.go(APPROVAL)
    assert staff.says("Г. Сапарова")

    submit(staff, "3-5/12", words)
    desk = sit_down(lang)
    desk.log_in(reviewer, with_telephone(reviewer))
    meeting = return_with_remark(desk, words)
    later = meeting.date + dt.timedelta(weeks=1)
    correct(staff, meeting, later, words)
    approve(head, "9-ө", reason="Парламент сессиясы / Сессия Парламента")
    [_first, second] = delivered(relay)
    assert re.findall(r"(?m)^- .*?№ (\d+),", text_of(second)) == [str(meeting.number)] * 2
    for day in (meeting.date, later):
        assert long_date(day, "kk") in text_of(second)
        assert long_date(day, "ru") in text_of(second)

    submit(staff, "3-5/31", words)
    accept(desk, words)
    staff.go(APPROVAL)
    assert staff.says(words["done"])
    assert list(Submission.objects.order_by("pk").values_list("state", flat=True)) == ["returned", "accepted"]
    desk.go("/staff/exports/new/coverage/?year=2027")
    desk.press("main form button[type=submit]")
    *regions, total = table_of(desk.download("main a[href$='/file/']"))[words["planned"]]
    assert total == sum(count or 0 for count in regions) == REQUIRED


@LANGUAGES
def test_an_office_proposes_its_meeting_and_the_region_returns_it_once(sit_down, turkistan, lang):
    words = WORDS[lang]
    okrug = Territory.objects.filter(kind="okrug", parent__kind="raion", region=turkistan).order_by("code").first()
    region, office = sit_down(lang), sit_down(lang)
    region.log_in(factories.post(Role.REGION_EDITOR, turkistan).user)
    region.go(BOARD)
    region.press("form[action*='/open/'] button")

    office.log_in(factories.post(Role.OFFICE_STAFF, okrug).user)
    office.go(BOARD)
    plan_a_hole(office)
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.holder) == (MeetingState.PROPOSED, okrug)

    region.go("/staff/calendar/proposals/")
    region.page.locator("#proposals-table tbody th a").click()
    region.page.locator("#panel-body a[hx-get*='/return/']").wait_for(state="attached")
    region.page.locator("#panel-body .menu summary").click()
    region.page.locator("#panel-body a[hx-get*='/return/']").click()
    region.page.locator("#panel-body textarea[name=remark]").fill("Ауыл бөлек / Село другое")
    region.page.locator("#panel-body form button[type=submit]").click()
    region.page.locator("#toasts .toast-item").wait_for()
    settled(region.page)

    office.go("/staff/")
    assert office.says(words["given_back"])
    assert office.says("Ауыл бөлек / Село другое")
    office.press("a.btn[href*='/meetings/']")
    office.press("main a[href*='/edit/']")
    office.page.locator("input[name=address]").fill("Ауылдық клуб / Сельский клуб")
    office.press("main form[data-keep] button[type=submit]")
    office.press("main a[href*='/propose/']")
    office.press("main form button[type=submit]")

    region.go("/staff/calendar/proposals/")
    region.page.locator("#proposals-table tbody th a").click()
    region.page.locator("#panel-body a[hx-get*='/accept/']").first.click()
    region.page.locator("#panel-body form button[type=submit]").click()
    region.page.locator("#toasts .toast-item").wait_for()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.address) == (MeetingState.PLANNED, "Ауылдық клуб / Сельский клуб")
