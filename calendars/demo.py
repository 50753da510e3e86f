"""Synthetic calendars on whatever tree is loaded: repeatable by a seed, through the same services as a click."""

from __future__ import annotations

import datetime as dt
import random

from journal.bulk import update
from law.workdays import is_working
from territories.models import Territory
from territories.scope import Who

from . import coverage, planner, services
from .models import Broadcast, Calendar, Format, Meeting, MeetingState

HALLS = (
    "Мәдениет үйі, Абай көшесі, 1 / Дом культуры, ул. Абая, 1",
    "Орта мектеп, мәжіліс залы / Средняя школа, актовый зал",
    "Ауылдық клуб / Сельский клуб",
    "Әкімдік ғимараты, мәжіліс залы / Здание акимата, актовый зал",
    "Кітапхана, Достық көшесі, 12 / Библиотека, ул. Достык, 12",
)
HOURS = (dt.time(10), dt.time(11), dt.time(14), dt.time(15), dt.time(16))
#: Kinds of akim whose meetings are planned for longer.
LONG_KINDS = ("oblast", "city_rep", "capital", "raion", "city_oblast")


def values(rng: random.Random, holder: Territory, place: int, day: dt.date) -> dict:
    """A plausible row; the report takes at most a quarter of the time."""
    planned = rng.choice((90, 120)) if holder.kind in LONG_KINDS else rng.choice((60, 90))
    return {
        "holder_id": holder.pk,
        "place_id": place,
        "address": rng.choice(HALLS),
        "date": day,
        "time": rng.choice(HOURS),
        "planned_minutes": planned,
        "report_minutes": planned // 4 - planned // 4 % 5,
        "format": rng.choices((Format.IN_PERSON, Format.WITH_VIDEO), (9, 1))[0],
        "broadcast": rng.choices((Broadcast.YES, Broadcast.LATER), (7, 3))[0],
        "broadcast_note": "",
        "languages": "both",
        "remarks": "",
        "off_calendar": False,
    }


def fill(region: Territory, year: int, *, share: float, seed: int, by: Who) -> tuple[Calendar, int]:
    """Plan a share (0 to 1) of what the decree still requires of a region; answers how many rows were new."""
    calendar = services.open_calendar(region, year, by=by)
    holes = coverage.cells([region], year, only_holes=True)
    rng = random.Random(f"{seed}-{region.code}-{year}")  # noqa: S311
    chosen = [cell for cell in holes if rng.random() < share]
    units = Territory.objects.in_bulk({pk for c in chosen for pk in (c.holder_id, c.target_id)})
    paths = {pk: unit.path for pk, unit in units.items()}
    proposals = planner.propose(chosen, paths=paths, taken=(), is_working=is_working, not_before=dt.date(year, 1, 1))
    items = [services.Create(values(rng, units[p.cell.holder_id], p.cell.target_id, p.date)) for p in proposals]
    if items:
        services.apply(calendar, items, by=by, label="demo", verb="meeting.planned")
    return calendar, len(items)


def play(calendar: Calendar, *, until: dt.date, seed: int) -> None:
    """Let the year run up to a day: meetings announced in time (a few late or not at all), held, cancelled."""
    rng = random.Random(f"{seed}-play-{calendar.pk}")  # noqa: S311
    rows = list(
        Meeting.objects.filter(calendar=calendar, state=MeetingState.PLANNED)
        .select_related("holder")
        .order_by("date", "pk")
    )
    for meeting in rows:
        window = 14 if meeting.holder.kind in (*LONG_KINDS, "city_raion") else 7
        told = meeting.date - dt.timedelta(days=window + rng.choice((0, 0, 1, 2, 3, 5, -2)))
        if told <= until and rng.random() < 0.97:
            meeting.announced_on = told
            meeting.announced_url = f"https://akimat.example/kk/announcements/{meeting.number}"
        if meeting.date < until:
            if rng.random() < 0.02:
                meeting.state = MeetingState.CANCELLED
                meeting.cancel_reason = "Жол жабылды / Дорога закрыта"
            else:
                meeting.state = MeetingState.HELD
                meeting.held_on = meeting.date
                meeting.attendance = rng.randint(15, 180)
    update(rows, ["state", "announced_on", "announced_url", "held_on", "attendance", "cancel_reason"])


def propose_some(calendar: Calendar, office: Who, count: int, *, seed: int) -> None:
    """Let an office below propose a few of its own missing meetings into the region's calendar."""
    rng = random.Random(f"{seed}-proposals-{calendar.pk}")  # noqa: S311
    holes = [
        cell
        for cell in coverage.cells([calendar.region], calendar.year, under=office.path, only_holes=True)
        if cell.line in ("c", "d", "e")
    ]
    units = Territory.objects.in_bulk({pk for c in holes for pk in (c.holder_id, c.target_id)})
    mine = [cell for cell in holes if office.covers(units[cell.holder_id].path)][:count]
    proposals = planner.propose(
        mine,
        paths={pk: unit.path for pk, unit in units.items()},
        taken=(),
        is_working=is_working,
        not_before=dt.date(calendar.year, 1, 1),
    )
    items = [services.Create(values(rng, units[p.cell.holder_id], p.cell.target_id, p.date)) for p in proposals]
    if items:
        services.apply(calendar, items, by=office, label="demo", verb="meeting.proposed")
