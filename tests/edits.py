"""The table of `test_conflicts.py`: every door that writes, and what becomes of two people who write at once.

`EDITS` carry the version of the row that the person saw; each says what another person did meanwhile and what is typed.
Every other door that writes is in `OTHERS` with the reason why it overwrites nothing. A door in neither fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: A text that must be on the page of a conflict: what was typed must not be lost.
TYPED = "Мен жазған сөз"


@dataclass(frozen=True)
class Edit:
    """`thing`: the row whose version is carried; `version` under which name; `theirs`: its text as it stands now."""

    thing: str
    data: dict[str, Any]
    args: str = ""
    #: What the other person left in the row, set by hand; must be shown, unless empty.
    theirs: dict[str, Any] = field(default_factory=dict)
    version: str = "version"
    column: str = "version"
    role: str = "okrug"
    method: str = "POST"
    json: bool = False
    #: Is something typed here that the page must still show?
    typed: bool = True
    #: Does the row stand so that the verb may be done at all? What must be set first.
    first: dict[str, Any] = field(default_factory=dict)


THEIRS = "Ол жазған сөз"
FORM = {
    "holder": "@okrug",
    "place": "@village",
    "date": "2027-03-10",
    "time": "10:00",
    "planned_minutes": 120,
    "report_minutes": 30,
    "format": "in_person",
    "languages": "both",
    "broadcast": "later",
}
ITEM = {
    "measure_kk": TYPED,
    "measure_ru": "Ремонт",
    "due_on": "2027-05-20",
    "organisation": "Бөлім",
    "post": "басшы",
}
SIGNED = {"state": "signed", "document_number": "1", "signed_on": "2026-09-12"}
MEMBERS = {
    "member-TOTAL_FORMS": 2,
    "member-INITIAL_FORMS": 0,
    "member-0-post": TYPED,
    "member-0-capacity": "assembly",
    "member-1-post": "кеңес",
    "member-1-capacity": "council",
}

EDITS: dict[str, Edit] = {
    # -- The calendar -----------------------------------------------------------------------------
    "calendars:edit": Edit("meeting", FORM | {"address": TYPED}, "pk=meeting", {"address": THEIRS}, role="editor"),
    "calendars:cell": Edit(
        "meeting", {"value": TYPED}, "pk=meeting field:=address", {"address": THEIRS}, role="editor"
    ),
    "calendars:move": Edit(
        "meeting", {"day": "2027-03-11", "save": "1"}, "pk=meeting", {"date": "2027-03-16"}, role="editor", typed=False
    ),
    "calendars:verb": Edit("meeting", {"reason": TYPED}, "pk=meeting name:=cancel", {"address": THEIRS}, role="editor"),
    "calendars:approval_form": Edit(
        "calendar",
        {
            "order_number": TYPED,
            "order_date": "2026-11-20",
            "idempotency_key": "8f9b0e0e-0000-4000-8000-000000000001",
            "reason": TYPED,
            "scan": "order.pdf",
        },
        version="seen_version",
        role="approver",
    ),
    "calendars:submission_accept": Edit(
        "submission",
        {"incoming_number": TYPED},
        "pk=submission",
        {"incoming_number": THEIRS},
        version="lock",
        column="lock",
        role="reviewer",
    ),
    "calendars:submission_return": Edit(
        "submission",
        {"return-text": TYPED},
        "pk=submission",
        {"decision_text": THEIRS},
        version="return-lock",
        column="lock",
        role="reviewer",
    ),
    # -- Preparation and the meeting --------------------------------------------------------------
    "issues:commission_edit": Edit(
        "commission",
        MEMBERS | {"order_number": TYPED, "order_date": "2026-01-12", "valid_from": "2026-01-12"},
        "pk=meeting commission=commission",
        {"order_number": THEIRS},
    ),
    "issues:audience": Edit("audience", {"note": TYPED}, "pk=meeting category:=parties", {"note": THEIRS}),
    "issues:broadcast": Edit("broadcast", {"reason": TYPED}, "pk=meeting", {"reason": THEIRS}),
    "issues:video_point": Edit("point", {"address": TYPED}, "pk=meeting point=point", {"address": THEIRS}),
    "issues:video_point_remove": Edit("point", {}, "pk=meeting point=point", {"address": THEIRS}, typed=False),
    "issues:issue_edit": Edit(
        "issue", {"text_kk": TYPED, "level": "akim"}, "pk=meeting issue=issue", {"text_kk": THEIRS}
    ),
    "issues:pool_order": Edit(
        "draft_pool", {"row": "@issue", "issue": "@issue", "analysis": TYPED}, "pk=meeting", {"analysis": THEIRS}
    ),
    "issues:pool_freeze": Edit(
        "draft_pool", {"issue": "@issue", "analysis": TYPED}, "pk=meeting", {"analysis": THEIRS}
    ),
    "issues:hall_hold": Edit(
        "met",
        {"on": "2026-09-10", "attendance": 4321},
        "pk=met",
        {"attendance": 77},
        typed=False,
        first={"state": "planned", "held_on": None},
    ),
    "issues:minutes_sign": Edit(
        "met_minutes",
        {"document_number": TYPED, "signed_on": "2026-09-12"},
        "pk=met number:=1",
        {"document_number": THEIRS},
    ),
    "issues:minutes_publish": Edit("met_minutes", {"read": "on"}, "pk=met number:=1", typed=False, first=SIGNED),
    "issues:minutes_withdraw": Edit(
        "met_minutes",
        {"reason": TYPED},
        "pk=met number:=1",
        first=SIGNED | {"published_at": "2026-09-12T10:00:00+05:00"},
    ),
    # -- Requests, demands, topics ----------------------------------------------------------------
    "issues:request_classify": Edit(
        "request", {"classification": "appeal", "appeal_number": TYPED}, "pk=request", {"appeal_number": THEIRS}
    ),
    "issues:request_edit": Edit(
        "request", {"place": "@village", "language": "kk", "text": TYPED}, "pk=request", {"text": THEIRS}
    ),
    "issues:request_refuse": Edit("request", {"refusal": TYPED}, "pk=request", {"refusal": THEIRS}),
    "issues:request_accept": Edit(
        "request", {}, "pk=request", {"refusal": THEIRS}, typed=False, first={"moderation": "refused"}
    ),
    "issues:demand_answer": Edit(
        "demand",
        {"answer": "refused", "answered_on": "2026-10-02", "answer_text": TYPED},
        "pk=demand",
        {"answer_text": THEIRS},
    ),
    "issues:topic_edit": Edit(
        "topic",
        {"name_kk": TYPED, "name_ru": "Своя", "proof": "text", "order": 0, "active": "on"},
        "pk=topic",
        {"name_kk": THEIRS},
        role="editor",
    ),
    # -- After the meeting ------------------------------------------------------------------------
    "issues:reception_edit": Edit(
        "reception",
        {
            "starts_on": "2026-09-10",
            "ends_on": "2026-09-10",
            "citizens": 5,
            "address": TYPED,
            "who-TOTAL_FORMS": 0,
            "who-INITIAL_FORMS": 0,
        },
        "pk=met reception=reception",
        {"address": THEIRS},
    ),
    "issues:item_edit": Edit("item", ITEM, "pk=met item=item", {"measure_kk": THEIRS}),
    "issues:item_drop": Edit("item", {"reason": TYPED}, "pk=met item=item"),
    "issues:plan_approve": Edit("plan", {"on": "2026-10-05", "document": TYPED, "reason": "Түзету"}, "pk=met"),
    "issues:issue_close": Edit(
        "promised", {"kind": "explained", "on": "2026-10-10", "text_kk": TYPED, "text_ru": "Разъяснено"}, "pk=promised"
    ),
    "issues:progress_show": Edit("item_step", {"public": "on"}, "pk=item_step", typed=False),
    "issues:quarter": Edit("drafted", {"text_kk": TYPED, "text_ru": "Слова"}, "pk=drafted", {"text_kk": THEIRS}),
    "issues:quarter_freeze": Edit("drafted", {}, "pk=drafted", {"text_kk": THEIRS}, typed=False),
    "issues:central_answer": Edit(
        "routing", {"on": "2026-10-10", "answer_kk": TYPED, "answer_ru": "Ответ"}, "pk=routing", {"answer_kk": THEIRS}
    ),
    # -- The ledger and the act -------------------------------------------------------------------
    "deadlines:prove": Edit(
        "duty", {"kind": "REC", "done_on": "2027-01-10", "note": TYPED, "document": TYPED}, "pk=duty"
    ),
    "deadlines:withdraw": Edit("duty", {"reason": TYPED}, "pk=evidence"),
    "deadlines:change_stage": Edit(
        "stage",
        {"offset_days": 3, "audience": "bound", "name_kk": TYPED, "name_ru": "Слово"},
        "pk=stage",
        role="administrator",
        typed=False,
    ),
    "act:end_choice": Edit("choice", {"valid_to": "2027-02-01", "reason": TYPED}, "pk=choice", role="administrator"),
    # -- The tree, bodies, people -----------------------------------------------------------------
    "territories:exclude": Edit(
        "okrug", {"excluded_reason": TYPED}, "pk=okrug", {"excluded_reason": THEIRS}, role="administrator"
    ),
    "territories:include": Edit(
        "okrug", {}, "pk=okrug", role="administrator", typed=False, first={"excluded": True, "excluded_reason": "?"}
    ),
    "territories:names": Edit(
        "okrug",
        {"name_kk": TYPED, "name_ru": "Имя", "name_en": "", "genitive_kk": "", "genitive_ru": ""},
        "pk=okrug",
        {"name_kk": THEIRS},
        role="administrator",
    ),
    "territories:days": Edit(
        "microraion", {"valid_from": "2026-01-01", "valid_to": ""}, "pk=microraion", role="editor", typed=False
    ),
    "territories:change_body": Edit(
        "maslikhat",
        {"name_kk": TYPED, "name_ru": "Маслихат", "name_en": "", "phone": "", "website": ""},
        "pk=maslikhat",
        {"name_kk": THEIRS},
        role="administrator",
    ),
    "territories:change_mailbox": Edit(
        "mailbox",
        {"address": "other@test.example", "language": "ru", "note": TYPED},
        "pk=mailbox",
        role="editor",
        typed=False,
    ),
    "territories:start_draft": Edit("draft", {}, "pk=draft", role="administrator", typed=False),
    "territories:put_aside_draft": Edit("draft", {}, "pk=draft", role="administrator", typed=False),
    "people:edit": Edit(
        "person",
        {"full_name": TYPED, "email": "new@test.example", "language": "kk"},
        "pk=person",
        {"full_name": THEIRS},
        role="administrator",
    ),
    "people:end_post": Edit("post", {"how": "now", "reason": TYPED}, "pk=post", role="administrator"),
    **{
        f"people:{name}": Edit("person", {"reason": TYPED}, "pk=person", role="administrator", typed=False)
        for name in ("close", "reopen")
    },
    "account_profile": Edit("person", {"full_name": TYPED, "language": "kk"}, "", {"full_name": THEIRS}),
    # -- The Government's desk --------------------------------------------------------------------
    "reporting:dispatch_received": Edit(
        "sent",
        {"incoming_number": TYPED, "incoming_date": "2027-01-25"},
        "pk=sent",
        {"incoming_number": THEIRS},
        version="lock",
        column="lock",
        role="administration",
    ),
    # -- Programs: If-Match -----------------------------------------------------------------------
    "PATCH meeting-detail": Edit(
        "meeting",
        {"address": TYPED},
        "pk=meeting",
        {"address": THEIRS},
        role="editor",
        method="PATCH",
        json=True,
        typed=False,
    ),
    **{
        name: Edit(thing, data, f"pk={thing}", {"address": THEIRS}, role="editor", json=True, typed=False)
        for name, thing, data in (
            ("meeting-accept", "proposed", {}),
            ("meeting-return-", "proposed", {"remark": "?"}),
            ("meeting-announce", "meeting", {"on": "2026-11-01"}),
            ("meeting-cancel", "meeting", {"reason": "Су тасқыны"}),
        )
    },
    "meeting-hold": Edit(
        "met",
        {"on": "2026-09-10"},
        "pk=met",
        {"address": THEIRS},
        role="editor",
        json=True,
        typed=False,
        first={"state": "planned", "held_on": None},
    ),
    "request-classify": Edit(
        "request", {"classification": "proposal"}, "pk=request", {"appeal_number": THEIRS}, json=True, typed=False
    ),
}

NEW = "makes a new row; a second one stands beside it"
ONCE = "done once: the state says that it is done, and a second time is refused or changes nothing"
OWN = "the person's own, of one session"
NOTHING = "writes nothing"
FILE = "a file that was brought: its own preview compares each row with what stands, and refuses a stale one"
ROWS_SEEN = "carries the version of every row in the body; tried in tests/calendars/test_pages_bulk.py"
OTHERS: dict[str, str] = {
    **dict.fromkeys(
        (
            "set_language",
            "account_login",
            "account_choose_post",
            "account_logout",
            "account_change_password",
            "mfa_activate_totp",
            "account_end_other_sessions",
            "account_end_session",
            "account_revoke_token",
            "deadlines:read_all",
            "exports:cancel",
            "exportjob-cancel",
            "calendars:feed_end",
            "deadlines:end_feed",
            "deadlines:feed",
            "calendars:feeds",
            "public:following",
        ),
        OWN,
    ),
    **dict.fromkeys(("calendars:propose", "calendars:check", "issues:similar"), NOTHING),
    **dict.fromkeys(
        (
            "account_tokens",
            "people:invite",
            "people:appoint",
            "people:send_link",
            "people:remove_factor",
            "deadlines:add_stage",
            "act:choose",
            "calendars:entry",
            "calendars:propose_apply",
            "calendars:version_notify",
            "calendars:version_resend",
            "calendars:submission_remark",
            "territories:add_microraion",
            "territories:upload_edition",
            "territories:add_body",
            "territories:add_mailbox",
            "meeting-list",
            "reporting:send_calendars",
            "reporting:send_issues",
            "reporting:send_body",
            "exports:new",
            "exportjob-list",
            "issues:commission",
            "issues:announcement",
            "issues:channel_use",
            "issues:video_point_add",
            "issues:issue_add",
            "issues:invitations",
            "issues:tell_change",
            "issues:minutes_draft",
            "issues:minutes_templates",
            "ask:form",
            "issues:requests",
            "issues:request_issue",
            "issues:demand_add",
            "issues:off_calendar",
            "request-list",
            "issues:topic_add",
            "issues:reception_add",
            "issues:item_add",
            "issues:financing_add",
            "issues:document_freeze",
            "issues:document_publish",
            "issues:look_now",
            "issues:issue_dispute",
            "issues:issue_route",
            "issues:progress_add",
            "issues:new_day",
            "issues:quarter_draft",
            "issues:quarter_redraft",
            "issues:quarter_publish",
            "issues:central_course",
            "public:follow_issue",
            "public:dispute",
            "public:follow_unit",
        ),
        NEW,
    ),
    **dict.fromkeys(
        (
            "deadlines:see_failures",
            "operations_make_copy",
            "operations_retry",
            "operations_put_aside",
            "calendars:open",
            "calendars:version_submit",
            "calendars:notice_revoke",
            "calendars:notice_acknowledge",
            "calendars:remark_settle",
            "calendars:remark_take_back",
            "journal:release",
            "journal:notice_retry",
            "journal:notice_cancel",
            "journal:notice_put_aside",
            "ack:notice",
            "issues:commission_close",
            "issues:channel_withdraw",
            "issues:pool_merge",
            "issues:pool_part",
            "issues:template_drop",
            "issues:request_join",
            "issues:request_part",
            "request-join",
            "issues:new_day_grant",
            "issues:new_day_refuse",
        ),
        ONCE,
    ),
    **dict.fromkeys(
        (
            "calendars:import",
            "calendars:import_commit",
            "calendars:import_again",
            "calendars:import_drop",
            "territories:import_bodies",
            "territories:import_mailboxes",
            "exports:returned",
            "issues:imports",
            "issues:import_columns",
            "issues:import_take",
            "issues:import_drop",
        ),
        FILE,
    ),
    **dict.fromkeys(("calendars:bulk",), ROWS_SEEN),
    **dict.fromkeys(
        ("submission-accept", "submission-return-", "PATCH reception-detail", "PATCH issue-detail"),
        "carries If-Match; tried with the API",
    ),
    **dict.fromkeys(
        (
            "planitem-progress",
            "planitem-ask-new-day",
            "submission-list",
            "reception-list",
            "issue-list",
            "publication-list",
            "calendar-list",
            "issue-bulk",
            "request-bulk",
            "meeting-bulk",
        ),
        NEW,
    ),
    "calendars:undo": "refused whole if a row was changed since; tried in tests/calendars/test_pages_bulk.py",
    "issues:hall_save": "merges text by text, both texts kept; tried in tests/issues/test_hall.py",
    "territories:decide": "carries the version of the draft; tried in tests/territories/test_unit_pages.py",
    "deadlines:change_rules": "carries the version; tried in tests/deadlines/test_ladder.py",
}
