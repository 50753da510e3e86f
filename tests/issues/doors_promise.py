"""Rows of `tests/doors.py` for the pages after a meeting, and the things that they speak of."""

import datetime as dt

from calendars.models import MeetingState
from issues import services
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


def form(name: str, args: str, foreign: str = FOREIGN_EDIT, posted: str = WRONG) -> list[Door]:
    """A form of the office: opened, and sent empty."""
    return [
        Door(f"issues:{name}", OFFICES, foreign, args=args),
        Door(f"issues:{name}", posted, foreign, args=args, method="POST"),
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
]
