"""Minutes: drafted from the record in both languages, signed, never written over; templates of a region."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from journal.services import record
from territories.models import Territory
from territories.scope import Who

from .. import personal, rules
from ..documents import minutes as paper
from ..models import FileKind, Minutes, MinutesState, MinutesTemplate, StoredFile
from .changing import create, edit, lock, lock_meeting, lock_unit, need, not_future, require, require_office
from .files import DOCX, PDF, Checked, store_file
from .preparation import next_number


@transaction.atomic
def draft_minutes(meeting: Meeting, *, by: Who) -> Minutes:
    """Minutes out of the record as it stands: the data, and Word and PDF in each language.

    A later draft is the next number; a signed one stays as it is.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if meeting.state != MeetingState.HELD:
        raise ValidationError(_("Minutes are made of a meeting that was held. Record that first."))
    data = paper.minutes_data(meeting)
    number = next_number(Minutes.objects.filter(meeting=meeting))
    values = {"meeting": meeting, "number": number, "data": data}
    row = create(Minutes, by=by, unit=meeting.holder, values=values)
    files = {}
    for language in paper.LANGUAGES:
        template = template_for(meeting.calendar.region, language)
        name = f"{meeting.date:%Y-%m-%d}_{language}"
        word = paper.docx(data[language], template)
        files[f"docx_{language}"] = kept(word, DOCX, f"{name}.docx", meeting.holder, by)
        files[f"pdf_{language}"] = kept(paper.pdf(data[language]), PDF, f"{name}.pdf", meeting.holder, by)
    edit(row, files, seen_version=None, by=by)
    record(by.actor, "minutes.drafted", row, became={"number": number}, object_text=str(meeting))
    return row


def kept(data: bytes, content_type: str, name: str, unit: Territory, by: Who) -> StoredFile:
    return store_file(Checked(data, content_type, name), unit=unit, kind=FileKind.MINUTES, by=by)


def template_for(region: Territory, language: str) -> bytes:
    """The region's newest template in use, else ours."""
    row = MinutesTemplate.objects.filter(region=region, language=language, active=True).select_related("file")
    found = row.order_by("-pk").first()
    if found is None:
        return paper.our_template(language)
    with found.file.file.open("rb") as opened:
        return opened.read()


@transaction.atomic
def sign_minutes(
    minutes: Minutes, *, document_number: str, signed_on: dt.date, seen_version: int, today: dt.date, by: Who
) -> Minutes:
    """The minutes were signed under a number; from then on they do not change."""
    row = lock(Minutes, minutes.pk, "meeting")
    require_office(by, row.unit)
    not_future(signed_on, today, "signed_on")
    if row.state == MinutesState.SIGNED:
        raise ValidationError(_("These minutes are signed already."))
    if signed_on < (row.meeting.held_on or row.meeting.date):
        raise ValidationError({"signed_on": _("Minutes cannot be signed before the meeting.")})
    values = {
        "document_number": need(document_number, "document_number", _("Write the number of the minutes.")),
        "signed_on": signed_on,
        "state": MinutesState.SIGNED,
    }
    was, became = edit(row, values, seen_version=seen_version, by=by)
    record(by.actor, "minutes.signed", row, was=was, became=became, object_text=str(row.meeting))
    return row


@transaction.atomic
def publish_minutes(minutes: Minutes, *, read: bool, seen_version: int, by: Who) -> Minutes:
    """Everybody may fetch the signed minutes from the page of the meeting, as Word and PDF in both languages.

    Speakers stand in them by their category alone; numbers and addresses of people are found and refused, and
    `read` says that the office has looked for names, which no program can tell.
    """
    row = lock(Minutes, minutes.pk, "meeting")
    require_office(by, row.unit)
    if row.state != MinutesState.SIGNED:
        raise ValidationError(_("Only signed minutes are published."))
    if not read:
        raise ValidationError({"read": _("Read the minutes first: no citizen may be named in them.")})
    for language in paper.LANGUAGES:
        refuse_personal(row.data.get(language, {}))
    was, became = edit(row, {"published_at": row.published_at or by.moment}, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "minutes.published", row, was=was, became=became, object_text=str(row.meeting))
    return row


def refuse_personal(data: Mapping[str, Any]) -> None:
    """Raise ValidationError that names the question or instruction which holds a number or address of a person."""
    told = [(_("Question %(number)s") % line, f"{line['question']} {line['answer']}") for line in data.get("lines", ())]
    told += [(_("Instruction %(number)s") % row, row["text"]) for row in data.get("instructions", ())]
    wrong = [f"{where}: {', '.join(map(str, kinds))}" for where, text in told if (kinds := personal.words_of(text))]
    if wrong:
        text = _("Personal data stand in the minutes (%(where)s). Take them out on the hall page and make new minutes.")
        raise ValidationError(text % {"where": "; ".join(wrong)})


@transaction.atomic
def withdraw_minutes(minutes: Minutes, *, reason: str, seen_version: int, by: Who) -> Minutes:
    """Nobody outside may fetch the minutes any more, with the reason; the journal keeps that they stood there."""
    row = lock(Minutes, minutes.pk, "meeting")
    require_office(by, row.unit)
    reason = need(reason, "reason", _("Write why the minutes are withdrawn."))
    was, became = edit(row, {"published_at": None}, seen_version=seen_version, by=by)
    if became:
        record(by.actor, "minutes.withdrawn", row, was=was, became=became, reason=reason, object_text=str(row.meeting))
    return row


@transaction.atomic
def replace_template(region: Territory, *, language: str, checked: Checked, by: Who) -> MinutesTemplate:
    """A region's own template, after it was filled with sample data and opened. Raises ValidationError."""
    require(rules.can_edit_topics(by, region), _("Only the staff of the region changes its templates."))
    if language not in paper.LANGUAGES:
        raise ValidationError({"language": _("There is no such language.")})
    if checked.content_type != DOCX:
        raise ValidationError({"file": _("A template is a Word file (DOCX).")})
    try:
        paper.check_template(checked.data, language)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    region = lock_unit(region)
    file = store_file(checked, unit=region, kind=FileKind.TEMPLATE, by=by)
    MinutesTemplate.objects.filter(region=region, language=language, active=True).update(active=False)
    values = {"region": region, "language": language, "file": file}
    row = create(MinutesTemplate, by=by, unit=None, values=values)
    record(by.actor, "template.replaced", row, became={"language": language}, scope_path=region.path)
    return row


@transaction.atomic
def drop_template(region: Territory, *, language: str, by: Who) -> int:
    """Back to our own template."""
    require(rules.can_edit_topics(by, region), _("Only the staff of the region changes its templates."))
    rows = MinutesTemplate.objects.select_for_update().filter(region=region, language=language, active=True)
    dropped = 0
    for row in rows:
        edit(row, {"active": False}, seen_version=None, by=by)
        record(by.actor, "template.dropped", row, was={"language": language}, scope_path=region.path)
        dropped += 1
    return dropped
