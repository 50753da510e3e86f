"""The row of tabs that the pages of the law share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from law.register import acts

#: In the order of use: what is in force first, the archives last.
ORDER = ("826", "12", "190", "615")
READINGS, LAST_DAY = "readings", "last_day"


def act_name(code: str) -> str:
    """ "Decree No. 826": the short name of an act."""
    act = acts()[code]
    form = pgettext("form of an act", "Decree") if act.form == "decree" else pgettext("form of an act", "Resolution")
    return _("%(form)s No. %(number)s") % {"form": form, "number": act.number}


def tabs(here: str) -> list[dict]:
    """The pages of the law as `_tabs.html` takes them; `here` is a code of an act or one of the names above."""
    found = [
        {"url": reverse("act:act", args=[code]), "label": act_name(code), "active": code == here} for code in ORDER
    ]
    found.append({"url": reverse("act:readings"), "label": _("Readings"), "active": here == READINGS})
    found.append({"url": reverse("act:last_day"), "label": _("Last lawful days"), "active": here == LAST_DAY})
    return found
