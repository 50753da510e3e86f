"""What the calendars tell the ledger of duties: approval, notice, submission, announcements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min
from django.urls import reverse

from deadlines.services import Counts, Fact
from deadlines.services import sync as bring_in_line
from law.register import rule
from territories.models import Territory

from .models import CalendarVersion, MaslikhatNotice, Meeting, MeetingState, Submission

APPROVE, NOTIFY, CORRECT, SUBMIT = "826-2.1.h2", "826-2.1.h3", "826-2.1.f2", "826-2.2.h1"
TWO_WEEKS, ONE_WEEK = "826-3.4.e", "826-3.4.f"
RULES = (APPROVE, NOTIFY, CORRECT, SUBMIT, TWO_WEEKS, ONE_WEEK)
#: From this month on the calendar of the next year is work in hand. A custom, not a rule of the act.
PLANNING_MONTH = 10


def sync(today: dt.date) -> Counts:
    """Bring the ledger in line with the calendars of this year and, from October, of the next."""
    years = [today.year, today.year + 1] if today.month >= PLANNING_MONTH else [today.year]
    regions = list(Territory.objects.regions().on(today).only("pk", "kind"))
    facts = [*yearly(regions, years), *announcements(years)]
    return bring_in_line(facts, rule_ids=RULES, years=years, today=today)


def local_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def yearly(regions: Iterable[Territory], years: list[int]) -> Iterator[Fact]:
    """Approve, notify the maslikhat, submit: once a region and year; a notice for each correction."""
    versions: dict[tuple[int, int], list[CalendarVersion]] = {}
    rows = CalendarVersion.objects.filter(calendar__year__in=years).select_related("calendar").order_by("number")
    for version in rows:
        versions.setdefault((version.calendar.region_id, version.calendar.year), []).append(version)
    told = told_on(years)
    sent = dict(
        Submission.objects.filter(version__calendar__year__in=years)
        .values_list("version__calendar_id")
        .annotate(first=Min("submitted_at"))
        .values_list("version__calendar_id", "first")
    )
    for region in regions:
        for year in years:
            approved = versions.get((region.pk, year), [])
            first = approved[0] if approved else None
            document = {"order": first.order_number, "date": first.order_date.isoformat()} if first else {}
            submitted = sent.get(first.calendar_id) if first else None
            notified = told.get(first.pk) if first else None
            yield yearly_fact(APPROVE, region.pk, year, first.approved_at if first else None, document)
            yield yearly_fact(NOTIFY, region.pk, year, notified, {"version": 1})
            yield yearly_fact(SUBMIT, region.pk, year, submitted, {"submitted": True})
            for version in approved[1:]:
                anchors = {"calendar.corrected_at": local_day(version.approved_at)}
                fact = yearly_fact(CORRECT, region.pk, year, told.get(version.pk), {"version": version.number})
                yield replace(fact, period=f"{year}-v{version.number}", anchors=anchors)


def told_on(years: list[int]) -> dict[int, dt.datetime]:
    """When each version's maslikhat was first known to be notified: a letter accepted and not
    bounced, or an acknowledgement, which proves the notice by whatever way it came."""
    found: dict[int, dt.datetime] = {}
    rows = MaslikhatNotice.objects.filter(version__calendar__year__in=years).values_list(
        "version_id", "notice__sent_at", "notice__bounced_at", "acknowledged_at"
    )
    for version, sent, bounced, acknowledged in rows:
        moments = [acknowledged, None if bounced else sent, found.get(version)]
        if known := [moment for moment in moments if moment]:
            found[version] = min(known)
    return found


def yearly_fact(rule_id: str, region: int, year: int, met: dt.datetime | None, evidence: dict) -> Fact:
    """What a region owes once a year, and by what it was met if it was."""
    return Fact(
        rule_id=rule_id,
        debtor_id=region,
        region_id=region,
        subject_type="calendar",
        subject_id=region,
        period=f"{year}",
        year=year,
        on=dt.date(year, 1, 1),
        anchors={"year": year},
        title_kk=f"{year}",
        title_ru=f"{year}",
        url=f"{reverse('calendars:approval')}?unit={region}&year={year}",
        met_on=local_day(met) if met else None,
        evidence=evidence if met else {},
    )


def announcements(years: list[int]) -> Iterator[Fact]:
    """Each planned meeting is announced two weeks or one week ahead, by the level of its akim."""
    meetings = (
        Meeting.objects.filter(calendar__year__in=years, state__in=(MeetingState.PLANNED, MeetingState.HELD))
        .values_list(
            "pk",
            "calendar__year",
            "calendar__region_id",
            "holder_id",
            "holder__kind",
            "date",
            "place__name_kk",
            "place__name_ru",
            "announced_on",
            "announced_url",
            "off_calendar",
        )
        .order_by("pk")
    )
    one_week = {year: rule(ONE_WEEK, dt.date(year, 1, 1)).bound.akims for year in years}
    link = reverse("calendars:meeting", args=[0])
    for row in meetings.iterator(2000):
        pk, year, region, holder, kind, date, place_kk, place_ru, announced, url, off_calendar = row
        anchors: dict[str, dt.date | int] = {"meeting.date": date}
        if off_calendar:
            anchors["off_calendar"] = 1
        yield Fact(
            rule_id=ONE_WEEK if kind in one_week[year] else TWO_WEEKS,
            debtor_id=holder,
            region_id=region or holder,
            subject_type="meeting",
            subject_id=pk,
            period=f"{year}",
            year=year,
            on=dt.date(year, 1, 1),
            anchors=anchors,
            title_kk=place_kk,
            title_ru=place_ru,
            url=link.replace("/0/", f"/{pk}/"),
            met_on=announced,
            evidence={"url": url} if announced else {},
        )
