"""The audit log, one keyed chain per office. Every change and every refusal appends a row; no row is ever edited.

Rows are collected in the unit and appended right before its commit, so a chain has one head and no gaps. Chains of
version 1.1 and older have no key; the first entry with one (`audit.keyed`) holds their end fast.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from flask import has_request_context, request
from sqlalchemy import Index, Table, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from ampera import clock
from ampera.db import Base, Unit, UtcDateTime, transaction
from ampera.history.chain_keys import ChainKeys, chain_keys, key_of
from ampera.sql.statements import TypedSelect, Write

GENESIS = "0" * 64
NO_OFFICE = 0
KEYED = "audit.keyed"  # the first entry with a key, in a chain that began without
UNPROVED = "audit.end_unproved"  # the chain did not end where its head said: the end was cut off before this entry


MARK = 32  # hex digits of a mark: 128 bits
FORMER_MARK = 16  # of versions before 1.2, the beginning of the same mark
MOST_SHOWN = 200  # ids in the entry of a search
FRESH = timedelta(minutes=10)  # how long a typed password counts for an act that needs a fresh sign-in


class Tablet(NamedTuple):
    """The enrolled tablet that a member of staff works at. `kind` is its use (see `accounts/devices/kinds.py`)."""

    id: int
    name: str
    kind: str
    lane: int | None  # the number
    lock_minutes: int  # without a touch; 0 is never


@dataclass(frozen=True)
class Actor:
    """The acting party: a member of staff, an API key, an enrolled display, or a command on the server.

    `lane_id` and `site` are a display's place ("" is none of the office's sites); nobody else has one (None).
    `scopes` limit a key; None is no limit. `tablet` is where somebody has signed in; None in another browser.
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
    must_change: bool = False  # its password is known to somebody else
    has_factor: bool = False  # it signs in with a second factor
    scopes: frozenset[str] | None = None
    tablet: Tablet | None = None
    is_of_directory: bool = False  # it has no password here

    def is_fresh(self, at: datetime) -> bool:
        """Whether this person typed the password a short while before `at`. A key or a command is never fresh."""
        return self.proved_at is not None and at - self.proved_at < FRESH


def command(office_id: int | None = None) -> Actor:
    """The actor of a command line on the server."""
    return Actor(kind="command", name="command", role="command", office_id=office_id)


def applicant(office_id: int) -> Actor:
    """The actor for any person with the link of a pickup of this office."""
    return Actor(kind="applicant", name="applicant", role="applicant", office_id=office_id)


class AuditEntry(Base):
    """One link of a chain: `hash` (`ID:HEX`, or hex without a key) covers the row's text and the hash before it."""

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
    """The newest link of each chain with its proof. It reveals that the end of a chain was cut off."""

    __tablename__ = "audit_heads"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]
    mac: Mapped[str | None]


class HeadRow(NamedTuple):
    """The newest link of one chain."""

    seq: int
    hash: str
    mac: str | None


@dataclass(frozen=True)
class HistoryOpened:
    """The history is about to be used by this version: subscribers seal what the version before left unsealed."""


def record(unit: Unit, actor: Actor, action: str, subject: str, **details: object) -> None:
    """Append one row when the unit commits. `details` never hold a NIK, a code, a link or a phone number."""
    rows = unit.__dict__.setdefault("audit_rows", {})
    rows.setdefault(actor.office_id or NO_OFFICE, []).append(_row(unit, actor, action, subject, details))
    unit.before_commit(_append)


_WRITTEN = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _row(unit: Unit, actor: Actor, action: str, subject: str, details: Mapping[str, object]) -> dict[str, Any]:
    if actor.tablet:
        details = {**details, "tablet": actor.tablet.id}
    return {
        "at": unit.at,
        "actor": f"{actor.kind}:{actor.staff_id or actor.device_id or 0}",
        "staff_id": actor.staff_id,
        "action": action,
        "subject": subject,
        "details": _WRITTEN.encode(details),
    }


@transaction
def open_history(unit: Unit, _actor: Actor) -> None:
    """Give a key to every chain that has none. Cheap to repeat; the server and `ampera init` do it at their start."""
    for chain, link in unit.conn.execute(select(AuditHead.chain, AuditHead.hash)).all():
        if key_of(link) is None:
            unit.__dict__.setdefault("audit_rows", {}).setdefault(chain, [])
            unit.before_commit(_append)
    unit.emit(HistoryOpened())


def link_hash(before: str, chain: int, seq: int, row: dict[str, Any]) -> str:
    """The link without a key, as version 1.1 and older made it: SHA-256 over `link_text`."""
    return hashlib.sha256(link_text(before, chain, seq, row)).hexdigest()


def link_text(before: str, chain: int, seq: int, row: dict[str, Any]) -> bytes:
    """The previous hash and every column of the row, in a fixed order."""
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
    return text.encode()


def story(session: Session, subjects: list[str], limit: int = 500) -> list[AuditEntry]:
    """The rows about these subjects, oldest first."""
    query = select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.id).limit(limit)
    return list(session.scalars(query))


_ENTRIES, _HEADS = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
_HEAD = TypedSelect(
    HeadRow,
    select(AuditHead.seq, AuditHead.hash, AuditHead.mac).where(AuditHead.chain == bindparam("chain")).with_for_update(),
)
_LOCK_CHAIN = text("SELECT pg_advisory_xact_lock(hashtext('ampera.audit'), :chain)")
_ENTRY = Write(insert(_ENTRIES))
_NEW_HEAD = Write(insert(_HEADS))
_MOVE_HEAD = Write(update(_HEADS).where(AuditHead.chain == bindparam("of")))


def _append(unit: Unit) -> None:
    keys = chain_keys(unit.settings.code_keys)
    for chain, rows in unit.__dict__.pop("audit_rows").items():
        head = _head(unit, chain)
        seq, link, mac = head or (0, GENESIS, None)
        if head:
            rows = [*_first(unit, keys, chain, seq, link, mac), *rows]
        for row in rows:
            seq += 1
            link = keys.link(link_text(link, chain, seq, row))
            row.update(chain=chain, seq=seq, hash=link)
        _ENTRY.run_all(unit.conn, rows)
        new = {"seq": seq, "hash": link, "mac": keys.head_mac(chain, seq, link)}
        if head is None:
            _NEW_HEAD.run(unit.conn, chain=chain, **new)
        else:
            _MOVE_HEAD.run(unit.conn, of=chain, **new)


def _head(unit: Unit, chain: int) -> HeadRow | None:
    """The locked head of the chain; None before its first row. A row that is missing cannot be locked."""
    head = _HEAD.first(unit.conn, chain=chain)
    if head is None and unit.conn.dialect.name == "postgresql":
        unit.conn.execute(_LOCK_CHAIN, {"chain": chain})
        head = _HEAD.first(unit.conn, chain=chain)
    return head


def _first(unit: Unit, keys: ChainKeys, chain: int, seq: int, link: str, mac: str | None) -> list[dict[str, Any]]:
    """What is said before the new rows: the switch to keyed links, or that this is not where the chain ended."""
    if key_of(link) is None:
        return [_own_row(unit, KEYED, chain, entries=seq, hash=link, key=keys.newest_id)]
    if not keys.is_head(chain, seq, link, mac):
        return [_own_row(unit, UNPROVED, chain, entries=seq, hash=link)]
    return []


def _own_row(unit: Unit, action: str, chain: int, **details: object) -> dict[str, Any]:
    """A row of the chain about itself."""
    return _row(unit, command(chain), action, f"chain:{chain}", details)


def note_access(actor: Actor, action: str, subject: str, what: dict[str, Any]) -> None:
    """Like `_note_access`, except for HEAD: it sends nothing of the data, and a proxy may repeat it at any time."""
    if not (has_request_context() and request.method == "HEAD"):
        _note_access(actor, action, subject, what)


@transaction
def _note_access(unit: Unit, actor: Actor, action: str, subject: str, what: dict[str, Any]) -> None:
    """Record an access to personal data (UU 27/2022). `what` names fields and counts, never content."""
    record(unit, actor, action, subject, **what, **_means(actor))


@transaction
def note_search(unit: Unit, actor: Actor, where: str, text: str, hits: int, shown: Collection[int] = ()) -> None:
    """Record a search for people: who, in which list, the number of hits, and the ids of the books that were shown.

    The text is never kept: equal texts of one installation have equal marks, and only who knows a text can find it.
    """
    query = mark(unit, "search", " ".join(text.casefold().split()))
    record(
        unit, actor, "search.made", f"office:{actor.office_id}",
        where=where, query=query, hits=hits, shown=list(shown)[:MOST_SHOWN], **_means(actor),
    )  # fmt: skip


def _means(actor: Actor) -> dict[str, int]:
    """What somebody has looked with: the session of a browser, or the API key."""
    means = {"session": actor.sign_in_id, "key": actor.key_id}
    return {name: number for name, number in means.items() if number is not None}


def mark(unit: Unit, purpose: str, content: str | Mapping[str, object]) -> str:
    """The keyed mark of personal data: equal contents of one installation have equal marks, and nothing else shows."""
    text = content if isinstance(content, str) else json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hmac.digest(unit.settings.secret_key.encode(), f"{purpose} {text}".encode(), "sha256").hex()[:MARK]
