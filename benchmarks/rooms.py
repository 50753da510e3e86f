"""What the region's offices did around their meetings up to today, and one thing of each kind that a page shows."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import frame

#: Requests and issues of the two meetings that the pages show: more than most have.
ASKED, RAISED = 60, 20
#: Items of the plans that the executor has, demands, rows of a table of requests, reminders a person has not read.
ITEMS, DEMANDS, ROWS = 120, 60, 200
DAY = dt.timedelta(days=1)


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo("Asia/Almaty"))


def play(calendar, raion, *, until: dt.date, seed: int) -> dict[str, Any]:
    """The region's offices day by day, through the replay; ids of a meeting held and of one ahead with much to show."""
    from django.core.management import call_command

    from akim_meetings.replay.offices import Offices
    from calendars.models import Meeting
    from territories.scope import clock

    call_command("import_bodies", str(frame.DATA / "central_bodies.csv"), verbosity=0)
    first = dt.date(until.year, 1, 12)
    offices = Offices(until.year, seed)
    offices.take(calendar, first)
    held, ahead = chosen(offices, calendar, raion, until)
    pools = {found.date - 6 * DAY: found.meeting for found in (held, ahead)}
    day = first
    while day <= until:
        by = clock("benchmark", at(day))
        if day in pools:
            fill_pool(Meeting.objects.select_related("holder", "place").get(pk=pools[day]), today=day, by=by)
        offices.play(day, by)
        day += DAY
    after(held.meeting, until, seed)
    return {"held": held.meeting, "ahead": ahead.meeting}


def chosen(offices, calendar, raion, until: dt.date):
    """The courses of a meeting of March that goes as it should, and of the next one after today, both of the raion."""
    from calendars.models import Meeting

    rows = Meeting.objects.filter(calendar=calendar, holder__path__startswith=raion.path).order_by("date", "pk")
    courses = [offices.courses[pk] for pk in rows.values_list("pk", flat=True) if pk in offices.courses]
    as_planned = [c for c in courses if c.moves_before is None and c.cancelled_before is None and c.held]
    held = next(
        c
        for c in as_planned
        if c.date >= dt.date(until.year, 3, 1) and c.told_before and c.reception_after is not None
        and c.published_after is not None and c.second_after == 0 and c.level == "akim"
    )  # fmt: skip
    held.done_after, held.due_in = None, 60
    return held, next(c for c in as_planned if until < c.date < until + 6 * DAY)


def fill_pool(meeting, *, today: dt.date, by) -> None:
    """Many requests and issues of one meeting; the replay adds its own and freezes the pool."""
    from issues import simulation
    from issues.services import many

    words, sources = simulation.WORDS, simulation.SOURCES
    requests = many.add_requests(
        [
            many.Asked(
                meeting, sources[n % len(sources)], today, words[n % len(words)][n % 2], ("kk", "ru")[n % 2],
                simulation.topic(n),
            )
            for n in range(ASKED)
        ],
        today=today,
        by=by,
    )  # fmt: skip
    raised = [
        many.Raised(meeting, *words[n % len(words)], today, simulation.topic(n), "akim", requests[2 * n : 2 * n + 2])
        for n in range(RAISED)
    ]
    issues = many.make_issues(raised, today=today, by=by)
    many.freeze_pools({meeting.pk: issues}, analysis="Сұрақтар мен ұсыныстар талданды", today=today, by=by)


def after(meeting_id: int, today: dt.date, seed: int) -> None:
    """The record of the hall and the minutes of the meeting that was held."""
    from calendars.models import Meeting
    from issues.demo import preparing
    from territories.scope import clock

    meeting = Meeting.objects.select_related("holder", "place", "calendar__region").get(pk=meeting_id)
    preparing.at_the_meeting(meeting, random.Random(seed), today=today, by=clock("benchmark", at(today)))


def executor(raion):
    """The post of the executor who has items of plans."""
    from territories.models import Post, Role, User

    user, _new = User.objects.get_or_create(email="executor@staff.example")
    values = {"territory": raion, "valid_from": dt.date(2022, 3, 3)}
    return Post.objects.get_or_create(user=user, role=Role.EXECUTOR, defaults=values)[0]


def ministry_staff():
    """The post at the central body to which most issues went."""
    from django.db.models import Count

    from territories.models import Organisation, Post, Role, User

    body = Organisation.objects.annotate(n=Count("routed_issues")).order_by("-n", "pk")[0]
    user, _new = User.objects.get_or_create(email="central@staff.example")
    values = {"organisation": body, "valid_from": dt.date(2022, 3, 3)}
    return Post.objects.get_or_create(user=user, role=Role.CENTRAL_BODY, defaults=values)[0]


def things(calendar, raion, lived: dict[str, Any], *, today: dt.date, by, administrator, reviewer) -> dict[str, Any]:
    """One thing of each kind, by the word for it in `staff_pages`; `administrator` and `reviewer` are posts."""
    from territories.scope import Who

    admin = Who(user=administrator.user, post=administrator)
    return {
        **of_the_meetings(lived, raion, today),
        **of_the_offices(calendar.region, raion, today),
        **of_the_ledger(calendar.region, today, by, admin),
        **of_the_tree(calendar.region, admin),
        **of_files(calendar, raion, today, by),
        **of_the_government(calendar, reviewer, today, by),
    }


def of_the_meetings(lived: dict[str, Any], raion, today: dt.date) -> dict[str, Any]:
    """What belongs to the meeting ahead and to the one that was held."""
    from calendars.models import Meeting
    from issues import services
    from issues.models import Channel, Commission, Issue, PlanItem, PublishedVersion, Reception
    from territories.models import Territory
    from territories.scope import clock

    by = clock("benchmark", at(today))
    held, ahead = (Meeting.objects.select_related("holder", "place").get(pk=lived[word]) for word in ("held", "ahead"))
    radio = Channel.objects.get(code="radio")
    use = services.skip_channel(ahead, purpose="announcement", channel=radio, reason="Ауылда радио жоқ", by=by)
    point = services.record_video_point(ahead, values={"address": "Ауылдық клуб"}, by=by)
    items = list(PlanItem.objects.filter(plan__meeting=held).order_by("order"))
    # What the executor has to do, of this meeting and of others.
    others = PlanItem.objects.filter(unit__path__startswith=raion.path).order_by("-pk").values_list("pk", flat=True)
    mine = [*(item.pk for item in items), *others[:ITEMS]]
    PlanItem.objects.filter(pk__in=mine).update(executor=executor(raion))
    ask = services.ask_due_change(items[1], to=today + 40 * DAY, reason="Құрал-жабдық кешікті", today=today, by=by)
    standing = Commission.objects.filter(unit=ahead.holder).order_by("-pk")[0]
    demanded = [
        services.register_demand(
            raion, place=place, received_on=today - DAY, today=today, by=by,
            values={"who": "Ауыл тұрғындары", "people": 40, "text": "Ауызсу тапшы, кездесу қажет"},
        )
        for place in Territory.objects.filter(path__startswith=raion.path).order_by("code")[:DEMANDS]
    ]  # fmt: skip
    return {
        "use": use.pk,
        "point": point.pk,
        "commission": standing.pk,
        "ahead_issue": Issue.objects.filter(meeting=ahead).order_by("pk")[0].pk,
        "request": ahead.requests.filter(origins=None).order_by("pk")[0].pk,
        "issue": items[0].issue_id,
        "item": items[0].pk,
        "ask": ask.pk,
        "reception": Reception.objects.filter(meeting=held).order_by("pk")[0].pk,
        "frozen": PublishedVersion.objects.filter(meeting=held, what="list").order_by("pk")[0].pk,
        "demand": demanded[0].pk,
    }


def of_the_offices(region, raion, today: dt.date) -> dict[str, Any]:
    """A topic of the region, the quarterly information of an office, an issue that went to a central body."""
    from issues.models import CentralRouting, QuarterlyReport
    from issues.services.topics import add_topic
    from territories.scope import clock

    names = {"name_kk": "Су құбыры", "name_ru": "Водопровод", "name_en": "Water"}
    topic = add_topic(region, values=names, by=clock("benchmark", at(today)))
    reports = QuarterlyReport.objects.filter(unit__path__startswith=raion.path, state="frozen")
    routed = CentralRouting.objects.filter(issue__unit__path__startswith=region.path)
    return {
        "topic": topic.pk,
        "quarter": reports.order_by("pk")[0].pk,
        "routing": routed.filter(organisation=ministry_staff().organisation).order_by("pk")[0].pk,
    }


def of_the_ledger(region, today: dt.date, by, admin) -> dict[str, Any]:
    """Evidence that a person recorded, a stage of reminders, a reading that was chosen for the region."""
    from deadlines.models import Duty, Stage
    from deadlines.services import record_evidence
    from deadlines.services.evidence import Proof
    from deadlines.services.readings import Choice, choose

    duty = Duty.objects.waiting().filter(region=region, rule_id="826-3.5.a1").order_by("pk")[0]
    proof = Proof("REC", today, note="Қабылдау өтті, 12 азамат келді")
    evidence = record_evidence(duty, proof, seen_version=duty.version, today=today, by=by)
    choice = choose(
        Choice("until_edge", "inclusive", region, dt.date(today.year + 1, 1, 1), None, "№ 1", "Түсіндірме"),
        by=admin,
    )
    return {"evidence": evidence.pk, "stage": Stage.objects.order_by("pk")[0].pk, "choice": choice.pk}


def of_the_tree(region, admin) -> dict[str, Any]:
    """Units in each state that a form changes, a body with its mailbox, and an edition that waits for answers."""
    from territories.kato.reading import read
    from territories.models import Mailbox, Organisation, Territory
    from territories.models.organisations import OrganisationKind
    from territories.services import editions, units

    below = Territory.objects.filter(path__startswith=region.path, valid_to=None)
    villages = list(below.filter(kind="village").order_by("-code")[:2])
    city = Territory.objects.filter(kind="city_rep", valid_to=None).order_by("code")[0]
    area = Territory.objects.filter(parent=city, kind="raion_in_city", valid_to=None).order_by("code")[0]
    microraion = units.add_microraion(
        area, name_kk="Самал", name_ru="Самал", valid_from=dt.date(2022, 3, 3), valid_to=None, by=admin
    )
    excluded = units.exclude(villages[1], reason="Мәртебесі жоқ", by=admin, seen_version=villages[1].version)
    body = Organisation.objects.get(kind=OrganisationKind.MASLIKHAT, territory=region)
    lines = frame.CLASSIFIER.read_text(encoding="utf-8").splitlines()
    # Every fiftieth place is not named in the next edition, and every fortieth has another name.
    kept = [line for number, line in enumerate(lines) if number % 50 or ",settlement," not in line]
    named = [f"{line} жаңа" if number and number % 40 == 0 else line for number, line in enumerate(kept)]
    table = read("\n".join(named).encode(), "kato_next.csv")
    draft = editions.open_draft(table, by=admin, as_of=dt.date(2027, 6, 1))
    return {
        "village": villages[0].pk,
        "excluded": excluded.pk,
        "city": area.pk,
        "microraion": microraion.pk,
        "body": body.pk,
        "mailbox": Mailbox.objects.filter(organisation=body).order_by("pk")[0].pk,
        "draft": draft.pk,
    }


def of_the_government(calendar, reviewer, today: dt.date, by) -> dict[str, Any]:
    """The calendars of the regions as they were sent to the Administration, and an export that somebody asked for."""
    from reporting.exports.models import ExportJob, ExportState
    from reporting.submissions import contents, services
    from reporting.submissions.models import Kind
    from territories.models import Organisation
    from territories.models.organisations import OrganisationKind
    from territories.scope import Who

    who = Who(user=reviewer.user, post=reviewer)
    found = contents.calendars(calendar.year, who=who, today=today)
    addressee = Organisation.objects.filter(kind=OrganisationKind.ADMINISTRATION).order_by("key")[0]
    sent = services.register(
        Kind.CALENDARS, addressee, calendar.year, 0, found,
        letter_number="12-1", letter_date=today, confirmed=True, seen=found.sha256, today=today, by=who,
    )  # fmt: skip
    export = ExportJob.objects.create(
        kind="issues", year=calendar.year, language="kk", form="csv", state=ExportState.QUEUED,
        asked_by=by.user, asked_under=by.post,
    )  # fmt: skip
    return {"sent": sent.pk, "export": export.pk, "ministry": ministry_staff().organisation_id}


def of_files(calendar, raion, today: dt.date, by) -> dict[str, Any]:
    """The year's workbook brought again and read, and a table of requests."""
    import io

    from calendars import exporting
    from calendars.services import importing
    from calendars.workbook import guard
    from issues.services import importing as bringing
    from territories.models import Territory

    content = exporting.workbook(calendar, "kk")
    inspection = guard.inspect(io.BytesIO(content), "calendar.xlsx")
    job = importing.receive(calendar, inspection, by=by)
    importing.read(job.pk, today=today, inspection=inspection)
    places = Territory.objects.filter(path__startswith=raion.path, kind="village", valid_to=None).order_by("code")
    names = list(places.values_list("name_kk", flat=True))
    rows = [f"{today:%d.%m.%Y};Хат;{names[n % len(names)]};{n}-көшеде жарық жоқ, кешке қараңғы" for n in range(ROWS)]
    table = "\n".join(["Түскен күні;Арна;Орны;Не сұралады", *rows]).encode()
    tables = [
        bringing.receive(guard.inspect(table, "requests.csv"), kind="requests", unit=raion, by=by) for _n in range(2)
    ]
    _first, layout = bringing.first_look(tables[0])
    bringing.choose_columns(tables[0], layout, by=by)
    bringing.work(tables[0].pk, today=today)
    return {"job": job.pk, "table": tables[0].pk, "columns": tables[1].pk}
