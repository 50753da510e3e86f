"""Bodies and their mailboxes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import transaction

from journal.dates import fold
from journal.services import record

from ..kato.words import maslikhat_names, office_names
from ..models import Kind, Organisation, Territory
from ..models.organisations import OrganisationKind
from ..scope import Who

#: Units that elect a maslikhat (Law on local government, art. 8): region, raion, city of oblast significance.
WITH_MASLIKHAT = (Kind.OBLAST, Kind.CITY_REP, Kind.CAPITAL, Kind.RAION, Kind.CITY_OBLAST)
NAMES = ("name_kk", "name_ru", "name_en")
#: Bodies of the whole country that the act itself names.
NATIONAL = (
    (
        "government-office",
        OrganisationKind.GOVERNMENT,
        "Қазақстан Республикасы Үкіметінің Аппараты",
        "Аппарат Правительства Республики Казахстан",
        "Government Office of the Republic of Kazakhstan",
    ),
    (
        "administration",
        OrganisationKind.ADMINISTRATION,
        "Қазақстан Республикасы Президентінің Әкімшілігі",
        "Администрация Президента Республики Казахстан",
        "Administration of the President of the Republic of Kazakhstan",
    ),
)
Namer = Callable[[str, str, str, str], tuple[str, str, str]]


@transaction.atomic
def ensure_offices(*, by: Who, day: dt.date | None = None) -> int:
    """An akim's office for each unit with an akim, a maslikhat where one is elected, and the two national bodies.

    Names follow the units unless somebody mended them by hand; bodies of abolished units are closed with
    them and open again when the unit does. `day` is when units without an akim lost him. Returns how many
    were made; doing it twice makes none.
    """
    living = Territory.objects.filter(valid_to=None).order_by("code")
    made = 0
    for kind, prefix, units, namer in (
        (OrganisationKind.AKIM_OFFICE, "akim", living.filter(own_akim=True), office_names),
        (OrganisationKind.MASLIKHAT, "maslikhat", living.filter(kind__in=WITH_MASLIKHAT), maslikhat_names),
    ):
        made += keep_bodies(kind, prefix, list(units), namer, day)
    made += len(Organisation.objects.bulk_create(missing_national()))
    if made:
        record(by.actor, "organisation.offices_made", became={"made": made})
    return made


def missing_national() -> list[Organisation]:
    present = set(Organisation.objects.values_list("kind", flat=True).filter(kind__in=[row[1] for row in NATIONAL]))
    rows = [
        Organisation(key=key, kind=kind, name_kk=kk, name_ru=ru, name_en=en)
        for key, kind, kk, ru, en in NATIONAL
        if kind not in present
    ]
    for body in rows:
        body.search = body_search(body)
    return rows


def keep_bodies(kind: str, prefix: str, units: Iterable[Territory], namer: Namer, day: dt.date | None) -> int:
    """Bodies of one kind, one for each unit: made, renamed, closed and opened again in bulk."""
    living = {unit.pk: unit for unit in units}
    with_units = Organisation.objects.filter(kind=kind).exclude(territory=None).select_related("territory")
    bodies = {body.territory_id: body for body in with_units}
    keys = set(Organisation.objects.filter(key__startswith=f"{prefix}-").values_list("key", flat=True))
    fresh, changed = [], []
    for pk, unit in living.items():
        names = namer(unit.kind, unit.name_kk, unit.name_ru, unit.name_en)
        body = bodies.get(pk)
        if body is None:
            key = f"{prefix}-{unit.code}"
            # The code may have belonged to another unit in an earlier edition.
            key = key if key not in keys else f"{key}-{pk}"
            body = Organisation(key=key, kind=kind, territory=unit, **dict(zip(NAMES, names, strict=True)))
            body.search = body_search(body)
            fresh.append(body)
            continue
        renamed = not body.name_by_hand and (body.name_kk, body.name_ru, body.name_en) != names
        if renamed:
            body.name_kk, body.name_ru, body.name_en = names
            body.search = body_search(body)
        if renamed or body.valid_to is not None:
            body.valid_to = None
            body.version += 1
            changed.append(body)
    for unit_id, body in bodies.items():
        if unit_id not in living and body.valid_to is None:
            last = body.territory.valid_to or (day - dt.timedelta(days=1) if day else None)
            if last is None:
                continue
            body.valid_to = last
            body.version += 1
            changed.append(body)
    Organisation.objects.bulk_create(fresh, 1000)
    write_bodies(changed)
    return len(fresh)


def body_search(body: Organisation) -> str:
    """What the search of bodies looks into."""
    names = (body.name_ru, body.name_kk, body.name_en, body.short_ru, body.key)
    return " ".join(dict.fromkeys(word for name in names for word in fold(name).split()))[:1000]


def write_bodies(changed: list[Organisation]) -> None:
    """Many rows in few statements: far cheaper than a CASE for each column."""
    if changed:
        Organisation.objects.bulk_create(
            changed,
            1000,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*NAMES, "search", "valid_to", "version"],
        )
