"""The action plan: for each issue what is done, by what day, by whom; and the money for it (826-3.5.b2, c3–c5)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped, ScopedQuerySet


class ActionPlan(Scoped, Kept):
    """The one plan of a meeting. `approved_number` is the newest frozen version, 0 before the first."""

    meeting = models.OneToOneField("calendars.Meeting", models.PROTECT, related_name="action_plan")
    approved_number = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")


class PlanVersion(Scoped, Kept, Evidence):
    """The plan as approved, frozen: its rows as data, and the reason from the second version on."""

    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.CharField(_("document"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved on"))
    reason = models.TextField(_("reason of the change"), blank=True, max_length=2000)
    rows = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("version of the plan")
        verbose_name_plural = _("versions of the plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_per_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="changed_plan_has_a_reason"),
        ]


class ItemState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a plan item", "draft")
    WAITING = "waiting", pgettext_lazy("state of a plan item", "approved, not begun")
    IN_WORK = "in_work", pgettext_lazy("state of a plan item", "in work")
    REPORTED = "reported", pgettext_lazy("state of a plan item", "reported as done")
    DONE = "done", pgettext_lazy("state of a plan item", "done")
    EXPLAINED = "explained", pgettext_lazy("state of a plan item", "explained")
    DROPPED = "dropped", pgettext_lazy("state of a plan item", "taken out")


#: The executor still owes something.
OPEN_ITEMS = (ItemState.WAITING, ItemState.IN_WORK, ItemState.REPORTED)


class PlanItemQuerySet(ScopedQuerySet):
    def shared_with(self, who):
        """An executor reads his own items once they are approved; the Government those of central level."""
        if who.role == "executor":
            return self.filter(executor=who.post).exclude(state=ItemState.DRAFT)
        if who.role == "government":
            return self.filter(issue__level__in=("central", "holding")).exclude(state=ItemState.DRAFT)
        return self.none()

    def owed(self):
        return self.filter(state__in=OPEN_ITEMS)

    def with_slips(self):
        """Each item with how often its day was put off."""
        later = models.Q(due_changes__state="granted", due_changes__to__gt=models.F("due_changes__was"))
        return self.annotate(slips=models.Count("due_changes", filter=later))


class PlanItem(Scoped, Kept):
    """One measure for an issue. The day and the executor are mandatory (826-3.5.c4, c5).

    `first_due_on` is set by the first approval and never again; a later day comes by a granted `DueChange` only.
    `executor` is the account, where the executor has one; organisation and post are what is published.
    """

    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="items")
    issue = models.ForeignKey("issues.Issue", models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField(_("number"), default=0)
    measure_kk = models.TextField(_("measure in Kazakh"), max_length=3000, blank=True)
    measure_ru = models.TextField(_("measure in Russian"), max_length=3000, blank=True)
    due_on = models.DateField(_("due"))
    first_due_on = models.DateField(_("day first promised"), null=True, blank=True, editable=False)
    organisation = models.CharField(_("organisation of the executor"), max_length=300)
    post = models.CharField(_("post of the executor"), max_length=200)
    executor = models.ForeignKey(
        "territories.Post",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_items",
        verbose_name=_("account of the executor"),
    )
    completion_kk = models.CharField(_("form of completion in Kazakh"), max_length=300, blank=True)
    completion_ru = models.CharField(_("form of completion in Russian"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.DRAFT)
    finished_on = models.DateField(null=True, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "order", "pk"]
        verbose_name = _("item of the plan")
        verbose_name_plural = _("items of the plan")
        constraints = [
            models.CheckConstraint(condition=~Q(organisation="") & ~Q(post=""), name="item_has_an_executor"),
            models.CheckConstraint(condition=~Q(measure_kk="") | ~Q(measure_ru=""), name="item_has_a_measure"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(first_due_on__isnull=False) | Q(state="dropped"),
                name="approved_item_keeps_its_first_day",
            ),
        ]
        indexes = [
            models.Index(fields=["executor", "state", "due_on"], name="planitem_executor"),
            models.Index(fields=["unit", "state", "due_on"], name="planitem_unit"),
            models.Index(fields=["region", "due_on", "id"], name="planitem_region_day"),
            models.Index(fields=["due_on"], name="planitem_waiting", condition=Q(state__in=OPEN_ITEMS)),
        ]

    def __str__(self) -> str:
        return f"{self.issue} / {self.order}"

    def measure(self, language: str | None = None) -> str:
        if (language or get_language()) == "ru":
            return self.measure_ru or self.measure_kk
        return self.measure_kk or self.measure_ru

    def completion(self, language: str | None = None) -> str:
        if (language or get_language()) == "ru":
            return self.completion_ru or self.completion_kk
        return self.completion_kk or self.completion_ru


class FinancingOutcome(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("decision on money", "money is given")
    PARTLY = "partly", pgettext_lazy("decision on money", "money is given in part")
    POSTPONED = "postponed", pgettext_lazy("decision on money", "put off to another budget")
    REFUSED = "refused", pgettext_lazy("decision on money", "no money")


class FinancingQuerySet(EvidenceQuerySet):
    def shared_with(self, who):
        """A maslikhat reads what was put to its own session."""
        if who.role == "maslikhat" and who.territory is not None:
            return self.filter(maslikhat__territory=who.territory)
        return self.none()


class Financing(Scoped, Kept, Evidence):
    """A session of the maslikhat considered whether issues can be paid for. "Refused" is evidence too."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="financing")
    issues = models.ManyToManyField("issues.Issue", related_name="financing", verbose_name=_("problem issues"))
    maslikhat = models.ForeignKey(
        "territories.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("maslikhat"),
    )
    session_number = models.CharField(_("number of the session"), max_length=60)
    session_date = models.DateField(_("date of the session"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=FinancingOutcome)
    decision = models.TextField(_("decision"), max_length=3000)
    amount = models.DecimalField(_("sum, tenge"), max_digits=16, decimal_places=2, null=True, blank=True)
    budget_year = models.PositiveSmallIntegerField(_("budget year"), null=True, blank=True)
    file = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    objects = FinancingQuerySet.as_manager()

    class Meta:
        ordering = ["-session_date", "-pk"]
        verbose_name = _("financing")
        verbose_name_plural = _("financing")
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=("approved", "partly")) | Q(amount__gt=0, budget_year__isnull=False),
                name="given_money_has_sum_and_year",
            )
        ]
        indexes = [models.Index(fields=["meeting", "session_date"], name="financing_meeting")]
