"""When one is reminded is data of the house: who changes it, what is refused, and when a digest may leave."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from deadlines.models import HouseRules, Stage
from deadlines.quiet import allowed_from, is_quiet
from deadlines.services import ladder
from journal.models import Entry
from territories.services.people.stale import Stale


def values(**more) -> dict:
    return {"offset_days": -5, "audience": "bound", "role": "", "rule_prefix": "", "active": True} | more


def test_the_first_ladder_is_the_one_of_the_house(db):
    offsets = Stage.objects.filter(audience="bound").values_list("offset_days", flat=True)
    assert list(offsets) == [-30, -14, -7, -3, -1, 0, 1, 7]
    assert set(Stage.objects.filter(audience="above").values_list("offset_days", flat=True)) == {1, 7}


def test_an_administrator_adds_a_stage_and_the_journal_knows_it(administrator):
    stage = ladder.add_stage(values=values(rule_prefix="826-3.4"), by=administrator.who)
    assert stage.code == "-5.1"
    entry = Entry.objects.get(action="stage.added")
    assert (entry.became["offset_days"], entry.became["rule_prefix"]) == (-5, "826-3.4")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"offset_days": -181}, "offset_days"),
        ({"offset_days": 61}, "offset_days"),
        ({"offset_days": 0, "audience": "above"}, "offset_days"),
        ({"rule_prefix": "826-9"}, "rule_prefix"),
        ({"offset_days": -7}, "offset_days"),
    ],
)
def test_a_stage_that_would_say_nothing_or_twice_is_refused(administrator, wrong, field):
    with pytest.raises(ValidationError) as refused:
        ladder.add_stage(values=values(**wrong), by=administrator.who)
    assert field in refused.value.message_dict


def test_a_stage_is_switched_off_and_never_deleted(administrator):
    stage = Stage.objects.get(offset_days=-30)
    off = {**{name: getattr(stage, name) for name in ladder.STAGE_FIELDS}, "active": False}
    changed = ladder.change_stage(stage, values=off, by=administrator.who, seen_version=1)
    assert (changed.active, changed.version) == (False, 2)
    with pytest.raises(Stale):
        ladder.change_stage(stage, values=off | {"active": True}, by=administrator.who, seen_version=1)


def test_nobody_else_changes_how_people_are_reminded(editor, approver, reviewer):
    for person in (editor, approver, reviewer):
        with pytest.raises(PermissionDenied):
            ladder.add_stage(values=values(), by=person.who)


def test_two_editors_of_the_quiet_hours_are_told_of_each_other(administrator):
    day = dt.date(2027, 1, 11)
    ladder.house_rules(day)
    later = {"quiet_from": dt.time(19), "quiet_until": dt.time(9), "quiet_on_days_off": False, "watch_from": day}
    ladder.change_rules(values=later, by=administrator.who, seen_version=1, today=day)
    with pytest.raises(Stale):
        ladder.change_rules(values=later, by=administrator.who, seen_version=1, today=day)
    assert Entry.objects.get(action="reminding.changed").became["quiet_from"] == "19:00:00"


def test_the_page_shows_two_people_both_values(administrator):
    stage = Stage.objects.get(offset_days=-30)
    Stage.objects.filter(pk=stage.pk).update(version=2, offset_days=-25)
    answer = administrator.client.post(f"/staff/duties/ladder/{stage.pk}/", values(offset_days=-20, version=1))
    assert answer.status_code == 409
    assert "-25" in answer.content.decode()


def test_everybody_may_read_when_he_is_reminded(okrug_office, administrator):
    shown = okrug_office.client.get("/staff/duties/ladder/").content.decode()
    assert "30 days before" in shown
    assert "Add a stage" not in shown
    assert "Add a stage" in administrator.client.get("/staff/duties/ladder/").content.decode()


# -- Quiet hours --------------------------------------------------------------------------------------


def rules(start: str = "20:00", end: str = "08:00", days_off: bool = True) -> HouseRules:
    return HouseRules(
        quiet_from=dt.time.fromisoformat(start),
        quiet_until=dt.time.fromisoformat(end),
        quiet_on_days_off=days_off,
        watch_from=dt.date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        # Monday 11 January 2027 is a working day, the 9th and 10th are a weekend.
        ("2027-01-11T07:59", "2027-01-11T08:00"),
        ("2027-01-11T08:00", "2027-01-11T08:00"),
        ("2027-01-11T19:59", "2027-01-11T19:59"),
        ("2027-01-11T20:00", "2027-01-12T08:00"),
        ("2027-01-08T20:30", "2027-01-11T08:00"),
        ("2027-01-09T12:00", "2027-01-11T08:00"),
        # New Year falls on a weekend, so that the 4th is a day off as well; the 7th is Christmas.
        ("2026-12-31T21:00", "2027-01-05T08:00"),
        ("2027-01-07T10:00", "2027-01-08T08:00"),
    ],
)
def test_a_digest_leaves_at_the_next_hour_at_which_an_office_reads(moment, leaves):
    found = allowed_from(dt.datetime.fromisoformat(moment), rules())
    assert found == dt.datetime.fromisoformat(leaves)


@pytest.mark.parametrize(
    ("start", "end", "hour", "quiet"),
    [
        ("12:00", "13:00", "12:30", True),
        ("12:00", "13:00", "13:00", False),
        ("12:00", "13:00", "02:00", False),
        ("08:00", "08:00", "03:00", False),
        ("00:00", "08:00", "00:00", True),
    ],
)
def test_quiet_hours_may_lie_inside_a_day_or_be_none(start, end, hour, quiet):
    moment = dt.datetime.combine(dt.date(2027, 1, 11), dt.time.fromisoformat(hour))
    assert is_quiet(moment, rules(start, end)) is quiet


def test_with_quiet_days_only_a_digest_leaves_at_midnight_of_the_next_working_day():
    found = allowed_from(dt.datetime(2027, 1, 9, 12), rules("08:00", "08:00"))
    assert found == dt.datetime(2027, 1, 11, 0, 0)


def test_a_wrong_list_of_days_does_not_silence_reminders_for_ever():
    found = allowed_from(dt.datetime(2027, 1, 9, 12), rules(), day_off=lambda day: True)
    assert found <= dt.datetime(2027, 1, 10, 8)


def test_a_year_without_days_off_still_has_its_weekends():
    assert is_quiet(dt.datetime(2091, 1, 6, 12), rules())  # a Saturday
    assert not is_quiet(dt.datetime(2091, 1, 5, 12), rules())
