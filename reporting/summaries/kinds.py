"""The kinds of summary: what each holds, who takes it out, what may narrow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calendars.models import MeetingState
from deadlines.models import DutyState
from deadlines.readings import readings_of
from issues.models import IssueState, ItemState, Level, RouteState
from journal import dates
from law.readings import as_text, catalogue
from territories.models import Role, Territory
from territories.scope import Who

from . import calendars, nation, promises
from .model import Asked, Sheet, Summary, Text

REGION = (Role.REGION_EDITOR, Role.REGION_APPROVER)
OFFICES = (*REGION, Role.OFFICE_STAFF)
NATION = (Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR)
Choices = Sequence[tuple[str, str | Promise]]


def chosen(states: Any, *codes: str) -> Choices:
    return [(value, label) for value, label in states.choices if not codes or value in codes]


def reading(key: str) -> Choices:
    """The values of a reading as a filter, in the language of the page."""
    return [(as_text(value), Titled(key, as_text(value))) for value in catalogue()[key].values]


class Titled(str):
    """The words of a value of a reading, in the language in which they are shown."""

    def __new__(cls, key: str, value: str) -> Titled:
        self = super().__new__(cls, value)
        self.key = key
        return self

    def __str__(self) -> str:
        known = catalogue()[self.key]
        titles = next(titles for value, titles in known.values.items() if as_text(value) == str.__str__(self))
        return titles[dates.language()]


@dataclass(frozen=True)
class Kind:
    """One kind of summary."""

    code: str
    name: Text
    title: Text
    make: Callable[[Asked], list[Sheet]]
    #: The rows of its long list, to tell how many there will be.
    listed: Callable[[Asked], QuerySet[Any]]
    basis: Text
    roles: tuple[str, ...]
    #: Filters by name: what the person reads, and the values that may be asked for.
    filters: Mapping[str, tuple[Text, Choices]] = field(default_factory=dict)
    #: Only for a whole region or the whole country.
    regional: bool = False
    #: Readings of the act that change what it holds.
    readings: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "calendar",
            _("Calendars"),
            _("Calendar of akims' meetings with the population"),
            calendars.calendar,
            calendars.visible_rows,
            calendars.BASIS_CALENDAR,
            (*OFFICES, Role.MASLIKHAT, *NATION),
        ),
        Kind(
            "coverage",
            _("Coverage"),
            _("Calendars and their coverage"),
            calendars.coverage,
            calendars.no_rows,
            calendars.BASIS_CALENDAR,
            (*REGION, Role.MASLIKHAT, *NATION),
            regional=True,
        ),
        Kind(
            "meetings",
            _("Meetings"),
            _("Meetings of akims with the population"),
            calendars.meetings,
            calendars.meetings_listed,
            calendars.BASIS_MEETINGS,
            (*OFFICES, *NATION),
            {"state": (_("State"), chosen(MeetingState, *calendars.SHOWN_STATES))},
        ),
        Kind(
            "issues",
            pgettext_lazy("summary", "Problem issues"),
            _("Problem issues raised at meetings with the population"),
            promises.issues,
            promises.issue_rows,
            promises.BASIS_ISSUES,
            (*OFFICES, *NATION),
            {"state": (_("State"), chosen(IssueState)), "level": (_("Level of solution"), chosen(Level))},
        ),
        Kind(
            "plan",
            _("Action plans"),
            _("Action plans after meetings with the population"),
            promises.plan,
            promises.item_rows,
            promises.BASIS_PLAN,
            (*OFFICES, Role.GOVERNMENT, Role.ADMINISTRATOR),
            {"state": (_("State"), chosen(ItemState, "waiting", "in_work", "reported", "done", "explained"))},
        ),
        Kind(
            "progress",
            _("Progress"),
            _("Quarterly information on the progress of problem issues"),
            promises.progress,
            promises.told_rows,
            promises.BASIS_PROGRESS,
            (*OFFICES, *NATION),
            {"quarter": (_("Quarter"), [(str(n), text) for n, text in promises.QUARTERS])},
        ),
        Kind(
            "central",
            _("Issues of central level"),
            _("Problem issues routed to central bodies and national companies"),
            nation.central,
            nation.routed,
            nation.BASIS_CENTRAL,
            (*OFFICES, *NATION, Role.CENTRAL_BODY),
            {
                "list": (_("List of"), [("02", _("15 February")), ("08", _("15 August"))]),
                "r52_scope": (_("Contents of the list"), reading("r52_scope")),
                "r53_origin": (_("Issues of which meetings"), reading("r53_origin")),
                "state": (_("State"), chosen(RouteState)),
            },
        ),
        Kind(
            "discipline",
            _("Discipline of terms"),
            _("Duties of the act and how they were kept"),
            nation.discipline,
            nation.duty_rows,
            nation.BASIS_DISCIPLINE,
            (*OFFICES, *NATION),
            {"state": (_("State"), chosen(DutyState))},
        ),
    )
}


def kinds_for(who: Who) -> list[Kind]:
    """The kinds that a post takes out; the program itself takes all."""
    return [kind for kind in KINDS.values() if who.system or who.role in kind.roles]


def checked(asked: Asked) -> Asked:
    """What was asked for, if the post may have it; the unit is filled in where the post has but one.

    Raises PermissionDenied, ValidationError by field.
    """
    kind = KINDS[asked.kind]
    if kind not in kinds_for(asked.who):
        raise PermissionDenied(gettext("Your post does not take out this summary."))
    unit = asked.unit
    if not asked.who.is_national and asked.who.role != Role.CENTRAL_BODY:
        own = asked.who.territory
        unit = unit or own
        if unit is None or own is None or not unit.path.startswith(own.path):
            raise ValidationError({"unit": gettext("There is no such unit, or it is not yours to see.")})
    if kind.regional and unit is not None and not unit.is_region:
        raise ValidationError({"unit": gettext("This summary is for a whole region.")})
    filters = {name: value for name, value in asked.filters.items() if value}
    for name, value in filters.items():
        allowed = [code for code, _label in kind.filters.get(name, ("", ()))[1]]
        if value not in [str.__str__(code) for code in allowed]:
            text = gettext("“%(value)s” is not a value of “%(name)s”. Allowed: %(allowed)s.")
            words = {"value": value[:40], "name": name[:40], "allowed": ", ".join(allowed) or "–"}
            raise ValidationError({"filters": text % words})
    return Asked(kind.code, asked.year, asked.who, asked.today, unit, asked.language, filters)


def summary(asked: Asked) -> Summary:
    """The summary with all its sheets; rows are read when it is written. Raises NothingThere."""
    kind = KINDS[asked.kind]
    return Summary(
        kind=kind.code,
        code=f"{kind.code}/{asked.year}/{asked.code}",
        title=lambda: f"{text_of(kind.title)}, {asked.year}: {place(asked)}",
        about=about(asked, kind),
        sheets=kind.make(asked),
        words=asked.words,
        sources=[(f"readings/{key}", value) for key, value in readings(asked, kind)],
    )


def text_of(text: Text) -> str:
    return text() if callable(text) else str(text)


def place(asked: Asked) -> str:
    return asked.unit.name() if asked.unit else gettext("All regions")


def about(asked: Asked, kind: Kind) -> list[tuple[Text, Text]]:
    """The lines under the title: what the file is about and where its figures come from."""
    lines: list[tuple[Text, Text]] = [
        (_("Period"), lambda: dates.period(str(asked.year))),
        (_("Territory"), lambda: place(asked)),
        (_("State of"), lambda: dates.long_date(asked.today)),
        (_("Source"), kind.basis),
    ]
    if asked.filters:
        lines.append((_("Filters"), lambda: "; ".join(filter_words(asked, kind))))
    if chosen_readings := readings(asked, kind):
        lines.append((_("Readings"), lambda: "; ".join(text_of(text) for _key, text in chosen_readings)))
    return lines


def filter_words(asked: Asked, kind: Kind) -> list[str]:
    found = []
    for name, value in asked.filters.items():
        label, choices = kind.filters[name]
        found.append(f"{text_of(label)} – {next(str(text) for code, text in choices if str.__str__(code) == value)}")
    return found


def readings(asked: Asked, kind: Kind) -> list[tuple[str, Text]]:
    """Readings of the unit's region that are not the register's own."""
    if asked.unit is None or asked.kind == "central":
        return []
    region = asked.unit.region_id or asked.unit.pk
    found: list[tuple[str, Text]] = []
    for name, value in readings_of(region, dt.date(asked.year, 1, 1)).chosen.items():
        known = catalogue()[name.partition(":")[0]]
        if value != known.default:
            found.append((name, lambda known=known, value=value: reading_words(known, value)))  # type: ignore[misc]
    return found


def reading_words(known: Any, value: Any) -> str:
    language = dates.language()
    words = known.values[value][language] if value in known.values else as_text(value)
    return f"{known.code}: {known.title[language]} – {words}"


def units_below(who: Who) -> list[Territory]:
    """Regions, or the units with an akim right below the post's own, for a list to choose from."""
    if who.is_national or who.territory is None:
        return list(Territory.objects.regions().filter(valid_to=None).order_by("code"))
    own = who.territory
    below = Territory.objects.filter(parent=own, own_akim=True, valid_to=None).order_by("sort_kk", "code")
    return [own, *below]
