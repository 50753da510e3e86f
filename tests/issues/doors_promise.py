"""Rows of `tests/doors.py` for the pages after a meeting, and the things that they speak of."""

import datetime as dt

from calendars.models import MeetingState
from issues import services
from issues.models import Channel
from territories.models import Organisation
from territories.models.organisations import OrganisationKind
from territories.scope import clock

from .. import factories
from ..doors import FOREIGN_EDIT, FOREIGN_ROW, PLANNING, Door

CLOCK = clock("tests")
MET_ON, DAY = dt.date(2026, 9, 10), dt.date(2026, 9, 14)
OFFICES = "200 region offices | 403 *"
WRONG = "422 region offices | 403 *"
OF_MEETING = "pk=met"


def things(side) -> None:
    """A meeting of the side's okrug that was held, with a reception, an issue and its approved item."""
    unit = side.okrug
    side.met = factories.meeting(
        side.calendar, unit, side.village, MET_ON, state=MeetingState.HELD, held_on=MET_ON, attendance=30
    )
    side.reception = services.record_reception(
        side.met, starts_on=MET_ON, ends_on=MET_ON, citizens=3, participants={}, today=DAY, by=CLOCK
    )
    side.promised = services.make_issue(
        unit, place=side.village, text_kk="Жол", raised_on=MET_ON, meeting=side.met, today=DAY, by=CLOCK
    )
    side.plan = services.open_plan(side.met, by=CLOCK)
    values = {
        "measure_kk": "Жөндеу", "due_on": dt.date(2027, 5, 20), "organisation": "Бөлім", "post": "басшы",
        "executor": side.cast["executor"].post if "executor" in side.cast else None,
    }  # fmt: skip
    side.item = services.add_item(side.plan, side.promised, values=values, today=DAY, by=CLOCK)
    services.approve_plan(side.plan, on=DAY, document="№ 1", seen_version=side.plan.version, today=DAY, by=CLOCK)
    side.ask = services.ask_due_change(side.item, to=dt.date(2027, 6, 1), reason="?", today=DAY, by=CLOCK)
    side.item_step = services.record_progress(side.item, kind="in_work", on=DAY, text="Бітті", today=DAY, by=CLOCK)
    side.frozen = services.freeze_document(side.met, what="list", by=CLOCK)
    site = Channel.objects.get(code="site")
    at = dt.datetime(2026, 9, 15, 6, tzinfo=dt.UTC)
    side.stands = services.publish(
        side.frozen, channel=site, published_at=at, link="https://a.example/", own_page=True, by=CLOCK
    )
    side.quarter = services.draft_quarter(unit, year=2026, quarter=3, by=CLOCK)
    rows = {row.pk: {"progress_kk": "Жоқ", "progress_ru": "Нет"} for row in side.quarter.rows.all()}
    side.quarter = services.edit_quarter(side.quarter, values={}, rows=rows, seen_version=1, by=CLOCK)
    side.reported = services.freeze_quarter(
        side.quarter, seen_version=side.quarter.version, today=dt.date(2026, 10, 5), by=CLOCK
    )
    services.publish_quarter(
        side.reported, channel=site, published_at=at + dt.timedelta(days=25), link="https://a.example/q", by=CLOCK
    )
    side.central_issue = services.make_issue(
        unit, place=side.village, text_kk="Теміржол", raised_on=MET_ON, level="central", today=DAY, by=CLOCK
    )
    body = Organisation.objects.create(
        key=f"ministry-{unit.pk}", kind=OrganisationKind.MINISTRY, name_kk="Министрлік", name_ru="Министерство"
    )
    side.routing = services.route_central(
        side.central_issue, body, proposal_kk="Бөлу", sent_on=DAY, today=DAY, by=CLOCK
    )


def form(name: str, args: str, foreign: str = FOREIGN_EDIT, posted: str = WRONG) -> list[Door]:
    """A form of the office: opened, and sent empty."""
    return [
        Door(f"issues:{name}", OFFICES, foreign, args=args),
        Door(f"issues:{name}", posted, foreign, args=args, method="POST"),
    ]


QUARTER_FOREIGN = "404 region offices | 403 *"
ROUTED_READ = "200 planners reviewer administration | 404 central | 403 *"
ROUTED_READ_FOREIGN = "200 administrator reviewer administration | 404 region offices central | 403 *"
ROUTED_EDIT = "{} region offices | 404 central | 403 *"
ROUTED_FOREIGN = "404 region offices central | 403 *"


def both(name: str, args: str, may: str, may_not: str, posted: str = "422") -> list[Door]:
    """A form opened and sent empty, by whoever may and by whoever only sees the thing."""
    seen, foreign = f"403 {may_not} | 404 *", "403 administrator | 404 *"
    return [
        Door(f"issues:{name}", f"200 {may} | {seen}", foreign, args=args),
        Door(f"issues:{name}", f"{posted} {may} | {seen}", foreign, args=args, method="POST"),
    ]


ROWS = [
    Door("issues:reception", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    *form("reception_add", OF_MEETING),
    *form("reception_edit", f"{OF_MEETING} reception=reception"),
    Door("issues:plan", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:plan_version", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} number:=1"),
    Door("issues:plan_xlsx", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    *form("item_add", f"{OF_MEETING} issue=promised"),
    *form("item_edit", f"{OF_MEETING} item=item"),
    *form("item_drop", f"{OF_MEETING} item=item"),
    *form("plan_approve", OF_MEETING),
    *form("financing_add", OF_MEETING),
    Door("issues:publication", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    *form("document_freeze", f"{OF_MEETING} what:=results"),
    *form("document_publish", f"{OF_MEETING} version=frozen"),
    Door("issues:document_compare", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} what:=list number:=1"),
    Door(
        "issues:look_now",
        "302 region offices | 403 *",
        FOREIGN_EDIT,
        args=f"{OF_MEETING} publication=stands",
        method="POST",
    ),
    Door("issues:issues", PLANNING),
    Door("issues:issue", "200 planners executor | 404 *", "200 administrator | 404 *", args="pk=promised"),
    *both("issue_close", "pk=promised", "region offices", "administrator executor"),
    *both("issue_dispute", "pk=promised", "region offices", "administrator executor"),
    *both("issue_route", "pk=promised", "region offices", "administrator executor"),
    Door("issues:items", "200 planners executor | 403 *"),
    Door("issues:item", "200 planners executor | 404 *", "200 administrator | 404 *", args="pk=item"),
    *both("progress_add", "pk=item", "region offices executor", "administrator"),
    *both("new_day", "pk=item", "region offices executor", "administrator"),
    *both("new_day_grant", "pk=ask", "region offices", "administrator executor", posted="302"),
    *both("new_day_refuse", "pk=ask", "region offices", "administrator executor"),
    Door(
        "issues:progress_show",
        "302 region offices | 403 administrator executor | 404 *",
        "403 administrator | 404 *",
        args="pk=item_step",
        method="POST",
        data={"version": "@item_step.version", "public": "1"},
    ),
    Door("issues:quarters", PLANNING),
    Door("issues:quarter_draft", "404 region offices | 403 *", method="POST"),
    Door("issues:quarter", PLANNING, FOREIGN_ROW, args="pk=quarter"),
    Door("issues:quarter", "422 region offices | 403 *", QUARTER_FOREIGN, args="pk=quarter", method="POST"),
    Door("issues:quarter_freeze", "302 region offices | 403 *", QUARTER_FOREIGN, args="pk=quarter", method="POST"),
    Door("issues:quarter_redraft", OFFICES, QUARTER_FOREIGN, args="pk=quarter"),
    Door("issues:quarter_redraft", WRONG, QUARTER_FOREIGN, args="pk=quarter", method="POST"),
    Door("issues:quarter_publish", OFFICES, QUARTER_FOREIGN, args="pk=quarter"),
    Door("issues:quarter_publish", WRONG, QUARTER_FOREIGN, args="pk=quarter", method="POST"),
    Door("issues:central", "200 planners reviewer administration central | 403 *"),
    Door("issues:central_one", ROUTED_READ, ROUTED_READ_FOREIGN, args="pk=routing"),
    Door("issues:central_answer", ROUTED_EDIT.format(200), ROUTED_FOREIGN, args="pk=routing"),
    Door("issues:central_answer", ROUTED_EDIT.format(422), ROUTED_FOREIGN, args="pk=routing", method="POST"),
    Door("issues:central_course", ROUTED_EDIT.format(200), ROUTED_FOREIGN, args="pk=routing"),
    Door("issues:central_course", ROUTED_EDIT.format(422), ROUTED_FOREIGN, args="pk=routing", method="POST"),
    Door("reception-list", "200 *", nobody=401),
    Door("reception-detail", "200 planners | 404 *", "200 administrator | 404 *", args="pk=reception", nobody=401),
    Door(
        "reception-list",
        "403 administrator | 400 *",
        method="POST",
        json=True,
        nobody=401,
        data={"meeting": "@meeting", "starts_on": "2026-01-01", "ends_on": "2026-01-01", "citizens": 1},
    ),
    Door("planitem-list", "200 *", nobody=401),
    Door("publication-list", "400 *", method="POST", json=True, nobody=401),
    *(
        Door(
            name,
            f"{status} planners{more} | 404 *",
            f"{status} administrator | 404 *",
            args=f"pk={thing}",
            method=method,
            json=True,
            nobody=401,
        )
        for name, method, thing, status, more in (
            ("reception-detail", "PATCH", "reception", 428, ""),
            ("planitem-progress", "POST", "item", 428, " executor"),
            ("planitem-ask-new-day", "POST", "item", 400, " executor"),
        )
    ),
    Door("planitem-detail", "200 planners executor | 404 *", "200 administrator | 404 *", args="pk=item", nobody=401),
    Door("publication-list", "200 *", nobody=401),
    Door("publication-detail", "200 planners | 404 *", "200 administrator | 404 *", args="pk=stands", nobody=401),
    Door("documents:published", "200 *", "200 *", args="pk=frozen", nobody=200),
    Door("documents:quarterly", "200 *", "200 *", args="pk=reported", nobody=200),
]
