"""Personal data at rest: sealed with the first key of `settings.PERSONAL_DATA_KEYS`, opened with any of them.

A key is changed by putting the new one in front; `manage.py reseal` then writes the rows anew, and only
after that the old key may go. Without the keys the data cannot be read: back them up apart from the database.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class KeyMissing(RuntimeError):
    """None of the keys opens this value: the right one was taken out of the settings, or the value was altered."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    return _box(tuple(settings.PERSONAL_DATA_KEYS))


def seal(text: str) -> str:
    """The text as it may lie in the database; an empty text stays empty."""
    return box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again. Raises KeyMissing."""
    return opened(sealed.encode()).decode() if sealed else ""


def opened(sealed: bytes) -> bytes:
    """What was sealed as bytes. Raises KeyMissing."""
    try:
        return box().decrypt(sealed)
    except InvalidToken as error:
        raise KeyMissing("No key in PERSONAL_DATA_KEYS opens this value.") from error


def reseal(sealed: str) -> str:
    """The same text under the first key."""
    return box().rotate(sealed.encode()).decode() if sealed else ""
