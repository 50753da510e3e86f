"""One calendar a region and year; each approval freezes a version of it (826 para 2 subpara 1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def visible_to(self, who) -> "CalendarQuerySet":
        """Calendars of the region in which the reader's unit lies; all for national readers."""
        if not who.may_enter:
            return self.none()
        if who.is_national:
            return self
        if who.territory is None:
            return self.none()
        return self.filter(region_id=who.territory.region_id or who.territory.pk)


class Calendar(models.Model):
    """The region's one calendar for a year, for akims of all levels. Its rows are `Meeting`s."""

    region = models.ForeignKey("territories.Territory", models.PROTECT, related_name="calendars")
    year = models.PositiveSmallIntegerField(_("year"))
    changed_at = models.DateTimeField(_("last changed"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "region__code"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [models.UniqueConstraint(fields=["region", "year"], name="one_calendar_per_year")]

    def __str__(self) -> str:
        return f"{self.region} {self.year}"


class VersionQuerySet(models.QuerySet["CalendarVersion"]):
    def visible_to(self, who) -> "VersionQuerySet":
        """Approved versions are read by the region and its maslikhat; national readers see what was sent to them.

        The Government reads every version that was ever submitted, the Administration those that
        were not returned; only the administrator and the clock read the rest.
        """
        if not who.may_enter or who.role in ("executor", "central_body", "information_body"):
            return self.none()
        if who.role == "government":
            return self.filter(submitted())
        if who.role == "administration":
            return self.filter(submitted(exclude=["returned"]))
        if who.is_national:
            return self
        if who.territory is None:
            return self.none()
        return self.filter(calendar__region_id=who.territory.region_id or who.territory.pk)

    def newest(self) -> "VersionQuerySet":
        """Of each calendar the version with the greatest number."""
        newer = CalendarVersion.objects.filter(
            calendar=models.OuterRef("calendar"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(newer))


def submitted(exclude: list[str] | None = None) -> models.Exists:
    """Condition that a version was sent to the Government, leaving out submissions in some states."""
    submission = CalendarVersion._meta.get_field("submissions").related_model
    sent = submission._default_manager.filter(version=models.OuterRef("pk"))
    return models.Exists(sent.exclude(state__in=exclude or []))


class CalendarVersion(models.Model):
    """An approved calendar, frozen: the order, its scan, the rows as approved, the coverage then.

    Version 1 is the approval (826-2.1.h2); later ones are corrections (826-2.1.f1) with a reason.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    order_number = models.CharField(_("number of the order"), max_length=60)
    order_date = models.DateField(_("date of the order"))
    scan = models.FileField(_("signed scan"), upload_to="orders/%Y/")
    scan_name = models.CharField(max_length=200)
    scan_sha256 = models.CharField(max_length=64)
    scan_type = models.CharField(max_length=40, default="application/pdf")
    reason = models.TextField(_("reason of the correction"), blank=True)
    approved_at = models.DateTimeField(_("approved"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, related_name="+")
    row_count = models.PositiveIntegerField()
    rows_sha256 = models.CharField(max_length=64)
    coverage = models.JSONField(default=dict)
    difference = models.JSONField(default=dict)
    #: Made by the page that asked; the same request repeated finds this version instead of making another.
    idempotency_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULLs do not collide

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["calendar", "-number"]
        verbose_name = _("approved version")
        verbose_name_plural = _("approved versions")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["approved_by", "idempotency_key"], name="one_version_per_request"),
            models.CheckConstraint(condition=models.Q(number=1) | ~models.Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.calendar}, {self.number}"


class VersionRow(models.Model):
    """One meeting as it stood in an approved version; never changed afterwards."""

    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="rows")
    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="frozen")
    number = models.PositiveIntegerField()
    holder = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    place = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+")
    date = models.DateField()
    data = models.JSONField()

    class Meta:
        ordering = ["date", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "meeting"], name="one_frozen_row_per_meeting")]
        indexes = [models.Index(fields=["version", "date"], name="versionrow_date")]
