"""Every writing operation of the API with a body that is accepted, and the fields of it that name a thing.

`test_matrix.py` walks those fields, `akim_meetings/test_api_fuzz.py` mends what it makes up by these bodies. The table
is held against the OpenAPI schema: an operation without a row fails, and a field that is neither a relation nor plain.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from calendars.models import Meeting, MeetingState, SubmissionRemark
from issues.models import DueChange

from .doors import Side, look_up

#: Fields and filters that hold words, numbers and days, never the key of a thing.
PLAIN = {
    # what is said
    "text", "text_kk", "text_ru", "note", "reason", "remark", "remarks", "address", "link", "url", "broadcast_note",
    "name", "phone", "email", "consent", "search",
    # kinds and states
    "kind", "level", "language", "languages", "format", "broadcast", "source", "classification", "category", "state",
    "moderation", "what", "off_calendar", "own_akim", "rule", "key",
    # days, hours, numbers
    "on", "to", "date", "time", "year", "starts_on", "ends_on", "raised_on", "received_on", "published_at",
    "letter_date", "planned_minutes", "report_minutes", "attendance", "citizens", "invited", "present",
    "number", "letter_number", "incoming_number", "appeal_number",
    # of the answer
    "fields", "cursor", "page_size", "client_key",
}  # fmt: skip
PLAIN |= {f"{day}_{end}" for day in ("date", "due", "created", "ended", "received") for end in ("from", "to")}


@dataclass(frozen=True)
class Points:
    """What a field names, as `doors.look_up` finds it, and how a thing of somebody else is answered.

    `open`: everybody may know that the thing exists (units of the state's classifier), so the words of the refusal may
    differ from those for nothing. `taken`: whose things are taken all the same, by the words of `test_matrix.py`.
    """

    thing: str
    open: bool = False
    taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Write:
    """`body`: `@meeting` in it as in `doors.py`. `roles`: who are taken for it; the first has the things of his own.

    `ready` makes the thing fit for it, within the transaction of the request.
    """

    operation: str
    status: int
    body: dict[str, Any] | None = None
    thing: str = ""
    versioned: bool = False
    roles: tuple[str, ...] = ("okrug", "raion")
    points: dict[str, Points] = field(default_factory=dict)
    many: bool = False
    ready: Callable[[Side], object] | None = None

    def __str__(self) -> str:
        return self.operation

    @property
    def method(self) -> str:
        return self.operation.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.operation.partition(" ")[2]

    def relations(self) -> Iterator[tuple[str, Points]]:
        """The thing of the address, and every field that names one."""
        if self.thing:
            # A reviewer of the Government has every region for his own.
            yield "{id}", Points(self.thing, taken=("foreign",) if self.roles == ("reviewer",) else ())
        yield from self.points.items()

    def filled(self, side: Side, **given: Any) -> tuple[str, Any, dict[str, str]]:
        """Address, body and headers for the things of a side; `given` puts another value into one field."""
        values = {name: value for name, value in (self.body or {}).items() if not name.startswith("?")}
        values = {name: filled(side, value) for name, value in values.items()}
        address = self.path.replace("{id}", str(given.get("{id}", look_up(side, self.thing) if self.thing else "")))
        for name, value in (self.body or {}).items():
            if name.startswith("?"):
                address += f"{name}={given.get(name, filled(side, value))}"
        for name, value in given.items():
            if name.endswith("[]"):
                values[name[:-2]] = [value]
            elif name in values:
                values[name] = value
        headers = {}
        if self.versioned:
            row = getattr(side, self.thing)
            # A submission's `version` is that of its calendar; who decides on it holds the `lock`.
            counter = "lock" if self.thing == "submission" else "version"
            version = type(row)._default_manager.values_list(counter, flat=True).get(pk=row.pk)
            headers = {"If-Match": f'"{version}"'}
        return address, ([values] if self.many else values) if self.body is not None else None, headers


def filled(side: Side, value: Any) -> Any:
    if isinstance(value, list):
        return [filled(side, each) for each in value]
    return look_up(side, value[1:]) if isinstance(value, str) and value.startswith("@") else value


def planned_in_the_past(side: Side) -> None:
    type(side.calendar).objects.filter(pk=side.calendar.pk).update(year=2026)
    Meeting.objects.filter(pk=side.meeting.pk).update(date=dt.date(2026, 10, 1))


def held_in_the_past(side: Side) -> None:
    planned_in_the_past(side)
    Meeting.objects.filter(pk=side.meeting.pk).update(state=MeetingState.HELD, held_on=dt.date(2026, 10, 1))


def without_remarks(side: Side) -> None:
    SubmissionRemark.objects.filter(submission=side.submission).delete()


def without_a_question(side: Side) -> None:
    DueChange.objects.filter(item=side.item).update(state="refused", decision="Жоқ", decided_on=dt.date(2026, 11, 1))


UNIT, PLACE, MEETING = Points("okrug.code", open=True), Points("village.code", open=True), Points("meeting")
TOPIC = Points("topic.code")
CALENDAR = Points("calendar")
MEETING_BODY = {"?calendar": "@calendar", "holder": "@okrug.code", "place": "@village.code", "date": "2027-05-12"}
MEETING_POINTS = {"?calendar": CALENDAR, "holder": UNIT, "place": PLACE}
ISSUE_BODY = {
    "unit": "@okrug.code", "place": "@village.code", "meeting": "@meeting", "topic": "@topic.code",
    "requests": ["@request"], "text_kk": "Жол нашар", "raised_on": "2026-06-01",
}  # fmt: skip
ISSUE_POINTS = {"unit": UNIT, "place": PLACE, "meeting": MEETING, "topic": TOPIC, "requests[]": Points("request")}
REQUEST_BODY = {
    "unit": "@okrug.code", "place": "@village.code", "meeting": "@meeting", "topic": "@topic.code",
    "source": "letter", "received_on": "2026-10-01", "text": "Су жоқ",
}  # fmt: skip
REQUEST_POINTS = {"unit": UNIT, "place": PLACE, "meeting": MEETING, "topic": TOPIC}
REGION, OWN = ("editor",), ("okrug",)
WRITES = (
    Write(
        "POST /api/v1/calendars/", 201, {"region": "@region.code", "year": 2031}, roles=REGION,
        points={"region": Points("region.code", open=True)},
    ),
    Write(
        "POST /api/v1/exports/", 202, {"kind": "issues", "year": 2027, "format": "csv", "unit": "@okrug.code"},
        points={"unit": UNIT},
    ),
    Write("POST /api/v1/exports/{id}/cancel/", 200, thing="export", roles=REGION),
    Write("POST /api/v1/issues/", 201, ISSUE_BODY, points=ISSUE_POINTS),
    Write("POST /api/v1/issues/bulk/", 201, ISSUE_BODY, points=ISSUE_POINTS, many=True),
    Write(
        "PATCH /api/v1/issues/{id}/", 200, {"place": "@village.code", "topic": "@topic.code", "text_kk": "Шам"},
        thing="issue", versioned=True, points={"place": PLACE, "topic": TOPIC},
    ),
    Write("POST /api/v1/meetings/", 201, MEETING_BODY, points=MEETING_POINTS),
    Write("POST /api/v1/meetings/bulk/", 201, MEETING_BODY, points=MEETING_POINTS, many=True),
    Write(
        "PATCH /api/v1/meetings/{id}/", 200, {"holder": "@okrug.code", "place": "@village.code", "address": "Клуб"},
        thing="meeting", versioned=True, roles=REGION, points={"holder": UNIT, "place": PLACE},
    ),
    Write("DELETE /api/v1/meetings/{id}/", 204, thing="proposed", versioned=True),
    Write("POST /api/v1/meetings/{id}/accept/", 200, thing="proposed", versioned=True, roles=REGION),
    Write(
        "POST /api/v1/meetings/{id}/return/", 200, {"remark": "Басқа күн керек"},
        thing="proposed", versioned=True, roles=REGION,
    ),
    Write(
        "POST /api/v1/meetings/{id}/announce/", 200, {"on": "2026-11-01"}, thing="meeting", versioned=True
    ),
    Write(
        "POST /api/v1/meetings/{id}/hold/", 200, {"on": "2026-10-01", "attendance": 30},
        thing="meeting", versioned=True, ready=planned_in_the_past,
    ),
    Write(
        "POST /api/v1/meetings/{id}/cancel/", 200, {"reason": "Су тасқыны"}, thing="meeting", versioned=True
    ),
    Write(
        "POST /api/v1/plan-items/{id}/progress/", 200, {"kind": "in_work", "on": "2026-11-01", "text": "Бітті"},
        thing="item", versioned=True,
    ),
    Write(
        "POST /api/v1/plan-items/{id}/ask-new-day/", 201, {"to": "2027-06-10", "reason": "Қаражат кешікті"},
        thing="item", ready=without_a_question,
    ),
    Write(
        "POST /api/v1/publications/", 201,
        {
            "meeting": "@met", "what": "list", "place": "egov", "link": "https://egov.kz/1",
            "published_at": "2026-09-16T10:00:00+05:00",
        },
        points={"meeting": Points("met")},
    ),
    Write(
        "POST /api/v1/receptions/", 201,
        {"meeting": "@meeting", "starts_on": "2026-10-01", "ends_on": "2026-10-01", "citizens": 3},
        points={"meeting": MEETING}, ready=held_in_the_past,
    ),
    Write(
        "PATCH /api/v1/receptions/{id}/", 200,
        {"citizens": 4, "participants": [{"category": "council", "invited": 1, "present": 1}]},
        thing="reception", versioned=True,
    ),
    Write("POST /api/v1/requests/", 201, REQUEST_BODY, points=REQUEST_POINTS),
    Write("POST /api/v1/requests/bulk/", 201, REQUEST_BODY, points=REQUEST_POINTS, many=True),
    Write(
        "POST /api/v1/requests/{id}/classify/", 200, {"classification": "proposal"},
        thing="request", versioned=True,
    ),
    Write(
        "POST /api/v1/requests/{id}/join/", 200, {"issue": "@issue"}, thing="request",
        points={"issue": Points("issue")},
    ),
    Write(
        "POST /api/v1/submissions/", 200,
        {"calendar": "@calendar", "number": 1, "letter_number": "1", "letter_date": "2027-01-18"},
        roles=REGION, points={"calendar": CALENDAR},
    ),
    Write(
        "POST /api/v1/submissions/{id}/accept/", 200, {"incoming_number": "12"}, thing="submission",
        versioned=True, roles=("reviewer",), ready=without_remarks,
    ),
    Write(
        "POST /api/v1/submissions/{id}/return/", 200, {"text": "Күндері жоқ"}, thing="submission",
        versioned=True, roles=("reviewer",),
    ),
)  # fmt: skip
BY_OPERATION = {write.operation: write for write in WRITES}

#: What names a thing of nobody, or of everybody.
OPEN_WORDS = {
    "POST /api/v1/publications/ place": "places of publication, the same for all",
    "GET /api/v1/publications/ ?place": "the same",
    "GET /api/v1/territories/ ?code": "the state's classifier",
    "GET /api/v1/territories/ ?parent": "the state's classifier",
    "GET /api/v1/territories/ ?region": "the state's classifier",
    "GET /api/v1/organisations/ ?territory": "the directory of bodies",
    "POST /api/v1/exports/ filters": "states, levels and words, from lists of choices",
    "POST /api/v1/exports/ filters.*": "the same",
}


# -- What the schema says -------------------------------------------------------------------------
def schema() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def words_of(operation: dict[str, Any], document: dict[str, Any]) -> set[str]:
    """Names of everything that an operation takes beside the id of its address: `?name` of the query, fields of the
    body with `[]` behind a list of keys. Fields of what is nested in the body are named by themselves."""
    found = {f"?{one['name']}" for one in operation.get("parameters", ()) if one["in"] == "query"}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        found |= set(fields_of(content["schema"], document["components"]["schemas"]))
    return found


def fields_of(found: dict[str, Any], components: dict[str, Any]) -> Iterator[str]:
    """Names of the fields of a schema, those of its lists and of what is nested in it too."""
    for part in (*found.get("allOf", ()), *found.get("oneOf", ()), *found.get("anyOf", ())):
        yield from fields_of(part, components)
    if "$ref" in found:
        yield from fields_of(components[found["$ref"].rpartition("/")[2]], components)
    if "items" in found:
        yield from fields_of(found["items"], components)
    for name, column in found.get("properties", {}).items():
        inner = list(fields_of(column, components))
        yield from inner
        if not inner:
            yield f"{name}[]" if column.get("type") == "array" else name
        if isinstance(column.get("additionalProperties"), dict):
            yield f"{name}.*"
