"""Changes of large units, added up beforehand: what makes the desk of the nation quick."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Numbers(models.Model):
    """The columns of `changes.FIGURES`."""

    held = models.IntegerField(default=0)
    announce_met = models.IntegerField(default=0)
    announce_contested = models.IntegerField(default=0)
    announce_late = models.IntegerField(default=0)
    publish_met = models.IntegerField(default=0)
    publish_contested = models.IntegerField(default=0)
    publish_late = models.IntegerField(default=0)
    quarter_met = models.IntegerField(default=0)
    quarter_contested = models.IntegerField(default=0)
    quarter_late = models.IntegerField(default=0)
    duty_met = models.IntegerField(default=0)
    duty_contested = models.IntegerField(default=0)
    duty_late = models.IntegerField(default=0)
    raised = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    explained = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    past = models.IntegerField(default=0)
    slipped = models.IntegerField(default=0)
    reports = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Cell(Numbers):
    """What changed in a unit on a day of a year's figures; the state of a day is the sum up to it.

    `whole` rows add up a region, raion or city with every office below; the others are its own office alone. Kept for
    units with offices below them, since the few offices of a raion are quickly added up as they are. Written by
    `keeping` alone; `check_desk` recomputes them.
    """

    unit = models.ForeignKey(
        "territories.Territory", models.CASCADE, related_name="+", db_index=False, verbose_name=_("unit")
    )
    whole = models.BooleanField()
    year = models.PositiveSmallIntegerField()
    day = models.DateField()

    class Meta:
        verbose_name = _("kept figure of the desk")
        verbose_name_plural = _("kept figures of the desk")
        constraints = [models.UniqueConstraint(fields=["year", "unit", "whole", "day"], name="one_cell_a_day")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class Change(Numbers):
    """What one transaction changed in an office's figures of a day; it counts until it is folded into the cells.

    Written by the triggers of `triggers`, in the transaction of the change.
    """

    unit = models.ForeignKey(
        "territories.Territory", models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    year = models.PositiveSmallIntegerField(db_index=True)
    day = models.DateField()


class Mark(models.Model):
    """An issue that has changed: the cells do not count it, readers count it as it is. 0: all is to be counted."""

    issue_id = models.BigIntegerField(primary_key=True)
