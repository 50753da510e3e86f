"""What is done for many meetings at once leaves what the same verbs leave one by one, in as many statements."""

import dataclasses
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from calendars import services as calendar_services
from calendars.models import Meeting, MeetingState
from issues import services
from issues.models import (
    AudienceCategory,
    Capacity,
    Closing,
    Commission,
    Issue,
    PlanItem,
    PlanVersion,
    PoolVersion,
    ProgressKind,
    Publication,
    PublishedVersion,
    Purpose,
    QuarterlyReport,
    ReceptionCategory,
    What,
)
from issues.services import many
from journal.models import Entry
from territories.scope import Who, clock
from tests import factories

from .factories import at, channel, topic

ASKED_ON, MET_ON, AFTER, LATE = (dt.date(2026, m, d) for m, d in ((3, 2), (3, 20), (3, 27), (4, 20)))
ITEM = {"measure_kk": "Шам ауыстыру", "measure_ru": "Заменить светильники", "due_on": dt.date(2026, 4, 10)}
ITEM |= {"organisation": "Тұрғын үй бөлімі", "post": "бөлім басшысы"}
WORDS = {"text_kk": "Есеп", "text_ru": "Отчет"}
CAME = {category: (3, 2, "") for category in ReceptionCategory.values}
NO_IDS = {
    "id",
    "unit",
    "region",
    "meeting",
    "place",
    "for_place",
    "holder",
    "plan",
    "issue",
    "item",
    "plan_version",
    "version_of",
    "quarterly",
    "code",
}


def when(day: dt.date) -> Who:
    return clock("tests", at(day, 15))


@pytest.fixture
def planned(calendar, land):
    """One meeting each of two okrugs of our raion, on one day, in villages of one kind."""
    return [
        factories.meeting(calendar, land.A, land.a1, MET_ON, address="Клуб"),
        factories.meeting(calendar, land.B, land.b1, MET_ON, address="Клуб"),
    ]


def one_by_one(meeting: Meeting) -> None:
    unit, place = meeting.holder, meeting.place
    use = {"channel": channel("site"), "published_at": at(ASKED_ON), "address": "https://akimat.example/a"}
    services.record_channel(meeting, purpose=Purpose.ANNOUNCEMENT, today=ASKED_ON, by=when(ASKED_ON), **use)
    asked = {"place": place, "source": "letter", "received_on": ASKED_ON, "text": "Жарық жоқ", "meeting": meeting}
    asked |= {"classification": "question", "topic": topic()}
    request = services.add_request(unit, today=ASKED_ON, by=when(ASKED_ON), **asked)
    raised = {"text_kk": "Көшеде жарық жоқ", "text_ru": "Нет света", "raised_on": ASKED_ON, "topic": topic()}
    issue = services.make_issue(
        unit, place=place, meeting=meeting, requests=[request], today=ASKED_ON, by=when(ASKED_ON), **raised
    )
    services.freeze_pool(meeting, [issue], analysis="Бір мәселе", today=ASKED_ON, by=when(ASKED_ON))
    invited = {"invited": 5, "invited_on": ASKED_ON}
    services.record_audience(
        meeting, category=AudienceCategory.DEPUTIES, values=invited, seen_version=None, by=when(ASKED_ON)
    )
    values = {"address": "https://live.example/1", "comments_open": True}
    services.record_broadcast(meeting, values=values, seen_version=None, by=when(MET_ON))
    meeting.refresh_from_db()
    calendar_services.hold(
        meeting, on=MET_ON, attendance=40, seen_version=meeting.version, today=MET_ON, by=when(MET_ON)
    )
    days = {"starts_on": MET_ON, "ends_on": MET_ON, "citizens": 4}
    services.record_reception(meeting, participants=CAME, today=MET_ON, by=when(MET_ON), **days)
    plan = services.open_plan(meeting, by=when(AFTER))
    item = services.add_item(plan, issue, values=ITEM, today=AFTER, by=when(AFTER))
    services.approve_plan(plan, on=AFTER, document="7", seen_version=plan.version, today=AFTER, by=when(AFTER))
    for what in What.values:
        words = WORDS if what == What.RESULTS else {}
        version = services.freeze_document(meeting, what=what, by=when(AFTER), **words)
        link = f"https://akimat.example/{what}"
        services.publish(version, channel=channel("site"), published_at=at(AFTER), link=link, by=when(AFTER))
    services.record_progress(item, kind=ProgressKind.DONE, on=AFTER, text="Ауыстырылды", today=AFTER, by=when(AFTER))
    issue.refresh_from_db()
    services.close_issue(
        issue, kind="done", on=AFTER, text_kk="Бітті", seen_version=issue.version, today=AFTER, by=when(AFTER)
    )
    report = services.draft_quarter(unit, year=2026, quarter=1, by=when(LATE))
    rows = {row.pk: {"progress_ru": "Ауыстырылды"} for row in report.rows.all()}
    report = services.edit_quarter(report, values=WORDS, rows=rows, seen_version=report.version, by=when(LATE))
    report = services.freeze_quarter(report, seen_version=report.version, today=LATE, by=when(LATE))
    link = "https://akimat.example/q1"
    services.publish_quarter(report, channel=channel("site"), published_at=at(LATE), link=link, by=when(LATE))


def together(meetings: list[Meeting]) -> None:
    site, early = channel("site"), when(ASKED_ON)
    use = {"channel": site, "published_at": at(ASKED_ON), "address": "https://akimat.example/a"}
    uses = [many.Use(meeting_id=m.pk, purpose=Purpose.ANNOUNCEMENT, **use) for m in meetings]
    many.record_channels(uses, today=ASKED_ON, by=early)
    asked = [many.Asked(m, "letter", ASKED_ON, "Жарық жоқ", topic=topic()) for m in meetings]
    requests = many.add_requests(asked, today=ASKED_ON, by=early)
    words = {"text_kk": "Көшеде жарық жоқ", "text_ru": "Нет света", "raised_on": ASKED_ON, "topic": topic()}
    raised = [many.Raised(m, requests=[r], **words) for m, r in zip(meetings, requests, strict=True)]
    issues = many.make_issues(raised, today=ASKED_ON, by=early)
    pools = {m.pk: [issue] for m, issue in zip(meetings, issues, strict=True)}
    many.freeze_pools(pools, analysis="Бір мәселе", today=ASKED_ON, by=early)
    invited = {"invited": 5, "invited_on": ASKED_ON}
    many.record_audiences({(m.pk, AudienceCategory.DEPUTIES): invited for m in meetings}, by=early)
    values = {"address": "https://live.example/1", "comments_open": True}
    many.record_broadcasts({m.pk: values for m in meetings}, by=when(MET_ON))
    met = [calendar_services.Met(m.pk, MET_ON, 40, None) for m in meetings]
    calendar_services.hold_many(met, today=MET_ON, by=when(MET_ON))
    held = [many.Held(m.pk, MET_ON, MET_ON, 4, CAME) for m in meetings]
    many.record_receptions(held, today=MET_ON, by=when(MET_ON))
    plans = {m.pk: [(issue, ITEM)] for m, issue in zip(meetings, issues, strict=True)}
    many.adopt_plans(plans, on=AFTER, document="7", today=AFTER, by=when(AFTER))
    versions = many.freeze_documents({m.pk: ("Есеп", "Отчет") for m in meetings}, by=when(AFTER))
    places = [(version, site, f"https://akimat.example/{what}") for (_pk, what), version in versions.items()]
    many.publish_documents(places, published_at=at(AFTER), by=when(AFTER))
    items = PlanItem.objects.filter(plan__meeting__in=meetings)
    told = [many.Told(item.pk, ProgressKind.DONE, AFTER, "Ауыстырылды") for item in items]
    many.record_steps(told, today=AFTER, by=when(AFTER))
    ends = [many.Ending(issue.pk, "done", AFTER, "Бітті", "") for issue in issues]
    many.close_issues(ends, today=AFTER, by=when(AFTER))
    units = [m.holder for m in meetings]
    reports = many.draft_quarters(units, year=2026, quarter=1, by=when(LATE))
    silent = {"progress_kk": "Өзгеріс жоқ", "progress_ru": "Ауыстырылды"}
    reports = many.freeze_quarters(reports, texts=WORDS, silent=silent, today=LATE, by=when(LATE))
    links = [(report, site, "https://akimat.example/q1") for report in reports]
    many.publish_quarters(links, published_at=at(LATE), by=when(LATE))


def left_by(meeting: Meeting) -> dict:
    """Every row that the life of a meeting leaves, without ids and names of units; and its journal."""
    unit = meeting.holder
    rows = {"meeting": [Meeting.objects.get(pk=meeting.pk)]}
    for name in ("channel_uses", "requests", "issues", "pools", "audience", "receptions", "published"):
        rows[name] = list(getattr(meeting, name).order_by("pk"))
    rows["broadcast"] = [meeting.broadcast_record]
    rows["record"] = [meeting.record]
    for model in (PlanItem, PlanVersion, Closing, QuarterlyReport, Publication, PublishedVersion, PoolVersion):
        rows[model.__name__] = list(model.objects.filter(unit=unit).order_by("pk"))
    found = {name: [plain(row) for row in some] for name, some in rows.items()}
    found["participants"] = list(meeting.receptions.get().participants.values_list("category", "invited", "present"))
    found["lines"] = list(QuarterlyReport.objects.get(unit=unit).rows.values_list("state", "solved", "progress_kk"))
    own = {(row._meta.label_lower, str(row.pk)) for some in rows.values() for row in some}
    found["journal"] = sorted(
        (entry.action, entry.at, entry.reason, entry.basis, *sorted(entry.became))
        for entry in Entry.objects.exclude(action="quarter.edited")
        if (entry.object_type, entry.object_id) in own
    )
    return found


def plain(row) -> dict:
    values = {name: value for name, value in model_to_dict(row).items() if name not in NO_IDS}
    for name in ("version", "created_at", "first_due_on", "code_of", "sources"):
        if hasattr(row, name) and not isinstance(row, Meeting):
            values[name] = getattr(row, name)
    for name in ("data", "rows", "sha256", "number"):
        values.pop(name, None)
    return values


@pytest.mark.django_db
def test_a_meeting_among_many_leaves_the_same_rows_and_the_same_journal_as_one_alone(planned):
    alone, among = planned
    one_by_one(alone)
    together([among])
    first, second = left_by(alone), left_by(among)
    for name, rows in first.items():
        if name == "QuarterlyReport":  # the texts were typed in a step of their own
            rows, second[name] = [dict(row, version=0) for row in rows], [dict(row, version=0) for row in second[name]]
        assert second[name] == rows, name
    assert Issue.objects.filter(state="done").count() == 2


@pytest.mark.django_db
def test_documents_frozen_together_say_what_documents_frozen_alone_say(planned):
    alone, _among = planned
    together(planned)
    for what in What.values:
        words = WORDS if what == What.RESULTS else {}
        before = PublishedVersion.objects.get(meeting=alone, what=what)
        assert services.freeze_document(alone, what=what, by=when(AFTER), reason="", **words) == before


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_meetings(calendar, land, planned):
    further = [factories.meeting(calendar, unit, unit, MET_ON) for unit in (land.R, land.C, land.V, land.P, land.D)]
    with CaptureQueriesContext(connection) as of_two:
        together(planned)
    with CaptureQueriesContext(connection) as of_five:
        together(further)
    assert len(of_five) <= len(of_two) + 5


@pytest.mark.django_db
def test_one_foreign_meeting_stops_them_all(planned, neighbour):
    with pytest.raises(PermissionDenied):
        many.record_broadcasts({m.pk: {"reason": "Байланыс жоқ"} for m in planned}, by=neighbour.who)
    assert not Meeting.objects.filter(broadcast_record__isnull=False).exists()


@pytest.mark.django_db
def test_a_late_announcement_among_many_asks_for_its_reason(planned):
    use = {"channel": channel("site"), "published_at": at(MET_ON), "address": "https://akimat.example/a"}
    uses = [many.Use(meeting_id=m.pk, purpose=Purpose.ANNOUNCEMENT, **use) for m in planned]
    with pytest.raises(ValidationError):
        many.record_channels(uses, today=MET_ON, by=when(MET_ON))
    assert not Meeting.objects.exclude(announced_on=None).exists()
    many.record_channels(uses, reason_late="Боран", today=MET_ON, by=when(MET_ON))
    assert Meeting.objects.filter(announced_on=MET_ON, state=MeetingState.PLANNED).count() == 2


def said(issues: list[Issue]) -> list[tuple]:
    """What issues and their entries of the journal say, without what is new in each: ids, codes, moments, numbers."""
    new = {"id", "code", "created_at", "updated_at", "number"}
    rows = [{f.attname: getattr(row, f.attname) for f in Issue._meta.concrete_fields if f.name not in new}
            for row in issues]  # fmt: skip
    entries = [Entry.objects.of(row).get() for row in issues]
    told = [(e.action, e.scope_path, e.was, e.became, e.basis, e.actor_text, e.object_type) for e in entries]
    return list(zip(rows, told, strict=True))


def test_issues_out_of_tables_are_the_rows_and_entries_that_others_are(planned, land):
    words = [(f"Көшеде жарық жоқ {n}\tжаңа\\жол", f"Нет света {n}\nна улице") for n in range(30)]
    raised = [many.Raised(planned[n % 2], kk, ru, ASKED_ON, topic=topic()) for n, (kk, ru) in enumerate(words)]
    others = many.make_issues(raised, today=ASKED_ON, by=when(ASKED_ON))
    ids = many.enter_issues(raised, today=ASKED_ON, by=when(ASKED_ON))
    entered = Issue.objects.in_bulk(ids)
    assert said([entered[pk] for pk in ids]) == said(
        list(Issue.objects.filter(pk__in=[o.pk for o in others]).order_by("pk"))
    )
    assert len({issue.code for issue in entered.values()}) == 30
    assert [entered[pk].number for pk in ids] == [16 + n // 2 for n in range(30)]
    assert [Entry.objects.of(entered[pk]).get().object_text for pk in ids] == [str(entered[pk]) for pk in ids]


@pytest.mark.parametrize("wrong", [{"level": "village"}, {"text_kk": "ж" * 3001}])
def test_an_issue_out_of_a_table_that_does_not_fit_its_columns_is_refused_with_all_others(planned, wrong):
    good = many.Raised(planned[0], "Көшеде жарық жоқ", "", ASKED_ON)
    raised = [*[good] * 30, dataclasses.replace(good, **wrong)]
    with pytest.raises(ValidationError) as refused:
        many.enter_issues(raised, today=ASKED_ON, by=when(ASKED_ON))
    assert list(refused.value.message_dict) == list(wrong)
    assert not Issue.objects.exists()


def test_an_office_enters_no_issues_of_its_neighbour(planned, neighbour):
    raised = [many.Raised(planned[0], "Көшеде жарық жоқ", "", ASKED_ON)]
    with pytest.raises(PermissionDenied):
        many.enter_issues(raised, today=ASKED_ON, by=neighbour.who)


def formed_by(unit) -> tuple:
    """The commission of a unit with its members, and what the journal says of it."""
    row = Commission.objects.get(unit=unit)
    members = list(row.members.values_list("capacity", "post", "name", "chair", "order"))
    entry = Entry.objects.get(action="commission.formed", object_id=str(row.pk))
    told = {name: value for name, value in entry.became.items() if name != "unit"}
    return plain(row), members, (told, entry.at, entry.basis, entry.scope_path == unit.path)


def test_commissions_of_many_offices_are_formed_as_one_by_one(land):
    members = [
        services.Member(Capacity.OFFICE, " аппарат басшысы ", chair=True),
        services.Member(Capacity.ASSEMBLY, "мүше", "А. Б."),
    ]
    order = {"order_number": "12-к", "order_date": ASKED_ON, "members": members}
    order |= {"valid_from": dt.date(2026, 1, 1), "valid_to": dt.date(2026, 12, 31)}
    services.form_commission(land.A, today=ASKED_ON, by=when(ASKED_ON), **order)
    formed = [many.Formed(unit, **order) for unit in (land.B, land.V)]
    rows = many.form_commissions(formed, today=ASKED_ON, by=when(ASKED_ON))
    assert [row.unit for row in rows] == [land.B, land.V]
    assert formed_by(land.A) == formed_by(land.B) == formed_by(land.V)


def test_one_commission_without_its_bodies_keeps_all_from_being_formed(land):
    order = {"order_number": "12-к", "order_date": ASKED_ON, "valid_from": ASKED_ON}
    chair = services.Member(Capacity.OFFICE, "басшы", chair=True)
    body = services.Member(Capacity.ASSEMBLY, "мүше")
    formed = [many.Formed(land.A, members=[chair, body], **order), many.Formed(land.B, members=[chair], **order)]
    with pytest.raises(ValidationError, match="member of the"):
        many.form_commissions(formed, today=ASKED_ON, by=when(ASKED_ON))
    assert not Commission.objects.exists()
