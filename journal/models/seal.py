"""Seals: what makes a later change of the journal visible to everybody who kept one number."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Seal(models.Model):
    """A run of entries that follow one another, bound to all before them by a hash.

    `sha256` is what remains after the last entry of the run was taken in; the first seal begins from `START`. Seals
    are added, never changed. Whoever keeps one hash (it is in the mail of each submission and on the sheet "Sources"
    of each summary) can prove later that no entry before it was changed, removed or slipped in.
    """

    START = "0" * 64

    first = models.BigIntegerField(unique=True)
    last = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(_("hash"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seal of the journal")
        verbose_name_plural = _("seals of the journal")

    def __str__(self) -> str:
        return f"{self.last} {self.sha256}"
