"""Duties in words: what the line asks, what it is about, and how its day was counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from law.deadlines import Step
from law.explain import explain
from law.register import Wording, wording
from territories.scope import Who

from .models import Duty, DutyState, EvidenceKind
from .subjects import About, about


class Proof(NamedTuple):
    """What a duty was met by, as far as one line tells."""

    kind: str
    number: str
    date: str
    address: str
    note: str

    @property
    def label(self) -> str:
        return str(EvidenceKind(self.kind).label) if self.kind in EvidenceKind.values else ""


def proof_of(duty: Duty) -> Proof | None:
    """The line of evidence taken apart (`services.facts.proof` wrote it), or None."""
    kind, *rest = duty.evidence.split("|", 4) if duty.evidence else [""]
    return Proof(kind, *(rest + [""] * 4)[:4]) if kind else None


def wording_of(duty: Duty) -> Wording:
    """The wording by which the duty was counted, even when a newer one is in force now."""
    return wording(duty.counting.wording)


def described(
    duty: Duty, language: str, *, steps: bool = False, subject: About | None = None, reader: Who | None = None
) -> dict[str, Any]:
    """What a page, a sheet or the API shows of a duty beside its dates.

    `reader`: no link leads him to a page that he may not open. For several duties ask `described_all`, which names all
    their subjects at once.
    """
    line = wording_of(duty)
    subject = subject or about([duty])[duty.pk]
    owner = duty.owner
    closed = reader is not None and reader.role in subject.closed_to
    found: dict[str, Any] = {
        "duty": duty,
        "sentence": line.sentence[language],
        "cite": f"{line.act} {line.cite['kk' if language == 'kk' else 'ru']}",
        "title": subject.title(language),
        "url": "" if closed else subject.url,
        "unit": owner.name(language) if owner else "",
        "state": DutyState(duty.state).label if hasattr(duty, "state") else "",
        "proof": proof_of(duty),
    }
    if steps:
        found["steps"] = [explain(Step.from_data(step), language) for step in duty.counting.derivation]
        found["words"] = line.words
    return found


def described_all(duties: Iterable[Duty], language: str, *, reader: Who | None = None) -> list[dict[str, Any]]:
    """`described` for a page of duties, with a constant number of queries."""
    duties = list(duties)
    subjects = about(duties)
    return [described(duty, language, subject=subjects[duty.pk], reader=reader) for duty in duties]
