"""A file of the classifier on its way into the tree: kept, looked at, decided on, loaded or put aside."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.dates import long_date
from journal.services import record

from ... import rules
from ...kato.reading import Refused, Row, Table, refusal
from ...models import DraftState, Edition, EditionDraft, Post, Territory
from ...scope import Who
from ..people.stale import Stale
from .decisions import Decision, decisions_as_json, decisions_in
from .loading import Progress, load_edition, no_progress
from .preview import already_loaded, day_of, look, plan_as_json

#: Faults of a file that are kept with its draft.
MOST_FAULTS = 50


def must_change_tree(by: Who) -> None:
    if not rules.can_change_tree(by):
        raise PermissionDenied(_("Only an administrator loads editions of the classifier."))


@transaction.atomic
def open_draft(table: Table, *, by: Who, as_of: dt.date | None = None) -> EditionDraft:
    """Keep a file with the plan of loading it; the same file again gives the same draft.

    Raises `Refused` for a wrong file and for one already loaded.
    """
    must_change_tree(by)
    day = day_of(table, as_of)
    done = already_loaded(table, day)
    if done is not None:
        raise refusal(already_text(done))
    seen = look(table, as_of=day)
    waiting = EditionDraft.objects.filter(state=DraftState.WAITING, sha256=table.sha256, as_of=day).first()
    if waiting is not None:
        return waiting
    draft = EditionDraft.objects.create(
        as_of=day,
        file_name=table.file_name[:200],
        sha256=table.sha256,
        rows={
            "classifier": table.classifier,
            "layout": table.layout,
            "names_parents": table.names_parents,
            "rows": [[row.line, row.code, row.name_ru, row.name_kk, row.parent] for row in table.rows],
        },
        plan=plan_as_json(seen),
        created_by=by.user,
    )
    record(by.actor, "edition.uploaded", draft, became={"file": draft.file_name, "sha256": draft.sha256})
    return draft


def already_text(edition: Edition) -> str:
    name = edition.loaded_by.get_full_name() if edition.loaded_by else _("the program")
    text = _("This file was already loaded on %(day)s by %(person)s; nothing has changed.")
    return text % {"day": long_date(timezone.localdate(edition.loaded_at)), "person": name}


def table_of(draft: EditionDraft) -> Table:
    kept = draft.rows
    return Table(
        rows=[Row(*cells) for cells in kept["rows"]],
        file_name=draft.file_name,
        sha256=draft.sha256,
        as_of=draft.as_of,
        classifier=kept["classifier"],
        layout=kept["layout"],
        names_parents=kept["names_parents"],
    )


def lock(draft: EditionDraft, seen_version: int | None, *states: str) -> EditionDraft:
    """The draft's row, locked, if it is still as the person saw it and in one of the states."""
    fresh = EditionDraft.objects.select_for_update().get(pk=draft.pk)
    if seen_version is not None and fresh.version != seen_version:
        raise Stale(fresh)
    if fresh.state not in states:
        raise ValidationError(
            _("This edition is no longer waiting: its state is “%(state)s”.") % {"state": fresh.get_state_display()}
        )
    return fresh


@transaction.atomic
def decide(draft: EditionDraft, unit: Territory, decision: Decision, *, by: Who, seen_version: int) -> EditionDraft:
    """Keep what a person says of a unit before the edition is loaded."""
    must_change_tree(by)
    draft = lock(draft, seen_version, DraftState.WAITING, DraftState.FAILED)
    decisions = decisions_in(draft)
    codes = {cells[1] for cells in draft.rows["rows"]}
    if decision.choice == "same" and not decision.code:
        raise ValidationError({"other": _("Choose the row of the new edition that is this unit.")})
    if decision.code and decision.code not in codes:
        text = _("The new edition has no row with the code %(code)s.")
        raise ValidationError({"other": text % {"code": decision.code}})
    taken = [pk for pk, other in decisions.items() if pk != unit.pk and other.same_as == decision.same_as != ""]
    if taken:
        raise ValidationError(_("Another unit was already said to be this row. Change that answer first."))
    was = decisions.get(unit.pk)
    decisions[unit.pk] = decision
    draft.decisions = decisions_as_json(decisions)
    draft.version += 1
    draft.save(update_fields=["decisions", "version"])
    record(
        by.actor,
        "edition.decided",
        draft,
        was={"unit": unit, "answer": f"{was.choice} {was.code}".strip() if was else ""},
        became={"unit": unit, "answer": f"{decision.choice} {decision.code}".strip()},
    )
    return draft


@transaction.atomic
def start(draft: EditionDraft, *, by: Who, seen_version: int) -> EditionDraft:
    """Ask for the draft to be loaded; the sweep `load_waiting` does it under the same post."""
    must_change_tree(by)
    draft = lock(draft, seen_version, DraftState.WAITING, DraftState.FAILED)
    draft.state, draft.fault = DraftState.LOADING, ""
    draft.started_under, draft.started_at = by.post, timezone.now()
    draft.version += 1
    draft.save(update_fields=["state", "fault", "started_under", "started_at", "version"])
    record(by.actor, "edition.started", draft)
    return draft


def run(draft_id: int, *, today: dt.date, progress: Progress = no_progress) -> bool:
    """Load a draft that was asked for. False when it is not waiting or somebody else has it in hand.

    What goes wrong is kept as its `fault`; the tree is then as it was.
    """
    try:
        with transaction.atomic():
            draft = waiting().filter(pk=draft_id).select_for_update(of=("self",), skip_locked=True).first()
            if draft is None:
                return False
            # A post that was lost meanwhile loads nothing.
            post = Post.objects.on(today).filter(pk=draft.started_under_id).select_related("user").first()
            by = Who(user=post.user, post=post) if post else Who()
            done = load_edition(
                table_of(draft), by=by, as_of=draft.as_of, decided=decisions_in(draft), draft=draft, progress=progress
            )
            if done.already:
                raise refusal(already_text(done.edition))
        return True
    except Refused as error:
        fault = "\n".join(one.text for one in error.faults[:MOST_FAULTS])
    except (ValidationError, PermissionDenied) as error:
        fault = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    EditionDraft.objects.filter(pk=draft_id, state=DraftState.LOADING).update(
        state=DraftState.FAILED, fault=fault, version=F("version") + 1
    )
    return False


def waiting() -> QuerySet[EditionDraft]:
    """Drafts that somebody asked to load."""
    return EditionDraft.objects.filter(state=DraftState.LOADING)


@transaction.atomic
def put_aside(draft: EditionDraft, *, by: Who, seen_version: int) -> EditionDraft:
    """The file is not loaded; what was decided is forgotten with it."""
    must_change_tree(by)
    draft = lock(draft, seen_version, DraftState.WAITING, DraftState.FAILED)
    draft.state, draft.rows, draft.closed_at = DraftState.DROPPED, [], timezone.now()
    draft.version += 1
    draft.save(update_fields=["state", "rows", "closed_at", "version"])
    record(by.actor, "edition.put_aside", draft)
    return draft
