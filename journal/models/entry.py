"""The audit trail: one row for one change, written with the change and never touched again."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryIsFinal(TypeError):
    """Somebody tried to change or remove a row of the journal."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **kwargs):
        raise EntryIsFinal("Entries of the journal are never changed.")

    def delete(self):
        raise EntryIsFinal("Entries of the journal are never removed.")

    def bulk_update(self, objs, fields, batch_size=None):
        raise EntryIsFinal("Entries of the journal are never changed.")

    def of(self, obj: models.Model) -> "EntryQuerySet":
        """Everything that happened to one object, the newest first."""
        return self.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk)).order_by("-pk")


class Entry(models.Model):
    """One change: who, when, under which post, from where; what was and what became.

    Append-only: refused here, and by triggers of the database for whoever comes another way.
    `pk` is the order; `at` is an instant in UTC and may repeat within a transaction.
    """

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    actor_text = models.CharField(max_length=200, blank=True)
    post_id = models.BigIntegerField(null=True)
    post_text = models.CharField(_("under which post"), max_length=400, blank=True)
    action = models.CharField(_("what was done"), max_length=80, db_index=True)
    object_type = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_text = models.CharField(_("with what"), max_length=300, blank=True)
    #: Path of the territory that the object belongs to ("12/345/"); empty: of the whole installation.
    scope_path = models.CharField(max_length=200, blank=True, db_index=True)
    was = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    became = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True)
    basis = models.CharField(_("ground in the act"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    request_id = models.CharField(max_length=64, blank=True)
    #: Joins the rows of one bulk action or import with their summary entry.
    batch = models.UUIDField(null=True, db_index=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="entry_of_object")]

    def __str__(self) -> str:
        return f"{self.pk} {self.action} {self.object_text}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise EntryIsFinal("Entries of the journal are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise EntryIsFinal("Entries of the journal are never removed.")
