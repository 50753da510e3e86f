"""Readings A-01 … A-24: what the act leaves open, what may be chosen, what holds where, and choosing it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from law import asked
from law.readings import Reading, as_text, catalogue
from law.register import Quote
from law.register import line as register_line
from territories.panels import add_errors, form_answer
from territories.scope import Who, today

from ..forms import EndForm, ReadingForm
from ..models import ReadingChoice
from ..services import readings as service
from ..wording import described_all
from .tabs import READINGS, tabs

#: Fields of the form that the person did not type.
NOT_TYPED = ("csrfmiddlewaretoken", "seen")
CODES = tuple(f"A-{number:02}" for number in range(1, 25))


@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """All readings; a constant number of queries."""
    language, day = get_language() or "kk", today()
    chosen: dict[str, list[ReadingChoice]] = {}
    for row in ReadingChoice.objects.visible_to(request.who).select_related("region", "decided_by"):
        chosen.setdefault(row.key.partition(":")[0], []).append(row)
    by_code: dict[str, list[dict]] = {code: [] for code in CODES}
    for key, reading in catalogue().items():
        by_code[reading.code].append(told(reading, chosen.get(key, []), request, language, day))
    context = {
        "codes": [
            {"code": code, "readings": rows, "unkeyed": asked.words()["unkeyed"].get(code, {}).get(language, "")}
            for code, rows in by_code.items()
        ],
        "tabs": tabs(READINGS),
        "may_choose": request.who.is_administrator,
        "unit": request.unit,
        "today": day,
    }
    return render(request, "deadlines/law/readings.html", context)


def told(reading: Reading, chosen: list[ReadingChoice], request: HttpRequest, language: str, day: dt.date) -> dict:
    """One reading in words: its values, what holds in the chosen region, what was chosen and why, its lines."""
    region = region_of(request.who, request.unit)
    first = dt.date(request.year, 1, 1)
    holding = holds(reading, chosen, region, first)
    return {
        "key": reading.key,
        "title": reading.title[language],
        "values": [
            {
                "text": words[language],
                "default": code == reading.default and type(code) is type(reading.default),
                "holds": as_text(code) == holding,
            }
            for code, words in reading.values.items()
        ],
        "number": holding if reading.limits is not None else "",
        "limits": reading.limits,
        "default": reading.default,
        "lines": [{"id": rule_id, "url": line_url(rule_id)} for rule_id in reading.rules],
        "quotes": quotes(reading),
        "chosen": [
            {
                "row": row,
                "value": service.value_word(row.key, row.value),
                "line": row.key.partition(":")[2],
                "now": row.valid_from <= day and (row.valid_to is None or day <= row.valid_to),
                "coming": row.valid_from > day,
            }
            for row in chosen
        ],
    }


def quotes(reading: Reading) -> tuple[Quote, ...]:
    """The words of the first line that the reading touches, in its newest wording that is held."""
    wordings = register_line(reading.rules[0]).wordings if reading.rules else ()
    return next((wording.words[:1] for wording in reversed(wordings) if not wording.missing), ())


def line_url(rule_id: str) -> str:
    return f"{reverse('act:act', args=[rule_id.partition('-')[0]])}#{rule_id}"


def region_of(who: Who, unit: Any) -> int | None:
    """The region of the chosen unit: the first part of its path; None for the whole country."""
    return int(unit.path.partition("/")[0]) if unit is not None else None


def holds(reading: Reading, chosen: list[ReadingChoice], region: int | None, day: dt.date) -> str:
    """The value by which a region is counted on a day: its own word beats the country's, a later one an earlier."""
    value = as_text(reading.default)
    own: str | None = None
    for row in sorted(chosen, key=lambda row: (row.valid_from, row.pk)):
        in_force = row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
        if not in_force or ":" in row.key:
            continue
        if row.region_id is None:
            value = row.value
        elif row.region_id == region:
            own = row.value
    return value if own is None else own


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Choose a value: first what would move is shown, then it is saved."""
    reading = catalogue().get(key)
    if reading is None:
        raise Http404(_("There is no such reading."))
    if not request.who.is_administrator:
        raise PermissionDenied(_("Only an administrator chooses readings."))
    if request.method == "GET":
        return form_page(request, reading, ReadingForm(reading, initial={"valid_from": dt.date(request.year, 1, 1)}))
    form = ReadingForm(reading, request.POST)
    if not form.is_valid():
        return form_page(request, reading, form, status=422)
    choice = typed(reading, form.cleaned_data)
    try:
        service.check(choice)
        found = service.preview(choice, by=request.who)
        if request.POST.get("seen") == f"{found.moved}/{found.stay}":
            service.choose(choice, by=request.who)
            text = _("The reading is chosen. Open duties are recounted with the next sweep, within a minute.")
            messages.success(request, text)
            return redirect(f"{reverse('act:readings')}#{reading.code}")
    except ValidationError as error:
        add_errors(form, error)
        return form_page(request, reading, form, status=422)
    return preview_page(request, reading, form, choice, found)


def typed(reading: Reading, values: dict[str, Any]) -> service.Choice:
    line = values.get("line") or ""
    return service.Choice(
        name=f"{reading.key}:{line}" if line else reading.key,
        value=as_text(values["value"]),
        region=values["region"],
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
        document=values["document"],
        reason=values["reason"],
    )


def form_page(request: HttpRequest, reading: Reading, form: ReadingForm, *, status: int = 200) -> HttpResponse:
    context = {"reading": reading, "title": reading.title[get_language() or "kk"], "form": form, "tabs": tabs(READINGS)}
    return render(request, "deadlines/law/choose.html", context, status=status)


def preview_page(
    request: HttpRequest, reading: Reading, form: ReadingForm, choice: service.Choice, found: service.Preview
) -> HttpResponse:
    language = get_language() or "kk"
    changed_since = "seen" in request.POST
    context = {
        "reading": reading,
        "title": reading.title[language],
        "form": form,
        "hidden": [(name, text) for name, text in request.POST.items() if name not in NOT_TYPED],
        "choice": choice,
        "value": service.value_word(choice.name, choice.value),
        "found": found,
        "seen": f"{found.moved}/{found.stay}",
        "changed_since": changed_since,
        "rows": [
            {**row, "becomes": move.becomes}
            for row, move in zip(described_all((move.duty for move in found.shown), language), found.shown, strict=True)
        ],
        "more": found.moved - len(found.shown),
        "tabs": tabs(READINGS),
    }
    return render(request, "deadlines/law/preview.html", context, status=409 if changed_since else 200)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a choice its last day."""
    row = get_object_or_404(ReadingChoice.objects.visible_to(request.who).select_related("region"), pk=pk)
    if not request.who.is_administrator:
        raise PermissionDenied(_("Only an administrator chooses readings."))
    form = EndForm(request.POST or None, initial={"valid_to": row.valid_to, "version": row.version})
    return form_answer(
        request,
        form,
        lambda values: service.end_choice(
            row,
            last_day=values["valid_to"],
            reason=values["reason"],
            by=request.who,
            seen_version=values["version"],
        ),
        title=_("End the choice"),
        lead=f"{row.key} = {service.value_word(row.key, row.value)}, {row.region or _('the whole country')}",
        done=_("The choice has its last day."),
        back=reverse("act:readings"),
    )
