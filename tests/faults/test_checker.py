"""The judge of fault runs sees what it is there to see: each broken promise, planted one at a time, turns it red."""

import ast
import copy
import datetime as dt
import hashlib
import sys
from pathlib import Path

import pytest

from tests.faults import checker, injectors
from tests.faults.checker import Acceptance, Run, Side

TODAY = dt.date(2026, 11, 28)
ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("a@akimat.example", "b@akimat.example")


def notice(number: int, **fields) -> dict[str, str]:
    row = {
        "id": str(number),
        "kind": "calendar_approved",
        "subject": f"610000000/2027/v1/{ADDRESSES[number - 1]}/1",
        "subject_version": "1",
        "recipient": ADDRESSES[number - 1],
        "message_id": f"<{number}@x>",
        "state": "sent",
        "earliest_day": "",
        "next_try": "",
        "resolved_by": "250",
        "attempts": "1",
        "created": "1000.0",
        "sent": "1001.0",
        "was_doubtful": "f",
        "last_reply": "",
    }
    return row | fields


def attempt(notice_id: int, outcome: str) -> dict[str, str]:
    return {"notice_id": str(notice_id), "number": "1", "step": "dot", "outcome": outcome, "at": "1001", "reply": ""}


def duty(**fields) -> dict[str, str]:
    names = (
        *("rule_id", "period", "debtor", "body", "subject", "wording", "readings", "safe_on", "due_on", "late_after"),
        *("target_on", "opened_on", "met_on", "noted_on", "met_by", "evidence", "trace", "cancelled", "derivation"),
    )
    row = dict.fromkeys(names, "") | {"rule_id": "826-2.1.h2", "due_on": "2027-01-14", "opened_on": "2026-11-28"}
    return row | fields


def side() -> Side:
    """One approval, two letters, both delivered."""
    tables: dict[str, list[dict[str, str]]] = {name: [] for name in checker.STATEMENTS}
    tables["notices"] = [notice(1), notice(2)]
    tables["attempts"] = [attempt(1, "sent"), attempt(2, "sent")]
    tables["duties"] = [duty(met_on="2026-11-28")]
    tables["entries"] = [
        {
            "id": "1",
            "action": "calendar.approved",
            "object_type": "calendars.calendarversion",
            "object_text": "v1",
            "scope_path": "1/",
            "actor_text": "x",
            "object_id": "1",
        }
    ]
    tables["versions"] = [
        {
            "version": "610000000/2027/v1",
            "order_number": "1",
            "row_count": "3",
            "rows_sha256": "h",
            "scan_sha256": "s",
            "reason": "",
            "rows_there": "3",
            "scan": "x",
        }
    ]
    about = {"region": "610000000", "lap": 0, "what": "approve", "key": "2027/1"}
    asked = [
        {"t": 999.0, "phase": "asking", **about, "expects": [["calendar_approved", a] for a in ADDRESSES]},
        {"t": 1000.0, "phase": "done", **about, "troubles": []},
    ]
    accepted = [Acceptance(1001.0 + n, f"<{n}@x>", ADDRESSES[n - 1]) for n in (1, 2)]
    return Side(tables, accepted, asked)


@pytest.fixture
def run() -> Run:
    harm = {"t": 1000.5, "until": 1001.0, "n": 1, "fault": "F21 accept-cut", "hit": True}
    return Run(side(), side(), [harm], TODAY)


def broken(run: Run) -> set[str]:
    return set(checker.judge(run).wrong)


def test_a_run_in_which_everything_arrived_once_is_green(run):
    verdict = checker.judge(run)
    assert not verdict.wrong
    assert not verdict.slow
    assert (verdict.figures["notices lost"], verdict.figures["notices doubled"]) == (0, 0)
    assert verdict.figures["duties byte-equal"] is True
    assert "GREEN" in checker.report(verdict)


def test_a_letter_that_was_called_sent_and_never_accepted_is_lost(run):
    del run.faults.accepted[0]
    verdict = checker.judge(run)
    assert verdict.figures["notices lost"] == 1
    assert "I2" in verdict.wrong


@pytest.mark.parametrize("state", ["pending", "leased", "dot", "doubtful"])
def test_a_letter_that_never_came_to_an_end_is_lost(run, state):
    run.faults["notices"][0]["state"] = state
    del run.faults.accepted[0]
    verdict = checker.judge(run)
    assert verdict.figures["notices lost"] == 1
    assert "I2" in verdict.wrong


def test_a_letter_that_was_asked_for_and_never_written_is_lost(run):
    gone = run.faults["notices"].pop()
    run.faults.accepted[:] = [line for line in run.faults.accepted if line.message_id != gone["message_id"]]
    verdict = checker.judge(run)
    assert verdict.figures["notices lost"] == 1
    assert "I1" in verdict.wrong


def test_a_letter_that_was_accepted_twice_is_doubled(run):
    run.faults.accepted.append(Acceptance(1009.0, "<1@x>", ADDRESSES[0]))
    verdict = checker.judge(run)
    assert verdict.figures["notices doubled"] == 1
    assert any("without a mark of doubt" in text for text in verdict.wrong["I2"])


def test_doubt_that_was_settled_by_the_log_is_well_and_doubt_that_was_not_is_seen(run):
    run.faults["attempts"][:1] = [attempt(1, "doubtful"), attempt(1, "found")]
    verdict = checker.judge(run)
    assert not verdict.wrong
    assert verdict.figures["doubt settled by"] == "found 1"
    run.faults["attempts"][:2] = [attempt(1, "doubtful")]
    assert broken(run) == {"I2"}


def test_a_letter_of_something_that_was_rolled_back_is_seen(run):
    run.faults.accepted.append(Acceptance(1009.0, "<nobody-knows@x>", ADDRESSES[0]))
    assert broken(run) == {"I3"}


def test_a_letter_that_left_after_its_link_had_ended_is_seen(run):
    ended = {
        "version": "610000000/2027/v1",
        "address": ADDRESSES[0],
        "issue": "1",
        "revoked": "t",
        "revoked_at": "900.0",
        "acknowledged_name": "",
        "acknowledged_number": "",
        "message_id": "<1@x>",
    }
    for one in (run.plain, run.faults):
        one["maslikhat"].append(dict(ended))
    assert broken(run) == {"I3"}


@pytest.mark.parametrize(
    ("table", "change", "invariant"),
    [
        ("duties", {"due_on": "2027-01-15"}, "I4"),
        ("duties", {"met_on": ""}, "I4"),
        ("entries", {"action": "calendar.corrected"}, "I6"),
        ("versions", {"rows_there": "2"}, "I5"),
        ("versions", {"rows_sha256": "other"}, "I5"),
    ],
)
def test_a_state_that_is_not_that_of_the_run_without_faults_is_seen(run, table, change, invariant):
    run.faults[table][0] |= change
    assert invariant in broken(run)


def test_a_duty_that_a_sweep_saw_before_its_meeting_was_dropped_tells_nothing(run):
    passing = duty(subject="meeting 9", cancelled="t")
    run.faults["duties"].append(passing)
    assert not checker.judge(run).wrong
    run.faults["reminders"].append(
        {name: passing[name] for name in checker.DUTY}
        | {"stage": "b7", "person": "a", "channel": "mail", "stage_day": "2027-01-07", "opened_on": "2026-11-28"}
    )
    assert "I4" in broken(run)


def test_a_change_that_is_in_the_journal_twice_is_seen(run):
    run.faults["entries"].append(copy.copy(run.faults["entries"][0]))
    assert broken(run) == {"I6"}


def test_an_approval_that_made_two_versions_is_seen(run):
    run.faults["versions"].append(run.faults["versions"][0] | {"version": "610000000/2027/v2"})
    assert "I5" in broken(run)


def test_a_scan_that_is_gone_is_seen_and_one_that_was_left_over_is_counted(run, tmp_path):
    scan = tmp_path / "orders" / "a.pdf"
    scan.parent.mkdir()
    scan.write_bytes(b"%PDF-")
    (tmp_path / "orders" / "left.pdf").write_bytes(b"%PDF-")
    for one in (run.plain, run.faults):
        one["versions"][0] |= {"scan": "orders/a.pdf", "scan_sha256": hashlib.sha256(b"%PDF-").hexdigest()}
    run.files = tmp_path
    verdict = checker.judge(run)
    assert not verdict.wrong
    assert verdict.figures["scans without a version"] == 1
    scan.unlink()
    assert broken(run) == {"I5"}


def test_a_request_that_never_succeeded_is_seen(run):
    run.faults.asked.append({"t": 1.0, "phase": "asking", "region": "", "lap": 0, "what": "edit", "key": "x"})
    assert broken(run) == {"I7"}


def test_what_a_fault_itself_found_wrong_is_seen(run):
    run.injected[0] |= {"wrong": ["nobody was told"], "invariant": "I8"}
    assert broken(run) == {"I8"}


def test_late_letters_miss_a_mark_but_break_no_promise(run):
    run.faults.accepted[:] = [Acceptance(1050.0 + n, f"<{n}@x>", ADDRESSES[n - 1]) for n in (1, 2)]
    verdict = checker.judge(run)
    assert not verdict.wrong
    assert "p95" in verdict.slow[0]


def test_a_mail_server_that_returned_is_counted_until_the_next_delivery(run):
    run.injected[0] |= {"fault": "F17 relay refuses", "returned": 1000.5}
    verdict = checker.judge(run)
    assert verdict.figures["next delivery after a return, longest, s"] == 1.5
    run.faults.accepted[:] = [Acceptance(1030.0 + n, f"<{n}@x>", ADDRESSES[n - 1]) for n in (1, 2)]
    assert any("next delivery 30.5 s" in text for text in checker.judge(run).slow)
    # What is in doubt may not leave sooner, whichever server is there.
    run.faults["attempts"].extend([attempt(1, "doubtful"), attempt(2, "doubtful")])
    assert not any("next delivery" in text for text in checker.judge(run).slow)


def test_the_checker_is_a_program_of_its_own():
    """It shares no code with the application, nor with what does the harm."""
    tree = ast.parse(Path(checker.__file__).read_text())
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_a_seed_gives_the_same_faults_and_every_kind_comes():
    first, again, other = injectors.plan(1, 1000), injectors.plan(1, 1000), injectors.plan(2, 1000)
    assert [fault.name for fault in first] == [fault.name for fault in again]
    assert [fault.name for fault in first] != [fault.name for fault in other]
    assert {fault.name for fault in first} >= {n for n in injectors.SHARES if not n.startswith("F30")}
    assert {fault.name for fault in injectors.plan(1, 60)} == {fault.name for fault in first}
    assert len(first) == 1000


@pytest.mark.parametrize("line", [*injectors.LINES, "after-commit"])
def test_every_line_that_matters_is_met_twenty_times_in_a_thousand(line):
    names = [fault.name for fault in injectors.plan(1, 1000)]
    assert names.count(f"F{'29' if line == 'after-commit' else '01'} killed at {line}") >= 20
