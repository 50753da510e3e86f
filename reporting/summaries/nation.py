"""Issues of central level with their bodies, and the discipline of terms (826-5.2, 5.3 and the whole ledger)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deadlines import ids
from deadlines.models import Duty, DutyState
from issues.models import CentralRouting, CourseUpdate, Level, RouteState
from law.readings import Readings
from law.register import NormTextMissing, NoRuleInForce, rule
from law.register import line as line_of
from law.scope import Scope, covered, in_central_list
from territories.models import Organisation

from .calendars import CHUNK
from .model import Asked, Column, Kind, Sheet
from .promises import key_of, number_of, text_of
from .units import KEY, Units, by_unit, counted, figure, folded

#: Lists of 15 February and 15 August: the line of the act that names the day (826-5.2).
LISTS = {"02": "826-5.2.h1", "08": "826-5.2.h3"}


def readings_of(asked: Asked) -> Readings:
    """The readings of the contents (A-04) and of the origin (A-24) that were asked for, else the register's own."""
    chosen = {key: asked.filters[key] for key in ("r52_scope", "r53_origin") if asked.filters.get(key)}
    return Readings.stored(chosen)


def contents(asked: Asked) -> Scope | None:
    """Which issues the list of a day holds, by the reading; None where no list was asked for."""
    half = asked.filters.get("list")
    if not half:
        return None
    named = dt.date(asked.year, int(half), 15)
    return covered(rule(LISTS[half], named), named, readings_of(asked))


def routed(asked: Asked) -> QuerySet[CentralRouting]:
    """What was routed to bodies, in the reader's scope; narrowed to a list where one is asked for."""
    rows = CentralRouting.objects.visible_to(asked.who).filter(unit__path__startswith=asked.path)
    scope = contents(asked)
    if scope is None:
        rows = rows.filter(issue__year=asked.year)
    else:
        rows = rows.filter(issue__raised_on__lte=scope.end)
        if scope.start:
            rows = rows.filter(issue__raised_on__gte=scope.start)
        if scope.open_on:
            rows = rows.filter(Q(issue__closed_on=None) | Q(issue__closed_on__gt=scope.open_on))
    if asked.filters.get("r53_origin") and not in_central_list(False, readings_of(asked)):
        rows = rows.filter(issue__offsite=True)
    state = asked.filters.get("state")
    return rows.filter(state=state) if state else rows


def central(asked: Asked) -> list[Sheet]:
    """What lies with which body and what it answered; the same by unit; each routed issue with proposal and answer."""
    rows = routed(asked)
    units, words, language = Units(asked), asked.words, asked.language
    waiting, answered = Q(state=RouteState.SENT), Q(state=RouteState.ANSWERED)
    counts = (
        Count("pk"),
        Count("pk", filter=waiting),
        Count("pk", filter=answered),
        Count("pk", filter=Q(state=RouteState.RETURNED)),
    )
    figures = [
        figure("routed", _("Routed to bodies")),
        figure("waiting", _("Without an answer yet"), bad=True),
        figure("answered", pgettext_lazy("routings", "Answered")),
        figure("returned", _("Returned: not of this body")),
    ]
    by_body = list(counted(rows, "organisation", counts))
    bodies = {body.pk: body for body in Organisation.objects.filter(pk__in=[pk for pk, *_rest in by_body])}
    body_rows = sorted((words.name(bodies[pk]), *found, f"central/{asked.year}/body{pk}") for pk, *found in by_body)
    states, levels = words.choices(RouteState), words.choices(Level)
    names = {pk: words.name(body) for pk, body in bodies.items()}
    newest = CourseUpdate.objects.filter(routing=OuterRef("pk")).order_by("-year", "-quarter", "-pk")
    columns = [
        Column("issue", pgettext_lazy("column of issues", "Issue"), 11),
        Column("body", _("Body"), 32, show=names.get),
        Column("region", _("Region"), 20, show=units.region),
        Column("raion", pgettext_lazy("column", "Raion or city"), 22, show=units.raion),
        Column("place", _("Place"), 22, show=units.name),
        Column("raised_on", _("Raised on"), 11, Kind.DATE),
        Column("level", _("Level of solution"), 20, show=levels.get),
        Column("text", _("Text of the issue"), 46),
        Column("proposal", _("Proposal for solving"), 46),
        Column("sent_on", _("Sent on"), 11, Kind.DATE),
        Column("letter", _("Letter"), 12),
        Column("state", _("State"), 16, show=states.get, colours={states["answered"]: "good", states["sent"]: "warn"}),
        Column("answered_on", _("Answered on"), 11, Kind.DATE),
        Column("answer", _("Answer"), 46),
        Column("way", _("Way of solution"), 40),
        Column("course", _("Course of execution"), 40),
        KEY,
    ]

    def lines() -> Iterator[Sequence[Any]]:
        return (
            rows.order_by("organisation", "unit__path", "pk")
            .values_list(
                number_of("issue__"), "organisation", "unit", F("unit"), "issue__place", "issue__raised_on",
                "issue__level", text_of("text", language, "issue__"), text_of("proposal", language), "sent_on",
                "letter_number", "state", "answered_on", text_of("answer", language),
                Subquery(newest.values_list(text_of("way", language))[:1]),
                Subquery(newest.values_list(text_of("course", language))[:1]),
                key_of("routing"),
            )
            .iterator(chunk_size=CHUNK)
        )  # fmt: skip

    found = folded(counted(rows, "unit", counts), len(figures))
    return [
        Sheet(
            "bodies", _("By body"), [Column("body", _("Body"), 46), *figures, KEY], lambda: body_rows, len(body_rows),
            figures=True,
        ),
        *by_unit(asked, units, found, figures),
        Sheet("rows", _("Issues of central level"), columns, lines, rows.count(), frozen=1),
    ]  # fmt: skip


# -- Discipline -----------------------------------------------------------------------------------
def duty_rows(asked: Asked) -> QuerySet[Duty]:
    rows = Duty.objects.visible_to(asked.who).filter(year=asked.year)
    if asked.unit is not None:
        rows = rows.under(asked.unit)
    state = asked.filters.get("state")
    return rows.in_state(state, asked.today) if state else rows


def discipline(asked: Asked) -> list[Sheet]:
    """Duties of the ledger by state: by unit, by line of the act, one by one."""
    rows = duty_rows(asked).with_state(asked.today)
    units, words = Units(asked), asked.words
    counts = [Count("pk"), *(Count("pk", filter=Q(state=state)) for state in DutyState.values)]
    figures = [
        figure("duties", _("Duties")),
        *(figure(state.value, state.label, bad=state == DutyState.BREACH) for state in DutyState),
    ]
    by_rule = [
        (code, sentence(code, asked), *found, f"discipline/{asked.year}/{code}")
        for code, *found in sorted(counted(rows, "rule_id", counts))
    ]
    rule_columns = [Column("rule", _("Line of the act"), 16), Column("sentence", _("What is owed"), 60), *figures, KEY]
    states = words.choices(DutyState)
    colours = {
        states["met"]: "good",
        states["met_contested"]: "warn",
        states["contested"]: "warn",
        states["breach"]: "bad",
    }
    sentences: dict[str, str] = {}

    def owed(code: str) -> str:
        if code not in sentences:
            sentences[code] = sentence(code, asked)
        return sentences[code]

    names = {body.pk: words.name(body) for body in Organisation.objects.filter(pk__in=rows.order_by().values("body"))}
    columns = [
        Column("rule", _("Line of the act"), 14),
        Column("sentence", _("What is owed"), 50, show=owed),
        Column("region", _("Region"), 20, show=units.region),
        Column("raion", pgettext_lazy("column", "Raion or city"), 22, show=units.raion),
        Column("debtor", _("Akim of"), 26, show=units.name),
        Column("body", _("Body"), 26, show=names.get),
        Column("period", _("Period"), 12, show=lambda pk: ids.parts(pk).period or str(asked.year)),
        Column("due_on", _("Due"), 12, Kind.DATE),
        Column("late_after", _("Late after"), 12, Kind.DATE),
        Column("met_on", _("Met on"), 12, Kind.DATE),
        Column("noted_on", _("Recorded on"), 12, Kind.DATE),
        Column("state", _("State"), 18, show=states.get, colours=colours),
        KEY,
    ]

    def lines() -> Iterator[Sequence[Any]]:
        read = rows.order_by("rule_id", "debtor", "due_on", "pk").values_list(
            "rule_id", F("rule_id"), "debtor", F("debtor"), F("debtor"), "body", "pk", "due_on", "late_after",
            "met_on", "noted_on", "state", key_of("duty"),
        )  # fmt: skip
        return read.iterator(chunk_size=CHUNK)

    found = folded(counted(rows, "debtor", counts), len(figures))
    return [
        *by_unit(asked, units, found, figures),
        Sheet("rules", _("By line of the act"), rule_columns, lambda: by_rule, len(by_rule), frozen=2, figures=True),
        Sheet("rows", _("Duties"), columns, lines, rows.count(), frozen=2),
    ]


def sentence(code: str, asked: Asked) -> str:
    """What a line asks for, in the words of its edition of the year."""
    try:
        line = rule(code, dt.date(asked.year, 1, 1))
    except (NoRuleInForce, NormTextMissing):
        line = line_of(code).wordings[-1]
    return asked.words.of(line.sentence["kk"], line.sentence["ru"], line.sentence["en"])


BASIS_CENTRAL = _("Issues routed to central bodies and national companies, Decree No. 826, para 5.")
BASIS_DISCIPLINE = _("The ledger of duties, each with the dates by which it was counted.")
__all__ = ["BASIS_CENTRAL", "BASIS_DISCIPLINE", "LISTS", "central", "discipline"]
