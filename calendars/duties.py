"""What the calendars tell the ledger of duties: approval, notice, submission, announcements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from deadlines.services import Counts, Fact, sync as bring_in_line
from django.conf import settings
from django.db.models import Min
from django.urls import reverse
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
    told = dict(
        MaslikhatNotice.objects.filter(version__calendar__year__in=years, notice__sent_at__isnull=False)
        .values_list("version_id")
        .annotate(first=Min("notice__sent_at"))
        .values_list("version_id", "first")
    )
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
            submitted = sent.get(first.calendar_id) if first else None
            notified = told.get(first.pk) if first else None

            def fact(rule_id: str, met: dt.datetime | None, evidence: dict, version: CalendarVersion | None = None) -> Fact:
                anchors: dict[str, dt.date | int] = {"year": year}
                if version is not None:
                    anchors = {"calendar.corrected_at": local_day(version.approved_at)}
                return Fact(
                    rule_id=rule_id,
                    debtor_id=region.pk,
                    region_id=region.pk,
                    subject_type="calendar",
                    subject_id=region.pk,
                    period=f"{year}-v{version.number}" if version else f"{year}",
                    year=year,
                    on=dt.date(year, 1, 1),
                    anchors=anchors,
                    title=f"{year}",
                    url=f"{reverse('calendars:approval')}?unit={region.pk}&year={year}",
                    met_on=local_day(met) if met else None,
                    evidence=evidence,
                )

            document = {"order": first.order_number, "date": first.order_date.isoformat()} if first else {}
            yield fact(APPROVE, first.approved_at if first else None, document)
            yield fact(NOTIFY, notified, {"version": 1} if notified else {})
            yield fact(SUBMIT, submitted, {"submitted": True} if submitted else {})
            for version in approved[1:]:
                met = told.get(version.pk)
                yield fact(CORRECT, met, {"version": version.number} if met else {}, version)


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
            "announced_on",
            "announced_url",
            "off_calendar",
        )
        .order_by("pk")
    )
    one_week = {year: rule(ONE_WEEK, dt.date(year, 1, 1)).bound.akims for year in years}
    link = reverse("calendars:meeting", args=[0])
    for pk, year, region, holder, kind, date, place, announced, url, off_calendar in meetings.iterator(2000):
        anchors: dict[str, dt.date | int] = {"meeting.date": date}
        if off_calendar:
            anchors["off_calendar"] = 1
        yield Fact(
            rule_id=ONE_WEEK if kind in one_week[year] else TWO_WEEKS,
            debtor_id=holder,
            region_id=region,
            subject_type="meeting",
            subject_id=pk,
            period=f"{year}",
            year=year,
            on=dt.date(year, 1, 1),
            anchors=anchors,
            title=place,
            url=link.replace("/0/", f"/{pk}/"),
            met_on=announced,
            evidence={"url": url} if announced else {},
        )
