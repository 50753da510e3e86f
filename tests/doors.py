"""The table of `test_doors.py`: who gets which answer at which address.

One row an address and method:

    Door("calendars:meeting", args="pk=meeting", own="200 planners | 404 *", foreign="200 administrator | 404 *")

`args` names what fills the address: `pk=meeting` takes `side.meeting.pk`, `code=region.code` an
attribute, `month:=3` a value of its own; `query` fills what follows the `?` likewise. `own` is asked
for a thing of the asker's own region, `foreign` for one of the neighbour's; without things there is
no `foreign`. A word is a member of the cast or a group (`GROUPS`); `*` is everybody not named, and
`nobody` (not logged in) gets 302 if nothing else is said. A foreign thing that is answered with 404
must look exactly like one that does not exist; `200=` asks the same of a page (an empty one).
`data` fills a POST; a value `@meeting.version` is taken from the side.
"""

import copy
import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from calendars.models import (
    FeedLink,
    ImportJob,
    MaslikhatNotice,
    MeetingState,
    Step,
    Submission,
    SubmissionRemark,
)
from calendars.models.transfer import ImportState
from deadlines.ids import Subject
from deadlines.models import DutyFeed, Evidence, ReadingChoice, Stage
from journal.models import Entry, Notice, TaskFailure
from reporting.exports.models import ExportJob, ExportState
from reporting.models import Dispatch
from territories.models import ApiToken, EditionDraft, Kind, Organisation, Role
from territories.models.organisations import OrganisationKind
from territories.services.people import digest_of

from . import factories
from .calendars.approving import approved
from .cast import Land, Person

#: Members of the cast: who they are, and where they sit (a short name of `Land`).
CAST = {
    "editor": (Role.REGION_EDITOR, "O"),
    "approver": (Role.REGION_APPROVER, "O"),
    "raion": (Role.OFFICE_STAFF, "R"),
    "okrug": (Role.OFFICE_STAFF, "A"),
    "executor": (Role.EXECUTOR, "A"),
    "secretary": (Role.MASLIKHAT, "O"),
    "reviewer": (Role.GOVERNMENT, None),
    "administration": (Role.ADMINISTRATION, None),
    "central": (Role.CENTRAL_BODY, None),
    "information": (Role.INFORMATION_BODY, None),
    "administrator": (Role.ADMINISTRATOR, None),
    "neighbour": (Role.REGION_EDITOR, "N"),
    "nobody": (None, None),
}
GROUPS = {
    "region": ("editor", "approver", "neighbour"),
    "offices": ("raion", "okrug"),
    "planners": ("editor", "approver", "neighbour", "raion", "okrug", "administrator"),
    "nation": ("reviewer", "administration", "administrator"),
    "managers": ("administrator", "approver"),
    "outside": ("central", "information"),
}
#: Ids that nothing has.
NO_NUMBER, NO_WORD = 987654321, "no-such-thing"
#: Parts of addresses that are words, not numbers.
WORDS = ("code", "secret", "token", "object_id", "key")


@dataclass(frozen=True)
class Answer:
    """A status; `like_nothing` where the body must be that of a thing which does not exist."""

    status: int
    like_nothing: bool


def answers(text: str, *, nobody: int = 302) -> dict[str, Answer]:
    """`"200 region | 404 offices | 200= *"` as the answer for each member of the cast."""
    found: dict[str, Answer] = {"nobody": Answer(nobody, False)}  # what is said first is not unsaid
    rest = None
    for part in text.split("|"):
        word, *members = part.split()
        answer = Answer(int(word.rstrip("=")), word == "404" or word.endswith("="))
        for member in members:
            if member == "*":
                rest = answer
            else:
                found = dict.fromkeys(GROUPS.get(member, (member,)), answer) | found
    if strangers := set(found) - set(CAST):
        raise ValueError(f"not in the cast: {', '.join(strangers)}")
    missing = [member for member in CAST if member not in found]
    if missing and rest is None:
        raise ValueError(f"no answer for {', '.join(missing)} in “{text}”")
    return {member: found.get(member, rest) for member in CAST}


class Door:
    """One row of the table."""

    def __init__(
        self,
        name: str,
        own: str = "200 *",
        foreign: str = "404 *",
        *,
        args: str = "",
        method: str = "GET",
        data: dict[str, Any] | None = None,
        query: str = "",
        nobody: int = 302,
        json: bool = False,
        headers: dict[str, str] | None = None,
        open_to_programs: bool = False,
    ):
        self.name, self.args, self.method, self.data, self.query = name, args, method, data or {}, query
        self.own, self.foreign = answers(own, nobody=nobody), answers(foreign, nobody=nobody)
        self.extra: dict[str, Any] = {"content_type": "application/json"} if json and method != "GET" else {}
        if headers:
            self.extra["headers"] = headers
        self.open_to_programs = open_to_programs

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    @property
    def names_things(self) -> bool:
        return any(not fixed for _name, _expression, fixed in (*parts(self.args), *parts(self.query)))

    def address(self, things: "Side | None") -> str:
        """The address of the things of a side, or of things that do not exist."""
        with override("en"):
            path = reverse(self.name, kwargs=values(self.args, things))
        return f"{path}?{urlencode(asked)}" if (asked := values(self.query, things)) else path

    def words(self, things: "Side | None") -> list[str]:
        """What the address is filled with, the longest first."""
        filled = (values(self.args, things) | values(self.query, things)).values()
        return sorted(map(str, filled), key=len, reverse=True)

    def filled(self, side: "Side") -> dict[str, Any]:
        return {
            name: look_up(side, value[1:]) if str(value).startswith("@") else value for name, value in self.data.items()
        }


def parts(text: str) -> list[tuple[str, str, bool]]:
    """Of `"pk=meeting month:=3"` the names, the expressions, and whether they are values of their own."""
    found = []
    for part in text.split():
        name, _sign, expression = part.partition("=")
        found.append((name.rstrip(":"), expression, name.endswith(":")))
    return found


def values(text: str, things: "Side | None") -> dict[str, Any]:
    """The names with the values of a side's things, or with ids that nothing has."""
    filled: dict[str, Any] = {}
    for name, expression, fixed in parts(text):
        if fixed:
            filled[name] = expression
        elif things is not None:
            filled[name] = look_up(things, expression)
        else:
            filled[name] = NO_WORD if name in WORDS else NO_NUMBER
    return filled


def look_up(side: "Side", expression: str) -> Any:
    """`meeting` is the id of the side's meeting, `region.code` its attribute."""
    value: Any = side
    for word in expression.split("."):
        value = getattr(value, word)
    return value.pk if hasattr(value, "pk") else value


class Side:
    """One region with one thing of every kind, as far down the tree as the things go."""

    def __init__(self, region, raion, okrug, village, cast: dict[str, Person]):
        self.region, self.raion, self.okrug, self.village = region, raion, okrug, village
        self.cast = cast
        editor = cast["editor"]
        self.calendar = factories.calendar(region, 2027)
        self.rows_of_unit()
        self.step = Step.objects.create(calendar=self.calendar, user=editor.user, label="step", rows=[])
        self.maslikhat = factories.maslikhat(region, f"maslikhat{region.pk}@test.example")
        self.mailbox = self.maslikhat.mailboxes.get()
        self.version = approved(self.calendar, cast["approver"].who).version
        self.row = self.version.rows.get()
        self.notice = self.version.notices.get().notice
        self.file = self.notice.files.first()
        self.letter = Notice.objects.create(
            kind="calendar_accepted",
            subject_type="test",
            subject_id=str(region.pk),
            recipient_email="akimat@test.example",
            language="kk",
            subject="subject",
            body_text="text",
            message_id=f"<{secrets.token_hex(8)}@test.example>",
            scope_path=region.path,
        )
        self.link = secrets.token_urlsafe(32)
        self.told = self.version.notices.get()
        MaslikhatNotice.objects.filter(pk=self.told.pk).update(token_digest=digest_of(self.link))
        self.submission = Submission.objects.create(
            version=self.version,
            letter_number="1",
            letter_date=dt.date(2027, 1, 18),
            submitted_at=timezone.now(),
            submitted_by=editor.user,
        )
        reviewer = cast["reviewer"].user
        self.remark = SubmissionRemark.objects.create(submission=self.submission, text="?", written_by=reviewer)
        self.feed = FeedLink.objects.create(post=editor.post, territory=region, secret=secrets.token_hex(16))
        self.job = ImportJob.objects.create(
            calendar=self.calendar,
            file=ContentFile(b"x", name="calendar.xlsx"),
            file_name="calendar.xlsx",
            sha256="0" * 64,
            state=ImportState.READY,
            created_by=editor.user,
            created_under=editor.post,
        )
        self.stage = Stage.objects.first() or Stage.objects.create(code="on the day", offset_days=0)
        self.choice = ReadingChoice.objects.create(
            key="until_edge",
            value="inclusive",
            region=region,
            valid_from=dt.date(2027, 1, 1),
            document="№ 1",
            reason="?",
            decided_by=cast["editor"].user,
        )
        self.draft = EditionDraft.objects.create(as_of=dt.date(2027, 1, 1), file_name="k.csv", sha256="0" * 64)
        city = factories.unit("City", Kind.CITY_OBLAST, region, own_akim=True)
        self.city = factories.unit("Part of the city", Kind.RAION_IN_CITY, city, own_akim=True)
        self.microraion = factories.unit("Microraion", Kind.MICRORAION, self.city, manual=True)
        self.failure = TaskFailure.objects.create(task="journal.tasks.seal", error=f"Error {region.pk}")
        self.sent = sent(region.pk, 2027)
        self.export = ExportJob.objects.create(
            kind="issues",
            year=2027,
            language="kk",
            form="csv",
            asked_by=editor.user,
            asked_under=editor.post,
            state=ExportState.DONE,
            file=ContentFile(b"x", name="issues.csv"),
            file_name="issues.csv",
            kept_until=dt.date(2090, 1, 1),
        )
        self.things_of_unit()

    def rows_of_unit(self) -> None:
        """What the calendar holds for the side's unit."""
        self.meeting = factories.meeting(self.calendar, self.okrug, self.village)
        self.proposed = factories.meeting(
            self.calendar, self.okrug, self.village, dt.date(2027, 9, 8), state=MeetingState.PROPOSED
        )

    def things_of_unit(self) -> None:
        """What belongs to the office of the side's unit alone."""
        okrug, office = self.okrug, self.cast["okrug"]
        self.person, self.post = office.user, office.post
        self.duty = factories.duty("826-2.1.h2", okrug, Subject.CALENDAR, okrug.pk, "2027", dt.date(2027, 1, 15))
        self.duty_feed = DutyFeed.objects.create(post=office.post, secret=secrets.token_hex(16))
        self.evidence = Evidence.objects.create(
            duty=self.duty,
            kind="REC",
            done_on=dt.date(2027, 1, 10),
            file=ContentFile(b"%PDF-1.7", name="proof.pdf"),
            file_name="proof.pdf",
            recorded_at=timezone.now(),
            recorded_on=dt.date(2027, 1, 10),
        )
        self.entry = Entry.objects.create(
            action="x", object_type="calendars.meeting", object_id=str(self.meeting.pk), scope_path=okrug.path
        )
        self.token = ApiToken.objects.create(
            post=office.post, name="t", prefix="akm_", digest=secrets.token_hex(32), expires_on=dt.date(2090, 1, 1)
        )
        self.session = UserSession.objects.create(
            user=office.user, ip="127.0.0.1", session_key=secrets.token_hex(16), user_agent="x"
        )
        self.body = Organisation.objects.create(
            key=f"body-{okrug.pk}",
            kind=OrganisationKind.AKIM_OFFICE,
            territory=okrug,
            name_kk="Аппарат",
            name_ru="Аппарат",
        )
        doors_prepare.things(self)
        doors_promise.things(self)
        doors_public.things(self)

    def near(self, unit, place) -> "Side":
        """The same region with the things of another of its units."""
        other = copy.copy(self)
        other.okrug, other.village = unit, place
        other.cast = self.cast | {"okrug": Person(Role.OFFICE_STAFF, unit)}
        del other.cast["executor"]
        other.rows_of_unit()
        other.things_of_unit()
        return other


def sent(number: int, year: int) -> Dispatch:
    """A registered letter to the Administration; the letters of both sides are versions of one."""
    for kind in (OrganisationKind.GOVERNMENT, OrganisationKind.ADMINISTRATION):
        names = {"kind": kind, "name_kk": kind, "name_ru": kind}
        body, _new = Organisation.objects.get_or_create(key=f"door-{kind}", defaults=names)
    return Dispatch.objects.create(
        kind="calendars",
        year=year,
        organisation=body,
        number=number % 30000,
        letter_number="1",
        letter_date=dt.date(2027, 1, 22),
        reason="?",
        data={"rows": [], "missing": []},
        sha256="0" * 64,
        registered_at=timezone.now(),
    )


class World:
    """Our region and the neighbour's, and a session for everybody."""

    def __init__(self) -> None:
        land = Land()
        people = {
            name: Person(role, getattr(land, place) if place else None)
            for name, (role, place) in CAST.items()
            if role is not None
        }
        theirs = {
            "editor": people["neighbour"],
            "approver": Person(Role.REGION_APPROVER, land.N),
            "okrug": Person(Role.OFFICE_STAFF, land.NA),
            "executor": Person(Role.EXECUTOR, land.NA),
            "reviewer": people["reviewer"],
        }
        self.land = land
        self.ours = Side(land.O, land.R, land.A, land.a1, people)
        self.theirs = Side(land.N, land.NR, land.NA, land.na, theirs)
        self.sessions = {name: session_of(person) for name, person in people.items()}

    def sides(self, role: str) -> tuple[Side, Side]:
        """Whose things are the asker's own, and whose are foreign to him."""
        return (self.theirs, self.ours) if role == "neighbour" else (self.ours, self.theirs)


def session_of(person: Person) -> str:
    """The key of a logged-in session that began just now."""
    client = Client()
    client.force_login(person.user)
    store = SessionStore(client.cookies["sessionid"].value)
    now = int(timezone.now().timestamp())
    store["began"], store["seen"] = now, now
    store.save()
    return store.session_key


LOGGED_IN = PUBLIC = "200 *"
MANAGERS = "200 managers | 403 *"
ADMINISTRATOR = "200 administrator | 403 *"
#: A form that was sent empty: whoever may send it at all is told what is missing.
WRONG_FORM = "422 administrator | 403 *"
PLANNING = "200 planners | 403 *"
#: The bound office and those above it record what proves a duty.
PROVERS = "200 region offices | 404 outside | 403 *"
FOREIGN_ROW = "200 administrator | 404 region offices | 403 *"
FOREIGN_CHOICE = "200 administrator | 403 reviewer administration | 404 *"
FOREIGN_EDIT = "404 region offices | 403 *"
FOREIGN_UNDO = "404 planners | 403 *"
ACT_ON_VERSION = "302 region | 404 executor outside | 403 *"
FOREIGN_VERSION = "403 nation | 404 *"

ROWS = [
    # -- Without log-in ---------------------------------------------------------------------------
    Door("front", "302 *"),
    Door("healthz", "200 *", nobody=200),
    Door("metrics", "200 *", nobody=200),
    Door("readyz", "503 *", nobody=503),
    Door("set_language", "302 *", method="POST", data={"language": "ru"}),
    Door("account_login", "302 *", nobody=200),
    Door("account_login", "302 *", method="POST", nobody=200, data={"login": "x@test.example", "password": "x"}),
    Door("account_inactive", "200 *", nobody=200),
    Door("account_reset_password", "200 *", nobody=200),
    Door("account_reset_password_done", "200 *", nobody=200),
    Door("account_reset_password_from_key", "200 *", "200 *", args="uidb36:=zz key:=no-such", nobody=200),
    Door("account_reset_password_from_key_done", "200 *", nobody=200),
    Door("mfa_authenticate", "302 *"),
    # -- One's own account ------------------------------------------------------------------------
    Door("account_profile", LOGGED_IN),
    Door("account_profile", "422 *", method="POST"),
    Door("account_choose_post", "302 okrug | 404 *", method="POST", data={"post": "@post"}),
    Door("account_logout", "200 *"),
    Door("account_logout", "302 *", method="POST"),
    Door("account_reauthenticate", LOGGED_IN),
    Door("account_change_password", LOGGED_IN),
    Door("account_change_password", "200 *", method="POST"),
    Door("mfa_index", LOGGED_IN),
    Door("mfa_reauthenticate", "302 *"),
    Door("mfa_activate_totp", LOGGED_IN),
    Door("mfa_activate_totp", "200 *", method="POST", data={"code": "x"}),
    Door("mfa_deactivate_totp", "404 *"),
    Door("mfa_view_recovery_codes", "404 *"),
    Door("mfa_generate_recovery_codes", LOGGED_IN),
    Door("mfa_download_recovery_codes", "404 *"),
    Door("usersessions_list", LOGGED_IN),
    Door("account_end_other_sessions", "302 *", method="POST"),
    Door("account_end_session", "302 okrug | 404 *", "404 *", args="pk=session", method="POST"),
    Door("account_tokens", LOGGED_IN),
    Door("account_tokens", "422 *", method="POST"),
    Door("account_revoke_token", "302 okrug | 404 *", "404 *", args="pk=token", method="POST"),
    # -- People -----------------------------------------------------------------------------------
    Door("people:list", MANAGERS),
    Door("people:invite", MANAGERS),
    Door("people:invite", "422 managers | 403 *", method="POST"),
    Door("people:place", MANAGERS),
    Door("people:units", MANAGERS),
    Door("people:person", MANAGERS, "200 administrator | 404 approver | 403 *", args="pk=person"),
    Door("people:edit", "200 administrator | 403 *", "200 administrator | 404 approver | 403 *", args="pk=person"),
    Door("people:appoint", MANAGERS, "200 administrator | 404 approver | 403 *", args="pk=person"),
    Door(
        "people:appoint",
        "422 managers | 403 *",
        "422 administrator | 404 approver | 403 *",
        args="pk=person",
        method="POST",
    ),
    Door("people:end_post", MANAGERS, "200 administrator | 404 approver | 403 *", args="pk=post"),
    Door(
        "people:end_post",
        "302 managers | 403 *",
        "302 administrator | 404 approver | 403 *",
        args="pk=post",
        method="POST",
        data={"how": "now", "reason": "x", "version": 1},
    ),
    *(
        Door(
            f"people:{name}",
            "302 managers | 403 *",
            "302 administrator | 404 approver | 403 *",
            args="pk=person",
            method="POST",
            data={"reason": "x", "version": 1},
        )
        for name in ("close", "reopen", "send_link")
    ),
    Door(
        "people:remove_factor",
        "302 administrator | 403 *",
        "302 administrator | 404 approver | 403 *",
        args="pk=person",
        method="POST",
        data={"reason": "x", "version": 1},
    ),
    # -- Today and the ledger ---------------------------------------------------------------------
    Door("home", LOGGED_IN),
    Door("deadlines:ledger", LOGGED_IN),
    Door("deadlines:bell", LOGGED_IN),
    Door("deadlines:read_all", "302 *", method="POST"),
    Door("deadlines:explain", "404 outside | 200 *", "200 nation | 404 *", args="pk=duty"),
    Door("deadlines:prove", PROVERS, "403 nation | 404 *", args="pk=duty"),
    Door("deadlines:prove", PROVERS.replace("200", "422"), "403 nation | 404 *", args="pk=duty", method="POST"),
    Door("deadlines:evidence_file", "404 outside | 200 *", "200 nation | 404 *", args="pk=evidence"),
    Door("deadlines:withdraw", PROVERS, "403 nation | 404 *", args="pk=evidence"),
    Door("deadlines:withdraw", PROVERS.replace("200", "422"), "403 nation | 404 *", args="pk=evidence", method="POST"),
    Door("deadlines:of_subject", LOGGED_IN, "200 nation | 200= *", args="subject_type:=calendar subject_id=calendar"),
    Door("deadlines:ladder", LOGGED_IN),
    Door("deadlines:add_stage", ADMINISTRATOR),
    Door("deadlines:add_stage", WRONG_FORM, method="POST"),
    Door("deadlines:change_stage", ADMINISTRATOR, ADMINISTRATOR, args="pk=stage"),
    Door("deadlines:change_stage", WRONG_FORM, WRONG_FORM, args="pk=stage", method="POST"),
    Door("deadlines:change_rules", ADMINISTRATOR),
    Door("deadlines:change_rules", WRONG_FORM, method="POST"),
    # -- The act ----------------------------------------------------------------------------------
    Door("act:index", "200 *"),
    Door("act:act", LOGGED_IN, args="code:=826"),
    Door("deadlines:delivery", ADMINISTRATOR),
    Door("deadlines:see_failures", "302 administrator | 403 *", method="POST"),
    Door("deadlines:feed", LOGGED_IN),
    Door("deadlines:feed", "302 *", method="POST"),
    Door("deadlines:end_feed", "302 okrug | 404 *", "404 *", args="pk=duty_feed", method="POST"),
    Door("act:readings", LOGGED_IN),
    Door("act:last_day", LOGGED_IN),
    Door(
        "act:why",
        "404 outside | 200 *",
        "200 nation | 404 *",
        query="line:=826-3.4.e@e1 as_of:=2027-01-01 from:=meeting.date:2027-03-10 region=region",
    ),
    Door("act:choose", ADMINISTRATOR, args="key:=until_edge"),
    Door("act:choose", WRONG_FORM, args="key:=until_edge", method="POST"),
    Door("act:end_choice", "200 administrator | 404 outside | 403 *", FOREIGN_CHOICE, args="pk=choice"),
    Door(
        "act:end_choice",
        "422 administrator | 404 outside | 403 *",
        FOREIGN_CHOICE.replace("200", "422"),
        args="pk=choice",
        method="POST",
    ),
    # -- The calendar -----------------------------------------------------------------------------
    *(Door(f"calendars:{name}", PLANNING) for name in ("year", "list", "print", "coverage", "units", "steps")),
    Door("calendars:proposals", PLANNING),
    Door("calendars:this_month", "302 planners | 403 *"),
    Door("calendars:month", PLANNING, args="month:=3"),
    Door("calendars:day", PLANNING, args="day:=2027-03-10"),
    Door("calendars:coverage_group", PLANNING, FOREIGN_ROW, args="pk=raion"),
    Door("calendars:meeting", PLANNING, FOREIGN_ROW, args="pk=meeting"),
    Door("calendars:cell", "200 region | 403 *", FOREIGN_EDIT, args="pk=meeting field:=address"),
    Door("calendars:edit", "200 region | 403 *", FOREIGN_EDIT, args="pk=meeting"),
    Door("calendars:edit", "422 region | 403 *", FOREIGN_EDIT, args="pk=meeting", method="POST"),
    Door("calendars:move", "200 region | 403 *", FOREIGN_EDIT, args="pk=meeting", method="POST"),
    Door("calendars:verb", "200 region offices | 403 *", FOREIGN_EDIT, args="pk=meeting name:=cancel"),
    Door(
        "calendars:verb",
        "302 region offices | 403 *",
        FOREIGN_EDIT,
        args="pk=meeting name:=cancel",
        method="POST",
        data={"version": "@meeting.version", "reason": "Су тасқыны"},
    ),
    Door("calendars:bulk", "422 region offices | 403 *", method="POST"),
    Door("calendars:propose", "200 region offices | 403 *", method="POST"),
    Door("calendars:propose_apply", "302 region offices | 403 *", method="POST"),
    Door("calendars:open", "302 region | 403 *", method="POST"),
    Door("calendars:entry", "200 region offices | 403 *"),
    Door("calendars:entry", "422 region offices | 403 *", method="POST"),
    Door("calendars:check", "200 region offices | 403 *", method="POST"),
    Door(
        "calendars:undo",
        "302 editor neighbour | 404 approver offices administrator | 403 *",
        FOREIGN_UNDO,
        args="pk=step",
        method="POST",
    ),
    # -- In and out by file -----------------------------------------------------------------------
    *(Door(f"calendars:{name}", PLANNING) for name in ("export_xlsx", "export_csv", "template_xlsx")),
    Door("calendars:import", "200 region offices | 403 *"),
    Door("calendars:import", "422 region offices | 403 *", method="POST"),
    *(
        Door(f"calendars:{name}", "200 region administrator | 404 offices | 403 *", FOREIGN_ROW, args="pk=job")
        for name in ("import_job", "import_status", "import_remarks")
    ),
    *(
        Door(
            f"calendars:{name}",
            f"{done} editor neighbour | 404 offices | 403 *",
            FOREIGN_EDIT,
            args="pk=job",
            method="POST",
        )  # only who brought the file carries it on
        for name, done in (("import_commit", 409), ("import_again", 302), ("import_drop", 302))
    ),
    # -- Approval, notice, submission -------------------------------------------------------------
    Door("calendars:approval", LOGGED_IN),
    Door("calendars:versions", LOGGED_IN),
    Door("calendars:approval_form", "200 approver | 404 nation outside | 403 *"),
    Door("calendars:approval_form", "422 approver | 404 nation outside | 403 *", method="POST"),
    Door("calendars:difference", "404 *"),
    *(
        Door(f"calendars:{name}", "404 executor outside | 200 *", "200 nation | 404 *", args="pk=version")
        for name in ("version", "version_scan", "version_xlsx", "version_ics")
    ),
    Door("calendars:version_letter", "200 region | 404 *", args="pk=version language:=kk"),
    Door("calendars:version_notify", ACT_ON_VERSION, FOREIGN_VERSION, args="pk=version", method="POST"),
    Door(
        "calendars:version_resend",
        ACT_ON_VERSION,
        FOREIGN_VERSION,
        args="pk=version",
        method="POST",
        data={"address": "@mailbox.address", "language": "both"},
    ),
    Door("calendars:version_submit", "200 region | 404 executor outside | 403 *", FOREIGN_VERSION, args="pk=version"),
    Door(
        "calendars:version_submit",
        "422 region | 404 executor outside | 403 *",
        FOREIGN_VERSION,
        args="pk=version",
        method="POST",
    ),
    Door(
        "calendars:notice_revoke",
        "302 region | 403 secretary administrator | 404 *",
        "403 administrator | 404 *",
        args="pk=told",
        method="POST",
    ),
    Door(
        "calendars:notice_acknowledge",
        "302 secretary region administrator | 404 *",
        "302 administrator | 404 *",
        args="pk=told",
        method="POST",
        data={"name": "Хатшы"},
    ),
    Door("calendars:submission", "404 executor secretary outside | 200 *", "200 nation | 404 *", args="pk=submission"),
    *(
        Door(
            f"calendars:{name}",
            f"{status} reviewer | 404 executor secretary outside | 403 *",
            f"{status} reviewer | 403 administration administrator | 404 *",
            args="pk=submission",
            method="POST",
            data={"incoming_number": "1", "lock": 1, "text": "?", "return-text": "?", "return-lock": 1},
        )  # with a remark it can be returned, not accepted
        for name, status in (("submission_remark", 302), ("submission_accept", 422), ("submission_return", 302))
    ),
    Door(
        "calendars:remark_settle",
        "403 reviewer | 404 *",
        "403 reviewer | 404 *",
        args="pk=remark",
        method="POST",
        data={"text": "!"},
    ),
    Door("calendars:remark_take_back", "302 reviewer | 404 *", "302 reviewer | 404 *", args="pk=remark", method="POST"),
    Door("calendars:feeds", LOGGED_IN),
    Door("calendars:feeds", "302 region offices | 404 nation outside | 403 *", method="POST"),
    Door("calendars:feed_end", "302 editor neighbour | 404 *", args="pk=feed", method="POST"),
    # -- Units and bodies -------------------------------------------------------------------------
    Door("territories:units", LOGGED_IN),
    Door("territories:unit", LOGGED_IN, LOGGED_IN, args="pk=raion"),
    *(
        Door(f"territories:{name}", ADMINISTRATOR, ADMINISTRATOR, args="pk=okrug")
        for name in ("exclude", "include", "names")
    ),
    *(
        Door(f"territories:{name}", WRONG_FORM, WRONG_FORM, args="pk=okrug", method="POST")
        for name in ("exclude", "include", "names")
    ),
    *(
        Door(f"territories:{name}", "200 region administrator | 403 *", ADMINISTRATOR, args=args)
        for name, args in (("days", "pk=microraion"), ("add_microraion", "pk=city"))
    ),
    *(
        Door(f"territories:{name}", "422 region administrator | 403 *", WRONG_FORM, args=args, method="POST")
        for name, args in (("days", "pk=microraion"), ("add_microraion", "pk=city"))
    ),
    Door("territories:editions", ADMINISTRATOR),
    Door("territories:upload_edition", ADMINISTRATOR),
    Door("territories:upload_edition", WRONG_FORM, method="POST"),
    Door("territories:draft", ADMINISTRATOR, ADMINISTRATOR, args="pk=draft"),
    *(
        Door(
            f"territories:{name}",
            "302 administrator | 403 *",
            "302 administrator | 403 *",
            args="pk=draft",
            data={"version": "@draft.version"},
            method="POST",
        )
        for name in ("start_draft", "put_aside_draft")
    ),
    Door("territories:draft_progress", "204 administrator | 403 *", "204 administrator | 403 *", args="pk=draft"),
    Door(
        "territories:decide",
        "404 administrator | 403 *",
        "404 administrator | 403 *",
        args="pk=draft unit_id=okrug",
        method="POST",
    ),
    Door("territories:bodies", LOGGED_IN),
    *(Door(f"territories:{name}", ADMINISTRATOR) for name in ("add_body", "import_bodies")),
    *(Door(f"territories:{name}", WRONG_FORM, method="POST") for name in ("add_body", "import_bodies")),
    *(
        Door(f"territories:{name}", "200 region administrator | 403 *")
        for name in ("import_mailboxes", "export_mailboxes")
    ),
    Door("territories:import_mailboxes", "422 region administrator | 403 *", method="POST"),
    Door("territories:body", LOGGED_IN, LOGGED_IN, args="pk=maslikhat"),
    Door("territories:change_body", ADMINISTRATOR, ADMINISTRATOR, args="pk=maslikhat"),
    Door("territories:change_body", WRONG_FORM, WRONG_FORM, args="pk=maslikhat", method="POST"),
    Door("territories:add_mailbox", "200 region administrator | 403 *", ADMINISTRATOR, args="pk=maslikhat"),
    Door("territories:add_mailbox", "422 region administrator | 403 *", WRONG_FORM, args="pk=maslikhat", method="POST"),
    Door(
        "territories:change_mailbox",
        "200 region administrator | 403 secretary reviewer administration | 404 *",
        "200 administrator | 403 reviewer administration | 404 *",
        args="pk=mailbox",
    ),
    Door(
        "territories:change_mailbox",
        "422 region administrator | 403 secretary reviewer administration | 404 *",
        "422 administrator | 403 reviewer administration | 404 *",
        args="pk=mailbox",
        method="POST",
    ),
    # -- Background work --------------------------------------------------------------------------
    Door("operations", ADMINISTRATOR),
    Door("operations_copy", "404 administrator | 403 *"),
    Door("operations_make_copy", "302 administrator | 403 *", method="POST"),
    *(
        Door(
            f"operations_{name}",
            "302 administrator | 403 *",
            "302 administrator | 403 *",
            args="pk=failure",
            method="POST",
        )
        for name in ("retry", "put_aside")
    ),
    # -- Mail and journal -------------------------------------------------------------------------
    Door("journal:outbox", LOGGED_IN),
    Door("journal:release", "302 administrator | 403 *", method="POST"),
    *(
        Door(f"journal:{name}", "404 offices executor outside | 200 *", "200 nation | 404 *", args=f"pk=notice{more}")
        for name, more in (("notice", ""), ("notice_html", ""), ("notice_eml", ""), ("notice_file", " position:=0"))
    ),
    *(
        Door(
            f"journal:{name}",
            "302 administrator | 404 offices executor outside | 403 *",
            "302 administrator | 403 reviewer administration | 404 *",
            args="pk=notice",
            method="POST",
        )
        for name in ("notice_retry", "notice_cancel", "notice_put_aside")
    ),
    Door("journal:entries", LOGGED_IN),
    Door("journal:history", LOGGED_IN, "200 nation | 200= *", args="object_type:=calendars.meeting object_id=meeting"),
    # -- Secret links and the public --------------------------------------------------------------
    Door("feeds:public", PUBLIC, PUBLIC, args="code=region.code", nobody=200),
    Door("duty_feed", PUBLIC, PUBLIC, args="secret=duty_feed.secret", nobody=200),
    Door("feeds:secret", PUBLIC, PUBLIC, args="secret=feed.secret", nobody=200),
    *(Door(f"ack:{name}", PUBLIC, PUBLIC, args="token=link", nobody=200) for name in ("notice", "workbook", "ics")),
    Door("ack:notice", "422 *", "422 *", args="token=link", method="POST", nobody=422, open_to_programs=True),
    Door("public:home", PUBLIC, nobody=200),
    Door("public:region", PUBLIC, PUBLIC, args="code=region.code", nobody=200),
    Door("public:table", PUBLIC, PUBLIC, args="code=region.code year:=2027", nobody=200),
    Door("public:unit", PUBLIC, PUBLIC, args="code=okrug.code", nobody=200),
    # -- Programs ---------------------------------------------------------------------------------
    Door("api_docs", PUBLIC, nobody=200),
    Door("api_schema", PUBLIC, nobody=200),
    Door("api_nothing", "404 *", args="rest:=nothing", nobody=401),
    *(
        Door(f"{name}-list", LOGGED_IN, nobody=401)
        for name in ("territory", "organisation", "calendar", "meeting", "notice", "duty")
    ),
    Door("duty-detail", "404 outside | 200 *", "200 nation | 404 *", args="pk=duty", nobody=401),
    Door("territory-detail", LOGGED_IN, LOGGED_IN, args="pk=okrug", nobody=401),
    Door("organisation-detail", LOGGED_IN, LOGGED_IN, args="pk=maslikhat", nobody=401),
    Door("calendar-detail", "404 outside | 200 *", "200 nation | 404 *", args="pk=calendar", nobody=401),
    Door(
        "calendar-coverage",
        "200 planners | 404 outside | 403 *",
        "200 administrator | 403 reviewer administration | 404 *",
        args="pk=calendar",
        nobody=401,
    ),
    Door("notice-detail", "404 offices executor outside | 200 *", "200 nation | 404 *", args="pk=letter", nobody=401),
    Door(
        "meeting-list",
        "201 region offices | 404 outside | 403 *",
        "403 nation | 404 *",
        method="POST",
        json=True,
        nobody=401,
        query="calendar=calendar",
        data={"holder": "@okrug.code", "place": "@village.code", "date": "2027-05-12"},
    ),
    Door(
        "meeting-bulk",
        "404 outside | 400 *",
        "400 nation | 404 *",
        method="POST",
        json=True,
        nobody=401,
        query="calendar=calendar",
    ),
    Door(
        "calendar-list",
        "201 region | 403 *",
        method="POST",
        json=True,
        nobody=401,
        data={"region": "@region.code", "year": 2031},
    ),
    Door("submission-list", LOGGED_IN, nobody=401),
    Door(
        "submission-list",
        "200 region | 400 executor outside | 403 *",
        method="POST",
        json=True,
        nobody=401,
        data={"calendar": "@calendar", "number": 1, "letter_number": "1", "letter_date": "2027-01-18"},
    ),
    Door(
        "submission-detail",
        "404 executor secretary outside | 200 *",
        "200 nation | 404 *",
        args="pk=submission",
        nobody=401,
    ),
    *(
        Door(
            f"submission-{verb}",
            f"{status} reviewer | 404 executor secretary outside | 403 *",
            f"{status} reviewer | 403 administration administrator | 404 *",
            args="pk=submission",
            method="POST",
            json=True,
            nobody=401,
            data=data,
            headers={"if-match": '"1"'},
        )  # with a remark it can be returned, not accepted
        for verb, status, data in (("accept", 400, {"incoming_number": "1"}), ("return-", 200, {"text": "?"}))
    ),
    Door("meeting-detail", "200 planners | 404 *", "200 administrator | 404 *", args="pk=meeting", nobody=401),
    *(
        Door(
            name,
            f"{done} region{more} | 403 planners | 404 *",
            "403 administrator | 404 *",
            args=f"pk={thing}",
            method=method,
            json=True,
            nobody=401,
            data=data,
            headers={"if-match": '"1"'},
        )
        for name, method, thing, done, more, data in (
            ("meeting-detail", "PATCH", "meeting", 200, "", {"address": "Мәдениет үйі"}),
            ("meeting-accept", "POST", "proposed", 200, "", {}),
            ("meeting-return-", "POST", "proposed", 200, "", {"remark": "?"}),
            ("meeting-announce", "POST", "meeting", 200, " offices", {"on": "2026-11-01"}),
            ("meeting-hold", "POST", "meeting", 400, " offices", {"on": "2027-03-10"}),
            ("meeting-cancel", "POST", "meeting", 200, " offices", {"reason": "Су тасқыны"}),
        )
    ),
    # -- The national desk ------------------------------------------------------------------------
    # An office without units below is led to its own page.
    Door("reporting:desk", "200 nation region raion | 302 okrug | 403 *"),
    Door("reporting:desk_compare", "200 nation region offices | 403 *"),
    Door("reporting:office", "302 nation | 200 region offices | 403 *"),
    Door("reporting:submissions", "200 nation central | 403 *"),
    *(
        Door(name, f"{status} reviewer administrator | 403 *", args=args, method=method)
        for method, status in (("GET", 200), ("POST", 422))
        for name, args in (("reporting:send_calendars", ""), ("reporting:send_issues", "month:=2"))
    ),
    Door("reporting:body_lists", "200 reviewer administrator | 403 *", args="quarter:=1"),
    Door(
        "reporting:send_body",
        "200 reviewer administrator | 404 central | 403 *",
        "200 reviewer administrator | 404 central | 403 *",
        args="quarter:=1 pk=sent.organisation",
    ),
    Door("reporting:dispatch", "200 nation | 404 central | 403 *", "200 nation | 404 central | 403 *", args="pk=sent"),
    Door(
        "reporting:dispatch_received",
        "422 reviewer administration | 403 *",
        "422 reviewer administration | 403 *",
        args="pk=sent",
        method="POST",
    ),
    Door(
        "reporting:dispatch_letter",
        "200 nation | 404 central | 403 *",
        "200 nation | 404 central | 403 *",
        args="pk=sent language:=kk",
    ),
    Door(
        "reporting:dispatch_bundle",
        "302 nation | 404 central | 403 *",
        "302 nation | 404 central | 403 *",
        args="pk=sent",
    ),
    # -- Exports: one's own alone -----------------------------------------------------------------
    Door("exports:list", "403 executor information | 200 *"),
    Door("exports:new", "200 planners | 404 secretary central | 403 executor information | 200 *", args="code:=issues"),
    Door(
        "exports:new",
        "302 planners nation | 404 secretary central | 403 executor information | 302 *",
        args="code:=issues",
        method="POST",
        data={"year": 2027, "language": "kk", "form": "csv", "unit": ""},
    ),
    Door("exports:returned", "200 reviewer region offices | 403 *"),
    Door("exports:returned", "422 reviewer region offices | 403 *", method="POST"),
    *(Door(f"exports:{name}", "200 editor neighbour | 404 *", args="pk=export") for name in ("job", "status", "file")),
    Door("exports:cancel", "302 editor neighbour | 404 *", args="pk=export", method="POST"),
    Door("exportjob-list", "200 *", nobody=401),
    Door(
        "exportjob-list",
        "202 planners nation | 403 *",
        method="POST",
        json=True,
        data={"kind": "issues", "year": 2027, "format": "csv"},
        nobody=401,
        open_to_programs=True,
    ),
    Door("exportjob-detail", "200 editor neighbour | 404 *", args="pk=export", nobody=401),
    Door("exportjob-file", "200 editor neighbour | 404 *", args="pk=export", nobody=401),
    Door("exportjob-cancel", "200 editor neighbour | 404 *", args="pk=export", method="POST", json=True, nobody=401),
]

# Rows of the room of issues lie beside its tests; they need what is defined above.
from .issues import doors_prepare, doors_promise, doors_public  # noqa: E402

ROWS += doors_prepare.ROWS
ROWS += doors_promise.ROWS
ROWS += doors_public.ROWS
