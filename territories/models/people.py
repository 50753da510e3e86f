"""Users, the posts that they hold, and the tokens with which programs act for a post."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: In which an account reads.
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]


class Role(models.TextChoices):
    """What a post comes for (design: who uses the program)."""

    ADMINISTRATOR = "administrator", pgettext_lazy("role", "administrator")
    REGION_EDITOR = "region_editor", pgettext_lazy("role", "regional akimat: staff")
    REGION_APPROVER = "region_approver", pgettext_lazy("role", "regional akimat: approves the calendar")
    OFFICE_STAFF = "office_staff", pgettext_lazy("role", "akim's office: staff")
    EXECUTOR = "executor", pgettext_lazy("role", "responsible executor")
    MASLIKHAT = "maslikhat", pgettext_lazy("role", "maslikhat secretary")
    GOVERNMENT = "government", pgettext_lazy("role", "Government reviewer")
    ADMINISTRATION = "administration", pgettext_lazy("role", "Administration of the President")
    CENTRAL_BODY = "central_body", pgettext_lazy("role", "central body, holding or company")
    INFORMATION_BODY = "information_body", pgettext_lazy("role", "authorised body on access to information")


#: Roles whose word binds others; they must have a second factor.
SECOND_FACTOR_ROLES = (Role.ADMINISTRATOR, Role.REGION_APPROVER, Role.GOVERNMENT)
#: Roles that sit in a unit of the tree; the rest sit in an organisation.
TERRITORIAL_ROLES = (
    Role.REGION_EDITOR,
    Role.REGION_APPROVER,
    Role.OFFICE_STAFF,
    Role.EXECUTOR,
    Role.MASLIKHAT,
)
#: Roles that read the whole country.
NATIONAL_ROLES = (Role.ADMINISTRATOR, Role.GOVERNMENT, Role.ADMINISTRATION)


#: Accounts of the demonstration; they may not log in anywhere else.
DEMO_DOMAIN = "demo.example"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, who) -> "UserQuerySet":
        """Accounts that the reader may look after: all, or those with a post in his region, ever."""
        if who.is_administrator or who.system:
            return self
        if who.role != Role.REGION_APPROVER:
            return self.none()
        return self.filter(models.Exists(Post.objects.visible_to(who).filter(user=models.OuterRef("pk"))))

    def in_state(self, state: "UserState") -> "UserQuerySet":
        """Accounts of one state, as `User.state` tells it of a single one."""
        invited = models.Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        if state == UserState.CLOSED:
            return self.filter(is_active=False)
        return self.filter(invited if state == UserState.INVITED else ~invited, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """An account; without a password nobody can log in to it until a link has set one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """For `createsuperuser`: the account; its administrator's post is given by `appoint`."""
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser):
    """A person with an account. Never deleted, only deactivated: the journal names him."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGES,
        default="kk",
    )
    is_active = models.BooleanField(_("may log in"), default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        ordering = ["email"]
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_demo(self) -> bool:
        return self.email.endswith(f"@{DEMO_DOMAIN}")

    @property
    def state(self) -> "UserState":
        if not self.is_active:
            return UserState.CLOSED
        return UserState.ACTIVE if self.has_usable_password() else UserState.INVITED


class UserState(models.TextChoices):
    """How far an account is; worked out, not stored."""

    ACTIVE = "active", pgettext_lazy("state of an account", "active")
    INVITED = "invited", pgettext_lazy("state of an account", "invited, no password yet")
    CLOSED = "closed", pgettext_lazy("state of an account", "closed")


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """Posts held on a civil day; the last day itself still counts, the day of a withdrawal does not."""
        return self.filter(
            models.Q(valid_to=None) | models.Q(valid_to__gte=day),
            models.Q(closed_on=None) | models.Q(closed_on__gt=day),
            valid_from__lte=day,
        )

    def coming(self, day: date) -> "PostQuerySet":
        """Posts that begin after a civil day and were not withdrawn."""
        return self.filter(valid_from__gt=day, closed_on=None)

    def visible_to(self, who) -> "PostQuerySet":
        """Posts that the reader may look after: all, or those inside his region."""
        if who.is_administrator or who.system:
            return self
        if who.role != Role.REGION_APPROVER:
            return self.none()
        return self.filter(who.under("territory__path") | who.under("organisation__territory__path"))


class Post(models.Model):
    """A user in a role, for a unit or an organisation, from a day to a day (civil days, Asia/Almaty)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    territory = models.ForeignKey("territories.Territory", models.PROTECT, null=True, blank=True, related_name="posts")
    organisation = models.ForeignKey(
        "territories.Organisation", models.PROTECT, null=True, blank=True, related_name="posts"
    )
    title = models.CharField(_("position"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    #: Withdrawn: from this civil day on the post counts no longer, whatever its last day was to be.
    closed_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    appointed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("ground (order number and date)"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "pk"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="post_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.place}" if self.place else str(self.get_role_display())

    @property
    def place(self):
        """The unit, the body, or None for an administrator of the whole installation."""
        return self.territory or self.organisation

    @property
    def scope_path(self) -> str:
        """Whose journal tells of this post."""
        if self.territory_id:
            return self.territory.path
        unit = self.organisation.territory if self.organisation_id else None
        return unit.path if unit else ""

    def state_on(self, day: date) -> "PostState":
        if self.closed_on is not None and self.closed_on <= day:
            return PostState.WITHDRAWN
        if self.valid_from > day:
            return PostState.COMING
        if self.valid_to is not None and self.valid_to < day:
            return PostState.ENDED
        return PostState.HELD


class PostState(models.TextChoices):
    """What a post is on a civil day; worked out, not stored."""

    HELD = "held_now", pgettext_lazy("state of a post", "held")
    COMING = "coming", pgettext_lazy("state of a post", "not begun")
    ENDED = "ended", pgettext_lazy("state of a post", "ended")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a post", "withdrawn")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, who) -> "ApiTokenQuerySet":
        """A person's own tokens, under whichever of his posts."""
        return self.filter(post__user=who.user) if who.user is not None else self.none()


class ApiToken(models.Model):
    """A key with which a program acts as one post; only its digest is stored."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("valid until"))
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
