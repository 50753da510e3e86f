"""Where a region's calendar stands on its way from draft to acceptance, and what is to be done next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext, pgettext

from deadlines.legal import LegalDay, Question
from deadlines.readings import readings_of
from journal import dates
from journal.models import Notice
from law import workdays
from law.deadlines import DueDates
from law.deadlines import dates as due_dates
from law.readings import Readings
from law.register import NoRuleInForce, rule
from law.zones import civil_day
from territories.scope import Who

from . import coverage, rules
from .coverage import LineTotal
from .difference import Difference, compared_before, difference, frozen
from .models import Calendar, CalendarVersion, MaslikhatNotice, Submission, VersionRow
from .models.submission import SubmissionState
from .services.approval import freezable, proposals, reasons_of
from .services.notify import LinkState, link_state, maslikhat_of

APPROVE, NOTIFY, CORRECT, SUBMIT = "826-2.1.h2", "826-2.1.h3", "826-2.1.f2", "826-2.2.h1"


@dataclass(frozen=True)
class Delivery:
    """How far one letter got: a state for the badge, the words, and what the office should do."""

    state: str
    label: str
    advice: str = ""
    at: dt.datetime | None = None

    @property
    def reached(self) -> bool:
        """The mail server took it and it did not come back."""
        return self.state == "sent"


class Progress:
    """One calendar as its approval page tells it. Reads lazily; the whole page is a constant number of queries.

    `versions` are those that the reader may see, the newest first. The draft is told only to the
    region itself and to the administrator.
    """

    def __init__(self, calendar: Calendar, versions: Sequence[CalendarVersion], today: dt.date, who: Who) -> None:
        self.calendar = calendar
        self.versions = versions
        self.today = today
        self.who = who
        self.sees_draft = rules.of_region(who, calendar) or who.is_administrator

    @property
    def newest(self) -> CalendarVersion | None:
        return self.versions[0] if self.versions else None

    @cached_property
    def row_count(self) -> int:
        return self.calendar.meetings.in_calendar().count()

    @cached_property
    def proposals(self) -> int:
        return proposals(self.calendar).count()

    @cached_property
    def lines(self) -> list[LineTotal]:
        return coverage.region_totals(self.calendar.region, self.calendar.year)

    @cached_property
    def total(self) -> LineTotal:
        return coverage.sum_up(self.lines)

    @cached_property
    def pending(self) -> Difference:
        """What was changed since the newest version and waits for a correction."""
        if self.newest is None or not self.sees_draft:
            return Difference()
        return pending(self.calendar, self.newest)

    @cached_property
    def notices(self) -> list[MaslikhatNotice]:
        if self.newest is None:
            return []
        rows = self.newest.notices.select_related("notice", "maslikhat", "version__calendar").order_by("pk")
        return list(rows)

    @cached_property
    def reachable(self) -> bool:
        """Is there anybody of the maslikhat to write to?"""
        if self.newest is None:
            return True
        return any(row.revoked_at is None and row.notice_id for row in self.notices) or self.acknowledged is not None

    @cached_property
    def maslikhat(self) -> Any:
        return maslikhat_of(self.newest, self.today) if self.newest else None

    @cached_property
    def acknowledged(self) -> MaslikhatNotice | None:
        """The first acknowledgement of the newest version."""
        done = [(row.acknowledged_at, row.pk, row) for row in self.notices if row.acknowledged_at]
        return min(done)[2] if done else None

    @cached_property
    def delivered(self) -> MaslikhatNotice | None:
        """The first letter of the newest version that the mail server accepted."""
        rows = [row for row in self.notices if delivery(row.notice).reached]
        sent = [(row.notice.sent_at, row.pk, row) for row in rows if row.notice and row.notice.sent_at]
        return min(sent)[2] if sent else None

    @property
    def delivered_on(self) -> dt.date | None:
        """The civil day on which the mail server accepted the first letter."""
        row = self.delivered
        return self.civil(row.notice.sent_at) if row and row.notice and row.notice.sent_at else None

    def civil(self, moment: dt.datetime) -> dt.date:
        """The civil day of an instant in the region's zone."""
        return civil_day(moment, self.calendar.region.time_zone)

    @cached_property
    def submissions(self) -> list[Submission]:
        """Submissions that the reader may see, the newest first."""
        visible = Submission.objects.visible_to(self.who).filter(version__calendar=self.calendar)
        rows = visible.select_related("version", "decided_by")
        return list(rows)

    @property
    def submission(self) -> Submission | None:
        """What became of the newest version at the Government, if it was sent."""
        return next((s for s in self.submissions if self.newest and s.version_id == self.newest.pk), None)

    @cached_property
    def due(self) -> Mapping[str, LegalDay]:
        return due_days(self.calendar, self.met())

    def met(self) -> dict[str, dt.date]:
        """Civil days on which the steps were first done."""
        first = self.versions[-1] if self.versions else None
        found = {}
        if first is not None:
            found[APPROVE] = self.civil(first.approved_at)
        if self.delivered_on is not None:
            found[NOTIFY] = self.delivered_on
        if self.submissions:
            found[SUBMIT] = self.civil(self.submissions[-1].submitted_at)
        return found

    # -- The line of steps ------------------------------------------------------------------------
    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """draft → approved → notified → acknowledged → submitted → accepted, for `_steps.html`."""
        newest, submission = self.newest, self.submission
        rows = [
            (pgettext("step of a calendar", "Draft"), self.draft_note(), bool(newest), ""),
            (pgettext("step of a calendar", "Approved"), self.approved_note(), bool(newest), APPROVE),
            (
                pgettext("step of a calendar", "Maslikhat notified"),
                self.notified_note(),
                self.delivered is not None,
                NOTIFY,
            ),
            (
                pgettext("step of a calendar", "Acknowledged"),
                self.acknowledged_note(),
                self.acknowledged is not None,
                "",
            ),
            (
                pgettext("step of a calendar", "Submitted to the Government"),
                self.submitted_note(),
                bool(submission),
                SUBMIT,
            ),
            (
                pgettext("step of a calendar", "Accepted"),
                self.accepted_note(),
                bool(submission and submission.state == SubmissionState.ACCEPTED),
                "",
            ),
        ]
        found: list[dict[str, Any]] = []
        now_given = False
        for index, (name, note, done, rule_id) in enumerate(rows):
            state = "done" if done else "next"
            unsent = index == 2 and newest and not self.waiting_letters
            returned = index == 5 and submission and submission.state == SubmissionState.RETURNED
            if not done and (unsent or returned):
                state = "failed"
            elif not done and not now_given and index != 3:
                # The acknowledgement is the maslikhat's to give; it holds nothing up.
                state, now_given = "now", True
            # Of a step that is not taken yet the page says by which day it is owed.
            day = None if note else self.due.get(rule_id)
            found.append({"name": name, "note": note, "state": state, "day": day})
        return found

    @cached_property
    def waiting_letters(self) -> bool:
        """Is a letter of the newest version still on its way?"""
        return any(delivery(row.notice).state in ("queued", "sending", "doubtful") for row in self.notices)

    def draft_note(self) -> str:
        if not self.sees_draft:
            return ""
        text = gettext("%(rows)s meetings, %(planned)s of %(required)s required")
        values = {
            "rows": dates.number(self.row_count),
            "planned": dates.number(self.total.planned),
            "required": dates.number(self.total.required),
        }
        return text % values

    def approved_note(self) -> str:
        if self.newest is None:
            return ""
        text = gettext("version %(number)s, order No. %(order)s, %(day)s")
        day = dates.short_date(self.newest.order_date)
        return text % {"number": self.newest.number, "order": self.newest.order_number, "day": day}

    def notified_note(self) -> str:
        if self.newest is None:
            return ""
        if self.delivered_on is not None:
            return dates.short_date(self.delivered_on)
        if not self.reachable:
            return gettext("no address is known")
        return gettext("on its way") if self.waiting_letters else gettext("not delivered")

    def acknowledged_note(self) -> str:
        row = self.acknowledged
        if row is None or row.acknowledged_at is None:
            return ""
        return f"{dates.short_date(self.civil(row.acknowledged_at))}, {row.acknowledged_name}"

    def submitted_note(self) -> str:
        if self.submission is None:
            return ""
        text = gettext("letter No. %(number)s, %(day)s")
        day = dates.short_date(self.submission.letter_date)
        return text % {"number": self.submission.letter_number, "day": day}

    def accepted_note(self) -> str:
        submission = self.submission
        if submission is None or submission.decided_at is None:
            return ""
        day = dates.short_date(self.civil(submission.decided_at))
        if submission.state == SubmissionState.RETURNED:
            return gettext("returned with remarks, %(day)s") % {"day": day}
        return gettext("incoming No. %(number)s, %(day)s") % {"number": submission.incoming_number, "day": day}


def pending(calendar: Calendar, newest: CalendarVersion) -> Difference:
    """What differs between the working rows and a version; read again only when something has changed."""
    [(found,)] = compared_before.of((newest.pk, "pending"), lambda: [(read_pending(calendar, newest),)])
    return found


def read_pending(calendar: Calendar, newest: CalendarVersion) -> Difference:
    """As `pending`; only rows touched since are read."""
    touched = set(calendar.meetings.filter(updated_at__gt=newest.approved_at).values_list("pk", flat=True))
    if not touched:
        return Difference()
    was = dict(VersionRow.objects.filter(version=newest, meeting__in=touched).values_list("meeting_id", "data"))
    became = frozen(freezable(calendar).filter(pk__in=touched))
    return difference(was, became, reasons_of(calendar, was.keys() - became.keys()))


def due_days(calendar: Calendar, met: Mapping[str, dt.date] | None = None) -> dict[str, LegalDay]:
    """Approve, notify, submit: their days in the calendar's year under the region's readings.

    Empty for a year whose rules or days off are not held.
    """
    first = dt.date(calendar.year, 1, 1)
    readings = readings_of(calendar.region_id, first)
    found: dict[str, LegalDay] = {}
    for rule_id in (APPROVE, NOTIFY, SUBMIT):
        counted = counted_days(rule_id, calendar.year, readings)
        if counted is None:
            continue
        question = Question(rule(rule_id, first), {"year": calendar.year}, calendar.region_id, first)
        found[rule_id] = question.day(counted, met_on=(met or {}).get(rule_id))
    return found


def counted_days(rule_id: str, year: int, readings: Readings) -> DueDates | None:
    """The dates of a yearly duty; None for a year whose rules or days off are not held."""
    try:
        return due_dates(rule(rule_id, dt.date(year, 1, 1)), {"year": year}, readings, workdays)
    except (NoRuleInForce, workdays.YearMissing):
        return None


def delivery(notice: Notice | None) -> Delivery:
    """A letter's way in words, from the outbox; never from what the addressee's program answers by itself."""
    if notice is None:
        return Delivery(
            "failed",
            gettext("The letter could not be written"),
            gettext("Correct the address and send the notice again."),
        )
    if notice.bounced_at:
        return Delivery(
            "failed",
            gettext("Came back undelivered"),
            gettext("The addressee's server did not deliver it. Ask the maslikhat for an address that works."),
            notice.bounced_at,
        )
    state = Notice.State(notice.state)
    if state == Notice.State.SENT:
        return Delivery("sent", gettext("Accepted by the mail server"), at=notice.sent_at)
    if state == Notice.State.FAILED:
        advice = gettext("The mail server refused it for good. Check the address and send again, or deliver on paper.")
        return Delivery("failed", str(state.label), advice)
    if state == Notice.State.DOUBTFUL:
        advice = gettext("It may have arrived; this is being cleared up by itself.")
        return Delivery("doubtful", str(state.label), advice)
    if state in (Notice.State.HELD, Notice.State.CANCELLED):
        return Delivery("cancelled", str(state.label), gettext("Mail is held back; the administrator releases it."))
    return Delivery("sending" if state in Notice.IN_HAND else "queued", str(state.label))


def notice_lines(progress: Progress, now: dt.datetime) -> list[dict[str, Any]]:
    """Every letter of the newest version with its delivery and its link, for the page."""
    words = {
        LinkState.OPEN: gettext("The link works"),
        LinkState.ACKNOWLEDGED: gettext("Acknowledged"),
        LinkState.SUPERSEDED: gettext("Replaced by a newer version"),
        LinkState.REVOKED: gettext("Link ended"),
        LinkState.EXPIRED: gettext("Link expired"),
    }
    lines = []
    for row in progress.notices:
        state = link_state(row, now, replaced=False)
        lines.append({"row": row, "delivery": delivery(row.notice), "link": state.value, "link_words": words[state]})
    return lines
