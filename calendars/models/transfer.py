"""Workbooks on their way in, and secret addresses of feeds on their way out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    READING = "reading", pgettext_lazy("import state", "Being read")
    WRONG = "wrong", pgettext_lazy("import state", "Has errors")
    READY = "ready", pgettext_lazy("import state", "Ready to be taken over")
    DONE = "done", pgettext_lazy("import state", "Taken over")
    FAILED = "failed", pgettext_lazy("import state", "Could not be read")
    DROPPED = "dropped", pgettext_lazy("import state", "Given up")


#: States in which the file still waits for the person's word.
OPEN_IMPORTS = (ImportState.READING, ImportState.WRONG, ImportState.READY)


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, who) -> "ImportJobQuerySet":
        """One's own imports for the region's calendars; the staff of the region sees all of them."""
        if not who.may_enter:
            return self.none()
        if who.system or who.is_administrator:
            return self
        if who.territory is None or who.user is None:
            return self.none()
        here = self.filter(calendar__region_id=who.territory.region_id or who.territory.pk)
        if who.territory.region_id is None and who.role in ("region_editor", "region_approver"):
            return here
        return here.filter(created_by=who.user)


class ImportJob(models.Model):
    """A workbook with its preview; nothing of it is in the calendar until it is `DONE`, then all is.

    `rows` is the plan by sheet row, `findings` what the reader is told, `facts` how the file was read.
    `lease_until`: a worker has it in hand until then; a job whose lease ran out is taken up by the next.
    """

    calendar = models.ForeignKey("calendars.Calendar", models.CASCADE, related_name="imports")
    file = models.FileField(upload_to="imports/%Y/")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.READING)
    progress = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    #: Codes of findings whose proposed readings the person has agreed to.
    accepted = models.JSONField(default=list)
    calendar_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: Under which post the file came; reading and writing are done in its name and scope.
    created_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: What undoes it, once it is done.
    step = models.ForeignKey("calendars.Step", models.SET_NULL, null=True, related_name="+")

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "sha256"],
                condition=models.Q(state="done"),
                name="one_import_per_file",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def content(self) -> bytes:
        """What was brought. Raises FileNotFoundError once it is gone, after its term at the latest."""
        if not self.file:
            raise FileNotFoundError(self.file_name)
        with self.file.open("rb") as opened:
            return opened.read()


class FeedLink(models.Model):
    """A secret address of an iCalendar feed of one unit; it dies with the post or by revocation."""

    post = models.ForeignKey("territories.Post", models.CASCADE, related_name="feeds")
    territory = models.ForeignKey("territories.Territory", models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
