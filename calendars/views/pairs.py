"""The norms that one meeting closes: the one of its place, and further ones of akims who come along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from territories.models import Territory

from ..models import Meeting
from ..targets import Served
from .chosen import Chosen
from .units import holders_for, places_for


def pairs_of(meeting: Meeting) -> list[dict[str, Any]]:
    """The meeting's pairs in words; `own` marks the one that follows from holder and place."""
    return [
        {
            "key": f"{pair.holder_id}>{pair.target_id}",
            "holder": pair.holder,
            "target": pair.target,
            "own": pair.holder_id == meeting.holder_id,
        }
        for pair in meeting.targets.select_related("holder", "target").order_by("pk")
    ]


def own_pair(about: Chosen, values: Mapping[str, Any]) -> tuple[int, int]:
    """The pair that holder and place make by themselves."""
    units = Territory.objects.in_bulk([values["holder_id"], values["place_id"]])
    above = {int(pk) for unit in units.values() for pk in unit.path.strip("/").split("/")} - units.keys()
    units |= Territory.objects.in_bulk(above)
    served = Served(about.draft, units)
    probe = Meeting(holder_id=values["holder_id"], place_id=values["place_id"])
    return probe.holder_id, served.target(probe)


def further_pairs(
    about: Chosen, meeting: Meeting | None, values: Mapping[str, Any], given: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The own pair and the further ones that were asked for.

    Raises ValidationError if this person may not enter one of the akims. Pairs that the meeting has already stay even
    where the person could not have added them.
    """
    held = {(p.holder_id, p.target_id) for p in meeting.targets.all()} if meeting else set()
    new = [pair for pair in given if pair not in held]
    akims = set(holders_for(about).filter(pk__in=[holder for holder, _target in new]).values_list("pk", flat=True))
    units = set(places_for(about).filter(pk__in=[target for _holder, target in new]).values_list("pk", flat=True))
    foreign = sum(1 for holder, target in new if holder not in akims or target not in units)
    if foreign:
        raise ValidationError(
            ngettext(
                "%(count)s of the further akims cannot be entered by your office. Take the tick away.",
                "%(count)s of the further akims cannot be entered by your office. Take the ticks away.",
                foreign,
            )
            % {"count": foreign}
        )
    return sorted({own_pair(about, values), *given})


def candidates(about: Chosen, holder: Territory, place: Territory) -> list[dict[str, Any]]:
    """Akims of the units around the place who could come along, each with the norm that he would close.

    A joint meeting closes a further akim's norm only if the calendar names him beforehand (A-09).
    """
    ids = [int(pk) for pk in place.path.strip("/").split("/")]
    units = Territory.objects.in_bulk({*ids, holder.pk})
    served = Served(about.draft, units)
    chain = served.chain(place)
    scope = about.region.path if about.of_region else about.who.path
    found = []
    for akim in reversed(chain):
        if not akim.own_akim or akim.pk == holder.pk or not akim.path.startswith(scope):
            continue
        norm = served.norm_of(akim, chain)
        if norm:
            target = norm[1]
            found.append({"key": f"{akim.pk}>{target.pk}", "holder": akim, "target": target, "line": norm[0].line})
    return found
