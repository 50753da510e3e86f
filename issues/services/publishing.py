"""Publication of results, list and plan, place by place (826-3.5.c1–c6). A change is a new version beside the old."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from deadlines.readings import readings_of
from journal.services import record
from law.places import mandatory
from territories.scope import Who
from territories.zones import civil

from .. import personal
from ..models import Channel, Issue, Publication, PublicationCheck, PublishedVersion, StoredFile, What
from .changing import create, ended_on, lock_meeting, need, require_office, tidy
from .preparation import next_number
from .snapshots import digest, list_of, plan_of, results_of


def mandatory_places(rule_id: str, *, region_id: int, on: dt.date) -> tuple[tuple[str, ...], ...]:
    """Groups of places that a region must use by its reading A-16; `rule_id` is 826-3.5.c6 or 826-3.5.d2."""
    return mandatory(rule_id, readings_of(region_id, on))


@transaction.atomic
def freeze_document(
    meeting: Meeting, *, what: str, text_kk: str = "", text_ru: str = "", reason: str = "", by: Who
) -> PublishedVersion:
    """Freeze one of the three documents as it stands. The same content again is the same version.

    `text_*` are the words of the results; list and plan are made of the rows. From the second version on a
    reason is written. Raises ValidationError where there is nothing to freeze.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if meeting.state != MeetingState.HELD:
        raise ValidationError(_("Record the meeting as held first."))
    plan_version = None
    if what == What.RESULTS:
        need(text_kk, "text_kk", _("Write the results in Kazakh."))
        need(text_ru, "text_ru", _("Write the results in Russian."))
        personal.refuse({"text_kk": text_kk, "text_ru": text_ru})
        data = results_of(meeting, tidy(text_kk), tidy(text_ru))
    elif what == What.LIST:
        data = list_of(meeting)
    else:
        data = plan_of(meeting)
        if not data["number"]:
            raise ValidationError(_("Approve the action plan first."))
        plan_version = meeting.action_plan.versions.first()
    sha = digest(data)
    newest = meeting.published.filter(what=what).select_related("unit").first()
    if newest is not None and newest.sha256 == sha:
        return newest
    if newest is not None:
        reason = need(reason, "reason", _("Write what has changed since it was published, and why."))
    values = {
        "meeting": meeting,
        "what": what,
        "number": next_number(PublishedVersion.objects.filter(meeting=meeting, what=what)),
        "data": data,
        "sha256": sha,
        "reason": reason,
        "plan_version": plan_version,
    }
    row = create(PublishedVersion, by=by, unit=meeting.holder, values=values)
    became = {"what": what, "number": row.number, "sha256": sha}
    record(by.actor, "document.frozen", row, became=became, reason=reason, object_text=f"{what}, {meeting}")
    return row


@transaction.atomic
def publish(
    version: PublishedVersion,
    *,
    channel: Channel,
    published_at: dt.datetime,
    link: str = "",
    copy: StoredFile | None = None,
    own_page: bool = False,
    by: Who,
) -> Publication:
    """A frozen document stands at a place since a time, with the address and the stored copy.

    The duty is met by the day of the last mandatory place. The same place and address twice is one row.
    """
    meeting = lock_meeting(version.meeting)
    require_office(by, meeting.holder)
    if not channel.publication:
        raise ValidationError({"channel": _("This channel is no place of publication.")})
    check_moment(published_at, ended_on(meeting), by=by)
    row, made = place({"version_of": version}, channel, published_at, link, copy, own_page, unit=meeting.holder, by=by)
    if made and version.what == What.LIST:
        codes = [entry["code"] for entry in version.data["rows"]]
        Issue.objects.filter(code__in=codes, published_at=None).update(published_at=published_at)
    if made:
        became = {"what": version.what, "number": version.number, "place": channel.code, "link": link}
        became |= {"published_at": published_at, "entered_afterwards": row.entered_afterwards}
        record(by.actor, "document.published", row, became=became, object_text=str(meeting), basis="826-3.5.c6")
    return row


def check_moment(published_at: dt.datetime, not_before: dt.date, *, by: Who) -> None:
    if published_at > by.moment:
        raise ValidationError({"published_at": _("This time has not come yet.")})
    if civil(published_at) < not_before:
        raise ValidationError({"published_at": _("This time lies before what is published.")})


def place(of, channel, published_at, link, copy, own_page, *, unit, by: Who) -> tuple[Publication, bool]:
    """The row of a document at a place; False if it was there before."""
    link = tidy(link)
    if not link and copy is None:
        raise ValidationError({"link": _("Give the address of the page, or add a copy or a photograph.")})
    found = Publication.objects.filter(**of, channel=channel, link=link).select_related("unit").first()
    if found is not None:
        return found, False
    values = of | {
        "channel": channel,
        "link": link,
        "published_at": published_at,
        "copy": copy,
        "own_page": own_page,
    }
    return create(Publication, by=by, unit=unit, values=values), True


def record_check(
    publication: Publication, *, at: dt.datetime, result: str, sha256: str, shown: dict
) -> PublicationCheck:
    """What the program saw on its own public page; written by the clock, one row a look."""
    return PublicationCheck.objects.create(publication=publication, at=at, result=result, sha256=sha256, shown=shown)
