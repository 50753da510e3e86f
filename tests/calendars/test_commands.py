"""An operator who asks for what cannot be answered is told so in words: 2 for wrong usage, 1 for a refusal."""

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from calendars.management.commands import required_meetings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", ["0", "2021", "2101", "99999", "next"])
def test_a_year_without_a_calendar_is_wrong_usage(year, capsys):
    parser = CommandParser(called_from_command_line=True)
    required_meetings.Command().add_arguments(parser)
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(["--year", year])
    assert stopped.value.code == 2
    assert f"there is no calendar of {year}; give a year from 2022 to 2100" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["required_meetings", "check_calendar"])
@pytest.mark.parametrize("year", [2022, 2023])
def test_a_year_whose_wording_is_not_held_is_refused_in_words(land, command, year):
    with pytest.raises(CommandError, match="is not held; enter its text in") as refused:
        call_command(command, "--region", land.O.code, "--year", str(year))
    assert refused.value.returncode == 1
