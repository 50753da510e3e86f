"""Rows of `tests/doors.py` for the pages before and at a meeting, and the things that they speak of."""

import datetime as dt

from issues import services
from issues.models import Channel, ChannelUse, Minutes, TableImport, Topic
from issues.services import Member
from territories.scope import clock

from ..doors import FOREIGN_EDIT, FOREIGN_ROW, PLANNING, Door

CLOCK = clock("tests")
DAY = dt.date(2026, 1, 12)
OFFICES = "200 region offices | 403 *"
WRONG = "422 region offices | 403 *"
DONE = "302 region offices | 403 *"
OF_MEETING = "pk=meeting"
#: A table is for who brought it alone; executors bring tables of their own.
BROUGHT = "200 okrug | 404 planners executor | 403 *"
FOREIGN_TABLE = "404 planners executor | 403 *"
TABLE_PAGES = ("import", "import_columns", "import_status", "import_wrong")


def things(side) -> None:
    """One thing of every kind that these pages show, of the side's okrug and its meeting."""
    unit, meeting = side.okrug, side.meeting
    members = [Member("assembly", "жиналыс мүшесі"), Member("council", "кеңес мүшесі")]
    side.commission = services.form_commission(
        unit, order_number="1", order_date=DAY, members=members, valid_from=DAY, today=DAY, by=CLOCK
    )
    side.use = ChannelUse.objects.create(
        unit=unit, region=side.region, meeting=meeting, purpose="campaign", channel=Channel.objects.get(code="radio"),
        reason_unused="Радио жоқ",
    )  # fmt: skip
    side.point = services.record_video_point(meeting, values={"address": "Клуб"}, by=CLOCK)
    side.request, side.joined = (
        services.add_request(
            unit, place=side.village, source="letter", received_on=DAY, text=text, meeting=meeting, today=DAY, by=CLOCK
        )
        for text in ("Көше жарығы жоқ", "Көшеде шам жанбайды")
    )
    side.issue, side.double = (
        services.make_issue(unit, place=side.village, text_kk=text, raised_on=DAY, meeting=meeting, today=DAY, by=CLOCK)
        for text in ("Көше жарығы", "Көшедегі жарық")
    )
    side.origin = services.join_request(side.joined, side.issue, by=CLOCK)
    side.join = services.join_issues(side.double, side.issue, by=CLOCK)
    side.pool = services.freeze_pool(meeting, [side.issue], today=DAY, by=CLOCK)
    values = {"who": "Көше тұрғындары", "people": 40, "text": "Су"}
    side.demand = services.register_demand(
        unit, place=side.village, received_on=DAY, values=values, today=DAY, by=CLOCK
    )
    side.minutes = Minutes.objects.create(unit=unit, region=side.region, meeting=meeting, number=1)
    names = {"name_kk": "Өз", "name_ru": "Своя"}
    side.topic, _new = Topic.objects.get_or_create(region=side.region, code=f"own-{side.region.pk}", defaults=names)
    side.sheet = services.store_sheet(services.Checked(b"a;b\n1;2\n", "text/csv", "t.csv"), unit=unit, by=CLOCK)
    layout = {"sheet": "", "first": 1, "last": 1, "columns": {}, "headings": {"1": "a", "2": "b"}}
    side.table = TableImport.objects.create(
        unit=unit, region=side.region, kind="issues", sheet=side.sheet, file_name="t.csv", state="wrong",
        layout=layout, wrong=[2], created_by=side.person, created_under=side.post,
    )  # fmt: skip
    side.stored = services.store_file(
        services.check(b"%PDF-1.7\n%%EOF\n", "order.pdf"), unit=unit, kind="order", by=CLOCK
    )


def form(name: str, args: str, foreign: str = FOREIGN_EDIT, posted: str = WRONG) -> list[Door]:
    """A form of the office: opened, and sent empty."""
    return [
        Door(f"issues:{name}", OFFICES, foreign, args=args),
        Door(f"issues:{name}", posted, foreign, args=args, method="POST"),
    ]


ROWS = [
    Door("issues:preparation", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:pool", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:pool_version", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} number:=1"),
    *form("commission", OF_MEETING),
    *form("commission_edit", f"{OF_MEETING} commission=commission"),
    *form("commission_close", f"{OF_MEETING} commission=commission"),
    *form("announcement", OF_MEETING),
    *form("channel_use", f"{OF_MEETING} purpose:=campaign code:=site"),
    *form("channel_withdraw", f"{OF_MEETING} use=use"),
    *form("audience", f"{OF_MEETING} category:=parties", posted=DONE),
    *form("broadcast", OF_MEETING),
    *form("video_point_add", OF_MEETING),
    *form("video_point", f"{OF_MEETING} point=point"),
    *form("issue_add", OF_MEETING),
    *form("issue_edit", f"{OF_MEETING} issue=issue"),
    *(
        Door(f"issues:{name}", DONE, FOREIGN_EDIT, args=f"{OF_MEETING} {more}".strip(), method="POST")
        for name, more in (
            ("pool_order", ""),
            ("pool_freeze", ""),
            ("pool_merge", ""),
            ("pool_part", "join=join"),
        )
    ),
    Door(
        "issues:video_point_remove", DONE, FOREIGN_EDIT, args=f"{OF_MEETING} point=point", method="POST",
        data={"version": "@point.version"},
    ),
    Door("issues:posters", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:poster", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} language:=kk size:=a4"),
    Door("issues:picture", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} language:=kk"),
    Door("issues:meeting_ics", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} language:=kk"),
    Door("issues:letter", PLANNING, FOREIGN_ROW, args=f"{OF_MEETING} category:=parties language:=kk form:=pdf"),
    *form("invitations", OF_MEETING),
    Door("issues:tell_change", DONE, FOREIGN_EDIT, args=OF_MEETING, method="POST"),
    Door("issues:hall", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:hall_state", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door(
        "issues:hall_save",
        "409 region offices | 403 *",
        FOREIGN_EDIT,
        args=OF_MEETING,
        method="POST",
        json=True,
        data={"changes": []},
    ),
    *form("hall_hold", OF_MEETING),
    Door("issues:minutes", PLANNING, FOREIGN_ROW, args=OF_MEETING),
    Door("issues:minutes_draft", DONE, FOREIGN_EDIT, args=OF_MEETING, method="POST"),
    *form("minutes_sign", f"{OF_MEETING} number:=1"),
    *form("minutes_publish", f"{OF_MEETING} number:=1"),
    *form("minutes_withdraw", f"{OF_MEETING} number:=1"),
    Door("issues:minutes_templates", PLANNING),
    Door("issues:minutes_templates", "422 region | 403 *", method="POST"),
    Door("issues:template_drop", "302 region | 403 *", args="language:=kk", method="POST"),
    Door("issues:our_template", PLANNING, args="language:=kk"),
    Door("ask:form", "200 *", "200 *", args="pk=meeting", nobody=200),
    Door("ask:form", "422 *", "422 *", args="pk=meeting", method="POST", nobody=422),
    Door("issues:requests", PLANNING),
    Door("issues:requests", WRONG, method="POST"),
    Door("issues:similar", PLANNING, method="POST"),
    Door("issues:request", PLANNING, FOREIGN_ROW, args="pk=request"),
    *form("request_classify", "pk=request"),
    *form("request_edit", "pk=request"),
    *form("request_refuse", "pk=request"),
    *form("request_issue", "pk=request"),
    Door(
        "issues:request_accept", DONE, FOREIGN_EDIT, args="pk=request", method="POST",
        data={"version": "@request.version"},
    ),
    Door(
        "issues:request_join", DONE, FOREIGN_EDIT, args="pk=request", method="POST", data={"issue": "@issue"}
    ),
    Door("issues:request_part", DONE, FOREIGN_EDIT, args="pk=joined origin=origin", method="POST"),
    Door("issues:demands", PLANNING),
    Door("issues:demand_add", OFFICES),
    Door("issues:demand_add", WRONG, method="POST"),
    *form("demand_answer", "pk=demand"),
    Door("issues:off_calendar", OFFICES),
    Door("issues:off_calendar", WRONG, method="POST"),
    Door("issues:imports", "200 region offices executor | 403 *"),
    Door("issues:imports", "422 region offices executor | 403 *", method="POST"),
    Door("issues:import_empty", "200 region offices | 404 executor | 403 *", args="kind:=plan"),
    *(Door(f"issues:{name}", BROUGHT, FOREIGN_TABLE, args="pk=table") for name in TABLE_PAGES),
    *(
        Door(f"issues:import_{verb}", BROUGHT.replace("200", code), FOREIGN_TABLE, args="pk=table", method="POST")
        for verb, code in (("columns", "422"), ("take", "409"), ("drop", "302"))
    ),
    *(Door(f"{name}-list", "200 *", nobody=401) for name in ("request", "issue")),
    Door("request-detail", "200 planners | 404 *", "200 administrator | 404 *", args="pk=request", nobody=401),
    Door("issue-detail", "200 planners | 404 *", "200 administrator | 404 *", args="pk=issue", nobody=401),
    Door("request-list", "400 *", method="POST", json=True, nobody=401),
    Door("request-bulk", "400 *", method="POST", json=True, nobody=401),
    Door(
        "issue-list",
        "201 region offices | 403 *",
        method="POST",
        json=True,
        nobody=401,
        data={"unit": "@okrug.code", "text_kk": "Жол нашар", "raised_on": "2026-06-01"},
    ),
    Door("issue-bulk", "400 *", method="POST", json=True, nobody=401),
    Door(
        "issue-detail",
        "428 planners | 404 *",
        "428 administrator | 404 *",
        args="pk=issue",
        method="PATCH",
        json=True,
        nobody=401,
    ),
    *(
        Door(
            f"request-{verb}",
            f"{status} planners | 404 *",
            f"{status} administrator | 404 *",
            args="pk=request",
            method="POST",
            json=True,
            nobody=401,
        )
        for verb, status in (("classify", 428), ("join", 400))
    ),
    Door("issues:topics", PLANNING),
    Door("issues:topic_add", "200 region | 403 *"),
    Door("issues:topic_add", "422 region | 403 *", method="POST"),
    Door("issues:topic_edit", "200 region | 403 *", "404 region | 403 *", args="pk=topic"),
    Door("issues:topic_edit", "422 region | 403 *", "404 region | 403 *", args="pk=topic", method="POST"),
    Door("issues:file", "200 planners | 404 *", "200 administrator | 404 *", args="pk=stored"),
]  # fmt: skip
