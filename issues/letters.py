"""Letters of this room about what became of an issue. The words are in `templates/notices/central_answered/`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from journal.services import Recipient, queue
from territories.models import Post, Role

from .models import CentralRouting, RequestPerson, RouteState
from .queries import family

#: Who of an office is told.
OFFICE_ROLES = (Role.OFFICE_STAFF, Role.REGION_EDITOR, Role.REGION_APPROVER)


def tell_answer(routing: CentralRouting, today: dt.date) -> int:
    """The answer of a body goes to the office that asked and to each asker who left an address; how many letters.

    An asker's letter is confidential: nobody else reads the address or the text in the outbox.
    """
    told = {}
    posts = Post.objects.on(today).filter(territory=routing.unit, role__in=OFFICE_ROLES).select_related("user")
    for post in posts:
        if post.user.email:
            told[post.user.email] = Recipient(
                email=post.user.email, name=post.user.full_name, language=post.user.language
            )
    office = set(told)
    askers = RequestPerson.objects.filter(
        request__origins__issue__in=family(routing.issue), request__origins__undone_at=None
    ).select_related("request")
    for person in askers.distinct():
        if email := person.email:
            told.setdefault(email, Recipient(email=email, name=person.name, language=language_of(person)))
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
