"""What the measures on the nation's data share: the database that `create_demo --scale nation` filled, and people."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from benchmarks import frame


@dataclass(frozen=True)
class Nation:
    """Session keys of the people who ask: reviewers of the Government, and editors of each region by its id."""

    reviewers: list[str]
    editors: dict[int, list[str]]
    region_codes: list[str]
    office_codes: list[str]


def begin() -> None:
    """Django on the database of DATABASE_URL, with the settings of an office; exits where the nation is not in it."""
    frame.server()
    folder = Path(gettempdir(), "akim_benchmark_nation")
    folder.mkdir(exist_ok=True)
    frame.as_in_an_office(str(folder))
    import django

    django.setup()
    from django.core.management import call_command

    from calendars.models import Meeting

    if Meeting.objects.count() < 50_000:
        raise SystemExit("Fill a database first: manage.py create_demo --scale nation; then give it as DATABASE_URL.")
    call_command("collectstatic", interactive=False, verbosity=0)


def people(reviewers: int, editors: int) -> Nation:
    """So many people of the Government and of each region, made where they are missing, and a session for each."""
    from benchmarks.a_year import post, session
    from territories.models import Post, Role, Territory, User

    def sessions(role: Role, unit: Territory | None, count: int) -> list[str]:
        found = []
        for number in range(count):
            email = f"{role}{number}.{unit.code if unit else 'nation'}@staff.example"
            if not User.objects.filter(email=email).exists():
                post(role, unit, number)
            found.append(session(Post.objects.select_related("user").get(user__email=email).user))
        return found

    regions = list(Territory.objects.regions().filter(valid_to=None).order_by("code"))
    offices = Territory.objects.filter(own_akim=True, valid_to=None, parent__isnull=False).order_by("code")
    return Nation(
        reviewers=sessions(Role.GOVERNMENT, None, reviewers),
        editors={region.pk: sessions(Role.REGION_EDITOR, region, editors) for region in regions} if editors else {},
        region_codes=[region.code for region in regions],
        office_codes=list(offices.values_list("code", flat=True)[::50]),
    )


def told() -> str:
    """How much there is, in words."""
    from calendars.models import Meeting
    from deadlines.models import Duty
    from issues.models import Issue

    counts = (Meeting.objects.count(), Issue.objects.count(), Duty.objects.count())
    return "{} meetings, {} issues, {} duties; {} cores, load {:.1f}".format(
        *counts, os.cpu_count(), os.getloadavg()[0]
    )
