"""Problem issues out of requests; joining keeps every origin and can be undone (826-3.4.a3, 3.5.b1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calendars.models import Meeting
from calendars.targets import Served
from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import personal, rules
from ..models import Classification, Issue, IssueJoin, IssueOrigin, Level, Moderation, Reception, Request, Topic
from ..similar import COMPARED, compared, raion_of
from .changing import create, edit, lock, lock_unit, not_future, require, require_office, tidy
from .requests import check_topic


def is_offsite(meeting: Meeting) -> bool:
    """Does the meeting close an offsite norm of 826-2.1 by its akim and place? Decides 826-5.3 (A-24)."""
    ids = {int(pk) for path in (meeting.place.path, meeting.holder.path) for pk in path.strip("/").split("/")}
    units = Territory.objects.in_bulk(ids)
    served = Served(meeting.calendar, units)
    found = served.norm_of(units[meeting.holder_id], served.chain(units[meeting.place_id]))
    return bool(found and found[0].offsite)


@transaction.atomic
def make_issue(
    unit: Territory,
    *,
    place: Territory,
    text_kk: str = "",
    text_ru: str = "",
    raised_on: dt.date,
    topic: Topic | None = None,
    level: str = Level.AKIM,
    meeting: Meeting | None = None,
    reception: Reception | None = None,
    requests: Iterable[Request] = (),
    today: dt.date,
    by: Who,
) -> Issue:
    """Make an issue in words that may be published, with the requests it comes from.

    Raises ValidationError by field: no text, personal data in it, a foreign meeting or place.
    """
    require_office(by, unit)
    not_future(raised_on, today, "raised_on")
    check_texts(text_kk, text_ru)
    check_topic(topic, unit)
    if not place.path.startswith(unit.path):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    if meeting is not None and meeting.holder_id != unit.pk:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    unit = lock_unit(unit)
    mine = Issue.objects.filter(unit=unit, year=raised_on.year)
    values = {
        "place": place,
        "raion_id": raion_of(unit),
        "meeting": meeting,
        "reception": reception,
        "number": (mine.aggregate(most=Max("number"))["most"] or 0) + 1,
        "year": raised_on.year,
        "raised_on": raised_on,
        "text_kk": text_kk,
        "text_ru": text_ru,
        **compared(f"{text_kk} {text_ru}"),
        "topic": topic,
        "level": level,
        "offsite": is_offsite(meeting) if meeting is not None and reception is None else False,
    }
    row = create(Issue, by=by, unit=unit, values=values)
    shown = {name: values[name] for name in ("text_kk", "text_ru", "place", "topic", "level", "meeting", "raised_on")}
    record(by.actor, "issue.made", row, became=shown, basis="826-3.5.b1")
    for request in requests:
        join_request(request, row, by=by)
    return row


def check_texts(text_kk: str, text_ru: str) -> None:
    if not tidy(text_kk) and not tidy(text_ru):
        raise ValidationError({"text_kk": _("Write the issue in Kazakh or in Russian.")})
    personal.refuse({"text_kk": text_kk, "text_ru": text_ru})


@transaction.atomic
def edit_issue(issue: Issue, *, values: Mapping[str, Any], seen_version: int, by: Who) -> Issue:
    """Change words, place, topic, level, `offsite` or the meeting of an open issue. Raises Conflict."""
    row = lock(Issue, issue.pk)
    require(rules.can_edit_issue(by, row), _("Only an open issue of your own unit can be edited."))
    values = dict(values)
    texts = {name: values.get(name, getattr(row, name)) for name in ("text_kk", "text_ru")}
    check_texts(**texts)
    if "topic" in values:
        check_topic(values["topic"], row.unit)
    meeting, place = values.get("meeting"), values.get("place")
    if meeting is not None and meeting.holder_id != row.unit_id:
        raise ValidationError({"meeting": _("This meeting is held by another akim.")})
    if place is not None and not place.path.startswith(row.unit.path):
        raise ValidationError({"place": _("This place lies outside the territory of the akim.")})
    follows = compared(f"{tidy(texts['text_kk'])} {tidy(texts['text_ru'])}")
    was, became = edit(row, values | follows, seen_version=seen_version, by=by)
    for column in COMPARED:
        was.pop(column, None)
        became.pop(column, None)
    if became:
        record(by.actor, "issue.edited", row, was=was, became=became)
    return row


@transaction.atomic
def join_request(request: Request, issue: Issue, *, by: Who) -> IssueOrigin:
    """A request becomes an origin of an issue of the same office.

    One request belongs to one issue at a time; an appeal is counted in e-Otinish and joins none.
    """
    issue = lock(Issue, issue.pk)
    request = lock(Request, request.pk)
    require(rules.answers_for(by, issue.unit) and rules.answers_for(by, request.unit))
    if request.unit_id != issue.unit_id:
        raise ValidationError(_("The request and the issue belong to different offices."))
    if issue.joined_into_id is not None:
        raise ValidationError(_("This issue was joined into another one. Take that one."))
    if request.classification == Classification.APPEAL:
        raise ValidationError(_("An appeal is answered in e-Otinish and is not counted here."))
    if request.moderation != Moderation.ACCEPTED:
        raise ValidationError(_("Accept the request first."))
    living = request.origins.filter(undone_at=None).first()
    if living is not None:
        if living.issue_id == issue.pk:
            return living
        raise ValidationError(_("This request belongs to another issue already. Undo that first."))
    row = IssueOrigin.objects.create(issue=issue, request=request, joined_by=by.user)
    record(by.actor, "issue.request_joined", issue, became={"request": request})
    return row


@transaction.atomic
def undo_join_request(origin: IssueOrigin, *, by: Who) -> IssueOrigin:
    """Take a request out of an issue; the row stays and says by whom and when."""
    row = IssueOrigin.objects.select_for_update(of=("self",)).select_related("issue__unit").get(pk=origin.pk)
    require(rules.answers_for(by, row.issue.unit))
    if row.undone_at is not None:
        return row
    row.undone_at, row.undone_by = by.moment, by.user
    row.save(update_fields=["undone_at", "undone_by"])
    record(by.actor, "issue.request_parted", row.issue, was={"request": row.request_id})
    return row


@transaction.atomic
def join_issues(issue: Issue, into: Issue, *, reason: str = "", by: Who) -> IssueJoin:
    """Join a double into another issue of the same office. Its origins stay its own; a loop is refused."""
    first, second = sorted((issue.pk, into.pk))
    lock(Issue, first)
    lock(Issue, second)
    issue, into = lock(Issue, issue.pk), lock(Issue, into.pk)
    require(rules.can_edit_issue(by, issue) and rules.answers_for(by, into.unit))
    if issue.unit_id != into.unit_id:
        raise ValidationError(_("The two issues belong to different offices."))
    above: Issue | None = into
    while above is not None:
        if above.pk == issue.pk:
            raise ValidationError(_("These issues would be joined in a circle. Choose the other direction."))
        above = above.joined_into
    if into.joined_into_id is not None:
        raise ValidationError(_("This issue was joined into another one. Take that one."))
    if issue.items.exclude(state__in=("draft", "dropped")).exists():
        raise ValidationError(_("This issue stands in an approved plan. Join the other one into it."))
    row = create(IssueJoin, by=by, unit=issue.unit, values={"issue": issue, "into": into, "reason": reason})
    IssueJoin.objects.filter(pk=row.pk).update(joined_by=by.user)
    edit(issue, {"joined_into_id": into.pk}, seen_version=None, by=by)
    record(by.actor, "issue.joined", issue, became={"into": into}, reason=reason)
    return row


@transaction.atomic
def undo_join_issues(join: IssueJoin, *, by: Who) -> IssueJoin:
    """Part two issues again; each has the origins it had."""
    row = lock(IssueJoin, join.pk)
    require(rules.answers_for(by, row.unit))
    if row.undone_at is not None:
        return row
    row.undone_at, row.undone_by = by.moment, by.user
    row.save(update_fields=["undone_at", "undone_by"])
    issue = lock(Issue, row.issue_id)
    edit(issue, {"joined_into_id": None}, seen_version=None, by=by)
    record(by.actor, "issue.parted", issue, was={"into": row.into_id})
    return row
