"""What was published after a meeting and each quarter: frozen, place by place, with copy and hash (826-3.5.c, d)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from territories.zones import civil

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class What(models.TextChoices):
    """List L-6: the three parts of the ten-day publication, in the order of 826-3.5.c1–c3."""

    RESULTS = "results", pgettext_lazy("what is published", "information on the results")
    LIST = "list", pgettext_lazy("what is published", "list of problem issues")
    PLAN = "plan", pgettext_lazy("what is published", "action plan")


class PublishedVersion(Scoped, Kept, Evidence):
    """One of the three documents of a meeting as published, frozen. A later change is the next number beside it."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="published")
    what = models.CharField(_("what"), max_length=8, choices=What)
    number = models.PositiveSmallIntegerField()
    data = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(_("reason of the change"), blank=True, max_length=2000)
    plan_version = models.ForeignKey("issues.PlanVersion", models.PROTECT, null=True, blank=True, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "what", "-number"]
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "what", "number"], name="one_published_version_per_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="republication_has_a_reason"),
        ]


class QuarterState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quarterly report", "draft")
    FROZEN = "frozen", pgettext_lazy("quarterly report", "frozen")


class QuarterlyReport(Scoped, Kept):
    """Information of an office on the progress of its issues for a quarter (826-3.5.d1, A-15).

    Frozen, it is never changed; what must change is the next number with a reason. `nil`: no issue ever.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=8, choices=QuarterState, default=QuarterState.DRAFT)
    nil = models.BooleanField(_("no issues in the quarter"), default=False)
    text_kk = models.TextField(_("text in Kazakh"), blank=True, max_length=10000)
    text_ru = models.TextField(_("text in Russian"), blank=True, max_length=10000)
    reason = models.TextField(_("reason of the change"), blank=True, max_length=2000)
    frozen_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-year", "-quarter", "-number"]
        verbose_name = _("quarterly information")
        verbose_name_plural = _("quarterly information")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "quarter", "number"], name="one_quarterly_per_number"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="quarter_is_one_to_four"),
            models.CheckConstraint(condition=Q(state="draft") | Q(frozen_at__isnull=False), name="frozen_has_its_time"),
        ]
        indexes = [models.Index(fields=["region", "year", "quarter"], name="quarterly_region")]

    def __str__(self) -> str:
        return self.period

    @property
    def period(self) -> str:
        """The code of `law.periods`: "2027-Q1"."""
        return f"{self.year}-Q{self.quarter}"


class QuarterlyRow(models.Model):
    """An issue in a quarterly report. After one frozen row that shows it solved it leaves the next reports."""

    report = models.ForeignKey(QuarterlyReport, models.CASCADE, related_name="rows")
    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="quarterly_rows")
    order = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    solved = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    slips = models.PositiveSmallIntegerField(default=0)
    progress_kk = models.TextField(_("progress in Kazakh"), blank=True, max_length=3000)
    progress_ru = models.TextField(_("progress in Russian"), blank=True, max_length=3000)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "issue"], name="one_quarterly_row_per_issue")]


class Publication(Scoped, Kept, Evidence):
    """A frozen document at one place: address, time, stored copy, hash. Pages vanish; this row does not."""

    version_of = models.ForeignKey(PublishedVersion, models.PROTECT, null=True, blank=True, related_name="publications")
    quarterly = models.ForeignKey(QuarterlyReport, models.PROTECT, null=True, blank=True, related_name="publications")
    channel = models.ForeignKey("issues.Channel", models.PROTECT, related_name="+", verbose_name=_("place"))
    link = models.URLField(_("address of the page"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published"))
    copy = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    #: On our own public page: the program itself looks whether it is there.
    own_page = models.BooleanField(default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["published_at", "pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.CheckConstraint(
                condition=Q(version_of=None, quarterly__isnull=False) | Q(version_of__isnull=False, quarterly=None),
                name="publication_of_one_document",
            ),
            models.UniqueConstraint(fields=["version_of", "channel", "link"], name="one_publication_per_place"),
            models.UniqueConstraint(fields=["quarterly", "channel", "link"], name="one_quarterly_per_place"),
        ]
        indexes = [models.Index(fields=["unit", "-published_at"], name="publication_unit")]

    @property
    def entered_afterwards(self) -> bool:
        """The day of the publication lies before the day on which it was told to the program."""
        return civil(self.published_at) < civil(self.created_at)


class CheckResult(models.TextChoices):
    FINE = "fine", pgettext_lazy("look at a page", "as published")
    GONE = "gone", pgettext_lazy("look at a page", "the page is not there")
    EMPTY = "empty", pgettext_lazy("look at a page", "the page is empty")
    ONE_LANGUAGE = "one_language", pgettext_lazy("look at a page", "one language only")
    CHANGED = "changed", pgettext_lazy("look at a page", "not what was published")


class PublicationCheck(models.Model):
    """What our own public page showed and when; `shown` counts what was found on it."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="checks")
    at = models.DateTimeField()
    result = models.CharField(max_length=12, choices=CheckResult)
    sha256 = models.CharField(max_length=64, blank=True)
    shown = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["publication", "-at"], name="check_publication")]
