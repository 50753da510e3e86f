"""Requests made up for measuring: streets, troubles, times and wishes, the same things said in Kazakh and in Russian.

Written as people write, and not out of the list of concepts (`issues/concepts.csv`): `share_listed` says how many of
their words stand in it. `mixed`, `in_other_words` and
`translated` say a part of a text in the other language.
"""

from __future__ import annotations

import random

from issues.demo.words import THINGS, WHEN, WISHES, Told, told

__all__ = ["Told", "told"]

TO_RUSSIAN = str.maketrans("әғқңөұүһі", "агкноуухи")
TO_LATIN = str.maketrans("асеоірхАСЕОІРХКМТВН", "aceoipxACEOIPXKMTBH")


# -- The same request once more -------------------------------------------------------------------
def spelled(one: Told, rng: random.Random) -> str:
    """Kazakh letters as their Russian neighbours, and two slips of the keyboard."""
    letters = list(one.text().translate(TO_RUSSIAN))
    for _slip in range(2):
        place = rng.randrange(len(letters))
        if rng.random() < 0.5:
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def shuffled(one: Told, rng: random.Random) -> str:
    parts = one.text().replace(",", "").split()
    rng.shuffle(parts)
    return " ".join(parts)


def latin(one: Told, rng: random.Random) -> str:
    """Half of the words typed with Latin look-alikes."""
    return " ".join(word.translate(TO_LATIN) if rng.random() < 0.5 else word for word in one.text().split())


def mixed(one: Told, _rng: random.Random) -> str:
    """When, and what is wished, said in the other language."""
    return one.text(rest=1 - one.language)


def in_other_words(one: Told, _rng: random.Random) -> str:
    """What is wrong said in the other language."""
    return one.text(thing=1 - one.language)


def translated(one: Told, _rng: random.Random) -> str:
    """Everything but the name of the street in the other language."""
    return one.text(frame=1 - one.language, thing=1 - one.language, rest=1 - one.language)


def share_listed() -> tuple[int, int]:
    """How many words of the things, times and wishes there are, and how many of them the list of concepts knows."""
    from issues.concepts import things, words
    from journal.dates import fold

    listed = words().names
    said = {word for pairs in (THINGS, WHEN, WISHES) for pair in pairs for text in pair for word in fold(text).split()}
    return len(said), sum(things(word) <= listed for word in said)
