"""Background work that failed, kept for the operator until he has looked at it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TaskFailure(models.Model):
    """One way in which a task fails: the same task with the same arguments and error is one row that counts.

    `trace` holds lines of the program, never values; `request_id` is that of the request which asked for the work,
    empty for the timetable's. Instants are UTC.
    """

    task = models.CharField(_("task"), max_length=120)
    task_id = models.CharField(max_length=64, blank=True)
    arguments = models.JSONField(default=list)
    error = models.CharField(_("error"), max_length=300)
    trace = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    #: An administrator asked for it again, or has looked at it; a new failure is then a new row.
    settled_at = models.DateTimeField(null=True)
    retried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "arguments", "error"],
                condition=models.Q(settled_at=None),
                name="one_open_row_a_failure",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.last_at:%Y-%m-%d %H:%M:%S}"
