"""What duties of this room are about in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from deadlines.ids import Subject
from deadlines.subjects import About, Subjects

from ..models import Demand


def named(subjects: Mapping[Subject, Collection[tuple[int, str]]]) -> Subjects:
    """Demands by their place; one query."""
    found: Subjects = {}
    if pairs := subjects.get(Subject.DEMAND):
        rows = Demand.objects.filter(pk__in={pk for pk, _period in pairs})
        for pk, kk, ru in rows.values_list("pk", "place__name_kk", "place__name_ru"):
            found[Subject.DEMAND, pk, ""] = About(kk, ru)
    return found
