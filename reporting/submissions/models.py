"""What the Government sends on and collects, frozen: calendars, lists of central issues, lists of bodies (826-5)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from journal import dates


class Kind(models.TextChoices):
    CALENDARS = "calendars", pgettext_lazy("kind of dispatch", "calendars to the Administration of the President")
    ISSUES = "issues", pgettext_lazy("kind of dispatch", "list of issues of central level with proposals")
    BODY = "body", pgettext_lazy("kind of dispatch", "quarterly list of a central body")


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def visible_to(self, who: Any) -> DispatchQuerySet:
        """The Government reads all; the Administration the calendars sent to it; a body its own lists."""
        if not who.may_enter:
            return self.none()
        if who.system or who.role in ("government", "administrator"):
            return self
        if who.role == "administration":
            return self.filter(kind=Kind.CALENDARS)
        if who.role == "central_body":
            return self.filter(kind=Kind.BODY, organisation=who.post.organisation_id)
        return self.none()


class Dispatch(models.Model):
    """One registered document: number, date, who registered it, which version, and its contents as they were.

    `organisation` is the addressee of calendars, the Government for its own lists, the body for a body's list.
    `part` is 0 for calendars, the month 2 or 8 of a list of issues, the quarter of a body's list. A later version has
    a reason and stands beside the earlier ones; nothing is changed but the addressee's registration.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    part = models.PositiveSmallIntegerField(default=0)
    organisation = models.ForeignKey(
        "territories.Organisation", models.PROTECT, related_name="dispatches", verbose_name=_("body")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    letter_number = models.CharField(_("number of the letter"), max_length=60)
    letter_date = models.DateField(_("date of the letter"))
    address = models.URLField(_("address of the page"), max_length=500, blank=True)
    reason = models.TextField(_("reason of the new version"), blank=True, max_length=2000)
    #: The reading by which the contents were chosen (A-04, A-24).
    reading = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    #: Nothing is missing: every region, every proposal, every course.
    complete = models.BooleanField(default=False)
    #: Lines of the register whose duties have got their evidence from this document.
    proved = models.JSONField(default=list)
    registered_at = models.DateTimeField(_("registered"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    registered_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, related_name="+")
    incoming_number = models.CharField(_("incoming number"), max_length=60, blank=True)
    incoming_date = models.DateField(_("incoming date"), null=True, blank=True)
    #: The calendars as workbooks with the letter, put together by the clock.
    bundle = models.FileField(upload_to="dispatches/%Y/", blank=True)
    lock = models.PositiveIntegerField(default=1)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at", "-pk"]
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year", "part", "organisation", "number"], name="one_dispatch_per_version"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="later_dispatch_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.period_words()}, {self.number}"

    @property
    def period(self) -> str:
        """The code of the period: "2027", "2027-Q2"."""
        return f"{self.year}-Q{self.part}" if self.kind == Kind.BODY else f"{self.year}"

    def period_words(self) -> str:
        if self.kind == Kind.ISSUES:
            return f"{dates.month_name(self.part)} {self.year}"
        return dates.period(self.period)

    def title(self, organisation: Any) -> str:
        """What the document is, in one line."""
        if self.kind == Kind.CALENDARS:
            return gettext("Calendars of the regions to the Administration of the President, %(year)s") % {
                "year": self.year
            }
        if self.kind == Kind.ISSUES:
            return gettext("Issues of central level by 15 %(month)s") % {
                "month": f"{dates.month_name(self.part, case='date')} {self.year}"
            }
        return gettext("%(body)s: list of issues, %(period)s") % {
            "body": organisation.name(),
            "period": dates.period(self.period),
        }
