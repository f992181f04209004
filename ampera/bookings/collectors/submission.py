"""The form of an announced collector: the applicant, a relative or a proxy. Any name is accepted up to a length.

An announcement helps the officer and replaces no check: nothing here decides whether a person may collect.
"""

import unicodedata
from dataclasses import dataclass

from ampera.bookings.refusals import BookingRefusal

CLASSES = ("self", "family", "proxy")
MAX_NAME = 120
MAX_RELATION = 60


@dataclass(frozen=True)
class CollectorDetails:
    """An announced collector. Name and relation are empty for the applicant in person."""

    collector_class: str
    name: str = ""
    relation: str = ""


def collector_details(collector_class: str, name: str, relation: str) -> CollectorDetails:
    """The announcement in its stored form: single spaces, and no name for the applicant in person."""
    if collector_class == "self":
        return CollectorDetails("self")
    return CollectorDetails(collector_class, " ".join(name.split()), " ".join(relation.split()))


def problems(details: CollectorDetails) -> dict[str, str]:
    """An error code by field; empty when the details are valid. Names of one word are normal."""
    if details.collector_class not in CLASSES:
        return {"class": BookingRefusal.UNKNOWN_CLASS}
    if details.collector_class == "self":
        return {}
    wrong: dict[str, str] = {}
    if not details.name:
        wrong["name"] = BookingRefusal.NAME_MISSING
    elif not _is_line(details.name, MAX_NAME):
        wrong["name"] = BookingRefusal.NAME_INVALID
    if not _is_line(details.relation, MAX_RELATION):
        wrong["relation"] = BookingRefusal.RELATION_INVALID
    return wrong


def _is_line(text: str, longest: int) -> bool:
    """Refuses control, surrogate, private and format characters. Format characters can reverse the text."""
    return len(text) <= longest and not any(unicodedata.category(char)[0] == "C" for char in text)
