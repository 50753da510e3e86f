"""The kept figures of the desk never lag behind the rows, whatever happens to them and through whichever door."""

import datetime as dt
import random
import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from calendars.models import Meeting
from deadlines.models import Duty
from deadlines.services import sweep
from issues.models import Closing, DueChange, Issue, PlanItem, QuarterlyReport
from reporting.desk import keeping, triggers
from reporting.desk.figures import added_up, as_of, members, series
from reporting.desk.models import Cell, Change, Mark
from territories.models import Territory

from .. import factories
from ..issues import factories as raised_by

YEAR = 2026
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAYS = [dt.date(YEAR, month, 15) for month in (2, 4, 6, 9, 12)]


@pytest.fixture
def offices(land):
    """Meetings of two okrugs, one issue with its promise in each, and everything counted."""
    calendar = factories.calendar(land.O, YEAR)
    factories.calendar(land.N, YEAR)
    for holder, place in ((land.A, land.a1), (land.B, land.b1), (land.R, land.C)):
        for month in (2, 3, 4):
            factories.meeting(calendar, holder, place, dt.date(YEAR, month, 10))
    sweep(dt.date(YEAR, 2, 1), [YEAR])
    for holder, place in ((land.A, land.a1), (land.B, land.b1)):
        meeting = Meeting.objects.filter(holder=holder).order_by("date")[0]
        raised_by.item(raised_by.issue(holder, place=place, meeting=meeting))
    keeping.refresh()
    return land


def told(rows) -> dict:
    return {place: figures for place, figures in rows.items() if any(vars(figures).values())}


def assert_same_everywhere(land) -> None:
    for unit in (None, land.O, land.R):
        chosen = members(unit, dt.date(YEAR, 3, 1))
        for day in DAYS:
            assert told(as_of(chosen, YEAR, day)) == told(added_up(chosen, YEAR, day)), (unit, day)
        assert series(chosen, YEAR, DAYS)[-1].raised == sum(
            row.raised for row in added_up(chosen, YEAR, DAYS[-1]).values()
        )


class Life:
    """Changes drawn by chance, in bulk and one by one, as a click, an import or a hand in the database makes them."""

    def __init__(self, seed: int, land) -> None:
        self.rng, self.land = random.Random(seed), land

    def day(self) -> dt.date:
        return dt.date(YEAR, 1, 1) + dt.timedelta(days=self.rng.randrange(364))

    def one(self, rows):
        return rows.order_by("pk")[self.rng.randrange(rows.count())]

    def meeting_held(self):
        chosen = self.one(Meeting.objects.all())
        Meeting.objects.filter(pk=chosen.pk).update(state="held", held_on=self.day())

    def meetings_cancelled(self):
        Meeting.objects.filter(date__month=self.rng.randint(2, 4)).update(state="cancelled", held_on=None)

    def meetings_back_in_the_plan(self):
        Meeting.objects.filter(state="cancelled").update(state="planned", announced_on=self.day())

    def swept(self):
        sweep(self.day(), [YEAR])

    def duties_met(self):
        Duty.objects.filter(year=YEAR, rule_id=self.one(Duty.objects.all()).rule_id).update(
            met_on=self.day(), noted_on=self.day()
        )

    def duty_dropped(self):
        Duty.objects.filter(pk=self.one(Duty.objects.filter(due_on__isnull=False)).pk).delete()

    def issue_raised(self):
        holder, place = self.rng.choice([(self.land.A, self.land.a1), (self.land.B, self.land.b1)])
        meeting = Meeting.objects.filter(holder=holder).order_by("date")[0]
        issue = raised_by.issue(holder, place=place, meeting=meeting)
        Issue.objects.filter(pk=issue.pk).update(raised_on=self.day())

    def item_promised(self):
        issue = self.one(Issue.objects.all())
        item = PlanItem.objects.order_by("pk")[0]
        item.pk, item.issue, item.first_due_on, item._state.adding = None, issue, self.day(), True
        item.save(force_insert=True)
        Issue.objects.filter(pk=issue.pk).update(due_on=self.day())

    def item_taken_out(self):
        PlanItem.objects.filter(pk=self.one(PlanItem.objects.all()).pk).update(state="dropped")

    def new_day_granted(self):
        item, was = self.one(PlanItem.objects.all()), self.day()
        row = DueChange.objects.create(
            item=item, unit=item.unit, region=item.region, was=was, to=was + dt.timedelta(days=30), reason="кешікті",
            state="granted", decided_on=self.day(),
        )  # fmt: skip
        Issue.objects.filter(pk=item.issue_id).update(due_on=row.to)

    def issue_closed(self):
        issue, day = self.one(Issue.objects.all()), self.day()
        if Closing.objects.filter(issue=issue, reopened_on=None).exists():
            Closing.objects.filter(issue=issue, reopened_on=None).update(reopened_on=day)
            Issue.objects.filter(pk=issue.pk).update(state="in_work", closed_on=None)
        else:
            kind = self.rng.choice(("done", "explained", "declined"))
            Closing.objects.create(
                issue=issue, unit=issue.unit, region=issue.region, kind=kind, on=day, text_kk="жасалды"
            )
            Issue.objects.filter(pk=issue.pk).update(state=kind, closed_on=day)

    def issues_joined(self):
        one, other = self.one(Issue.objects.all()), self.one(Issue.objects.all())
        if one != other:
            Issue.objects.filter(pk=one.pk).update(joined_into=other)

    def report_frozen(self):
        unit, quarter = self.rng.choice((self.land.A, self.land.B)), self.rng.randint(1, 4)
        row, _new = QuarterlyReport.objects.get_or_create(unit=unit, region=self.land.O, year=YEAR, quarter=quarter)
        if row.state == "draft":
            frozen = {"state": "frozen", "frozen_at": raised_by.at(self.day())}
            QuarterlyReport.objects.filter(pk=row.pk).update(**frozen)

    def folded(self):
        keeping.keep()

    def undone(self):
        try:
            with transaction.atomic():
                self.meeting_held()
                self.issue_raised()
                raise ArithmeticError
        except ArithmeticError:
            pass

    def go_on(self) -> str:
        names = [name for name in vars(Life) if not name.startswith("_") and name not in ("day", "one", "go_on")]
        name = self.rng.choice(sorted(names))
        getattr(self, name)()
        return name


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_every_reader_sees_what_the_rows_say(offices, seed):
    life = Life(seed, offices)
    for _round in range(3):
        for _change in range(10):
            life.go_on()
        assert keeping.is_kept()
        assert_same_everywhere(offices)
        assert keeping.differences() == {YEAR: 0}
    keeping.keep()
    assert not Change.objects.exists()
    assert not Mark.objects.exists()
    assert_same_everywhere(offices)


def test_a_change_is_seen_at_once_and_a_spoilt_cell_is_found(offices):
    region = [row for row in members(None, DAYS[0]) if row.unit == offices.O]
    Meeting.objects.filter(holder=offices.A).update(state="held")
    assert as_of(region, YEAR, DAYS[-1])[offices.O.pk, True].held == 3

    Cell.objects.filter(unit=offices.O).update(held=9)
    assert keeping.differences()[YEAR] > 0
    call_command("check_desk", "--mend")
    assert as_of(region, YEAR, DAYS[-1])[offices.O.pk, True].held == 3


def test_a_unit_that_goes_elsewhere_is_counted_where_it_is_now(offices):
    Territory.objects.filter(pk=offices.A.pk).update(parent=offices.K, path=f"{offices.K.path}{offices.A.pk}/")
    Meeting.objects.filter(holder=offices.A).update(state="held")
    assert not keeping.is_kept()
    assert_same_everywhere(offices)

    keeping.keep()

    assert keeping.is_kept()
    assert_same_everywhere(offices)
    assert keeping.differences() == {YEAR: 0}


def test_a_page_asks_no_more_while_much_was_told_since(offices, django_assert_num_queries):
    chosen = members(None, DAYS[0])
    with django_assert_num_queries(2):
        as_of(chosen, YEAR, DAYS[-1])
    Issue.objects.update(due_on=dt.date(YEAR, 3, 3))
    Meeting.objects.update(state="held")
    with django_assert_num_queries(2):
        as_of(chosen, YEAR, DAYS[-1])


def test_issues_that_come_together_stand_on_the_desk_at_once(offices, django_assert_num_queries):
    land, day = offices, dt.date(YEAR, 3, 1)
    regions, oblast = members(None, DAYS[-1]), (land.O.pk, True)
    before = as_of(regions, YEAR, DAYS[-1])[oblast].raised
    new = [Issue(unit=land.A, region=land.O, place=land.a1, number=n, year=YEAR, raised_on=day, text_kk="жол")
           for n in range(100, 140)]  # fmt: skip
    with django_assert_num_queries(1):
        Issue.objects.bulk_create(new)
    assert set(Mark.objects.values_list("pk", flat=True)) >= {issue.pk for issue in new}
    assert as_of(regions, YEAR, DAYS[-1])[oblast].raised == before + len(new)
    keeping.keep()
    assert_same_everywhere(land)
    assert keeping.differences() == {YEAR: 0}


def test_a_whole_year_of_duties_that_comes_at_once_is_counted_from_the_rows_until_it_is_added_up(offices):
    columns = ", ".join(f.column for f in Duty._meta.concrete_fields if f.column not in ("id", "due_on", "late_after"))
    many = (
        f"INSERT INTO deadlines_duty (id, due_on, late_after, {columns}) SELECT n, '{YEAR}-03-01'::date + n %% 200,"
        f" '{YEAR}-03-02'::date + n %% 200, {columns} FROM (SELECT * FROM deadlines_duty WHERE due_on IS NOT NULL"
        " ORDER BY id LIMIT 1) one, generate_series(1, %s) n"
    )
    with connection.cursor() as cursor:
        cursor.execute(many, [triggers.MOST_TOLD + 1])
    assert not keeping.is_kept()
    assert not Change.objects.exists()
    assert_same_everywhere(offices)

    keeping.keep()

    assert keeping.is_kept()
    assert_same_everywhere(offices)
    assert keeping.differences() == {YEAR: 0}


def test_the_database_knows_the_triggers_that_the_program_describes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE proname LIKE %s OR proname LIKE %s", ["%_desk", "reporting_mark%"]
        )
        known = {" ".join(row[0].split()) for row in cursor.fetchall()}
    described = {" ".join(text.split("$$")[1].split()) for text in triggers.statements() if "$$" in text}
    assert described == known, "changes.py or triggers.py says something else: a migration must set the triggers again"


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_somebody_is_just_changing_waits_for_the_next_time(offices):
    """Without the lock of the mark the fold would add what the issue said before, and nobody would hear of the rest."""
    issue = Issue.objects.order_by("pk")[0]
    Issue.objects.filter(pk=issue.pk).update(due_on=dt.date(YEAR, 4, 1))
    changed, folded = threading.Event(), threading.Event()

    def somebody() -> None:
        try:
            with transaction.atomic():
                Issue.objects.filter(pk=issue.pk).update(due_on=dt.date(YEAR, 2, 1), raised_on=dt.date(YEAR, 1, 20))
                changed.set()
                folded.wait(20)
        finally:
            connection.close()

    person = threading.Thread(target=somebody)
    person.start()
    assert changed.wait(20)
    keeping.fold()
    folded.set()
    person.join()

    assert Mark.objects.filter(pk=issue.pk).exists()
    assert_same_everywhere(offices)
    keeping.fold()
    assert not Mark.objects.exists()
    assert_same_everywhere(offices)
