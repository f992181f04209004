"""The proof that history was not changed: every chain is whole, every record is what its chain says it was."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.audit import GENESIS, AuditEntry, AuditHead, link_hash
from ampera.handovers.models import Handover, Signature
from ampera.handovers.records import digest

AT_ONCE = 2000


def verify(session: Session, checkpoint: dict[str, Any] | None = None) -> dict[str, Any]:
    """`{entries, ok, first_bad, reason}`: `first_bad` is the first audit row (or `handover:N`) that is wrong."""
    entries = 0
    recorded: dict[int, str] = {}
    voided: set[int] = set()
    heads = {row.chain: row for row in session.scalars(select(AuditHead))}
    before: dict[int, tuple[int, str]] = {}
    marks = {int(chain): mark for chain, mark in (checkpoint or {}).get("chains", {}).items()}
    for entry in _entries(session):
        entries += 1
        seq, last_hash = before.get(entry.chain, (0, GENESIS))
        if entry.seq != seq + 1:
            return _bad(entries, entry.id, "an entry is missing before this one")
        if link_hash(last_hash, entry.chain, entry.seq, _row(entry)) != entry.hash:
            return _bad(entries, entry.id, "this entry was changed")
        mark = marks.get(entry.chain)
        if mark and mark["seq"] == entry.seq and mark["hash"] != entry.hash:
            return _bad(entries, entry.id, "this entry differs from the checkpoint")
        before[entry.chain] = (entry.seq, entry.hash)
        _remember(entry, recorded, voided)
    return _ends(entries, before, heads, marks) or _records(session, entries, recorded, voided)


def _entries(session: Session) -> Iterator[AuditEntry]:
    """All rows, chain by chain, without holding them in memory."""
    query = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq)
    yield from session.scalars(query.execution_options(yield_per=AT_ONCE))


def _remember(entry: AuditEntry, recorded: dict[int, str], voided: set[int]) -> None:
    if entry.action == "handover.recorded":
        details = json.loads(entry.details)
        recorded[details["handover"]] = details["digest"]
    elif entry.action == "handover.voided":
        voided.add(json.loads(entry.details)["handover"])


def _ends(
    entries: int, before: dict[int, tuple[int, str]], heads: dict[int, AuditHead], marks: dict[int, Any]
) -> dict[str, Any] | None:
    """Nothing was cut off: each chain ends where its head says, and reaches what a checkpoint has seen."""
    for chain, head in heads.items():
        if before.get(chain, (0, GENESIS)) != (head.seq, head.hash):
            return _bad(entries, f"chain:{chain}", "the end of this chain was cut off or rewritten")
    for chain, mark in marks.items():
        if before.get(chain, (0, GENESIS))[0] < mark["seq"]:
            return _bad(entries, f"chain:{chain}", "this chain ends before the checkpoint")
    return None


def _records(session: Session, entries: int, recorded: dict[int, str], voided: set[int]) -> dict[str, Any]:
    """Each row of the register has its entry, unchanged, with its own signature picture."""
    seen = set()
    query = select(Handover.__table__, Signature.png).outerjoin(Signature, Signature.id == Handover.signature_id)
    for row in session.execute(query.order_by(Handover.id).execution_options(yield_per=AT_ONCE)).mappings():
        seen.add(row["id"])
        if recorded.get(row["id"]) != digest(row):
            return _bad(entries, f"handover:{row['id']}", "this record was changed or has no entry")
        if row["signature_sha256"] and hashlib.sha256(row["png"] or b"").hexdigest() != row["signature_sha256"]:
            return _bad(entries, f"handover:{row['id']}", "the signature of this record was changed")
        if (row["voided_at"] is not None) != (row["id"] in voided):
            return _bad(entries, f"handover:{row['id']}", "this record was voided or restored without an entry")
    if gone := sorted(set(recorded) - seen):
        return _bad(entries, f"handover:{gone[0]}", "this record was deleted")
    return {"entries": entries, "ok": True, "first_bad": None, "reason": None}


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("at", "actor", "staff_id", "action", "subject", "details")}


def _bad(entries: int, first_bad: int | str, reason: str) -> dict[str, Any]:
    return {"entries": entries, "ok": False, "first_bad": first_bad, "reason": reason}
