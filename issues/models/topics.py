"""Topics of issues: a list of two levels, shared by the nation, changed by each region."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .scoped import Kept


class Proof(models.TextChoices):
    """What must lie with an issue before it may be called done."""

    TEXT = "text", pgettext_lazy("proof that a topic asks for", "a written account")
    DOCUMENT = "document", pgettext_lazy("proof that a topic asks for", "a document")
    PHOTO = "photo", pgettext_lazy("proof that a topic asks for", "a photograph")


class TopicQuerySet(models.QuerySet["Topic"]):
    def for_region(self, region_id: int) -> "TopicQuerySet":
        """The region's list: the shared topics with the region's own words and additions in place of them."""
        own = Topic.objects.filter(region_id=region_id, code=OuterRef("code"))
        return self.filter(Q(region_id=region_id) | Q(region=None) & ~Exists(own)).filter(active=True)


class Topic(Kept):
    """A topic. A row of a region takes the place of the shared row with the same code.

    Rows are never removed, because issues name them; one that is out of use is not `active`.
    """

    region = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="+")
    code = models.SlugField(_("code"), max_length=40)
    parent_code = models.SlugField(_("belongs to"), max_length=40, blank=True)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    proof = models.CharField(_("proof asked for"), max_length=10, choices=Proof, default=Proof.TEXT)
    active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="one_topic_per_region_and_code"),
            models.UniqueConstraint(fields=["code"], condition=Q(region=None), name="one_shared_topic_per_code"),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        language = language or get_language() or "kk"
        if language == "ru":
            return self.name_ru
        return (self.name_en if language == "en" else "") or self.name_kk
