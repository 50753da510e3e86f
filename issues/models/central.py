"""Issues of central level: routed to a body with a proposal, answered, listed (826-5.2, 5.3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class RouteState(models.TextChoices):
    SENT = "sent", pgettext_lazy("routing", "sent")
    ANSWERED = "answered", pgettext_lazy("routing", "answered")
    RETURNED = "returned", pgettext_lazy("routing", "returned: not of this body")


class CentralQuerySet(EvidenceQuerySet):
    def shared_with(self, who):
        """A body reads what was routed to it; the Government and the Administration the whole country."""
        if who.role == "central_body":
            return self.filter(organisation=who.post.organisation_id)
        return self if who.role in ("government", "administration") else self.none()


class CentralRouting(Scoped, Kept, Evidence):
    """An issue routed to one body, holding or company: a dated link of a chain; the same issue may have several."""

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="routings")
    organisation = models.ForeignKey(
        "territories.Organisation", models.PROTECT, related_name="routed_issues", verbose_name=_("body")
    )
    proposal_kk = models.TextField(_("proposal for solving in Kazakh"), max_length=3000, blank=True)
    proposal_ru = models.TextField(_("proposal for solving in Russian"), max_length=3000, blank=True)
    sent_on = models.DateField(_("sent on"))
    letter_number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=RouteState, default=RouteState.SENT)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer_number = models.CharField(_("number of the answer"), max_length=60, blank=True)
    answer_kk = models.TextField(_("answer in Kazakh"), max_length=5000, blank=True)
    answer_ru = models.TextField(_("answer in Russian"), max_length=5000, blank=True)
    file = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = CentralQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_on", "-pk"]
        verbose_name = _("routing to a central body")
        verbose_name_plural = _("routings to central bodies")
        constraints = [
            models.CheckConstraint(condition=~Q(proposal_kk="") | ~Q(proposal_ru=""), name="routing_has_a_proposal"),
            models.CheckConstraint(
                condition=Q(state="sent") | (Q(answered_on__isnull=False) & (~Q(answer_kk="") | ~Q(answer_ru=""))),
                name="answer_has_day_and_words",
            ),
            models.UniqueConstraint(
                fields=["issue", "organisation"], condition=Q(state="sent"), name="one_open_routing_per_body"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="routing_organisation")]

    def __str__(self) -> str:
        return f"{self.issue} → {self.organisation}"


class CourseUpdate(models.Model):
    """Way of solution and course of execution, as the body's list shows them in a quarter (826-5.3.h2, h3)."""

    routing = models.ForeignKey(CentralRouting, models.PROTECT, related_name="courses")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    on = models.DateField(_("day"))
    way_kk = models.TextField(_("way of solution in Kazakh"), max_length=3000, blank=True)
    way_ru = models.TextField(_("way of solution in Russian"), max_length=3000, blank=True)
    course_kk = models.TextField(_("course in Kazakh"), max_length=3000, blank=True)
    course_ru = models.TextField(_("course in Russian"), max_length=3000, blank=True)
    by = models.ForeignKey("territories.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-year", "-quarter", "-pk"]
        indexes = [models.Index(fields=["routing", "year", "quarter"], name="course_routing")]
