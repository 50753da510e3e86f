"""The staff's pages of the site map, and the POSTs that only show something: what `pages` asks for.

`{word}` in an address, a query or a form is an id or a value of the year that was made (`a_year.Year.ids`).
`tests/test_benchmarks.py` compares this table with the site map.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

CSRF = "b" * 32
YEAR = {"year": 2027}


@dataclass(frozen=True)
class Page:
    """What is asked: an address, by whom, as a whole page or as an htmx piece; with `form` it is a POST."""

    name: str
    path: str
    who: str = "editors"
    piece: bool = False
    query: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] | None = None

    def at(self, ids: Mapping[str, Any]) -> Page:
        """The same page with the ids of a year in place of the words."""
        path, query = filled(self.path, ids), filled(self.query, ids)
        return Page(self.name, path, self.who, self.piece, query, self.form and filled(self.form, ids))

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(YEAR | self.query)}"

    def request(self, session: str, port: int) -> str:
        body = "" if self.form is None else urlencode(self.form, doseq=True)
        lines = [
            f"{'GET' if self.form is None else 'POST'} {self.url} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: sessionid={session}; language=kk; csrftoken={CSRF}",
        ]
        if self.piece:
            lines += ["HX-Request: true", "HX-Target: panel-body"]
        if self.form is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"X-CSRFToken: {CSRF}",
            ]
        return "\r\n".join(lines) + "\r\n\r\n" + body


def filled(value: Any, ids: Mapping[str, Any]) -> Any:
    """The value with every `{word}` replaced; a text that is one word alone becomes what the word stands for."""
    if isinstance(value, dict):
        return {name: filled(one, ids) for name, one in value.items()}
    if not isinstance(value, str):
        return value
    alone = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
    return ids[alone] if alone in ids else value.format_map(ids)


TRIVIAL = Page("trivial page (SELECT 1 and the frame of every page)", "/staff/trivial/")
BARE = Page("SELECT 1 behind the log-in, no template", "/staff/bare/")

C, U, M = "/staff/calendar/", "/staff/units/", "/staff/mail/"
ROW, VERSION, APPROVAL = f"{C}meetings/{{meeting}}/", f"{C}approval/versions/{{version}}/", f"{C}approval/"
#: Of the room of issues: a meeting ahead with its preparation, and one that was held with all that followed.
AHEAD, HELD = "/staff/meetings/{ahead}/", "/staff/meetings/{held}/"
D, A, R, S, Q = "/staff/duties/", "/staff/act/", "/staff/requests/", "/staff/issues/", "/staff/quarters/"
SENT, E, T = "/staff/desk/submissions/", "/staff/exports/", "/staff/imports/"
WHY = {"line": "826-3.4.e@e1", "as_of": "2027-01-01", "from": "meeting.date:2027-03-10", "region": "{region}"}
TYPED = {
    "holder": "{holder}",
    "place": "{place}",
    "date": "2027-10-13",
    "time": "15:00",
    "planned_minutes": 60,
    "report_minutes": 15,
    "format": "in_person",
    "languages": "both",
    "broadcast": "later",
}
A_WEEK_LATER = {"action": "move", "action_given": 1, "amount": 1, "measure": "weeks", "row": "{rows}"}

CALENDAR = [
    Page("home", "/staff/"),
    Page("home, Government", "/staff/", "reviewers"),
    Page("home, office", "/staff/", "offices"),
    Page("home, executor", "/staff/", "executors"),
    Page("year", C),
    Page("month, the fullest", f"{C}month/{{month}}/"),
    Page("day, the fullest", f"{C}day/{{day}}/"),
    Page("day, panel", f"{C}day/{{day}}/", piece=True),
    Page("list, first page", f"{C}list/"),
    Page("list, last page", f"{C}list/", query={"page": "last"}),
    Page("list, by place", f"{C}list/", query={"order": "place"}),
    Page("list, filtered", f"{C}list/", query={"raion": "{raion}", "state": "planned"}),
    Page("list, searched", f"{C}list/", query={"q": "мектеп"}),
    Page("list, one cell", f"{C}list/{{planned}}/address/", piece=True),
    Page("list, for the printer", f"{C}print/"),
    Page("coverage", f"{C}coverage/"),
    Page("coverage, a raion open", f"{C}coverage/", query={"raion": "{raion}"}),
    Page("coverage, holes only", f"{C}coverage/", query={"holes": 1}),
    Page("coverage, group", f"{C}coverage/{{raion}}/", piece=True),
    Page("coverage, proposed plan", f"{C}coverage/propose/", form={"all": 1}),
    Page("quick entry, next hole", f"{C}new/"),
    Page("quick entry, panel", f"{C}new/", piece=True),
    Page("quick entry, live check", f"{C}new/check/", piece=True, form=TYPED),
    Page("quick entry, search of units", f"{C}units/", piece=True, query={"for": "place", "q": "ақ"}),
    Page("meeting", ROW),
    Page("meeting, held", f"{C}meetings/{{held}}/"),
    Page("meeting, panel", ROW, piece=True),
    Page("meeting, edit", f"{C}meetings/{{planned}}/edit/"),
    Page("meeting, move", f"{C}meetings/{{planned}}/move/", query={"day": "2027-10-13"}, piece=True),
    Page("meeting, cancel", f"{C}meetings/{{planned}}/cancel/", piece=True),
    Page("bulk preview, 100 rows", f"{C}bulk/", form=A_WEEK_LATER),
    Page("proposals", f"{C}proposals/"),
    Page("steps", f"{C}steps/"),
    Page("import", f"{C}transfer/import/"),
    Page("import, preview of the year", f"{C}transfer/import/{{job}}/"),
    Page("import, how far it is", f"{C}transfer/import/{{job}}/status/", piece=True),
    Page("approval", APPROVAL),
    Page("approval, form", f"{APPROVAL}approve/", "approvers"),
    Page("approval, difference", f"{APPROVAL}difference/", query={"from": "{version}", "to": "{later}"}),
    Page("version", VERSION),
    Page("version, letter", f"{VERSION}letter/kk/"),
    Page("version, submit", f"{APPROVAL}versions/{{later}}/submit/"),
    Page("submission, region", f"{APPROVAL}submissions/{{submission}}/"),
    Page("submission, Government", f"{APPROVAL}submissions/{{submission}}/", "reviewers"),
    Page("feeds", f"{APPROVAL}feeds/"),
]
LEDGER = [
    Page("duties", D),
    Page("duties, all states", D, query={"state": "all"}),
    Page("duties, late of the region", D, query={"state": "breach"}),
    Page("duties, of an office", D, "offices"),
    Page("duties, the nation's late list", D, "reviewers", query={"state": "breach"}),
    Page("duties, the nation's late list, far", D, "reviewers", query={"state": "breach", "after": "{far}"}),
    Page("duties, the nation's waiting", D, "reviewers"),
    Page("duties, the nation's contested", D, "reviewers", query={"state": "contested"}),
    Page("duties, one line of the act, nation", D, "reviewers", query={"rule": "826-3.5.a1", "state": "all"}),
    Page("duty", f"{D}{{duty}}/"),
    Page("duty, why this date", f"{D}{{duty}}/", piece=True),
    Page("duty, record evidence", f"{D}{{duty}}/prove/"),
    Page("duty, withdraw evidence", f"{D}evidence/{{evidence}}/withdraw/"),
    Page("duties of a meeting", f"{D}of/meeting/{{meeting}}/", piece=True),
    Page("bell", f"{D}bell/"),
    Page("duties, feed", f"{D}feed/"),
    Page("reminders: delivery", f"{D}delivery/", "administrators"),
    Page("reminders: ladder", f"{D}ladder/"),
    Page("reminders: ladder, stage", f"{D}ladder/{{stage}}/", "administrators"),
    Page("reminders: ladder, add", f"{D}ladder/add/", "administrators"),
    Page("reminders: ladder, rules", f"{D}ladder/rules/", "administrators"),
    Page("acts", A),
    Page("the act", f"{A}826/"),
    Page("readings", f"{A}readings/"),
    Page("readings, choose", f"{A}readings/until_edge/", "administrators"),
    Page("readings, end", f"{A}readings/ended/{{choice}}/", "administrators"),
    Page("last lawful days", f"{A}last-day/"),
    Page("why a day that is not owed yet", f"{A}why/", query=WHY),
]
ISSUES = [
    Page("requests", R),
    Page("requests, office", R, "offices"),
    Page("request", f"{R}{{request}}/"),
    Page("request, classify", f"{R}{{request}}/classify/"),
    Page("request, edit", f"{R}{{request}}/edit/"),
    Page("request, refuse", f"{R}{{request}}/refuse/"),
    Page("request, new issue", f"{R}{{request}}/issue/"),
    Page("requests, similar", f"{R}similar/", "offices", form={"text": "Көше жарығы жоқ, кешке қараңғы"}),
    Page("tables of offices", T, "offices"),
    Page("table, its columns", f"{T}{{columns}}/columns/", "authors"),
    Page("table, preview", f"{T}{{table}}/", "authors"),
    Page("table, how far it is", f"{T}{{table}}/status/", "authors", piece=True),
    Page("demands", "/staff/demands/"),
    Page("demand, add", "/staff/demands/add/"),
    Page("demand, answer", "/staff/demands/{demand}/answer/"),
    Page("meeting outside the calendar", "/staff/demands/off-calendar/"),
    Page("topics", "/staff/topics/"),
    Page("topic, add", "/staff/topics/add/"),
    Page("topic, edit", "/staff/topics/{topic}/"),
    Page("preparation", f"{AHEAD}preparation/"),
    Page("commission", f"{AHEAD}commission/"),
    Page("commission, edit", f"{AHEAD}commission/{{commission}}/"),
    Page("commission, close", f"{AHEAD}commission/{{commission}}/close/"),
    Page("announcement", f"{AHEAD}announcement/"),
    Page("channel", f"{AHEAD}channels/campaign/radio/"),
    Page("channel, withdraw", f"{AHEAD}channels/{{use}}/withdraw/"),
    Page("audience", f"{AHEAD}audience/parties/"),
    Page("broadcast", f"{AHEAD}broadcast/"),
    Page("video point, add", f"{AHEAD}points/"),
    Page("video point", f"{AHEAD}points/{{point}}/"),
    Page("pool", f"{AHEAD}pool/"),
    Page("pool, version", f"{AHEAD}pool/versions/1/"),
    Page("posters", f"{AHEAD}posters/"),
    Page("invitations", f"{AHEAD}invitations/"),
    Page("issue of a meeting, add", f"{AHEAD}issues/add/"),
    Page("issue of a meeting, edit", f"{AHEAD}issues/{{ahead_issue}}/"),
    Page("hall", f"{AHEAD}hall/"),
    Page("hall, after the meeting", f"{HELD}hall/"),
    Page("hall, its state", f"{HELD}hall/state/"),
    Page("hall, record as held", f"{AHEAD}hall/held/"),
    Page("minutes", f"{HELD}minutes/"),
    Page("minutes, sign", f"{HELD}minutes/1/sign/"),
    Page("minutes, publish", f"{HELD}minutes/1/publish/"),
    Page("minutes, withdraw", f"{HELD}minutes/1/withdraw/"),
    Page("minutes, templates", "/staff/minutes/templates/"),
    Page("reception", f"{HELD}reception/"),
    Page("reception, add", f"{HELD}reception/add/"),
    Page("reception, edit", f"{HELD}reception/{{reception}}/"),
    Page("plan", f"{HELD}plan/"),
    Page("plan, version", f"{HELD}plan/versions/1/"),
    Page("plan, approve", f"{HELD}plan/approve/"),
    Page("plan, financing", f"{HELD}plan/financing/add/"),
    Page("plan, item add", f"{HELD}plan/issues/{{issue}}/add/"),
    Page("plan, item edit", f"{HELD}plan/items/{{item}}/"),
    Page("plan, item drop", f"{HELD}plan/items/{{item}}/drop/"),
    Page("publication", f"{HELD}publication/"),
    Page("publication, freeze", f"{HELD}publication/list/freeze/"),
    Page("publication, publish", f"{HELD}publication/versions/{{frozen}}/publish/"),
    Page("publication, compare", f"{HELD}publication/list/1/"),
    Page("issues", S),
    Page("issues, office", S, "offices"),
    Page("issues, late", S, query={"when": "late"}),
    Page("issue", f"{S}{{issue}}/"),
    Page("issue, close", f"{S}{{issue}}/close/"),
    Page("issue, dispute", f"{S}{{issue}}/dispute/"),
    Page("issue, route", f"{S}{{issue}}/route/"),
    Page("items", "/staff/items/"),
    Page("items, executor", "/staff/items/", "executors"),
    Page("item", "/staff/items/{item}/"),
    Page("item, progress", "/staff/items/{item}/progress/"),
    Page("item, new day", "/staff/items/{item}/new-day/"),
    Page("new day, grant", "/staff/new-days/{ask}/grant/"),
    Page("new day, refuse", "/staff/new-days/{ask}/refuse/"),
    Page("central issues, Government", "/staff/central/", "reviewers"),
    Page("central issues, body", "/staff/central/", "bodies"),
    Page("central issue", "/staff/central/{routing}/"),
    Page("central issue, answer", "/staff/central/{routing}/answer/"),
    Page("central issue, course", "/staff/central/{routing}/course/"),
    Page("quarters", Q),
    Page("quarters, office", Q, "offices"),
    Page("quarter", f"{Q}{{quarter}}/"),
    Page("quarter, next number", f"{Q}{{quarter}}/redraft/"),
    Page("quarter, publish", f"{Q}{{quarter}}/publish/"),
]
REST = [
    Page("units", U),
    Page("units, Government", U, "reviewers"),
    Page("unit", f"{U}{{raion}}/"),
    Page("unit, names", f"{U}{{raion}}/names/", "administrators"),
    Page("unit, days", f"{U}{{microraion}}/days/", "administrators"),
    Page("unit, exclude", f"{U}{{village}}/exclude/", "administrators"),
    Page("unit, include", f"{U}{{excluded}}/include/", "administrators"),
    Page("microraion, add", f"{U}{{city}}/microraion/", "administrators"),
    Page("bodies", f"{U}bodies/"),
    Page("body", f"{U}bodies/{{body}}/"),
    Page("body, change", f"{U}bodies/{{body}}/change/", "administrators"),
    Page("body, mailbox", f"{U}bodies/{{body}}/mailboxes/add/"),
    Page("body, add", f"{U}bodies/add/", "administrators"),
    Page("bodies, import", f"{U}bodies/import/", "administrators"),
    Page("mailboxes, import", f"{U}bodies/mailboxes/import/", "administrators"),
    Page("mailbox", f"{U}mailboxes/{{mailbox}}/"),
    Page("editions", f"{U}editions/", "administrators"),
    Page("edition, upload", f"{U}editions/upload/", "administrators"),
    Page("edition, draft", f"{U}editions/{{draft}}/", "administrators"),
    Page("people", "/staff/people/", "approvers"),
    Page("people, administrator", "/staff/people/", "administrators"),
    Page("person", "/staff/people/{person}/", "approvers"),
    Page("person, edit", "/staff/people/{person}/edit/", "administrators"),
    Page("person, appoint", "/staff/people/{person}/appoint/", "approvers"),
    Page("person, invite", "/staff/people/invite/", "approvers"),
    Page("people, place of a role", "/staff/people/place/", "approvers", query={"role": "office_staff"}),
    Page("people, units", "/staff/people/units/", "approvers", query={"where": "ақ"}),
    Page("post, end", "/staff/people/posts/{post}/end/", "approvers"),
    Page("mail", M),
    Page("letter", f"{M}{{letter}}/"),
    Page("letter, as it is read", f"{M}{{letter}}/letter/"),
    Page("journal", f"{M}journal/"),
    Page("background work", "/staff/operations/", "administrators"),
    Page("history of a meeting", f"{M}journal/calendars.meeting/{{meeting}}/", piece=True),
    Page("national desk", "/staff/desk/", "reviewers"),
    Page("national desk, coverage", "/staff/desk/", "reviewers", query={"ask": "coverage"}),
    Page("national desk, compared", "/staff/desk/compare/", "reviewers"),
    Page("desk of a region", "/staff/desk/office/"),
    Page("desk of a raion", "/staff/desk/office/", "offices"),
    Page("submissions", SENT, "reviewers"),
    Page("submissions, calendars", f"{SENT}calendars/", "reviewers"),
    Page("submissions, issues of a month", f"{SENT}issues/8/", "reviewers"),
    Page("submissions, lists of bodies", f"{SENT}bodies/2/", "reviewers"),
    Page("submissions, a body's list", f"{SENT}bodies/2/{{ministry}}/", "reviewers"),
    Page("submissions, what was sent", f"{SENT}{{sent}}/", "reviewers"),
    Page("exports", E),
    Page("export, new", f"{E}new/issues/"),
    Page("exports, what came back", f"{E}returned/", "reviewers"),
    Page("export", f"{E}{{export}}/", "authors"),
    Page("export, how far it is", f"{E}{{export}}/status/", "authors", piece=True),
    Page("my account", "/accounts/"),
    Page("password", "/accounts/password/change/"),
    Page("second factor", "/accounts/second-factor/"),
    Page("second factor, set up", "/accounts/second-factor/set-up/"),
    Page("sessions", "/accounts/sessions/"),
    Page("tokens", "/accounts/tokens/"),
]
PAGES = [*CALENDAR, *LEDGER, *ISSUES, *REST]

#: Addresses of the staff that are no pages, or pages of somebody who is not inside yet; with the reason.
FILE, LOG_IN, LEADS = "a file", "before the log-in", "leads to another page"
LEFT_OUT = {
    "account_login": LOG_IN,
    "account_inactive": LOG_IN,
    "account_reset_password": LOG_IN,
    "account_reset_password_done": LOG_IN,
    "account_reset_password_from_key": LOG_IN,
    "account_reset_password_from_key_done": LOG_IN,
    "mfa_authenticate": LOG_IN,
    "account_logout": "is left by it",
    "account_reauthenticate": "slow by intent: passwords are asked for",
    "mfa_reauthenticate": "slow by intent: passwords are asked for",
    "mfa_view_recovery_codes": "asks for the password again first",
    "mfa_generate_recovery_codes": "asks for the password again first",
    "mfa_deactivate_totp": "asks for the password again first",
    "mfa_download_recovery_codes": FILE,
    "calendars:this_month": LEADS,
    "calendars:versions": "a second name of the page of approval",
    "calendars:export_csv": FILE,
    "calendars:export_xlsx": FILE,
    "calendars:import_remarks": FILE,
    "calendars:template_xlsx": FILE,
    "calendars:version_ics": FILE,
    "calendars:version_scan": FILE,
    "calendars:version_xlsx": FILE,
    "deadlines:evidence_file": FILE,
    "issues:file": FILE,
    "issues:letter": FILE,
    "issues:meeting_ics": FILE,
    "issues:our_template": FILE,
    "issues:picture": FILE,
    "issues:plan_xlsx": FILE,
    "issues:poster": FILE,
    "issues:import_empty": FILE,
    "issues:import_wrong": FILE,
    "journal:notice_eml": FILE,
    "journal:notice_file": FILE,
    "exports:file": FILE,
    "operations_copy": FILE,
    "reporting:dispatch_bundle": FILE,
    "reporting:dispatch_letter": FILE,
    "territories:draft_progress": "answers without content",
    "territories:export_mailboxes": FILE,
}
