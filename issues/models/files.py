"""Files of this room: copies of pages, photographs, letters, proofs, minutes; one table, one scoped door."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class FileKind(models.TextChoices):
    COPY = "copy", pgettext_lazy("kind of file", "copy of a page")
    PHOTO = "photo", pgettext_lazy("kind of file", "photograph")
    LETTER = "letter", pgettext_lazy("kind of file", "letter")
    ORDER = "order", pgettext_lazy("kind of file", "order")
    PROOF = "proof", pgettext_lazy("kind of file", "proof")
    MINUTES = "minutes", pgettext_lazy("kind of file", "minutes")
    TEMPLATE = "template", pgettext_lazy("kind of file", "template")
    OTHER = "other", pgettext_lazy("kind of file", "other")


class FileQuerySet(EvidenceQuerySet):
    def shared_with(self, who):
        """An executor reads what he brought himself and the proofs of his items; a central body nothing."""
        if who.role == "executor":
            own = models.Q(created_by=who.user)
            return self.filter(own | models.Q(progress__item__executor=who.post)).distinct()
        return self.none()


class StoredFile(Scoped, Kept, Evidence):
    """A file that passed the check of its content, under a name of our own, with its digest.

    `public` is set by the office alone, for proofs that the page of an issue may show.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    file = models.FileField(upload_to="issues/%Y/%m/")
    shown_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    public = models.BooleanField(_("shown to everybody"), default=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        return self.shown_name
