"""Options as forms: what kind of control each one has, and the value that such a form says.

What cannot be read stays as it was typed; the service refuses it, and the page shows it again.
"""

from collections.abc import Mapping
from typing import Any

from ampera.offices import option_words
from ampera.offices.checks import NUMBERS
from ampera.offices.options import CHECKLISTS, DEFAULTS, OPTIONS

OWN_FORMS = ("message", "notice", "closed_by_hand")  # these are changed where their meaning stands
_SHAPES = {
    "checklists": "checklists",
    "prefixes": "letters",
    "hold_mode": "choice",
    "collection_limit": "limit",
    "deadline_extended_until": "date",
    "quiet_hours": "times",
}


def shape(name: str) -> str:
    """flag, number, text, date, times, letters, choice, limit or checklists; from the default where nobody says."""
    if name in NUMBERS:
        return "number"
    return _SHAPES.get(name) or ("flag" if isinstance(DEFAULTS[name], bool) else "text")


def is_optional(name: str) -> bool:
    """Whether an empty form means that there is none."""
    return DEFAULTS[name] is None


def groups() -> list[tuple[str, list[str]]]:
    """Headings with the names below them; an option that nobody has placed stands under the last heading."""
    placed = {name for _, names in option_words.GROUPS for name in names}
    rest = [one.name for one in OPTIONS if one.name not in (*placed, *OWN_FORMS, *option_words.LIMITS)]
    told = [(str(heading), list(names)) for heading, names in option_words.GROUPS]
    return [*told, (str(option_words.OTHERS), rest)] if rest else told


def read(name: str, form: Mapping[str, str]) -> Any:
    """The value in the type of the option."""
    return _READERS[shape(name)](name, form)


def _number(name: str, form: Mapping[str, str]) -> Any:
    typed = _text(name, form)
    try:
        return int(typed) if typed else None
    except ValueError:
        return typed


def _text(name: str, form: Mapping[str, str]) -> str:
    return form.get("value", "").strip()


def _times(name: str, form: Mapping[str, str]) -> list[str] | None:
    pair = [form.get("from", "").strip(), form.get("to", "").strip()]
    return pair if any(pair) else None


def _letters(name: str, form: Mapping[str, str]) -> dict[str, str]:
    return {kind: form.get(kind, "").strip().upper() for kind in DEFAULTS[name]}


def _checklists(name: str, form: Mapping[str, str]) -> dict[str, list[str]]:
    documents = sorted({item for items in CHECKLISTS.values() for item in items})
    return {kind: [item for item in documents if form.get(f"{kind}.{item}")] for kind in CHECKLISTS}


_READERS = {
    "flag": lambda name, form: form.get("value") == "yes",
    "number": _number,
    "text": _text,
    "choice": _text,
    "limit": _text,
    "date": lambda name, form: _text(name, form) or None,
    "times": _times,
    "letters": _letters,
    "checklists": _checklists,
}
