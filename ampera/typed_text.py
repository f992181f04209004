"""Text that people type, paste or scan: characters that nobody sees, and how names are compared.

`static/js/lib/invisible.js` has the same list. Numbers, codes, logins and searches are cleaned with `typed`; a legal
name that has such a character inside is refused instead, because cleaning would change the name.
"""

import re
import unicodedata

# Soft hyphen, joiners and fillers, zero width, bidi marks, overrides and isolates, variation selectors, BOM, tags.
RANGES = (
    "\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
)
INVISIBLE = re.compile(f"[{RANGES}]+")
_AROUND = re.compile(f"^[\\s{RANGES}]+|[\\s{RANGES}]+$")
# East Asian keyboards and forms write ASCII in full width; other digits are another script and stay.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
# Letters of Cyrillic and Greek that look like Latin ones. In a word with Latin letters or digits they are mistyped.
_LOOKALIKES = str.maketrans(
    "АВЕЅКМНОРСТУХІЈҮаеѕорсухіјԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανι", "ABESKMHOPCTYXIJYaesopcyxijdhABEZHIKMNOPTYXoavi"
)
_MIXED = re.compile(r"(?=\S*[a-zA-Z0-9])\S+")
# Letters that no accent is taken from, as people without them on the keyboard type them.
_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k"}
    | {"ƴ": "y", "ɑ": "a", "ĸ": "k"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ĳ": "ij", "ə": "e", "ɛ": "e", "ɔ": "o"}
)
_NO_WORD = re.compile("[^a-z0-9]+")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]")
_APOSTROPHES = "'’‘‛`´ʼʻʽʹʾʿˈˊˋ′‵＇ꞌ"
_TO_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES), "'")  # some of them are letters to Unicode
_INSIDE = re.compile(rf"(?<=\w)[{_APOSTROPHES}\-‐‑‒–—−·](?=\w)")


def typed(text: str) -> str:
    """The text without invisible characters and blanks around it, in ASCII where it was meant.

    Full-width characters become ASCII, and letters that look like Latin ones do in a word with Latin letters or digits.
    """
    if text.isascii():
        return text.strip()
    return _MIXED.sub(_in_latin, INVISIBLE.sub("", text).translate(_FULL_WIDTH)).strip()


def is_visible_line(text: str) -> bool:
    """Whether the text is one line without control, surrogate, private, format or invisible characters."""
    categories = (unicodedata.category(char) for char in text)
    return not INVISIBLE.search(text) and not any(name[0] == "C" or name in ("Zl", "Zp") for name in categories)


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it. What is inside stays."""
    return text.strip() if text.isascii() else _AROUND.sub("", text)


def folded(name: str) -> str:
    """A name as search compares it: lower case, no accents, words apart by one space."""
    if name.isascii():
        return _NO_WORD.sub(" ", name.lower()).strip()
    name = unicodedata.normalize("NFKD", with_plain_apostrophes(INVISIBLE.sub("", name)))
    name = "".join(char for char in name if not unicodedata.combining(char)).casefold().translate(_LETTERS)
    name = with_plain_apostrophes(name)  # one more comes out of ŉ
    return " ".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())


def has_mixed_scripts(text: str) -> bool:
    """Whether a word has letters of Latin and of Cyrillic or Greek: one of them only looks right."""
    return not text.isascii() and any(_LATIN.search(word) and _OTHER.search(word) for word in text.split())


def _in_latin(word: re.Match[str]) -> str:
    latin = word[0].translate(_LOOKALIKES)
    return latin if latin.isascii() else word[0]


def with_plain_apostrophes(text: str) -> str:
    """The text with `'` for every sign that people type as an apostrophe."""
    return text if text.isascii() else text.translate(_TO_APOSTROPHE)


def joined_words(name: str) -> str:
    """The name folded with nothing in the place of an apostrophe or hyphen inside a word: `nuraini` for `Nur'aini`."""
    return folded(_INSIDE.sub("", INVISIBLE.sub("", name)))


def name_key(name: str) -> str:
    """What search looks in: the folded name, then words that an apostrophe or a hyphen parts, in one piece."""
    key = folded(name)
    return " ".join([key, *(word for word in joined_words(name).split() if word not in key.split())])
