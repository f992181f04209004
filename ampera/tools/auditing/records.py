"""What the chain says about the records of the register, and whether a record says the same."""

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ampera import clock
from ampera.audit import AuditEntry
from ampera.desk.closing.digest import ACTION as CLOSED
from ampera.handovers.copies.seal_service import ACTION as COPIED
from ampera.handovers.digest import copies_digest, void_digest, void_names_digest


class Void(NamedTuple):
    """A void as the chain has it. `digest` is None in entries of version 1.1 and older."""

    at: str | None
    by_id: int | None
    reason: str
    shelf: str
    digest: str | None


@dataclass
class Seal:
    """What an office's chain says about the copies of its older records, and which of them were void by then."""

    digest: str
    voids: str
    voided: frozenset[int]


@dataclass
class Recorded:
    """Collected from the entries in their order: the digests of records and closed days, voids, seals of offices."""

    digests: dict[int, str] = field(default_factory=dict)
    voids: dict[int, Void] = field(default_factory=dict)
    seals: dict[int, Seal] = field(default_factory=dict)
    old: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    closed: dict[int, str] = field(default_factory=dict)

    def note(self, entry: AuditEntry) -> None:
        """Keep what this entry says about a record."""
        if entry.action not in ("handover.recorded", "handover.voided", COPIED, CLOSED):
            return
        details = json.loads(entry.details)
        if entry.action == "handover.recorded":
            self.digests[details["handover"]] = details["digest"]
        elif entry.action == "handover.voided":
            self.voids[details["handover"]] = Void(
                clock.iso(entry.at), entry.staff_id, details["reason"], details["shelf"], details.get("digest")
            )
        elif entry.action == CLOSED:
            self.closed[details["closed_day"]] = details["digest"]
        elif entry.chain not in self.seals:
            self.seals[entry.chain] = Seal(details["digest"], details["voids"], frozenset(self.voids))

    def keep_if_old(self, row: dict[str, Any]) -> None:
        """A record of version 1 is proved with all others of its office. Rows come in the order of their ids."""
        if row["digest_version"] == 1:
            kept = {name: row[name] for name in row if name != "png"}
            self.old.setdefault(row["office_id"], []).append(kept)

    def has_void_of(self, row: dict[str, Any]) -> bool:
        """Whether the record is void exactly as its entry says, or neither is."""
        void = self.voids.get(row["id"])
        if void is None or row["voided_at"] is None:
            return void is None and row["voided_at"] is None
        written = (clock.iso(row["voided_at"]), row["voided_by_id"], row["void_reason"], row["void_shelf"])
        return written == void[:4] and void.digest in (None, void_digest(row))

    def wrong_copies(self, must_be_sealed: bool) -> int | None:
        """The first office whose older records have other copies than the chain says, or no seal where one must be."""
        for office_id in sorted(self.old.keys() | self.seals.keys()):
            seal, rows = self.seals.get(office_id), self.old.get(office_id, [])
            if seal is None:
                if must_be_sealed:
                    return office_id
                continue
            voided = [row for row in rows if row["id"] in seal.voided]
            if (copies_digest(rows), void_names_digest(voided)) != (seal.digest, seal.voids):
                return office_id
        return None
