"""Good rows become rows of the room, by the same functions as those of a meeting's pages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from calendars.models import Meeting
from journal.bulk import insert_columns
from territories.models import Territory
from territories.scope import Who

from ...models import Issue, PlanItem, TableImport, TableKind, TakenRow, Topic
from .. import many
from ..requests import Person
from .packing import Good

#: Keys that one question asks for.
KEYS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Taking:
    """On which day, by whom, under which batch of the journal."""

    today: dt.date
    by: Who
    batch: uuid.UUID


def known_among(keys: Sequence[str]) -> set[str]:
    """Keys of rows that were entered before."""
    found: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = TakenRow.objects.filter(key__in=keys[start : start + KEYS_AT_ONCE])
        found.update(some.values_list("key", flat=True))
    return found


def take_rows(job: TableImport, rows: Sequence[Good], taking: Taking) -> int:
    """Enter rows in the caller's transaction; those that were entered meanwhile are left out. Answers how many.

    Raises ValidationError and PermissionDenied where what they speak of is no longer as it was in the preview.
    """
    # Everybody who enters rows of an office locks it first, so that the same rows from two sides are entered once.
    ids = {values["unit"] for _number, _key, values in rows}
    units = {unit.pk: unit for unit in Territory.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    known = known_among([key for _number, key, _values in rows])
    fresh = [row for row in rows if row[1] not in known]
    if not fresh:
        return 0
    made = ENTER[TableKind(job.kind)]([values for _number, _key, values in fresh], units, taking)
    keys = [key for _number, key, _values in fresh]
    insert_columns(TakenRow, {"key": keys, "object_id": made}, {"table_id": job.pk})
    return len(fresh)


def by_id(model: type[Model], values: Iterable[dict[str, Any]], name: str, *related: str) -> dict[int | None, Any]:
    """The rows that values name, and None for none."""
    ids = {each[name] for each in values} - {None}
    found: dict[int | None, Any] = dict(model._default_manager.select_related(*related).in_bulk(ids))
    if len(found) < len(ids):
        raise ValidationError(_("Something that the table speaks of is no longer there. Have the file read again."))
    return found | {None: None}


def ids_of(rows: Iterable[Model]) -> list[int]:
    return [row.pk for row in rows]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def requests(values: Sequence[dict[str, Any]], units: dict[int, Territory], taking: Taking) -> Sequence[int]:
    places, topics = by_id(Territory, values, "place"), by_id(Topic, values, "topic")
    meetings = by_id(Meeting, values, "meeting", "holder", "place")
    consent = _("The person agreed that name and contacts are kept")
    asked = [
        many.Asked(
            meetings[each["meeting"]],
            each["source"],
            day(each["received_on"]),
            each["text"],
            each["language"],
            topics[each["topic"]],
            each["classification"],
            units[each["unit"]],
            places[each["place"]],
            each["appeal_number"],
            each["link"],
            Person(**each["person"], consent=consent) if each["person"] else None,
        )
        for each in values
    ]
    return ids_of(many.add_requests(asked, today=taking.today, by=taking.by, batch=taking.batch))


def issues(values: Sequence[dict[str, Any]], units: dict[int, Territory], taking: Taking) -> Sequence[int]:
    places, topics = by_id(Territory, values, "place"), by_id(Topic, values, "topic")
    meetings = by_id(Meeting, values, "meeting", "holder", "place", "calendar__region")
    raised = [
        many.Raised(
            meetings[each["meeting"]],
            each["text_kk"],
            each["text_ru"],
            day(each["raised_on"]),
            topics[each["topic"]],
            each["level"],
            unit=units[each["unit"]],
            place=places[each["place"]],
        )
        for each in values
    ]
    return many.enter_issues(raised, today=taking.today, by=taking.by, batch=taking.batch)


def plan(values: Sequence[dict[str, Any]], units: dict[int, Territory], taking: Taking) -> Sequence[int]:
    found = by_id(Issue, values, "issue")
    wanted = []
    for each in values:
        told = {name: value for name, value in each.items() if name not in ("unit", "issue")}
        wanted.append((found[each["issue"]], told | {"due_on": day(each["due_on"])}))
    return ids_of(many.add_items(wanted, today=taking.today, by=taking.by, batch=taking.batch))


def progress(values: Sequence[dict[str, Any]], units: dict[int, Territory], taking: Taking) -> Sequence[int]:
    """Steps in the order of their days; those of one item one after another, so that the last tells how it stands."""
    by_id(PlanItem, values, "item")
    order = sorted(range(len(values)), key=lambda place: (values[place]["on"], place))
    rounds: list[list[int]] = []
    depth: dict[int, int] = {}
    for place in order:
        item = values[place]["item"]
        depth[item] = depth.get(item, -1) + 1
        if depth[item] == len(rounds):
            rounds.append([])
        rounds[depth[item]].append(place)
    made: dict[int, int] = {}
    for places in rounds:
        told = [
            many.Told(each["item"], each["kind"], day(each["on"]), each["text"])
            for each in (values[place] for place in places)
        ]
        steps = many.record_steps(told, today=taking.today, by=taking.by, batch=taking.batch)
        made |= dict(zip(places, ids_of(steps), strict=True))
    return [made[place] for place in range(len(values))]


ENTER: dict[TableKind, Callable[[Sequence[dict[str, Any]], dict[int, Territory], Taking], Sequence[int]]] = {
    TableKind.REQUESTS: requests,
    TableKind.ISSUES: issues,
    TableKind.PLAN: plan,
    TableKind.PROGRESS: progress,
}
