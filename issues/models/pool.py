"""The pool of problem issues of a meeting, frozen with its date before the meeting (826-3.4.a3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class PoolVersion(Scoped, Kept, Evidence):
    """One frozen pool. `sources` counts the requests of each source, zeros too (826-3.4.b3)."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="pools")
    number = models.PositiveSmallIntegerField()
    frozen_on = models.DateField(_("frozen on"))
    analysis = models.TextField(_("analysis of the requests"), blank=True, max_length=10000)
    sources = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "-number"]
        verbose_name = _("pool of problem issues")
        verbose_name_plural = _("pools of problem issues")
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_pool_per_number")]


class PoolRow(models.Model):
    """An issue as it stood in the pool; later changes of the issue do not reach it."""

    pool = models.ForeignKey(PoolVersion, models.PROTECT, related_name="rows")
    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    text_kk = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    topic = models.ForeignKey("issues.Topic", models.PROTECT, null=True, related_name="+")
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["pool", "issue"], name="one_pool_row_per_issue")]


class PoolDraft(Scoped, Kept):
    """The order of a pool that is being made: ids of issues as they were put, and those that were left out."""

    meeting = models.OneToOneField("calendars.Meeting", models.PROTECT, related_name="pool_draft")
    order = models.JSONField(default=list, blank=True)
    left_out = models.JSONField(default=list, blank=True)
    analysis = models.TextField(_("analysis of the requests"), blank=True, max_length=10000)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("pool that is being made")
        verbose_name_plural = _("pools that are being made")
