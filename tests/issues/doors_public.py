"""Rows of `tests/doors.py` for the public pages, and the things that they speak of."""

import datetime as dt

from issues import services
from issues.models import Channel
from territories.scope import clock

from ..doors import PUBLIC, Door

CLOCK = clock("tests")
PUBLISHED = dt.datetime(2026, 9, 15, 6, tzinfo=dt.UTC)


def things(side) -> None:
    """The side's meeting was announced, and its list of issues stands at a place of publication."""
    type(side.met).objects.filter(pk=side.met.pk).update(announced_on=dt.date(2026, 8, 1))
    version = services.freeze_document(side.met, what="list", by=CLOCK)
    services.publish(
        version,
        channel=Channel.objects.get(code="site"),
        published_at=PUBLISHED,
        link="https://akimat.example/list",
        by=CLOCK,
    )


def page(name: str, args: str = "") -> Door:
    """Open to everybody, whoever he is and wherever the thing lies."""
    return (
        Door(f"public:{name}", PUBLIC, PUBLIC, args=args, nobody=200)
        if args
        else Door(f"public:{name}", PUBLIC, nobody=200)
    )


ROWS = [
    page("issues"),
    page("issue", "code=promised.code"),
    page("unit_issues", "code=okrug.code"),
    page("meeting", "pk=met"),
    page("results", "pk=met"),
    page("version", "pk=met what:=list number:=1"),
    Door("public:file", "404 *", "404 *", args="code=promised.code pk=stored", nobody=404),
]
