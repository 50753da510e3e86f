"""What people asked, by which channel; and, apart from it, who they are (826-3.4.b)."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..sealing import seal, unseal
from .scoped import Kept, Listed, Scoped, ScopedQuerySet


class Source(models.TextChoices):
    """List L-1: the open-data portal, the blog platform, and the other forms of communication."""

    OPENDATA = "opendata", pgettext_lazy("source of a request", "open-data internet portal")
    BLOG = "blog", pgettext_lazy("source of a request", "akims' blog platform")
    FORM = "form", pgettext_lazy("source of a request", "form on the page of the meeting")
    LETTER = "letter", pgettext_lazy("source of a request", "letter")
    CALL = "call", pgettext_lazy("source of a request", "call")
    BOX = "box", pgettext_lazy("source of a request", "box for questions")
    VISIT = "visit", pgettext_lazy("source of a request", "visit to the office")
    COMMENT = "comment", pgettext_lazy("source of a request", "comment of the broadcast")
    SOCIAL = "social", pgettext_lazy("source of a request", "social network")
    MEETING = "meeting", pgettext_lazy("source of a request", "at the meeting")
    RECEPTION = "reception", pgettext_lazy("source of a request", "at the personal reception")
    OTHER = "other", pgettext_lazy("source of a request", "other")


class Classification(models.TextChoices):
    """A question for the meeting, or an appeal that belongs to e-Otinish and is counted there only."""

    UNSORTED = "unsorted", pgettext_lazy("kind of request", "not sorted yet")
    QUESTION = "question", pgettext_lazy("kind of request", "question for the meeting")
    PROPOSAL = "proposal", pgettext_lazy("kind of request", "proposal")
    APPEAL = "appeal", pgettext_lazy("kind of request", "appeal, registered in e-Otinish")


class Moderation(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("moderation", "to be looked at")
    ACCEPTED = "accepted", pgettext_lazy("moderation", "accepted")
    REFUSED = "refused", pgettext_lazy("moderation", "not accepted")


class Language(models.TextChoices):
    KK = "kk", pgettext_lazy("language of a text", "Kazakh")
    RU = "ru", pgettext_lazy("language of a text", "Russian")
    MIXED = "mixed", pgettext_lazy("language of a text", "mixed")


#: Letters and digits of codes that people read aloud and type: without O 0 I 1 L.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
#: Codes are made two letters at a time.
CODE_PAIRS = [one + other for one in CODE_LETTERS for other in CODE_LETTERS]
#: What the search for similar requests reads of a neighbour.
SEARCHED = ("id", "sketch", "moderation")


def new_code() -> str:
    """A code that cannot be guessed (31^10) and can be dictated."""
    number, pairs = secrets.randbelow(len(CODE_LETTERS) ** CODE_LENGTH), []
    for _pair in range(CODE_LENGTH // 2):
        number, pair = divmod(number, len(CODE_PAIRS))
        pairs.append(CODE_PAIRS[pair])
    return "".join(pairs)


class Request(Listed, Kept):
    """One request or proposal as it came. The text is the office's; the person lies apart.

    `folded` and `sketch` are the text as the search compares it (`issues.similar`); `raion` is the unit right below
    the region that holds the office, so that neighbours are found by an index that holds all that is read of them.
    """

    meeting = models.ForeignKey(
        "calendars.Meeting", models.PROTECT, null=True, blank=True, related_name="requests", db_index=False
    )
    reception = models.ForeignKey("issues.Reception", models.PROTECT, null=True, blank=True, related_name="requests")
    source = models.CharField(_("source"), max_length=10, choices=Source)
    received_on = models.DateField(_("received on"))
    text = models.TextField(_("text"), max_length=5000)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    folded = models.TextField(default="", editable=False)
    sketch = models.TextField(null=True, blank=True, editable=False)  # noqa: DJ001 - NULL until it is made
    topic = models.ForeignKey("issues.Topic", models.PROTECT, null=True, blank=True, related_name="+")
    classification = models.CharField(
        _("classification"), max_length=10, choices=Classification, default=Classification.UNSORTED
    )
    appeal_number = models.CharField(_("registration number in e-Otinish"), max_length=60, blank=True)
    moderation = models.CharField(_("moderation"), max_length=10, choices=Moderation, default=Moderation.ACCEPTED)
    refusal = models.CharField(_("why it was not accepted"), max_length=500, blank=True)
    link = models.URLField(_("address of the page"), max_length=500, blank=True)
    #: With this code the asker finds his request and its issue; only he gets it.
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    #: Made by the form or the program that sent it: the same request twice is one.
    client_key = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001 - NULLs do not collide

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(
                condition=~Q(classification="appeal") | ~Q(appeal_number=""), name="appeal_has_its_number"
            ),
            models.CheckConstraint(condition=~Q(moderation="refused") | ~Q(refusal=""), name="refusal_has_a_reason"),
            models.UniqueConstraint(fields=["unit", "client_key"], name="one_request_per_key"),
            models.UniqueConstraint(
                fields=["region", "appeal_number"], condition=~Q(appeal_number=""), name="one_request_per_appeal"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-received_on"], name="request_unit_day"),
            models.Index(fields=["place"], name="request_place"),
            models.Index(fields=["raion", "-received_on"], include=SEARCHED, name="request_raion_day"),
            models.Index(fields=["region", "-received_on"], include=SEARCHED, name="request_region_day"),
            models.Index(fields=["meeting", "-received_on"], name="request_meeting_day"),
        ]

    def __str__(self) -> str:
        # Not the text: this goes into the journal, and people write names and numbers into texts.
        return f"№ {self.pk}"


class PersonQuerySet(ScopedQuerySet):
    def visible_to(self, who):
        """Only the office that collected the data, not those above it, not the administrator."""
        if who.system:
            return self
        if who.role not in ("office_staff", "region_editor", "region_approver") or who.territory is None:
            return self.none()
        return self.filter(unit=who.territory)


class RequestPerson(Scoped):
    """Who asked or demanded: sealed at rest, one row apart, with consent, deleted by a term."""

    request = models.OneToOneField(Request, models.CASCADE, null=True, blank=True, related_name="person")
    demand = models.OneToOneField("issues.Demand", models.CASCADE, null=True, blank=True, related_name="person")
    name_sealed = models.TextField(default="", editable=False)
    phone_sealed = models.TextField(default="", editable=False)
    email_sealed = models.TextField(default="", editable=False)
    consent_at = models.DateTimeField(_("consent given"))
    consent_text = models.CharField(max_length=500, blank=True)
    delete_after = models.DateField(_("is deleted after"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("data of a person")
        verbose_name_plural = _("data of persons")
        constraints = [
            models.CheckConstraint(
                condition=Q(request=None, demand__isnull=False) | Q(request__isnull=False, demand=None),
                name="person_belongs_to_one_row",
            )
        ]
        indexes = [models.Index(fields=["delete_after"], name="person_delete_after")]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    @property
    def name(self) -> str:
        return unseal(self.name_sealed)

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed)

    @property
    def email(self) -> str:
        return unseal(self.email_sealed)

    def write(self, *, name: str, phone: str, email: str) -> None:
        """Put the three values in, sealed; saves nothing."""
        self.name_sealed, self.phone_sealed, self.email_sealed = seal(name), seal(phone), seal(email)
