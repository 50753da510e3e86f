"""Earlier meetings with all that came after them: reception, list, plan, publication, progress, slips, ends."""

from __future__ import annotations

import datetime as dt
import random
import struct
import zlib
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from calendars.models import Meeting, MeetingState
from law.periods import periods
from territories.models import Organisation, Post, Role, Territory
from territories.models.people import DEMO_DOMAIN
from territories.scope import Who, clock

from .. import looking, services
from ..models import ActionPlan, Channel, Closing, Issue, PlanItem, ReceptionCategory, Topic
from ..queries import maslikhat_of
from ..services.central import BODIES

#: Text and measure in Kazakh and Russian, topic, organisation, post.
STORIES = (
    ("Абай көшесінде көше жарығы жанбайды", "На улице Абая не горит уличное освещение", "utilities-light",
     "Отыз шамды ауыстыру", "Заменить тридцать светильников", "Тұрғын үй-коммуналдық шаруашылық бөлімі"),
    ("Ауызсу тәулігіне екі сағат қана беріледі", "Питьевую воду дают два часа в сутки", "utilities-water",
     "Сорғыны жөндеп, екінші ұңғыманы қосу", "Отремонтировать насос и включить вторую скважину",
     "«Су құбыры» мекемесі"),
    ("Ауыл ішіндегі жол жөндеуді қажет етеді", "Дорога внутри села требует ремонта", "roads-repair",
     "Екі шақырым жолды орташа жөндеу", "Средний ремонт двух километров дороги",
     "Жолаушылар көлігі және жолдар бөлімі"),
    ("Мектептің шатырынан су ағады", "Течёт крыша школы", "education-schools",
     "Шатырды күрделі жөндеу", "Капитальный ремонт крыши", "Білім бөлімі"),
    ("Медпунктте дәрігер жоқ", "В медпункте нет врача", "health-clinics",
     "Дәрігерді тұрғын үймен қамтып шақыру", "Пригласить врача, предоставив жильё", "Аудандық аурухана"),
    ("Қоқыс уақытында шығарылмайды", "Мусор вывозят не вовремя", "utilities-waste",
     "Шығару кестесін бекіту, екі контейнер алаңын салу", "Утвердить график вывоза, построить две площадки",
     "Тұрғын үй-коммуналдық шаруашылық бөлімі"),
    ("Балаларға арналған алаң керек", "Нужна детская площадка", "amenities-streets",
     "Ойын алаңын орнату", "Установить игровую площадку", "Сәулет және қала құрылысы бөлімі"),
    ("Жайылым жетіспейді", "Не хватает пастбищ", "land-pasture",
     "Жайылым жоспарын қайта қарау", "Пересмотреть план пастбищ", "Ауыл шаруашылығы бөлімі"),
)  # fmt: skip
CENTRAL = (
    ("Теміржол өткелінде бағдаршам жоқ", "На железнодорожном переезде нет светофора", "holding"),
    ("Ұялы байланыс ауылға жетпейді", "Сотовая связь не доходит до села", "central"),
)
#: So many meetings of each office, and how long ago they must lie.
EACH, AGO = 4, dt.timedelta(days=28)
#: What is asked of the akim about an issue that lies with a central body.
TO_A_BODY = ("Орталық органға ұсыныс жолдау", "Направить предложение в центральный орган", "Әкім аппараты")
COUNTED = {4: ("Төрт", "четыре"), 5: ("Бес", "пять")}


def fill(region: Territory, *, today: dt.date, seed: int, by: Who) -> int:
    """Play what followed earlier meetings of the demonstration's offices; answers how many. Repeatable."""
    posts = Post.objects.on(today).filter(
        role=Role.OFFICE_STAFF, territory__path__startswith=region.path, user__email__endswith=DEMO_DOMAIN
    )
    executor = (
        Post.objects.on(today)
        .filter(role=Role.EXECUTOR, user__email__endswith=DEMO_DOMAIN)
        .select_related("territory")
        .first()
    )
    filled = 0
    for post in posts.select_related("territory").order_by("territory__path"):
        rows = Meeting.objects.filter(
            calendar__region=region, holder=post.territory, state=MeetingState.HELD, held_on__lte=today - AGO
        )
        meetings = list(rows.select_related("holder", "place", "calendar__region").order_by("-held_on", "-pk")[:EACH])
        for number, meeting in enumerate(reversed(meetings)):
            if ActionPlan.objects.filter(meeting=meeting).exists():
                continue
            rng = random.Random(f"{seed}-promises-{meeting.number}")  # noqa: S311
            play(meeting, rng, number, executor, today=today, name=by.system or "demo")
            filled += 1
        if meetings and post.territory is not None:
            first = min(m.held_on or m.date for m in meetings)
            report(post.territory, first, today=today, name=by.system or "demo")
    return filled


@cache
def picture() -> bytes:
    """A drawing of a lamp at dusk, as PNG: it stands where an office would bring a photograph."""
    wide, high = 320, 240
    sky, ground, pole, light = b"\x35\x4f\x7a", b"\x3d\x4a\x3a", b"\x1d\x23\x29", b"\xff\xd9\x66"

    def colour(x: int, y: int) -> bytes:
        if (x - 200) ** 2 + (y - 70) ** 2 < 30**2:
            return light
        if (118 <= x < 126 and y >= 50) or (118 <= x < 200 and 46 <= y < 54):
            return pole
        return ground if y > 180 else sky

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"".join(colour(x, y) for x in range(wide)) for y in range(high))
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def moment(day: dt.date, hour: int = 11) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo(settings.TIME_ZONE))


def play(
    meeting: Meeting, rng: random.Random, number: int, executor: Post | None, *, today: dt.date, name: str
) -> None:
    """One meeting: raised, received, planned, published, followed up."""
    held = meeting.held_on or meeting.date
    day, by = held, clock(name, at=moment(held, 18))
    topics = {topic.code: topic for topic in Topic.objects.filter(region=None)}
    issues = [
        (services.make_issue(meeting.holder, place=meeting.place, text_kk=kk, text_ru=ru, raised_on=held,
                             topic=topics.get(topic), meeting=meeting, today=day, by=by), (m_kk, m_ru, org))
        for kk, ru, topic, m_kk, m_ru, org in rng.sample(STORIES, 4)
    ]  # fmt: skip
    far = None
    if number < len(CENTRAL):
        kk, ru, level = CENTRAL[number]
        far = services.make_issue(
            meeting.holder, place=meeting.place, text_kk=kk, text_ru=ru, raised_on=held, level=level, meeting=meeting,
            today=day, by=by,
        )  # fmt: skip
        issues.append((far, TO_A_BODY))
    day = held + dt.timedelta(days=2)
    by = clock(name, at=moment(day))
    people = {c: (rng.randint(1, 3), rng.randint(0, 2), "") for c in ReceptionCategory.values}
    services.record_reception(
        meeting, starts_on=day, ends_on=day, citizens=rng.randint(3, 24), participants=people,
        address="Әкім аппараты, қабылдау бөлмесі", today=day, by=by,
    )  # fmt: skip
    day = held + dt.timedelta(days=5)
    by = clock(name, at=moment(day))
    plan = services.open_plan(meeting, by=by)
    for place, (issue, (kk, ru, org)) in enumerate(issues):
        values: dict[str, Any] = {
            "measure_kk": kk, "measure_ru": ru, "organisation": org, "post": "бөлім басшысы",
            "completion_kk": "орындалған жұмыс актісі", "completion_ru": "акт выполненных работ",
            "due_on": held + dt.timedelta(days=rng.choice((30, 45, 60, 90, 120)) + 14 * place),
            "executor": executor if executor and place < 2 else None,
        }  # fmt: skip
        services.add_item(plan, issue, values=values, today=day, by=by)
    plan.refresh_from_db()
    services.approve_plan(
        plan, on=day, document=f"№ {rng.randint(10, 90)}-ө", seen_version=plan.version, today=day, by=by
    )
    publish(meeting, rng, held, late=number == 1, raised=len(issues), name=name)
    money(meeting, [issue for issue, _words in issues][:2], held, today=today, name=name)
    near = PlanItem.objects.filter(plan=plan).exclude(issue=far) if far else PlanItem.objects.filter(plan=plan)
    for place, item in enumerate(near.order_by("order")):
        follow_up(item, rng, number * 4 + place, today=today, name=name)
    if far is not None:
        central(far, held, answered=number == 0, today=today, name=name)


def publish(meeting: Meeting, rng: random.Random, held: dt.date, *, late: bool, raised: int, name: str) -> None:
    """Results, list and plan on our own page and on the portal: in time, or some days too late."""
    day = held + dt.timedelta(days=15 if late else rng.randint(7, 11))
    by = clock(name, at=moment(day, 16))
    channels = Channel.objects.in_bulk(["site", "egov"], field_name="code")
    came = meeting.attendance or 0
    kk, ru = COUNTED[raised]
    for what in ("results", "list", "plan"):
        words = {
            "text_kk": f"Кездесуге {came} адам қатысты. {kk} мәселе көтерілді, әрқайсысы жоспарға енгізілді.",
            "text_ru": f"Во встрече участвовали {came} человек. Поднято вопросов: {ru}, каждый внесён в план.",
        }
        version = services.freeze_document(meeting, what=what, by=by, **(words if what == "results" else {}))
        services.publish(
            version, channel=channels["site"], published_at=moment(day, 12), link=looking.address(version),
            own_page=True, by=by,
        )  # fmt: skip
        services.publish(
            version, channel=channels["egov"], published_at=moment(day, 15),
            link=f"https://egov.example/meetings/{meeting.number}/{what}", by=by,
        )  # fmt: skip


def money(meeting: Meeting, issues: list[Issue], held: dt.date, *, today: dt.date, name: str) -> None:
    day = held + dt.timedelta(days=20)
    if day > today:
        return
    values = {
        "session_number": "XVII", "session_date": day, "outcome": "approved", "decision": "Қаражат бөлінсін",
        "amount": 12_500_000, "budget_year": held.year + 1, "maslikhat": maslikhat_of(meeting.holder), "file": None,
    }  # fmt: skip
    services.record_financing(meeting, issues, values=values, today=today, by=clock(name, at=moment(day)))


def follow_up(item: PlanItem, rng: random.Random, turn: int, *, today: dt.date, name: str) -> None:
    """Some are done with a photograph, some explained, some slip, some wait past their day, one is disputed."""
    begun = item.due_on - dt.timedelta(days=10)
    kind = ("done", "slip", "late", "explained", "asked", "work", "disputed", "slip")[turn % 8]
    if begun > today:
        return
    by = clock(name, at=moment(begun))
    step: dict[str, Any] = {"today": begun, "by": by, "on": begun}
    if kind in ("slip", "asked"):
        to = max(item.due_on, today) + dt.timedelta(days=rng.randint(6, 40))
        change = services.ask_due_change(
            item, to=to, reason="Құрал-жабдықты жеткізу кешікті / Поставка оборудования задержалась",
            today=begun, by=by,
        )  # fmt: skip
        if kind == "slip":
            services.grant_due_change(change, decision="Келісілді / Согласовано", today=begun, by=by)
    if kind in ("work", "slip", "late"):
        services.record_progress(item, kind="in_work", text="Жұмыс басталды, мердігер анықталды.", **step)
        return
    if kind == "asked":
        return
    proof = services.store_file(services.check(picture(), "сурет.png"), unit=item.unit, kind="proof", by=by)
    told = {"done": "Жұмыс аяқталды, тұрғындар қабылдады.", "explained": "Қаражат келесі бюджетте қаралады."}
    reported = "explained" if kind == "explained" else "done"
    services.record_progress(item, kind=reported, text=told[reported], files=[proof], **step)
    issue = Issue.objects.get(pk=item.issue_id)
    texts = {"text_kk": told[reported], "text_ru": "Работа завершена." if reported == "done" else "Разъяснено."}
    services.close_issue(
        issue, kind=reported, on=begun, files=[proof], seen_version=issue.version, today=begun, by=by, **texts
    )
    if kind == "disputed" and Closing.objects.filter(issue=issue).exists():
        services.dispute(issue, request=None, text="Жөндеуден кейін қайта бұзылды", today=begun, by=by)


def central(issue: Issue, held: dt.date, *, answered: bool, today: dt.date, name: str) -> None:
    """An issue that no akim can solve: to the ministry of the demonstration, and its answer."""
    post = (
        Post.objects.on(today)
        .filter(role=Role.CENTRAL_BODY, user__email__endswith=DEMO_DOMAIN)
        .select_related("organisation")
        .first()
    )
    body = post.organisation if post else Organisation.objects.filter(kind__in=BODIES).order_by("pk").first()
    if body is None:
        return
    day = held + dt.timedelta(days=12)
    by = clock(name, at=moment(day))
    issue.refresh_from_db()
    routing = services.route_central(
        issue, body, proposal_kk="Республикалық бюджеттен қаржыландыру", sent_on=day, letter_number="3-12/77",
        proposal_ru="Профинансировать из республиканского бюджета", today=day, by=by,
    )  # fmt: skip
    if answered:
        later = min(day + dt.timedelta(days=14), today)
        act = clock(name, at=moment(later))
        services.answer_central(
            routing, on=later, answer_kk="Келесі жылдың жоспарына енгізілді", number="12-1/34",
            answer_ru="Включено в план следующего года", seen_version=routing.version, today=later, by=act,
        )  # fmt: skip
        texts = {
            "way_kk": "Жобалық құжат әзірлеу", "way_ru": "Разработка проектной документации",
            "course_kk": "Техникалық тапсырма дайын", "course_ru": "Техническое задание готово",
        }  # fmt: skip
        services.update_course(routing, on=later, texts=texts, today=later, by=act)


def report(unit: Territory, first: dt.date, *, today: dt.date, name: str) -> None:
    """Quarterly information of the quarters that have ended since the first meeting."""
    channels = Channel.objects.in_bulk(["site", "egov"], field_name="code")
    for number, quarter in enumerate(periods("quarter", first.year), 1):
        day = quarter.end + dt.timedelta(days=18)
        if quarter.end < first or day > today:
            continue
        by = clock(name, at=moment(day))
        draft = services.draft_quarter(unit, year=first.year, quarter=number, by=by)
        if draft.state != "draft":
            continue
        rows = {
            row.pk: {
                "progress_kk": row.progress_kk or "Өзгеріссіз",
                "progress_ru": "Работа ведётся" if row.progress_kk else "Без изменений",
            }
            for row in draft.rows.all()
        }
        draft = services.edit_quarter(draft, values={}, rows=rows, seen_version=draft.version, by=by)
        frozen = services.freeze_quarter(draft, seen_version=draft.version, today=day, by=by)
        services.publish_quarter(
            frozen, channel=channels["site"], published_at=moment(day, 10), link=looking.address(frozen),
            own_page=True, by=by,
        )  # fmt: skip
        services.publish_quarter(
            frozen, channel=channels["egov"], published_at=moment(day, 10),
            link=f"https://egov.example/quarter/{unit.code}/{number}", by=by,
        )  # fmt: skip
