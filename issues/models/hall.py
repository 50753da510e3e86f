"""At the meeting: the clock of report and questions, what was said, what was instructed, the minutes (826-3.3)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .preparation import AudienceCategory
from .scoped import Kept, Scoped


class MeetingRecord(Scoped, Kept):
    """When the meeting and its report began and ended. `planned_minutes` is frozen by the first announcement (A-18)."""

    meeting = models.OneToOneField("calendars.Meeting", models.PROTECT, related_name="record")
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    frozen_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    report_started_at = models.DateTimeField(_("report began"), null=True, blank=True)
    report_ended_at = models.DateTimeField(_("report ended"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("record of the meeting")
        verbose_name_plural = _("records of meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="meeting_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(report_ended_at=None) | Q(report_ended_at__gte=F("report_started_at")),
                name="report_ends_after_it_begins",
            ),
        ]

    @property
    def report_minutes(self) -> int | None:
        """Whole minutes that the report took, rounded up, or None while it is not over."""
        if self.report_started_at is None or self.report_ended_at is None:
            return None
        seconds = int((self.report_ended_at - self.report_started_at).total_seconds())
        return -(-seconds // 60)


class HallLine(Scoped, Kept):
    """One question with its answer. `client_id` is made by the page, so that a line sent twice is one line."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="hall_lines")
    client_id = models.UUIDField()
    order = models.PositiveIntegerField(_("number"))
    speaker_category = models.CharField(
        _("speaker"), max_length=14, choices=AudienceCategory, default=AudienceCategory.RESIDENTS
    )
    question = models.TextField(_("question"), max_length=5000, blank=True)
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    issue = models.ForeignKey("issues.Issue", models.PROTECT, null=True, blank=True, related_name="hall_lines")
    request = models.ForeignKey("issues.Request", models.PROTECT, null=True, blank=True, related_name="hall_lines")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["meeting", "order", "pk"]
        verbose_name = _("line of the hall page")
        verbose_name_plural = _("lines of the hall page")
        constraints = [models.UniqueConstraint(fields=["meeting", "client_id"], name="one_line_per_client_id")]


class Instruction(Scoped, Kept):
    """An instruction given on the spot, to an organisation and a post, with a day."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="instructions")
    line = models.ForeignKey(HallLine, models.PROTECT, null=True, blank=True, related_name="instructions")
    client_id = models.UUIDField()
    text = models.TextField(_("instruction"), max_length=3000)
    organisation = models.CharField(_("organisation of the executor"), max_length=300, blank=True)
    post = models.CharField(_("post of the executor"), max_length=200, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    issue = models.ForeignKey("issues.Issue", models.PROTECT, null=True, blank=True, related_name="instructions")

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        constraints = [models.UniqueConstraint(fields=["meeting", "client_id"], name="one_instruction_per_client_id")]


class MinutesTemplate(Kept):
    """A region's own template of the minutes (DOCX) in one language; the newest active one is used."""

    region = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=[("kk", _("Kazakh")), ("ru", _("Russian"))])
    file = models.ForeignKey("issues.StoredFile", models.PROTECT, related_name="+")
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["region", "language", "-pk"]
        verbose_name = _("template of the minutes")
        verbose_name_plural = _("templates of the minutes")


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of minutes", "draft")
    SIGNED = "signed", pgettext_lazy("state of minutes", "signed")


class Minutes(Scoped, Kept):
    """Minutes of a meeting, version n: the data they were made of and the files in each language."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=MinutesState, default=MinutesState.DRAFT)
    document_number = models.CharField(_("number of the minutes"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    #: Everybody may fetch the files since then; signed minutes alone, after the office has read them for names.
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    data = models.JSONField(default=dict)
    docx_kk = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    docx_ru = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf_kk = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf_ru = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["meeting", "-number"]
        verbose_name = _("minutes of the meeting")
        verbose_name_plural = _("minutes of meetings")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_minutes_per_number"),
            models.CheckConstraint(condition=Q(published_at=None) | Q(state="signed"), name="published_are_signed"),
        ]
