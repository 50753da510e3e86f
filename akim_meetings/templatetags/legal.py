"""The one way in which a page shows a day of the law: weekday, distance, state in words, and why it is this day.

Everything that a reader is told by a day of the act goes through `legal_day`. What can only be said in a sentence
("the last day was …") or in columns of one row stands in an element with `data-legal` that holds `why_link`.
A test walks the pages and finds days of the law outside of both.
"""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deadlines.legal import LegalDay, why_duty
from deadlines.models import Duty, DutyState
from law.deadlines import BREACH, NO_NUMBER, OPEN, standing

from .look import day as drawn_day
from .look import draw_icon, state_badge
from .look import due as drawn_due

register = template.Library()

#: States that the day itself tells by its distance ("in 6 days", "2 days late").
TOLD_BY_DISTANCE = (OPEN, BREACH)


@register.simple_tag
def legal_day(
    value: LegalDay | Duty | None,
    today: dt.date | None = None,
    short: bool = False,
    state: bool = True,
    link: bool = False,
) -> SafeString:
    """A day by which something is owed, or was: how far away, how it stands, and why it is this day.

    `state` False: a column beside it tells the state. `link`: inside a sentence or a paragraph, where no box can open.
    """
    if value is None:
        return drawn_day(None)
    why = why_duty(value) if isinstance(value, Duty) else value.why
    box = why_link(why) if link else why_box(why)
    if value.due_on is None:
        told: SafeString | str = format_html('<span class="muted">{}</span>', _("no number in the act"))
    elif value.met_on is None:
        told = drawn_due(value.due_on, today=today, short=short)
    else:
        told = drawn_day(value.due_on, short=short)
    badge = state_words(value, today) if state and today is not None else ""
    return format_html('<span class="legal-day" data-legal="{}">{} {}{}</span>', value.rule_id, told, badge, box)


@register.simple_tag
def legal_state(value: LegalDay | Duty, today: dt.date) -> str:
    """How it stands on a day: met, met_contested, open, contested, breach, no_number."""
    return standing(value, today=today, done_on=value.met_on)


def state_words(value: LegalDay | Duty, today: dt.date) -> SafeString | str:
    """A badge for what the distance does not say."""
    known = legal_state(value, today)
    if known == NO_NUMBER or (value.met_on is None and known in TOLD_BY_DISTANCE):
        return ""
    return format_html("{} ", state_badge(known, DutyState(known).label))


def why_box(address: str) -> SafeString:
    """A small box that opens paragraph and counting, fetched when it is asked for; a link where no script runs."""
    return format_html(
        '<details class="why"><summary hx-get="{0}" hx-trigger="click once" hx-target="next .why-body">{1}{2}</summary>'
        '<div class="why-body"><a href="{0}">{3}</a></div></details>',
        address,
        draw_icon("question-circle"),
        _("why this date"),
        _("Open the counting"),
    )


@register.simple_tag
def why_link(address: str) -> SafeString:
    """The way to paragraph and counting, inside a sentence."""
    return format_html(
        '<a class="why-link" href="{}">{}{}</a>', address, draw_icon("question-circle"), _("why this date")
    )
