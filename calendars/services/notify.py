"""Notification of the maslikhat about an approved version, and its acknowledgement (826-2.1.h3, f2; A-14).

A letter carries a link that acknowledges this one version and nothing else. Opening the link
changes nothing, since mail scanners open links too; only the button on the page does. An automatic
reply or a delivery is never an acknowledgement.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from journal.services import Attachment, NoticeRefused, call_back, queue, record
from territories.models import Mailbox, Organisation, Role
from territories.models.organisations import OrganisationKind
from territories.scope import Who

from .. import rules
from ..letters import attachments, maslikhat_letter
from ..models import CalendarVersion, MaslikhatNotice


class LinkState(StrEnum):
    """What a link to acknowledge still does."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class LinkIsDead(Exception):
    """The link no longer acknowledges; `state` says why."""

    state: LinkState


# -- Whom -----------------------------------------------------------------------------------------
def maslikhat_of(version: CalendarVersion, today: dt.date) -> Organisation | None:
    """The maslikhat of the region whose akim approves (A-14); None if the tree knows none."""
    bodies = Organisation.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        kind=OrganisationKind.MASLIKHAT,
        territory_id=version.calendar.region_id,
    )
    return bodies.order_by("key").first()


def mailboxes_of(version: CalendarVersion, today: dt.date) -> list[Mailbox]:
    """Addresses that a notice goes to: those of the region's maslikhat, and of raions if the house wants copies."""
    bodies = Organisation.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), kind=OrganisationKind.MASLIKHAT)
    wanted = Q(organisation__territory_id=version.calendar.region_id)
    if settings.MASLIKHAT_COPIES_TO_RAIONS:
        wanted |= Q(organisation__territory__region_id=version.calendar.region_id)
    found = Mailbox.objects.filter(wanted, organisation__in=bodies, active=True)
    return list(found.select_related("organisation__territory").order_by("organisation__key", "pk"))


# -- Sending --------------------------------------------------------------------------------------
@transaction.atomic
def notify(version: CalendarVersion, *, by: Who, today: dt.date) -> list[MaslikhatNotice]:
    """Write one letter to every active address that has none for this version; older links end.

    Nothing to write to is no error: the approval stands without it, and the journal says so.
    """
    told = set(version.notices.filter(revoked_at=None).values_list("address", flat=True))
    boxes = mailboxes_of(version, today)
    files = Files(version)
    fresh = [box for box in boxes if box.address.strip().lower() not in told]
    rows = [send(version, box, files, by=by) for box in fresh]
    if not boxes:
        text = _("No address of the maslikhat is known; nobody could be notified.")
        path = version.calendar.region.path
        record(by.actor, "maslikhat.unreachable", version, reason=text, basis="826-2.1.h3", scope_path=path)
    return rows


@transaction.atomic
def notify_now(version: CalendarVersion, *, by: Who, today: dt.date) -> list[MaslikhatNotice]:
    """The button: letters to addresses that were added after the approval. Returns those written."""
    if not rules.of_region(by, version.calendar):
        raise PermissionDenied(_("Only staff of this region's akimat notify its maslikhat."))
    if newer(version) is not None:
        raise ValidationError(_("A newer version was approved; notify the maslikhat of that one."))
    return notify(version, by=by, today=today)


@transaction.atomic
def resend(
    version: CalendarVersion, *, address: str, language: str = "both", by: Who, today: dt.date
) -> MaslikhatNotice:
    """Send the notice once more, to an address that is or becomes one of the maslikhat's mailboxes.

    An earlier link to the same address ends. Raises ValidationError at `address`.
    """
    if not rules.of_region(by, version.calendar):
        raise PermissionDenied(_("Only staff of this region's akimat notify its maslikhat."))
    if newer(version) is not None:
        raise ValidationError(_("A newer version was approved; notify the maslikhat of that one."))
    folded = address.strip().lower()
    try:
        validate_email(folded)
    except ValidationError as wrong:
        raise ValidationError({"address": wrong.messages}) from wrong
    body = maslikhat_of(version, today)
    if body is None:
        raise ValidationError(
            _("The maslikhat of this region is not among the organisations; the administrator enters it under Units.")
        )
    if version.notices.filter(acknowledged_at__isnull=False, address=folded).exists():
        raise ValidationError({"address": _("This address has acknowledged the version already.")})
    for row in version.notices.filter(address=folded, revoked_at=None):
        end(row, by=by, reason=_("Sent again"))
    box = Mailbox.objects.filter(organisation=body, address__iexact=folded).first()
    if box is None:
        box = Mailbox.objects.create(organisation=body, address=folded, language=language)
        record(
            by.actor,
            "mailbox.added",
            box,
            became={"address": folded, "language": language},
            scope_path=version.calendar.region.path,
        )
    elif not box.active:
        box.active = True
        box.save(update_fields=["active"])
    return send(version, box, Files(version), by=by)


class Files:
    """The attachments of a version, made once per language however many addresses get them."""

    def __init__(self, version: CalendarVersion) -> None:
        self.version = version
        self.made: dict[str, list[Attachment]] = {}

    def __getitem__(self, language: str) -> list[Attachment]:
        if language not in self.made:
            self.made[language] = attachments(self.version, language)
        return self.made[language]


def send(version: CalendarVersion, box: Mailbox, files: Files, *, by: Who) -> MaslikhatNotice:
    """One row with a fresh link, and its letter in the outbox."""
    address = box.address.strip().lower()
    token = secrets.token_urlsafe(32)
    issues = version.notices.filter(address=address).aggregate(most=Max("issue"))
    row = MaslikhatNotice.objects.create(
        version=version,
        maslikhat=box.organisation,
        mailbox=box,
        address=address,
        issue=(issues["most"] or 0) + 1,
        sent_by=by.user,
        token_digest=digest_of(token),
        expires_at=by.moment + dt.timedelta(days=settings.ACKNOWLEDGE_LINK_DAYS),
    )
    try:
        row.notice = queue(**maslikhat_letter(row, box, token, files[box.language]))
        row.save(update_fields=["notice"])
    except NoticeRefused as refused:
        # A bad address must not undo the approval; the row without a letter shows as not sent.
        reason = "; ".join(refused.messages)
    else:
        reason = ""
    record(
        by.actor,
        "maslikhat.notified" if row.notice_id else "maslikhat.not_notified",
        row,
        object_text=f"{version}: {address}",
        became={"version": version.number, "address": address, "issue": row.issue},
        reason=reason,
        basis="826-2.1.h3" if version.number == 1 else "826-2.1.f2",
        scope_path=version.calendar.region.path,
    )
    return row


@transaction.atomic
def revoke(row: MaslikhatNotice, *, reason: str, by: Who) -> None:
    """End a link that went to a wrong address. What was acknowledged stays acknowledged."""
    rows = MaslikhatNotice.objects.select_for_update(of=("self",)).select_related("version__calendar__region")
    row = rows.get(pk=row.pk)
    if not rules.of_region(by, row.version.calendar):
        raise PermissionDenied(_("Only staff of this region's akimat can end a link."))
    if row.acknowledged_at:
        raise ValidationError(_("The maslikhat has acknowledged already; there is nothing to end."))
    if row.revoked_at is None:
        end(row, by=by, reason=reason)


def end(row: MaslikhatNotice, *, by: Who, reason: str) -> None:
    row.revoked_at = by.moment
    row.save(update_fields=["revoked_at"])
    if row.notice is not None:
        # A letter that has not left would bring a link that does nothing.
        call_back(row.notice, by=by.actor, reason=reason)
    path = row.version.calendar.region.path
    text = f"{row.version}: {row.address}"
    record(by.actor, "maslikhat.link_ended", row, object_text=text, reason=reason, scope_path=path)


# -- The link -------------------------------------------------------------------------------------
def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> MaslikhatNotice | None:
    """The row that a link belongs to; None for an altered or unknown one. Reads only."""
    rows = MaslikhatNotice.objects.select_related("version__calendar__region", "maslikhat", "notice")
    return rows.filter(token_digest=digest_of(token)).first()


def newer(version: CalendarVersion) -> CalendarVersion | None:
    """The newest later version of the same calendar, if there is one."""
    return version.calendar.versions.filter(number__gt=version.number).order_by("-number").first()


def link_state(row: MaslikhatNotice, now: dt.datetime, *, replaced: bool | None = None) -> LinkState:
    """What the link does at a moment; an acknowledgement outlives everything.

    `replaced` says that a newer version exists, where the caller knows; else it is looked up.
    """
    if row.acknowledged_at:
        return LinkState.ACKNOWLEDGED
    if row.revoked_at:
        return LinkState.REVOKED
    if replaced if replaced is not None else newer(row.version) is not None:
        return LinkState.SUPERSEDED
    if row.expires_at <= now:
        return LinkState.EXPIRED
    return LinkState.OPEN


@transaction.atomic
def acknowledge(
    row: MaslikhatNotice, *, name: str, number: str = "", by: Who, now: dt.datetime
) -> tuple[MaslikhatNotice, bool]:
    """Record that the maslikhat has taken notice; True if it was recorded just now, False if before.

    `by` is the public with an address for the link in the letter, or the secretary's post.
    Raises LinkIsDead, ValidationError at `name`.
    """
    row = (
        MaslikhatNotice.objects.select_for_update(of=("self",))
        .select_related("version__calendar__region", "maslikhat")
        .get(pk=row.pk)
    )
    state = link_state(row, now)
    if state == LinkState.ACKNOWLEDGED:
        return row, False
    in_person = by.role == Role.MASLIKHAT
    if in_person and (by.territory is None or by.territory.pk != row.maslikhat.territory_id):
        raise PermissionDenied(_("Only the maslikhat to which the notice went can acknowledge it."))
    # A secretary who is logged in needs no link, so its end does not stop him.
    if state != LinkState.OPEN and not (in_person and state == LinkState.EXPIRED):
        raise LinkIsDead(state)
    if not name.strip():
        raise ValidationError({"name": _("Write your name or your post.")})
    row.acknowledged_at = now
    row.acknowledged_name = name.strip()[:200]
    row.acknowledged_number = number.strip()[:60]
    row.acknowledged_by = by.user
    row.acknowledged_from = by.address[:45]
    names = ["acknowledged_at", "acknowledged_name", "acknowledged_number", "acknowledged_by", "acknowledged_from"]
    row.save(update_fields=names)
    record(
        by.actor,
        "maslikhat.acknowledged",
        row,
        object_text=f"{row.version}: {row.address}",
        became={"name": row.acknowledged_name, "incoming_number": row.acknowledged_number},
        basis="826-2.1.h3" if row.version.number == 1 else "826-2.1.f2",
        scope_path=row.version.calendar.region.path,
    )
    return row, True
