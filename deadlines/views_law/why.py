"""Why this date, for a day that was counted for a plan and is nobody's duty yet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from law import asked, workdays
from law.explain import explain_all
from territories.models import Territory
from territories.scope import Who

from ..legal import Question
from .tabs import tabs


@require_GET
def why(request: HttpRequest) -> HttpResponse:
    """Paragraph, words of the act and counting of the question in the address; a piece of a page for htmx."""
    try:
        question = Question.read(request.GET)
        days = question.counted()
    except (ValueError, workdays.YearMissing) as error:
        raise Http404(_("This day cannot be counted.")) from error
    region = region_of(question, request.who)
    line, language = question.wording, get_language() or "kk"
    row: dict[str, Any] = {
        "sentence": line.sentence[language],
        "cite": f"{line.act} {line.cite['kk' if language == 'kk' else 'ru']}",
        "words": line.words,
        "steps": explain_all(days.derivation, language),
    }
    context = {
        "row": row,
        "days": days,
        "region": region,
        "when": asked.when(line.timing, language),
        "line_url": f"{reverse('act:act', args=[line.act])}#{line.rule_id}",
        "tabs": tabs(line.act),
    }
    return render(request, "deadlines/_why.html" if request.htmx else "deadlines/law/why.html", context)


def region_of(question: Question, who: Who) -> Territory | None:
    """The region whose readings are asked for: one's own, or any for readers of the nation. Raises Http404."""
    if question.region_id is None:
        return None
    own = who.path.partition("/")[0]
    if who.is_national or own == str(question.region_id):
        region = Territory.objects.regions().filter(pk=question.region_id).first()
        if region is not None:
            return region
    raise Http404(_("This day cannot be counted."))
