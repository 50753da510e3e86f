"""What `manage.py check` says of the files of the law."""

from datetime import date

from django.core.management import call_command

from deadlines import checks
from law import register, workdays
from law.register import BadActFile


def test_the_files_that_are_held_are_good_and_no_year_is_missing():
    assert checks.files_of_the_law(None) == []
    assert checks.days_off_of_every_year(None, today=date(2027, 12, 31)) == []


def test_in_2028_the_days_off_of_2029_are_asked_for_by_the_name_of_their_file():
    (error,) = checks.days_off_of_every_year(None, today=date(2028, 1, 1))
    assert error.id == "deadlines.E002"
    assert "The days off of 2029 are not entered: add law/days/2029.toml." in error.msg


def test_a_hole_among_the_years_is_an_error(monkeypatch, tmp_path):
    for path in workdays.DAYS_FOLDER.glob("*.toml"):
        if path.stem != "2019":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(workdays, "DAYS_FOLDER", tmp_path)
    workdays.year.cache_clear()
    try:
        (error,) = checks.days_off_of_every_year(None, today=date(2027, 1, 1))
        assert "2019" in error.msg
    finally:
        workdays.year.cache_clear()


def test_a_bad_act_file_is_an_error_with_its_line(monkeypatch):
    def broken():
        raise BadActFile("826.toml, line 137, rule 826-2.1.h1, edition e2, timing: FIXED needs 'md'.")

    monkeypatch.setattr(register, "acts", broken)
    (error,) = checks.files_of_the_law(None)
    assert (error.id, "line 137" in error.msg) == ("deadlines.E001", True)


def test_the_command_is_content_with_what_is_held():
    call_command("check", "--tag", "deadlines")
