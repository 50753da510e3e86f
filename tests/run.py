"""`make test`: the suite on SQLite always, and again on PostgreSQL + Redis + Chromium where they are found.

Tests that touch no database, and dear ones for which its kind makes no difference (`once`), run in one of the two;
`test_doors.py` shares its cast out among both.

A missing service is a visible skip on a laptop and, with REQUIRE_SERVICES=1, a failure.
Found by: TEST_DATABASE_URL (a role that may create databases), TEST_REDIS_URL, CHROMIUM (path);
without them at their local defaults. Further words are handed to pytest.
"""

import getpass
import os
import shutil
import subprocess
import sys

REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"
#: The first is the same browser without windows: half the work for the machine.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def postgres() -> str | None:
    """An address of a PostgreSQL in which this user may create databases."""
    import psycopg2

    given = os.environ.get("TEST_DATABASE_URL")
    users = dict.fromkeys((getpass.getuser(), "postgres"))
    for url in [given] if given else [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]:
        try:
            with psycopg2.connect(url, connect_timeout=3) as connection, connection.cursor() as cursor:
                cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
                if cursor.fetchone()[0]:
                    return url
        except psycopg2.OperationalError:
            continue
    return None


def redis() -> str | None:
    import redis as client

    url = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
    try:
        client.Redis.from_url(url, socket_connect_timeout=3).ping()
    except client.RedisError:
        return None
    return url


def chromium() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def suite(title: str, *words: str, **environment: str) -> bool:
    """Run pytest once; True when nothing failed."""
    print(f"\n== {title}", flush=True)
    # Each process takes the files of one third, so that what a file makes once is made once; who ends first helps.
    # One more than CI has processors: letters, locks, commits and pages are often waited for.
    together = ["--numprocesses", "3", "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", *together, *words, *sys.argv[1:]]
    done = subprocess.run(command, env=os.environ | environment, check=False)
    # 5: pytest found nothing to run, as when the words name tests of the other suite.
    return done.returncode in (0, 5)


def prepare(*environments: dict[str, str]) -> None:
    """Migrate the databases that the suites copy, side by side: the processes of a suite wait for one of them."""
    command = [sys.executable, "-m", "tests.template_database"]
    for made in [subprocess.Popen(command, env=os.environ | one) for one in environments]:
        made.wait()  # what went wrong is told again by the suite


def main() -> int:
    found = {"PostgreSQL": postgres(), "Redis": redis(), "Chromium": chromium()}
    missing = [name for name, where in found.items() if not where]
    if missing and REQUIRED:
        print(f"Missing: {', '.join(missing)}. REQUIRE_SERVICES=1 asks for all of them.", file=sys.stderr)
        return 1
    browser = {"CHROMIUM": found["Chromium"]} if found["Chromium"] else {}
    # What no database makes a difference to waits for the second run, if there is one.
    again, before = ({"RUNS_AGAIN": "1"}, {"RAN_BEFORE": "1"}) if found["PostgreSQL"] else ({}, {})
    extra = {"DATABASE_URL": found["PostgreSQL"].rsplit("/", 1)[0] + "/akim_meetings"} if found["PostgreSQL"] else {}
    prepare({}, *([extra] if extra else []))
    passed = suite("SQLite, Celery over folders", "-m", "not browser", **again)
    if found["PostgreSQL"]:
        if found["Redis"]:
            extra["REDIS_URL"] = found["Redis"]
        passed &= suite("PostgreSQL" + " and Redis" * bool(found["Redis"]), "-m", "not browser", **extra, **before)
    if browser:
        # The other folders need not be read for it.
        words = ("-m", "browser", *(() if sys.argv[1:] else ("tests/browser",)))
        passed &= suite("Chromium", *words, **extra, **browser)
    for name in missing:
        print(f"SKIPPED: {name} was not found; its tests did not run.")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
