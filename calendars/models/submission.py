"""Where an approved version went: to the maslikhat by mail, to the Government for review."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MaslikhatNoticeQuerySet(models.QuerySet["MaslikhatNotice"]):
    def visible_to(self, who) -> "MaslikhatNoticeQuerySet":
        """The region sees all that it sent; a maslikhat what was sent to it; the administrator everything."""
        if not who.may_enter:
            return self.none()
        if who.role == "maslikhat":
            return self.filter(maslikhat__territory=who.territory)
        if who.role in ("region_editor", "region_approver"):
            return self.filter(version__calendar__region=who.territory)
        return self if who.system or who.is_administrator else self.none()


class MaslikhatNotice(models.Model):
    """Notification of the maslikhat about one version (826-2.1.h3, f2) and its acknowledgement.

    The link is single purpose, bound to the version and expires; opening it changes nothing,
    only the button does. Of the secret only the digest is kept. A letter that is sent again to
    the same address is a new row with the next `issue`; the older link is revoked.
    """

    version = models.ForeignKey("calendars.CalendarVersion", models.PROTECT, related_name="notices")
    maslikhat = models.ForeignKey("territories.Organisation", models.PROTECT, related_name="+")
    mailbox = models.ForeignKey("territories.Mailbox", models.SET_NULL, null=True, related_name="+")
    address = models.EmailField()
    issue = models.PositiveSmallIntegerField(default=1)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    notice = models.ForeignKey("journal.Notice", models.PROTECT, null=True, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_name = models.CharField(max_length=200, blank=True)
    acknowledged_number = models.CharField(_("incoming number"), max_length=60, blank=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    acknowledged_from = models.CharField(max_length=45, blank=True)

    objects = MaslikhatNoticeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "address", "issue"], name="one_maslikhat_notice_per_issue")
        ]


class SubmissionState(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("submission state", "Submitted")
    ACCEPTED = "accepted", pgettext_lazy("submission state", "Accepted")
    RETURNED = "returned", pgettext_lazy("submission state", "Returned with remarks")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, who) -> "SubmissionQuerySet":
        """The region sees its own, the Government and the Administration all of them."""
        if not who.may_enter or who.role in ("executor", "central_body", "information_body", "maslikhat"):
            return self.none()
        if who.role == "administration":
            return self.exclude(state=SubmissionState.RETURNED)
        if who.is_national:
            return self
        if who.territory is None:
            return self.none()
        return self.filter(version__calendar__region_id=who.territory.region_id or who.territory.pk)


class Submission(models.Model):
    """An approved version sent to the Government (826-2.2.h1), and what the Government said."""

    version = models.ForeignKey("calendars.CalendarVersion", models.PROTECT, related_name="submissions")
    letter_number = models.CharField(_("number of the letter"), max_length=60)
    letter_date = models.DateField(_("date of the letter"))
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=SubmissionState, default=SubmissionState.SUBMITTED)
    incoming_number = models.CharField(_("incoming number"), max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decision_text = models.TextField(_("remarks"), blank=True)
    lock = models.PositiveIntegerField(default=1)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=models.Q(state="submitted"),
                name="one_open_submission_per_version",
            )
        ]


class SubmissionRemark(models.Model):
    """A remark of the Government bound to a row of the submitted version."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="remarks")
    row = models.ForeignKey("calendars.VersionRow", models.PROTECT, null=True, related_name="remarks")
    text = models.TextField(_("remark"), max_length=2000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_text = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
