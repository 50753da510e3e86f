"""What akims' offices do around their meetings in a replayed year, for all meetings of a day at once.

Through the services (`services.many`), by the program's own name at the instant of `by`. Texts are samples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from calendars.models import Meeting
from territories.models import Organisation, Territory
from territories.scope import Who

from . import services
from .models import (
    NAMED_AUDIENCE,
    Capacity,
    Channel,
    Commission,
    Issue,
    Level,
    PlanItem,
    ProgressKind,
    Proof,
    PublishedVersion,
    Purpose,
    QuarterlyReport,
    ReceptionCategory,
    Topic,
)
from .services import many

#: What people ask, in both languages.
WORDS = (
    ("Көше жарығы жоқ, кешке қараңғы", "Нет уличного освещения, вечером темно"),
    ("Ауыз су қысымы төмен", "Слабый напор питьевой воды"),
    ("Ауылға баратын жол бұзылған", "Разбита дорога в село"),
    ("Балабақшада орын жетпейді", "Не хватает мест в детском саду"),
    ("Интернет өте баяу", "Очень медленный интернет"),
    ("Медициналық пунктте дәрігер жоқ", "В медпункте нет врача"),
    ("Аялдама салынсын", "Нужна автобусная остановка"),
    ("Қоқыс уақытында шығарылмайды", "Мусор вывозят не вовремя"),
)
SOURCES = ("opendata", "blog", "letter", "call", "box", "social")
MEASURE = ("Жұмыс жүргізіледі, есеп беріледі", "Провести работы и отчитаться")
EXECUTOR = {"organisation": "Тұрғын үй-коммуналдық шаруашылық бөлімі", "post": "бөлім басшысы"}
RESULTS = ("Кездесу өтті, сұрақтарға жауап берілді", "Встреча прошла, на вопросы даны ответы")
REPORT = {"text_kk": "Мәселелердің шешілу барысы", "text_ru": "Ход решения вопросов"}
SILENT = {"progress_kk": "Өзгеріс жоқ", "progress_ru": "Без изменений"}
LATE = "Боран, байланыс болмады / Буран, не было связи"
SITE, EGOV = "site", "egov"
SITE_OF = "https://akimat.example"
ELSEWHERE = "https://www.gov.example"


@cache
def channel(code: str) -> Channel:
    return Channel.objects.get(code=code)


@cache
def topics() -> tuple[Topic, ...]:
    """Topics whose end needs no file."""
    return tuple(Topic.objects.filter(region=None, proof=Proof.TEXT).order_by("code"))


def commissions(units: Sequence[Territory], *, today: dt.date, by: Who) -> list[Commission]:
    """The standing commissions of offices for the year, with a member of each body that exists there."""
    chair = services.Member(Capacity.OFFICE, "аппарат басшысы", chair=True)
    formed = []
    for unit in units:
        asked = [services.Member(body, f"{Capacity(body).value}, мүше") for body in services.bodies_of(unit)]
        term = (dt.date(today.year, 1, 1), dt.date(today.year, 12, 31))
        formed.append(many.Formed(unit, f"{unit.code[:4]}-к", today, [chair, *asked], *term))
    return many.form_commissions(formed, today=today, by=by)


def announce(meetings: Sequence[Meeting], *, late: bool, today: dt.date, by: Who) -> None:
    """Announced on the site and in the accounts; and the campaign in places open to everybody."""
    address = f"{SITE_OF}/announcements"
    uses = [
        many.Use(m.pk, purpose, channel(code), by.moment, f"{address}/{m.pk}/{code}")
        for m in meetings
        for purpose, code in ((Purpose.ANNOUNCEMENT, SITE), (Purpose.CAMPAIGN, "accounts"))
    ]
    many.record_channels(uses, reason_late=LATE if late else "", today=today, by=by)


def prepare(asked: Sequence[tuple[Meeting, int, str]], *, today: dt.date, by: Who) -> dict[int, Issue]:
    """Requests, an issue out of them, the pool, invitations; each with the number of its words and its level."""
    requests = many.add_requests(
        [
            many.Asked(m, SOURCES[(n + k) % len(SOURCES)], today, WORDS[n][k % 2], ("kk", "ru")[k % 2], topic(n))
            for m, n, _level in asked
            for k in (0, 1)
        ],
        today=today,
        by=by,
    )
    raised = [
        many.Raised(m, *WORDS[n], today, topic(n), level, requests[2 * place : 2 * place + 2])
        for place, (m, n, level) in enumerate(asked)
    ]
    issues = many.make_issues(raised, today=today, by=by)
    pools = {m.pk: [issue] for (m, _n, _level), issue in zip(asked, issues, strict=True)}
    many.freeze_pools(pools, analysis="Сұрақтар мен ұсыныстар талданды", today=today, by=by)
    invited = {"invited": 3, "invited_on": today}
    many.record_audiences({(m.pk, category): invited for m, _n, _l in asked for category in NAMED_AUDIENCE}, by=by)
    return {m.pk: issue for (m, _n, _level), issue in zip(asked, issues, strict=True)}


def topic(n: int) -> Topic:
    return topics()[n % len(topics())]


def broadcast(meetings: Mapping[int, bool], *, by: Who) -> None:
    """With a broadcast and open comments, or the reason why without."""
    live = {"address": f"{SITE_OF}/live", "comments_open": True, "comment_count": 5}
    many.record_broadcasts({pk: live if shown else {"reason": LATE} for pk, shown in meetings.items()}, by=by)


def raise_at(asked: Sequence[tuple[Meeting, int]], *, today: dt.date, by: Who) -> list[Issue]:
    """Issues that people raised at the meeting itself."""
    raised = [many.Raised(m, *WORDS[n], m.held_on or today, topic(n)) for m, n in asked]
    return many.make_issues(raised, today=today, by=by)


def receive(received: Mapping[int, int], *, today: dt.date, by: Who) -> None:
    """Receptions that took place today: meeting id to the number of citizens."""
    came = {category: (2, 1, "") for category in ReceptionCategory.values}
    many.record_receptions([many.Held(pk, today, today, n, came) for pk, n in received.items()], today=today, by=by)


def publish(due: Mapping[int, int], *, places: Mapping[int, Sequence[str]], today: dt.date, by: Who) -> None:
    """Adopt the plan of each meeting (items are due so many days from today), freeze and publish the documents.

    `places`: codes of the places of today. A meeting without issues has no plan.
    """
    plans: dict[int, list[tuple[Issue, dict]]] = {}
    issues = Issue.objects.standing().open().filter(meeting__in=due).select_related("unit")
    for issue in issues.order_by("meeting", "number"):
        assert issue.meeting_id is not None
        due_on = today + dt.timedelta(days=due[issue.meeting_id])
        values = {"measure_kk": MEASURE[0], "measure_ru": MEASURE[1], "due_on": due_on, **EXECUTOR}
        plans.setdefault(issue.meeting_id, []).append((issue, values))
    if plans:
        many.adopt_plans(plans, on=today, document="1", today=today, by=by)
    versions = many.freeze_documents(dict.fromkeys(due, RESULTS), by=by)
    put(list(versions.values()), places, by=by)


def publish_elsewhere(places: Mapping[int, Sequence[str]], *, by: Who) -> None:
    """Put what is frozen at further places."""
    put(list(PublishedVersion.objects.filter(meeting__in=places).order_by("pk")), places, by=by)


def put(versions: Sequence[PublishedVersion], places: Mapping[int, Sequence[str]], *, by: Who) -> None:
    wanted = [
        (version, channel(code), f"{SITE_OF if code == SITE else ELSEWHERE}/{version.meeting_id}/{version.what}")
        for version in versions
        for code in places[version.meeting_id]
    ]
    if wanted:
        many.publish_documents(wanted, published_at=by.moment, by=by)


def step(meetings: Mapping[int, str], *, today: dt.date, by: Who) -> None:
    """Executors tell how the items of meetings stand: meeting id to a `ProgressKind`."""
    items = PlanItem.objects.owed().filter(plan__meeting__in=meetings).order_by("pk")
    told = [
        many.Told(
            pk, meetings[meeting], today, "Жұмыс жүріп жатыр" if meetings[meeting] == ProgressKind.IN_WORK else "Бітті"
        )
        for pk, meeting in items.values_list("pk", "plan__meeting_id")
    ]
    if told:
        many.record_steps(told, today=today, by=by)


def close(meetings: Mapping[int, str], *, today: dt.date, by: Who) -> None:
    """The office confirms the end of issues that were reported: meeting id to a `ClosingKind`."""
    issues = Issue.objects.standing().open().filter(meeting__in=meetings, level__in=(Level.AKIM, Level.RAION))
    ends = [
        many.Ending(pk, meetings[meeting], today, "Мәселе шешілді", "Вопрос решен")
        for pk, meeting in issues.order_by("pk").values_list("pk", "meeting_id")
    ]
    if ends:
        many.close_issues(ends, today=today, by=by)


def put_off(meeting_id: int, *, days: int, today: dt.date, by: Who) -> None:
    """The first open item of a meeting gets a later day: asked for, and granted."""
    item = PlanItem.objects.owed().filter(plan__meeting=meeting_id).order_by("pk").first()
    if item is not None:
        to = max(item.due_on, today) + dt.timedelta(days=days)
        change = services.ask_due_change(item, to=to, reason=LATE, today=today, by=by)
        services.grant_due_change(change, today=today, by=by)


def report(units: Sequence[Territory], *, year: int, quarter: int, places: Mapping[int, Sequence[str]],
           today: dt.date, by: Who) -> None:  # fmt: skip
    """Quarterly information of offices: drafted, filled, frozen and put at its places, by unit id."""
    drafts: list[QuarterlyReport] = many.draft_quarters(units, year=year, quarter=quarter, by=by)
    frozen = many.freeze_quarters(drafts, texts=REPORT, silent=SILENT, today=today, by=by)
    wanted = [
        (row, channel(code), f"{SITE_OF if code == SITE else ELSEWHERE}/{row.unit_id}/{row.period}")
        for row in frozen
        for code in places[row.unit_id]
    ]
    many.publish_quarters(wanted, published_at=by.moment, by=by)


def route(issue: Issue, body: Organisation, *, today: dt.date, by: Who) -> None:
    """An issue of central level goes to a body with its proposal."""
    services.route_central(
        issue,
        body,
        proposal_kk=MEASURE[0],
        proposal_ru=MEASURE[1],
        sent_on=today,
        letter_number="5-1",
        today=today,
        by=by,
    )


def finance(meeting: Meeting, *, today: dt.date, by: Who) -> None:
    """The session of the maslikhat put the money off."""
    issues = list(Issue.objects.standing().filter(meeting=meeting).select_related("unit"))
    if issues:
        values = {"session_number": "12", "session_date": today, "outcome": "postponed", "decision": "Келесі бюджетке"}
        services.record_financing(meeting, issues, values=values, today=today, by=by)


def demand(unit: Territory, place: Territory, *, today: dt.date, by: Who):
    """People of a place demand a meeting."""
    values = {"who": "Ауыл тұрғындары", "people": 25, "text": WORDS[2][0], "number": "Х-1"}
    return services.register_demand(unit, place=place, received_on=today, values=values, today=today, by=by)


def grant(demand_, meeting: Meeting, *, today: dt.date, by: Who) -> None:
    services.answer_demand(
        demand_, answer="granted", on=today, meeting=meeting, seen_version=demand_.version, today=today, by=by
    )
