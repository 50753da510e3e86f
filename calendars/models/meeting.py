"""A meeting in the calendar: who holds it, where, when, and which norms it is meant to close."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from .calendar import Calendar


class MeetingState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("meeting state", "Proposed")
    RETURNED = "returned", pgettext_lazy("meeting state", "Returned")
    PLANNED = "planned", pgettext_lazy("meeting state", "Planned")
    HELD = "held", pgettext_lazy("meeting state", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting state", "Cancelled")
    #: Taken out of a draft before it was ever approved; kept so that undo can bring it back.
    REMOVED = "removed", pgettext_lazy("meeting state", "Taken out")


#: States that count for the plan: rows of the calendar itself.
IN_CALENDAR = (MeetingState.PLANNED, MeetingState.HELD)


#: Roles that never see working rows.
READERS_OF_VERSIONS = (
    "maslikhat",
    "executor",
    "government",
    "administration",
    "central_body",
    "information_body",
)


class Format(models.TextChoices):
    IN_PERSON = "in_person", pgettext_lazy("format of a meeting", "in person")
    WITH_VIDEO = "with_video", pgettext_lazy("format of a meeting", "in person, with videoconference points")
    VIDEO_ONLY = "video_only", pgettext_lazy("format of a meeting", "by videoconference only")


class Broadcast(models.TextChoices):
    """826-3.2.h1: with a broadcast, as far as technically possible; else the reason is recorded."""

    YES = "yes", pgettext_lazy("broadcast", "with a broadcast")
    NO = "no", pgettext_lazy("broadcast", "without, for a technical reason")
    LATER = "later", pgettext_lazy("broadcast", "to be decided")


class Languages(models.TextChoices):
    BOTH = "both", pgettext_lazy("languages of a meeting", "Kazakh and Russian")
    KK = "kk", pgettext_lazy("languages of a meeting", "Kazakh")
    RU = "ru", pgettext_lazy("languages of a meeting", "Russian")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, who) -> "MeetingQuerySet":
        """Meetings that an akim of the reader's units holds, or that take place in them.

        Readers of the nation (Government, Administration) read approved versions, not drafts;
        only the administrator and the clock read working rows of every region.
        """
        if not who.may_enter or who.role in READERS_OF_VERSIONS:
            return self.none()
        rows = self.exclude(state=MeetingState.REMOVED)
        if who.is_national:
            return rows
        return rows.filter(who.under("holder__path") | who.under("place__path"))

    def of(self, calendar: "Calendar", who) -> "MeetingQuerySet":
        """The rows of one calendar among `visible_to`.

        Every akim of a calendar sits in its region, so whoever covers the region is not asked for units.
        """
        rows = self.filter(calendar=calendar)
        if who.may_enter and who.role not in READERS_OF_VERSIONS and who.covers(calendar.region.path):
            return rows.exclude(state=MeetingState.REMOVED)
        return rows.visible_to(who)

    def in_calendar(self) -> "MeetingQuerySet":
        return self.filter(state__in=IN_CALENDAR)


class Meeting(models.Model):
    """A row of the calendar. `date` and `time` are civil, in the region's zone."""

    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    off_calendar = models.BooleanField(_("outside the calendar"), default=False)
    holder = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="held_meetings", verbose_name=_("akim of")
    )
    place = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="hosted_meetings", verbose_name=_("place")
    )
    address = models.CharField(_("hall and address"), max_length=300, blank=True)
    date = models.DateField(_("date"))
    time = models.TimeField(_("time"), null=True, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=120)
    report_minutes = models.PositiveSmallIntegerField(_("minutes of the report"), default=30)
    format = models.CharField(_("format"), max_length=12, choices=Format, default=Format.IN_PERSON)
    broadcast = models.CharField(_("broadcast"), max_length=6, choices=Broadcast, default=Broadcast.LATER)
    broadcast_note = models.CharField(_("address of the broadcast or reason"), max_length=300, blank=True)
    languages = models.CharField(_("languages"), max_length=5, choices=Languages, default=Languages.BOTH)
    remarks = models.TextField(_("remarks"), blank=True, max_length=2000)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    announced_url = models.URLField(_("address of the announcement"), max_length=500, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    attendance = models.PositiveIntegerField(_("people present"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason of the cancellation"), blank=True)
    returned_remark = models.TextField(_("remark of the region"), blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["date", "time", "number"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="one_meeting_per_number"),
            # 826-3.3.h1: the report takes at most a quarter of the planned time.
            models.CheckConstraint(
                condition=Q(report_minutes__lte=F("planned_minutes") / 4), name="report_within_a_quarter"
            ),
        ]
        indexes = [
            models.Index(fields=["calendar", "date"], name="meeting_calendar_date"),
            models.Index(fields=["holder", "date"], name="meeting_holder_date"),
            models.Index(fields=["place", "date"], name="meeting_place_date"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.place}"


class MeetingTarget(models.Model):
    """A confirmed link: this meeting closes the norm of this akim toward this unit (A-09).

    The holder's own row is there by the place; a further row for another akim exists only where
    the calendar names him as a holder beforehand.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="targets")
    holder = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    target = models.ForeignKey("territories.Territory", models.PROTECT, related_name="visits")
    at_place = models.BooleanField(default=True, help_text="the place lies inside the target")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "holder", "target"], name="one_target_row_per_akim")]
        indexes = [models.Index(fields=["holder", "target"], name="meetingtarget_pair")]


class Step(models.Model):
    """One undoable step of a person in a calendar: rows as they were and the versions it left."""

    calendar = models.ForeignKey("calendars.Calendar", models.CASCADE, related_name="steps")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    rows = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
