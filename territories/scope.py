"""The only code that knows who sees which rows.

Every door makes a `Who` from its request (or token, or the clock) and passes it down; querysets
answer `visible_to(who)`. A row outside the scope does not exist for its reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from journal.actors import Actor

from .models import Post, Role, Territory, User
from .models.people import NATIONAL_ROLES, SECOND_FACTOR_ROLES
from .zones import civil

#: Matches no path, for posts that cover no unit.
NOWHERE = "/"


def today() -> date:
    """The civil day now in Kazakhstan. Called by doors only; below them the day is an argument."""
    return civil(timezone.now())


@dataclass(frozen=True)
class Who:
    """One person under one post, at one door. `post` is None for the public and for the clock.

    `held_back` is a post that waits for its holder's second factor: it covers nothing until then.
    `others` are further posts of the same person, which he may change to. `at` is the instant at which he acts, where
    a year is replayed or told afterwards; None is now.
    """

    user: User | None = None
    post: Post | None = None
    held_back: Post | None = None
    address: str = ""
    request_id: str = ""
    system: str = ""
    others: tuple[Post, ...] = ()
    at: datetime | None = None

    @property
    def may_enter(self) -> bool:
        """Holds a post today, or is the clock itself."""
        return self.post is not None or bool(self.system)

    @property
    def moment(self) -> datetime:
        """The instant at which the person acts, as services stamp it."""
        return self.at or timezone.now()

    @property
    def role(self) -> str:
        return self.post.role if self.post else ""

    @cached_property
    def territory(self) -> Territory | None:
        if self.post is None:
            return None
        if self.post.territory_id:
            return self.post.territory
        return self.post.organisation.territory if self.post.organisation_id else None

    @property
    def path(self) -> str:
        """Prefix of the paths that the post covers; for national readers the empty prefix."""
        if self.is_national:
            return ""
        return self.territory.path if self.territory else NOWHERE

    @property
    def is_national(self) -> bool:
        return bool(self.system) or self.role in NATIONAL_ROLES

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def must_set_up_second_factor(self) -> bool:
        return self.held_back is not None

    def covers(self, path: str) -> bool:
        """Does the post's unit contain the unit with this path?"""
        return path.startswith(self.path)

    @property
    def actor(self) -> Actor:
        """Who the journal will name."""
        if self.system:
            return Actor.system(self.system, self.at)
        return Actor(
            user=self.user,
            post_id=self.post.pk if self.post else None,
            post_text=str(self.post) if self.post else "",
            address=self.address,
            request_id=self.request_id,
            at=self.at,
        )

    def under(self, field: str) -> Q:
        """Condition that a path column lies inside the post's scope; "unit__path" asks it of the row's unit."""
        if self.path == "":
            return Q()
        relation, _gap, column = field.rpartition("__")
        return (
            inside(self.path, relation) if relation and column == "path" else Q(**{f"{field}__startswith": self.path})
        )


def inside(path: str, *units: str) -> Q:
    """Condition that one of the units which a row names lies in the subtree of a path.

    The tree is asked once, by its index, and not joined with every row: the units below a path are few, the rows many.
    """
    below = Territory.objects.filter(path__startswith=path).order_by().values("pk")
    condition = Q()
    for unit in units:
        condition |= Q(**{f"{unit}__in": below})
    return condition


def clock(name: str, at: datetime | None = None) -> Who:
    """The program itself, acting by the timetable or from the command line."""
    return Who(system=name, at=at)


def second_factor_of(user_column: str) -> Exists:
    """Condition that the account in a column has its second factor switched on."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user_column), type=Authenticator.Type.TOTP))


def posts_of(user: User, day: date) -> list[Post]:
    """Posts that the user holds on a day, the newest first; each knows if he has a second factor."""
    posts: list[Post] = list(
        Post.objects.on(day)
        .filter(user=user)
        .annotate(second_factor=second_factor_of("user"))
        .select_related("territory", "organisation__territory")
    )
    for post in posts:
        post.user = user
    return posts


def under_post(post: Post, **fields) -> Who:
    """The person under a post of `posts_of`; `fields` are those of `Who`.

    A post whose rule of the second factor is not kept is held back. Accounts of the demonstration
    hold no post outside a demonstration.
    """
    if post.user.is_demo and not settings.DEMO:
        return Who(user=post.user, **fields)
    required = settings.SECOND_FACTOR_REQUIRED and post.role in SECOND_FACTOR_ROLES
    if required and not post.second_factor:
        return Who(user=post.user, held_back=post, **fields)
    return Who(user=post.user, post=post, **fields)


def path_filter(request) -> Q:
    """Which rows of the journal and of the outbox this reader may see, by their `scope_path`."""
    return request.who.under("scope_path") if request.who.may_enter else Q(pk__in=[])
