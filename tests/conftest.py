"""Shared fixtures, and which services this run has."""

import os

import pytest
from django.db import connection
from hypothesis import settings as of_hypothesis

from .append_only import django_db_modify_db_settings, django_db_setup  # noqa: F401  (databases of the tests)
from .cast import *  # noqa: F403

#: CI sets it: a missing service is then a failure, not a skip.
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"
#: `make test` sets it where the same tests run on another database afterwards.
RUNS_AGAIN = os.environ.get("RUNS_AGAIN") == "1"
#: And here where they ran on another one before.
RAN_BEFORE = os.environ.get("RAN_BEFORE") == "1"
DATABASES = {"db", "transactional_db"}

# How long an example takes says how busy the machine is.
of_hypothesis.register_profile("untimed", deadline=None)
of_hypothesis.load_profile("untimed")


def runs_once(item) -> bool:
    """Whether a second database tells nothing new: the test says so, or touches none."""
    return "once" in item.keywords or not ("django_db" in item.keywords or DATABASES & set(item.fixturenames))


def pytest_collection_modifyitems(config, items) -> None:
    if RUNS_AGAIN:
        spared = [item for item in items if runs_once(item)]
        items[:] = [item for item in items if not runs_once(item)]
        config.hook.pytest_deselected(items=spared)
    for item in items:
        if "postgres" in item.keywords and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="runs on PostgreSQL only; this run is on SQLite"))


@pytest.fixture(autouse=True)
def _second_factor_off(settings, request):
    """Cast members are logged in without the second factor; its own tests switch the rule on."""
    if "second_factor" not in request.keywords:
        settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploaded and sent files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MAIL_FOLDER = tmp_path / "mail"
