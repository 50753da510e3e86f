"""What counts as a difference between two versions, and how it is told."""

from django.utils.translation import override

from calendars.difference import Difference, difference, digest, lines

UNIT = {"code": "611600000", "kind": "city_oblast", "kk": "Арыс Қ.Ә.", "ru": "Арысь Г.А.", "en": ""}
ROW = {
    "number": 1,
    "off_calendar": False,
    "holder": UNIT,
    "place": UNIT,
    "address": "Hall 1",
    "date": "2027-03-10",
    "time": "10:00",
    "planned_minutes": 120,
    "report_minutes": 30,
    "format": "in_person",
    "broadcast": "later",
    "broadcast_note": "",
    "languages": "both",
    "remarks": "",
    "targets": [["611600000", "611600000"]],
}


def test_equal_rows_differ_in_nothing():
    assert not difference({1: ROW}, {1: dict(ROW)})


def test_a_unit_that_was_only_renamed_moves_nobody():
    renamed = ROW | {"place": UNIT | {"ru": "город Арысь"}}

    assert not difference({1: ROW}, {1: renamed})


def test_day_hour_and_place_move_a_meeting_and_the_rest_changes_it():
    other = UNIT | {"code": "612000000"}
    for field, value, kind in (
        ("date", "2027-03-11", "moved"),
        ("time", "", "moved"),
        ("place", other, "moved"),
        ("holder", other, "changed"),
        ("address", "Hall 2", "changed"),
        ("planned_minutes", 90, "changed"),
        ("off_calendar", True, "changed"),
        ("targets", [], "changed"),
    ):
        found = difference({1: ROW}, {1: ROW | {field: value}})
        assert [(row.kind, row.fields) for row in found.rows] == [(kind, (field,))], field


def test_a_difference_survives_being_kept_as_json():
    found = difference({1: ROW, 2: ROW | {"number": 2}}, {1: ROW | {"time": ""}}, {2: "Flood"})

    again = Difference.restored(found.stored())

    assert again.counts == {"added": 0, "moved": 1, "changed": 0, "cancelled": 1}
    assert {row.number: row.reason for row in again.rows} == {1: "", 2: "Flood"}


def test_the_difference_is_told_in_the_readers_language():
    found = difference({1: ROW}, {1: ROW | {"date": "2027-03-11", "broadcast": "yes"}})

    told = {}
    for language in ("kk", "ru"):
        with override(language):
            told[language] = lines(found)[0]

    assert (told["kk"].place, told["ru"].place) == ("Арыс Қ.Ә.", "Арысь Г.А.")
    assert told["kk"].changes[0][1:] == ("10 наурыз 2027 ж., сәрсенбі", "11 наурыз 2027 ж., бейсенбі")
    assert told["ru"].changes[0][1:] == ("10 марта 2027 г., среда", "11 марта 2027 г., четверг")


def test_the_digest_depends_on_every_letter_and_on_no_order():
    second = ROW | {"number": 2}

    assert digest([ROW, second]) == digest([second, dict(reversed(ROW.items()))])
    assert digest([ROW]) != digest([ROW | {"address": "Hall 1 "}])
