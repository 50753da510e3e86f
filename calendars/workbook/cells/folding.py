"""Comparing words that look alike: case, spaces, accents in parts, Latin letters among Cyrillic ones."""

import re
import unicodedata

# Capital letters that look the same. Compared in capitals, because h is һ but H is Н.
_LATIN = "ABCEHIKMOPTXY"
_CYRILLIC = "АВСЕНІКМОРТХУ"
_ALIKE = str.maketrans(_LATIN + "ƏƟҺЁ", _CYRILLIC + "ӘӨНЕ")
_JOINERS = re.compile(r"[\W_]+")

INVISIBLE = dict.fromkeys(
    (0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def fold_lookalikes(text: str) -> str:
    """A key under which ``A-01`` (Latin) and ``А-01`` (Cyrillic), in any case and with any spaces, are one.

    Only for comparing; never shown and never stored as the value.
    """
    plain = unicodedata.normalize("NFKC", text.translate(INVISIBLE)).upper()
    return " ".join(plain.translate(_ALIKE).split())


def fold(text: str) -> str:
    """The same for labels and headings: punctuation does not count either."""
    return _JOINERS.sub(" ", fold_lookalikes(text)).strip()


def fold_case(text: str) -> str:
    """Case, spaces and punctuation do not count, but letters of two alphabets stay different."""
    plain = unicodedata.normalize("NFKC", text.translate(INVISIBLE)).upper().replace("Ё", "Е")
    return _JOINERS.sub(" ", plain).strip()
