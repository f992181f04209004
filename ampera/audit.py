"""The audit log, one hash chain per office. Every change and every refusal appends a row; no row is ever edited.

Rows are collected in the unit and appended right before its commit, so a chain has one head and no gaps.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, Table, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ampera import clock
from ampera.db import Base, Unit, UtcDateTime, transaction

GENESIS = "0" * 64
NO_OFFICE = 0


@dataclass(frozen=True)
class Actor:
    """The acting party: a member of staff, an API key, an enrolled display, or a command on the server.

    `lane_id` and `site` are a display's place ("" is none of the office's sites); nobody else has one (None).
    """

    kind: str
    name: str
    role: str
    office_id: int | None = None
    staff_id: int | None = None
    device_id: int | None = None
    lane_id: int | None = None
    site: str | None = None
    sign_in_id: int | None = None
    key_id: int | None = None
    proved_at: datetime | None = None
    seen_at: datetime | None = None


def command(office_id: int | None = None) -> Actor:
    """The actor of a command line on the server."""
    return Actor(kind="command", name="command", role="command", office_id=office_id)


def applicant(office_id: int) -> Actor:
    """The actor for any person with the link of a pickup of this office."""
    return Actor(kind="applicant", name="applicant", role="applicant", office_id=office_id)


class AuditEntry(Base):
    """One link of a chain: `hash` covers the row's own text and the hash before it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ux_audit_chain", "chain", "seq", unique=True),
        Index("ix_audit_subject", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[int]
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    staff_id: Mapped[int | None]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The newest link of each chain. It reveals that the end of a chain was cut off."""

    __tablename__ = "audit_heads"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]


def record(unit: Unit, actor: Actor, action: str, subject: str, **details: object) -> None:
    """Append one row when the unit commits. `details` never hold a NIK, a code, a link or a phone number."""
    rows = unit.__dict__.setdefault("audit_rows", {})
    rows.setdefault(actor.office_id or NO_OFFICE, []).append(
        {
            "at": unit.at,
            "actor": f"{actor.kind}:{actor.staff_id or actor.device_id or 0}",
            "staff_id": actor.staff_id,
            "action": action,
            "subject": subject,
            "details": json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str),
        }
    )
    unit.before_commit(_append)


def link_hash(before: str, chain: int, seq: int, row: dict[str, Any]) -> str:
    """SHA-256 over the previous hash and every column of the row, in a fixed order."""
    text = "\x1f".join(
        (
            before,
            str(chain),
            str(seq),
            str(clock.iso(row["at"])),
            row["actor"],
            str(row["staff_id"] or ""),
            row["action"],
            row["subject"],
            row["details"],
        )
    )
    return hashlib.sha256(text.encode()).hexdigest()


def story(session: Session, subjects: list[str], limit: int = 500) -> list[AuditEntry]:
    """The rows about these subjects, oldest first."""
    query = select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.id).limit(limit)
    return list(session.scalars(query))


_ENTRIES, _HEADS = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == bindparam("chain")).with_for_update()
_ENTRY = insert(_ENTRIES)
_NEW_HEAD = insert(_HEADS)
_MOVE_HEAD = update(_HEADS).where(AuditHead.chain == bindparam("of"))


def _append(unit: Unit) -> None:
    for chain, rows in unit.__dict__.pop("audit_rows").items():
        head = unit.conn.execute(_HEAD, {"chain": chain}).one_or_none()
        seq, digest = head or (0, GENESIS)
        for row in rows:
            seq += 1
            digest = link_hash(digest, chain, seq, row)
            row.update(chain=chain, seq=seq, hash=digest)
        unit.conn.execute(_ENTRY, rows)
        if head is None:
            unit.conn.execute(_NEW_HEAD, {"chain": chain, "seq": seq, "hash": digest})
        else:
            unit.conn.execute(_MOVE_HEAD, {"of": chain, "seq": seq, "hash": digest})


@transaction
def note_access(unit: Unit, actor: Actor, action: str, subject: str, what: dict[str, Any]) -> None:
    """Record an access to personal data (UU 27/2022). `what` names fields and counts, never content."""
    record(unit, actor, action, subject, **what)
