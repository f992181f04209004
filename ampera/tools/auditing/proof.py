"""The proof that the history is unchanged: every chain is complete, and every record equals its audit row."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any, TypedDict

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ampera import clock
from ampera.audit import GENESIS, AuditEntry, AuditHead, link_hash
from ampera.handovers.digest import digest
from ampera.handovers.models import Handover, Signature

AT_ONCE = 2000
Void = tuple[str | None, int | None, str, str]  # when, by whom, why, onto which shelf


class Proof(TypedDict):
    """`first_bad` is the id of the first wrong audit row, `chain:N` or `handover:N`; `reason` is a sentence."""

    entries: int
    ok: bool
    first_bad: int | str | None
    reason: str | None


def verify(session: Session, checkpoint: dict[str, Any] | None = None) -> Proof:
    """Check all chains, the checkpoint and the register.

    Needs a new session: everything is read from one snapshot, so the lanes may work meanwhile.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_SNAPSHOT)
    entries = 0
    recorded: dict[int, str] = {}
    voided: dict[int, Void] = {}
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
        _note_record(entry, recorded, voided)
    return _ends(entries, before, heads, marks) or _records(session, entries, recorded, voided)


def _entries(session: Session) -> Iterator[AuditEntry]:
    """All rows, chain by chain, streamed."""
    query = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq)
    with closing(session.scalars(query.execution_options(yield_per=AT_ONCE))) as rows:
        yield from rows


def _note_record(entry: AuditEntry, recorded: dict[int, str], voided: dict[int, Void]) -> None:
    if entry.action == "handover.recorded":
        details = json.loads(entry.details)
        recorded[details["handover"]] = details["digest"]
    elif entry.action == "handover.voided":
        details = json.loads(entry.details)
        voided[details["handover"]] = (clock.iso(entry.at), entry.staff_id, details["reason"], details["shelf"])


def _ends(
    entries: int, before: dict[int, tuple[int, str]], heads: dict[int, AuditHead], marks: dict[int, Any]
) -> Proof | None:
    """Check the ends: each chain ends at its head, and reaches the head of the checkpoint."""
    for chain in sorted(heads.keys() | before.keys()):
        head = heads.get(chain)
        if head is None or before.get(chain, (0, GENESIS)) != (head.seq, head.hash):
            return _bad(entries, f"chain:{chain}", "the end of this chain was cut off or rewritten")
    for chain, mark in marks.items():
        if before.get(chain, (0, GENESIS))[0] < mark["seq"]:
            return _bad(entries, f"chain:{chain}", "this chain ends before the checkpoint")
    return None


def _records(session: Session, entries: int, recorded: dict[int, str], voided: dict[int, Void]) -> Proof:
    """Check the register: each record equals its audit row and has its own signature picture; none is missing."""
    seen = set()
    for row in _register(session):
        seen.add(row["id"])
        if recorded.get(row["id"]) != digest(row):
            return _bad(entries, f"handover:{row['id']}", "this record was changed or has no entry")
        if row["signature_sha256"] and hashlib.sha256(row["png"] or b"").hexdigest() != row["signature_sha256"]:
            return _bad(entries, f"handover:{row['id']}", "the signature of this record was changed")
        if _void(row) != voided.get(row["id"]):
            return _bad(entries, f"handover:{row['id']}", "the void of this record was changed or has no entry")
    if gone := sorted(set(recorded) - seen):
        return _bad(entries, f"handover:{gone[0]}", "this record was deleted")
    return Proof(entries=entries, ok=True, first_bad=None, reason=None)


def _register(session: Session) -> Iterator[dict[str, Any]]:
    """All records with their signature pictures, streamed."""
    query = select(Handover.__table__, Signature.png).outerjoin(Signature, Signature.id == Handover.signature_id)
    with closing(session.execute(query.order_by(Handover.id).execution_options(yield_per=AT_ONCE))) as rows:
        yield from ({**row} for row in rows.mappings())


def _void(row: dict[str, Any]) -> Void | None:
    if row["voided_at"] is None:
        return None
    return clock.iso(row["voided_at"]), row["voided_by_id"], row["void_reason"], row["void_shelf"]


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("at", "actor", "staff_id", "action", "subject", "details")}


def _bad(entries: int, first_bad: int | str, reason: str) -> Proof:
    return Proof(entries=entries, ok=False, first_bad=first_bad, reason=reason)


_ONE_SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
