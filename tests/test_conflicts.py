"""Two people at once: no door overwrites silently what another has written.

The table is `tests/edits.py`. A stale form is answered 409, a stale write of the API 412; the answer shows what stands
now, and keeps what was typed. A door that writes and is not in the table fails.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from issues import services
from issues.models import Audience, BroadcastRecord, Minutes
from territories.scope import clock

from .doors import ROWS, Door
from .edits import EDITS, OTHERS, THEIRS, TYPED, Edit
from .test_doors import FILES, _open, knock  # noqa: F401
from .test_doors import world as _world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
world = _world
CLOCK = clock("tests")


@pytest.fixture(scope="module")
def side(world, django_db_blocker):
    """Our side with the rows that the other tables do not need."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=FILES):
        ours, values = world.ours, {"by": CLOCK}
        services.record_audience(ours.meeting, category="parties", values={"note": "?"}, seen_version=None, **values)
        services.record_broadcast(ours.meeting, values={"reason": "Байланыс жоқ"}, seen_version=None, **values)
        ours.audience = Audience.objects.get(meeting=ours.meeting, category="parties")
        ours.broadcast = BroadcastRecord.objects.get(meeting=ours.meeting)
        ours.draft_pool = services.order_pool(ours.meeting, order=[ours.issue.pk], seen_version=0, **values)
        ours.drafted = services.draft_quarter(ours.okrug, year=2026, quarter=2, **values)
        ours.met_minutes = Minutes.objects.create(unit=ours.okrug, region=ours.region, meeting=ours.met, number=1)
        return ours


def test_every_door_that_writes_says_how_two_people_meet_there():
    doors = {door.name if door.method == "POST" else f"{door.method} {door.name}" for door in ROWS if door.changes}
    assert doors - set(EDITS) - set(OTHERS) == set(), "doors without a row in tests/edits.py"
    names = {name.rpartition(" ")[2] for name in (*EDITS, *OTHERS)}
    assert names - {door.name for door in ROWS} == set(), "rows of tests/edits.py without a door"


@pytest.mark.parametrize("name", EDITS)
def test_whoever_comes_second_sees_both_texts_and_overwrites_nothing(world, side, name):
    edit: Edit = EDITS[name]
    row = getattr(side, edit.thing)
    rows = type(row)._default_manager.filter(pk=row.pk)
    with transaction.atomic():
        seen = rows.values_list(edit.column, flat=True).get()
        rows.update(**{edit.column: seen + 1} | edit.first | edit.theirs)
        before = rows.values().get()
        answer = knock(world, door_of(name, edit, seen), edit.role, address(name, edit, side), side, keep=True)
        after = rows.values().get()
        transaction.set_rollback(True)
    assert answer.status_code == (412 if edit.json else 409), why(answer)
    assert after == before, "something was written"
    body = answer.content.decode()
    for text in edit.theirs.values():
        if isinstance(text, str) and text == THEIRS:
            assert THEIRS in plain(answer, body), "what the other person wrote is not shown"
    if edit.typed:
        assert TYPED in body, "what was typed is lost"


def door_of(name: str, edit: Edit, seen: int) -> Door:
    data = dict(edit.data)
    if "scan" in data:
        data["scan"] = SimpleUploadedFile("order.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")
    headers = None
    if edit.json:
        headers = {"if-match": f'"{seen}"'}
    else:
        data[edit.version] = seen
    return Door(name.rpartition(" ")[2], args=edit.args, method=edit.method, data=data, json=edit.json, headers=headers)


def address(name: str, edit: Edit, side) -> str:
    door = Door(name.rpartition(" ")[2], args=edit.args)
    try:
        return door.address(side)
    except NoReverseMatch:
        return reverse(door.name)


def plain(answer, body: str) -> str:
    """The body with the texts of JSON as they are read."""
    return body.encode().decode("unicode_escape", "ignore") if "\\u" in body else body


def why(answer) -> str:
    context = answer.context or {}
    form = context.get("form") if hasattr(context, "get") else None
    return f"{answer.status_code} {getattr(form, 'errors', '') or answer.content[:400]!r}"
