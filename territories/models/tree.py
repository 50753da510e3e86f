"""The tree of administrative-territorial units, as one living row per unit, and its editions."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from journal.labels import Labelled


class Kind(models.TextChoices):
    """Kinds of unit: the eleven of the decree, and three that the classifier adds."""

    OBLAST = "oblast", pgettext_lazy("kind of unit", "oblast")
    CITY_REP = "city_rep", pgettext_lazy("kind of unit", "city of republican significance")
    CAPITAL = "capital", pgettext_lazy("kind of unit", "capital")
    RAION = "raion", pgettext_lazy("kind of unit", "raion")
    CITY_OBLAST = "city_oblast", pgettext_lazy("kind of unit", "city of oblast significance")
    RAION_IN_CITY = "raion_in_city", pgettext_lazy("kind of unit", "raion in a city")
    CITY_RAION = "city_raion", pgettext_lazy("kind of unit", "city of raion significance")
    OKRUG = "okrug", pgettext_lazy("kind of unit", "rural okrug")
    SETTLEMENT = "settlement", pgettext_lazy("kind of unit", "settlement")
    VILLAGE = "village", pgettext_lazy("kind of unit", "village")
    MICRORAION = "microraion", pgettext_lazy("kind of unit", "microraion")
    OTHER_MAIN = "other_main", pgettext_lazy("kind of unit", "other place")
    MINOR = "minor", pgettext_lazy("kind of unit", "minor place")
    TERRITORY_ROW = "territory_row", pgettext_lazy("kind of unit", "row that repeats its parent")


REGION_KINDS = (Kind.OBLAST, Kind.CITY_REP, Kind.CAPITAL)


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def on(self, day: date) -> "TerritoryQuerySet":
        """Units that exist on a civil day."""
        return self.filter(
            models.Q(valid_from=None) | models.Q(valid_from__lte=day),
            models.Q(valid_to=None) | models.Q(valid_to__gte=day),
        )

    def regions(self) -> "TerritoryQuerySet":
        return self.filter(kind__in=REGION_KINDS)

    def with_akim(self) -> "TerritoryQuerySet":
        return self.filter(own_akim=True)

    def below(self, unit: "Territory", *, itself: bool = True) -> "TerritoryQuerySet":
        """The unit's whole subtree by path prefix; the path ends in a slash, so 7/ never matches 75/."""
        rows = self.filter(path__startswith=unit.path)
        return rows if itself else rows.exclude(pk=unit.pk)

    def visible_to(self, who) -> "TerritoryQuerySet":
        """The tree is public knowledge: everybody with a post reads it whole."""
        return self if who.may_enter else self.none()


class Territory(Labelled):
    """One unit through all editions of the classifier; its code and name may change, the row stays.

    `path` is made of primary keys, not of codes, because codes change: "3/118/2045/".
    """

    code = models.CharField(_("code"), max_length=12)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    own_akim = models.BooleanField(_("has an akim of its own"), default=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=120, default="", editable=False)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    search = models.CharField(max_length=420, default="", editable=False)
    sort_kk = models.CharField(max_length=420, default="", editable=False)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_to = models.DateField(_("exists until"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    manual = models.BooleanField(_("entered by hand"), default=False)
    excluded = models.BooleanField(_("excluded from the required meetings"), default=False)
    excluded_reason = models.TextField(_("reason of the exclusion"), blank=True)
    time_zone = models.CharField(max_length=40, default="Asia/Almaty")
    version = models.PositiveIntegerField(default=1)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to=None), name="one_living_unit_per_code"
            ),
            models.CheckConstraint(
                condition=models.Q(excluded=False) | ~models.Q(excluded_reason=""),
                name="exclusion_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="territory_code"),
            # With the ids, so that the units below a path are read from the index alone.
            models.Index(fields=["path"], include=["id"], name="territory_subtree", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind", "own_akim"], name="territory_kind"),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        """The name in a language; without one, the reader's. English falls back to Kazakh."""
        return self.name_of(self.name_kk, self.name_ru, self.name_en, language)

    #: For reading names without their rows: `Territory.name_of(*values_of_these_columns)`.
    NAME_COLUMNS = ("name_kk", "name_ru", "name_en")

    @staticmethod
    def name_of(kk: str, ru: str, en: str, language: str | None = None) -> str:
        """As `name`, of values that were read without their row."""
        language = language or get_language() or "kk"
        if language == "ru":
            return ru
        return (en if language == "en" else "") or kk

    @property
    def is_region(self) -> bool:
        return self.kind in REGION_KINDS


class Edition(models.Model):
    """One loaded edition of the classifier."""

    as_of = models.DateField(_("state of"), unique=True)
    classifier = models.CharField(_("classifier"), max_length=60, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    summary = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-as_of"]

    def __str__(self) -> str:
        return f"{self.as_of:%d.%m.%Y}"


class TerritoryState(models.Model):
    """What an edition said of a unit: the history that tells a code of 2022 from one of 2026."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="states")
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="states")
    code = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    name_kk = models.CharField(max_length=200, blank=True)
    name_ru = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "territory"], name="one_state_per_edition"),
            models.UniqueConstraint(fields=["edition", "code"], name="one_code_per_edition"),
        ]
        indexes = [models.Index(fields=["code"], name="territory_state_code")]


class DraftState(models.TextChoices):
    """Where a file of the classifier stands on its way into the tree."""

    WAITING = "waiting", pgettext_lazy("state of an edition", "To be checked")
    LOADING = "loading", pgettext_lazy("state of an edition", "Being loaded")
    OPEN = "open", pgettext_lazy("state of an edition", "Loaded, with open questions")
    CLOSED = "closed", pgettext_lazy("state of an edition", "Loaded")
    FAILED = "failed", pgettext_lazy("state of an edition", "Not loaded")
    DROPPED = "dropped", pgettext_lazy("state of an edition", "Put aside")


class EditionDraft(models.Model):
    """An edition that waits for a person to say which units of the old tree the new rows are.

    `plan` is what the preview shows; `decisions` maps ids of units to what the person said of them.
    """

    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.WAITING)
    fault = models.TextField(blank=True)
    #: Under which post the load was asked for; the sweep acts for it.
    started_under = models.ForeignKey("territories.Post", models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    as_of = models.DateField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    plan = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: The edition as it was loaded, while questions about its units are still open.
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="drafts")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("draft of an edition")
        verbose_name_plural = _("drafts of editions")

    def __str__(self) -> str:
        return f"{self.as_of:%d.%m.%Y}, {self.file_name}"
