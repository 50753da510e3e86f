"""Personal data in a text that is about to be published: found and refused, never cut out silently."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_DIGITS = re.compile(r"(?<!\d)(?:\d[ \-]?){11}\d(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?7|8)[\s\-(]*7\d{2}[\s\-)]*\d{3}[\s\-]*\d{2}[\s\-]*\d{2}(?!\d)")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
_CARD = re.compile(r"(?<!\d)(?:\d[ \-]?){15}\d(?!\d)")
#: A telephone number has so many digits; a text with fewer holds no number of a person.
FEWEST_DIGITS = 11
_DIGIT = re.compile(r"\d")
_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)

IIN, PHONE, EMAIL, CARD = "iin", "phone", "email", "card"
WORDS = {
    IIN: gettext_lazy("an individual identification number"),
    PHONE: gettext_lazy("a mobile telephone number"),
    EMAIL: gettext_lazy("an e-mail address"),
    CARD: gettext_lazy("a bank card number"),
}


def findings(text: str) -> list[str]:
    """Kinds of personal data that stand in a text, in a fixed order."""
    found = []
    numbered = len(_DIGIT.findall(text)) >= FEWEST_DIGITS
    if numbered and any(is_iin(re.sub(r"\D", "", hit)) for hit in _DIGITS.findall(text)):
        found.append(IIN)
    if numbered and _PHONE.search(text):
        found.append(PHONE)
    if "@" in text and _EMAIL.search(text):
        found.append(EMAIL)
    if numbered and any(is_card(re.sub(r"\D", "", hit)) for hit in _CARD.findall(text)):
        found.append(CARD)
    return found


def is_iin(digits: str) -> bool:
    """Twelve digits with a possible day of birth and the right check digit."""
    if len(digits) != 12 or not (1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    numbers = [int(digit) for digit in digits]
    for weights in (_FIRST, _SECOND):
        check = sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11
        if check < 10:
            return check == numbers[11]
    return False


def is_card(digits: str) -> bool:
    """Sixteen digits that pass the check of Luhn."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return len(digits) == 16 and total % 10 == 0


def words_of(text: str) -> list[str]:
    """The same in words of the reader's language."""
    return [str(WORDS[kind]) for kind in findings(text)]


def refuse(texts: Mapping[str, str]) -> None:
    """Raise ValidationError by field for texts that must not be published as they are."""
    errors = {}
    for field, text in texts.items():
        if found := words_of(text):
            words = ", ".join(found)
            errors[field] = _("The text holds %(what)s. Take it out: everybody will read this text.") % {"what": words}
    if errors:
        raise ValidationError(errors)
