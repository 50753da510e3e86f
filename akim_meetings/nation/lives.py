"""What the offices did around the meetings of one year, as statements over all of them at once.

Shares are drawn from hashes of each meeting's number, so that the same seed tells the same lives on every machine.
Everything lies before `today`: a publication, closing or report of a later day has not happened yet.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db import connection

from issues.demo import words
from issues.similar import compared
from issues.simulation import EXECUTOR, MEASURE, REPORT, RESULTS, SILENT

from .calendars import copy

#: Distinct texts of issues; more would not make any page slower or quicker.
TEXTS = 6000
#: Issues of a meeting: at least so many, and up to so many more less one. Seven on the average.
FEWEST, SPREAD = 4, 7


def texts(seed: int) -> None:
    """A table of this connection with the texts of issues in both languages, as the search compares them."""
    rng = random.Random(seed)  # noqa: S311
    rows = []
    for number in range(TEXTS):
        said = words.told(rng)
        kk, ru = (
            f"{said.street}, {said.house}: {words.THINGS[said.thing][side]}, {words.WHEN[said.when][side]}"
            for side in (0, 1)
        )
        rows.append([number, kk, ru, *compared(f"{kk} {ru}").values()])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS nation_texts")
        cursor.execute("CREATE TEMPORARY TABLE nation_texts (n int, kk text, ru text, folded text, sketch text)")
        cursor.execute("DROP TABLE IF EXISTS nation_topics")
        cursor.execute(
            "CREATE TEMPORARY TABLE nation_topics AS SELECT id, row_number() OVER (ORDER BY code) - 1 AS n"
            " FROM issues_topic WHERE region_id IS NULL AND active"
        )
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.share(key text, of int) RETURNS float AS $$"
            f" SELECT (hashtextextended(key || '/' || of, {seed:d}) & 1073741823)::float / 1073741824"
            " $$ LANGUAGE sql IMMUTABLE"
        )
    copy("nation_texts", ("n", "kk", "ru", "folded", "sketch"), rows)


def play(year: int, today: dt.date) -> None:
    """All that the offices did about the meetings of a year up to today. `texts` was called on this connection."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, {"year": year, "today": today, **WORDS})


WORDS: dict[str, Any] = {
    "measure_kk": MEASURE[0],
    "measure_ru": MEASURE[1],
    "organisation": EXECUTOR["organisation"],
    "post": EXECUTOR["post"],
    "results_kk": RESULTS[0],
    "results_ru": RESULTS[1],
    "report_kk": REPORT["text_kk"],
    "report_ru": REPORT["text_ru"],
    "silent_kk": SILENT["progress_kk"],
    "silent_ru": SILENT["progress_ru"],
    "fewest": FEWEST,
    "spread": SPREAD,
    "texts": TEXTS,
}
#: Noon of a day as people of the capital see it.
NOON = "({} + time '12:00') AT TIME ZONE 'Asia/Almaty'"
KEPT = "created_at, updated_at, version, unit_id, region_id"


def kept(day: str, of: str = "m") -> str:
    """Values of `KEPT` for a row that was made at noon of a day."""
    noon = NOON.format(day)
    return f"{noon}, {noon}, 1, {of}.unit_id, {of}.region_id"


CANCELLED = """
    UPDATE calendars_meeting m SET state = 'cancelled', held_on = NULL, attendance = NULL,
        cancel_reason = 'Жол жабылды / Дорога закрыта'
    FROM calendars_calendar c JOIN territories_territory r ON r.id = c.region_id
    WHERE c.id = m.calendar_id AND c.year = %(year)s AND m.state = 'held'
        AND pg_temp.share(r.code || c.year || '-' || m.number, 1) < 0.02
"""
#: The meetings held, with the day on which their documents were published (6 of 100 late, 2 never).
HELD = [
    "DROP TABLE IF EXISTS nation_held",
    """
    CREATE TEMPORARY TABLE nation_held AS
    SELECT m.*, CASE
        WHEN pg_temp.share(key, 2) < 0.02 THEN NULL
        WHEN pg_temp.share(key, 2) < 0.08 THEN day + 12 + floor(pg_temp.share(key, 3) * 20)::int
        ELSE day + 2 + floor(pg_temp.share(key, 3) * 7)::int END AS published
    FROM (
        SELECT m.id, m.holder_id AS unit_id, c.region_id, nullif(split_part(h.path, '/', 2), '')::bigint AS raion_id,
            m.place_id, p.name_kk AS place_kk, p.name_ru AS place_ru, m.held_on AS day, m.attendance,
            m.planned_minutes, c.year, r.code || c.year || '-' || m.number AS key, m.place_id <> m.holder_id AS offsite
        FROM calendars_meeting m JOIN calendars_calendar c ON c.id = m.calendar_id
        JOIN territories_territory r ON r.id = c.region_id
        JOIN territories_territory h ON h.id = m.holder_id JOIN territories_territory p ON p.id = m.place_id
        WHERE c.year = %(year)s AND m.state = 'held'
    ) m
    """,
    "UPDATE nation_held SET published = NULL WHERE published > %(today)s",
    "CREATE INDEX ON nation_held (id)",
    "ANALYZE nation_held",
]
COMMISSIONS = [
    f"""
    INSERT INTO issues_commission ({KEPT}, order_number, order_date, valid_from, valid_to, no_assembly_note,
        no_council_note)
    SELECT {kept("m.first")}, left(m.code, 4) || '-к', m.first, make_date(%(year)s, 1, 1), make_date(%(year)s, 12, 31),
        'Құрылмаған / Не создано', 'Құрылмаған / Не создан'
    FROM (
        SELECT DISTINCT h.id AS unit_id, c.region_id, h.code, make_date(%(year)s, 1, 10) AS first
        FROM calendars_meeting m JOIN calendars_calendar c ON c.id = m.calendar_id
        JOIN territories_territory h ON h.id = m.holder_id WHERE c.year = %(year)s
    ) m WHERE m.first < %(today)s
    """,
    """
    INSERT INTO issues_commissionmember (commission_id, capacity, post, name, chair, "order")
    SELECT x.id, 'office', 'аппарат басшысы', '', true, 0 FROM issues_commission x
    WHERE x.valid_from = make_date(%(year)s, 1, 1) AND x.meeting_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM issues_commissionmember y WHERE y.commission_id = x.id)
    """,
]
RECEPTIONS = f"""
    INSERT INTO issues_reception ({KEPT}, meeting_id, starts_on, ends_on, address, citizens, note)
    SELECT {kept("m.day")}, m.id, m.day, m.day, '', 2 + floor(pg_temp.share(key, 4) * 20)::int, ''
    FROM nation_held m WHERE pg_temp.share(key, 5) < 0.92
"""
#: Every issue with the day promised for it, whether that was put off, and how and when it ended.
FATES = [
    "DROP TABLE IF EXISTS nation_fates",
    """
    CREATE TEMPORARY TABLE nation_fates AS
    SELECT f.*, CASE WHEN day + 5 <= %(today)s AND end_on <= %(today)s AND share(code, 16) < 0.86 THEN
        CASE WHEN share(code, 17) < 0.68 THEN 'done' WHEN share(code, 17) < 0.92 THEN 'explained' ELSE 'declined' END
        END AS ended
    FROM (
        SELECT f.*, due_on - 20 + floor(share(code, 14) * share(code, 15) * 60)::int AS end_on
        FROM (
            SELECT f.*, CASE WHEN slip THEN first_due_on + 30 + floor(share(code, 13) * 90)::int
                ELSE first_due_on END AS due_on
            FROM (
                SELECT f.*, share(code, 12) < 0.14 AND first_due_on - 3 <= %(today)s AS slip
                FROM (
                    SELECT f.*, day + 25 + floor(share(code, 11) * 300)::int AS first_due_on,
                        row_number() OVER (PARTITION BY unit_id ORDER BY day, key, n) AS number,
                        CASE WHEN share(code, 6) < 0.62 THEN 'akim' WHEN share(code, 6) < 0.86 THEN 'raion'
                            WHEN share(code, 6) < 0.97 THEN 'oblast' ELSE 'central' END AS level
                    FROM (
                        SELECT m.*, n, substr(md5(m.key || '#' || n), 1, 10) AS code FROM nation_held m,
                            generate_series(1, %(fewest)s + floor(share(m.key, 7) * %(spread)s)::int) AS n
                    ) f
                ) f
            ) f
        ) f
    ) f
    """.replace("share(", "pg_temp.share("),
    f"""
    INSERT INTO issues_issue ({KEPT}, raion_id, place_id, meeting_id, number, year, raised_on, text_kk, text_ru, folded,
        sketch, topic_id, level, state, offsite, first_due_on, due_on, slips, closed_on, published_at, code)
    SELECT {kept("i.day", "i")}, i.raion_id, i.place_id, i.id, i.number, i.year, i.day, t.kk, t.ru, t.folded, t.sketch,
        o.id, i.level, CASE WHEN i.day + 5 > %(today)s THEN 'planned' ELSE COALESCE(i.ended, 'in_work') END, i.offsite,
        CASE WHEN i.day + 5 <= %(today)s THEN i.first_due_on END, CASE WHEN i.day + 5 <= %(today)s THEN i.due_on END,
        i.slip::int, CASE WHEN i.ended IS NOT NULL THEN i.end_on END, {NOON.format("i.published")}, i.code
    FROM nation_fates i
    JOIN nation_texts t ON t.n = floor(pg_temp.share(i.code, 8) * %(texts)s)
    JOIN nation_topics o ON o.n = floor(pg_temp.share(i.code, 9) * (SELECT count(*) FROM nation_topics))
    """,
    "ALTER TABLE nation_fates RENAME COLUMN id TO meeting_id",
    "ALTER TABLE nation_fates RENAME COLUMN day TO raised_on",
    "ALTER TABLE nation_fates ADD COLUMN id bigint",
    "ANALYZE nation_fates",
    "UPDATE nation_fates f SET id = i.id FROM issues_issue i WHERE i.code = f.code",
    "DELETE FROM nation_fates WHERE raised_on + 5 > %(today)s",
    "CREATE INDEX ON nation_fates (id)",
    "ANALYZE nation_fates",
]
PLANS = [
    f"""
    INSERT INTO issues_actionplan ({KEPT}, meeting_id, approved_number)
    SELECT {kept("m.day + 5")}, m.id, 1 FROM nation_held m WHERE m.day + 5 <= %(today)s
    """,
    f"""
    INSERT INTO issues_planitem ({KEPT}, plan_id, issue_id, "order", measure_kk, measure_ru, due_on, first_due_on,
        organisation, post, completion_kk, completion_ru, state, finished_on)
    SELECT {kept("f.raised_on + 5", "f")}, p.id, f.id,
        row_number() OVER (PARTITION BY f.meeting_id ORDER BY f.number), %(measure_kk)s, %(measure_ru)s, f.due_on,
        f.first_due_on, %(organisation)s, %(post)s, '', '',
        CASE f.ended WHEN 'done' THEN 'done' WHEN 'explained' THEN 'explained' WHEN 'declined' THEN 'explained'
            ELSE 'in_work' END, CASE WHEN f.ended IS NOT NULL THEN f.end_on END
    FROM nation_fates f JOIN issues_actionplan p ON p.meeting_id = f.meeting_id
    """,
    f"""
    INSERT INTO issues_duechange ({KEPT}, item_id, was, "to", reason, state, decided_on, decision)
    SELECT {kept("f.first_due_on - 3", "f")}, p.id, f.first_due_on, f.due_on, 'Мердігер кешікті / Подрядчик опоздал',
        'granted', f.first_due_on - 3, ''
    FROM nation_fates f JOIN issues_planitem p ON p.issue_id = f.id WHERE f.slip
    """,
    f"""
    INSERT INTO issues_closing ({KEPT}, issue_id, kind, "on", text_kk, text_ru, reopened_reason)
    SELECT {kept("f.end_on", "f")}, f.id, f.ended, f.end_on, %(measure_kk)s, %(measure_ru)s, ''
    FROM nation_fates f WHERE f.ended IS NOT NULL
    """,
    "ANALYZE issues_actionplan, issues_planitem",
    f"""
    INSERT INTO issues_planversion ({KEPT}, plan_id, number, document, approved_on, reason, rows, sha256)
    SELECT {kept("m.day + 5")}, p.id, 1, '', m.day + 5, '', x.rows,
        encode(sha256(convert_to(x.rows::text, 'UTF8')), 'hex')
    FROM nation_held m JOIN issues_actionplan p ON p.meeting_id = m.id
    JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('item', t.id, 'issue', i.year || '-' || i.number, 'code', i.code,
            'text_kk', i.text_kk, 'text_ru', i.text_ru, 'measure_kk', t.measure_kk, 'measure_ru', t.measure_ru,
            'due_on', t.first_due_on, 'first_due_on', t.first_due_on, 'organisation', t.organisation, 'post', t.post,
            'completion_kk', '', 'completion_ru', '') ORDER BY t."order") AS rows
        FROM issues_planitem t JOIN issues_issue i ON i.id = t.issue_id WHERE t.plan_id = p.id
    ) x ON x.rows IS NOT NULL
    """,
]
PUBLICATIONS = [
    f"""
    INSERT INTO issues_publishedversion ({KEPT}, meeting_id, what, number, data, sha256, reason)
    SELECT {kept("m.published")}, m.id, 'results', 1, x.data,
        encode(sha256(convert_to(x.data::text, 'UTF8')), 'hex'), ''
    FROM nation_held m JOIN LATERAL (
        SELECT jsonb_build_object('text_kk', %(results_kk)s::text, 'text_ru', %(results_ru)s::text, 'held_on', m.day,
            'place_kk', m.place_kk, 'place_ru', m.place_ru, 'attendance', m.attendance, 'report_minutes', NULL,
            'planned_minutes', m.planned_minutes, 'questions', 0,
            'issues', (SELECT count(*) FROM issues_issue i WHERE i.meeting_id = m.id),
            'receptions', (SELECT COALESCE(jsonb_agg(jsonb_build_object('starts_on', r.starts_on, 'ends_on', r.ends_on,
                'citizens', r.citizens)), '[]') FROM issues_reception r WHERE r.meeting_id = m.id),
            'audience', '[]'::jsonb) AS data
    ) x ON true WHERE m.published IS NOT NULL
    """,
    f"""
    INSERT INTO issues_publishedversion ({KEPT}, meeting_id, what, number, data, sha256, reason)
    SELECT {kept("m.published")}, m.id, 'list', 1, x.data, encode(sha256(convert_to(x.data::text, 'UTF8')), 'hex'), ''
    FROM nation_held m JOIN LATERAL (
        SELECT jsonb_build_object('rows', COALESCE(jsonb_agg(jsonb_build_object('issue', i.year || '-' || i.number,
            'code', i.code, 'text_kk', i.text_kk, 'text_ru', i.text_ru, 'topic', o.code, 'level', i.level,
            'place_kk', m.place_kk, 'place_ru', m.place_ru, 'raised_on', i.raised_on) ORDER BY i.number), '[]')) AS data
        FROM issues_issue i JOIN issues_topic o ON o.id = i.topic_id WHERE i.meeting_id = m.id
    ) x ON true WHERE m.published IS NOT NULL
    """,
    f"""
    INSERT INTO issues_publishedversion ({KEPT}, meeting_id, what, number, data, sha256, reason, plan_version_id)
    SELECT {kept("greatest(m.published, m.day + 5)")}, m.id, 'plan', 1, x.data,
        encode(sha256(convert_to(x.data::text, 'UTF8')), 'hex'), '', v.id
    FROM nation_held m JOIN issues_actionplan p ON p.meeting_id = m.id
    JOIN issues_planversion v ON v.plan_id = p.id AND v.number = 1
    JOIN LATERAL (SELECT jsonb_build_object('rows', v.rows, 'number', 1) AS data) x ON true
    WHERE m.published IS NOT NULL AND greatest(m.published, m.day + 5) <= %(today)s
    """,
    f"""
    INSERT INTO issues_publication ({KEPT}, version_of_id, channel_id, link, published_at, own_page)
    SELECT v.created_at, v.created_at, 1, v.unit_id, v.region_id, v.id, c.id,
        CASE c.code WHEN 'site' THEN 'https://akimat.example' ELSE 'https://www.gov.example' END
            || '/' || v.meeting_id || '/' || v.what, v.created_at, false
    FROM issues_publishedversion v JOIN nation_held m ON m.id = v.meeting_id
    JOIN issues_channel c ON c.code IN ('site', 'egov')
    """,
]
#: Four reports a year of each office that has issues; 5 of 100 late, 3 never. Central issues go to a body.
QUARTERS = [
    "DROP TABLE IF EXISTS nation_quarters",
    """
    CREATE TEMPORARY TABLE nation_quarters AS
    SELECT q.*, last + CASE WHEN pg_temp.share(key, 21) < 0.05 THEN 28 ELSE 5 + floor(pg_temp.share(key, 22) * 15)::int
        END AS frozen
    FROM (
        SELECT u.unit_id, u.region_id, q AS quarter,
            (make_date(%(year)s, 1, 1) + make_interval(months => 3 * q) - interval '1 day')::date AS last,
            t.code || %(year)s || 'Q' || q AS key
        FROM (SELECT DISTINCT unit_id, region_id FROM issues_issue WHERE year = %(year)s) u
        JOIN territories_territory t ON t.id = u.unit_id, generate_series(1, 4) q
    ) q
    WHERE pg_temp.share(key, 20) >= 0.03
    """,
    "DELETE FROM nation_quarters WHERE frozen > %(today)s",
    f"""
    INSERT INTO issues_quarterlyreport ({KEPT}, year, quarter, number, state, nil, text_kk, text_ru, reason, frozen_at,
        sha256)
    SELECT {kept("m.frozen")}, %(year)s, m.quarter, 1, 'frozen', false, %(report_kk)s, %(report_ru)s, '',
        {NOON.format("m.frozen")}, md5(m.key) || md5(m.key || '-')
    FROM nation_quarters m
    """,
    """
    INSERT INTO issues_quarterlyrow (report_id, issue_id, "order", state, solved, due_on, first_due_on, slips,
        progress_kk, progress_ru)
    SELECT r.id, i.id, row_number() OVER (PARTITION BY r.id ORDER BY i.year, i.number),
        CASE WHEN i.closed_on <= q.last THEN i.state ELSE 'in_work' END, COALESCE(i.closed_on <= q.last, false),
        i.due_on, i.first_due_on, i.slips, %(silent_kk)s, %(silent_ru)s
    FROM nation_quarters q JOIN issues_quarterlyreport r ON r.unit_id = q.unit_id AND r.year = %(year)s
        AND r.quarter = q.quarter AND r.number = 1
    JOIN issues_issue i ON i.unit_id = q.unit_id AND i.raised_on <= q.last
        AND (i.closed_on IS NULL OR i.closed_on > q.last - 92)
    """,
    f"""
    INSERT INTO issues_publication ({KEPT}, quarterly_id, channel_id, link, published_at, own_page)
    SELECT r.created_at, r.created_at, 1, r.unit_id, r.region_id, r.id, c.id,
        CASE c.code WHEN 'site' THEN 'https://akimat.example' ELSE 'https://www.gov.example' END
            || '/quarters/' || r.id, r.frozen_at, false
    FROM issues_quarterlyreport r JOIN issues_channel c ON c.code IN ('site', 'egov') WHERE r.year = %(year)s
    """,
    f"""
    INSERT INTO issues_centralrouting ({KEPT}, issue_id, organisation_id, proposal_kk, proposal_ru, sent_on,
        letter_number, state, answered_on, answer_number, answer_kk, answer_ru)
    SELECT {kept("f.raised_on + 10", "f")}, f.id, o.id, %(measure_kk)s, %(measure_ru)s, f.raised_on + 10,
        'ц-' || f.number, CASE WHEN f.ended IS NULL THEN 'sent' ELSE 'answered' END,
        CASE WHEN f.ended IS NOT NULL THEN f.end_on END, '', CASE WHEN f.ended IS NULL THEN '' ELSE %(measure_kk)s END,
        ''
    FROM nation_fates f
    JOIN (SELECT id, row_number() OVER (ORDER BY key) - 1 AS n, count(*) OVER () AS all_of_them
        FROM territories_organisation WHERE kind = 'ministry') o
        ON o.n = floor(pg_temp.share(f.code, 23) * o.all_of_them)
    WHERE f.level = 'central' AND f.raised_on + 10 <= %(today)s
    """,
]
#: What was written just now must be counted before it is joined, or the database takes it for next to nothing.
COUNTED = "ANALYZE issues_issue, issues_reception, issues_planversion"
STATEMENTS = [
    "ANALYZE calendars_meeting", CANCELLED, *HELD, *COMMISSIONS, RECEPTIONS, *FATES, COUNTED, *PLANS, COUNTED,
    *PUBLICATIONS, *QUARTERS,
]  # fmt: skip
