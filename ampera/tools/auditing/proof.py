"""The proof that the history is unchanged: every chain is complete, and every record equals its audit row."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypedDict

from sqlalchemy import LargeBinary, inspect, select, text, type_coerce
from sqlalchemy.orm import Session

from ampera import audit, db
from ampera.audit import GENESIS, AuditEntry, AuditHead, link_hash, link_text
from ampera.desk.closing.digest import digest as closed_digest
from ampera.desk.closing.models import ClosedDay
from ampera.handovers.digest import digest
from ampera.handovers.models import SIGNATURES, Handover, Signature
from ampera.history import immutability
from ampera.history.chain_keys import ChainKeys, chain_keys, key_of
from ampera.installation.data_keys import Unreadable
from ampera.sql.sealed import keys_in_use
from ampera.tools.auditing.records import Recorded

AT_ONCE = 2000


class Proof(TypedDict):
    """`first_bad` is the id of the first wrong audit row, `chain:N` or `handover:N`; `reason` is a sentence.

    `keyed` counts the entries that have a key. The others are of version 1.1 or older; the first keyed entry of their
    chain holds their end fast.
    """

    entries: int
    ok: bool
    first_bad: int | str | None
    reason: str | None
    keyed: int


@dataclass
class _Walk:
    """What is known while the entries are read in their order."""

    keys: ChainKeys
    marks: dict[int, dict[str, Any]]
    entries: int = 0
    keyed: int = 0
    ends: dict[int, tuple[int, str]] = field(default_factory=dict)
    recorded: Recorded = field(default_factory=Recorded)

    def bad(self, first_bad: int | str, reason: str) -> Proof:
        return Proof(entries=self.entries, ok=False, first_bad=first_bad, reason=reason, keyed=self.keyed)

    def good(self) -> Proof:
        return Proof(entries=self.entries, ok=True, first_bad=None, reason=None, keyed=self.keyed)


def verify(
    session: Session,
    checkpoint: dict[str, Any] | None = None,
    keys: ChainKeys | None = None,
    is_opened: bool = True,
) -> Proof:
    """Check all chains, the checkpoint, the register and the triggers of the tables.

    Needs a new session: everything is read from one snapshot, so the lanes may work meanwhile. `keys` are by default
    those of the installation. With `is_opened=False` a chain may be without a key: it is of an older version.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_SNAPSHOT)
    marks = {int(chain): mark for chain, mark in (checkpoint or {}).get("chains", {}).items()}
    walk = _Walk(keys or chain_keys(db.current_settings().code_keys), marks)
    heads = {row.chain: row for row in session.scalars(select(AuditHead))}
    for entry in _entries(session):
        walk.entries += 1
        if reason := _problem(walk, entry):
            return walk.bad(entry.id, reason)
        walk.ends[entry.chain] = (entry.seq, entry.hash)
        walk.recorded.note(entry)
    ends = _ends(walk, heads, is_opened)
    return ends or _records(session, walk, is_opened) or _closed_days(session, walk) or _triggers(session, walk)


def _entries(session: Session) -> Iterator[AuditEntry]:
    """All rows, chain by chain, streamed."""
    query = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq)
    with closing(session.scalars(query.execution_options(yield_per=AT_ONCE))) as rows:
        yield from rows


def _problem(walk: _Walk, entry: AuditEntry) -> str | None:
    """What is wrong with the next entry of a chain."""
    seq, before = walk.ends.get(entry.chain, (0, GENESIS))
    if entry.seq != seq + 1:
        return "an entry is missing before this one"
    if reason := _link_problem(walk, entry, before):
        return reason
    mark = walk.marks.get(entry.chain)
    if mark and mark["seq"] == entry.seq and mark["hash"] != entry.hash:
        return "this entry differs from the checkpoint"
    if entry.action == audit.UNPROVED:
        return "the end of this chain was cut off or rewritten before this entry"
    return None


def _link_problem(walk: _Walk, entry: AuditEntry, before: str) -> str | None:
    key_id = key_of(entry.hash)
    if key_id is None:
        if key_of(before) is not None:
            return "this entry has no key, but the one before it has"
        return (
            None if link_hash(before, entry.chain, entry.seq, _row(entry)) == entry.hash else "this entry was changed"
        )
    if key_id not in walk.keys.secrets:
        return f"the key '{key_id}' of this entry is missing in AMPERA_CODE_KEYS"
    walk.keyed += 1
    made = walk.keys.link(link_text(before, entry.chain, entry.seq, _row(entry)), key_id)
    return None if hmac.compare_digest(made, entry.hash) else "this entry was changed"


def _ends(walk: _Walk, heads: dict[int, AuditHead], is_opened: bool) -> Proof | None:
    """Check the ends: each chain ends at its head, which its key proves, and reaches the head of the checkpoint."""
    for chain in sorted(heads.keys() | walk.ends.keys()):
        head = heads.get(chain)
        if head is None or walk.ends.get(chain, (0, GENESIS)) != (head.seq, head.hash):
            return walk.bad(f"chain:{chain}", "the end of this chain was cut off or rewritten")
        if key_of(head.hash) is None:
            if is_opened:
                return walk.bad(f"chain:{chain}", "this chain has no key: run ampera init, or the key was taken away")
        elif not walk.keys.is_head(chain, head.seq, head.hash, head.mac):
            return walk.bad(f"chain:{chain}", "the end of this chain was cut off or rewritten")
    for chain, mark in walk.marks.items():
        if walk.ends.get(chain, (0, GENESIS))[0] < mark["seq"]:
            return walk.bad(f"chain:{chain}", "this chain ends before the checkpoint")
    return None


def _records(session: Session, walk: _Walk, is_opened: bool) -> Proof | None:
    """Check the register: each record equals its audit row and has its own signature picture; none is missing."""
    seen: set[int] = set()
    recorded = walk.recorded.digests
    for row in _register(session):
        seen.add(row["id"])
        if recorded.get(row["id"]) != digest(row):
            return walk.bad(f"handover:{row['id']}", "this record was changed or has no entry")
        if row["signature_sha256"] and hashlib.sha256(_picture(row["png"])).hexdigest() != row["signature_sha256"]:
            return walk.bad(f"handover:{row['id']}", "the signature of this record was changed, or its key is missing")
        if not walk.recorded.has_void_of(row):
            return walk.bad(f"handover:{row['id']}", "the void of this record was changed or has no entry")
        walk.recorded.keep_if_old(row)
    if gone := sorted(set(recorded) - seen):
        return walk.bad(f"handover:{gone[0]}", "this record was deleted")
    if office_id := walk.recorded.wrong_copies(is_opened):
        return walk.bad(f"chain:{office_id}", "the copies of older records were changed")
    return None


def _closed_days(session: Session, walk: _Walk) -> Proof | None:
    """Check that each closed day equals its audit row, and that none is missing. Older databases have no such table."""
    if not inspect(session.connection()).has_table(ClosedDay.__tablename__):
        return None
    found = {row["id"]: closed_digest({**row}) for row in session.execute(select(ClosedDay.__table__)).mappings()}
    wrong = sorted(dict(found.items() ^ walk.recorded.closed.items()))
    reason = "this closed day was changed or deleted, or has no entry"
    return walk.bad(f"closed_day:{wrong[0]}", reason) if wrong else None


def _register(session: Session) -> Iterator[dict[str, Any]]:
    """All records with their signature pictures as they are stored, streamed."""
    png = type_coerce(Signature.png, LargeBinary).label("png")
    query = select(Handover.__table__, png).outerjoin(Signature, Signature.id == Handover.signature_id)
    with closing(session.execute(query.order_by(Handover.id).execution_options(yield_per=AT_ONCE))) as rows:
        yield from ({**row} for row in rows.mappings())


def _picture(stored: bytes | None) -> bytes:
    """The decrypted picture; empty when it cannot be decrypted any more."""
    try:
        return keys_in_use().open_bytes(bytes(stored), SIGNATURES) if stored else b""
    except Unreadable:
        return b""


def _triggers(session: Session, walk: _Walk) -> Proof:
    """The history is intact; so must be what keeps it."""
    if wrong := immutability.missing(session.connection()):
        return walk.bad(f"trigger:{wrong[0]}", "this trigger is missing or changed: run ampera init after an inquiry")
    return walk.good()


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("at", "actor", "staff_id", "action", "subject", "details")}


_ONE_SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
