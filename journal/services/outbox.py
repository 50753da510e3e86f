"""Writing letters into the outbox, in the transaction of whatever they tell."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from ..addresses import CONTROL, NoticeRefused, fold_address, refuse_control
from ..conf import outbox
from ..mime import CALLERS_HEADERS, message_id
from ..models import Content, Notice, NoticeFile
from ..nudge import nudge
from ..rendering import render

LETTERS_AT_ONCE = 500
Key = tuple[str, str, int, str, str]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to: an address, and an account where there is one."""

    email: str
    name: str = ""
    user: Any = None
    language: str = "kk"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent once: the fact (`about` and `version`), the addressee, the words.

    `about` is the row that the letter speaks of, or a pair of names for a fact without a row
    (("digest", "user:7:2027-01-15")). The texts come from `templates/notices/<template or kind>/`.
    """

    kind: str
    to: Recipient
    about: models.Model | tuple[str, str]
    version: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    scope_path: str = ""
    priority: int = 5
    #: The letter does not leave before this civil day of Kazakhstan.
    earliest_day: date | None = None
    confidential: bool = False

    @property
    def subject(self) -> tuple[str, str]:
        if isinstance(self.about, models.Model):
            return self.about._meta.label_lower, str(self.about.pk)
        return self.about


def queue(kind: str, *, to: Recipient, about: models.Model | tuple[str, str], **rest: Any) -> Notice:
    """Write one letter into the outbox; the fields are those of `Letter`.

    Called inside the transaction of the change: both are kept, or neither. Called again for the same
    fact, version, addressee and kind it answers the letter that is there and writes nothing.
    Raises NoticeRefused for an address or header that cannot be used, and whatever the template raises.
    """
    return queue_many([Letter(kind=kind, to=to, about=about, **rest)])[0]


@transaction.atomic
def queue_many(letters: Iterable[Letter]) -> list[Notice]:
    """Write many letters, in a constant number of statements per 500; answers them in the given order."""
    keyed = [(_key(letter), letter) for letter in letters]
    rows: dict[Key, Notice] = {}
    for start in range(0, len(keyed), LETTERS_AT_ONCE):
        rows |= _queue_some(dict(keyed[start : start + LETTERS_AT_ONCE]))
    if keyed:
        transaction.on_commit(nudge, robust=True)
    return [rows[key] for key, _letter in keyed]


def _queue_some(letters: dict[Key, Letter]) -> dict[Key, Notice]:
    there = _find(letters)
    fresh = {key: letter for key, letter in letters.items() if key not in there}
    if not fresh:
        return there
    # Two transactions may get here with the same fact: the constraint lets one row in, both read it.
    Notice.objects.bulk_create([_row(key, letter) for key, letter in fresh.items()], ignore_conflicts=True)
    there = _find(letters)
    _attach({there[key]: letter.attachments for key, letter in fresh.items() if letter.attachments})
    return there


def _key(letter: Letter) -> Key:
    return (*letter.subject, letter.version, fold_address(letter.to.email), letter.kind)


def _find(letters: Mapping[Key, Letter]) -> dict[Key, Notice]:
    found = Notice.objects.filter(
        subject_type__in={key[0] for key in letters},
        subject_id__in={key[1] for key in letters},
        kind__in={key[4] for key in letters},
        recipient_email__in={key[3] for key in letters},
    )
    by_key = {
        (row.subject_type, row.subject_id, row.subject_version, row.recipient_email, row.kind): row for row in found
    }
    return {key: row for key, row in by_key.items() if key in letters}


def _row(key: Key, letter: Letter) -> Notice:
    subject_type, subject_id, version, email, kind = key
    texts = render(letter.template or letter.kind, letter.context, language=letter.to.language)
    if not texts.subject:
        raise NoticeRefused(_("A letter of the kind “%(kind)s” has no subject line."), params={"kind": kind})
    return Notice(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_version=version,
        recipient_email=email,
        recipient_name=refuse_control(letter.to.name.strip(), _("The name of the addressee"))[:200],
        recipient_user=letter.to.user,
        language=letter.to.language,
        subject=CONTROL.sub(" ", texts.subject)[:500],
        body_text=texts.text.replace("\0", ""),
        body_html=texts.html.replace("\0", ""),
        headers=_headers(letter.headers),
        message_id=message_id(*key, domain=outbox().domain),
        scope_path=letter.scope_path,
        priority=letter.priority,
        earliest_day=letter.earliest_day,
        confidential=letter.confidential,
    )


def _headers(given: Mapping[str, str]) -> dict[str, str]:
    for name, value in given.items():
        if name not in CALLERS_HEADERS and not re.fullmatch(r"X-[A-Za-z0-9-]+", name):
            raise NoticeRefused(_("The header “%(name)s” is not the caller's to set."), params={"name": name})
        refuse_control(value, _("The header"))
    return dict(given)


def _attach(wanted: Mapping[Notice, Sequence[Attachment]]) -> None:
    digests: dict[int, str] = {}
    contents: dict[str, Content] = {}
    files = []
    for notice, attachments in wanted.items():
        for position, attachment in enumerate(attachments):
            # Many letters carry the same bytes: they are hashed and stored once.
            digest = digests.get(id(attachment.data))
            if digest is None:
                digest = hashlib.sha256(attachment.data).hexdigest()
                digests[id(attachment.data)] = digest
                contents[digest] = Content(sha256=digest, size=len(attachment.data), data=attachment.data)
            files.append(
                NoticeFile(
                    notice=notice,
                    position=position,
                    name=_file_name(attachment.name),
                    content_type=attachment.content_type,
                    content_id=digest,
                )
            )
    stored = set(Content.objects.filter(pk__in=contents).values_list("pk", flat=True))
    Content.objects.bulk_create(
        [content for digest, content in contents.items() if digest not in stored], ignore_conflicts=True
    )
    NoticeFile.objects.bulk_create(files, ignore_conflicts=True)


def _file_name(name: str) -> str:
    """The given name without what could leave its folder or its header; the extension survives."""
    safe = CONTROL.sub("_", name).replace("/", "_").replace("\\", "_").strip(" .") or "file"
    stem, dot, extension = safe.rpartition(".")
    return safe if len(safe) <= 120 else f"{(stem or extension)[:100]}{dot}{extension[:15]}"
