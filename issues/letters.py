"""Letters of this room about what became of an issue: a body answered, the office closed it, the asker disputes it.

Each is queued in the transaction of what it tells; the words are in `templates/notices/`.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from journal.services import Recipient, queue
from territories.models import Post, Role, Territory

from .models import CentralRouting, Closing, Dispute, Issue, RequestPerson, RouteState
from .queries import family

#: Who of an office is told.
OFFICE_ROLES = (Role.OFFICE_STAFF, Role.REGION_EDITOR, Role.REGION_APPROVER)


def tell_answer(routing: CentralRouting, today: dt.date) -> int:
    """The answer of a body goes to the office that asked and to each asker who left an address; how many letters.

    An asker's letter is confidential: nobody else reads the address or the text in the outbox.
    """
    told = {to.email: to for to in staff_of(routing.unit, today)}
    office = set(told)
    for person in askers_of(routing.issue):
        told.setdefault(person.email, as_recipient(person))
    for email, to in told.items():
        inside = email in office
        queue(
            "central_answered",
            to=to,
            about=routing,
            version=routing.version,
            context=context(routing, to.language, inside=inside),
            scope_path=routing.unit.path,
            confidential=not inside,
        )
    return len(told)


def tell_closing(closing: Closing, today: dt.date) -> int:
    """Each asker who left an address reads how his issue ended, and how to say that it is not solved."""
    askers = askers_of(closing.issue)
    for person in askers:
        to = as_recipient(person)
        queue(
            "issue_closed",
            to=to,
            about=closing,
            context=closing_context(closing, person.request.code if person.request else "", to.language),
            scope_path=closing.unit.path,
            confidential=True,
        )
    return len(askers)


def tell_dispute(dispute: Dispute, today: dt.date) -> int:
    """The office reads that an asker does not agree; his words stay on the page of the issue, not in the letter."""
    people = staff_of(dispute.unit, today)
    for to in people:
        with override(to.language):
            link = settings.SITE_URL + reverse("issues:issue", args=[dispute.issue_id])
        words = {"issue": str(dispute.issue), "text": dispute.issue.text(to.language), "link": link}
        queue("issue_disputed", to=to, about=dispute, context=words, scope_path=dispute.unit.path)
    return len(people)


def staff_of(unit: Territory, today: dt.date) -> list[Recipient]:
    """Staff with an address of the office, or of the nearest office above it where it has none."""
    chain = [int(pk) for pk in unit.path.strip("/").split("/")]
    posts = Post.objects.on(today).filter(territory__in=chain, role__in=OFFICE_ROLES, user__is_active=True)
    by_unit: dict[int, dict[str, Recipient]] = {}
    for post in posts.exclude(user__email="").select_related("user").order_by("pk"):
        to = Recipient(email=post.user.email, name=post.user.full_name, language=post.user.language)
        by_unit.setdefault(post.territory_id or 0, {})[to.email] = to
    nearest = next((by_unit[pk] for pk in reversed(chain) if pk in by_unit), {})
    return list(nearest.values())


def askers_of(issue: Issue) -> list[RequestPerson]:
    """People behind the issue, and behind those joined into it, who left an address; each address once."""
    rows = RequestPerson.objects.filter(
        request__origins__issue__in=family(issue), request__origins__undone_at=None
    ).select_related("request")
    found = {person.email.casefold(): person for person in rows.distinct().order_by("-pk") if person.email_sealed}
    return list(found.values())


def as_recipient(person: RequestPerson) -> Recipient:
    return Recipient(email=person.email, name=person.name, language=language_of(person))


def language_of(person: RequestPerson) -> str:
    """The language in which the asker wrote."""
    return "ru" if person.request and person.request.language == "ru" else "kk"


def context(routing: CentralRouting, language: str, *, inside: bool) -> dict[str, object]:
    """What the templates read; texts in the reader's language, the other one where there is none."""
    russian = language == "ru"
    with override(language):
        link = settings.SITE_URL + reverse("issues:central_one", args=[routing.pk]) if inside else ""
    answer = (routing.answer_ru or routing.answer_kk) if russian else (routing.answer_kk or routing.answer_ru)
    return {
        "issue": str(routing.issue),
        "text": routing.issue.text(language),
        "body": routing.organisation.name(language),
        "answer": answer,
        "returned": routing.state == RouteState.RETURNED,
        "number": routing.answer_number,
        "link": link,
    }


def closing_context(closing: Closing, code: str, language: str) -> dict[str, object]:
    """How an issue ended, in the asker's language, with a page of his own to say "not solved"."""
    issue, russian = closing.issue, language == "ru"
    with override(language):
        kind = closing.get_kind_display()
        page = f"{reverse('public:dispute', args=[issue.code])}?question={code}"
    return {
        "issue": str(issue),
        "text": issue.text(language),
        "kind": kind,
        "words": (closing.text_ru or closing.text_kk) if russian else (closing.text_kk or closing.text_ru),
        "dispute": settings.SITE_URL + page if issue.published_at and code else "",
    }
