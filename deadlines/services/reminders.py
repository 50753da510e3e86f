"""Who is told of which duty on which day: first the bound office, after the day the unit above.

Reminders are written as one statement over sets: the stages whose day has come, times the open duties of that day,
times whoever holds the post. A reminder is unique per duty, stage, person and channel, so a sweep that runs twice,
late, or beside another one tells nobody twice, and a second run writes nothing. A stage that lies before the duty
was known, or before this installation watched, is never made up for.

Inside the program a reminder is shown at once; letters wait for the end of the quiet hours (`digests`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from journal.heartbeats import beat
from journal.models import Heartbeat
from territories.models import Organisation, Post, Role, Territory
from territories.models.organisations import OrganisationKind

from ..models import Duty, RemindedRole, Reminder, Stage
from .digests import MADE_UP_FOR
from .ladder import house_rules

#: Roles of the bound unit that are reminded.
UNIT_ROLES = (Role.REGION_EDITOR, Role.REGION_APPROVER, Role.OFFICE_STAFF)
#: Roles of bodies that are reminded of what their body owes.
BODY_ROLES = (Role.CENTRAL_BODY, Role.INFORMATION_BODY, Role.ADMINISTRATION)
#: What was looked through already is looked through again for so long: duties move, posts are given.
LOOKED_BACK = dt.timedelta(days=7)
#: Under this name the day of the last look is kept.
HEARTBEAT = "remind"


@transaction.atomic
def remind(today: dt.date) -> int:
    """Write the reminders that are due as of a civil day of Kazakhstan; answers how many were new."""
    rules = house_rules(today)
    since = max(rules.watch_from, looked_through(today) - LOOKED_BACK, today - MADE_UP_FOR)
    given = give(today, since=since)
    beat(HEARTBEAT, {"day": today.isoformat()})
    return given


def looked_through(today: dt.date) -> dt.date:
    """The day until which reminders were given last; long ago if never, or if the clock ran ahead then."""
    did = Heartbeat.objects.filter(name=HEARTBEAT).values_list("did", flat=True).first() or {}
    day = dt.date.fromisoformat(did["day"]) if "day" in did else dt.date.min + MADE_UP_FOR
    return day if day <= today else today - MADE_UP_FOR


def give(today: dt.date, *, since: dt.date) -> int:
    """Show everybody in the program what he has to be reminded of: stages whose day lies between `since` and today."""
    stages = list(Stage.objects.filter(active=True))
    if not stages:
        return 0
    posts = Post.objects.on(today).filter(user__is_active=True, role__in=[*UNIT_ROLES, *BODY_ROLES, Role.GOVERNMENT])
    posts_sql, posts_params = (
        posts.order_by().values("user_id", "role", "territory_id", "organisation_id").query.sql_with_params()
    )
    due_sql, due_params = due_now(stages, since, today)
    sql = GIVE.format(
        due=due_sql,
        posts=posts_sql,
        **TABLES,
        materialized="MATERIALIZED" if postgresql() else "",
        unit_roles=listed(UNIT_ROLES),
        body_roles=listed(BODY_ROLES),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*posts_params, *due_params, Reminder.Channel.PAGE, today, Reminder.Channel.PAGE])
        return max(cursor.rowcount, 0)


def postgresql() -> bool:
    return connection.vendor == "postgresql"


def listed(values: Iterable[str]) -> str:
    """Words of our own code as a list for IN."""
    return ", ".join(f"'{value}'" for value in values)


#: One rung: the open duties whose day it has come to. Days stand here as constants, so that the database knows from
#: its statistics how many there are; as a join over a table of rungs it guesses, and may guess a plan of minutes.
RUNG = """
    SELECT d.id AS duty_id, d.debtor_id, d.body_id, {stage:d} AS stage_id, '{audience}' AS audience, '{role}' AS role
    FROM {duty} d
    WHERE d.due_on BETWEEN %s AND %s AND d.met_on IS NULL AND d.cancelled_at IS NULL AND d.due_on IS NOT NULL
      AND (d.opened_on > %s OR {known_for} >= {days:d}) {lines}
"""


def due_now(stages: list[Stage], since: dt.date, today: dt.date) -> tuple[str, list[Any]]:
    """Open duties with the rungs whose day lies between `since` and today and not before the duty was known."""
    known_for = "(d.due_on - d.opened_on)" if postgresql() else "julianday(d.due_on) - julianday(d.opened_on)"
    branches: list[str] = []
    params: list[Any] = []
    for stage in stages:
        offset = dt.timedelta(days=stage.offset_days)
        params += [since - offset, today - offset, today]
        lines = ""
        if stage.rule_prefix:
            lines = "AND substr(d.rule_id, 1, %s) = %s"
            params += [len(stage.rule_prefix), stage.rule_prefix]
        branches.append(
            RUNG.format(
                stage=stage.pk,
                audience=Stage.Audience(stage.audience).value,
                role=RemindedRole(stage.role).value,
                duty=Duty._meta.db_table,
                known_for=known_for,
                days=-stage.offset_days,
                lines=lines,
            )
        )
    return " UNION ALL ".join(branches), params


TABLES = {
    "duty": Duty._meta.db_table,
    "reminder": Reminder._meta.db_table,
    "territory": Territory._meta.db_table,
    "organisation": Organisation._meta.db_table,
    "government": Role.GOVERNMENT.value,
    "administration": Role.ADMINISTRATION.value,
    "government_body": OrganisationKind.GOVERNMENT.value,
    "bound": Stage.Audience.BOUND.value,
    "above": Stage.Audience.ABOVE.value,
}

# due: open duties with the rungs whose day has come. A duty that says it was opened in the future was written while the
# clock was wrong; it counts as known. of_body: those of them that bodies owe, few, told apart before anybody is looked
# for: no database knows how few they are, and joined to all people first they cost ten times as much as all the rest.
# chain, above: the units above, and who works there, with how far the nearest one with staff is.
# told: the six ways in which a person is reached.
GIVE = """
    WITH RECURSIVE post AS ({posts}),
    due AS {materialized} ({due}),
    of_body AS {materialized} (
        SELECT d.duty_id, d.stage_id, d.audience, d.role, o.id AS body_id, o.kind
        FROM due d JOIN {organisation} o ON o.id = d.body_id
    ),
    unit AS (SELECT DISTINCT debtor_id AS id FROM due WHERE audience = '{above}' AND debtor_id IS NOT NULL),
    chain(unit, above, depth) AS (
        SELECT u.id, t.parent_id, 1 FROM unit u JOIN {territory} t ON t.id = u.id WHERE t.parent_id IS NOT NULL
        UNION ALL
        SELECT c.unit, t.parent_id, c.depth + 1 FROM chain c JOIN {territory} t ON t.id = c.above
        WHERE t.parent_id IS NOT NULL
    ),
    staff AS (SELECT user_id, role, territory_id FROM post WHERE role IN ({unit_roles})),
    above AS {materialized} (
        SELECT c.unit, c.depth, p.user_id, p.role, MIN(c.depth) OVER (PARTITION BY c.unit) AS nearest
        FROM chain c JOIN staff p ON p.territory_id = c.above
    ),
    told AS (
        SELECT d.duty_id, d.stage_id, p.user_id FROM due d JOIN staff p ON p.territory_id = d.debtor_id
        WHERE d.audience = '{bound}' AND (d.role = '' OR d.role = p.role)
        UNION
        SELECT d.duty_id, d.stage_id, p.user_id FROM due d
        JOIN above p ON p.unit = d.debtor_id AND p.depth = p.nearest
        WHERE d.audience = '{above}' AND (d.role = '' OR d.role = p.role)
        UNION
        SELECT d.duty_id, d.stage_id, p.user_id FROM due d JOIN post p ON p.role = '{government}'
        WHERE d.audience = '{above}' AND d.debtor_id IS NOT NULL AND (d.role = '' OR d.role = p.role)
          AND NOT EXISTS (SELECT 1 FROM above n WHERE n.unit = d.debtor_id)
        UNION
        SELECT d.duty_id, d.stage_id, p.user_id FROM of_body d
        JOIN post p ON p.organisation_id = d.body_id AND p.role IN ({body_roles})
        WHERE d.audience = '{bound}' AND d.kind <> '{government_body}' AND (d.role = '' OR d.role = p.role)
        UNION
        SELECT d.duty_id, d.stage_id, p.user_id FROM of_body d JOIN post p ON p.role = '{government}'
        WHERE d.audience = '{bound}' AND d.kind = '{government_body}' AND (d.role = '' OR d.role = p.role)
        UNION
        SELECT d.duty_id, d.stage_id, p.user_id FROM of_body d
        JOIN post p
          ON p.role = CASE WHEN d.kind = '{government_body}' THEN '{administration}' ELSE '{government}' END
        WHERE d.audience = '{above}' AND (d.role = '' OR d.role = p.role)
    )
    INSERT INTO {reminder} (duty_id, stage_id, user_id, channel, day, waits)
    SELECT t.duty_id, t.stage_id, t.user_id, %s, %s, TRUE FROM told t
    WHERE NOT EXISTS (
        SELECT 1 FROM {reminder} r
        WHERE r.duty_id = t.duty_id AND r.stage_id = t.stage_id AND r.user_id = t.user_id AND r.channel = %s
    )
    ON CONFLICT DO NOTHING
"""
