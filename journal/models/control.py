"""Signs of life, and the one switch of all outgoing mail."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """The last time that a sweep finished, written with its work: the sign of life is the effect."""

    name = models.CharField(max_length=60, unique=True)
    finished_at = models.DateTimeField(default=timezone.now)
    did = models.JSONField(default=dict)
    version = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name} {self.finished_at:%Y-%m-%d %H:%M:%S}"


class OutboxControl(models.Model):
    """One row: is mail held back, does this database belong to this installation, is the relay resting.

    `epoch` must equal the word kept beside the application; a database restored from a back-up
    carries the old one and sends nothing until somebody reconciles and releases.
    """

    ONLY = 1

    held = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    held_at = models.DateTimeField(null=True)
    #: True if the clock gate held the mail; then a steady hour releases it by itself.
    held_by_clock = models.BooleanField(default=False)
    epoch = models.CharField(max_length=64, blank=True)
    clock_seen = models.DateTimeField(null=True)
    #: Somebody has looked at the letters that were refused until then.
    failures_seen_at = models.DateTimeField(null=True)
    relay = models.CharField(max_length=255, blank=True)
    relay_resting_until = models.DateTimeField(null=True)
    relay_faults = models.PositiveIntegerField(default=0)
    relay_reply = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_outbox_control")]

    def __str__(self) -> str:
        return "held" if self.held else "open"
