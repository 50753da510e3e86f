"""Changes of bodies and of the mailboxes at which they receive notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record

from .. import rules
from ..addresses import clean_address
from ..models import Mailbox, Organisation
from ..scope import Who
from .organisations import body_search
from .people.stale import Stale

BODY_FIELDS = (
    "kind",
    "territory",
    "under",
    "name_kk",
    "name_ru",
    "name_en",
    "short_ru",
    "phone",
    "website",
    "valid_from",
    "valid_to",
    "note",
)
MAILBOX_FIELDS = ("address", "language", "addressee", "active")


def path_of(body: Organisation) -> str:
    return body.territory.path if body.territory else ""


@transaction.atomic
def add_body(*, key: str, values: Mapping[str, Any], by: Who) -> Organisation:
    """Enter a body. `values` holds `BODY_FIELDS`. Raises PermissionDenied and ValidationError."""
    if not rules.can_change_body(by):
        raise PermissionDenied(_("Only an administrator enters and changes bodies."))
    body = Organisation(key=key, **values)
    body.search = body_search(body)
    body.full_clean()
    body.save()
    record(
        by.actor,
        "organisation.added",
        body,
        became={"key": key, **{name: getattr(body, name) for name in values}},
        scope_path=path_of(body),
    )
    return body


@transaction.atomic
def change_body(body: Organisation, *, values: Mapping[str, Any], by: Who, seen_version: int | None) -> Organisation:
    """Change a body; `seen_version` None where the caller read the row in this transaction.

    A changed name no longer follows the name of the unit.
    """
    if not rules.can_change_body(by):
        raise PermissionDenied(_("Only an administrator enters and changes bodies."))
    fresh = Organisation.objects.select_for_update(of=("self",)).select_related("territory").get(pk=body.pk)
    if seen_version is not None and fresh.version != seen_version:
        raise Stale(fresh)
    changed = {name: value for name, value in values.items() if getattr(fresh, name) != value}
    if not changed:
        return fresh
    was = {name: getattr(fresh, name) for name in changed}
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.name_by_hand = fresh.name_by_hand or bool(changed.keys() & {"name_kk", "name_ru", "name_en"})
    fresh.search = body_search(fresh)
    fresh.full_clean()
    fresh.version += 1
    fresh.save(update_fields=[*changed, "name_by_hand", "search", "version"])
    record(by.actor, "organisation.changed", fresh, was=was, became=changed, scope_path=path_of(fresh))
    return fresh


def clean_mailbox(body: Organisation, values: Mapping[str, Any], *, apart: int | None = None) -> dict[str, Any]:
    """One spelling of the address, and no address twice at one body."""
    values = dict(values)
    if "address" in values:
        try:
            values["address"] = clean_address(values["address"])
        except ValidationError as error:
            raise ValidationError({"address": error}) from error
        if body.mailboxes.filter(address=values["address"]).exclude(pk=apart).exists():
            raise ValidationError({"address": _("This body already has a mailbox with this address.")})
    return values


def must_edit(by: Who, body: Organisation) -> None:
    if not rules.can_edit_mailboxes(by, body):
        raise PermissionDenied(_("Your post does not change the mailboxes of this body."))


@transaction.atomic
def add_mailbox(body: Organisation, *, values: Mapping[str, Any], by: Who) -> Mailbox:
    """Give a body a mailbox. `values`: address, language ("both", "kk", "ru"), addressee, active."""
    body = Organisation.objects.select_for_update(of=("self",)).select_related("territory").get(pk=body.pk)
    must_edit(by, body)
    mailbox = Mailbox(organisation=body, **clean_mailbox(body, values))
    mailbox.full_clean()
    mailbox.save()
    record(
        by.actor,
        "mailbox.added",
        mailbox,
        became={"organisation": body, **{name: getattr(mailbox, name) for name in MAILBOX_FIELDS}},
        scope_path=path_of(body),
    )
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, values: Mapping[str, Any], by: Who, seen_version: int | None) -> Mailbox:
    """Change a mailbox or take it out of use (`active` False). A new address forgets the bounce of the old one."""
    fresh = Mailbox.objects.select_for_update(of=("self",)).select_related("organisation__territory").get(pk=mailbox.pk)
    must_edit(by, fresh.organisation)
    if seen_version is not None and fresh.version != seen_version:
        raise Stale(fresh)
    values = clean_mailbox(fresh.organisation, values, apart=fresh.pk)
    changed = {name: value for name, value in values.items() if getattr(fresh, name) != value}
    if not changed:
        return fresh
    if "address" in changed and fresh.bounced_at is not None:
        changed["bounced_at"] = None
    was = {name: getattr(fresh, name) for name in changed}
    for name, value in changed.items():
        setattr(fresh, name, value)
    fresh.full_clean()
    fresh.version += 1
    fresh.save(update_fields=[*changed, "version"])
    record(by.actor, "mailbox.changed", fresh, was=was, became=changed, scope_path=path_of(fresh.organisation))
    return fresh
