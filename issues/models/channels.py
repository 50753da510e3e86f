"""List L-2 as data: through which channels offices announce, campaign and publish (826-3.4.c, 3.5.c6, 3.5.d2)."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """One channel. Codes are those of the register and never change; names are wording of the house."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    #: Named in the list of the campaign (826-3.4.c): each is used, or the reason why not is written.
    campaign = models.BooleanField(default=True)
    #: May be a place of publication of results, list and plan (826-3.5.c6).
    publication = models.BooleanField(default=False)
    #: May be a place of the quarterly information (826-3.5.d2).
    quarterly = models.BooleanField(default=False)
    #: Evidence is a photograph rather than an address (public places, print).
    by_photo = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        language = language or get_language() or "kk"
        return {"ru": self.name_ru, "en": self.name_en}.get(language, self.name_kk)
