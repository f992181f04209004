"""Who may collect, and the evidence that each class of collector shows (Permenkumham 8/2014, Pasal 23).

The checklists are options of the office.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ampera.handovers.refusals import HandoverRefusal

CLASSES = ("self", "family", "proxy")
EVIDENCE = ("payment", "identity", "family_card", "proxy_letter")
DOCUMENTS = ("ktp", "sim", "passport", "kitas", "other")


@dataclass(frozen=True)
class Collector:
    """The person at the window. Name and document are required, except from the applicant."""

    kind: str
    name: str = ""
    document: str = ""
    document_last4: str = ""
    shown: tuple[str, ...] = ()


def missing(collector: Collector, checklists: Mapping[str, Sequence[str]]) -> dict[str, str | list[str]]:
    """What is missing, by field; empty when nothing is missing."""
    problems: dict[str, str | list[str]] = {}
    if lacking := [item for item in checklists.get(collector.kind, ()) if item not in collector.shown]:
        problems["shown"] = lacking
    if collector.kind != "self":
        for name in ("name", "document", "document_last4"):
            if not getattr(collector, name).strip():
                problems[f"collector.{name}"] = HandoverRefusal.EVIDENCE_MISSING
    return problems
