"""`manage.py outbox WORD`: the operator's hand on outgoing mail."""

import json

from django.core.management.base import BaseCommand, CommandError

from journal import services
from journal.actors import Actor
from journal.addresses import NoticeRefused
from journal.models import Notice
from journal.queries import outbox_health
from journal.relay_log import LogUnreadable

OPERATOR = Actor.system("outbox (command line)")


class Command(BaseCommand):
    help = "Look at outgoing mail, hold and release it, reconcile it with the relay's log, retry letters."

    def add_arguments(self, parser):
        words = parser.add_subparsers(dest="word", required=True)
        status = words.add_parser("status", help="how the outbox stands")
        hold = words.add_parser("hold", help="no letter leaves until release (before and after a restore)")
        hold.add_argument("--reason", default="held from the command line")
        release = words.add_parser("release", help="let mail go")
        reconcile = words.add_parser(
            "reconcile", help="ask the relay's log which unsent letters it has taken; print the rest"
        )
        retry = words.add_parser("retry", help="send refused, doubtful or put aside letters now")
        retry.add_argument("ids", nargs="*", type=int, metavar="ID")
        retry.add_argument("--all-failed", action="store_true", help="every refused letter")
        for word in (status, hold, release, reconcile, retry):
            word.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, word, **options):
        getattr(self, word)(**options)

    def tell(self, format: str, text: str, **data) -> None:
        self.stdout.write(json.dumps(data, default=str, ensure_ascii=False) if format == "json" else text)

    def status(self, *, format, **options):
        health = outbox_health().as_dict()
        self.tell(format, "\n".join(f"{name}: {value}" for name, value in health.items()), **health)

    def hold(self, *, reason, format, **options):
        services.hold(by=OPERATOR, reason=reason)
        self.tell(format, f"Mail is held: {reason}", held=True)

    def release(self, *, format, **options):
        services.release(by=OPERATOR)
        self.tell(format, "Mail leaves again.", held=False)

    def reconcile(self, *, format, **options):
        try:
            counts = services.reconcile(by=OPERATOR)
        except LogUnreadable as error:
            raise CommandError(f"The relay's log cannot be read: {error}. Set OUTBOX_RELAY_LOG.") from error
        except ValueError as error:
            raise CommandError(
                "No relay's log is configured, so nothing can be asked. "
                "Set OUTBOX_RELAY_LOG and OUTBOX_DOUBT=reconcile, or compare by hand and release."
            ) from error
        rest = list(Notice.objects.filter(state__in=Notice.OPEN).values("pk", "recipient_email", "subject", "state"))
        lines = [f"{row['pk']} {row['state']} {row['recipient_email']} {row['subject']}" for row in rest]
        text = "\n".join([f"found in the log: {counts['found']}; remaining: {counts['remaining']}", *lines])
        self.tell(format, text, found=counts["found"], remaining=rest)

    def retry(self, *, ids, all_failed, format, **options):
        notices = list(
            Notice.objects.filter(state=Notice.State.FAILED) if all_failed else Notice.objects.filter(pk__in=ids)
        )
        missing = set(ids) - {notice.pk for notice in notices}
        if missing or not (ids or all_failed):
            numbers = ", ".join(map(str, sorted(missing))) or "none given"
            raise CommandError(f"No such letters: {numbers}. Give ids as `outbox status` or the page shows them.")
        try:
            for notice in notices:
                services.retry(notice, by=OPERATOR)
        except NoticeRefused as refusal:
            raise CommandError(f"Letter {notice.pk}: {refusal.messages[0]}") from refusal
        self.tell(format, f"{len(notices)} letters go out with the next round.", retried=len(notices))
