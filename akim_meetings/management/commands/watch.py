"""The dead man's switch: run by the timer of the system, it tells the operator without any part of the program's own
machinery: no outbox, no Celery, no Redis, and of the database only what it looks at."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from akim_meetings import readiness
from journal.conf import outbox

#: Patience with the mail server and with the outside address, in seconds.
PATIENCE = 15


class Command(BaseCommand):
    help = (
        "Look whether everything works; mail the operator directly when something does not, ping outside when it does."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--to", nargs="*", default=settings.OPERATOR_EMAILS, help="addresses of the operator")
        parser.add_argument("--ping", default=settings.WATCH_PING_URL, help="asked while all is well, silent when not")
        parser.add_argument(
            "--again-after", type=int, default=3600, help="seconds before the same findings are mailed again"
        )
        parser.add_argument("--language", choices=["kk", "ru", "en"], default=settings.LANGUAGE_CODE)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, to, ping, again_after, language, format, **options) -> None:
        found = readiness.findings()
        told = self.tell(found, to, again_after, language)
        pinged = not found and bool(ping) and self.ping(ping)
        if format == "json":
            self.stdout.write(json.dumps({"wrong": found, "mailed": told, "pinged": pinged}))
        else:
            with translation.override(language):
                for name in found:
                    self.stdout.write(f"{name}: {readiness.WORDS[name]}")
        if found:
            raise CommandError(f"wrong: {', '.join(found)}")

    def tell(self, found: list[str], to: list[str], again_after: int, language: str) -> bool:
        """Mail what is wrong, once for the same findings within `again_after`; and once when all is well again."""
        before = self.remembered()
        same = before.get("wrong", []) == found
        age = timezone.now().timestamp() - before.get("at", 0)
        if (same and (not found or age < again_after)) or (not found and not before):
            return False
        sent = bool(to) and self.mail(found, to, language)
        if sent or not to:
            self.remember({"wrong": found, "at": timezone.now().timestamp()})
        return sent

    def mail(self, found: list[str], to: list[str], language: str) -> bool:
        conf = outbox()
        message = EmailMessage()
        with translation.override(language):
            message["Subject"] = (
                _("Something stands still: %(names)s") % {"names": ", ".join(found)}
                if found
                else _("All is well again")
            )
            lines = [f"* {readiness.WORDS[name]}" for name in found] or [_("Everything that stood still works again.")]
            message.set_content("\n".join([settings.SITE_URL, "", *lines, ""]))
        message["From"], message["To"] = conf.sender, ", ".join(to)
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=conf.domain)
        if conf.transport != "smtp":
            self.stderr.write("No mail server is set (EMAIL_URL); what is wrong is printed only.")
            return False
        try:
            context = ssl.create_default_context(cafile=conf.ca_file or None)
            if conf.tls == "ssl":
                server: smtplib.SMTP = smtplib.SMTP_SSL(conf.host, conf.port, timeout=PATIENCE, context=context)
            else:
                server = smtplib.SMTP(conf.host, conf.port, timeout=PATIENCE)
            with server:
                if conf.tls == "starttls":
                    server.starttls(context=context)
                if conf.user:
                    server.login(conf.user, conf.password)
                server.send_message(message, from_addr=conf.return_to)
        except (OSError, smtplib.SMTPException) as error:
            self.stderr.write(f"The operator could not be told by mail: {error}")
            return False
        return True

    def ping(self, address: str) -> bool:
        """Tell the outside that all is well; its silence is the alarm. Only http and https are asked."""
        if not address.startswith(("https://", "http://")):
            self.stderr.write(f"{address!r} is no address to ping; give one that begins with https://.")
            return False
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status < 400
        except (OSError, urllib.error.URLError) as error:
            self.stderr.write(f"{address} was not reached: {error}")
            return False

    @property
    def memory(self) -> Path:
        return settings.VAR / "watch.json"

    def remembered(self) -> dict:
        try:
            return json.loads(self.memory.read_text())
        except (OSError, ValueError):
            return {}

    def remember(self, what: dict) -> None:
        try:
            self.memory.write_text(json.dumps(what))
        except OSError as error:
            self.stderr.write(f"{self.memory} cannot be written: {error}")
