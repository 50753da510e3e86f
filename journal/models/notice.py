"""The outbox: one row for one letter to one addressee, with everything that befell it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What stands in place of an address after its term; a domain that no mail is ever delivered to (RFC 2606).
FORGOTTEN = "@forgotten.invalid"


def told_briefly(address: str) -> str:
    """The first letter and the domain."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


class Notice(models.Model):
    """One e-mail to one addressee, and how far it got.

    ::

        pending → leased → dot → sent            250 seen and written down
           ↑        │       ├──→ pending/failed  4xx / 5xx seen: certainly not accepted
           │        │       └──→ doubtful        no answer: time-out, cut, killed
           └────────┘ lease over, dot never sent: certainly not accepted, free to repeat
        doubtful → sent (found in the relay's log) | pending (not found after the relay's delay)

    The text is rendered and stored when the row is made: what was promised is what is sent.
    All instants are UTC by the clock of the database.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("notice state", "Waiting")
        LEASED = "leased", pgettext_lazy("notice state", "Being sent")
        DOT = "dot", pgettext_lazy("notice state", "Being handed over")
        SENT = "sent", pgettext_lazy("notice state", "Accepted by the mail server")
        DOUBTFUL = "doubtful", pgettext_lazy("notice state", "In doubt")
        FAILED = "failed", pgettext_lazy("notice state", "Refused")
        HELD = "held", pgettext_lazy("notice state", "Put aside")
        CANCELLED = "cancelled", pgettext_lazy("notice state", "Cancelled")

    #: A worker has the row in hand.
    IN_HAND = (State.LEASED, State.DOT)
    #: Not yet decided: somebody or something still has to act.
    OPEN = (State.PENDING, State.LEASED, State.DOT, State.DOUBTFUL, State.HELD)

    class ResolvedBy(models.TextChoices):
        REPLY = "250", pgettext_lazy("notice settled by", "answer of the mail server")
        LOG = "log", pgettext_lazy("notice settled by", "log of the mail server")
        RESEND = "resend", pgettext_lazy("notice settled by", "sent again, may have arrived twice")

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject_version = models.PositiveIntegerField(default=0)
    recipient_email = models.CharField(_("addressee"), max_length=254)
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject line"), max_length=500)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    message_id = models.CharField(max_length=200, unique=True)
    scope_path = models.CharField(max_length=200, blank=True, db_index=True)
    #: Links in the text act for their reader: masked on pages, and in the row once it is delivered.
    confidential = models.BooleanField(default=False)

    priority = models.SmallIntegerField(default=5)
    earliest_day = models.DateField(null=True)
    state = models.CharField(_("delivery"), max_length=10, choices=State, default=State.PENDING)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    #: None: at once. Set by the clock of the database, like every lease.
    next_try = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("written"), default=timezone.now, db_index=True)
    dot_at = models.DateTimeField(null=True)
    doubtful_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("accepted"), null=True)
    resolved_by = models.CharField(max_length=10, choices=ResolvedBy, blank=True)
    last_reply = models.TextField(_("last answer of the mail server"), blank=True)
    #: Its fact has ended while a worker had it or it was in doubt: if it turns out not to have left, it does not.
    called_back_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(_("came back"), null=True)
    bounce_text = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "subject_version", "recipient_email", "kind"],
                name="one_notice_per_fact_and_addressee",
            )
        ]
        indexes = [
            models.Index(fields=["priority", "id"], condition=models.Q(state="pending"), name="notice_to_send"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["leased", "dot", "doubtful"]),
                name="notice_in_hand",
            ),
        ]

    def __str__(self) -> str:
        # This goes into the journal, which forgets nothing: an address of a citizen is told by its ends alone.
        return f"{told_briefly(self.recipient_email) if self.confidential else self.recipient_email}: {self.subject}"

    @property
    def is_forgotten(self) -> bool:
        """The address was deleted after its term."""
        return self.recipient_email.endswith(FORGOTTEN)


class Content(models.Model):
    """Bytes of an attachment, kept once however many letters carry them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class NoticeFile(models.Model):
    """One attachment of one letter."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=120)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["notice", "position"], name="one_file_per_position")]

    def __str__(self) -> str:
        return self.name


class NoticeAttempt(models.Model):
    """What was tried with a letter and what came of it: the history that the office reads."""

    class Outcome(models.TextChoices):
        SENT = "sent", pgettext_lazy("attempt", "accepted")
        RETRY = "retry", pgettext_lazy("attempt", "will be tried again")
        FAILED = "failed", pgettext_lazy("attempt", "refused for good")
        DOUBTFUL = "doubtful", pgettext_lazy("attempt", "no answer: in doubt")
        FENCED = "fenced", pgettext_lazy("attempt", "stopped: the worker had been asleep")
        EXPIRED = "expired", pgettext_lazy("attempt", "the worker vanished before the letter was handed over")
        FOUND = "found", pgettext_lazy("attempt", "found in the log of the mail server: accepted")
        ABSENT = "absent", pgettext_lazy("attempt", "not in the log of the mail server: sent again")
        RESENT = "resent", pgettext_lazy("attempt", "sent again without knowing: may arrive twice")
        BOUNCED = "bounced", pgettext_lazy("attempt", "came back")
        DELAYED = "delayed", pgettext_lazy("attempt", "delayed on its way")
        MANUAL = "manual", pgettext_lazy("attempt", "changed by hand")
        CALLED_BACK = "recalled", pgettext_lazy("attempt", "its reason had ended: not sent")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="history")
    at = models.DateTimeField(default=timezone.now)
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=100, blank=True)
    step = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reply = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.number} {self.outcome}"
