"""Import and export on the command line: the same door, with an exit code for scripts."""

import datetime as dt
import io
import json

import openpyxl
import pytest
import time_machine
from django.core.management import CommandError, call_command

from calendars import coverage
from calendars.models import Calendar, ImportJob, Meeting
from journal.models import Entry

from .transfer import TODAY, row, table


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(dt.datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=dt.UTC), tick=True):
        yield


def bring(path, *words, code: int = 0, **options) -> dict | str:
    """Run the import; answers its JSON, or its text where that was asked for."""
    out, form = io.StringIO(), options.pop("format", "json")
    given = {"region": "610000000", "year": 2027, "language": "en", "stdout": out, "format": form} | options
    try:
        call_command("import_calendar", str(path), *words, **given)
        ended = 0
    except SystemExit as stop:
        ended = stop.code
    assert ended == code, out.getvalue()
    return json.loads(out.getvalue()) if form == "json" else out.getvalue()


def take(path, *words, **options) -> str:
    out = io.StringIO()
    given = {"region": "610000000", "year": 2027, "stdout": out} | options
    call_command("export_calendar", *words, output=path, **given)
    return out.getvalue()


@pytest.fixture
def good(tmp_path, land):
    path = tmp_path / "жоспар.xlsx"
    path.write_bytes(table([row(land.A, land.a1), row(land.A, land.a2)]))
    return path


def test_a_file_is_taken_over_in_the_programs_own_name(good, land):
    answer = bring(good)
    assert (answer["written"], answer["ok"]) == (True, True)
    assert answer["counts"]["new"] == 2
    assert Meeting.objects.count() == 2
    entry = Entry.objects.get(action="calendar.imported")
    assert (entry.actor_id, entry.became["file"]) == (None, "жоспар.xlsx")
    assert "import_calendar" in entry.actor_text


def test_a_dry_run_says_the_same_and_writes_nothing_at_all(good, land):
    answer = bring(good, "--dry-run")
    assert (answer["written"], answer["ok"], answer["counts"]["new"]) == (False, True, 2)
    assert [model.objects.count() for model in (Calendar, ImportJob, Meeting)] == [0, 0, 0]


def test_a_file_with_errors_ends_with_one_and_says_where_they_are(tmp_path, land):
    path = tmp_path / "a.xlsx"
    path.write_bytes(table([row(land.A, land.a1), row(land.A, land.a2, date="15.13.2027")]))
    answer = bring(path, code=1)
    assert (answer["written"], answer["ok"]) == (False, False)
    [finding] = [one for one in answer["findings"] if one["severity"] == "error"]
    assert (finding["code"], finding["row"], finding["column"]) == ("B26", 3, "A")
    assert "“15.13.2027” is not a date. Write it as 15.03.2027." in finding["text"]
    assert ImportJob.objects.get().state == "dropped"
    assert "row 3, column A" in bring(path, "--dry-run", code=1, format="text")


def test_a_refused_file_ends_with_one(tmp_path, land):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")
    assert [one["code"] for one in bring(path, code=1)["findings"]] == ["B04.empty"]


def test_the_same_file_again_ends_well_and_does_nothing(good, land):
    bring(good)
    answer = bring(good)
    assert (answer["written"], answer["ok"]) == (False, True)
    assert [one["code"] for one in answer["findings"]] == ["B40.loaded"]
    assert Meeting.objects.count() == 2


def test_proposed_readings_are_taken_when_they_are_named(tmp_path, land):
    path = tmp_path / "a.xlsx"
    path.write_bytes(table([row(land.A, land.a1, 46456)]))
    bring(path, code=1)
    assert bring(path, "--accept", "B24")["written"] is True
    assert Meeting.objects.get().date == dt.date(2027, 3, 10)


@pytest.mark.parametrize(("path", "options"), [("nowhere.xlsx", {}), (None, {"region": "999999999"})])
def test_wrong_use_ends_with_two(good, land, path, options):
    with pytest.raises(CommandError) as error:
        call_command("import_calendar", path or str(good), **({"region": "610000000", "year": 2027} | options))
    assert error.value.returncode == 2


def test_a_year_without_a_calendar_is_refused_in_words(good, land):
    with pytest.raises(CommandError, match="there is no calendar of 1999"):
        call_command("import_calendar", str(good), region="610000000", year=1999)


def test_the_required_meetings_are_written_with_days_and_cover_the_region_when_they_come_back(tmp_path, land):
    path = tmp_path / "a.xlsx"
    assert "0 meetings, 50 missing" in take(path, "--missing", "--propose")
    assert not Calendar.objects.exists()
    assert bring(path)["counts"]["new"] == 50
    total = coverage.sum_up(coverage.region_totals(land.O, 2027))
    assert (total.required, total.planned) == (50, 50)
    assert "50 meetings, 0 missing" in take(path, "--missing")


def test_missing_meetings_without_days_are_told_row_by_row_when_nobody_filled_them_in(tmp_path, land):
    path = tmp_path / "a.xlsx"
    take(path, "--missing", language="ru")
    answer = bring(path, code=1)
    assert answer["counts"]["wrong"] == 50
    assert {one["code"] for one in answer["findings"]} == {"B20.required"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_what_was_exported_comes_back_unchanged(tmp_path, good, land, kind, language):
    bring(good)
    path = tmp_path / f"back.{kind}"
    take(path, language=language)
    answer = bring(path, "--dry-run")
    assert {name: answer["counts"][name] for name in ("new", "changed", "unchanged")} == {
        "new": 0, "changed": 0, "unchanged": 2,
    }  # fmt: skip


def test_a_folder_that_is_not_there_is_told(tmp_path, land):
    with pytest.raises(CommandError, match="cannot be written"):
        take(tmp_path / "nowhere" / "a.xlsx")


def test_the_workbook_of_the_command_is_in_the_language_asked_for(tmp_path, land):
    take(tmp_path / "a.xlsx", language="ru")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "Календарь – Күнтізбе"
