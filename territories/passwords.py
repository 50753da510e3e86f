"""The rules of passwords, in words of our own (Django's are not all translated into Kazakh)."""

from django.contrib.auth import password_validation as stock
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class NotLikeTheAccount(stock.UserAttributeSimilarityValidator):
    DEFAULT_USER_ATTRIBUTES = ("email", "full_name")

    def get_error_message(self) -> str:
        return _("The password is too similar to your name or e-mail address.")

    def get_help_text(self) -> str:
        return _("It must not resemble your name or e-mail address.")


class LongEnough(stock.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "The password is too short: it needs at least %(count)s character.",
            "The password is too short: it needs at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "It has at least %(count)s character; a sentence of several words is easy to remember.",
            "It has at least %(count)s characters; a sentence of several words is easy to remember.",
            self.min_length,
        ) % {"count": self.min_length}


class NotCommon(stock.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("This password is among those that are guessed first.")

    def get_help_text(self) -> str:
        return _("It is not one of the passwords that everybody uses.")


class NotOnlyDigits(stock.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("The password consists of digits only.")

    def get_help_text(self) -> str:
        return _("It does not consist of digits only.")
