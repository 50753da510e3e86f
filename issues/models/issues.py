"""The problem issue: where it comes from, who must solve it, how it stands (826-3.5.b)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .requests import CODE_LENGTH, new_code
from .scoped import Evidence, EvidenceQuerySet, Kept, Listed, Scoped, ScopedQuerySet


class Level(models.TextChoices):
    """At which level the issue is solved; apart from its state (826-5.2)."""

    AKIM = "akim", pgettext_lazy("level of solution", "the akim himself")
    RAION = "raion", pgettext_lazy("level of solution", "raion or city")
    OBLAST = "oblast", pgettext_lazy("level of solution", "oblast")
    CENTRAL = "central", pgettext_lazy("level of solution", "central executive body")
    HOLDING = "holding", pgettext_lazy("level of solution", "national holding or company")


#: Levels that the Government collects (826-5.2) and the bodies publish (826-5.3).
NATIONAL_LEVELS = (Level.CENTRAL, Level.HOLDING)


class IssueState(models.TextChoices):
    RAISED = "raised", pgettext_lazy("state of an issue", "Raised")
    PLANNED = "planned", pgettext_lazy("state of an issue", "In the action plan")
    IN_WORK = "in_work", pgettext_lazy("state of an issue", "In work")
    REPORTED = "reported", pgettext_lazy("state of an issue", "Reported as done, to be confirmed")
    DONE = "done", pgettext_lazy("state of an issue", "Done")
    EXPLAINED = "explained", pgettext_lazy("state of an issue", "Explained")
    DECLINED = "declined", pgettext_lazy("state of an issue", "Cannot be done")


#: States in which the promise still stands.
OPEN_STATES = (IssueState.RAISED, IssueState.PLANNED, IssueState.IN_WORK, IssueState.REPORTED)
#: "Explained" is never counted as done.
CLOSED_STATES = (IssueState.DONE, IssueState.EXPLAINED, IssueState.DECLINED)


class IssueQuerySet(ScopedQuerySet):
    def shared_with(self, who):
        """Executors: issues of their items. Central bodies: what was routed to them. Government: central level."""
        if who.role == "executor":
            own = _items().filter(issue=models.OuterRef("pk"), executor=who.post).exclude(state="draft")
            return self.filter(models.Exists(own))
        if who.role == "central_body":
            routed = _routings().filter(issue=models.OuterRef("pk"), organisation=who.post.organisation_id)
            return self.filter(models.Exists(routed.exclude(sent_on=None)))
        if who.role == "government":
            return self.filter(level__in=NATIONAL_LEVELS)
        return self.none()

    def counted_for(self, who):
        """Rows for sums only, never to be shown one by one: national readers count the whole country."""
        if who.role in ("government", "administration"):
            return self
        return self.visible_to(who)

    def standing(self):
        """Issues that were not joined into another one."""
        return self.filter(joined_into=None)

    def public(self):
        """Issues that stand in a published list, each by itself."""
        return self.standing().filter(published_at__isnull=False)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def past_their_day(self, today):
        """Open issues whose nearest promised day has passed."""
        return self.open().filter(due_on__lt=today)


def _items():
    from .plans import PlanItem

    return PlanItem.objects.all()


def _routings():
    from .central import CentralRouting

    return CentralRouting.objects.all()


class Issue(Listed, Kept):
    """One problem issue. Its texts hold no personal data and may be published.

    `due_on`, `first_due_on` and `slips` follow the items of its plan: the latest present day, the latest
    day first promised, and how often a day was put off. They are written by the services of the plan alone.
    """

    meeting = models.ForeignKey(
        "calendars.Meeting", models.PROTECT, null=True, blank=True, related_name="issues", db_index=False
    )
    reception = models.ForeignKey(
        "issues.Reception", models.PROTECT, null=True, blank=True, related_name="issues", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    year = models.PositiveSmallIntegerField(_("year"))
    raised_on = models.DateField(_("raised on"))
    text_kk = models.TextField(_("text in Kazakh"), max_length=3000, blank=True)
    text_ru = models.TextField(_("text in Russian"), max_length=3000, blank=True)
    folded = models.TextField(default="", editable=False)
    sketch = models.TextField(null=True, blank=True, editable=False)  # noqa: DJ001 - NULL until it is made
    topic = models.ForeignKey(
        "issues.Topic", models.PROTECT, null=True, blank=True, related_name="issues", verbose_name=_("topic")
    )
    level = models.CharField(_("level of solution"), max_length=8, choices=Level, default=Level.AKIM)
    state = models.CharField(_("state"), max_length=10, choices=IssueState, default=IssueState.RAISED)
    #: Raised at an offsite meeting by the norms of 826-2.1; decides 826-5.3 under the reading A-24.
    offsite = models.BooleanField(_("raised at an offsite meeting"), default=False)
    first_due_on = models.DateField(_("day first promised"), null=True, blank=True)
    due_on = models.DateField(_("promised day"), null=True, blank=True)
    slips = models.PositiveSmallIntegerField(_("slips"), default=0)
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", db_index=False
    )
    #: When it first stood in a published list.
    published_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    #: In the address of the public page and in the QR code.
    code = models.CharField(max_length=CODE_LENGTH, default=new_code, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-pk"]
        verbose_name = _("problem issue")
        verbose_name_plural = _("problem issues")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="one_issue_per_number"),
            # Not `unique=True`: that brings a second index, for beginnings of codes, which nobody looks for.
            models.UniqueConstraint(fields=["code"], name="one_issue_per_code"),
            models.CheckConstraint(condition=~Q(text_kk="") | ~Q(text_ru=""), name="issue_has_a_text"),
            models.CheckConstraint(
                condition=Q(joined_into=None) | ~Q(joined_into=F("id")), name="issue_is_not_joined_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, state__in=OPEN_STATES)
                | Q(closed_on__isnull=False, state__in=CLOSED_STATES),
                name="closed_issue_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="issue_unit_state_due"),
            models.Index(fields=["unit", "-raised_on"], name="issue_unit_day"),
            models.Index(fields=["place", "-raised_on"], name="issue_place_day"),
            models.Index(
                fields=["raion", "-raised_on"], include=("id", "sketch", "joined_into"), name="issue_raion_day"
            ),
            models.Index(fields=["region", "state", "due_on"], name="issue_region_state_due"),
            # The long lists, page by page.
            models.Index(fields=["region", "-raised_on", "-id"], name="issue_region_day"),
            models.Index(fields=["-raised_on", "-id"], name="issue_day"),
            models.Index(fields=["meeting"], name="issue_of_meeting", condition=Q(meeting__isnull=False)),
            models.Index(fields=["reception"], name="issue_of_reception", condition=Q(reception__isnull=False)),
            models.Index(fields=["joined_into"], name="issue_joined", condition=Q(joined_into__isnull=False)),
            models.Index(fields=["level", "state"], name="issue_level_state"),
            models.Index(fields=["due_on"], name="issue_waiting", condition=Q(closed_on=None, joined_into=None)),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def in_both_languages(self) -> bool:
        return bool(self.text_kk and self.text_ru)

    def text(self, language: str | None = None) -> str:
        """The text in the reader's language, else the other one."""
        if (language or get_language()) == "ru":
            return self.text_ru or self.text_kk
        return self.text_kk or self.text_ru

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class IssueOrigin(models.Model):
    """A request is an origin of an issue. Undone, the row stays and says by whom."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="origins")
    request = models.ForeignKey("issues.Request", models.PROTECT, related_name="origins")
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(undone_at=None), name="one_living_issue_per_request"
            )
        ]


class IssueJoin(Scoped, Evidence):
    """An issue was joined into another: every origin stays with the issue it came to. Undone, the row stays."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="joins")
    into = models.ForeignKey(Issue, models.PROTECT, related_name="joins_of_others")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    joined_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["issue"], condition=Q(undone_at=None), name="one_living_join_per_issue")
        ]
