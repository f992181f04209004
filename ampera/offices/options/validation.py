"""What an office may set its options and hours to. Nothing else is ever stored."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import pairwise

from ampera.offices.calendar.hours import Span
from ampera.offices.options.defaults import CHANNELS, CHECKLISTS, DEFAULTS, GIVEN_TO, LANGUAGES, NOTICE_KINDS

MESSAGE_LENGTH = 160
TEXT_LENGTH = 1000
MOST_PLACES = 100  # of one kind of vehicle in one window
MOST_DOCUMENT_KINDS = 12
DOCUMENTS = {document for documents in CHECKLISTS.values() for document in documents}
YEARS = range(2000, 2200)  # so that adding days to a moment cannot leave the calendar
MOST_VEHICLES = 10_000  # a day
KINDS = ("car", "motorcycle", "mixed")

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_LIMIT = re.compile(r"1 month|[1-9][0-9]{0,2} days")
_RACKS = re.compile(r"(?:[A-Za-z0-9-]{1,12}(?:, ?[A-Za-z0-9-]{1,12})*)?")
_GEO = re.compile(r"-?[0-9]{1,2}(?:\.[0-9]{1,7})?, ?-?[0-9]{1,3}(?:\.[0-9]{1,7})?")
_KIND = re.compile(r"[a-z][a-z_]{1,31}")
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")


def is_option(name: str, value: object) -> bool:
    """Whether this option exists and may have this value."""
    return name in DEFAULTS and _ACCEPTS[name](value)


def is_code(text: str) -> bool:
    """An office's code stands in addresses: 2 to 12 capital letters and digits."""
    return _CODE.fullmatch(text) is not None


def are_spans(spans: Sequence[Span]) -> bool:
    """Real times, each span forward, none over another. An empty day is closed."""
    ordered = sorted(spans, key=lambda span: span.opens)
    return all(_is_span(span) for span in ordered) and all(a.closes <= b.opens for a, b in pairwise(ordered))


def is_quota(quota: int | None) -> bool:
    """None is no quota of its own; nothing is a quota too."""
    return quota is None or 0 <= quota <= MOST_VEHICLES


def _is_span(span: Span) -> bool:
    is_time = _CLOCK.fullmatch(span.opens) and (span.closes == "24:00" or _CLOCK.fullmatch(span.closes))
    return bool(is_time) and span.opens < span.closes


def _is_number(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_date(value: object) -> bool:
    try:
        return value is None or (isinstance(value, str) and date.fromisoformat(value).isoformat() == value)
    except ValueError:
        return False


def _are_checklists(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == set(CHECKLISTS)
        and all(isinstance(documents, list) and set(documents) <= DOCUMENTS for documents in value.values())
    )


def _are_prefixes(value: object) -> bool:
    """One capital letter each; vehicles of different kinds never share one (cars may with mixed lanes)."""
    if not isinstance(value, dict) or set(value) != set(DEFAULTS["prefixes"]):
        return False
    letters = [value[kind] for kind in ("car", "motorcycle", "priority")]
    is_letter = all(isinstance(letter, str) and re.fullmatch("[A-Z]", letter) for letter in value.values())
    return is_letter and len(set(letters)) == len(letters)


def _is_line(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MESSAGE_LENGTH and value.isprintable()


def _is_moment(value: object) -> bool:
    """An ISO moment with its zone, as `clock.iso` writes it."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None and moment.year in YEARS


def _is_note(value: object, line: str, must_end: bool = False) -> bool:
    """A line of text with the moment of its end. Without `must_end` None is an end too: until somebody ends it."""
    return (
        isinstance(value, dict)
        and _is_line(value.get(line))
        and set(value) <= {line, "since", "until"}
        and all(value.get(end) is None or _is_moment(value[end]) for end in ("since", "until"))
        and (value.get("until") is not None or not must_end)
    )


def _are_times(value: object) -> bool:
    """Two different times of day; the second may be on the next one."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    return all(isinstance(time, str) and _CLOCK.fullmatch(time) for time in value) and value[0] != value[1]


def _is_text(value: object) -> bool:
    """A few lines."""
    return isinstance(value, str) and len(value) <= TEXT_LENGTH and value.replace("\n", "").isprintable()


def _is_choice(*allowed: str, may_be_empty: bool = False) -> Callable[[object], bool]:
    """A list of some of these, none twice."""
    return lambda value: (
        isinstance(value, list)
        and all(isinstance(item, str) for item in value)
        and set(value) <= set(allowed)
        and len(set(value)) == len(value)
        and (may_be_empty or bool(value))
    )


def _is_geo(value: object) -> bool:
    """Empty, or degrees of latitude and longitude."""
    if value == "":
        return True
    if not isinstance(value, str) or _GEO.fullmatch(value) is None:
        return False
    latitude, longitude = map(float, value.split(","))
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _are_capacities(value: object) -> bool:
    is_place = _is_number(*NUMBERS["slot_capacity"])
    return isinstance(value, dict) and set(value) == {"car", "motorcycle"} and all(map(is_place, value.values()))


def _are_reminders(value: object) -> bool:
    """Days before the deadline, at most five of them, none twice."""
    is_day = _is_number(0, 90)
    return isinstance(value, list) and len(value) <= 5 and all(map(is_day, value)) and len(set(value)) == len(value)


def _are_document_kinds(value: object) -> bool:
    """Passports always; each kind with its words in both languages and what to bring besides."""
    return (
        isinstance(value, dict)
        and "passport" in value
        and len(value) <= MOST_DOCUMENT_KINDS
        and all(isinstance(key, str) and _KIND.fullmatch(key) for key in value)
        and all(_is_document_kind(words) for words in value.values())
    )


def _is_document_kind(words: object) -> bool:
    return (
        isinstance(words, dict)
        and set(words) == {"name", "name_en", "bring", "bring_en"}
        and all(_is_line(line) for line in words.values())
        and bool(words["name"].strip() and words["name_en"].strip())
    )


# name -> the least and the most, for everything that is a number
NUMBERS = {
    "lease_seconds": (30, 3600),
    "call_seconds": (3, 60),
    "repeat_seconds": (0, 600),
    "identity_tries": (1, 10),
    "max_calls": (1, 10),
    "recall_pause_seconds": (0, 300),
    "no_show_after": (0, 50),
    "undo_seconds": (0, 300),
    "parked_minutes": (1, 240),
    "service_target_seconds": (10, 3600),
    "service_target_book_seconds": (0, 600),
    "day_quota": (0, MOST_VEHICLES),
    "booked_share": (0, 100),
    "last_vehicle_minutes": (0, 240),
    "leaving_minutes": (5, 240),
    "register_days": (1, 3650),
    "keep_identity_days": (1, 3650),
    "keep_contacts_days": (1, 3650),
    "keep_messages_days": (1, 3650),
    "keep_requests_days": (1, 3650),
    "unusual_people": (1, 1000),
    "unusual_times": (2, 100),
    "unusual_signatures": (1, 1000),
    "silent_screen_minutes": (1, 240),
    "silent_tablet_days": (1, 365),
    "keep_answers_days": (2, 3650),  # a visit of today still looks at its scan
    "arrived_minutes": (5, 240),
    "slot_days": (1, 60),
    "slot_early_minutes": (0, 120),
    "slot_late_minutes": (0, 120),
    "slot_capacity": (0, MOST_PLACES),
}
_ACCEPTS: dict[str, Callable[[object], bool]] = {
    **{name: _is_number(*bounds) for name, bounds in NUMBERS.items()},
    **{
        name: lambda value, bounds=NUMBERS[name]: value is None or _is_number(*bounds)(value)  # type: ignore[misc]
        for name in ("register_days", "keep_answers_days")
    },
    "day_quota": lambda value: value is None or _is_number(*NUMBERS["day_quota"])(value),
    "collection_limit": lambda value: isinstance(value, str) and _LIMIT.fullmatch(value) is not None,
    "deadline_extended_until": _is_date,
    "checklists": _are_checklists,
    "signature_required": _is_flag,
    "may_be_unsigned": _is_flag,
    "evidence_at_once": _is_flag,
    "separate_gate": _is_flag,
    "common_queue": _is_flag,
    "hold_mode": lambda value: value in ("hold", "two-step"),
    "prefixes": _are_prefixes,
    "message": lambda value: _is_line(value),
    "notice": lambda value: value is None or _is_note(value, "text", must_end=True),
    "closed_by_hand": lambda value: value is None or _is_note(value, "reason"),
    "quiet_hours": lambda value: value is None or _are_times(value),
    "document_kinds": _are_document_kinds,
    "slots": _is_flag,
    "slots_required": _is_flag,
    "slot_capacity": _are_capacities,
    **dict.fromkeys(("directions", "directions_en", "access", "access_en", "privacy", "privacy_en"), _is_text),
    "contact": lambda value: _is_line(value),
    "geo": _is_geo,
    **dict.fromkeys(("search_roles", "export_roles"), _is_choice(*GIVEN_TO, may_be_empty=True)),
    "notice_kinds": _is_choice(*NOTICE_KINDS, may_be_empty=True),
    "notice_channels": _is_choice(*CHANNELS),
    "notice_languages": _is_choice(*LANGUAGES),
    "notice_quiet_hours": lambda value: value is None or _are_times(value),
    "reminder_days": _are_reminders,
    "reminder_time": lambda value: isinstance(value, str) and _CLOCK.fullmatch(value) is not None,
    "rack_order": lambda value: isinstance(value, str) and _RACKS.fullmatch(value) is not None,
}
