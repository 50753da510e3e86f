"""The personal reception of citizens after a meeting, an event of its own (826-3.5.a)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class ReceptionCategory(models.TextChoices):
    """List L-3: with whom a reception is held."""

    EXECUTIVE = "executive", pgettext_lazy("at the reception", "heads of local executive bodies")
    PROSECUTOR = "prosecutor", pgettext_lazy("at the reception", "heads of prosecutor's bodies")
    POLICE = "police", pgettext_lazy("at the reception", "heads of internal affairs bodies")
    DEPUTIES = "deputies", pgettext_lazy("at the reception", "deputies of the maslikhat")
    COUNCIL = "council", pgettext_lazy("at the reception", "members of public councils")
    INTELLIGENTSIA = "intelligentsia", pgettext_lazy("at the reception", "local intelligentsia")


class Reception(Scoped, Kept, Evidence):
    """A reception of one or several days after a meeting. Its last day moves the ten-day clock (A-06)."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="receptions")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    address = models.CharField(_("hall and address"), max_length=300, blank=True)
    citizens = models.PositiveIntegerField(_("citizens received"))
    note = models.TextField(_("note"), blank=True, max_length=2000)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-pk"]
        verbose_name = _("personal reception")
        verbose_name_plural = _("personal receptions")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="reception_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["meeting", "ends_on"], name="reception_meeting_end")]

    def __str__(self) -> str:
        return f"{self.ends_on:%d.%m.%Y} {self.unit}"


class ReceptionParticipant(models.Model):
    """One category of L-3: how many were invited and came, or why none did."""

    reception = models.ForeignKey(Reception, models.CASCADE, related_name="participants")
    category = models.CharField(_("category"), max_length=14, choices=ReceptionCategory)
    invited = models.PositiveIntegerField(_("invited"), default=0)
    present = models.PositiveIntegerField(_("present"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reception", "category"], name="one_row_per_participant")]
