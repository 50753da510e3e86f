"""The list of topics of a region: its own words and additions in place of the shared list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import rules
from ..models import Topic
from .changing import check_fields, create, edit, lock_unit, need, require

#: What a person may set of a topic.
FIELDS = ("parent_code", "name_kk", "name_ru", "name_en", "proof", "active", "order")


def check(region: Territory, values: Mapping[str, Any], *, code: str) -> None:
    need(values.get("name_kk", ""), "name_kk", _("Write the name in Kazakh."))
    need(values.get("name_ru", ""), "name_ru", _("Write the name in Russian."))
    parent = values.get("parent_code", "")
    heads = set(Topic.objects.for_region(region.pk).filter(parent_code="").values_list("code", flat=True))
    if parent and (parent not in heads or parent == code):
        raise ValidationError({"parent_code": _("Choose a topic of the first level.")})
    if parent and Topic.objects.for_region(region.pk).filter(parent_code=code).exists():
        raise ValidationError({"parent_code": _("This topic has topics below it: the list has two levels.")})


@transaction.atomic
def add_topic(region: Territory, *, values: Mapping[str, Any], by: Who) -> Topic:
    """A topic that only this region has."""
    require(rules.can_edit_topics(by, region), _("Only the staff of the region changes its list of topics."))
    region = lock_unit(region)
    taken = set(Topic.objects.filter(code__startswith="own-", region=region).values_list("code", flat=True))
    stem = slugify(values.get("name_en", ""))[:24] or "topic"
    code = next(c for c in (f"own-{stem}-{n}" for n in range(1, 10_000)) if c not in taken)
    check(region, values, code=code)
    row = create(Topic, by=by, unit=None, values=dict(values) | {"region": region, "code": code})
    record(by.actor, "topic.added", row, became={"code": code} | dict(values), scope_path=region.path)
    return row


@transaction.atomic
def edit_topic(region: Territory, topic: Topic, *, values: Mapping[str, Any], seen_version: int, by: Who) -> Topic:
    """Change a topic for a region. A shared one gets a row of the region in its place; issues keep what they name."""
    require(rules.can_edit_topics(by, region), _("Only the staff of the region changes its list of topics."))
    region = lock_unit(region)
    row = Topic.objects.select_for_update().filter(region=region, code=topic.code).first()
    now = {name: getattr(row or topic, name) for name in FIELDS} | dict(values)
    check(region, now, code=topic.code)
    if row is None:
        if topic.region_id is not None or topic.version != seen_version:
            raise ValidationError(_("This topic belongs to another region."))
        row = Topic(region=region, code=topic.code, created_by=by.user, updated_by=by.user, **now)
        check_fields(row, [*FIELDS])
        row.save(force_insert=True)
        was = {name: getattr(topic, name) for name in values if getattr(topic, name) != now[name]}
        became = {name: now[name] for name in was}
    else:
        was, became = edit(row, values, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "topic.changed", row, was=was, became=became, scope_path=region.path)
    return row
