"""Letters of this room: who is told what. The words are in `templates/notices/calendar_*/`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from journal import dates
from journal.services import Attachment, Recipient, head
from territories.models import Mailbox, Organisation, Post, Role, User
from territories.models.organisations import OrganisationKind

from .difference import Difference, lines, unit_name
from .exporting import workbook_of_version
from .ics import version_ics
from .models import CalendarVersion, MaslikhatNotice, Submission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: More lines than that are told by number; the whole table is in the workbook and on the page.
LINES_IN_LETTER = 60


def languages_of(choice: str) -> list[str]:
    """Languages of a letter by the choice of the mailbox: both means Kazakh first, then Russian."""
    return ["kk", "ru"] if choice == "both" else [choice]


def absolute(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


# -- To the maslikhat -----------------------------------------------------------------------------
def maslikhat_letter(row: MaslikhatNotice, box: Mailbox, token: str, files: list[Attachment]) -> dict[str, Any]:
    """Arguments of `journal.services.queue` for the notice of one version to one address."""
    version = row.version
    return {
        "kind": "calendar_approved" if version.number == 1 else "calendar_corrected",
        "to": Recipient(email=row.address, name=box.addressee, language=languages_of(box.language)[0]),
        "about": row,
        "version": version.number,
        "context": maslikhat_context(version, box.language, absolute("ack:notice", token), row.expires_at.date()),
        "attachments": files,
        "headers": {"Reply-To": version.approved_by.email},
        "scope_path": version.calendar.region.path,
        "priority": 2,
        # The link acknowledges in the maslikhat's name: nobody else reads it.
        "confidential": True,
    }


def maslikhat_context(version: CalendarVersion, language: str, link: str, until: date) -> dict[str, Any]:
    """What the templates of both letters read; every word is made in the language of its part."""
    parts = []
    for code in languages_of(language):
        with override(code):
            parts.append(part(version, code) | {"until": dates.official_date(until, code)})
    return {"parts": parts, "link": link, "contact": contact(version), "sha256": version.rows_sha256}


def part(version: CalendarVersion, code: str) -> dict[str, Any]:
    found = Difference.restored(version.difference)
    told = lines(found)
    counts = found.counts
    return {
        "language": code,
        "region": version.calendar.region.name(code),
        "year": version.calendar.year,
        "number": version.number,
        "order_number": version.order_number,
        "order_date": dates.official_date(version.order_date, code),
        "reason": version.reason,
        "rows": dates.number(version.row_count, code),
        "required": dates.number(version.coverage.get("required", 0), code),
        "planned": dates.number(version.coverage.get("planned", 0), code),
        "missing": version.coverage.get("missing", 0),
        "lines": told[:LINES_IN_LETTER],
        "more": max(0, len(told) - LINES_IN_LETTER),
        "added": counts["added"],
        "moved": counts["moved"],
        "changed": counts["changed"],
        "cancelled": counts["cancelled"],
    }


def contact(version: CalendarVersion) -> dict[str, str]:
    """Whom to call: the person who approved, and the telephone of the akimat."""
    office = Organisation.objects.filter(
        kind__in=(OrganisationKind.REGIONAL_AKIMAT, OrganisationKind.AKIM_OFFICE),
        territory=version.calendar.region,
    ).exclude(phone="")
    person = version.approved_by
    post = version.approved_under
    return {
        "name": person.full_name,
        "title": post.title if post else "",
        "phone": person.phone or next((o.phone for o in office), ""),
        "email": person.email,
    }


def attachments(version: CalendarVersion, language: str) -> list[Attachment]:
    """The calendar as a workbook and as iCalendar, named so that they can be found again."""
    code = languages_of(language)[0]
    name = file_name(version)
    return [
        Attachment(f"{name}.xlsx", XLSX, workbook_of_version(version, code)),
        Attachment(f"{name}.ics", "text/calendar", version_ics(version, code)),
    ]


def file_name(version: CalendarVersion) -> str:
    """calendar-610000000-2027-v1"""
    calendar = version.calendar
    return f"calendar-{calendar.region.code}-{calendar.year}-v{version.number}"


# -- Between the region and the Government --------------------------------------------------------
def people(roles: Iterable[str], today: date, territory: Any = None) -> list[Recipient]:
    """Active accounts with a post of one of the roles today, each once."""
    posts = Post.objects.on(today).filter(role__in=list(roles), user__is_active=True)
    if territory is not None:
        posts = posts.filter(territory=territory)
    users = User.objects.filter(pk__in=posts.values("user")).order_by("pk")
    return [Recipient(email=u.email, name=u.full_name, user=u, language=u.language) for u in users]


def government(submission: Submission, today: date) -> list[dict[str, Any]]:
    """To the reviewers, and to the mailboxes of the Government Office: a calendar has come."""
    boxes = Mailbox.objects.filter(organisation__kind=OrganisationKind.GOVERNMENT, active=True).order_by("pk")
    offices = [
        Recipient(email=box.address, name=box.addressee, language=languages_of(box.language)[0]) for box in boxes
    ]
    return letters_to([*people([Role.GOVERNMENT], today), *offices], submission)


def region(submission: Submission, today: date) -> list[dict[str, Any]]:
    """To the staff of the region: the Government has decided."""
    roles = (Role.REGION_EDITOR, Role.REGION_APPROVER)
    return letters_to(people(roles, today, submission.version.calendar.region), submission)


def letters_to(to: Iterable[Recipient], submission: Submission) -> list[dict[str, Any]]:
    """Arguments of `journal.services.queue` but the kind; each reads in his own language."""
    contexts: dict[str, dict[str, Any]] = {}
    found = []
    for recipient in to:
        code = recipient.language
        if code not in contexts:
            contexts[code] = submission_context(submission, code)
        found.append(
            {
                "to": recipient,
                "about": submission,
                "version": submission.lock,
                "context": contexts[code],
                "scope_path": submission.version.calendar.region.path,
                "priority": 4,
            }
        )
    return found


def submission_context(submission: Submission, code: str) -> dict[str, Any]:
    with override(code):
        remarks = [
            {"where": where(remark.row), "text": remark.text} for remark in submission.remarks.select_related("row")
        ]
        letter_date = dates.official_date(submission.letter_date, code)
        return part(submission.version, code) | {
            "letter_number": submission.letter_number,
            "letter_date": letter_date,
            "incoming_number": submission.incoming_number,
            "decision": submission.decision_text,
            "remarks": remarks,
            "link": absolute("calendars:submission", submission.pk),
            "seal": head(),
        }


def where(row: Any) -> str:
    """Which row a remark speaks of; nothing for a general one."""
    if row is None:
        return ""
    text = _("Row %(number)s, %(date)s, %(place)s")
    return text % {"number": row.number, "date": dates.short_date(row.date), "place": unit_name(row.data["place"])}
