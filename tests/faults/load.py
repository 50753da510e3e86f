"""The work that goes on while faults happen, through the doors that people use.

`python -m tests.faults.load PLAN.json --laps N --seed S …` works through the same list of requests in
every run with the same seed. Each request is written into `asked` before and after it is made. A
person who gets no answer, or an error page, looks whether the thing is done, and asks again if not.

A lap of a region: plan meetings, hold one of the past, be refused an approval, approve, the maslikhat
acknowledges by the link of its letter, submit, the Government accepts, announce, edit, cancel, send
the notice to a new address, give somebody a post. Between laps the ledger is swept for a later day.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import subprocess
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.browser import NO_ANSWER, Answer, Browser

#: How long one thing is asked for again before the run counts as broken.
LONGEST = 240.0
BETWEEN_ATTEMPTS = 0.7
#: After so many laps the ledger is swept for a later day, as after a standstill.
SWEPT_EVERY = 4
#: A letter is waited for so long before the maslikhat is thought never to get it. Long: when all wait for one letter,
#: every fault hits that one (249 s and ten attempts were seen after 760 faults).
LETTER_PATIENCE = 900.0
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LINK = re.compile(r"/ack/([A-Za-z0-9_-]{40,60})")


class GaveUp(Exception):
    """Asked for too long without success: the run is broken."""


class Asked:
    """The list of what was asked, one line of JSON before and one after each request."""

    def __init__(self, path: Path):
        self.file = path.open("a")
        self.lock = threading.Lock()

    def write(self, **line) -> None:
        with self.lock:
            self.file.write(json.dumps({"t": round(time.time(), 3), **line}, ensure_ascii=False) + "\n")
            self.file.flush()


class Letters:
    """What the maslikhat finds in its mailbox: the letters that the mail server has accepted."""

    def __init__(self, path: Path):
        self.path = path
        self.read = 0
        self.links: dict[str, list[str]] = {}
        self.lock = threading.Lock()

    def links_to(self, address: str) -> list[str]:
        with self.lock:
            with self.path.open("rb") as file:
                file.seek(self.read)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self.read += len(line)
                    letter = json.loads(line)
                    for token in dict.fromkeys(LINK.findall(letter["text"])):
                        kept = self.links.setdefault(letter["to"], [])
                        if token not in kept:
                            kept.append(token)
            return list(self.links.get(address, []))


class Load:
    """What all actors share."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        self.plan = json.loads(args.plan.read_text())
        self.today = dt.date.fromisoformat(self.plan["today"])
        self.asked = Asked(args.asked)
        self.letters = Letters(args.letters)
        self.total = args.laps
        self.broken: list[str] = []

    def wait_for_turn(self, done: float) -> None:
        """Work goes on as fast as faults are injected: `done` is the share of this actor's work."""
        while self.args.pace is not None and not self.broken:
            try:
                share = float(self.args.pace.read_text() or 0)
            except (OSError, ValueError):
                share = 0.0
            if done <= share:
                return
            time.sleep(0.3)

    def person(self, email: str) -> Browser:
        browser = Browser(self.args.port)
        ends = time.monotonic() + LONGEST
        while time.monotonic() < ends:
            try:
                if browser.log_in(email, self.plan["password"]).status == 302:
                    return browser
            except NO_ANSWER:
                pass
            time.sleep(BETWEEN_ATTEMPTS)
        raise GaveUp(f"{email} cannot log in")


class Actor:
    """The people of one region, one thing after another."""

    def __init__(self, load: Load, number: int):
        self.number = number
        self.load = load
        self.region = load.plan["regions"][number]
        self.rng = random.Random(f"{load.args.seed}/{number}")
        self.next_year = str(load.today.year + 1)
        self.this_year = str(load.today.year)
        self.mailboxes = [address for address in self.region["mailboxes"] if not address.startswith("nobody")]
        self.program = Browser(load.args.port, self.region["token"])
        self.lap_number = 0
        self.steps = 0

    def log_in(self) -> None:
        self.editor = self.load.person(self.region["editor"])
        self.approver = self.load.person(self.region["approver"])
        self.government = self.load.person(self.load.plan["government"])

    # -- asking -----------------------------------------------------------------------------------
    def ask(
        self,
        what: str,
        key: str,
        request: Callable[[], Answer],
        *,
        good: tuple[int, ...] = (200, 201, 302),
        there: Callable[[], object] | None = None,
        expects: list | None = None,
    ) -> object:
        """Make one request until it has succeeded; `there` looks whether an unanswered one has.

        Answers what `there` found, or the answer. The list tells how it ended: done, done before, given up.
        """
        self.steps += 1
        # Regions take turns within a lap: letters come all the time, and not all at once.
        turn = (self.number + min(self.steps, 10) / 11) / len(self.load.plan["regions"])
        self.load.wait_for_turn((self.lap_number + turn) / self.load.total)
        about = {"region": self.region["code"], "lap": self.lap_number, "what": what, "key": key}
        self.load.asked.write(phase="asking", **about, expects=expects or [])
        ends = time.monotonic() + LONGEST
        unsure = False
        troubles: list[str] = []
        while time.monotonic() < ends:
            try:
                if unsure and there is not None and (found := there()):
                    self.load.asked.write(phase="done before", **about, troubles=troubles)
                    return found
                answer = request()
            except NO_ANSWER as error:
                troubles.append(type(error).__name__)
                unsure = True
            else:
                if answer.status in good:
                    self.load.asked.write(phase="done", **about, status=answer.status, troubles=troubles)
                    return answer
                troubles.append(str(answer.status))
                if answer.status < 500 and not unsure:
                    # Not a fault of the servers: the load itself asks for something wrong.
                    self.load.asked.write(phase="refused", **about, troubles=troubles, text=answer.text[:2000])
                    raise GaveUp(f"{about}: {answer.status} {answer.text[:500]}")
                unsure = True
            time.sleep(BETWEEN_ATTEMPTS)
        self.load.asked.write(phase="given up", **about, troubles=troubles)
        raise GaveUp(f"{about}: {troubles[-5:]}")

    def look(self, path: str, browser: Browser | None = None) -> Answer:
        """Read a page, as often as it takes."""
        ends = time.monotonic() + LONGEST
        trouble = ""
        while time.monotonic() < ends:
            try:
                answer = (browser or self.program).get(path)
                if answer.status == 200:
                    return answer
                trouble = f"{answer.status} {answer.text[:300]}"
            except NO_ANSWER as error:
                trouble = repr(error)
            time.sleep(BETWEEN_ATTEMPTS)
        raise GaveUp(f"{path} cannot be read: {trouble}")

    # -- a lap ------------------------------------------------------------------------------------
    def lap(self, number: int) -> None:
        self.lap_number, self.steps = number, 0
        first = self.plan_meeting(self.next_year, number)
        if number % 2 == 0:
            self.hold_past_meeting(number)
            self.edit(first)
            self.be_refused(number)
        version = self.approve(number)
        self.acknowledge(number)
        self.submit(version, number)
        if number % 3 == 0:
            self.announce(first)
        if number % 4 == 1:
            self.cancel(self.plan_meeting(self.next_year, 1000 + number))
        if number % 2 == 1:
            self.resend(version, number)
            self.notify_now(version)
        if number % 8 == 0:
            self.appoint(number)

    def meeting_values(self, year: str, turn: int) -> dict:
        holders = self.region["holders"]
        _pk, code = holders[turn % len(holders)]
        if year == self.next_year:
            day = dt.date(int(year), 1, 20) + dt.timedelta(days=turn * 7 % 330)
        else:
            day = self.load.today - dt.timedelta(days=turn % max(1, (self.load.today - dt.date(int(year), 1, 1)).days))
        hour = f"{8 + turn // 330 % 10:02d}:{turn % 4 * 15:02d}"
        return {"holder": code, "place": code, "date": day.isoformat(), "time": hour, "address": f"Зал {turn}"}

    def plan_meeting(self, year: str, turn: int) -> dict:
        values = self.meeting_values(year, turn)
        calendar = self.region["calendars"][year]
        key = f"{year}/{values['holder']}/{values['date']}/{values['time']}/{turn}"
        answer = self.ask(
            "meeting", key, lambda: self.program.api("POST", f"/api/v1/meetings/?calendar={calendar}", values)
        )
        return answer.json | {"key": key}

    def meeting(self, pk: int) -> dict:
        return self.look(f"/api/v1/meetings/{pk}/").json

    def change(self, what: str, meeting: dict, method: str, suffix: str, body: dict, there: dict) -> None:
        """Change a meeting at the version that it has now; it is done when the row shows `there`."""
        pk = meeting["id"]
        path = f"/api/v1/meetings/{pk}/{suffix}"
        self.ask(
            what,
            meeting["key"],
            lambda: self.program.api(method, path, body, self.meeting(pk)["version"]),
            there=lambda: there.items() <= self.meeting(pk).items(),
        )

    def edit(self, meeting: dict) -> None:
        body = {"remarks": f"Түзету {self.lap_number}"}
        self.change("edit", meeting, "PATCH", "", body, body)

    def announce(self, meeting: dict) -> None:
        body = {"on": self.load.today.isoformat(), "url": "https://akimat.example/news/1", "reason": "Кеш"}
        self.change("announce", meeting, "POST", "announce/", body, {"announced_on": body["on"]})

    def cancel(self, meeting: dict) -> None:
        self.change("cancel", meeting, "POST", "cancel/", {"reason": "Су тасқыны"}, {"state": "cancelled"})

    def hold_past_meeting(self, number: int) -> None:
        meeting = self.plan_meeting(self.this_year, number)
        body = {"on": meeting["date"], "attendance": 40}
        self.change("hold", meeting, "POST", "hold/", body, {"state": "held", "held_on": meeting["date"]})

    @property
    def approval(self) -> str:
        return f"/staff/calendar/approval/?unit={self.region['id']}&year={self.next_year}"

    @property
    def approval_form(self) -> str:
        return f"/staff/calendar/approval/approve/?unit={self.region['id']}&year={self.next_year}"

    def approval_fields(self, number: int) -> dict[str, str]:
        page = self.look(self.approval_form, self.approver)
        return {
            "order_number": f"{number + 1}-ө",
            "order_date": self.load.today.isoformat(),
            "reason": "Су тасқыны" if number else "",
            "seen_version": page.hidden("seen_version"),
            "idempotency_key": str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
        }

    def scan(self) -> dict:
        return {"scan": ("Order.pdf", PDF)}

    def be_refused(self, number: int) -> None:
        """Approve without the word on what is missing: everything is written and rolled back, no letter goes."""
        fields = self.approval_fields(number)
        self.ask(
            "refused approval",
            f"{self.next_year}/{number + 1}",
            lambda: self.approver.post(self.approval_form, fields, self.scan()),
            good=(422,),
        )

    def approve(self, number: int) -> int:
        fields = self.approval_fields(number) | {"holes_confirmed": "on"}
        kind = "calendar_corrected" if number else "calendar_approved"
        self.ask(
            "approve",
            f"{self.next_year}/{number + 1}",
            lambda: self.approver.post(self.approval_form, fields, self.scan()),
            expects=[[kind, address] for address in self.known_addresses()],
        )
        page = self.look(f"/api/v1/calendars/{self.region['calendars'][self.next_year]}/").json
        if [v["number"] for v in page["versions"]].count(number + 1) != 1:
            raise GaveUp(f"version {number + 1} is not there once: {page}")
        found = re.findall(r"/approval/versions/(\d+)/", self.look(self.approval, self.editor).text)
        return max(map(int, found))

    def known_addresses(self) -> list[str]:
        return [*self.region["mailboxes"], *(f"extra{n}-{self.region['code']}@akimat.example" for n in self.extras())]

    def extras(self) -> list[int]:
        """Laps whose `resend` has given the maslikhat one more mailbox; only the first few do."""
        return list(range(min(self.lap_number // 2, 2)))

    def acknowledge(self, number: int) -> None:
        """The first mailbox opens the newest letter and presses the button."""
        address = self.mailboxes[0]
        ends = time.monotonic() + LETTER_PATIENCE
        while len(links := self.load.letters.links_to(address)) <= number:
            if time.monotonic() > ends or self.load.broken:
                raise GaveUp(f"the letter about version {number + 1} never came to {address}")
            time.sleep(0.4)
        public = Browser(self.load.args.port)
        self.ask(
            "acknowledge",
            f"{self.next_year}/{number + 1}/{address}",
            lambda: public.post(f"/ack/{links[number]}", {"name": "Хатшы", "number": f"{number}"}),
            good=(200,),
        )

    def submit(self, version: int, number: int) -> None:
        fields = {"letter_number": f"{number}-х", "letter_date": self.load.today.isoformat()}
        self.ask(
            "submit",
            f"{self.next_year}/{number + 1}",
            lambda: self.editor.post(f"/staff/calendar/approval/versions/{version}/submit/", fields),
            good=(302,),
            expects=[["calendar_submitted", self.load.plan["government"]]],
        )
        found = re.findall(r"/approval/submissions/(\d+)/", self.look(self.approval, self.editor).text)
        pk = max(map(int, found))
        path = f"/staff/calendar/approval/submissions/{pk}/"
        lock = self.look(path, self.government).hidden("lock") or "1"
        self.ask(
            "accept",
            f"{self.next_year}/{number + 1}",
            lambda: self.government.post(f"{path}accept/", {"incoming_number": f"{number}-к", "lock": lock}),
            good=(302,),
            there=lambda: f"{number}-к" in self.look(path, self.government).text,
            expects=[["calendar_accepted", self.region[who]] for who in ("editor", "approver")],
        )

    def resend(self, version: int, number: int) -> None:
        """To a new address in the first laps; later once more to an address that has its letter."""
        address = f"extra{min(number // 2, 1)}-{self.region['code']}@akimat.example"
        fields = {"address": address, "language": "kk"}
        before = self.look(self.approval, self.editor).text.count(address)
        self.ask(
            "resend",
            f"{self.next_year}/{number + 1}/{address}",
            lambda: self.editor.post(f"/staff/calendar/approval/versions/{version}/resend/", fields),
            good=(302,),
            there=lambda: self.look(self.approval, self.editor).text.count(address) > before,
            expects=[["calendar_corrected" if number else "calendar_approved", address]],
        )

    def notify_now(self, version: int) -> None:
        """Everybody has his letter: nothing more is written."""
        self.ask(
            "notify",
            f"{self.next_year}/{version}",
            lambda: self.editor.post(f"/staff/calendar/approval/versions/{version}/notify/", {}),
            good=(302,),
        )

    def appoint(self, number: int) -> None:
        pk, _code = self.region["raion"]
        email = f"clerk{number}-{self.region['code']}@akimat.example"
        fields = {
            "email": email,
            "full_name": f"Маман {number}",
            "language": "kk",
            "role": "office_staff",
            "territory": str(pk),
            "valid_from": self.load.today.isoformat(),
        }
        query = urlencode({"q": email})
        self.ask(
            "appoint",
            email,
            lambda: self.approver.post("/staff/people/invite/", fields),
            good=(302,),
            there=lambda: email in self.look(f"/staff/people/?{query}", self.approver).text.replace(f'"{email}"', ""),
            expects=[["invitation", email]],
        )


class Operator(threading.Thread):
    """The administrator who looks after refused letters: what the relay refused by mistake goes out again."""

    def __init__(self, load: Load):
        super().__init__(daemon=True)
        self.load = load
        self.end = threading.Event()

    def run(self) -> None:
        browser = self.load.person(self.load.plan["administrator"])
        while not self.end.wait(4):
            self.round(browser)

    def round(self, browser: Browser) -> None:
        try:
            page = browser.get("/staff/mail/?state=failed").text
            for pk in dict.fromkeys(re.findall(r"/staff/mail/(\d+)/", page)):
                if any(name in browser.get(f"/staff/mail/{pk}/").text for name in ("nobody@", "poison-")):
                    continue
                if browser.post(f"/staff/mail/{pk}/retry/", {"reason": "Қайта"}).status == 302:
                    self.load.asked.write(phase="done", what="retry", key=pk, region="", lap=-1, troubles=[])
        except NO_ANSWER:
            pass


def sweep_for(load: Load, lap: int) -> None:
    """Sweep as of today, so that all facts are known, and as of the lap's later day (the timer's door)."""
    step = max(1, min(20, 420 * SWEPT_EVERY // load.total))
    day = load.today + dt.timedelta(days=step * (lap // SWEPT_EVERY + 1))
    about = {"region": "", "lap": lap, "what": "sweep", "key": day.isoformat()}
    load.asked.write(phase="asking", **about, expects=[])
    troubles: list[str] = []
    command = [sys.executable, "-m", "tests.faults.once", "sweep", f"sweep:{day}"]
    ends = time.monotonic() + LONGEST
    while True:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0 and "busy" not in done.stdout and "refused" not in done.stdout:
            break
        troubles.append((done.stdout + done.stderr)[-200:])
        if time.monotonic() > ends:
            raise GaveUp(f"the sweep for {day} never ran: {troubles[-1]}")
        time.sleep(BETWEEN_ATTEMPTS)
    load.asked.write(phase="done", **about, troubles=[text[-60:] for text in troubles])


def work(load: Load) -> None:
    actors = [Actor(load, number) for number in range(len(load.plan["regions"]))]
    operator = Operator(load)
    operator.start()

    def guarded(action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            load.broken.append(f"{type(error).__name__}: {error}")
            load.asked.write(phase="broken", what="load", key=traceback.format_exc()[-3000:])

    def together(actions: list[Callable[[], None]]) -> None:
        threads = [threading.Thread(target=guarded, args=(action,)) for action in actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    together([actor.log_in for actor in actors])
    for lap in range(load.total):
        if load.broken:
            break
        together([partial(actor.lap, lap) for actor in actors])
        if not load.broken and (lap % SWEPT_EVERY == SWEPT_EVERY - 1 or lap == load.total - 1):
            guarded(partial(sweep_for, load, lap))
    operator.end.set()
    operator.join(10)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--laps", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--asked", type=Path, required=True)
    parser.add_argument("--letters", type=Path, required=True)
    parser.add_argument("--pace", type=Path)
    load = Load(parser.parse_args())
    work(load)
    for trouble in load.broken:
        print(trouble, file=sys.stderr)
    return 1 if load.broken else 0


if __name__ == "__main__":
    sys.exit(main())
