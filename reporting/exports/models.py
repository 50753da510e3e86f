"""What was taken out of the program: by whom, what of it, and the file as long as it is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ExportState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("state of an export", "Waits for its turn")
    RUNNING = "running", pgettext_lazy("state of an export", "Being written")
    DONE = "done", pgettext_lazy("state of an export", "Ready")
    FAILED = "failed", pgettext_lazy("state of an export", "Not written")
    CANCELLED = "cancelled", pgettext_lazy("state of an export", "Cancelled")


#: States in which somebody still waits for the file.
OPEN = (ExportState.QUEUED, ExportState.RUNNING)


class ExportQuerySet(models.QuerySet["ExportJob"]):
    def visible_to(self, who) -> ExportQuerySet:
        """One's own, under the post that one acts under; nobody else's, whoever he is."""
        if not who.may_enter:
            return self.none()
        if who.system:
            return self
        return self.filter(asked_by=who.user, asked_under=who.post)


class ExportJob(models.Model):
    """One summary asked for. The row stays for ever, its file for thirty days.

    `lease_until`: a worker has it in hand until then; a job whose lease ran out is taken up by the next.
    `progress` counts rows, `expected` is how many there may be, as far as it was known beforehand.
    """

    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    unit = models.ForeignKey("territories.Territory", models.PROTECT, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=4)
    form = models.CharField(_("format"), max_length=4)
    filters = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_under = models.ForeignKey("territories.Post", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    #: In which language the person is told why something failed.
    told_in = models.CharField(max_length=2, default="kk")
    state = models.CharField(_("state"), max_length=9, choices=ExportState, default=ExportState.QUEUED)
    progress = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    fault = models.TextField(blank=True)
    file = models.FileField(upload_to="exports/", blank=True, max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    kept_until = models.DateField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Made by the program that asked: the same request twice is one job.
    client_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULLs do not collide

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.UniqueConstraint(fields=["asked_under", "client_key"], name="one_export_per_request"),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_of_person"),
            models.Index(fields=["kept_until"], name="export_kept", condition=~models.Q(file="")),
            models.Index(fields=["lease_until"], name="export_waiting", condition=models.Q(state__in=OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int | None:
        """Whole percents written; None while it is not known how much there is."""
        return min(99, self.progress * 100 // self.expected) if self.expected else None
