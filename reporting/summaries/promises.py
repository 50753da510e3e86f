"""Problem issues, their action plans and the quarterly information on them (826-3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calendars import rules as calendar_rules
from issues.models import Issue, IssueState, ItemState, Level, PlanItem, QuarterlyReport, QuarterlyRow, Topic
from issues.models.issues import NATIONAL_LEVELS, OPEN_STATES
from issues.models.plans import OPEN_ITEMS

from .calendars import CHUNK
from .model import BOTH, Asked, Column, Kind, Sheet
from .units import KEY, Units, by_unit, counted, figure, folded

COLOURS = {"done": "good", "explained": "warn", "declined": "bad"}


def text_of(name: str, language: str, prefix: str = "") -> Case:
    """A text that may be there in one language only, in the language of the file."""
    kk, ru = f"{prefix}{name}_kk", f"{prefix}{name}_ru"
    first, second = (ru, kk) if language == "ru" else (kk, ru)
    both = Concat(F(kk), Value("\n"), F(ru), output_field=TextField()) if language == BOTH else F(first)
    return Case(
        When(**{first: ""}, then=F(second)), When(**{second: ""}, then=F(first)), default=both, output_field=TextField()
    )


def key_of(kind: str, pk: str = "pk", version: str = "version") -> Concat:
    """What a row can be found by again: its kind, its number, and the version that was taken out."""
    return Concat(Value(f"{kind}:"), Cast(pk, CharField()), Value("@"), Cast(version, CharField()))


def number_of(prefix: str = "") -> Concat:
    """2027-15: the issue as people name it."""
    return Concat(Cast(f"{prefix}year", CharField()), Value("-"), Cast(f"{prefix}number", CharField()))


# -- Issues ---------------------------------------------------------------------------------------
ISSUE_COLUMNS = [
    Column("number", pgettext_lazy("column of issues", "Issue"), 11),
    Column("region", _("Region"), 20),
    Column("raion", pgettext_lazy("column", "Raion or city"), 22),
    Column("unit", _("Akim of"), 24),
    Column("place", _("Place"), 22),
    Column("raised_on", _("Raised on"), 11, Kind.DATE),
    Column("meeting", _("Day of the meeting"), 11, Kind.DATE),
    Column("text", _("Text of the issue"), 60),
    Column("topic", _("Topic"), 24),
    Column("level", _("Level of solution"), 20),
    Column("state", _("State"), 16),
    Column("first_due_on", _("Day first promised"), 12, Kind.DATE),
    Column("due_on", _("Promised day"), 12, Kind.DATE),
    Column("slips", pgettext_lazy("column of the plan", "Slips"), 8, Kind.NUMBER, total=True),
    Column("closed_on", _("Closed on"), 11, Kind.DATE),
    Column("remark", _("Remark"), 34, open=True),
    KEY,
]


def issue_rows(asked: Asked) -> QuerySet[Issue]:
    """Issues of the year that were not joined into others.

    Readers of the nation see one by one what is of central level or published; offices all of theirs.
    """
    rows = Issue.objects.standing().filter(year=asked.year, unit__path__startswith=asked.path)
    if calendar_rules.reads_rows(asked.who):
        rows = Issue.objects.visible_to(asked.who).standing().filter(year=asked.year)
        rows = rows.filter(unit__path__startswith=asked.path)
    elif asked.who.is_national:
        rows = rows.filter(Q(level__in=NATIONAL_LEVELS) | Q(published_at__isnull=False))
    else:
        rows = rows.none()
    for name in ("state", "level"):
        if asked.filters.get(name):
            rows = rows.filter(**{name: asked.filters[name]})
    return rows if asked.only is None else rows.filter(pk__in=asked.only)


def issues(asked: Asked) -> list[Sheet]:
    """Each issue with its days, slips and state; how many by unit. "Explained" is never counted as done."""
    rows = issue_rows(asked)
    units, words = Units(asked), asked.words
    opened = Q(state__in=OPEN_STATES)
    counts = [
        Count("pk"),
        Count("pk", filter=opened),
        Count("pk", filter=opened & Q(due_on__lt=asked.today)),
        Count("pk", filter=Q(state=IssueState.DONE)),
        Count("pk", filter=Q(state=IssueState.EXPLAINED)),
        Count("pk", filter=Q(state=IssueState.DECLINED)),
        Count("pk", filter=Q(slips__gt=0)),
        Count("pk", filter=Q(level__in=NATIONAL_LEVELS)),
    ]
    figures = [
        figure("issues", _("Problem issues")),
        figure("open", pgettext_lazy("issues", "Open")),
        figure("late", _("Open, past the promised day"), bad=True),
        figure("done", pgettext_lazy("issues", "Done")),
        figure("explained", pgettext_lazy("issues", "Explained"), _("Explained; not counted as done")),
        figure("declined", pgettext_lazy("issues", "Cannot be done")),
        figure("slipped", _("Day put off at least once")),
        figure("central", _("Of central level")),
    ]
    states, levels = words.choices(IssueState), words.choices(Level)
    topics = {topic.pk: words.name(topic) for topic in Topic.objects.all()}
    shown: dict[str, Any] = {
        "region": units.region,
        "raion": units.raion,
        "unit": units.name,
        "place": units.name,
        "topic": topics.get,
        "level": levels.get,
        "state": states.get,
    }
    colours = {"state": {states[c]: k for c, k in COLOURS.items()}}
    columns = [
        replace(column, show=shown.get(column.key), colours=colours.get(column.key, {})) for column in ISSUE_COLUMNS
    ]

    def lines() -> Iterator[Sequence[Any]]:
        return (
            rows.order_by("unit__path", "number")
            .values_list(
                number_of(), "unit", F("unit"), F("unit"), "place", "raised_on", "meeting__date",
                text_of("text", asked.language), "topic", "level", "state", "first_due_on", "due_on", "slips",
                "closed_on", Value("", output_field=CharField()), key_of("issue"),
            )
            .iterator(chunk_size=CHUNK)
        )  # fmt: skip

    listed = Sheet("rows", pgettext_lazy("sheet", "Issues"), columns, lines, rows.count(), frozen=1)
    return [*by_unit(asked, units, folded(counted(rows, "unit", counts), len(counts)), figures), listed]


# -- Plans ----------------------------------------------------------------------------------------
def item_rows(asked: Asked) -> QuerySet[PlanItem]:
    """Items of approved plans of the year's meetings within the reader's scope."""
    rows = PlanItem.objects.visible_to(asked.who).exclude(state__in=(ItemState.DRAFT, ItemState.DROPPED))
    rows = rows.filter(plan__meeting__calendar__year=asked.year, unit__path__startswith=asked.path)
    state = asked.filters.get("state")
    return rows.filter(state=state) if state else rows


def plan(asked: Asked) -> list[Sheet]:
    """Each measure with its day, the day first promised and the executor; how many by unit."""
    rows = item_rows(asked)
    units, words = Units(asked), asked.words
    owed = Q(state__in=OPEN_ITEMS)
    counts = [
        Count("pk"),
        Count("pk", filter=owed),
        Count("pk", filter=owed & Q(due_on__lt=asked.today)),
        Count("pk", filter=Q(state=ItemState.DONE)),
        Count("pk", filter=Q(state=ItemState.EXPLAINED)),
        Count("pk", filter=Q(due_on__gt=F("first_due_on"))),
    ]
    figures = [
        figure("items", _("Items of plans")),
        figure("owed", pgettext_lazy("items of a plan", "Owed")),
        figure("late", _("Owed, past the day"), bad=True),
        figure("done", pgettext_lazy("items of a plan", "Done")),
        figure("explained", pgettext_lazy("items of a plan", "Explained")),
        figure("slipped", _("Day later than first promised")),
    ]
    states = words.choices(ItemState)
    columns = [
        Column("issue", pgettext_lazy("column of issues", "Issue"), 11),
        Column("region", _("Region"), 20, show=units.region),
        Column("raion", pgettext_lazy("column", "Raion or city"), 22, show=units.raion),
        Column("unit", _("Akim of"), 24, show=units.name),
        Column("meeting", _("Day of the meeting"), 11, Kind.DATE),
        Column("text", _("Text of the issue"), 46),
        Column("measure", _("Measure"), 46),
        Column("first_due_on", _("Day first promised"), 12, Kind.DATE),
        Column("due_on", _("Due"), 12, Kind.DATE),
        Column("organisation", _("Executor: organisation"), 28),
        Column("post", _("Executor: post"), 22),
        Column("completion", _("Form of completion"), 22),
        Column(
            "state", _("State"), 18, show=states.get, colours={states[c]: k for c, k in COLOURS.items() if c in states}
        ),
        Column("finished_on", _("Finished on"), 11, Kind.DATE),
        KEY,
    ]

    def lines() -> Iterator[Sequence[Any]]:
        return (
            rows.order_by("unit__path", "due_on", "pk")
            .values_list(
                number_of("issue__"), "unit", F("unit"), F("unit"), "plan__meeting__date",
                text_of("text", asked.language, "issue__"), text_of("measure", asked.language), "first_due_on",
                "due_on", "organisation", "post", text_of("completion", asked.language), "state", "finished_on",
                key_of("item"),
            )
            .iterator(chunk_size=CHUNK)
        )  # fmt: skip

    listed = Sheet("rows", _("Action plans"), columns, lines, rows.count(), frozen=1)
    return [*by_unit(asked, units, folded(counted(rows, "unit", counts), len(counts)), figures), listed]


# -- Quarterly information ------------------------------------------------------------------------
def report_rows(asked: Asked) -> QuerySet[QuarterlyReport]:
    """The newest frozen information of each office and quarter; it is published, so the nation's readers see it too."""
    newer = QuarterlyReport.objects.filter(
        unit=OuterRef("unit"), year=OuterRef("year"), quarter=OuterRef("quarter"), state="frozen",
        number__gt=OuterRef("number"),
    )  # fmt: skip
    rows = QuarterlyReport.objects.filter(~Exists(newer), year=asked.year, state="frozen")
    rows = rows.filter(unit__path__startswith=asked.path)
    if not asked.who.is_national:
        rows = rows.filter(pk__in=QuarterlyReport.objects.visible_to(asked.who).values("pk"))
    quarter = asked.filters.get("quarter")
    return rows.filter(quarter=quarter) if quarter else rows


def told_rows(asked: Asked) -> QuerySet[QuarterlyRow]:
    return QuarterlyRow.objects.filter(report__in=report_rows(asked))


def progress(asked: Asked) -> list[Sheet]:
    """Which offices told of their progress in which quarter, and each issue as they told it."""
    reports = report_rows(asked)
    rows = told_rows(asked)
    units, words = Units(asked), asked.words
    quarters = [Count("pk", filter=Q(quarter=n)) for n in (1, 2, 3, 4)]
    filed = counted(reports, "unit", [*quarters, Count("pk", filter=Q(nil=True))])
    solved, slipped = Count("pk", filter=Q(solved=True)), Count("pk", filter=Q(slips__gt=0))
    told = counted(rows, "report__unit", [Count("pk"), solved, slipped])
    both = [(pk, *numbers, 0, 0, 0) for pk, *numbers in filed]
    both += [(pk, 0, 0, 0, 0, 0, *numbers) for pk, *numbers in told]
    figures = [
        *(figure(f"q{n}", number_text, _("Information frozen for the quarter")) for n, number_text in QUARTERS),
        figure("nil", _("Of them without issues")),
        figure("rows", _("Issues told of")),
        figure("solved", _("Told as solved")),
        figure("slipped", _("Day put off at least once")),
    ]
    states = words.choices(IssueState)
    yes = words.say(_("yes"))
    columns = [
        Column("quarter", _("Quarter"), 9, Kind.NUMBER),
        Column("region", _("Region"), 20, show=units.region),
        Column("raion", pgettext_lazy("column", "Raion or city"), 22, show=units.raion),
        Column("unit", _("Akim of"), 24, show=units.name),
        Column("issue", pgettext_lazy("column of issues", "Issue"), 11),
        Column("text", _("Text of the issue"), 46),
        Column("state", _("State"), 16, show=states.get, colours={states[c]: k for c, k in COLOURS.items()}),
        Column("solved", _("Solved"), 10, show=lambda solved: yes if solved else ""),
        Column("first_due_on", _("Day first promised"), 12, Kind.DATE),
        Column("due_on", _("Promised day"), 12, Kind.DATE),
        Column("slips", pgettext_lazy("column of the plan", "Slips"), 8, Kind.NUMBER, total=True),
        Column("progress", _("Progress"), 50),
        KEY,
    ]

    def lines() -> Iterator[Sequence[Any]]:
        return (
            rows.order_by("report__quarter", "report__unit__path", "order")
            .values_list(
                "report__quarter", "report__unit", F("report__unit"), F("report__unit"), number_of("issue__"),
                text_of("text", asked.language, "issue__"), "state", "solved", "first_due_on", "due_on", "slips",
                text_of("progress", asked.language), key_of("quarterly", "pk", "report__number"),
            )
            .iterator(chunk_size=CHUNK)
        )  # fmt: skip

    listed = Sheet("rows", _("Progress"), columns, lines, rows.count(), frozen=1)
    return [*by_unit(asked, units, folded(both, len(figures)), figures), listed]


QUARTERS = (
    (1, _("First quarter")),
    (2, _("Second quarter")),
    (3, _("Third quarter")),
    (4, _("Fourth quarter")),
)
BASIS_ISSUES = _("Problem issues of the year without those joined into others, Decree No. 826, para 3, subpara 5.")
BASIS_PLAN = _("Items of approved action plans, Decree No. 826, para 3, subpara 5.")
BASIS_PROGRESS = _("Frozen quarterly information of the offices, Decree No. 826, para 3, subpara 5.")
