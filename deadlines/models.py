"""The ledger of duties, the reminders that were given, and the readings by which days are counted."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DutyState(models.TextChoices):
    """States of `law/obligations` 4.0; worked out from the dates, never typed in."""

    MET = "met", pgettext_lazy("state of a duty", "met")
    MET_CONTESTED = "met_contested", pgettext_lazy("state of a duty", "met, contested")
    OPEN = "open", pgettext_lazy("state of a duty", "open")
    CONTESTED = "contested", pgettext_lazy("state of a duty", "contested")
    BREACH = "breach", pgettext_lazy("state of a duty", "breach")
    NO_NUMBER = "no_number", pgettext_lazy("state of a duty", "no number in the act")


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, who) -> "DutyQuerySet":
        """Duties of units that the reader's post covers."""
        if not who.may_enter:
            return self.none()
        return self.filter(who.under("debtor__path"), cancelled_at=None)

    def with_state(self, today: date) -> "DutyQuerySet":
        """Annotate `state` as of a civil day."""
        F, When, Value = models.F, models.When, models.Value
        return self.annotate(
            state=models.Case(
                When(due_on=None, met_on=None, then=Value(DutyState.NO_NUMBER)),
                When(met_on__isnull=False, due_on=None, then=Value(DutyState.MET)),
                When(met_on__lte=F("due_on"), then=Value(DutyState.MET)),
                When(met_on__lte=F("late_after"), then=Value(DutyState.MET_CONTESTED)),
                When(met_on__isnull=False, then=Value(DutyState.BREACH)),
                When(due_on__gte=today, then=Value(DutyState.OPEN)),
                When(late_after__gte=today, then=Value(DutyState.CONTESTED)),
                default=Value(DutyState.BREACH),
                output_field=models.CharField(),
            )
        )


class Duty(models.Model):
    """What one unit owes by one rule for one period or event.

    The three dates are civil days in the region's zone: `safe_on` by the strictest listed reading,
    `due_on` by the chosen one, `late_after` by the most lenient. `derivation` tells how each came
    about. Facts come from the rooms to the left; the natural key makes repeating them harmless.
    """

    rule_id = models.CharField(_("rule"), max_length=20)
    edition = models.CharField(max_length=20)
    debtor = models.ForeignKey("territories.Territory", models.PROTECT, related_name="duties")
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    period = models.CharField(_("period"), max_length=10)
    year = models.PositiveSmallIntegerField()
    title_kk = models.CharField(max_length=300, blank=True)
    title_ru = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200, blank=True)
    anchors = models.JSONField(default=dict)
    safe_on = models.DateField(null=True)
    due_on = models.DateField(_("due"), null=True)
    late_after = models.DateField(null=True)
    target_on = models.DateField(null=True)
    derivation = models.JSONField(default=list)
    opened_on = models.DateField()
    met_on = models.DateField(_("met on"), null=True)
    evidence = models.JSONField(default=dict)
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "subject_type", "subject_id", "period"], name="one_duty_per_rule_and_subject"
            )
        ]
        indexes = [
            models.Index(fields=["debtor", "due_on"], name="duty_debtor_due"),
            models.Index(fields=["due_on"], name="duty_waiting", condition=models.Q(met_on=None, cancelled_at=None)),
            models.Index(fields=["year", "rule_id"], name="duty_year_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.period}"

    def title(self, language: str) -> str:
        """What the duty is about (a place, a year); English falls back to Kazakh."""
        return self.title_ru if language == "ru" else self.title_kk


class Stage(models.Model):
    """One rung of the ladder: so many days before (negative) or after the due day, who is told."""

    class Audience(models.TextChoices):
        BOUND = "bound", pgettext_lazy("who is reminded", "the bound office")
        ABOVE = "above", pgettext_lazy("who is reminded", "the unit above")

    code = models.CharField(max_length=20, unique=True)
    offset_days = models.SmallIntegerField(_("days from the due day"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.BOUND)
    rule_prefix = models.CharField(_("rules that begin with"), max_length=20, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["offset_days", "audience"]
        verbose_name = _("stage of reminders")
        verbose_name_plural = _("stages of reminders")

    def __str__(self) -> str:
        return self.code


class Reminder(models.Model):
    """That a person was told of a duty at a stage by a channel; unique, so telling twice is harmless."""

    class Channel(models.TextChoices):
        MAIL = "mail", pgettext_lazy("channel of a reminder", "e-mail")
        PAGE = "page", pgettext_lazy("channel of a reminder", "in the program")

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="reminders")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders")
    channel = models.CharField(max_length=6, choices=Channel)
    day = models.DateField()
    notice = models.ForeignKey("journal.Notice", models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "stage", "user", "channel"], name="one_reminder_per_stage_and_person"
            )
        ]
        indexes = [models.Index(fields=["user", "channel", "read_at"], name="reminder_bell")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.stage_id} {self.channel}"


class ReadingChoiceQuerySet(models.QuerySet["ReadingChoice"]):
    def visible_to(self, who) -> "ReadingChoiceQuerySet":
        """Choices for the whole country, and those for the region that the reader's post lies in."""
        if not who.may_enter:
            return self.none()
        if who.is_national:
            return self
        region = who.path.partition("/")[0]
        own = models.Q(region=int(region)) if region else models.Q(pk__in=[])
        return self.filter(models.Q(region=None) | own)


class ReadingChoice(models.Model):
    """Which reading of an ambiguous line is used, for a region or the nation, from a day to a day."""

    key = models.CharField(_("reading"), max_length=40)
    value = models.CharField(_("value"), max_length=40)
    region = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReadingChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-valid_from"]
        verbose_name = _("choice of a reading")
        verbose_name_plural = _("choices of readings")

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
