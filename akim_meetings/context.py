"""What every staff page shows around its content: menu, chosen unit and year, bell."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q
from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from deadlines.models import Reminder
from territories.middleware import PRIVATE
from territories.models import Role, Territory
from territories.models.tree import REGION_KINDS
from territories.scope import Who, today

from .middleware import may_choose
from .readiness import standing_since

REGION = (Role.REGION_EDITOR, Role.REGION_APPROVER)
OFFICES = (*REGION, Role.OFFICE_STAFF)
NATION = (Role.GOVERNMENT, Role.ADMINISTRATION, Role.ADMINISTRATOR)
#: Who reads the rows that are being planned; the others read approved versions.
PLANNERS = (*OFFICES, Role.ADMINISTRATOR)
READERS = (*OFFICES, Role.MASLIKHAT, *NATION)
#: Who has no pages of akims' offices, but reads issues of central level.
CENTRAL = (Role.CENTRAL_BODY, Role.GOVERNMENT, Role.ADMINISTRATION)
EVERYBODY = tuple(Role)


@dataclass(frozen=True)
class Entry:
    """One line of the menu: where it leads and which roles use it. What is `apart` is for keeping the house in order,
    and stands in a box of its own where it would make the menu too long."""

    label: str | Promise
    name: str
    icon: str
    roles: tuple[str, ...] = EVERYBODY
    key: str = ""
    apart: bool = False


#: In the order of `screens.md`.
MENU = (
    Entry(gettext_lazy("Today"), "home", "house", key="g t"),
    Entry(gettext_lazy("Calendar"), "calendars:year", "calendar3", PLANNERS, key="g c"),
    Entry(gettext_lazy("Coverage"), "calendars:coverage", "grid-3x3-gap", PLANNERS),
    Entry(gettext_lazy("Meetings"), "calendars:list", "list-ul", PLANNERS),
    Entry(gettext_lazy("Requests"), "issues:requests", "chat-left-text", PLANNERS, key="g r"),
    Entry(gettext_lazy("Issues"), "issues:issues", "flag", PLANNERS, key="g i"),
    Entry(gettext_lazy("My items"), "issues:items", "list-check", (Role.EXECUTOR,)),
    Entry(gettext_lazy("Central issues"), "issues:central", "bank", CENTRAL),
    Entry(gettext_lazy("Proposals"), "calendars:proposals", "person-plus", OFFICES),
    Entry(gettext_lazy("Approval"), "calendars:approval", "file-earmark-check", (*REGION, Role.MASLIKHAT, *NATION)),
    Entry(gettext_lazy("National desk"), "reporting:desk", "globe2", NATION),
    Entry(gettext_lazy("Submissions"), "reporting:submissions", "send", (*NATION, Role.CENTRAL_BODY)),
    Entry(pgettext_lazy("menu", "Desk"), "reporting:desk", "globe2", OFFICES),
    Entry(gettext_lazy("Exports"), "exports:list", "download", (*READERS, Role.CENTRAL_BODY)),
    Entry(gettext_lazy("Duties"), "deadlines:ledger", "list-check", READERS),
    Entry(gettext_lazy("Units"), "territories:units", "diagram-3"),
    Entry(gettext_lazy("The act"), "act:index", "book", key="g a"),
    Entry(gettext_lazy("Mail"), "journal:outbox", "envelope", (*REGION, Role.ADMINISTRATOR), apart=True),
    Entry(gettext_lazy("Journal"), "journal:entries", "journal-text", (*OFFICES, Role.ADMINISTRATOR), apart=True),
    Entry(gettext_lazy("Background work"), "operations", "gear", (Role.ADMINISTRATOR,), apart=True),
    Entry(gettext_lazy("People"), "people:list", "people", (Role.ADMINISTRATOR, Role.REGION_APPROVER), apart=True),
)


def staff(request: HttpRequest) -> dict:
    """Variables of `base_staff.html`; empty for the public, few for whoever holds no post.

    What costs a query is worked out only by pages that show it, not by their htmx pieces. Public
    pages do not even look at the session, so that caches may keep them.
    """
    who = getattr(request, "who", None)
    if who is None or not request.path_info.startswith(PRIVATE) or who.user is None:
        return {}
    person = {
        "current_post": who.post or who.held_back,
        "other_posts": who.others,
        "user_links": user_links(who),
    }
    if not who.may_enter:
        return person
    around = person | {
        "who": who,
        "today": today(),
        "nav": SimpleLazyObject(lambda: menu(request)),
        "standing_since": SimpleLazyObject(standing_since),
        "notices_url": reverse("deadlines:bell"),
        "unread_count": SimpleLazyObject(lambda: unread(who)),
    }
    if hasattr(request, "unit"):
        around |= {
            "current_unit": request.unit,
            "current_year": request.year,
            "unit_choices": SimpleLazyObject(lambda: unit_choices(request)),
            "year_choices": year_choices(request.year),
        }
    return around


@lru_cache(maxsize=64)
def entries_of(role: str, _addresses: str | None) -> tuple[tuple[Entry, str], ...]:
    """The entries that a role uses and where they lead under the addresses now in force."""
    return tuple((entry, reverse(entry.name)) for entry in MENU if role in entry.roles)


def menu(request: HttpRequest) -> list[dict]:
    """The entries that the person's role uses; the one whose address begins this page's is active."""
    entries = entries_of(request.who.role, get_urlconf())
    home = reverse("home")
    under = [url for _entry, url in entries if request.path == url or (url != home and request.path.startswith(url))]
    here = max(under, key=len, default="")
    return [
        {
            "url": url,
            "label": entry.label,
            "icon": entry.icon,
            "active": url == here,
            "key": entry.key,
            "apart": entry.apart,
        }
        for entry, url in entries
    ]


def user_links(who: Who) -> list[dict]:
    """What stands under the person's name; programs act only for a post."""
    links = [
        {"url": reverse("account_profile"), "label": _("My account"), "icon": "person"},
        {"url": reverse("usersessions_list"), "label": _("Where I am logged in"), "icon": "door-open"},
    ]
    if who.may_enter:
        links.append({"url": reverse("account_tokens"), "label": _("Tokens for programs"), "icon": "link-45deg"})
    return links


def unread(who: Who) -> int:
    """How many reminders the person has not looked at."""
    rows = Reminder.objects.filter(user=who.user, channel=Reminder.Channel.PAGE, read_at=None)
    return rows.count()


def unit_choices(request: HttpRequest) -> list[tuple[int | str, str]]:
    """The way down the tree: the units above the chosen one inside the scope, and those below each of them."""
    who, unit = request.who, request.unit
    if who.territory is None and not who.is_national:
        return []
    chain = [int(part) for part in unit.path.split("/") if part] if unit else []
    shown = Q(pk__in=chain) | Q(parent__in=chain, own_akim=True, valid_to=None)
    if who.is_national:
        shown |= Q(kind__in=REGION_KINDS, valid_to=None)
    units = Territory.objects.filter(shown, who.under("path")).order_by("sort_kk", "code")
    # Values and one name for each language: every page asks, and none needs more of these units.
    columns = units.values_list("pk", "parent_id", *Territory.NAME_COLUMNS)
    own = who.territory.pk if who.territory is not None else None
    below = defaultdict(list)
    for pk, parent, *names in columns:
        top = parent is None or pk == own
        below[None if top else parent].append((pk, Territory.name_of(*names)))
    choices: list[tuple[int | str, str]] = [("", _("The whole country"))] if who.is_national else []

    def add(parent: int | None, depth: int) -> None:
        for pk, name in below.get(parent, ()):
            choices.append((pk, f"{'– ' * depth}{name}"))
            add(pk, depth + 1)

    add(None, 0)
    return choices


def year_choices(chosen: int) -> list[tuple[int, str]]:
    """Last year, this one, the next two, and the chosen one."""
    now = today()
    years = {year for year in range(now.year - 1, now.year + 3) if may_choose(year, now)} | {chosen}
    return [(year, str(year)) for year in sorted(years)]
