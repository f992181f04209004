"""What looks like somebody's data, or opens a pickup, in what everybody of an office may read: logs and metrics."""

import re
from collections.abc import Iterable

# The forms of what the tests and the demo office give to their people.
FORMS = {
    "NIK": re.compile(r"(?<![\w.])1671\d{12}\b"),
    "application": re.compile(r"(?<![\w.])99\d{14}\b"),
    "book": re.compile(r"\b[A-Z]\d{7}\b"),
    "phone": re.compile(r"(?<![\w.])(?:62|0)8\d{8,}\b"),
    "mail": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "link": re.compile(r"/p/[0-9a-z]{26}\b"),
    "code": re.compile(r"\b(?:SAB|LBP)[0-9A-Z]{26}\b"),
}
REQUEST = re.compile(r'"request": "[0-9a-f]{16}"')  # drawn, and sometimes of digits only


def leaks(text: str, names: Iterable[str] = ()) -> list[str]:
    """What must not be in the text, by its kind and the line around it."""
    text = REQUEST.sub("", text)
    lines = text.splitlines()
    found = [f"{kind}: {line}" for kind, form in FORMS.items() for line in lines if form.search(line)]
    words = [re.compile(rf"\b{re.escape(name)}\b") for name in names]  # a short name may be a part of other words
    return found + [f"name: {line}" for name in words if name.search(text) for line in lines if name.search(line)]
