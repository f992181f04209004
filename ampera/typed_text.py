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
# Letters that no accent is taken from, as people without them on the keyboard type them.
_LETTERS = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k"}
    | {"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss", "ĳ": "ij", "ə": "e", "ɛ": "e", "ɔ": "o"}
)
_APOSTROPHES = "'’‘‛`´ʼʻʽʹʾʿˈˊˋ′‵＇ꞌ"
_INSIDE = re.compile(rf"(?<=\w)[{_APOSTROPHES}\-‐‑](?=\w)")


def typed(text: str) -> str:
    """The text without invisible characters, with full-width characters as ASCII, without blanks around it."""
    if text.isascii():
        return text.strip()
    return INVISIBLE.sub("", text).translate(_FULL_WIDTH).strip()


def is_visible_line(text: str) -> bool:
    """Whether the text is one line without control, surrogate, private, format or invisible characters."""
    categories = (unicodedata.category(char) for char in text)
    return not INVISIBLE.search(text) and not any(name[0] == "C" or name in ("Zl", "Zp") for name in categories)


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it. What is inside stays."""
    return text.strip() if text.isascii() else _AROUND.sub("", text)


def folded(name: str) -> str:
    """A name as search compares it: lower case, no accents, words apart by one space."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", INVISIBLE.sub("", name).replace("\u00b4", "'").replace("\u02bc", "'"))
        name = "".join(char for char in name if not unicodedata.combining(char)).casefold().translate(_LETTERS)
    return " ".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())


def joined_words(name: str) -> str:
    """The name folded with nothing in the place of an apostrophe or hyphen inside a word: `nuraini` for `Nur'aini`."""
    return folded(_INSIDE.sub("", INVISIBLE.sub("", name)))


def name_key(name: str) -> str:
    """What search looks in: the folded name, then words that an apostrophe or a hyphen parts, in one piece."""
    key = folded(name)
    return " ".join([key, *(word for word in joined_words(name).split() if word not in key.split())])
