"""Who an applicant may announce: themselves, a relative or a proxy, by name. Lenient with names, strict in bounds.

An announcement helps the officer and replaces no check: nothing here decides whether somebody may collect.
"""

import unicodedata
from dataclasses import dataclass

CLASSES = ("self", "family", "proxy")
MAX_NAME = 120
MAX_RELATION = 60


@dataclass(frozen=True)
class Companion:
    """Who is said to come. Name and relation are empty for the applicant in person."""

    collector_class: str
    name: str = ""
    relation: str = ""


def companion(collector_class: str, name: str, relation: str) -> Companion:
    """The announcement as it would be kept: single spaces, and no name beside the applicant in person."""
    if collector_class == "self":
        return Companion("self")
    return Companion(collector_class, " ".join(name.split()), " ".join(relation.split()))


def problems(wanted: Companion) -> dict[str, str]:
    """What is wrong, by field, as codes; empty when nothing is. One-word names are normal."""
    if wanted.collector_class not in CLASSES:
        return {"class": "unknown_class"}
    if wanted.collector_class == "self":
        return {}
    found = {}
    if not wanted.name:
        found["name"] = "name_missing"
    elif not _is_line(wanted.name, MAX_NAME):
        found["name"] = "name_invalid"
    if not _is_line(wanted.relation, MAX_RELATION):
        found["relation"] = "relation_invalid"
    return found


def _is_line(text: str, longest: int) -> bool:
    """No control, format (they turn text around), surrogate or private characters."""
    return len(text) <= longest and not any(unicodedata.category(char)[0] == "C" for char in text)
