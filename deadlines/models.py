"""The ledger of duties, the reminders that were given, and the readings by which days are counted."""

from datetime import date, time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from law.numbers import number_of
from law.register import UnknownRule

from . import ids


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
        """Duties of the units that the reader's post covers, or of his body; all for readers of the nation."""
        if not who.may_enter:
            return self.none()
        rows = self.filter(cancelled_at=None)
        if who.is_national:
            return rows
        body = who.post.organisation_id
        own = models.Q(body=body) if body else models.Q(pk__in=[])
        return rows.filter(own | within(who.territory)) if who.territory else rows.filter(own)

    def under(self, unit) -> "DutyQuerySet":
        """Duties of a unit and of everything below it."""
        return self.filter(within(unit))

    def of_subject(self, kind: int, subject_id: int) -> "DutyQuerySet":
        """The duties of one meeting, calendar, akim …: a range of ids."""
        return self.filter(pk__range=ids.range_of(kind, subject_id))

    def waiting(self) -> "DutyQuerySet":
        """Neither met nor dropped."""
        return self.filter(met_on=None, cancelled_at=None)

    def in_state(self, state: str, today: date) -> "DutyQuerySet":
        """Duties in one state as of a civil day, by conditions that an index can answer (see `with_state`)."""
        met, late = models.Q(met_on__isnull=False), models.Q(met_on__gt=models.F("late_after"))
        in_time = models.Q(due_on=None) | models.Q(met_on__lte=models.F("due_on"))
        unmet = models.Q(met_on=None)
        return self.filter(
            {
                DutyState.MET: met & in_time,
                DutyState.MET_CONTESTED: met & ~in_time & ~late,
                DutyState.OPEN: unmet & models.Q(due_on__gte=today),
                DutyState.CONTESTED: unmet & models.Q(due_on__lt=today, late_after__gte=today),
                DutyState.BREACH: (unmet & models.Q(due_on__lt=today, late_after__lt=today)) | (met & late),
                DutyState.NO_NUMBER: unmet & models.Q(due_on=None),
            }[DutyState(state)]
        )

    def of_line(self, rule_id: str) -> "DutyQuerySet":
        """Duties of one line of the register, told by their ids; none for a line that does not exist."""
        try:
            number = number_of(rule_id)
        except UnknownRule:
            return self.none()
        line = models.F("pk").bitrightshift(ids.RULE_AT).bitand((1 << ids.RULE_BITS) - 1)
        return self.alias(line=line).filter(line=number)

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


def within(unit) -> models.Q:
    """Condition that the debtor is a unit or lies below it; the region's number finds the rows."""
    if unit.is_region:
        return models.Q(region=unit)
    below = models.Q(debtor__path__startswith=unit.path)
    return below & models.Q(region=unit.region_id) if unit.region_id else below


class Counting(models.Model):
    """How the dates of a rule were counted from some days under some readings. Never changed; many duties share one.

    The key is the wording (rule and edition), the readings that touch it as far as they are not the
    register's own, and the days and the number it was counted from. `NO_DAY` stands where a rule asks for none,
    so that sets of facts can be joined by equality.
    """

    NO_DAY = date(1, 1, 1)

    wording = models.CharField(max_length=30)
    readings = models.CharField(max_length=300, blank=True)
    day = models.DateField(default=NO_DAY)
    other_day = models.DateField(default=NO_DAY)
    number = models.IntegerField(default=0)
    anchors = models.JSONField(default=dict)
    safe_on = models.DateField(null=True)
    due_on = models.DateField(_("due"), null=True)
    late_after = models.DateField(null=True)
    target_on = models.DateField(null=True)
    derivation = models.JSONField(default=list)

    class Meta:
        verbose_name = _("counting")
        verbose_name_plural = _("countings")
        constraints = [
            models.UniqueConstraint(
                fields=["wording", "readings", "day", "other_day", "number"], name="one_counting_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def edition(self) -> str:
        return self.wording.partition("@")[2]


class MetBy(models.TextChoices):
    """What says that a duty was done: a fact of the program's own rows, or evidence recorded by a person."""

    NOTHING = "", ""
    FACT = "fact", pgettext_lazy("what proves a duty", "recorded in the program")
    EVIDENCE = "hand", pgettext_lazy("what proves a duty", "evidence")


class Trace(models.TextChoices):
    """What happened to a duty that had been met, as far as it must be seen."""

    NONE = "", ""
    FACT_GONE = "fact_gone", pgettext_lazy("trace of a duty", "what it was about no longer exists; kept as it was met")
    REOPENED = "reopened", pgettext_lazy("trace of a duty", "the proof was withdrawn; open again")
    CHANGED = "changed", pgettext_lazy("trace of a duty", "the proof was changed afterwards")


class Duty(models.Model):
    """What one unit or body owes by one rule for one period or event.

    The id says which (`ids.py`). The dates belong to its `counting`; `due_on` and `late_after` are copied for
    lists and their indices. An open duty follows the facts; a met one keeps its counting, whatever readings
    become. `met_on` is the civil day on which it was done, `noted_on` the day on which the ledger learnt it.
    """

    id = models.BigIntegerField(primary_key=True)
    rule_id = models.CharField(_("rule"), max_length=20)
    year = models.PositiveSmallIntegerField()
    # Without constraints of the database, which would ask four tables about each of half a million rows: the sweep
    # selects what it inserts from these very tables, and the models protect the rows that duties speak of.
    debtor = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        null=True,
        related_name="duties",
        db_index=False,
        db_constraint=False,
    )
    body = models.ForeignKey(
        "territories.Organisation",
        models.PROTECT,
        null=True,
        related_name="duties",
        db_index=False,
        db_constraint=False,
    )
    region = models.ForeignKey(
        "territories.Territory", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    counting = models.ForeignKey(Counting, models.PROTECT, related_name="duties", db_index=False, db_constraint=False)
    due_on = models.DateField(_("due"), null=True)
    late_after = models.DateField(null=True)
    opened_on = models.DateField()
    met_on = models.DateField(_("met on"), null=True)
    noted_on = models.DateField(null=True)
    met_by = models.CharField(max_length=4, choices=MetBy, blank=True, default=MetBy.NOTHING)
    evidence = models.TextField(blank=True, default="")
    trace = models.CharField(max_length=10, choices=Trace, blank=True, default=Trace.NONE)
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(debtor=None, body__isnull=False) | models.Q(debtor__isnull=False, body=None),
                name="duty_has_one_debtor",
            )
        ]
        indexes = [
            # As few and as small as the lists can do with: each costs a third of what opening a year costs. Whoever
            # reads a region or the nation reads the unmet in the order of their days.
            models.Index(fields=["debtor", "due_on"], name="duty_of_unit", condition=models.Q(due_on__isnull=False)),
            # The last columns are not for the order: the index leaves out other regions, states, years and lines (the
            # id tells the line, see `of_line`) by itself.
            models.Index(
                fields=["due_on", "id", "region", "late_after", "year"],
                name="duty_unmet_by_day",
                condition=models.Q(met_on=None, cancelled_at=None, due_on__isnull=False),
            ),
            # Nothing of these is written when a year is opened.
            models.Index(
                fields=["due_on", "id", "region", "year"],
                name="duty_met_by_day",
                condition=models.Q(met_on__isnull=False, cancelled_at=None, due_on__isnull=False),
            ),
            models.Index(
                fields=["due_on", "id", "region"],
                name="duty_met_late",
                condition=models.Q(met_on__gt=models.F("late_after"), cancelled_at=None, due_on__isnull=False),
            ),
            models.Index(fields=["body", "due_on"], name="duty_of_body", condition=models.Q(body__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.period}"

    @property
    def subject_kind(self) -> ids.Subject:
        return ids.parts(self.pk).kind

    @property
    def subject_id(self) -> int:
        return ids.parts(self.pk).subject_id

    @property
    def period(self) -> str:
        """The period owed for ("2027", "2027-H1", "2027-Q3"); for a single event the year it belongs to."""
        return ids.parts(self.pk).period or f"{self.year}"

    @property
    def owner(self):
        """The unit or the body that owes."""
        return self.debtor or self.body

    @property
    def entered_afterwards(self) -> bool:
        """Said to be done in time, but told to the ledger only when the day had passed."""
        return (
            self.met_on is not None
            and self.noted_on is not None
            and self.due_on is not None
            and self.met_on <= self.due_on < self.noted_on
        )


class Moved(models.Model):
    """A mark that facts of a meeting have moved, written by triggers and taken off by the next sweep (`marks.py`).

    Meeting 0: everything may have moved; its year is 0.
    """

    meeting_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()


class MovedUnit(models.Model):
    """A mark that something has moved from which it follows what a unit's akim owes by periods, and what met it.

    Year 0: as triggers write it, for every year; a sweep leaves a mark for each year that it did not look at.
    """

    unit_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()


class EvidenceKind(models.TextChoices):
    """The register's five codes of evidence."""

    DOC = "DOC", pgettext_lazy("kind of evidence", "document")
    SENT = "SENT", pgettext_lazy("kind of evidence", "letter sent")
    LINK = "LINK", pgettext_lazy("kind of evidence", "publication")
    SNAP = "SNAP", pgettext_lazy("kind of evidence", "archived page or photograph")
    REC = "REC", pgettext_lazy("kind of evidence", "record of an event")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, who) -> "EvidenceQuerySet":
        """Evidence of the duties that the reader sees."""
        return self.filter(duty__in=Duty.objects.visible_to(who))

    def living(self) -> "EvidenceQuerySet":
        return self.filter(withdrawn_at=None)


class Evidence(models.Model):
    """One proof of a duty, recorded by a person. Never changed and never deleted, only withdrawn.

    `done_on` is the civil day on which the thing was done; `date` the day that the document bears.
    """

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="proofs")
    kind = models.CharField(_("kind"), max_length=4, choices=EvidenceKind)
    done_on = models.DateField(_("done on"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to="evidence/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.TextField(_("reason of the withdrawal"), blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["done_on", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason=""), name="withdrawal_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.number, self.done_on.isoformat()) if part)

    @property
    def entered_afterwards(self) -> bool:
        """The day done lies before the day on which it was recorded."""
        return self.done_on < self.recorded_on


class RemindedRole(models.TextChoices):
    """Roles that reminders reach; empty: everybody of them who holds a post at the body."""

    ANY = "", pgettext_lazy("who is reminded", "all staff of the body")
    REGION_EDITOR = "region_editor", pgettext_lazy("who is reminded", "staff of the regional akimat")
    REGION_APPROVER = "region_approver", pgettext_lazy("who is reminded", "who approves the calendar")
    OFFICE_STAFF = "office_staff", pgettext_lazy("who is reminded", "staff of the akim's office")
    GOVERNMENT = "government", pgettext_lazy("who is reminded", "the Government's reviewer")
    ADMINISTRATION = "administration", pgettext_lazy("who is reminded", "Administration of the President")
    CENTRAL_BODY = "central_body", pgettext_lazy("who is reminded", "staff of the central body")
    INFORMATION_BODY = "information_body", pgettext_lazy("who is reminded", "body on access to information")


class Stage(models.Model):
    """One rung of the ladder: so many days before (negative) or after the due day, who is told.

    Never deleted, since reminders name it; switched off instead.
    """

    class Audience(models.TextChoices):
        BOUND = "bound", pgettext_lazy("who is reminded", "the bound office")
        ABOVE = "above", pgettext_lazy("who is reminded", "the unit above")

    code = models.CharField(max_length=20, unique=True)
    offset_days = models.SmallIntegerField(_("days from the due day"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.BOUND)
    role = models.CharField(_("role"), max_length=20, choices=RemindedRole, blank=True, default=RemindedRole.ANY)
    rule_prefix = models.CharField(_("rules that begin with"), max_length=20, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["offset_days", "audience", "role", "rule_prefix"]
        constraints = [
            models.UniqueConstraint(fields=["offset_days", "audience", "role", "rule_prefix"], name="one_rung_a_place")
        ]
        verbose_name = _("stage of reminders")
        verbose_name_plural = _("stages of reminders")

    def __str__(self) -> str:
        return self.code


class HouseRules(models.Model):
    """One row: when digests may leave, and from which day on this installation watches. Rules of the house, not of law.

    Hours are those of Kazakhstan. Equal hours: no quiet time. Stages before `watch_from` are never mailed.
    """

    ONLY = 1

    quiet_from = models.TimeField(_("quiet from"), default=time(20, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(8, 0))
    quiet_on_days_off = models.BooleanField(_("quiet on days off"), default=True)
    watch_from = models.DateField(_("watched from"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rules of reminding")
        verbose_name_plural = _("rules of reminding")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_set_of_house_rules")]

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_until:%H:%M}"


class Reminder(models.Model):
    """That a person was told of a duty at a stage by a channel; unique, so telling twice is harmless.

    `waits`: shown in the program, and no letter has told it yet. What a digest looks for is the index of these few.
    """

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
    waits = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "stage", "user", "channel"], name="one_reminder_per_stage_and_person"
            )
        ]
        indexes = [
            models.Index(fields=["user", "channel", "read_at"], name="reminder_bell"),
            models.Index(fields=["user", "day"], name="reminder_waits", condition=models.Q(waits=True)),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.stage_id} {self.channel}"


class DutyFeed(models.Model):
    """A secret address at which a calendar program reads what a post owes; it dies with the post or by revocation."""

    post = models.ForeignKey("territories.Post", models.CASCADE, related_name="duty_feeds")
    secret = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("feed of duties")
        verbose_name_plural = _("feeds of duties")

    def __str__(self) -> str:
        return f"{self.pk}"


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
