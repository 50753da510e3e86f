"""What every staff page shows around its content: menu, chosen unit and year, bell."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from territories.models import Role
from territories.scope import today

READERS_OF_VERSIONS = (Role.GOVERNMENT, Role.ADMINISTRATION)


def staff(request) -> dict:
    """Variables of `base_staff.html`; empty for the public and for requests without an account."""
    who = getattr(request, "who", None)
    if who is None or not who.may_enter:
        return {}
    return {"who": who, "nav": menu(request), "today": today()}


def menu(request) -> list[dict]:
    """The entries that the person's role uses, in the order of `screens.md`."""
    role = request.who.role
    entries = [(_("Today"), "home", "house")]
    here = request.path
    return [
        {"url": reverse(name), "label": label, "icon": icon, "active": here == reverse(name)}
        for label, name, icon in entries
        if role
    ]
