"""What a region does with its calendar in a replayed year, and by whom."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt

from calendars import simulation
from calendars.models import Calendar, CalendarVersion, Meeting, MeetingState, Submission
from calendars.models.submission import SubmissionState
from territories.models import Mailbox, Organisation, Post, Role, Territory, User
from territories.models.organisations import OrganisationKind
from territories.models.people import SECOND_FACTOR_ROLES
from territories.scope import Who

from .course import DAY, working
from .offices import Offices

#: Accounts of a replay; nobody can log in to them.
DOMAIN = "replay.example"
FIRST_DAY = dt.date(2022, 3, 3)
#: Of 100 regions: so many approve or submit late, get their calendar back, never hear from the maslikhat.
LATE, RETURNED, SILENT = 8, 12, 10
#: Month and day from which a correction takes up what has changed since the last version.
CORRECTIONS = ((4, 12), (9, 10))


class Region:
    """One region: its people, its calendar, and what it does on which day."""

    def __init__(self, unit: Territory, year: int, seed: int, offices: Offices) -> None:
        self.unit, self.year, self.seed, self.offices = unit, year, seed, offices
        self.rng = random.Random(f"{seed}-{unit.code}-{year}")  # noqa: S311
        self.people = people_of(unit)
        self.calendar: Calendar | None = None
        self.agenda: defaultdict[dt.date, list[str]] = defaultdict(list)
        self.numbers = 0

    def plan(self, moment: dt.datetime) -> int:
        """Plan the year beforehand; answers how many meetings the calendar has."""
        self.calendar = simulation.plan_year(self.unit, self.year, rng=self.rng, people=self.people.at(moment))
        first = dt.date(self.year, 1, 1)
        approved = working(first + DAY * (self.share(LATE, (16, 20), (7, 13)) - 1))
        self.agenda[approved].append("approve")
        for month, day in CORRECTIONS:
            self.agenda[working(dt.date(self.year, month, day))].append("correct")
        return self.calendar.meetings.count()

    def share(self, percent: int, then: tuple[int, int], otherwise: tuple[int, int]) -> int:
        return self.rng.randint(*(then if self.rng.randrange(100) < percent else otherwise))

    def play(self, day: dt.date, moment: dt.datetime) -> None:
        people = self.people.at(moment)
        for verb in self.agenda.pop(day, ()):
            getattr(self, verb)(day, people)
            self.offices.counts[verb] += 1

    def approve(self, day: dt.date, people: simulation.People) -> None:
        assert self.calendar is not None
        self.version(day, people)
        self.offices.take(self.calendar, day)
        self.agenda[working(day + DAY * self.share(LATE, (12, 16), (1, 4)))].append("submit")

    def version(self, day: dt.date, people: simulation.People) -> CalendarVersion:
        assert self.calendar is not None
        self.numbers += 1
        version = simulation.approve(self.calendar, number=self.numbers, today=day, people=people)
        self.offices.touched.discard(self.calendar.pk)
        if self.rng.randrange(100) >= SILENT:
            self.agenda[working(day + DAY * self.rng.randint(1, 3))].append("acknowledge")
        return version

    def acknowledge(self, day: dt.date, people: simulation.People) -> None:
        simulation.acknowledge(self.newest(), people=people)

    def submit(self, day: dt.date, people: simulation.People) -> None:
        simulation.send(self.newest(), today=day, people=people)
        self.agenda[working(day + 3 * DAY)].append("review")

    def review(self, day: dt.date, people: simulation.People) -> None:
        """The Government takes the calendar; a few get the first version back and correct it."""
        submission = Submission.objects.filter(
            version__calendar=self.calendar, state=SubmissionState.SUBMITTED
        ).select_related("version")[0]
        returned = submission.version.number == 1 and self.rng.randrange(100) < RETURNED
        simulation.review(submission, accepted=not returned, today=day, people=people)
        if returned:
            self.agenda[working(day + 4 * DAY)].append("amend")

    def amend(self, day: dt.date, people: simulation.People) -> None:
        """What the Government asked for: one meeting goes to another day, and the next version is sent."""
        rows = Meeting.objects.filter(calendar=self.calendar, state=MeetingState.PLANNED, date__gt=day + 60 * DAY)
        meeting = rows.select_related("calendar__region", "holder", "place").order_by("number").first()
        if meeting is None:
            return
        self.offices.courses[meeting.pk].moves_by = 7
        self.offices.move([meeting], day, people.editor)
        self.version(day, people)
        self.agenda[working(day + DAY)].append("submit")

    def correct(self, day: dt.date, people: simulation.People) -> None:
        assert self.calendar is not None
        if self.calendar.pk in self.offices.touched:
            self.version(day, people)

    def newest(self) -> CalendarVersion:
        assert self.calendar is not None
        return self.calendar.versions.select_related("calendar__region")[0]


def people_of(unit: Territory) -> simulation.People:
    """The people of a region, made where there are none; so is an address of its maslikhat."""
    body = Organisation.objects.filter(kind=OrganisationKind.MASLIKHAT, territory=unit).order_by("key").first()
    if body is not None and not Mailbox.objects.filter(organisation=body, active=True).exists():
        Mailbox.objects.create(organisation=body, address=f"maslikhat.{unit.code}@{DOMAIN}")
    below = Territory.objects.filter(parent=unit, own_akim=True, valid_to=None).order_by("code").first()
    return simulation.People(
        editor=person(Role.REGION_EDITOR, unit),
        approver=person(Role.REGION_APPROVER, unit),
        reviewer=reviewer(),
        office=person(Role.OFFICE_STAFF, below) if below else None,
        secretary=person(Role.MASLIKHAT, unit) if body else None,
    )


def reviewer() -> Who:
    """Who reads the calendars of all regions for the Government; made before several processes ask for him."""
    government = Organisation.objects.filter(kind=OrganisationKind.GOVERNMENT).order_by("key").first()
    return person(Role.GOVERNMENT, None, government)


def person(role: Role, unit: Territory | None, body: Organisation | None = None) -> Who:
    """The account of a replay in a role."""
    email = f"{role}.{unit.code if unit else 'nation'}@{DOMAIN}"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    if role in SECOND_FACTOR_ROLES and not Authenticator.objects.filter(user=user).exists():
        # A secret that nobody has ever seen: the rule is kept, and nobody can log in.
        data = {"secret": encrypt(generate_totp_secret())}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    rows = Post.objects.select_related("user", "territory", "organisation__territory")
    post = rows.filter(user=user, role=role).first() or Post.objects.create(
        user=user, role=role, territory=unit, organisation=body, valid_from=FIRST_DAY
    )
    return Who(user=user, post=post)
