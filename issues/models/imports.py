"""Tables that offices bring: a file on its way in, its good rows until they are written, what is remembered of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Scoped, ScopedQuerySet


class TableKind(models.TextChoices):
    """What a table holds."""

    REQUESTS = "requests", pgettext_lazy("kind of a table", "Requests of the population")
    ISSUES = "issues", pgettext_lazy("kind of a table", "Problem issues")
    PLAN = "plan", pgettext_lazy("kind of a table", "Items of action plans")
    PROGRESS = "progress", pgettext_lazy("kind of a table", "Progress of items")


class TableState(models.TextChoices):
    COLUMNS = "columns", pgettext_lazy("state of a table", "Columns to be confirmed")
    READING = "reading", pgettext_lazy("state of a table", "Being read")
    READY = "ready", pgettext_lazy("state of a table", "Ready to be taken in")
    WRONG = "wrong", pgettext_lazy("state of a table", "Has errors")
    TAKING = "taking", pgettext_lazy("state of a table", "Being taken in")
    DONE = "done", pgettext_lazy("state of a table", "Taken in")
    FAILED = "failed", pgettext_lazy("state of a table", "Could not be read")
    DROPPED = "dropped", pgettext_lazy("state of a table", "Given up")


#: A worker has it to do.
WORKED_ON = (TableState.READING, TableState.TAKING)
#: The person has the word.
WAITING_FOR_WORD = (TableState.COLUMNS, TableState.READY, TableState.WRONG, TableState.FAILED)


class TableImportQuerySet(ScopedQuerySet):
    def visible_to(self, who) -> TableImportQuerySet:
        """One's own, under the post that one acts under; names of citizens may stand in it."""
        if not who.may_enter:
            return self.none()
        if who.system:
            return self
        return self.filter(created_by=who.user, created_under=who.post)


class TableImport(Scoped):
    """A table that was brought for an office (`unit`); nothing of it is entered before the person has seen it.

    `layout`: the sheet, the rows of headings, and which column was chosen for what. `wrong`: numbers of rows with
    errors. `whole`: all rows in one transaction, else the good ones part by part. `expected` and `progress` count rows
    that are written. `lease_until`: a worker has it in hand until then; one whose lease ran out is taken up anew.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=TableKind)
    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, null=True, blank=True, related_name="+")
    sheet = models.ForeignKey("issues.StoredFile", models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=TableState, default=TableState.COLUMNS)
    layout = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    wrong = models.JSONField(default=list)
    whole = models.BooleanField(default=True)
    expected = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    fault = models.TextField(blank=True)
    #: In which language the person is told why something failed.
    told_in = models.CharField(max_length=2, default="kk")
    #: Joins the entries of the journal that its rows made.
    batch = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: Under which post the file came; reading and writing are done in its name and scope.
    created_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("table brought in")
        verbose_name_plural = _("tables brought in")
        indexes = [
            models.Index(fields=["created_by", "-id"], name="table_of_person"),
            models.Index(fields=["lease_until"], name="table_waiting", condition=models.Q(state__in=WORKED_ON)),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_worked_on(self) -> bool:
        return self.state in WORKED_ON

    @property
    def waits_for_word(self) -> bool:
        return self.state in WAITING_FOR_WORD

    @property
    def percent(self) -> int | None:
        """Whole percents written; None while rows are being read."""
        if self.state != TableState.TAKING or not self.expected:
            return None
        return min(99, self.progress * 100 // self.expected)


class ImportPart(models.Model):
    """Good rows of a table, sealed until they are written: names of citizens may stand in them. Emptied then."""

    table = models.ForeignKey(TableImport, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    sealed = models.BinaryField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["table", "number"]
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="one_part_per_number")]


class TakenRow(models.Model):
    """A row of a table that was entered, by what it said: the same row brought again makes nothing."""

    key = models.CharField(max_length=32)
    table = models.ForeignKey(TableImport, models.PROTECT, related_name="taken")
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="one_row_per_key")]


class ColumnMemory(models.Model):
    """What an office's headings meant last time, by folded heading; empty for a column that is not read.

    `post`: those of an executor, who has tables of his own.
    """

    unit = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    post = models.ForeignKey("territories.Post", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=TableKind)
    headings = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=models.Q(post=None), name="one_memory_per_office_and_kind"
            ),
            models.UniqueConstraint(
                fields=["post", "kind"],
                condition=models.Q(post__isnull=False),
                name="one_memory_per_executor_and_kind",
            ),
        ]
