"""What became of a promise: progress, new days asked for, closing with proof, dispute by the asker."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class ProgressKind(models.TextChoices):
    IN_WORK = "in_work", pgettext_lazy("progress", "in work")
    DONE = "done", pgettext_lazy("progress", "done")
    EXPLAINED = "explained", pgettext_lazy("progress", "explained")


class OfItemQuerySet(EvidenceQuerySet):
    def shared_with(self, who):
        """An executor reads what belongs to his own items."""
        return self.filter(item__executor=who.post) if who.role == "executor" else self.none()


class Progress(Scoped, Kept, Evidence):
    """One step told by the executor or the office. Never edited: a mistake is answered by the next row."""

    item = models.ForeignKey("issues.PlanItem", models.PROTECT, related_name="progress")
    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="progress")
    kind = models.CharField(_("kind"), max_length=10, choices=ProgressKind)
    on = models.DateField(_("day"))
    text = models.TextField(_("what was done"), max_length=5000)
    files = models.ManyToManyField("issues.StoredFile", related_name="progress", blank=True)
    #: The office has read it and lets the public page show it.
    public = models.BooleanField(_("shown to everybody"), default=False)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        indexes = [models.Index(fields=["issue", "-on"], name="progress_issue_day")]


class ChangeState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("request for a new day", "asked")
    GRANTED = "granted", pgettext_lazy("request for a new day", "granted")
    REFUSED = "refused", pgettext_lazy("request for a new day", "refused")


class DueChange(Scoped, Kept, Evidence):
    """A new day asked for an item. Granted rows are the slips; a decided row is never changed and never removed."""

    item = models.ForeignKey("issues.PlanItem", models.PROTECT, related_name="due_changes")
    was = models.DateField(_("day promised until then"))
    to = models.DateField(_("day asked for"))
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(_("state"), max_length=8, choices=ChangeState, default=ChangeState.ASKED)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.TextField(_("words of the decision"), blank=True, max_length=2000)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request for a new day")
        verbose_name_plural = _("requests for a new day")
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(state="asked"), name="one_open_request_per_item"),
            models.CheckConstraint(condition=~Q(reason=""), name="new_day_has_a_reason"),
            models.CheckConstraint(condition=Q(state="asked") | Q(decided_on__isnull=False), name="decision_has_a_day"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(decision=""), name="refused_day_has_a_reason"),
        ]


class Escalation(Scoped, Evidence):
    """A measure passed its promised day, and the superior was told: the office `above`, or the Government."""

    item = models.ForeignKey("issues.PlanItem", models.PROTECT, related_name="escalations")
    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="escalations")
    due_on = models.DateField(_("promised day"))
    told_on = models.DateField(_("told on"))
    above = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("telling the superior")
        verbose_name_plural = _("tellings to superiors")
        constraints = [models.UniqueConstraint(fields=["item", "due_on"], name="one_escalation_per_day")]

    def __str__(self) -> str:
        return f"{self.item_id}, {self.due_on}"


class ClosingKind(models.TextChoices):
    """Three ends, never one number: "explained" is not "done"."""

    DONE = "done", pgettext_lazy("how an issue ended", "done")
    EXPLAINED = "explained", pgettext_lazy("how an issue ended", "explained")
    DECLINED = "declined", pgettext_lazy("how an issue ended", "cannot be done")


class Closing(Scoped, Kept, Evidence):
    """The office confirms the end of an issue, with the proof that its topic asks for. Reopened, the row stays."""

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="closings")
    kind = models.CharField(_("outcome"), max_length=10, choices=ClosingKind)
    on = models.DateField(_("day"))
    text_kk = models.TextField(_("text in Kazakh"), max_length=3000, blank=True)
    text_ru = models.TextField(_("text in Russian"), max_length=3000, blank=True)
    files = models.ManyToManyField("issues.StoredFile", related_name="closings", blank=True)
    reopened_on = models.DateField(null=True, blank=True)
    reopened_reason = models.TextField(blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("closing")
        verbose_name_plural = _("closings")
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(reopened_on=None), name="one_living_closing_per_issue"
            )
        ]


class DisputeState(models.TextChoices):
    OPEN = "open", pgettext_lazy("dispute", "to be looked at")
    ACCEPTED = "accepted", pgettext_lazy("dispute", "issue opened again")
    REFUSED = "refused", pgettext_lazy("dispute", "not accepted")


class Dispute(Scoped, Kept, Evidence):
    """An asker says that a closed issue is not solved. It reopens the issue with its old days."""

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="disputes")
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="disputes")
    request = models.ForeignKey("issues.Request", models.PROTECT, null=True, blank=True, related_name="disputes")
    on = models.DateField(_("day"))
    text = models.TextField(_("what is not solved"), max_length=3000)
    state = models.CharField(_("state"), max_length=8, choices=DisputeState, default=DisputeState.ACCEPTED)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [models.UniqueConstraint(fields=["closing", "request"], name="one_dispute_per_asker")]
