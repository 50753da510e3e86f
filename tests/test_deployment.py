"""What a real installation is told before it opens."""

import os
import subprocess
import sys

from django.conf import settings


def check(**environment) -> subprocess.CompletedProcess:
    """`manage.py check --deploy` as an operator runs it, with his variables."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "akim_meetings.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_an_https_address_nothing_is_left_to_warn_of(tmp_path):
    result = check(
        SITE_URL="https://kezdesu.example",
        ALLOWED_HOSTS="kezdesu.example",
        VAR_DIR=str(tmp_path),
        SECRET_KEY="k" * 25 + "".join(map(chr, range(97, 122))) * 2,
    )
    assert result.returncode == 0, result.stderr


def test_without_https_the_operator_is_warned(tmp_path):
    result = check(SITE_URL="http://kezdesu.example", VAR_DIR=str(tmp_path))
    assert result.returncode == 1
    assert "SESSION_COOKIE_SECURE" in result.stderr
