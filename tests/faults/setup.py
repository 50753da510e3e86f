"""Fills an empty database for a run: `python -m tests.faults.setup PLAN.json` (the application's own code).

Writes into the file what the load process needs to know: units, addresses, log-ins, tokens.
"""

import datetime as dt
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")

import django
from django.core.management import call_command

REGIONS = 3
OKRUGS = 4
MAILBOXES = 20
PASSWORD = "Сыр-дария-2027"


def main(path: Path) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    from territories.models import Role
    from territories.scope import today
    from tests import factories

    plan = {"today": today().isoformat(), "password": PASSWORD, "regions": [region(n) for n in range(REGIONS)]}
    for name, role in (("government", Role.GOVERNMENT), ("administrator", Role.ADMINISTRATOR)):
        user = factories.user(f"{name}@akimat.example")
        factories.post(role, user=user)
        plan[name] = user.email
    path.write_text(json.dumps(plan, ensure_ascii=False, indent=1))


def region(number: int) -> dict:
    """An oblast with a raion and its okrugs, its people, its maslikhat with mailboxes, two calendars."""
    from calendars.services import open_calendar
    from territories.models import Kind, Role
    from territories.scope import Who, today
    from territories.services.people import create_token
    from tests import factories

    oblast = factories.unit(f"Oblast{number}", Kind.OBLAST, own_akim=True, code=f"{61 + number}0000000")
    raion = factories.unit(f"Raion{number}", Kind.RAION, oblast, own_akim=True)
    okrugs = [factories.unit(f"Okrug{number}{i}", Kind.OKRUG, raion, own_akim=True) for i in range(OKRUGS)]
    addresses = [f"maslikhat{number}-{i}@akimat.example" for i in range(MAILBOXES)]
    # The relay knows no `nobody`: its refusal is final in every run, with faults and without.
    if number == 0:
        addresses.append("nobody@akimat.example")
    factories.maslikhat(oblast, *addresses)
    posts = {
        role: factories.post(role, unit, user=factories.user(f"{role}{number}@akimat.example"))
        for role, unit in (
            (Role.REGION_EDITOR, oblast),
            (Role.REGION_APPROVER, oblast),
            (Role.OFFICE_STAFF, raion),
        )
    }
    editor = posts[Role.REGION_EDITOR]
    who = Who(user=editor.user, post=editor)
    day = today()
    _row, token = create_token(editor, name="load", expires_on=day + dt.timedelta(days=60), by=who, today=day)
    calendars = {year: open_calendar(oblast, year, by=who).pk for year in (day.year, day.year + 1)}
    return {
        "code": oblast.code,
        "id": oblast.pk,
        "holders": [[u.pk, u.code] for u in (oblast, raion, *okrugs)],
        "raion": [raion.pk, raion.code],
        "mailboxes": addresses,
        "editor": posts[Role.REGION_EDITOR].user.email,
        "approver": posts[Role.REGION_APPROVER].user.email,
        "token": token,
        "calendars": calendars,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
