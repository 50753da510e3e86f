"""Before the meeting: commission, announcement, channels, audience, broadcast, demands (826-3.1–3.4, 4)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .scoped import Evidence, EvidenceQuerySet, Kept, Scoped


class Capacity(models.TextChoices):
    """As what a member sits in a commission (826-3.4.a2 names the first two)."""

    ASSEMBLY = "assembly", pgettext_lazy("member of a commission", "local community assembly")
    COUNCIL = "council", pgettext_lazy("member of a commission", "public council")
    DEPUTY = "deputy", pgettext_lazy("member of a commission", "deputy of the maslikhat")
    OFFICE = "office", pgettext_lazy("member of a commission", "akim's office")
    BODY = "body", pgettext_lazy("member of a commission", "local executive body")
    OTHER = "other", pgettext_lazy("member of a commission", "other")


class Commission(Scoped, Kept):
    """A commission for collecting requests: standing with a term, or for one meeting (A-17).

    A named body that does not exist in the unit is not asked for; the note says so (`absent_body`).
    """

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, null=True, blank=True, related_name="commissions")
    order_number = models.CharField(_("number of the order"), max_length=60)
    order_date = models.DateField(_("date of the order"))
    order_file = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    no_assembly_note = models.CharField(_("why nobody of a local community assembly"), max_length=300, blank=True)
    no_council_note = models.CharField(_("why nobody of a public council"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="commission_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["unit", "valid_from"], name="commission_unit_from")]

    def __str__(self) -> str:
        return f"№ {self.order_number}, {self.order_date:%d.%m.%Y}"


class CommissionMember(models.Model):
    """A member by post and capacity; the name may stay out."""

    commission = models.ForeignKey(Commission, models.CASCADE, related_name="members")
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity)
    post = models.CharField(_("post"), max_length=200)
    name = models.CharField(_("full name"), max_length=200, blank=True)
    chair = models.BooleanField(_("chair"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]


class AnnouncementText(Scoped, Kept):
    """The text of an announcement in both languages; each change is a new row with the next number."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="announcement_texts")
    number = models.PositiveSmallIntegerField()
    text_kk = models.TextField(_("text in Kazakh"), max_length=5000)
    text_ru = models.TextField(_("text in Russian"), max_length=5000)

    class Meta:
        ordering = ["meeting", "-number"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_announcement_per_number")]


class Purpose(models.TextChoices):
    ANNOUNCEMENT = "announcement", pgettext_lazy("purpose of a channel", "announcement")
    CAMPAIGN = "campaign", pgettext_lazy("purpose of a channel", "information campaign")


class ChannelUse(Scoped, Kept, Evidence):
    """One channel used for a meeting, or the reason why it was not (826-3.4.c, d).

    The first public announcement is the one that counts (A-07). A withdrawn row stays as evidence.
    """

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="channel_uses")
    purpose = models.CharField(_("purpose"), max_length=14, choices=Purpose)
    channel = models.ForeignKey("issues.Channel", models.PROTECT, related_name="+", verbose_name=_("channel"))
    address = models.URLField(_("address of the page"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    #: The day of the meeting as this announcement named it: a moved meeting needs another (A-05).
    for_date = models.DateField(null=True, blank=True)
    for_place = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="+")
    copy = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    reason_unused = models.CharField(_("why it was not used"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "purpose", "channel__order", "pk"]
        verbose_name = _("channel used")
        verbose_name_plural = _("channels used")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=False, reason_unused="")
                | (Q(published_at=None) & ~Q(reason_unused="")),
                name="channel_is_used_or_has_a_reason",
            )
        ]
        indexes = [models.Index(fields=["meeting", "purpose", "published_at"], name="channeluse_meeting")]


class AudienceCategory(models.TextChoices):
    """List L-4 (826-4.h2) and whom offices invite besides."""

    DEPUTIES = "deputies", pgettext_lazy("audience", "deputies of the maslikhat")
    PARTIES = "parties", pgettext_lazy("audience", "representatives of parties")
    ORGANISATIONS = "organisations", pgettext_lazy("audience", "representatives of public organisations")
    OPPOSITION = "opposition", pgettext_lazy("audience", "representatives of the opposition")
    COUNCIL = "council", pgettext_lazy("audience", "members of the public council")
    BUSINESS = "business", pgettext_lazy("audience", "entrepreneurs")
    PRESS = "press", pgettext_lazy("audience", "mass media")
    YOUTH = "youth", pgettext_lazy("audience", "youth")
    ELDERS = "elders", pgettext_lazy("audience", "veterans and elders")
    RESIDENTS = "residents", pgettext_lazy("audience", "residents")
    OTHER = "other", pgettext_lazy("audience", "other")


#: The four categories that the decree names.
NAMED_AUDIENCE = (
    AudienceCategory.DEPUTIES,
    AudienceCategory.PARTIES,
    AudienceCategory.ORGANISATIONS,
    AudienceCategory.OPPOSITION,
)


class Audience(Scoped, Kept):
    """One category of the audience of a meeting: how many were invited, by what letter, how many came."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="audience")
    category = models.CharField(_("category"), max_length=14, choices=AudienceCategory)
    invited = models.PositiveIntegerField(_("invited"), null=True, blank=True)
    invited_on = models.DateField(_("invited on"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)
    letter = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("audience")
        verbose_name_plural = _("audience")
        constraints = [models.UniqueConstraint(fields=["meeting", "category"], name="one_row_per_audience")]


class VideoPoint(Scoped, Kept):
    """A point connected by videoconference (826-3.2.h3)."""

    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, related_name="video_points")
    place = models.ForeignKey(
        "territories.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    address = models.CharField(_("hall and address"), max_length=300, blank=True)
    connected = models.BooleanField(_("was connected"), null=True, blank=True)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True)

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("videoconference point")
        verbose_name_plural = _("videoconference points")


class BroadcastRecord(Scoped, Kept):
    """The broadcast of a meeting: where, with open comments, or the reason why there was none (826-3.2, A-18)."""

    meeting = models.OneToOneField("calendars.Meeting", models.PROTECT, related_name="broadcast_record")
    address = models.URLField(_("address of the broadcast"), max_length=500, blank=True)
    recording = models.URLField(_("address of the recording"), max_length=500, blank=True)
    comments_open = models.BooleanField(_("comments are open"), null=True, blank=True)
    comments_copy = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    comment_count = models.PositiveIntegerField(_("number of comments"), null=True, blank=True)
    reason = models.TextField(_("why there is no broadcast"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        constraints = [
            models.CheckConstraint(
                condition=(~Q(address="") & Q(reason="")) | (Q(address="") & ~Q(reason="")),
                name="broadcast_has_an_address_or_a_reason",
            )
        ]


class DemandAnswer(models.TextChoices):
    OPEN = "open", pgettext_lazy("answer to a demand", "not answered")
    GRANTED = "granted", pgettext_lazy("answer to a demand", "a meeting is held")
    REFUSED = "refused", pgettext_lazy("answer to a demand", "refused")


class Demand(Scoped, Kept, Evidence):
    """A demand of the population for a meeting outside the calendar (826-3.1.h1, h3), or its necessity (h2).

    `who` names a group ("residents of Zhana street"); names and contacts lie apart in `RequestPerson`.
    """

    place = models.ForeignKey("territories.Territory", models.PROTECT, related_name="+", verbose_name=_("place"))
    received_on = models.DateField(_("received on"))
    number = models.CharField(_("registration number"), max_length=60, blank=True)
    who = models.CharField(_("who demands"), max_length=300)
    people = models.PositiveIntegerField(_("how many people"), validators=[MinValueValidator(1)])
    text = models.TextField(_("what about"), max_length=5000)
    letter = models.ForeignKey("issues.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("answer"), max_length=8, choices=DemandAnswer, default=DemandAnswer.OPEN)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer_text = models.TextField(_("text of the answer"), blank=True, max_length=5000)
    meeting = models.ForeignKey("calendars.Meeting", models.PROTECT, null=True, blank=True, related_name="demands")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = _("demand of the population")
        verbose_name_plural = _("demands of the population")
        constraints = [
            models.CheckConstraint(condition=Q(answer="open") | Q(answered_on__isnull=False), name="answer_has_a_day"),
            models.CheckConstraint(
                condition=~Q(answer="refused") | ~Q(answer_text=""), name="refused_demand_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-received_on"], name="demand_unit_day")]
