"""How a holder is called where a full name would tell too much: by the first name, different from brothers.

A link alone opens the applicant's page, and a slip can be lost, so no more than this is shown or sent.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import count

from ampera.typed_text import with_plain_apostrophes

MAX_LENGTH = 24
MAX_INITIALS = 4
LAST_DIGITS = 4
LONGEST_SHORTENED = 4  # letters of an abbreviation: a short word with a dot is one, `Kol.` like `Sr.`

# Titles, forms of address and shortened first names, without dots. None of them names a person.
_TITLES = frozenset(
    (
        *(
            "h",
            "hj",
            "hjh",
            "haji",
            "hajah",
            "hajjah",
            "kh",
            "dr",
            "drg",
            "drh",
            "drs",
            "dra",
            "ir",
            "prof",
            "apt",
            "ns",
        ),
        *("ust", "ustd", "ustad", "ustadz", "ustaz", "ustadzah", "kyai", "kiai", "tgk", "pdt", "rd", "rr", "ra"),
        *("tn", "ny", "nn", "sdr", "sdri", "sdra", "sdr/i", "sdr/sdri", "bp", "bpk", "bapak", "ibu", "tuan", "nyonya"),
        *(
            "nona",
            "mr",
            "mrs",
            "ms",
            "miss",
            "mx",
            "alm",
            "almh",
            "almarhum",
            "almarhumah",
            "st",
            "sy",
            "abd",
            "abdl",
            "ni",
        ),
        *("m", "md", "moh", "mohd", "moch", "mochd", "mhd", "muh", "muhd", "much"),
    )
)
_PIECES = re.compile(r"[^\s.,]+\.?|[.,]")
_LETTER = re.compile(r"[^\W\d_]")
_AROUND = '.()[]"“”„'


def first_name(holder_name: str) -> str:
    """The first word that names the person, at most 24 characters; titles and initials are passed over."""
    pieces = _pieces(holder_name)
    return next(iter(_names(pieces)), pieces[-1] if pieces else "").strip(_AROUND)[:MAX_LENGTH]


def short_names(holders: Sequence[tuple[str, str]]) -> list[str]:
    """First names of (full name, application number), with initials and then digits where two would read alike."""
    plain = [first_name(name) for name, _ in holders]
    longer = [_with_initials(name) for name, _ in holders]
    short = [longer[place] if many > 1 else plain[place] for place, many in enumerate(_counts(plain))]
    numbers = [number for _, number in holders]
    return [
        f"{name} …{numbers[place][-_digits(place, short, numbers) :]}" if many > 1 else name
        for place, (name, many) in enumerate(zip(short, _counts(short), strict=True))
    ]


def _digits(place: int, names: Sequence[str], numbers: Sequence[str]) -> int:
    """How many digits at its end tell an application number from those of the same name."""
    same = {number for name, number in zip(names, numbers, strict=True) if _read(name) == _read(names[place])}
    return next(most for most in count(LAST_DIGITS) if len({number[-most:] for number in same}) == len(same))


def _counts(names: Sequence[str]) -> list[int]:
    """How many of the names read like each of them."""
    found = Counter(map(_read, names))
    return [found[_read(name)] for name in names]


def _read(name: str) -> str:
    """A name as eyes compare it: in any case, with any apostrophe."""
    return unicodedata.normalize("NFC", with_plain_apostrophes(name)).casefold()


def _pieces(holder_name: str) -> list[str]:
    """The words, also of `H.Ahmad` and `Dr.Ir.Budi`."""
    return [piece for piece in _PIECES.findall(holder_name) if _LETTER.search(piece)]


def _names(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in pieces if _is_name(piece)]


def _is_name(piece: str) -> bool:
    word = piece.strip(_AROUND + "'’-").casefold()
    letters = len(_LETTER.findall(word))
    is_shortened = piece.endswith(".") and letters <= LONGEST_SHORTENED
    return letters > 1 and not is_shortened and word not in _TITLES


def _with_initials(holder_name: str) -> str:
    """The first name and the first letters of the names after it: `Muhammad C. R.`"""
    name = first_name(holder_name)
    pieces = _pieces(holder_name)
    after = next((place for place, piece in enumerate(pieces, 1) if piece.strip(_AROUND).startswith(name)), len(pieces))
    letters = [found[0].upper() for piece in pieces[after:] if (found := _LETTER.search(piece))]
    return " ".join([name, *(f"{letter}." for letter in letters[:MAX_INITIALS])])
