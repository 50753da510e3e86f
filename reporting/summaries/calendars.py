"""Calendars as approved, their coverage, and the meetings themselves (826-2.1, 2.2, 3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calendars import rules as calendar_rules
from calendars.models import Broadcast, Format, Meeting, MeetingState, VersionRow
from calendars.models.meeting import Languages
from calendars.models.submission import SubmissionState
from journal import dates

from .. import queries
from .model import Asked, Column, Kind, NothingThere, Sheet, Text
from .units import KEY, Units, by_unit, counted, figure, folded

CHUNK = 2_000
NUMBER = pgettext_lazy("column", "No.")
REMARKS = Column("remark", _("Remark of the reviewer"), 34, open=True)

CALENDAR_COLUMNS = [
    Column("region", _("Region"), 22),
    Column("number", NUMBER, 7, Kind.NUMBER),
    Column("date", _("Date"), 11, Kind.DATE),
    Column("weekday", _("Weekday"), 14),
    Column("time", _("Time"), 7),
    Column("holder_code", _("Akim of (code)"), 11),
    Column("holder", _("Akim of"), 28),
    Column("place_code", _("Place (code)"), 11),
    Column("place", _("Place"), 28),
    Column("address", _("Hall and address"), 34),
    Column("planned_minutes", _("Planned minutes"), 10, Kind.NUMBER),
    Column("report_minutes", _("Report, minutes"), 10, Kind.NUMBER),
    Column("format", _("Format"), 18),
    Column("languages", _("Languages"), 16),
    Column("version", _("Version"), 8, Kind.NUMBER),
    Column("order", _("Order"), 12),
    REMARKS,
    KEY,
]


def visible_rows(asked: Asked) -> QuerySet[VersionRow]:
    """Rows of the newest version of each region that the reader may see, within the unit asked for."""
    region = asked.unit if asked.unit is not None and asked.unit.is_region else None
    rows = queries.version_rows(asked.year, who=asked.who, region=region)
    return rows if region is not None else rows.filter(holder__path__startswith=asked.path)


def calendar(asked: Asked) -> list[Sheet]:
    """Every meeting of the newest version of each region, and how many there are by unit."""
    rows = visible_rows(asked)
    units, words = Units(asked), asked.words
    counts = [
        Count("pk"),
        Count("pk", filter=Q(holder=F("place"))),
        Count("place", distinct=True),
    ]
    found = folded(counted(rows, "holder", counts), len(counts))
    if not found:
        text = gettext("No approved calendar for %(year)s: %(where)s.")
        raise NothingThere(text % {"year": asked.year, "where": where(asked)})
    figures = [
        figure("meetings", _("Meetings in the calendar")),
        figure("at_own_place", _("Of them in the akim's own unit")),
        figure("places", _("Different places of each akim"), _("Different places of each akim, added up")),
    ]
    formats, languages = words.choices(Format), words.choices(Languages)
    weekdays = [words.say(lambda n=n: dates.weekdays()[n]) for n in range(7)]  # type: ignore[misc]

    def lines() -> Iterator[Sequence[Any]]:
        names = ("pk", "version", "number", "date", "data", "version__number", "version__order_number")
        read = rows.values_list(*names, "version__calendar__region")
        for pk, version, number, date, data, edition, order, region in read.iterator(chunk_size=CHUNK):
            holder, place = data["holder"], data["place"]
            yield (
                units.name(region), number, date, weekdays[date.weekday()], data["time"],
                holder["code"], words.of(holder["kk"], holder["ru"], holder.get("en", "")),
                place["code"], words.of(place["kk"], place["ru"], place.get("en", "")),
                data["address"], data["planned_minutes"], data["report_minutes"],
                formats.get(data["format"], ""), languages.get(data["languages"], ""),
                edition, order, "", f"row:{pk}@{version}",
            )  # fmt: skip

    if asked.only is not None:
        rows = rows.filter(pk__in=asked.only)
    listed = Sheet("rows", _("Calendar"), CALENDAR_COLUMNS, lines, rows.count(), frozen=3)
    return [*by_unit(asked, units, found, figures), listed]


def where(asked: Asked) -> str:
    return asked.unit.name() if asked.unit else gettext("All regions")


# -- Coverage -------------------------------------------------------------------------------------
PUNCTUALITY: dict[str, Promise] = {
    "met": _("in time"),
    "met_contested": _("in time by a lenient reading"),
    "open": _("not due yet"),
    "contested": _("contested"),
    "breach": _("late"),
}
COLOUR_OF = {"met": "good", "met_contested": "warn", "contested": "warn", "breach": "bad"}
PAIRS = (
    figure("required", pgettext_lazy("meetings", "Required"), _("Meetings that 826-2.1 asks for")),
    figure("planned", pgettext_lazy("meetings", "Planned"), _("Required meetings that are in the calendar")),
    figure("missing", pgettext_lazy("meetings", "Missing"), _("Required meetings that are not planned"), bad=True),
)


def coverage(asked: Asked) -> list[Sheet]:
    """Received, required, planned, held by region; the same by line; the pairs that are missing."""
    words, units = asked.words, Units(asked)
    region = asked.unit
    desk = queries.desk(asked.year, who=asked.who, today=asked.today, only=region)
    known = queries.lines_of(asked.year, who=asked.who, region=region)
    punctual = {code: words.say(text) for code, text in PUNCTUALITY.items()}
    missing, sent = words.say(_("not received")), words.choices(SubmissionState)
    regions = [
        (
            words.name(row.region), row.number, row.order_number, row.order_date, row.letter_number, row.received_on,
            sent.get(row.state, "") or ("" if row.number else missing), row.incoming_number,
            punctual.get(row.punctuality, ""),
            *((row.required, row.planned, row.missing, row.held) if row.number else (None,) * 4),
            row.planned / row.required if row.number and row.required else None,
            row.remarks_open, f"coverage/{asked.year}/{row.region.code}",
        )
        for row in desk
    ]  # fmt: skip
    columns = [
        Column("region", _("Region"), 28),
        Column("version", _("Version"), 8, Kind.NUMBER),
        Column("order", _("Order"), 12),
        Column("order_date", _("Date of the order"), 11, Kind.DATE),
        Column("letter", _("Covering letter"), 12),
        Column("received", pgettext_lazy("column", "Received"), 11, Kind.DATE),
        Column("state", _("State"), 20, colours={missing: "bad"}),
        Column("incoming", _("Incoming number"), 12),
        Column(
            "punctual", pgettext_lazy("column", "In time"), 18, colours={punctual[c]: k for c, k in COLOUR_OF.items()}
        ),
        *PAIRS,
        figure("held", pgettext_lazy("meetings", "Held"), _("Meetings of the version that were held")),
        Column("share", _("Planned, %"), 10, Kind.SHARE),
        figure("remarks", _("Open remarks"), _("Remarks of the Government that the region has not answered")),
        KEY,
    ]
    lines = [
        (
            units.name(item["region"].pk), line, figures["required"], figures["planned"],
            figures["required"] - figures["planned"], f"coverage/{asked.year}/{item['region'].code}/{line}",
        )
        for item in known
        for line, figures in sorted(item["coverage"].get("lines", {}).items())
    ]  # fmt: skip
    line_columns = [Column("region", _("Region"), 28), Column("line", _("Line"), 12), *PAIRS, KEY]
    holes = [(item["region"], hole) for item in known for hole in item["coverage"].get("holes", ())]
    named = queries.units_by_code(code for _region, hole in holes for code in (hole["holder"], hole["target"]))

    def name(code: str) -> str:
        return words.name(named[code]) if code in named else ""

    hole_rows = [
        (
            words.name(region), hole["line"], hole["holder"], name(hole["holder"]), hole["target"],
            name(hole["target"]), words.say(lambda hole=hole: dates.period(hole["period"])), hole["missing"],
            f"coverage/{asked.year}/{hole['holder']}-{hole['target']}/{hole['period']}",
        )
        for region, hole in holes
    ]  # fmt: skip
    hole_columns = [
        Column("region", _("Region"), 28),
        Column("line", _("Line"), 12),
        Column("holder_code", _("Akim of (code)"), 11),
        Column("holder", _("Akim of"), 30),
        Column("target_code", _("Place (code)"), 11),
        Column("target", _("Place"), 30),
        Column("period", _("Period"), 24),
        figure("missing", pgettext_lazy("meetings", "Missing"), _("Required meetings that are not planned")),
        KEY,
    ]
    return [
        Sheet("regions", _("Regions"), columns, lambda: regions, len(regions), figures=True),
        Sheet("lines", _("Lines"), line_columns, lambda: lines, len(lines), figures=True),
        Sheet("missing", pgettext_lazy("meetings", "Missing"), hole_columns, lambda: hole_rows, len(hole_rows)),
    ]


# -- Meetings -------------------------------------------------------------------------------------
#: What became of a row of the calendar.
SHOWN_STATES = (MeetingState.PLANNED, MeetingState.HELD, MeetingState.CANCELLED)


def meetings(asked: Asked) -> list[Sheet]:
    """What became of each meeting: announced, held, cancelled, how many came."""
    units, words, today = Units(asked), asked.words, asked.today
    rows, of = meeting_rows(asked)
    state = Q(**{f"{of}state": MeetingState.PLANNED})
    held = Q(**{f"{of}state": MeetingState.HELD})
    counts = [
        Count("pk"),
        Count("pk", filter=held),
        Count("pk", filter=Q(**{f"{of}state": MeetingState.CANCELLED})),
        Count("pk", filter=state & Q(date__gte=today)),
        Count("pk", filter=state & Q(date__lt=today)),
        Count("pk", filter=Q(**{f"{of}announced_on__isnull": False})),
        Sum(f"{of}attendance", filter=held),
    ]
    figures = [
        figure("meetings", _("Meetings")),
        figure("held", pgettext_lazy("meetings", "Held")),
        figure("cancelled", pgettext_lazy("meetings", "Cancelled")),
        figure("ahead", pgettext_lazy("meetings", "Still ahead")),
        figure("unrecorded", _("Day has passed, nothing recorded"), bad=True),
        figure("announced", pgettext_lazy("meetings", "Announced")),
        figure("attendance", _("People present")),
    ]
    states = words.choices(MeetingState)
    formats, broadcasts = words.choices(Format), words.choices(Broadcast)
    columns = [
        Column("region", _("Region"), 22, show=units.region),
        Column("raion", pgettext_lazy("column", "Raion or city"), 24, show=units.raion),
        Column("holder", _("Akim of"), 26, show=units.name),
        Column("number", NUMBER, 7, Kind.NUMBER),
        Column("place", _("Place"), 26, show=units.name),
        Column("date", _("Date"), 11, Kind.DATE),
        Column("state", _("State"), 14, show=states.get, colours={states["held"]: "good", states["cancelled"]: "warn"}),
        Column("announced_on", _("Announced on"), 12, Kind.DATE),
        Column("notice", _("Days of notice"), 10, Kind.NUMBER),
        Column("held_on", _("Held on"), 11, Kind.DATE),
        Column("attendance", _("People present"), 10, Kind.NUMBER, total=True),
        Column("planned_minutes", _("Planned minutes"), 10, Kind.NUMBER),
        Column("format", _("Format"), 20, show=formats.get),
        Column("broadcast", _("Broadcast"), 20, show=broadcasts.get),
        KEY,
    ]

    def lines() -> Iterator[Sequence[Any]]:
        facts = ("state", "announced_on", "held_on", "attendance", "planned_minutes", "format", "broadcast", "id")
        ordered = rows.order_by("holder__path", "date", "number")
        read = ordered.values_list("holder", "number", "place", "date", *[f"{of}{name}" for name in facts])
        for holder, number, place, date, state, announced, held_on, came, minutes, form, broadcast, pk in read.iterator(
            chunk_size=CHUNK
        ):
            notice = (date - announced).days if announced else None
            yield (
                holder, holder, holder, number, place, date, state, announced, notice, held_on, came, minutes, form,
                broadcast, f"meeting:{pk}",
            )  # fmt: skip

    listed = Sheet("rows", _("Meetings"), columns, lines, rows.count(), frozen=3)
    return [*by_unit(asked, units, folded(counted(rows, "holder", counts), len(counts)), figures), listed]


def meeting_rows(asked: Asked) -> tuple[QuerySet[Any], str]:
    """The rows that the reader may see and the prefix of the meeting's own columns.

    Offices read the calendar as it is kept; the Government and the Administration the rows of versions that were
    sent to them, with what became of each.
    """
    if calendar_rules.reads_rows(asked.who):
        own = Meeting.objects.visible_to(asked.who).filter(calendar__year=asked.year, state__in=SHOWN_STATES)
        state = asked.filters.get("state")
        own = own.filter(state=state) if state else own
        return own.filter(holder__path__startswith=asked.path), ""
    rows = visible_rows(asked).filter(meeting__state__in=SHOWN_STATES)
    state = asked.filters.get("state")
    return (rows.filter(meeting__state=state) if state else rows), "meeting__"


def meetings_listed(asked: Asked) -> QuerySet[Any]:
    return meeting_rows(asked)[0]


def no_rows(asked: Asked) -> QuerySet[Any]:
    """Coverage lists nothing one by one but what is missing."""
    return VersionRow.objects.none()


BASIS_CALENDAR: Text = _("Approved versions of the calendars, Decree No. 826 of 3 March 2022, para 2.")
BASIS_MEETINGS: Text = _("Rows of the calendars and what was recorded of each meeting, Decree No. 826, paras 2 and 3.")

__all__ = ["BASIS_CALENDAR", "BASIS_MEETINGS", "calendar", "coverage", "meetings"]
