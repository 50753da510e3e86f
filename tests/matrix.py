"""The tables of `test_matrix.py`: who stands how to a thing, and what points to things.

`tests/doors.py` says who gets which answer for his own things and for those of another region. Here its rows are asked
for a sibling's, a child's and a parent's things too, and every field, parameter and filter that names a thing is tried
with a thing of somebody else. A field that is not listed fails: it is either a relation or, by its name, plain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Whose things are asked for: role, relation, where they lie (`UNITS`), the column of `doors.ROWS` that holds.
NEAR = (
    ("okrug", "sibling", "B", "foreign"),
    ("okrug", "parent", "R", "foreign"),
    ("executor", "sibling", "B", "foreign"),
    ("raion", "child", "B", "own"),
    ("raion", "sibling", "K", "foreign"),
    ("raion", "parent", "O", "foreign"),
)
#: The unit whose things these are, and the place they speak of.
UNITS = {"B": ("B", "b1"), "R": ("R", "V"), "K": ("K", "K3"), "O": ("O", "K4")}


@dataclass(frozen=True)
class Relation:
    """A field that names a thing: the asker's own is taken, that of `others` refused like one that does not exist.

    `data` is a valid form otherwise, `@meeting` in it as in `doors.py`. `open_things`: everybody may know that the
    thing exists (units of the state's classifier), so the words of the refusal may differ.
    """

    door: str
    name: str
    thing: str
    data: dict[str, Any] = field(default_factory=dict)
    args: str = ""
    method: str = "POST"
    role: str = "okrug"
    form: str = "{}"
    open_things: bool = False
    #: A change that no journal keeps: of the session alone.
    unwritten: bool = False
    others: tuple[str, ...] = ("near", "theirs")


REQUEST = {
    "source": "letter",
    "received_on": "2026-10-01",
    "place": "@village",
    "text": "Су жоқ",
    "classification": "question",
    "language": "kk",
}
EDIT_REQUEST = {"version": "@request.version", "place": "@village", "language": "kk", "text": "Көше жарығы жоқ!"}
MEETING = {
    "holder": "@okrug",
    "place": "@village",
    "date": "2027-05-12",
    "time": "10:00",
    "planned_minutes": 120,
    "report_minutes": 30,
    "format": "in_person",
    "languages": "both",
    "broadcast": "later",
}
ISSUE = {"text_kk": "Жаңа мәселе", "level": "akim"}
ITEM = {
    "measure_kk": "Жөндеу",
    "measure_ru": "Ремонт",
    "due_on": "2027-05-20",
    "organisation": "Бөлім",
    "post": "басшы",
}
MONEY = {"session_number": "7", "session_date": "2026-10-01", "outcome": "refused", "decision": "Жоқ"}
OFF = {
    "reason": "Су тасқыны болды",
    "place": "@village",
    "date": "2027-04-07",
    "time": "10:00",
    "address": "Клуб",
    "planned_minutes": 60,
}
POST_OF = {"role": "executor", "valid_from": "2027-01-01", "document": "№ 1", "title": "Маман"}

#: Where each field that names a thing is tried; several doors may share a form.
RELATIONS: dict[str, Relation] = {
    "issues.forms.requests.RequestForm.place": Relation(
        "issues:requests", "place", "village", REQUEST, open_things=True
    ),
    "issues.forms.requests.RequestForm.meeting": Relation("issues:requests", "meeting", "meeting", REQUEST),
    "issues.forms.requests.RequestForm.topic": Relation(
        "issues:requests", "topic", "topic", REQUEST, others=("theirs",)
    ),
    "issues.forms.requests.EditRequestForm.place": Relation(
        "issues:request_edit", "place", "village", EDIT_REQUEST, args="pk=request", open_things=True
    ),
    "issues.forms.requests.EditRequestForm.meeting": Relation(
        "issues:request_edit", "meeting", "meeting", EDIT_REQUEST, args="pk=request"
    ),
    "issues.forms.requests.EditRequestForm.topic": Relation(
        "issues:request_edit", "topic", "topic", EDIT_REQUEST, args="pk=request", others=("theirs",)
    ),
    "issues.forms.requests.IssueForm.topic": Relation(
        "issues:issue_add", "topic", "topic", ISSUE, args="pk=meeting", others=("theirs",)
    ),
    "issues.forms.demands.DemandForm.place": Relation(
        "issues:demand_add",
        "place",
        "village",
        {"received_on": "2026-10-01", "who": "Көше", "people": 40, "text": "Су"},
        open_things=True,
    ),
    "issues.forms.demands.AnswerForm.meeting": Relation(
        "issues:demand_answer",
        "meeting",
        "meeting",
        {"version": "@demand.version", "answer": "granted", "answered_on": "2026-10-02"},
        args="pk=demand",
    ),
    "issues.forms.demands.OffCalendarForm.place": Relation(
        "issues:off_calendar", "place", "village", OFF, open_things=True
    ),
    "issues.forms.demands.OffCalendarForm.demand": Relation("issues:off_calendar", "demand", "demand", OFF),
    "issues.forms.preparation.VideoPointForm.place": Relation(
        "issues:video_point_add", "place", "village", args="pk=meeting", open_things=True, others=("theirs",)
    ),
    "issues.forms.plans.ItemForm.executor": Relation(
        "issues:item_add", "executor", "executor", ITEM, args="pk=met issue=promised", others=("theirs",)
    ),
    "issues.forms.plans.FinancingForm.issues": Relation(
        "issues:financing_add", "issues", "promised", MONEY, args="pk=met"
    ),
    "issues.forms.imports.TableForm.meeting": Relation(
        "issues:imports", "meeting", "meeting", {"kind": "requests", "file": "requests.csv"}, unwritten=True
    ),
    "issues.forms.topics.TopicForm.parent_code": Relation(
        "issues:topic_add",
        "parent_code",
        "topic.code",
        {"name_kk": "Жаңа", "name_ru": "Новая", "proof": "text", "order": 1},
        role="editor",
        others=("theirs",),
    ),
    "calendars.forms.entry.MeetingForm.holder": Relation(
        "calendars:entry", "holder", "okrug", MEETING, open_things=True
    ),
    "calendars.forms.entry.MeetingForm.place": Relation(
        "calendars:entry", "place", "village", MEETING, open_things=True
    ),
    "calendars.forms.entry pair": Relation(
        "calendars:entry", "pair", "okrug", MEETING, form="{0}>{0}", role="editor", others=("theirs",)
    ),
    "calendars.forms.approval.RemarkForm.row": Relation(
        "calendars:submission_remark",
        "row",
        "row",
        {"text": "?"},
        args="pk=submission",
        role="reviewer",
        others=("theirs",),
    ),
    "reporting.exports.forms.ExportForm.unit": Relation(
        "exports:new",
        "unit",
        "okrug",
        {"year": 2027, "language": "kk", "form": "csv"},
        args="code:=issues",
        open_things=True,
    ),
    "territories.forms_people.PostForm.territory": Relation(
        "people:appoint",
        "territory",
        "okrug",
        POST_OF,
        args="pk=person",
        role="approver",
        open_things=True,
        others=("theirs",),
    ),
    "territories.forms_people.InviteForm.territory": Relation(
        "people:invite",
        "territory",
        "okrug",
        POST_OF | {"email": "new@test.example", "full_name": "Жаңа Маман", "language": "kk"},
        role="approver",
        open_things=True,
        others=("theirs",),
    ),
    # -- Named in the address or the body, without a form -----------------------------------------
    "POST issue issues/views/requests.py": Relation("issues:request_join", "issue", "issue", args="pk=request"),
    "POST issue issues/views/pool.py": Relation(
        "issues:pool_freeze", "issue", "issue", {"analysis": "?"}, args="pk=meeting"
    ),
    "POST row issues/views/pool.py": Relation(
        "issues:pool_order", "row", "issue", {"analysis": "?", "version": 0}, args="pk=meeting"
    ),
    "POST row calendars/views/bulk.py": Relation(
        "calendars:bulk",
        "row",
        "meeting",
        {"action": "time", "time": "11:00", "action_given": "1"},
        form="{}:1",
        role="editor",
        others=("theirs",),
    ),
    "POST post territories/views_accounts.py": Relation("account_choose_post", "post", "post", unwritten=True),
}

#: Fields that name what everybody who sees the form may choose from: lists of the nation, or of the administrator.
OPEN = {
    "issues.forms.progress.RouteForm.organisation": "central bodies and holdings of the nation",
    "issues.forms.publishing.PublishForm.channel": "places of publication, the same for all",
    "deadlines.forms.ReadingForm.region": "the administrator's, of the whole nation",
    "deadlines.forms.LastDayForm.holder": "a question about the law; the unit only chooses its readings",
    "territories.forms_units.SearchForm.region": "the tree is open to all posts",
    "territories.forms_organisations.BodyFilterForm.region": "bodies are open to all posts",
    "territories.forms_organisations.NewBodyForm.under": "the administrator's, of the whole nation",
    "territories.forms_people.PostForm.organisation": "bodies of the nation; who may appoint there is a rule of roles",
    "territories.forms_people.InviteForm.organisation": "as above",
    "issues.forms.requests.RequestFilter.topic": "a filter, tried with the lists",
    "issues.forms.requests.RequestFilter.meeting": "a filter, tried with the lists",
    "territories.forms_accounts.ProfileForm.language": "a language",
    "territories.forms_people.PersonForm.language": "a language",
}
#: Names of fields that hold numbers and words, never the key of a thing.
PLAIN = {
    "version",
    "seen_version",
    "lock",
    "planned_minutes",
    "report_minutes",
    "amount",
    "attendance",
    "invited",
    "present",
    "comment_count",
    "comments_open",
    "connected",
    "people",
    "citizens",
    "order",
    "offset_days",
    "year",
    "budget_year",
    "month",
    "other",
}
#: Names that views read from what was sent, and what they are if no relation.
WORDS_SENT = {
    "POST": {
        "how",
        "accept",
        "action",
        "back",
        "cell",
        "filters",
        "language",
        "line",
        "next",
        "pair",
        "plan",
        "public",
        "quarter",
        "raion",
        "reason",
        "rows",
        "seen",
        "text",
        "token",
        "version",
        "was",
        "what",
    },
    "GET": {
        "kind",
        "sheet",
        "after",
        "ask",
        "before",
        "body",
        "cell",
        "code",
        "date",
        "demand",
        "figure",
        "for",
        "free",
        "from",
        "holder",
        "holes",
        "id",
        "issues",
        "lang",
        "language",
        "line",
        "list",
        "meeting",
        "month",
        "other",
        "page",
        "parent",
        "part",
        "place",
        "propose",
        "q",
        "question",
        "raion",
        "region",
        "role",
        "rows",
        "rule",
        "show",
        "state",
        "to",
        "unit",
        "where",
        "year",
    },
    "query_params": {"calendar", "fields"},
}
#: Filters of lists that name a thing: the parameter and the things that it is tried with.
FILTERS = {
    "unit": ("okrug", "okrug.code"),
    "region": ("region", "region.code"),
    "raion": ("raion", "raion.code"),
    "holder": ("okrug", "okrug.code"),
    "place": ("village", "village.code"),
    "territory": ("okrug.code",),
    "parent": ("raion.code",),
    "calendar": ("calendar",),
    "meeting": ("meeting", "met"),
    "issue": ("promised",),
    "topic": ("topic",),
    "body": ("maslikhat",),
    "demand": ("demand",),
    "id": ("meeting",),
    "from": ("version",),
    "to": ("version",),
    "after": ("duty",),
}
#: Lists of what is open to every post: the state's classifier and the bodies.
OPEN_LISTS = {
    "territories:units",
    "territories:bodies",
    "territory-list",
    "organisation-list",
    # Names of units to choose from, and a question about the law for a unit of any name.
    "calendars:units",
    "act:last_day",
}
