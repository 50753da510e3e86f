"""Who follows an issue or a village by mail: the address sealed, the codes as digests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..sealing import seal, unseal


class Subscription(models.Model):
    """One address for one issue or one unit. It gets nothing before its link was pressed; ending it removes the row."""

    issue = models.ForeignKey("issues.Issue", models.CASCADE, null=True, blank=True, related_name="subscriptions")
    unit = models.ForeignKey("territories.Territory", models.CASCADE, null=True, blank=True, related_name="+")
    #: Set where the asker himself follows: he may dispute a closing.
    request = models.ForeignKey("issues.Request", models.CASCADE, null=True, blank=True, related_name="subscriptions")
    email_sealed = models.TextField(editable=False)
    #: Keyed digest of the address: finds a second subscription without opening the first.
    email_digest = models.CharField(max_length=64)
    language = models.CharField(
        _("language"), max_length=2, choices=[("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
    )
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(issue=None, unit__isnull=False) | Q(issue__isnull=False, unit=None),
                name="subscription_to_one_thing",
            ),
            models.UniqueConstraint(fields=["issue", "email_digest"], name="one_subscription_per_issue"),
            models.UniqueConstraint(fields=["unit", "email_digest"], name="one_subscription_per_unit"),
        ]

    @property
    def email(self) -> str:
        return unseal(self.email_sealed)

    def write(self, email: str) -> None:
        """Put the address in, sealed; saves nothing."""
        self.email_sealed = seal(email)
