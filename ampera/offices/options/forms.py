"""Options as forms: what kind of control each one has, and the value that such a form says.

What cannot be read stays as it was typed; the service refuses it, and the page shows it again.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ampera.offices.options import labels
from ampera.offices.options.defaults import CHANNELS, CHECKLISTS, DEFAULTS, GIVEN_TO, LANGUAGES, NOTICE_KINDS, OPTIONS
from ampera.offices.options.validation import NUMBERS

# These are changed where their meaning stands.
OWN_FORMS = ("message", "notice", "closed_by_hand", "document_kinds")
_SHAPES = {
    "checklists": "checklists",
    "prefixes": "letters",
    "hold_mode": "choice",
    "collection_limit": "limit",
    "deadline_extended_until": "date",
    "quiet_hours": "times",
    "notice_quiet_hours": "times",
    "reminder_time": "time",
    "reminder_days": "numbers",
    "slot_capacity": "counts",
    "notice_kinds": "ticks",
    "search_roles": "ticks",
    "export_roles": "ticks",
    "notice_languages": "order",
    "notice_channels": "order",
    **dict.fromkeys(("directions", "directions_en", "access", "access_en", "privacy", "privacy_en"), "lines"),
}
CHOICES = {
    "notice_kinds": NOTICE_KINDS,
    "notice_languages": LANGUAGES,
    "notice_channels": CHANNELS,
    **dict.fromkeys(("search_roles", "export_roles"), GIVEN_TO),
}


def shape(name: str) -> str:
    """The kind of control, a key of `_READERS`; derived from the default unless `_SHAPES` names it."""
    if name in _SHAPES:
        return _SHAPES[name]
    if name in NUMBERS:
        return "number"
    return "flag" if isinstance(DEFAULTS[name], bool) else "text"


def is_optional(name: str) -> bool:
    """Whether an empty field removes the value."""
    return DEFAULTS[name] is None


def groups() -> list[tuple[str, list[str]]]:
    """Headings with the names of their options. An option without a group is under the last heading."""
    placed = {name for _, names in labels.GROUPS for name in names}
    rest = [known.name for known in OPTIONS if known.name not in (*placed, *OWN_FORMS, *labels.LIMITS)]
    found = [(str(heading), list(names)) for heading, names in labels.GROUPS]
    return [*found, (str(labels.OTHERS), rest)] if rest else found


def read(name: str, form: Mapping[str, str]) -> Any:
    """The value in the type of the option."""
    return _READERS[shape(name)](name, form)


def part(name: str, form: Mapping[str, str]) -> dict[str, str]:
    """The fields of one option in a form of several, where their names begin with the option's: `prefixes.car`."""
    begin = f"{name}."
    return {field.removeprefix(begin): text for field, text in form.items() if field.startswith(begin)}


def written(name: str, value: Any) -> dict[str, str]:
    """The fields that a form with this value has and sends: the inverse of `read`."""
    return _WRITERS.get(shape(name), _as_text)(name, value)


def _as_text(name: str, value: Any) -> dict[str, str]:
    return {"value": "" if value is None else str(value)}


def _as_times(name: str, value: Any) -> dict[str, str]:
    return dict(zip(("from", "to"), value or ("", ""), strict=True))


def _as_order(name: str, value: Any) -> dict[str, str]:
    rest = [""] * (len(CHOICES[name]) - len(value))
    return {str(place): item for place, item in enumerate([*value, *rest], 1)}


def _as_numbers(name: str, value: Any) -> dict[str, str]:
    return {"value": value if isinstance(value, str) else ", ".join(map(str, value))}


def _as_each(name: str, value: Any) -> dict[str, str]:
    return {kind: "" if item is None else str(item) for kind, item in value.items()}


def _as_checklists(name: str, value: Any) -> dict[str, str]:
    return {f"{kind}.{item}": "yes" for kind, items in value.items() for item in items}


_WRITERS: dict[str, Callable[[str, Any], dict[str, str]]] = {
    "flag": lambda name, value: {"value": "yes" if value else "no"},
    "times": _as_times,
    "order": _as_order,
    "numbers": _as_numbers,
    "counts": _as_each,
    "letters": _as_each,
    "ticks": lambda name, value: dict.fromkeys(value, "yes"),
    "checklists": _as_checklists,
}


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


def _numbers(name: str, form: Mapping[str, str]) -> Any:
    """Typed as `14, 7, 2`."""
    typed = _text(name, form)
    try:
        return [int(part) for part in typed.split(",")] if typed else []
    except ValueError:
        return typed


def _counts(name: str, form: Mapping[str, str]) -> dict[str, Any]:
    return {kind: _number("value", {"value": form.get(kind, "")}) for kind in DEFAULTS[name]}


def _ticks(name: str, form: Mapping[str, str]) -> list[str]:
    return [item for item in CHOICES[name] if form.get(item)]


def _order(name: str, form: Mapping[str, str]) -> list[str]:
    """One field for each place: `1`, `2` …; an empty one is left out."""
    chosen = [form.get(str(place), "").strip() for place in range(1, len(CHOICES[name]) + 1)]
    return [item for item in chosen if item]


def _lines(name: str, form: Mapping[str, str]) -> str:
    return _text(name, form).replace("\r\n", "\n")


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
    "time": _text,
    "numbers": _numbers,
    "counts": _counts,
    "ticks": _ticks,
    "order": _order,
    "lines": _lines,
    "letters": _letters,
    "checklists": _checklists,
}
