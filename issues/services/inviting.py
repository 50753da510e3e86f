"""Letters of invitation by mail, and telling those who were invited when the meeting is moved or cancelled (826-4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Meeting, MeetingState
from journal.models import Notice
from journal.services import Attachment, Recipient, queue, record
from territories.scope import Who

from ..announcing import LANGUAGES, akim_words, ask_address, day_words, hall, public_address
from ..documents import announcement
from ..documents.paper import PDF
from ..models import Audience, AudienceCategory
from .changing import lock_meeting, require_office
from .preparation import record_audience

#: Addresses of one sending.
MOST_ADDRESSES = 200
INVITATION, CHANGED = "meeting_invitation", "meeting_changed"


def addresses_of(text: str) -> list[str]:
    """Addresses of a text, one a line or with commas between. Raises ValidationError that names the wrong ones."""
    found = list(
        dict.fromkeys(part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",") if part.strip())
    )
    wrong = []
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            wrong.append(address)
    if wrong:
        told = _("These are no e-mail addresses: %(addresses)s.") % {"addresses": ", ".join(wrong[:10])}
        raise ValidationError({"addresses": told})
    if not found:
        raise ValidationError({"addresses": _("Write at least one e-mail address.")})
    if len(found) > MOST_ADDRESSES:
        raise ValidationError({"addresses": _("At most %(most)s addresses at once.") % {"most": MOST_ADDRESSES}})
    return found


def parts(meeting: Meeting) -> list[dict[str, str]]:
    """The facts of a letter, in Kazakh first and then in Russian."""
    return [
        {
            "language": language,
            "akim": akim_words(meeting, language),
            "day": day_words(meeting, language),
            "place": ", ".join(filter(None, (meeting.place.name(language), hall(meeting, language)))),
            "page": public_address(meeting, language),
            "ask": ask_address(meeting, language),
        }
        for language in LANGUAGES
    ]


@transaction.atomic
def invite_by_mail(
    meeting: Meeting, *, category: str, addresses: Sequence[str], today: dt.date, by: Who
) -> tuple[int, Audience]:
    """Write the invitations into the outbox and count them. An address that was written to already gets no second.

    Answers how many are new, and the row of the category.
    """
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    if meeting.state != MeetingState.PLANNED:
        raise ValidationError(_("Only a planned meeting can be invited to."))
    if category not in AudienceCategory.values:
        raise ValidationError({"category": _("There is no such category.")})
    files = [
        *(
            Attachment(f"{language}.pdf", PDF, announcement.letter_pdf(meeting, category, language))
            for language in LANGUAGES
        ),
        Attachment("meeting.ics", "text/calendar; charset=utf-8; method=PUBLISH", announcement.ics(meeting, "kk")),
    ]
    known = set(invited(meeting).values_list("recipient_email", flat=True))
    new = 0
    for address in addresses:
        letter = queue(
            INVITATION,
            to=Recipient(email=address, language="kk"),
            about=meeting,
            context={"parts": parts(meeting)},
            attachments=files,
            scope_path=meeting.holder.path,
            headers={"X-Audience": category},
        )
        new += letter.recipient_email not in known
    row = Audience.objects.filter(meeting=meeting, category=category).first()
    if new or row is None:
        values = {"invited": ((row.invited or 0) if row else 0) + new, "invited_on": (row and row.invited_on) or today}
        row = record_audience(
            meeting, category=category, values=values, seen_version=row.version if row else None, by=by
        )
        record(by.actor, "audience.invited", row, became={"letters": new}, object_text=str(meeting), basis="826-4.h2")
    return new, row


def invited(meeting: Meeting):
    """Letters of invitation to this meeting."""
    return Notice.objects.filter(kind=INVITATION, subject_type="calendars.meeting", subject_id=str(meeting.pk))


@transaction.atomic
def tell_change(meeting: Meeting, *, by: Who) -> int:
    """Tell everybody who was invited by mail that the meeting is moved or cancelled; once for each change."""
    meeting = lock_meeting(meeting)
    require_office(by, meeting.holder)
    addresses = list(invited(meeting).order_by().values_list("recipient_email", flat=True).distinct())
    if not addresses:
        raise ValidationError(_("Nobody was invited by mail."))
    cancelled = meeting.state == MeetingState.CANCELLED
    context = {"parts": parts(meeting), "cancelled": cancelled, "reason": meeting.cancel_reason}
    files = [Attachment("meeting.ics", "text/calendar; charset=utf-8; method=PUBLISH", announcement.ics(meeting, "kk"))]
    for address in addresses:
        queue(
            CHANGED,
            to=Recipient(email=address, language="kk"),
            about=meeting,
            version=meeting.version,
            context=context,
            attachments=files,
            scope_path=meeting.holder.path,
        )
    became = {"letters": len(addresses), "cancelled": cancelled}
    record(by.actor, "meeting.change_told", meeting, became=became, scope_path=meeting.holder.path)
    return len(addresses)
