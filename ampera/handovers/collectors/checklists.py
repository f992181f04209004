"""Who may collect, and the evidence that each class of collector shows (Permenkumham 8/2014, Pasal 23).

One person collects, in a capacity for each book: their own, as one of the family, or as a proxy. The checklists are
options of the office.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ampera.handovers.refusals import HandoverRefusal

SELF = "self"
CLASSES = (SELF, "family", "proxy")
EVIDENCE = ("payment", "identity", "family_card", "proxy_letter")
DOCUMENTS = ("ktp", "sim", "passport", "kitas", "other")


@dataclass(frozen=True)
class Collector:
    """The person at the window. Name and document are required, except from an applicant who takes only their own."""

    kind: str
    name: str = ""
    document: str = ""
    document_last4: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Capacity:
    """In which class the collector takes one book, and the evidence for it. `has_own_list`: it came with the book."""

    kind: str
    shown: tuple[str, ...]
    has_own_list: bool = False


def collector_name(collector: Collector, capacities: Sequence[Capacity], holders: Sequence[str]) -> str:
    """As on the collector's own book when they take it too, else as typed. `holders` are the names on the books."""
    own = (holder for holder, capacity in zip(holders, capacities, strict=True) if capacity.kind == SELF)
    return next(own, collector.name).strip()


def missing(
    collector: Collector, capacities: Sequence[Capacity], checklists: Mapping[str, Sequence[str]]
) -> dict[str, str | list[str]]:
    """What is missing, by field; empty when nothing is missing.

    Evidence of a row with a list of its own is missing at `passports.N.shown`, all other at `shown`.
    """
    problems: dict[str, str | list[str]] = {}
    for n, capacity in enumerate(capacities):
        lacking = [item for item in checklists.get(capacity.kind, ()) if item not in capacity.shown]
        place = f"passports.{n}.shown" if capacity.has_own_list else "shown"
        if lacking:
            problems[place] = list(dict.fromkeys([*problems.get(place, ()), *lacking]))
    classes = {capacity.kind for capacity in capacities}
    if classes - {SELF}:
        # Who takes their own book as well is named by it.
        required = ("document", "document_last4") if SELF in classes else ("name", "document", "document_last4")
        for name in required:
            if not getattr(collector, name).strip():
                problems[f"collector.{name}"] = HandoverRefusal.EVIDENCE_MISSING
    return problems
