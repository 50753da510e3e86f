"""What rows of this room share: whose they are, who may read them, who wrote them last."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calendars.models.meeting import READERS_OF_VERSIONS
from journal.labels import Labelled
from territories.scope import inside


class ScopedQuerySet(models.QuerySet[Any]):
    """Working rows of an akim's office: read by the office and by those above it, by nobody else.

    A model that other readers share (executors, central bodies, the Government) widens `shared_with`.
    """

    def visible_to(self, who) -> Any:
        """Rows of the reader's units. National readers are no staff; the administrator and the clock read all."""
        if not who.may_enter:
            return self.none()
        if who.role in READERS_OF_VERSIONS:
            return self.shared_with(who)
        if who.is_national:
            return self
        return self.filter(self.in_units_of(who))

    def in_units_of(self, who) -> models.Q:
        """Condition that a row lies in the reader's units, by the office or by the place where there is one."""
        try:
            self.model._meta.get_field("place")
        except FieldDoesNotExist:
            return who.under("unit__path")
        return who.under("unit__path") | who.under("place__path")

    def under_unit(self, unit) -> Any:
        """Rows of one unit and of those below it; a whole region by its own column."""
        if unit.is_region:
            return self.filter(region=unit)
        return self.filter(inside(unit.path, "unit"))

    def shared_with(self, who) -> Any:
        """What readers who are no staff of an akimat may see of these rows; nothing unless a model says so."""
        return self.none()


class Kept(Labelled):
    """A row that people edit: `version` grows with every change, and a stale save is refused.

    Nobody looks for rows by who wrote them: the journal tells that.
    """

    #: The instant at which the person acted (`Who.moment`).
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Scoped(Labelled):
    """A row of one office: `unit` has the akim who answers, `region` is its region (itself for an oblast)."""

    unit = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+", verbose_name=_("akim of"))
    region = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+", verbose_name=_("region"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def scope_path(self) -> str:
        """Whose journal tells of this row."""
        return self.unit.path


class Listed(Scoped):
    """The same for rows that are many, with the place and the unit right below the region that holds the office.

    Their own indices begin with these. Region and raion lie above the unit, whose own constraint keeps every unit above
    it from going.
    """

    unit = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="+", verbose_name=_("akim of"), db_index=False
    )
    region = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        related_name="+",
        verbose_name=_("region"),
        db_index=False,
        db_constraint=False,
    )
    raion = models.ForeignKey(
        "territories.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    place = models.ForeignKey(
        "territories.Territory", models.PROTECT, related_name="+", verbose_name=_("place"), db_index=False
    )

    class Meta:
        abstract = True


class NeverRemoved(TypeError):
    """Somebody tried to remove a row that is evidence."""


class EvidenceQuerySet(ScopedQuerySet):
    """Rows that stay for ever: what was promised, published or confirmed."""

    def delete(self):
        raise NeverRemoved(f"{self.model._meta.object_name} is evidence and is never removed.")


class Evidence(models.Model):
    """A row that no door removes."""

    class Meta:
        abstract = True

    def delete(self, *args, **kwargs):
        raise NeverRemoved(f"{self._meta.object_name} is evidence and is never removed.")
