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
    SHEET = "sheet", pgettext_lazy("kind of file", "table of requests")
    OTHER = "other", pgettext_lazy("kind of file", "other")


class FileQuerySet(EvidenceQuerySet):
    def handed_out(self):
        """Files that may leave by the door of files: a table of requests may hold names, and never does."""
        return self.exclude(kind=FileKind.SHEET)

    def sheets_of(self, who):
        """Tables of requests that the reader's own office keeps or that he brought himself, while they are here."""
        if who.user is None or who.territory is None:
            return self.none()
        own = models.Q(unit=who.territory) | models.Q(created_by=who.user)
        return self.visible_to(who).filter(own, kind=FileKind.SHEET).exclude(file="")

    def shared_with(self, who):
        """An executor reads what he brought himself and the proofs of his items; a central body nothing."""
        if who.role == "executor":
            own = models.Q(created_by=who.user)
            return self.filter(own | models.Q(progress__item__executor=who.post)).distinct()
        return self.none()


PNG, JPEG = IMAGES = ("image/png", "image/jpeg")


class StoredFile(Scoped, Kept, Evidence):
    """A file that passed the check of its content, under a name of our own, with its digest.

    A table of requests (`SHEET`) lies sealed, and is emptied once it is taken in or after a day; its row stays.
    `public` is set by the office alone, for proofs that the page of an issue may show.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    file = models.FileField(upload_to="issues/%Y/%m/", blank=True)
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

    @property
    def is_photo(self) -> bool:
        """Whether pages of the staff may draw it: its content passed the check of pictures when it came."""
        return self.content_type in IMAGES and bool(self.file)
