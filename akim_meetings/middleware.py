"""The reader's language: the address on public pages, the account on staff pages, the cookie elsewhere."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


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
