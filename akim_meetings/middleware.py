"""The reader's language, and the unit and year that he works on."""

from datetime import date

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from territories.middleware import UNIT_KEY
from territories.models import Territory
from territories.scope import today

YEAR_KEY = "year"
#: Longer numbers are no ids and would not fit the column.
LONGEST_ID = 18
#: The first calendars under Decree 826.
FIRST_YEAR = 2022
#: From this month on offices plan the next year (its calendar is due by 15 January).
PLANNING_MONTH = 10


class StaffLocaleMiddleware(LocaleMiddleware):
    """Django's choice, except that Kazakh, not the browser's wish, is the first answer.

    Office PCs often have an English or Russian Windows whatever their owner reads, so only a
    deliberate choice (address prefix or cookie) moves the interface away from the default.
    """

    def process_request(self, request):
        if request.path_info.split("/")[1] in dict(settings.LANGUAGES):
            return super().process_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        return None


def planning_year(day: date) -> int:
    """The year that offices work on: the next one from 1 October on, else the current one."""
    return day.year + 1 if day.month >= PLANNING_MONTH else day.year


class PickerMiddleware:
    """`request.unit` and `request.year` on staff pages: what the person works on, kept in the session.

    `?unit=ID&year=Y` on any staff page chooses them. A unit outside the scope of the post is
    ignored exactly like one that does not exist. Without a choice the unit is that of the post; for
    readers of the nation (and posts without a unit) it is None, the whole country, and `?unit=`
    chooses that again. The post's own unit costs no query, another one costs one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> None:
        if not request.path_info.startswith("/staff/"):
            return
        request.unit, request.year = None, planning_year(today())
        if request.user.is_authenticated:
            request.unit, request.year = self.unit_of(request), self.year_of(request)

    def unit_of(self, request) -> Territory | None:
        """The unit asked for, else the one kept in the session, else the post's."""
        who = request.who
        for wish in (request.GET.get(UNIT_KEY), request.session.get(UNIT_KEY)):
            if wish == "":
                request.session.pop(UNIT_KEY, None)
                break
            if not is_number(wish) or len(str(wish)) > LONGEST_ID:
                continue
            if who.territory is not None and who.territory.pk == int(wish):
                request.session.pop(UNIT_KEY, None)
                break
            unit = Territory.objects.filter(who.under("path"), pk=int(wish)).first()
            if unit is not None and who.may_enter:
                if request.session.get(UNIT_KEY) != unit.pk:
                    request.session[UNIT_KEY] = unit.pk
                return unit
        return who.territory

    def year_of(self, request) -> int:
        """The year asked for, else the one kept in the session, else the one to plan."""
        for wish in (request.GET.get(YEAR_KEY), request.session.get(YEAR_KEY)):
            if is_number(wish) and len(str(wish)) == 4 and may_choose(int(wish), today()):
                if request.session.get(YEAR_KEY) != int(wish):
                    request.session[YEAR_KEY] = int(wish)
                return int(wish)
        return planning_year(today())


def may_choose(year: int, day: date) -> bool:
    """Years that can hold a calendar: from the first under the decree to the next but one."""
    return FIRST_YEAR <= year <= day.year + 2


def is_number(text: str | int | None) -> bool:
    """A whole number in plain digits; digits of other scripts are no ids."""
    return text is not None and str(text).isascii() and str(text).isdecimal()
