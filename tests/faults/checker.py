"""The judge of a run: a program of its own that shares no code with the application.

`python tests/faults/checker.py dump FOLDER URL` writes what it wants to know of a database into FOLDER,
by statements of its own through psql. `python tests/faults/checker.py judge FOLDER` then reads

* `plain/` and `faults/`: such dumps of the run without and with faults, same seed;
* `accepted-plain.log`, `accepted-faults.log`: the synced journals of the mail server, the truth of what
  was delivered;
* `asked-plain.jsonl`, `asked-faults.jsonl`: what was asked of the application, before and after each request;
* `faults.jsonl`: what was done to it, and when; `plan.json`: whom the load process knows;

and prints figures and findings. It ends with 0 only if nothing is wrong; with `judge --marks` also only
if the marks of time are kept, which depend on the machine.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

#: Marks of issue and design, in seconds.
DELAY_P95 = 10.0
NEXT_DELIVERY = 15.0
#: A letter in a worker's hands when its fact ends can no longer be called back: its lease.
IN_HAND = 10.0
FINAL = ("sent", "failed", "cancelled")

# -- What is asked of a database ------------------------------------------------------------------
UNIT = "(SELECT code FROM territories_territory WHERE id = {})"
MEETING = (
    "(SELECT hh.code || '/' || pp.code || '/' || mm.date || '/' || coalesce(mm.time::text, '') || '/' || mm.number"
    " FROM calendars_meeting mm JOIN territories_territory hh ON hh.id = mm.holder_id"
    " JOIN territories_territory pp ON pp.id = mm.place_id WHERE mm.id = {})"
)
VERSION = (
    "(SELECT tt.code || '/' || cc.year || '/v' || vv.number FROM calendars_calendarversion vv"
    " JOIN calendars_calendar cc ON cc.id = vv.calendar_id JOIN territories_territory tt ON tt.id = cc.region_id"
    " WHERE vv.id = {})"
)
SUBJECT = f"""CASE n.subject_type
    WHEN 'calendars.maslikhatnotice' THEN (
        SELECT {VERSION.format("x.version_id")} || '/' || x.address || '/' || x.issue
        FROM calendars_maslikhatnotice x WHERE x.id = n.subject_id::bigint)
    WHEN 'calendars.submission' THEN (
        SELECT {VERSION.format("x.version_id")} FROM calendars_submission x WHERE x.id = n.subject_id::bigint)
    WHEN 'poison' THEN n.subject_id
    ELSE n.subject_type END"""

#: The id of a duty says what it is about: kind of subject (4 bits), id of the subject (30), number of the
#: line (9), period (10). Subjects get names here, since ids differ between two runs; the other kinds (akims,
#: bodies) are about rows of the prepared database, whose ids are the same in both.
DUTY_SUBJECT = f"""CASE d.id >> 49
    WHEN 1 THEN 'calendar ' || {UNIT.format("(d.id >> 19) & 1073741823")}
    WHEN 2 THEN 'version ' || {VERSION.format("(d.id >> 19) & 1073741823")}
    WHEN 4 THEN 'meeting ' || {MEETING.format("(d.id >> 19) & 1073741823")}
    ELSE (d.id >> 49) || ' ' || ((d.id >> 19) & 1073741823) END"""

#: Duties by natural key, with their dates and what they were met by. Whoever changes the tables of the
#: ledger changes this statement; the columns that it answers stay.
DUTIES = f"""
    SELECT d.rule_id, d.year || '/' || (d.id & 1023) AS period, {UNIT.format("d.debtor_id")} AS debtor,
        d.body_id AS body, {DUTY_SUBJECT} AS subject, c.wording, c.readings, c.safe_on, d.due_on, d.late_after,
        c.target_on, d.opened_on, d.met_on, d.noted_on, d.met_by, d.evidence, d.trace,
        d.cancelled_at IS NOT NULL AS cancelled, md5(c.derivation::text) AS derivation
    FROM deadlines_duty d JOIN deadlines_counting c ON c.id = d.counting_id"""

STATEMENTS = {
    "duties": DUTIES,
    "reminders": f"""
        SELECT d.rule_id, d.year || '/' || (d.id & 1023) AS period, {UNIT.format("d.debtor_id")} AS debtor,
            {DUTY_SUBJECT} AS subject, s.code AS stage, u.email AS person, r.channel, r.day,
            d.due_on + s.offset_days AS stage_day, d.opened_on
        FROM deadlines_reminder r JOIN deadlines_duty d ON d.id = r.duty_id
        JOIN deadlines_stage s ON s.id = r.stage_id JOIN territories_user u ON u.id = r.user_id""",
    "notices": f"""
        SELECT n.id, n.kind, {SUBJECT} AS subject, n.subject_version, n.recipient_email AS recipient, n.message_id,
            n.state, n.earliest_day, extract(epoch FROM n.next_try) AS next_try,
            n.resolved_by, n.attempts, extract(epoch FROM n.created_at) AS created,
            extract(epoch FROM n.sent_at) AS sent, n.doubtful_at IS NOT NULL AS was_doubtful, n.last_reply
        FROM journal_notice n""",
    "attempts": """
        SELECT notice_id, number, step, outcome, extract(epoch FROM at) AS at, reply
        FROM journal_noticeattempt ORDER BY id""",
    "meetings": f"""
        SELECT {UNIT.format("c.region_id")} AS region, c.year, {MEETING.format("m.id")} AS meeting, m.state, m.version,
            m.announced_on, m.held_on, m.attendance, m.cancel_reason, m.remarks, m.address
        FROM calendars_meeting m LEFT JOIN calendars_calendar c ON c.id = m.calendar_id""",
    "versions": f"""
        SELECT {VERSION.format("v.id")} AS version, v.order_number, v.row_count, v.rows_sha256, v.scan_sha256,
            v.reason, (SELECT count(*) FROM calendars_versionrow r WHERE r.version_id = v.id) AS rows_there, v.scan
        FROM calendars_calendarversion v""",
    "maslikhat": f"""
        SELECT {VERSION.format("x.version_id")} AS version, x.address, x.issue,
            x.revoked_at IS NOT NULL AS revoked, extract(epoch FROM x.revoked_at) AS revoked_at,
            x.acknowledged_name, x.acknowledged_number, n.message_id
        FROM calendars_maslikhatnotice x LEFT JOIN journal_notice n ON n.id = x.notice_id""",
    "submissions": f"""
        SELECT {VERSION.format("s.version_id")} AS version, s.letter_number, s.state, s.incoming_number, s.lock
        FROM calendars_submission s""",
    "posts": f"""
        SELECT u.email, p.role, {UNIT.format("p.territory_id")} AS unit FROM territories_post p
        JOIN territories_user u ON u.id = p.user_id""",
    "entries": """
        SELECT id, action, object_type, object_text, scope_path, actor_text, object_id FROM journal_entry""",
    "beats": "SELECT name, extract(epoch FROM finished_at) AS finished FROM journal_heartbeat",
}


def dump(folder: Path, url: str) -> None:
    """Write every statement's rows as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, statement in STATEMENTS.items():
        text = f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER)"
        done = subprocess.run(
            ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", text, url], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        (folder / f"{name}.csv").write_text(done.stdout)


# -- Reading --------------------------------------------------------------------------------------
def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as handle:
        return list(csv.DictReader(handle))


@dataclass(frozen=True)
class Acceptance:
    """One line of the mail server's journal."""

    at: float
    message_id: str
    recipient: str


@dataclass
class Side:
    """One run: its dump, the mail server's journal, and what was asked."""

    tables: dict[str, list[dict[str, str]]]
    accepted: list[Acceptance]
    asked: list[dict]

    @classmethod
    def read(cls, folder: Path, name: str) -> Side:
        tables = {}
        for table in STATEMENTS:
            tables[table] = rows_of(folder / name / f"{table}.csv")
        accepted = []
        for line in (folder / f"accepted-{name}.log").read_text().splitlines():
            at, message_id, recipient = line.split(" ", 2)
            accepted.append(Acceptance(float(at), message_id, recipient))
        asked = [json.loads(line) for line in (folder / f"asked-{name}.jsonl").read_text().splitlines()]
        return cls(tables, accepted, asked)

    def __getitem__(self, table: str) -> list[dict[str, str]]:
        return self.tables[table]


@dataclass
class Verdict:
    """What was found wrong, by invariant, and the figures."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Marks of time that were missed: they depend on the machine too, so they are told apart.
    slow: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    per_fault: list[tuple] = field(default_factory=list)

    def find(self, invariant: str, text: str) -> None:
        self.wrong[invariant].append(text)


@dataclass
class Run:
    """Everything that the judge looks at."""

    plain: Side
    faults: Side
    injected: list[dict]
    today: dt.date
    #: Where the application keeps uploaded files; None if they are not to be looked at.
    files: Path | None = None

    @classmethod
    def read(cls, folder: Path) -> Run:
        injected = [json.loads(line) for line in (folder / "faults.jsonl").read_text().splitlines()]
        plan = json.loads((folder / "plan.json").read_text())
        return cls(
            Side.read(folder, "plain"),
            Side.read(folder, "faults"),
            sorted(injected, key=lambda fault: fault["t"]),
            dt.date.fromisoformat(plan["today"]),
            folder / "var" / "faults" / "files",
        )


# -- Equal to the run without faults --------------------------------------------------------------
Row = dict[str, str]
#: What tells a duty from every other.
DUTY = ("rule_id", "period", "debtor", "subject")


def canonical(side: Side, today: dt.date) -> dict[str, list[tuple]]:
    """The state that a run leaves, without ids, instants and chance.

    A run may pass midnight: its first day and the next are called `run` alike.
    """
    run_days = {today.isoformat(), (today + dt.timedelta(days=1)).isoformat()}

    def day(text: str) -> str:
        return "run" if text in run_days else text

    def rows(
        table: str, *columns: str, days: tuple[str, ...] = (), only: Callable[[Row], bool] = lambda row: True
    ) -> list[tuple]:
        return sorted(
            tuple(day(row[name]) if name in days else row[name] for name in columns) for row in side[table] if only(row)
        )

    # A letter of a link that ended had left by then, or was called back: both are right.
    ended = {row["message_id"] for row in side["maslikhat"] if row["revoked"] == "t"}

    # A meeting that was entered and dropped again left duties only if a sweep came in between; nobody was told of them.
    told = {tuple(row[name] for name in DUTY) for row in side["reminders"]}

    def stands(row: Row) -> bool:
        return row["cancelled"] != "t" or bool(row["met_on"]) or tuple(row[name] for name in DUTY) in told

    ordinals = {str((today + dt.timedelta(days=n)).toordinal()) for n in (0, 1)}
    found = {
        "duties": rows(
            "duties",
            *DUTY,
            *("body", "wording", "readings", "safe_on", "due_on", "late_after", "target_on", "opened_on"),
            *("met_on", "noted_on", "met_by", "evidence", "trace", "cancelled", "derivation"),
            days=("opened_on", "met_on", "noted_on"),
            only=stands,
        ),
        # What falls due on the very day of the run is told or not by the minute of the sweep.
        "reminders": sorted(
            tuple(row[name] for name in (*DUTY, "stage", "person", "channel"))
            for row in side["reminders"]
            if row["stage_day"] not in run_days
        ),
        "notices": sorted(
            (
                *(row["kind"], row["subject"], row["subject_version"], row["recipient"]),
                "ended" if row["message_id"] in ended else row["state"],
                row["earliest_day"],
            )
            for row in side["notices"]
            if row["kind"] != "poison" and not (row["subject"] == "digest" and row["subject_version"] in ordinals)
        ),
        "meetings": rows(
            "meetings",
            *("region", "year", "meeting", "state", "version", "announced_on", "held_on", "attendance"),
            *("cancel_reason", "remarks", "address"),
            days=("announced_on",),
        ),
        "versions": rows(
            "versions", "version", "order_number", "row_count", "rows_sha256", "scan_sha256", "reason", "rows_there"
        ),
        "maslikhat": rows(
            "maslikhat", "version", "address", "issue", "revoked", "acknowledged_name", "acknowledged_number"
        ),
        "submissions": rows("submissions", "version", "letter_number", "state", "incoming_number", "lock"),
        "posts": rows("posts", "email", "role", "unit"),
    }
    # Log-ins and what the operator does about refused letters are answers to faults, not work.
    left_out = ("account.logged_in", "notice.retried", "notice.cancelled")
    counted = Counter(
        (row["action"], row["object_type"], row["object_text"], row["scope_path"])
        for row in side["entries"]
        if row["action"] not in left_out and not row["action"].startswith("outbox.")
    )
    found["entries"] = sorted((*key, str(number)) for key, number in counted.items())
    return found


INVARIANT_OF = {"duties": "I4", "reminders": "I1", "notices": "I1", "entries": "I6", "versions": "I5"}


def compare(run: Run, verdict: Verdict) -> None:
    plain, faults = canonical(run.plain, run.today), canonical(run.faults, run.today)
    for table, expected in plain.items():
        there = faults[table]
        verdict.figures[f"{table}: rows"] = len(there)
        missing = Counter(expected) - Counter(there)
        extra = Counter(there) - Counter(expected)
        for word, rows in (("missing", missing), ("not in the run without faults", extra)):
            for row, number in sorted(rows.items())[:20]:
                verdict.find(INVARIANT_OF.get(table, "I7"), f"{table}, {word} ({number}x): {row}")
    equal = "\n".join(map(str, plain["duties"])).encode() == "\n".join(map(str, faults["duties"])).encode()
    verdict.figures["duties byte-equal"] = equal


# -- Letters --------------------------------------------------------------------------------------
def judge_letters(run: Run, verdict: Verdict) -> None:
    side = run.faults
    times = Counter(line.message_id for line in side.accepted)
    notices = {row["message_id"]: row for row in side["notices"]}
    history = defaultdict(list)
    for row in side["attempts"]:
        history[row["notice_id"]].append(row)
    lost = doubled = waiting = refused = doubtful = unsettled = 0
    ways: Counter = Counter()
    for message_id, row in notices.items():
        about = f"{row['kind']} {row['subject']} to {row['recipient']} ({row['state']})"
        count = times[message_id]
        outcomes = [attempt["outcome"] for attempt in history[row["id"]]]
        if count > 1:
            doubled += 1
            verdict.find("I2", f"doubled: accepted {count} times: {about}")
        if row["state"] == "sent" and count == 0:
            lost += 1
            verdict.find("I2", f"lost: called sent, never accepted: {about}")
        elif row["state"] == "failed":
            refused += 1
            expected = row["kind"] == "poison" or row["recipient"].startswith("nobody@")
            if count or not expected:
                verdict.find("I2", f"lost: refused for good ({row['last_reply']}), accepted {count} times: {about}")
                lost += not count
        elif row["state"] == "cancelled" and count:
            verdict.find("I3", f"sent although cancelled: {about}")
        elif row["state"] not in FINAL:
            if row["state"] == "pending" and not count and waits_for_its_hour(row, run.today):
                waiting += 1
            else:
                lost += not count
                verdict.find("I2", f"never came to an end: {about}")
        if "doubtful" in outcomes:
            doubtful += 1
            ends = [o for o in outcomes[outcomes.index("doubtful") :] if o in ("found", "absent", "resent", "sent")]
            ways[ends[0] if ends else "not settled"] += 1
            if not ends or row["state"] == "doubtful":
                unsettled += 1
                verdict.find("I2", f"doubt was never settled: {about}")
        if count > 1 and "doubtful" not in outcomes:
            verdict.find("I2", f"doubled without a mark of doubt: {about}")
    for message_id in times.keys() - notices.keys():
        verdict.find("I3", f"accepted, but no letter of the database: {message_id}")
    lost += expected_letters(run, verdict)
    verdict.figures |= {
        "letters": len(notices),
        "accepted by the relay": sum(times.values()),
        "notices lost": lost,
        "notices doubled": doubled,
        "waiting for their day": waiting,
        "refused for good, as expected": refused,
        "doubtful": doubtful,
        "doubt settled by": ", ".join(f"{way} {number}" for way, number in sorted(ways.items())) or "-",
        "doubt left": unsettled,
        "fenced attempts": sum(row["outcome"] == "fenced" for row in side["attempts"]),
        "workers vanished before the dot": sum(row["outcome"] == "expired" for row in side["attempts"]),
    }


def waits_for_its_hour(row: dict[str, str], today: dt.date) -> bool:
    """A digest of a later day, or one that quiet hours hold back."""
    late = float(row["next_try"] or 0) - float(row["created"]) > 600
    return row["earliest_day"] > today.isoformat() or (row["kind"] == "reminder_digest" and late)


def expected_letters(run: Run, verdict: Verdict) -> int:
    """Every letter that a request was to cause exists; from the list of what was asked alone."""
    wanted: Counter = Counter()
    done = {
        (line["region"], line["lap"], line["what"], line["key"])
        for line in run.faults.asked
        if line["phase"] in ("done", "done before")
    }
    for line in run.faults.asked:
        if line["phase"] == "asking" and (line["region"], line["lap"], line["what"], line["key"]) in done:
            wanted.update((kind, address) for kind, address in line.get("expects", []))
    there = Counter((row["kind"], row["recipient"]) for row in run.faults["notices"])
    missing = wanted - there
    for (kind, address), number in missing.items():
        verdict.find("I1", f"asked for, but no letter: {kind} to {address} ({number}x)")
    return missing.total()


def superseded(run: Run, verdict: Verdict) -> None:
    """No letter leaves for a link that had ended before its first sending."""
    first: dict[str, float] = {}
    for line in run.faults.accepted:
        first.setdefault(line.message_id, line.at)
    for row in run.faults["maslikhat"]:
        at = first.get(row["message_id"])
        if row["revoked"] == "t" and at is not None and at > float(row["revoked_at"]) + IN_HAND:
            late = at - float(row["revoked_at"])
            verdict.find("I3", f"sent {late:.0f} s after its link ended: {row['version']} to {row['address']}")


def passed_stages(run: Run, verdict: Verdict) -> None:
    """Nobody is reminded of a stage that lay before the duty was known (F33), and once a day at most (F32)."""
    for row in run.faults["reminders"]:
        if row["stage_day"] < row["opened_on"]:
            verdict.find("I1", f"reminded of a stage before the duty was known: {row}")
    digests = Counter(
        (row["recipient"], row["subject_version"]) for row in run.faults["notices"] if row["kind"] == "reminder_digest"
    )
    verdict.figures["digests, most a person and day"] = max(digests.values(), default=0)
    for (person, day), number in digests.items():
        if number > 1:
            verdict.find("I1", f"{number} digests of one day ({day}) to {person}")
    later = {row["message_id"] for row in run.faults["notices"] if row["earliest_day"] > run.today.isoformat()}
    for line in run.faults.accepted:
        if line.message_id in later:
            verdict.find("I1", f"sent before its day: {line.message_id} to {line.recipient}")


# -- What was asked -------------------------------------------------------------------------------
def judge_requests(run: Run, verdict: Verdict) -> None:
    begun: Counter = Counter()
    ended: Counter = Counter()
    troubles: Counter = Counter()
    before = 0
    for line in run.faults.asked:
        key = (line.get("region"), line.get("lap"), line["what"], line["key"])
        if line["phase"] == "asking":
            begun[key] += 1
        elif line["phase"] in ("done", "done before"):
            ended[key] += 1
            before += line["phase"] == "done before"
            troubles.update(line.get("troubles", []) if line["what"] != "sweep" else [])
        else:
            verdict.find("I7", f"{line['phase']}: {line}")
    for key in begun.keys() - ended.keys():
        verdict.find("I7", f"asked and never done: {key}")
    plain = Counter(line["what"] for line in run.plain.asked if line["phase"] == "done" and line["what"] != "retry")
    there = Counter(
        line["what"]
        for line in run.faults.asked
        if line["phase"] in ("done", "done before") and line["what"] != "retry"
    )
    if plain != there:
        verdict.find("I7", f"not the same work as without faults: {plain} and {there}")
    verdict.figures |= {
        "requests done": there.total(),
        "of these done before anybody knew": before,
        "requests without an answer": sum(n for what, n in troubles.items() if not what.isdigit()),
        "answers 5xx": sum(n for what, n in troubles.items() if what.isdigit() and what >= "500"),
        "letters sent again by the operator": sum(line["what"] == "retry" for line in run.faults.asked),
    }


def judge_versions(run: Run, verdict: Verdict) -> None:
    """One version for each approval that was asked for, whole (I5)."""
    approvals = {
        (line["region"], line["key"])
        for line in run.faults.asked
        if line["what"] == "approve" and line["phase"][:4] == "done"
    }
    there = Counter((row["version"].split("/")[0], row["version"].partition("/")[2]) for row in run.faults["versions"])
    for (region, key), number in ((key, there[key[0], key[1].replace("/", "/v")]) for key in approvals):
        if number != 1:
            verdict.find("I5", f"{number} versions for the approval of {region} {key}")
    if sum(there.values()) != len(approvals):
        verdict.find("I5", f"{sum(there.values())} versions for {len(approvals)} approvals")
    for row in run.faults["versions"]:
        if row["row_count"] != row["rows_there"]:
            verdict.find("I5", f"half-written version: {row}")


def judge_scans(run: Run, verdict: Verdict) -> None:
    """Each version has its scan, unchanged; a scan that was left by a process that died is counted, no more."""
    if run.files is None or not run.files.is_dir():
        return
    kept = set()
    for row in run.faults["versions"]:
        file = run.files / row["scan"]
        kept.add(file)
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != row["scan_sha256"]:
            verdict.find("I5", f"the scan of {row['version']} is missing or another one: {row['scan']}")
    there = {file for file in run.files.rglob("*") if file.is_file()}
    verdict.figures["scans without a version"] = len(there - kept)


# -- Time -----------------------------------------------------------------------------------------
def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def delays_of(side: Side) -> dict[str, tuple[float, float]]:
    """Message-ID -> when it was written, how long until the relay took it (first acceptance)."""
    created = {row["message_id"]: float(row["created"]) for row in side["notices"] if not row["earliest_day"]}
    found: dict[str, tuple[float, float]] = {}
    for line in side.accepted:
        if line.message_id in created and line.message_id not in found:
            found[line.message_id] = (created[line.message_id], line.at - created[line.message_id])
    return found


def judge_times(run: Run, verdict: Verdict) -> None:
    delays = [delay for _created, delay in delays_of(run.faults).values()]
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        verdict.figures[f"delay {name}, s"] = round(quantile(delays, share), 1)
    plain = [delay for _created, delay in delays_of(run.plain).values()]
    verdict.figures["delay p95 without faults, s"] = round(quantile(plain, 0.95), 1)
    if quantile(delays, 0.95) > DELAY_P95:
        verdict.slow.append(f"delay p95 is {quantile(delays, 0.95):.1f} s, more than {DELAY_P95:.0f} s")
    gaps = [
        gap
        for fault in run.injected
        if "returned" in fault and (gap := next_delivery(run, fault["returned"])) is not None
    ]
    verdict.figures["servers that returned"] = len(gaps)
    verdict.figures["next delivery after a return, median, s"] = round(quantile(gaps, 0.5), 1)
    verdict.figures["next delivery after a return, longest, s"] = round(max(gaps, default=0), 1)
    for fault in run.injected:
        gap = next_delivery(run, fault["returned"]) if "returned" in fault else None
        if gap is not None and gap > NEXT_DELIVERY:
            again = [
                other["fault"] for other in run.injected if fault["returned"] < other["t"] < fault["returned"] + gap
            ]
            verdict.slow.append(f"{fault['fault']}: next delivery {gap:.1f} s after the return (meanwhile: {again})")


def next_delivery(run: Run, returned: float) -> float | None:
    """Seconds from the return of a server (or from the next letter, if none waited) to the next acceptance.

    A letter in doubt waits for the end of its doubt and for no server. None where another server was away or was
    harmed before that: then the return was none.
    """
    later = [line.at for line in run.faults.accepted if line.at >= returned]
    if not later:
        return None
    at = min(later)
    accepted = {line.message_id: line.at for line in reversed(run.faults.accepted)}
    attempts = run.faults["attempts"]
    doubted = {row["notice_id"] for row in attempts if row["outcome"] == "doubtful" and float(row["at"]) <= at}
    waiting = [
        float(row["created"])
        for row in run.faults["notices"]
        if not row["earliest_day"]
        and accepted.get(row["message_id"], 0) >= returned
        and float(row["created"]) <= at
        and row["id"] not in doubted
    ]
    if not waiting:
        return None
    begins = max(returned, min(waiting))
    harmful = ("F01", "F02", "F03", "F04", "F08", "F11", "F17", "F18", "F19", "F22", "F32", "F05", "F30")
    for fault in run.injected:
        harmed = fault["fault"].startswith(harmful) and fault["t"] < at and fault["until"] > begins - 1
        if harmed and fault.get("returned") != returned:
            return None
    return at - begins


def judge_faults(run: Run, verdict: Verdict) -> None:
    """Figures for each kind: how often, hit, letters written meanwhile, doubtful, doubled, longest delay, return."""
    names = sorted({fault["fault"] for fault in run.injected})
    delays = delays_of(run.faults)
    times = Counter(line.message_id for line in run.faults.accepted)
    kept = {row["message_id"]: row for row in run.faults["notices"]}
    doubted = {row["notice_id"] for row in run.faults["attempts"] if row["outcome"] == "doubtful"}
    for name in names:
        faults = [fault for fault in run.injected if fault["fault"] == name]
        spans = [(fault["t"], max(fault["until"], fault["t"] + 3)) for fault in faults]
        inside = {
            message_id: delay
            for message_id, (created, delay) in delays.items()
            if any(begins <= created <= ends for begins, ends in spans)
        }
        gaps = [gap for f in faults if "returned" in f and (gap := next_delivery(run, f["returned"])) is not None]
        verdict.per_fault.append(
            (
                name,
                len(faults),
                sum(bool(fault.get("hit", True)) for fault in faults),
                len(inside),
                sum(kept[message_id]["id"] in doubted for message_id in inside),
                sum(times[message_id] > 1 for message_id in inside),
                f"{quantile(list(inside.values()), 0.95):.1f}" if inside else "-",
                f"{max(inside.values()):.1f}" if inside else "-",
                f"{max(gaps):.1f}" if gaps else "-",
            )
        )
    verdict.figures["faults injected"] = len(run.injected)
    verdict.figures["of these at their line or process"] = sum(bool(f.get("hit", True)) for f in run.injected)
    for fault in run.injected:
        for wrong in fault.get("wrong", []):
            verdict.find(fault.get("invariant", "I8"), f"{fault['fault']}: {wrong}")


# -- All of it ------------------------------------------------------------------------------------
def judge(run: Run) -> Verdict:
    verdict = Verdict()
    judge_faults(run, verdict)
    judge_letters(run, verdict)
    superseded(run, verdict)
    passed_stages(run, verdict)
    judge_requests(run, verdict)
    judge_versions(run, verdict)
    judge_scans(run, verdict)
    compare(run, verdict)
    judge_times(run, verdict)
    return verdict


HEADINGS = ("fault", "times", "hit", "letters", "doubtful", "doubled", "p95 s", "longest s", "next s")


def report(verdict: Verdict) -> str:
    rows = [HEADINGS, *verdict.per_fault]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(
            str(cell).ljust(width) if n == 0 else str(cell).rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines.append("")
    lines += [f"{name}: {value}" for name, value in verdict.figures.items()]
    lines.append("")
    for invariant, findings in sorted(verdict.wrong.items()):
        lines += [f"{invariant} BROKEN {text}" for text in findings]
    lines += [f"MARK MISSED {text}" for text in verdict.slow]
    lines.append(
        "RED" if verdict.wrong else "GREEN: nothing lost, nothing doubled, the state is that of the run without faults"
    )
    return "\n".join(lines)


def main(words: list[str]) -> int:
    if len(words) == 3 and words[0] == "dump":
        dump(Path(words[1]), words[2])
        return 0
    if len(words) == 2 and words[0] == "judge":
        verdict = judge(Run.read(Path(words[1])))
        print(report(verdict))
        return 1 if verdict.wrong else 0
    if len(words) == 3 and words[:2] == ["judge", "--marks"]:
        verdict = judge(Run.read(Path(words[2])))
        print(report(verdict))
        return 1 if verdict.wrong or verdict.slow else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
