"""Users, the posts that they hold, and the tokens with which programs act for a post."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
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
        choices=[("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))],
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


class PostQuerySet(models.QuerySet["Post"]):
    def on(self, day: date) -> "PostQuerySet":
        """Posts held on a civil day; the last day itself still counts."""
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        )


class Post(models.Model):
    """A user in a role, for a unit or an organisation, from a day to a day (civil days, Asia/Almaty)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    territory = models.ForeignKey(
        "territories.Territory", models.PROTECT, null=True, blank=True, related_name="posts"
    )
    organisation = models.ForeignKey(
        "territories.Organisation", models.PROTECT, null=True, blank=True, related_name="posts"
    )
    title = models.CharField(_("position"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    appointed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("ground (order number and date)"), max_length=200, blank=True)

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
        where = self.territory or self.organisation
        return f"{self.get_role_display()}, {where}" if where else str(self.get_role_display())


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

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
