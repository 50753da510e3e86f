"""Repeatable synthetic data: a small demonstration, a whole oblast, or the nation."""

import datetime as dt
import os
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from akim_meetings.nation.bar import Bar
from akim_meetings.nation.build import YEARS, build, steps, years
from calendars import demo
from calendars.management.commands.required_meetings import calendar_year
from calendars.models import Calendar, CalendarVersion
from calendars.services import approval, notify, submit
from deadlines.services import sweep
from issues.demo import preparing, promises
from journal.delivery import drain
from journal.models import Notice
from territories import demo as demo_tree
from territories import demo_people
from territories.models import Mailbox, Organisation, Post, Role, Territory
from territories.models.organisations import OrganisationKind
from territories.scans import read_scan
from territories.scope import Who, clock, today

#: The oblast of the demonstration.
SHOWN_REGION = "610000000"
SEED = 826
#: The share of next year's required meetings that the demonstration has planned already.
DRAFT_SHARE = 0.8
#: A one-page PDF that stands for the signed order.
BLANK_ORDER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


class Command(BaseCommand):
    help = (
        "Create synthetic data. `demo`: a small tree, accounts by role, one region. `oblast`: the calendar of a region"
        " of the loaded tree. `nation`: five years of all offices with issues and duties, on PostgreSQL."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--scale", choices=["demo", "oblast", "nation"], required=True)
        parser.add_argument("--region", default=SHOWN_REGION, help="for --scale oblast: code of the region")
        parser.add_argument("--year", type=calendar_year, help="without it, the year that is being planned now")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument(
            "--classifier", type=Path, help="for --scale nation: the file, or a folder that has it; else AKIM_DATA"
        )
        parser.add_argument(
            "--years", dest="years_", type=int, default=YEARS, help="for --scale nation: so many, up to --year"
        )
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args, scale: str, region: str, year: int | None, seed: int, quiet: bool, **options) -> None:
        self.quiet = quiet
        day = today()
        planned = year or (day.year + 1 if day.month >= 10 else day.year)
        if scale == "demo":
            self.demonstration(day, planned, seed)
            return
        if scale == "nation":
            self.nation(day, planned, seed, **options)
            return
        regions = Territory.objects.regions().filter(valid_to=None, code=region)
        if not regions:
            raise CommandError("No such region is loaded. Load the classifier first: manage.py import_kato FILE.")
        begun = time.monotonic()
        total = 0
        for number, unit in enumerate(regions, start=1):
            _calendar, rows = demo.fill(unit, planned, share=1.0, seed=seed, by=clock("create_demo"))
            total += rows
            self.say(f"[{number}/{len(regions)}] {unit.name_ru}: {rows}")
        self.say(f"{total} meetings of {planned} in {time.monotonic() - begun:.0f} s")

    def nation(self, day: dt.date, planned: int, seed: int, *, years_: int, classifier: Path | None, **options) -> None:
        folder = classifier or (Path(os.environ["AKIM_DATA"]) if os.environ.get("AKIM_DATA") else None)
        if folder is not None and not folder.exists():
            raise CommandError(f"There is no classifier at {folder}.")
        bar = Bar(steps(years_), self.say_on, drawn=self.stdout.isatty())
        found = build(years(planned, years_), today=day, seed=seed, data=folder, bar=bar)
        told = ", ".join(f"{number} {what}" for what, number in found.items())
        bar.end(f"{told} in {time.monotonic() - bar.begun:.0f} s")

    def demonstration(self, day: dt.date, planned: int, seed: int) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts exist only where DEMO=1.")
        demo_tree.load_tree()
        demo_people.load_people()
        self.give_mailbox()
        region = Territory.objects.get(code=SHOWN_REGION, valid_to=None)
        if Calendar.objects.filter(region=region, year=planned).exists():
            return
        with transaction.atomic():
            version = self.past_year(region, day, seed)
            calendar, rows = demo.fill(region, planned, share=DRAFT_SHARE, seed=seed, by=clock("create_demo"))
            for post in Post.objects.filter(role=Role.OFFICE_STAFF, territory__path__startswith=region.path):
                demo.propose_some(calendar, Who(user=post.user, post=post), 3, seed=seed)
            promises.fill(region, today=day, seed=seed, by=clock("create_demo"))
            preparing.fill(region, today=day, seed=seed, by=clock("create_demo"))
        drain()
        put_back_in_time(version)
        sweep(day)
        self.say(f"{rows} meetings of {planned} planned in {region.name_ru}.")

    def give_mailbox(self) -> None:
        """The maslikhat of the shown oblast can be written to."""
        body = Organisation.objects.get(
            kind=OrganisationKind.MASLIKHAT, territory__code=SHOWN_REGION, territory__valid_to=None
        )
        Mailbox.objects.get_or_create(organisation=body, address="maslikhat@demo.example")

    def past_year(self, region: Territory, day: dt.date, seed: int) -> CalendarVersion:
        """This year's calendar: approved, acknowledged, submitted, accepted, and played up to today."""
        calendar, _rows = demo.fill(region, day.year, share=1.0, seed=seed, by=clock("create_demo"))
        version = approval.approve(
            calendar,
            order_number="1-ө",
            order_date=dt.date(day.year, 1, 12),
            scan=read_scan(SimpleUploadedFile("order.pdf", BLANK_ORDER)),
            holes_confirmed=True,
            seen_version=Calendar.objects.get(pk=calendar.pk).version,
            idempotency_key=f"demo-{calendar.pk}",
            today=day,
            by=person(Role.REGION_APPROVER, day),
        ).version
        for notice in version.notices.all():
            secretary = person(Role.MASLIKHAT, day)
            notify.acknowledge(notice, name=str(secretary.user), number="17", by=secretary, now=timezone.now())
        editor, reviewer = person(Role.REGION_EDITOR, day), person(Role.GOVERNMENT, day)
        sent, _new = submit.submit(version, letter_number="3-5/12", letter_date=day, today=day, by=editor)
        submit.accept(sent, incoming_number="214", seen=sent.lock, today=day, by=reviewer)
        demo.play(calendar, until=day, seed=seed)
        return version

    def say_on(self, text: str) -> None:
        """Without an end of the line, and at once."""
        if not self.quiet:
            self.stdout.write(text, ending="")
            self.stdout.flush()

    def say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)


def person(role: Role, day: dt.date) -> Who:
    """The demonstration's account in a role."""
    post = Post.objects.on(day).filter(role=role, user__email__in=[p.email for p in demo_people.CAST])
    found = post.select_related("user", "territory", "organisation__territory").first()
    if found is None:
        raise CommandError(f"The demonstration has nobody in the role {role}.")
    return Who(user=found.user, post=found)


def put_back_in_time(version: CalendarVersion) -> None:
    """What was done just now is told as done in January of the version's year, in the order of the decree."""

    def january(day: int) -> dt.datetime:
        return dt.datetime(version.calendar.year, 1, day, 12, tzinfo=ZoneInfo(settings.TIME_ZONE))

    CalendarVersion.objects.filter(pk=version.pk).update(approved_at=january(12))
    letters = list(version.notices.values_list("notice", flat=True))
    Notice.objects.filter(pk__in=letters).update(created_at=january(12), sent_at=january(12))
    version.notices.update(acknowledged_at=january(13))
    version.submissions.update(letter_date=january(15).date(), submitted_at=january(15), decided_at=january(20))
