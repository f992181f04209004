"""How a holder is called where a full name would tell too much: by the first name, different from brothers.

A link alone opens the applicant's page, and a slip can be lost, so no more than this is shown or sent.
"""

import re
from collections import Counter
from collections.abc import Sequence

MAX_LENGTH = 24
MAX_INITIALS = 4
LAST_DIGITS = 4

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
        *("nona", "mr", "mrs", "ms", "miss", "mx", "alm", "almh", "st", "sy", "abd", "abdl"),
        *("m", "md", "moh", "mohd", "moch", "mochd", "mhd", "muh", "muhd", "much"),
    )
)
_PIECES = re.compile(r"[^\s.,]+\.?|[.,]")
_LETTER = re.compile(r"[^\W\d_]")


def first_name(holder_name: str) -> str:
    """The first word that names the person, at most 24 characters; titles and initials are passed over."""
    pieces = _pieces(holder_name)
    return next(iter(_names(pieces)), pieces[-1] if pieces else "").strip(".")[:MAX_LENGTH]


def short_names(holders: Sequence[tuple[str, str]]) -> list[str]:
    """First names of (full name, application number), with initials and then digits where two would read alike."""
    plain = [first_name(name) for name, _ in holders]
    longer = [_with_initials(name) for name, _ in holders]
    short = [longer[place] if count > 1 else plain[place] for place, count in enumerate(_counts(plain))]
    return [
        f"{short[place]} …{holders[place][1][-LAST_DIGITS:]}" if count > 1 else short[place]
        for place, count in enumerate(_counts(short))
    ]


def _counts(names: Sequence[str]) -> list[int]:
    """How many of the names read like each of them."""
    found = Counter(name.casefold() for name in names)
    return [found[name.casefold()] for name in names]


def _pieces(holder_name: str) -> list[str]:
    """The words, also of `H.Ahmad` and `Dr.Ir.Budi`."""
    return [piece for piece in _PIECES.findall(holder_name) if _LETTER.search(piece)]


def _names(pieces: Sequence[str]) -> list[str]:
    return [piece for piece in pieces if _is_name(piece)]


def _is_name(piece: str) -> bool:
    word = piece.casefold().strip(".'’-")
    return len(_LETTER.findall(word)) > 1 and word not in _TITLES


def _with_initials(holder_name: str) -> str:
    """The first name and the first letters of the names after it: `Muhammad C. R.`"""
    name = first_name(holder_name)
    pieces = _pieces(holder_name)
    after = next((place for place, piece in enumerate(pieces, 1) if piece.strip(".").startswith(name)), len(pieces))
    letters = [found[0].upper() for piece in pieces[after:] if (found := _LETTER.search(piece))]
    return " ".join([name, *(f"{letter}." for letter in letters[:MAX_INITIALS])])
