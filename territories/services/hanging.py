"""Which units other rows hang on. Asked of the database's own relations, because rooms to the left add theirs."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from ..models import Organisation, Territory, TerritoryState


def relations_to(model: type[models.Model], *apart: type[models.Model]) -> Iterator[models.Field]:
    """Foreign keys of all rooms that point at a model, but for those of the models `apart`."""
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if points_here and relation.related_model not in apart:
            yield relation.field


def hangs_on(unit: Territory) -> bool:
    """Does anything but its own fresh offices and its place in the tree hang on this one unit?"""
    for field in relations_to(Territory, Territory, TerritoryState, Organisation):
        if field.model._default_manager.filter(**{field.name: unit}).exists():
            return True
    for field in relations_to(Organisation, Organisation):
        if field.model._default_manager.filter(**{f"{field.name}__territory": unit}).exists():
            return True
    return False


def used_units() -> set[int]:
    """Units with a meeting, a post, a duty, a calendar …, a body that has mailboxes or posts, or microraions."""
    found: set[int] = set()
    for field in relations_to(Territory, Territory, TerritoryState, Organisation):
        column = f"{field.name}_id"
        rows = field.model._default_manager.exclude(**{column: None}).order_by()
        found.update(rows.values_list(column, flat=True).distinct())
    bodies: set[int] = set()
    for field in relations_to(Organisation, Organisation):
        column = f"{field.name}_id"
        rows = field.model._default_manager.exclude(**{column: None}).order_by()
        bodies.update(rows.values_list(column, flat=True).distinct())
    found.update(
        Organisation.objects.filter(pk__in=bodies).exclude(territory=None).values_list("territory_id", flat=True)
    )
    by_hand = Territory.objects.filter(manual=True, valid_to=None).exclude(parent=None)
    found.update(by_hand.values_list("parent_id", flat=True))
    return found
