"""A second opinion on the ledger: recounts every dated duty from raw events, sharing no code with the program.

    python -m checker FOLDER [--law law]        prints each difference; exit code 1 if there is one

Only the standard library is used, and of the program only its law as data: `acts/*.toml`, `readings.toml`,
`coverage.toml`, `days/*.toml`. `dates` counts days, `coverage` counts meetings of akims, `ledger` says what is owed
and compares. `FOLDER` holds a dump, one JSON object a line, as `manage.py dump_ledger -o FOLDER --today DAY` writes
it. Days are "2027-03-18", moments are ISO 8601 with an offset, what is not there is null. A file may be absent if
there is nothing to say. Ids are whatever the program uses; only equality matters.

    meta.json            {"today", "years": [2026, 2027]}: the day of the dump, and the years that were swept
    units.jsonl          id, kind, parent, region (null for a region itself), own_akim, excluded, valid_from, valid_to,
                         time_zone
    organisations.jsonl  id, kind, key, under_12 (owes by Resolution 12), information (the authorised body on access
                         to information), valid_from, valid_to
    readings.jsonl       key ("until_edge", or "key:line"), value (text), region (null = nation), valid_from, valid_to,
                         decided_on: the choices in the order in which they were made
    versions.jsonl       id, region, year, number, approved_at: approved versions of calendars
    notices.jsonl        id, version, sent_at, bounced_at, acknowledged_at: letters to maslikhats
    submissions.jsonl    id, version, submitted_at: calendars sent to the Government
    meetings.jsonl       id, region, year (of the calendar), holder, state, off_calendar, short_notice_reason (true
                         where one is recorded), date, dates: [[recorded_on, date], …] oldest first (may be empty),
                         held_on, announced_on, round_end (last day of its round of meetings), video_only, in_version
                         (an approved version of the calendar holds it)
    targets.jsonl        meeting, holder, target, at_place: confirmed rows of whom a meeting serves (A-09)
    receptions.jsonl     id, meeting, ended_on, recorded_on: receptions that took place
    publications.jsonl   id, meeting, rules: ["826-3.5.c1", …], places: {"site": day, "egov": day, …}, withdrawn
    issues.jsonl         id, akim (unit), meeting_on, list_on, closed_in ("2027-Q2": the quarter whose report showed it
                         solved); if there is no such file, each held meeting raised one that stays
    reports.jsonl        id, akim (unit), quarter, places: {…}, withdrawn: quarterly information
    evidence.jsonl       id, duty, done_on, recorded_on, withdrawn_on: proofs recorded by people
    duties.jsonl         the ledger: id, rule, edition, about ("calendar", "version", "akim", "meeting", "body", …),
                         subject, period ("2027", "2027-Q1", "" for a single event), year, debtor, body, region,
                         safe_on, due_on, late_after, target_on, met_on, noted_on (day on which the ledger learnt
                         it), met_by ("fact", "hand", ""), state, cancelled (true/false), trace ("", "changed",
                         "reopened", "fact_gone")

An open duty follows the present facts; a met one keeps the dates of the facts and readings that were known on the day
on which it was noted as met.
"""
