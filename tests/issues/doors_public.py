"""Rows of `tests/doors.py` for the public pages, and the things that they speak of."""

import datetime as dt

from issues import services
from issues.models import Channel
from issues.services.following import token_of
from territories.scope import clock

from ..doors import PUBLIC, Door

CLOCK = clock("tests")
PUBLISHED = dt.datetime(2026, 9, 15, 6, tzinfo=dt.UTC)


def things(side) -> None:
    """The side's meeting was announced, and its list of issues stands at a place of publication."""
    type(side.met).objects.filter(pk=side.met.pk).update(announced_on=dt.date(2026, 8, 1))
    version = services.freeze_document(side.met, what="list", by=CLOCK)
    now = dt.datetime(2026, 9, 15, 6, tzinfo=dt.UTC)
    followed = services.follow(side.okrug, email="reader@example.kz", language="kk", now=now)
    side.following = token_of(followed)
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
    page("meeting_ics", "pk=met"),
    page("central"),
    Door("public:central_body", "404 *", "404 *", args="pk=maslikhat", nobody=404),
    page("results", "pk=met"),
    Door("public:minutes", "404 *", "404 *", args="pk=met number:=1 language:=kk form:=pdf", nobody=404),
    page("issues_csv"),
    page("issues_json"),
    page("open_data"),
    page("asked"),
    page("unit_csv", "code=okrug.code"),
    page("unit_json", "code=okrug.code"),
    page("feed", "code=okrug.code form:=rss"),
    page("follow_issue", "code=promised.code"),
    Door("public:follow_issue", "422 *", "422 *", args="code=promised.code", method="POST", nobody=422),
    page("dispute", "code=promised.code"),
    Door("public:dispute", "422 *", "422 *", args="code=promised.code", method="POST", nobody=422),
    page("follow_unit", "code=okrug.code"),
    Door("public:follow_unit", "422 *", "422 *", args="code=okrug.code", method="POST", nobody=422),
    page("following", "token=following"),
    Door("public:following", PUBLIC, PUBLIC, args="token=following", method="POST", nobody=200),
    Door("robots", PUBLIC, nobody=200),
    Door("sitemap", PUBLIC, nobody=200),
    Door("sitemap_region", PUBLIC, PUBLIC, args="code=region.code", nobody=200),
    Door("public:file", "404 *", "404 *", args="code=promised.code pk=stored", nobody=404),
]
