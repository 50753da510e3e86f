"""What somebody above the office, or the Government's reviewer, remarks on an issue."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .scoped import Evidence, EvidenceQuerySet, Scoped


class IssueRemarkQuerySet(EvidenceQuerySet):
    def shared_with(self, who):
        """The Government reads what its reviewers have remarked."""
        return self.filter(by_government=True) if who.role == "government" else self.none()


class IssueRemark(Scoped, Evidence):
    """A remark on an issue as it stood at `issue_version`; it stays, and the office reads it on the issue's page."""

    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="remarks")
    issue_version = models.PositiveIntegerField()
    text = models.TextField(_("remark"), max_length=2000)
    by_government = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: The post under which it was written, in words.
    written_as = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = IssueRemarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("remark on an issue")
        verbose_name_plural = _("remarks on issues")
        constraints = [
            models.UniqueConstraint(fields=["issue", "text", "written_by"], name="one_remark_of_these_words")
        ]
