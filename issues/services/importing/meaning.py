"""What a clean row means: whose it is, which place, meeting, issue or item it names; all faults of a row are told."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from calendars.models import Meeting, MeetingState
from calendars.regional import RegionUnits
from calendars.services.importing.units import Resolver
from calendars.workbook.findings import Findings, Severity
from calendars.workbook.table import Table, TableRow
from journal.dates import fold
from territories.models import Territory
from territories.scope import Who

from ... import personal, rules
from ...models import Classification, Issue, ItemState, Level, PlanItem, Request, TableImport, TableKind, Topic
from ...models.plans import OPEN_ITEMS
from ...models.requests import Language
from ...similar import fold as fold_text
from ..changing import ended_on

Values = dict[str, Any]
LANGUAGES = ("kk", "ru", "en")
#: Words of personal data in the three languages of a finding.
WHAT = {
    personal.IIN: {"kk": "жеке сәйкестендіру нөмірі", "ru": "индивидуальный идентификационный номер",
                   "en": "an individual identification number"},
    personal.PHONE: {"kk": "телефон нөмірі", "ru": "номер телефона", "en": "a telephone number"},
    personal.EMAIL: {"kk": "электрондық пошта", "ru": "адрес электронной почты", "en": "an e-mail address"},
    personal.CARD: {"kk": "банк картасының нөмірі", "ru": "номер банковской карты", "en": "a bank card number"},
}  # fmt: skip
is_url = URLValidator(schemes=["http", "https"])


class Look:
    """Gives meaning to the rows of one table; tells in `findings` what is wrong with them."""

    def __init__(self, job: TableImport, table: Table, findings: Findings, *, today: dt.date, by: Who) -> None:
        self.job, self.table, self.findings, self.today, self.by = job, table, findings, today, by
        self.office: Territory = job.unit
        self.region: Territory = job.region
        #: An executor's table: its rows mean items of his own, whoever their akim is.
        self.own = rules.brings_own(by)
        self.units = RegionUnits(self.region, today.year)
        codes = {row.values[key] for row in table.rows for key in ("unit_code", "place_code") if row.values.get(key)}
        self.resolver = Resolver(self.units, codes)
        self.mine: dict[int, bool] = {}
        self.topic_ids: dict[str, int | None] = {}
        self.read: Callable[[TableRow], Values] = {
            TableKind.REQUESTS: self.request,
            TableKind.ISSUES: self.issue,
            TableKind.PLAN: self.item,
            TableKind.PROGRESS: self.step,
        }[TableKind(job.kind)]

    def row(self, row: TableRow) -> Values | None:
        """What the row would enter; None, and findings, where it is wrong."""
        values = self.read(row)
        return values if row.ok else None

    # -- Telling ----------------------------------------------------------------------------------
    def tell(self, code: str, row: TableRow, key: str, /, **params: Any) -> None:
        finding = self.findings.add(code, **self.table.place(row.number, key), **params)
        if finding.severity == Severity.ERROR:
            row.ok = False

    # -- What every kind knows --------------------------------------------------------------------
    def unit(self, row: TableRow) -> Territory | None:
        """Whose row it is; None where that is wrong or not of the post."""
        cells = row.values
        name, code = cells.get("unit"), cells.get("unit_code")
        unit = self.office
        if name or code:
            answer = self.resolver.find("holder", name, code)
            if answer.unit is None:
                self.trouble(row, answer.trouble, "holder", "unit")
                return None
            unit = answer.unit
        if unit.pk not in self.mine:
            self.mine[unit.pk] = self.own or rules.answers_for(self.by, unit)
        if not self.mine[unit.pk]:
            names = {language: unit.name(language) for language in LANGUAGES}
            self.tell("table.office", row, "unit" if name else "unit_code", value=name or code or "", name=names)
            return None
        return unit

    def trouble(self, row: TableRow, trouble: Any, of: str, key: str) -> None:
        at = trouble.at.replace(of, key)
        self.tell(trouble.code, row, at, value=trouble.value, **trouble.params)

    def place(self, row: TableRow, unit: Territory | None) -> int | None:
        cells = row.values
        name, code = cells.get("place"), cells.get("place_code")
        if unit is None:
            return None
        if not name and not code:
            return unit.pk
        answer = self.resolver.find("place", name, code, within=unit)
        if answer.unit is None:
            self.trouble(row, answer.trouble, "place", "place")
            return None
        return answer.unit.pk

    @cached_property
    def topics(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for topic in Topic.objects.for_region(self.region.pk):
            for word in (topic.code, topic.name_kk, topic.name_ru, topic.name_en):
                if word:
                    found.setdefault(fold(word), topic.pk)
        return found

    def topic(self, row: TableRow) -> int | None:
        text = row.values.get("topic")
        if not text:
            return None
        if text not in self.topic_ids:
            self.topic_ids[text] = self.topics.get(fold(text))
        if self.topic_ids[text] is None:
            self.tell("table.topic", row, "topic", value=text)
        return self.topic_ids[text]

    def day(self, row: TableRow, key: str) -> str | None:
        """A day that is not ahead, as JSON keeps it."""
        day: dt.date | None = row.values[key]
        if day is None:
            return None
        if day > self.today:
            self.tell("table.future", row, key, value=f"{day:%d.%m.%Y}", day={"date": day.isoformat()})
        return day.isoformat()

    def public(self, row: TableRow, *keys: str) -> None:
        """Texts that everybody will read hold nothing of a person."""
        for key in keys:
            text = row.values.get(key)
            if text and (kinds := personal.findings(text)):
                self.tell("table.personal", row, key, value=text[:40], what=[WHAT[kind] for kind in kinds])

    # -- Meetings ---------------------------------------------------------------------------------
    @cached_property
    def meetings(self) -> dict[tuple[int, dt.date], list[tuple[int, int]]]:
        """Meetings of the region by akim and day: id and place."""
        days = {row.values["meeting_on"] for row in self.table.rows if row.values.get("meeting_on")}
        rows = Meeting.objects.visible_to(self.by).filter(calendar__region=self.region, date__in=days)
        rows = rows.filter(state__in=(MeetingState.PLANNED, MeetingState.HELD))
        found: defaultdict[tuple[int, dt.date], list[tuple[int, int]]] = defaultdict(list)
        for holder, day, pk, place in rows.values_list("holder_id", "date", "pk", "place_id"):
            found[holder, day].append((pk, place))
        return found

    def meeting(self, row: TableRow, unit: Territory | None, place: int | None) -> int | None:
        day = row.values.get("meeting_on")
        if day is None or unit is None:
            return None
        there = self.meetings.get((unit.pk, day), [])
        here = [pk for pk, at in there if at == place]
        chosen = here if len(here) == 1 else [pk for pk, _at in there]
        if len(chosen) != 1:
            names = {language: unit.name(language) for language in LANGUAGES}
            code = "table.meetings" if chosen else "table.meeting"
            told = {"date": day.isoformat()}
            self.tell(code, row, "meeting_on", value=f"{day:%d.%m.%Y}", name=names, day=told)
            return None
        return chosen[0]

    # -- Requests and issues ----------------------------------------------------------------------
    def request(self, row: TableRow) -> Values:
        cells = row.values
        unit = self.unit(row)
        kind = cells.get("classification") or Classification.UNSORTED
        number = cells.get("appeal_number") or ""
        self.appeal(row, kind, number)
        link = cells.get("link") or ""
        if link and not valid(is_url, link):
            self.tell("table.link", row, "link", value=link)
        own = unit is not None and self.job.meeting is not None and self.job.meeting.holder_id == unit.pk
        return {
            "unit": unit.pk if unit else None,
            "place": self.place(row, unit),
            "meeting": self.job.meeting_id if own else None,
            "source": cells["source"],
            "received_on": self.day(row, "received_on"),
            "text": cells["text"],
            "topic": self.topic(row),
            "classification": kind,
            "appeal_number": number,
            "language": cells.get("language") or Language.KK,
            "link": link,
            "person": self.person(row),
        }

    @cached_property
    def appeals(self) -> set[str]:
        """Numbers of appeals of the table that were entered before; read rows add theirs."""
        numbers = {row.values.get("appeal_number") for row in self.table.rows} - {None}
        rows = Request.objects.filter(region=self.region, appeal_number__in=numbers)
        return set(rows.values_list("appeal_number", flat=True))

    def appeal(self, row: TableRow, kind: str, number: str) -> None:
        if kind != Classification.APPEAL:
            if number:
                self.tell("table.no_appeal", row, "appeal_number", value=number)
        elif not number:
            self.tell("table.appeal", row, "classification")
        elif number in self.appeals:
            self.again.append((row, number))
        else:
            self.appeals.add(number)

    @cached_property
    def again(self) -> list[tuple[TableRow, str]]:
        """Appeals whose number is known; a row that was taken in before is no fault."""
        return []

    def person(self, row: TableRow) -> dict[str, str] | None:
        """Who asked, if he agreed that it is kept; a name without his consent holds the row back."""
        cells = row.values
        told = {name: str(cells.get(name) or "").strip() for name in ("name", "phone", "email")}
        if not any(told.values()):
            return None
        if not cells.get("consent"):
            self.tell("table.consent", row, "consent")
            return None
        if told["email"] and not valid(validate_email, told["email"]):
            self.tell("table.email", row, "email")
        return told

    def issue(self, row: TableRow) -> Values:
        cells = row.values
        unit = self.unit(row)
        place = self.place(row, unit)
        if not cells["text_kk"] and not cells["text_ru"] and row.ok:
            self.tell("table.text", row, "text_kk" if "text_kk" in self.table.header.columns else "text_ru")
        self.public(row, "text_kk", "text_ru")
        return {
            "unit": unit.pk if unit else None,
            "place": place,
            "meeting": self.meeting(row, unit, place),
            "raised_on": self.day(row, "raised_on"),
            "text_kk": cells["text_kk"] or "",
            "text_ru": cells["text_ru"] or "",
            "topic": self.topic(row),
            "level": cells.get("level") or Level.AKIM,
        }

    # -- Plans and progress -----------------------------------------------------------------------
    @cached_property
    def open_issues(self) -> list[Issue]:
        rows = Issue.objects.visible_to(self.by).standing().open().filter(region=self.region)
        return list(rows.select_related("meeting").defer("folded", "sketch").order_by("pk"))

    @cached_property
    def by_number(self) -> dict[tuple[int, str], Issue]:
        return {(issue.unit_id, str(issue)): issue for issue in self.open_issues}

    @cached_property
    def by_text(self) -> dict[tuple[int, str], list[Issue]]:
        found: defaultdict[tuple[int, str], list[Issue]] = defaultdict(list)
        for issue in self.open_issues:
            for text in {fold_text(issue.text_kk), fold_text(issue.text_ru)} - {""}:
                found[issue.unit_id, text].append(issue)
        return found

    def which_issue(self, row: TableRow, unit: Territory | None) -> Issue | None:
        """The open issue that a row names by number, else by its text."""
        cells = row.values
        number, text = cells.get("issue") or "", cells.get("issue_text") or ""
        if unit is None:
            return None
        if not number and not text:
            if row.ok:
                self.tell("table.no_issue", row, "issue" if "issue" in self.table.header.columns else "issue_text")
            return None
        names = {language: unit.name(language) for language in LANGUAGES}
        if number:
            named = self.by_number.get((unit.pk, bare(number)))
            found = [named] if named is not None else []
        else:
            found = self.by_text.get((unit.pk, fold_text(text)), [])
        if len(found) == 1:
            return found[0]
        key = "issue" if number else "issue_text"
        if found:
            self.tell("table.issues", row, key, value=text[:40], numbers=[str(issue) for issue in found[:10]])
        else:
            self.tell("table.issue", row, key, value=(number or text)[:40], name=names)
        return None

    def item(self, row: TableRow) -> Values:
        cells = row.values
        issue = self.which_issue(row, self.unit(row))
        if issue is not None and issue.meeting is None:
            self.tell("table.bare", row, "issue" if cells.get("issue") else "issue_text", issue=str(issue))
        if not cells.get("measure_kk") and not cells.get("measure_ru") and row.ok:
            self.tell("table.text", row, "measure_kk" if "measure_kk" in self.table.header.columns else "measure_ru")
        self.public(row, "measure_kk", "measure_ru", "completion_kk", "completion_ru", "organisation", "post")
        due: dt.date | None = cells["due_on"]
        if due and issue is not None and issue.meeting is not None and due < max(self.today, ended_on(issue.meeting)):
            self.tell("table.due", row, "due_on", value=f"{due:%d.%m.%Y}", day={"date": due.isoformat()})
        texts = ("measure_kk", "measure_ru", "organisation", "post", "completion_kk", "completion_ru")
        told = {name: cells.get(name) or "" for name in texts}
        return {
            "unit": issue.unit_id if issue else None,
            "issue": issue.pk if issue else None,
            "due_on": due.isoformat() if due else None,
            **told,
        }

    @cached_property
    def open_items(self) -> dict[int, list[PlanItem]]:
        """Approved open items by issue."""
        rows = PlanItem.objects.visible_to(self.by).filter(region=self.region, state__in=OPEN_ITEMS)
        found: defaultdict[int, list[PlanItem]] = defaultdict(list)
        for item in rows.exclude(state=ItemState.DRAFT).select_related("issue").order_by("order", "pk"):
            found[item.issue_id].append(item)
        return found

    @cached_property
    def item_by_name(self) -> dict[tuple[int, str], list[PlanItem]]:
        found: defaultdict[tuple[int, str], list[PlanItem]] = defaultdict(list)
        for items in self.open_items.values():
            for item in items:
                found[item.unit_id, bare(str(item))].append(item)
        return found

    def which_item(self, row: TableRow, unit: Territory | None) -> PlanItem | None:
        named = row.values.get("item")
        if unit is None:
            return None
        if named:
            found = self.item_by_name.get((unit.pk, bare(named)), [])
            if not found and (issue := self.by_number.get((unit.pk, bare(named)))) is not None:
                found = self.open_items.get(issue.pk, [])
            if len(found) == 1:
                return found[0]
            if not found:
                self.tell("table.item", row, "item", value=named)
                return None
        elif (issue := self.which_issue(row, unit)) is None:
            return None
        else:
            found = self.open_items.get(issue.pk, [])
        key = next((name for name in ("item", "issue") if row.values.get(name)), "issue_text")
        if len(found) > 1:
            told = {"issue": str(found[0].issue), "items": [str(item) for item in found[:10]]}
            self.tell("table.items", row, key, **told)
            return None
        if not found:
            self.tell("table.item", row, key, value=row.values.get(key) or "")
            return None
        return found[0]

    @cached_property
    def own_items(self) -> dict[tuple[str, str], list[PlanItem]]:
        """Open items that the executor may be speaking of, by the column that names them and what stands in it."""
        found: defaultdict[tuple[str, str], list[PlanItem]] = defaultdict(list)
        for item in (item for items in self.open_items.values() for item in items):
            texts = {fold_text(item.issue.text_kk), fold_text(item.issue.text_ru)} - {""}
            for key, word in (
                ("item", bare(str(item))),
                ("item", bare(str(item.issue))),
                ("issue", bare(str(item.issue))),
                *(("issue_text", text) for text in texts),
            ):
                found[key, word].append(item)
        return found

    def which_own_item(self, row: TableRow) -> PlanItem | None:
        """The executor's item that a row names; its akim is asked for where several have one of that number."""
        cells = row.values
        unit = None
        if (cells.get("unit") or cells.get("unit_code")) and (unit := self.unit(row)) is None:
            return None
        key = next((name for name in ("item", "issue", "issue_text") if cells.get(name)), "")
        if not key:
            columns = self.table.header.columns
            if row.ok:
                there = next(name for name in ("item", "issue", "issue_text") if name in columns)
                self.tell("table.no_issue", row, there)
            return None
        named = cells[key]
        found = self.own_items.get((key, fold_text(named) if key == "issue_text" else bare(named)), [])
        found = [item for item in found if unit is None or item.unit_id == unit.pk]
        if len(found) == 1:
            return found[0]
        if not found:
            self.tell("table.item", row, key, value=named[:40])
        elif len({item.unit_id for item in found}) > 1:
            self.tell("table.akims", row, key, value=named[:40])
        else:
            told = {"issue": str(found[0].issue), "items": [str(item) for item in found[:10]]}
            self.tell("table.items", row, key, **told)
        return None

    def step(self, row: TableRow) -> Values:
        cells = row.values
        item = self.which_own_item(row) if self.own else self.which_item(row, self.unit(row))
        day = self.day(row, "on")
        if item is not None and cells["on"] and cells["on"] < item.issue.raised_on:
            self.tell("table.early", row, "on", value=f"{cells['on']:%d.%m.%Y}", day={"date": day})
        return {
            "unit": item.unit_id if item else None,
            "item": item.pk if item else None,
            "on": day,
            "kind": cells["kind"],
            "text": cells["text"],
        }


def bare(text: str) -> str:
    """The name of an item without spaces, as people type it."""
    return "".join(text.split())


def valid(check: Callable[[str], None], text: str) -> bool:
    try:
        check(text)
    except ValidationError:
        return False
    return True


def columns_missing(kind: str, chosen: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Columns without which a table of the kind cannot be read; of each group one is enough."""
    groups: dict[str, list[tuple[str, ...]]] = {
        TableKind.REQUESTS: [("received_on",), ("source",), ("text",)],
        TableKind.ISSUES: [("raised_on",), ("text_kk", "text_ru")],
        TableKind.PLAN: [("issue", "issue_text"), ("measure_kk", "measure_ru"), ("due_on",), ("organisation",),
                         ("post",)],
        TableKind.PROGRESS: [("item", "issue", "issue_text"), ("on",), ("kind",), ("text",)],
    }  # fmt: skip
    return [group for group in groups[TableKind(kind)] if not any(key in chosen for key in group)]
