"""Words borrowed from Django: still Django's, and ours in both languages."""

import gettext
from pathlib import Path

import django
import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.utils import translation

from akim_meetings import phrases

DJANGO = Path(django.__file__).parent


def own_words_of_django() -> set[str]:
    """Every string that Django's Russian catalogues translate (they are complete)."""
    words: set[str] = set()
    for folder in (DJANGO / "conf/locale", DJANGO / "contrib/auth/locale"):
        for key in gettext.translation("django", str(folder), ["ru"])._catalog:
            words.add(key[0] if isinstance(key, tuple) else key)
    return words


def test_every_borrowed_word_is_still_django_s():
    with translation.override(None):
        plain = {str(word) for word in phrases.PLAIN}
    assert plain - own_words_of_django() == set()


@pytest.mark.parametrize("lang", ["kk", "ru"])
@pytest.mark.parametrize("word", phrases.PLAIN, ids=repr)
def test_every_borrowed_word_is_translated(lang, word):
    with translation.override(None):
        english = str(word)
    with translation.override(lang):
        assert str(word) != english


def test_a_too_short_text_is_told_in_kazakh():
    with translation.override("kk"), pytest.raises(ValidationError) as refused:
        MinLengthValidator(5)("аб")
    assert refused.value.messages == ["Мұнда кемінде 5 таңба болуы тиіс (қазір 2)."]


def test_months_inside_a_kazakh_date_are_written_small():
    with translation.override("kk"):
        assert [str(month) for month in phrases.MONTHS][:3] == ["қаңтар", "ақпан", "наурыз"]
