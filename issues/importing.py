"""Requests from Excel or CSV: the columns, and what a file would enter. All or nothing; the same file twice is once.

Who asked comes in with his consent only and goes, sealed, into the row apart; the file itself lies sealed until then.

The lower half (guard, child process, headings, cells, findings) is that of the calendar's import.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from calendars.forms.fields import MOST_CANDIDATES, asked_for, only_one, search_among
from calendars.models import Meeting
from calendars.workbook import guard, reader
from calendars.workbook.cells import Context
from calendars.workbook.findings import Findings
from calendars.workbook.table import TableRow, read_table
from calendars.workbook.template import Choice, Column, Kind, Template
from journal.dates import fold
from territories.models import Territory
from territories.scope import Who

from . import services
from .models import Classification, Request, Source, Topic
from .models.requests import Language

#: Rows of one file: so many are entered while a person waits.
MOST_ROWS = 1000
LANGUAGES = ("kk", "ru", "en")


def labels(kk: str, ru: str, en: str) -> dict[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


def choices(values: Any) -> tuple[Choice, ...]:
    """Values of a list under their words in every language."""
    found = []
    for value in values:
        told = {}
        for language in LANGUAGES:
            with override(language):
                told[language] = str(value.label)
        found.append(Choice(value.value, told))
    return tuple(found)


@cache
def template() -> Template:
    """The table of requests: found by headings in any of the three languages, in any order."""
    columns = (
        Column("received_on", labels("Түскен күні", "Дата поступления", "Received on"), ("күні", "дата", "date"),
               kind=Kind.DATE, required=True),
        Column("source", labels("Арна", "Канал", "Channel"), ("көзі", "источник", "source"), kind=Kind.CHOICE,
               required=True, choices=choices(Source), fill_down=True),
        Column("text", labels("Не сұралады", "О чем запрос", "What is asked"),
               ("мәтіні", "сұрақ", "текст", "вопрос", "text", "question"), kind=Kind.LINES, required=True,
               max_length=5000),
        Column("place", labels("Орны", "Место", "Place"), ("ауыл", "елді мекен", "село", "населенный пункт"),
               max_length=300, fill_down=True),
        Column("place_code", labels("Орынның ӘАОЖ коды", "Код КАТО места", "KATO code of the place"),
               ("код КАТО", "КАТО", "ҚАТО коды"), kind=Kind.CODE, fill_down=True),
        Column("topic", labels("Тақырып", "Тема", "Topic"), max_length=200),
        Column("classification", labels("Түрі", "Что это", "What it is"), ("вид",), kind=Kind.CHOICE,
               choices=choices(Classification)),
        Column("appeal_number", labels("e-Otinish нөмірі", "Номер e-Otinish", "e-Otinish number"), max_length=60),
        Column("language", labels("Тілі", "Язык", "Language"), kind=Kind.CHOICE, choices=choices(Language)),
        Column("link", labels("Беттің мекенжайы", "Адрес страницы", "Address of the page"), ("ссылка", "сілтеме"),
               max_length=500),
        Column("name", labels("Кім сұрайды", "Кто спрашивает", "Who asks"),
               ("аты-жөні", "ФИО", "имя", "заявитель", "өтініш беруші", "name"), max_length=200),
        Column("phone", labels("Телефоны", "Телефон", "Telephone"), ("тел", "тел.", "phone"), max_length=40),
        Column("email", labels("Электрондық поштасы", "Электронная почта", "E-mail"),
               ("пошта", "почта", "email", "e-mail"), max_length=254),
        Column("consent", labels("Деректерін сақтауға келіседі", "Согласие на хранение данных", "Consents to keeping"),
               ("келісімі", "согласие", "consent"), kind=Kind.FLAG),
    )  # fmt: skip
    return Template("requests_table", labels("Сұрау салулар", "Запросы", "Requests"), columns)


@dataclass
class Preview:
    """What a file would enter for an office: clean values by row, and what is wrong."""

    findings: Findings
    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: dict[int, list[str]] = field(default_factory=dict)
    known: int = 0
    sha256: str = ""

    @property
    def fresh(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["known"]]

    @property
    def may_be_taken(self) -> bool:
        return bool(self.fresh) and not self.errors and not self.findings.has_errors


def preview(content: bytes, name: str, *, office: Territory, meeting: Meeting | None, today: dt.date) -> Preview:
    """Read a file for an office. Writes nothing."""
    inspection = guard.inspect(content, name)
    found = Preview(inspection.findings, sha256=inspection.sha256)
    workbook = reader.read(inspection)
    if workbook is None:
        return found
    context = Context(today.year, workbook.date1904)
    table = read_table(workbook, template(), found.findings, context)
    if table is None:
        return found
    if len(table.rows) > MOST_ROWS:
        text = _("The file has %(rows)s rows; at most %(most)s at once.")
        found.errors[0] = [text % {"rows": len(table.rows), "most": MOST_ROWS}]
        return found
    look = Look(office, meeting, today)
    for row in table.rows:
        values, errors = look.row(row)
        values["key"] = f"import:{found.sha256[:40]}:{row.number}"
        found.rows.append(values | {"number": row.number})
        if errors:
            found.errors[row.number] = errors
    keys = [row["key"] for row in found.rows]
    known = set(Request.objects.filter(unit=office, client_key__in=keys).values_list("client_key", flat=True))
    for values in found.rows:
        values["known"] = values["key"] in known
    found.known = len(known)
    return found


class Look:
    """Gives meaning to the cells of a row: places and topics by their names, read once."""

    def __init__(self, office: Territory, meeting: Meeting | None, today: dt.date) -> None:
        self.office, self.meeting, self.today = office, meeting, today
        self.places: dict[str, Territory | str] = {}
        self.topics: dict[str, Topic] = {}
        for topic in Topic.objects.for_region(office.region_id or office.pk):
            for word in (topic.code, topic.name_kk, topic.name_ru, topic.name_en):
                if word:
                    self.topics.setdefault(fold(word), topic)

    @cached_property
    def units(self) -> list[Territory]:
        return list(Territory.objects.filter(path__startswith=self.office.path, valid_to=None))

    def row(self, row: TableRow) -> tuple[dict[str, Any], list[str]]:
        given, errors = row.values, [] if row.ok else [_("see what was found above")]
        values: dict[str, Any] = {
            "received_on": given["received_on"],
            "source": given["source"],
            "text": given["text"] or "",
            "place": self.office,
            "topic": None,
            "meeting": self.meeting,
            "classification": given.get("classification") or Classification.UNSORTED,
            "appeal_number": given.get("appeal_number") or "",
            "language": given.get("language") or Language.KK,
            "link": given.get("link") or "",
            "person": self.person(given, errors),
        }
        place = given.get("place_code") or given.get("place")
        if place:
            there = self.place(str(place).strip())
            if isinstance(there, str):
                errors.append(there)
            else:
                values["place"] = there
        if given.get("topic"):
            values["topic"] = self.topics.get(fold(given["topic"]))
            if values["topic"] is None:
                errors.append(_("There is no topic “%(topic)s” in the list.") % {"topic": given["topic"][:60]})
        if values["received_on"] and values["received_on"] > self.today:
            errors.append(_("This day has not come yet."))
        try:
            services.check_appeal(self.office, values["classification"], values["appeal_number"])
        except ValidationError as error:
            errors += error.messages
        return values, errors

    def person(self, given: Mapping[str, Any], errors: list[str]) -> services.Person | None:
        """Who asks, if he agreed that it is kept; a name without his consent holds the row back."""
        told = {name: str(given.get(name) or "").strip() for name in ("name", "phone", "email")}
        if not any(told.values()):
            return None
        if not given.get("consent"):
            text = _("Names and contacts are kept only with the consent of the person: write “yes”, or empty them.")
            errors.append(text)
            return None
        if told["email"]:
            try:
                validate_email(told["email"])
            except ValidationError:
                errors.append(_("“%(text)s” is no e-mail address.") % {"text": told["email"][:60]})
        return services.Person(**told, consent=_("The person agreed that name and contacts are kept"))

    def place(self, text: str) -> Territory | str:
        if text not in self.places:
            try:
                self.places[text] = only_one(search_among(self.units, asked_for(text))[: MOST_CANDIDATES + 1], text)
            except ValidationError as error:
                self.places[text] = " ".join(error.messages)
        return self.places[text]


@transaction.atomic
def take(found: Preview, *, office: Territory, today: dt.date, by: Who) -> int:
    """Enter every new row of a preview, or none. Raises ValidationError with the row that is wrong."""
    entered = 0
    for row in found.fresh:
        values = {name: value for name, value in row.items() if name not in ("number", "key", "known")}
        try:
            services.add_request(office, **values, client_key=row["key"], today=today, by=by)
        except ValidationError as error:
            text = _("Row %(row)s: %(why)s") % {"row": row["number"], "why": " ".join(error.messages)}
            raise ValidationError(text) from error
        entered += 1
    return entered
