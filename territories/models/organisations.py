"""Offices and bodies that hold meetings, receive notices or answer for issues."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    REGIONAL_AKIMAT = "regional_akimat", pgettext_lazy("kind of body", "regional akimat")
    AKIM_OFFICE = "akim_office", pgettext_lazy("kind of body", "akim's office")
    MASLIKHAT = "maslikhat", pgettext_lazy("kind of body", "maslikhat")
    GOVERNMENT = "government", pgettext_lazy("kind of body", "Government Office")
    ADMINISTRATION = "administration", pgettext_lazy("kind of body", "Administration of the President")
    MINISTRY = "ministry", pgettext_lazy("kind of body", "ministry")
    AGENCY = "agency", pgettext_lazy("kind of body", "agency or other central body")
    HOLDING = "holding", pgettext_lazy("kind of body", "national holding")
    COMPANY = "company", pgettext_lazy("kind of body", "national company")
    ENTERPRISE = "enterprise", pgettext_lazy("kind of body", "state enterprise")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, who) -> "OrganisationQuerySet":
        """Names of bodies are public; their mailboxes are not (see `Mailbox.objects.visible_to`)."""
        return self if who.may_enter else self.none()


class Organisation(models.Model):
    """A body. An akim's office exists once for each unit with an akim of its own."""

    key = models.CharField(_("key"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    territory = models.ForeignKey(
        "territories.Territory", models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    under = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    name_kk = models.CharField(_("name in Kazakh"), max_length=300)
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    #: All names and the key, folded as `journal.dates.fold` does.
    search = models.CharField(max_length=1000, default="", editable=False)
    short_ru = models.CharField(_("short name"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    website = models.URLField(_("website"), blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    #: The name was mended by a person and no longer follows the name of the unit.
    name_by_hand = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [models.Index(fields=["kind"], name="organisation_kind")]

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        language = language or get_language() or "kk"
        if language == "ru":
            return self.name_ru
        return (self.name_en if language == "en" else "") or self.name_kk


#: In which language a body reads its notices.
NOTICE_LANGUAGES = [("both", _("Kazakh and Russian")), ("kk", _("Kazakh")), ("ru", _("Russian"))]


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def visible_to(self, who) -> "MailboxQuerySet":
        """Addresses of bodies inside the reader's territory, or all for those who read the nation."""
        if not who.may_enter:
            return self.none()
        if who.is_national:
            return self
        return self.filter(organisation__territory__path__startswith=who.path)


class Mailbox(models.Model):
    """An e-mail address at which a body receives notices, and in which language it reads."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mailboxes")
    address = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language of the notice"),
        max_length=4,
        choices=NOTICE_LANGUAGES,
        default="both",
    )
    addressee = models.CharField(_("to whom (post)"), max_length=200, blank=True)
    active = models.BooleanField(_("in use"), default=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.UniqueConstraint(fields=["organisation", "address"], name="one_mailbox_per_address")]

    def __str__(self) -> str:
        return self.address
