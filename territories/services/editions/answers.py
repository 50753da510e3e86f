"""Answering, after an edition was loaded, which unit a gone one has become."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.services import record

from ...models import DraftState, EditionDraft, Organisation, Territory, TerritoryState
from ...scope import Who
from ..hanging import hangs_on
from ..organisations import ensure_offices
from .columns import fill_paths, forget_paths
from .decisions import Decision, decisions_as_json, decisions_in
from .drafts import lock, must_change_tree
from .loading import FROM_EDITION

#: What a unit takes over from the row that turned out to be it.
TAKEN = (*FROM_EDITION, "name_en", "search", "sort_kk")


@transaction.atomic
def answer(draft: EditionDraft, unit: Territory, decision: Decision, *, by: Who, seen_version: int) -> EditionDraft:
    """Say what became of a unit that the loaded edition did not name plainly.

    The same unit as a new row: the unit takes that row's code, name and parent and lives on with everything
    that hangs on it. Abolished: it stays closed, with a successor if one is given by its code. Raises
    ValidationError when the answer cannot be, Stale, PermissionDenied.
    """
    must_change_tree(by)
    draft = lock(draft, seen_version, DraftState.OPEN, DraftState.CLOSED)
    unit = Territory.objects.select_for_update().get(pk=unit.pk)
    if unit.valid_to is None or unit.pk not in draft.plan.get("gone", ()):
        raise ValidationError(_("%(unit)s is not among the units that this edition left out.") % {"unit": unit})
    other = None
    if decision.code:
        other = Territory.objects.select_for_update().filter(code=decision.code, valid_to=None).first()
        if other is None:
            raise ValidationError(_("There is no living unit with the code %(code)s.") % {"code": decision.code})
    if decision.choice == "same":
        if other is None:
            raise ValidationError(_("Choose the row of the new edition that is this unit."))
        become(unit, other, draft, by=by)
    else:
        was = unit.successor
        unit.successor = other
        unit.version += 1
        unit.save(update_fields=["successor", "version"])
        record(
            by.actor,
            "territory.succeeded",
            unit,
            was={"successor": was},
            became={"successor": other},
            scope_path=unit.path,
        )
    return close_if_answered(draft, unit.pk, decision)


def become(unit: Territory, newcomer: Territory, draft: EditionDraft, *, by: Who) -> None:
    """Give a closed unit the row that an edition made for it, and take that row away again."""
    if newcomer.code not in draft.plan.get("new", ()):
        text = _("%(unit)s is not a new row of this edition. Only new rows can be an earlier unit.")
        raise ValidationError(text % {"unit": newcomer})
    if hangs_on(newcomer):
        text = _(
            "Meetings or posts already hang on %(new)s. "
            "Answer that %(old)s was abolished and name %(new)s as its successor."
        )
        raise ValidationError(text % {"new": newcomer, "old": unit})
    was = {name: getattr(unit, name) for name in (*TAKEN, "valid_to", "successor_id")}
    # 1. What the new row holds goes over to the unit, its own offices go with it.
    forget_paths([newcomer, unit])
    Territory.objects.filter(parent=newcomer).update(parent=unit)
    Territory.objects.filter(successor=newcomer).update(successor=unit)
    TerritoryState.objects.filter(territory=newcomer).update(territory=unit)
    Organisation.objects.filter(territory=newcomer).delete()
    # 2. The code must be free before the unit can have it.
    taken = {name: getattr(newcomer, name) for name in TAKEN}
    newcomer.delete()
    for name, value in taken.items():
        setattr(unit, name, value)
    unit.valid_to, unit.successor = None, None
    unit.version += 1
    unit.save(update_fields=[*(n.removesuffix("_id") for n in TAKEN), "valid_to", "successor", "version"])
    fill_paths()
    ensure_offices(by=by, day=draft.as_of)
    unit.refresh_from_db(fields=["path"])
    record(
        by.actor,
        "territory.became",
        unit,
        was=was,
        became=taken | {"valid_to": None},
        scope_path=unit.path,
    )


def close_if_answered(draft: EditionDraft, unit_id: int, decision: Decision) -> EditionDraft:
    draft.decisions = decisions_as_json(decisions_in(draft) | {unit_id: decision})
    left = [one for one in draft.plan["questions"] if str(one["id"]) not in draft.decisions]
    draft.state = DraftState.OPEN if left else DraftState.CLOSED
    draft.closed_at = None if left else draft.closed_at or timezone.now()
    draft.version += 1
    draft.save(update_fields=["decisions", "state", "closed_at", "version"])
    return draft
