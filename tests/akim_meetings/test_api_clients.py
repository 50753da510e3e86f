"""The clients that `docs/api.md` shows are run as they stand there, against a server."""

import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from calendars.models import Meeting
from reporting.exports.models import ExportJob
from territories.scope import today
from territories.services.people import create_token
from tests.conftest import REQUIRED

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def shown(language: str) -> str:
    [code] = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return code


@pytest.fixture
def run(live_server, land, editor, tmp_path):
    """Run a client under a token of our region's editor; answers what it printed."""
    _row, token = create_token(
        editor.post, name="client", expires_on=today() + timedelta(days=1), by=editor.who, today=today()
    )
    known = {"AKIM_URL": live_server.url, "AKIM_TOKEN": token, "AKIM_REGION": land.O.code, "PYTHONIOENCODING": "utf-8"}

    def ran(*words: str) -> str:
        done = subprocess.run(
            words, env=os.environ | known, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran


def test_the_client_in_python_plans_two_meetings_and_changes_one(run, land):
    told = run(sys.executable, "-c", shown("python"))
    assert told.splitlines() == ["2027-03-15 Мәдениет үйі", "2027-09-15 –"]
    assert [meeting.address for meeting in Meeting.objects.order_by("date")] == ["Мәдениет үйі", ""]


def test_the_client_in_curl_reads_duties_and_takes_a_file(run, tmp_path):
    if shutil.which("curl") is None and not REQUIRED:
        pytest.skip("needs curl")
    assert '"results":[]' in run("sh", "-ec", shown("sh"))
    assert (tmp_path / "issues.csv").stat().st_size > 0
    assert ExportJob.objects.count() == 1
