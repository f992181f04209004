"""Invented people by the million: a small part of the names is common, most of them are rare, as in a real register."""

from collections.abc import Iterator
from itertools import product
from random import Random

_MARKS = ("Contoh", "Uji", "Coba", "Sampel", "Percobaan", "Peraga", "Misal", "Andaikan")
_CONSONANTS, _VOWELS = "bcdghjklmnprstwy", "aiueo"
_WORDS = 30_000
_SKEW = 3  # the higher, the more people share the common names


def names(seed: int) -> Iterator[str]:
    """Names without end: one word of many, mostly three. Every name shows that its holder is invented."""
    random = Random(seed)  # noqa: S311 - reproducible, not secret
    words = _words(random)
    while True:
        mark, luck = random.choice(_MARKS), random.random()
        first, last = (words[int(_WORDS * random.random() ** _SKEW)] for _ in range(2))
        yield mark + last if luck < 0.05 else f"{first} {mark}" if luck < 0.25 else f"{first} {mark} {last}"


def _words(random: Random) -> list[str]:
    syllables = [consonant + vowel for consonant, vowel in product(_CONSONANTS, _VOWELS)]
    words = {"".join(random.choice(syllables) for _ in range(3)).capitalize() for _ in range(_WORDS * 2)}
    return sorted(words)[::-1][:_WORDS] if len(words) < _WORDS else random.sample(sorted(words), _WORDS)
