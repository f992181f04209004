"""Characters that nobody sees and that copied text carries: one list for everything that is typed, pasted or read.

`static/js/lib/invisible.js` has the same list. Numbers, codes, logins and searches are cleaned with `typed`; a legal
name that has such a character inside is refused instead, because cleaning would change the name.
"""

import re

# Soft hyphen, joiners and fillers, zero width, bidi marks, overrides and isolates, variation selectors, BOM, tags.
RANGES = (
    "\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
)
INVISIBLE = re.compile(f"[{RANGES}]+")
_AROUND = re.compile(f"^[\\s{RANGES}]+|[\\s{RANGES}]+$")
# East Asian keyboards and forms write ASCII in full width; other digits are another script and stay.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def typed(text: str) -> str:
    """The text without invisible characters, with full-width characters as ASCII, without blanks around it."""
    if text.isascii():
        return text.strip()
    return INVISIBLE.sub("", text).translate(_FULL_WIDTH).strip()


def trimmed(text: str) -> str:
    """The text without blanks and invisible characters around it. What is inside stays."""
    return text.strip() if text.isascii() else _AROUND.sub("", text)
