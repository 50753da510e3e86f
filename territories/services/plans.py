"""A plan or a result in words, for the command line."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.dates import long_date, number

from ..models import Territory
from .editions import Loaded, Preview

#: What speaks for a pair.
REASONS = {
    "same_name": gettext_lazy("the same name"),
    "similar_name": gettext_lazy("a similar name"),
    "same_code": gettext_lazy("the same code"),
    "same_parent": gettext_lazy("under the same unit"),
    "other_kind": gettext_lazy("but of another kind"),
    "other_rank": gettext_lazy("but of another rank"),
    "code_name": gettext_lazy("the same code and name"),
    "code_parent": gettext_lazy("the same code under the same unit, renamed"),
    "name_parent": gettext_lazy("the same name under the same unit"),
    "name_region": gettext_lazy("the only one of this name in the region"),
    "name_raion": gettext_lazy("the only one of this name in the raion"),
    "name_once": gettext_lazy("once in the region in both editions"),
    "decided": gettext_lazy("decided by a person"),
}
#: Questions that the command line prints.
MOST_QUESTIONS = 100


def lines_of(result: Preview | Loaded) -> list[str]:
    if isinstance(result, Loaded) and result.already:
        text = _("The edition of %(day)s is already loaded; nothing has changed.")
        return [text % {"day": long_date(result.edition.as_of)}]
    counts = result.counts
    shown = [
        (_("Rows in the file"), "rows"),
        (_("Units with an akim of their own"), "with_akim"),
        (_("Kept as the same unit"), "kept"),
        (_("of these with a new code"), "recoded"),
        (_("of these with a new name"), "renamed"),
        (_("New units"), "new"),
        (_("No longer named"), "gone"),
        (_("Offices and maslikhats made"), "offices"),
    ]
    day = result.as_of if isinstance(result, Preview) else result.edition.as_of
    head = _("Plan for the edition of %(day)s; nothing was written.") if isinstance(result, Preview) else None
    lines = [(head or _("The edition of %(day)s is loaded.")) % {"day": long_date(day)}]
    lines += [f"  {label}: {number(counts[name])}" for label, name in shown if name in counts]
    if isinstance(result, Preview):
        lines += question_lines(result)
    elif result.draft is not None:
        text = _("Questions left open: %(count)s. Answer them at %(address)s")
        lines.append(
            text
            % {
                "count": number(counts["questions"]),
                "address": reverse("territories:draft", args=[result.draft.pk]),
            }
        )
    return lines


def question_lines(seen: Preview) -> list[str]:
    if not seen.plan.questions:
        return []
    names = Territory.objects.in_bulk([question.id for question in seen.plan.questions])
    lines = [_("Questions: %(count)s") % {"count": number(len(seen.plan.questions))}]
    for question in seen.plan.questions[:MOST_QUESTIONS]:
        unit = names[question.id]
        lines.append(f"  {unit.code} {unit.name()}" + (" *" if question.must else ""))
        for candidate in question.candidates:
            sign = "→" if candidate.code == question.suggested else "?"
            reasons = ", ".join(str(REASONS[reason]) for reason in candidate.reasons)
            lines.append(f"    {sign} {candidate.code} {seen.units[candidate.code].name_ru} ({reasons})")
    return lines
