"""The seal of records that are older than their copies: one entry of the chain covers what the migration filled in."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from ampera import audit, events
from ampera.audit import AuditEntry, HistoryOpened
from ampera.db import Unit
from ampera.handovers.digest import copies_digest, void_names_digest
from ampera.handovers.models import Handover

ACTION = "handover.copied"


@events.during(HistoryOpened)
def seal(unit: Unit, _event: HistoryOpened) -> None:
    """Record, once for each office, the digest of the copies of its records of version 1."""
    for office_id in _offices_to_seal(unit.conn):
        rows = old_rows(unit.conn, office_id)
        voided = [row for row in rows if row["voided_at"] is not None]
        audit.record(
            unit, audit.command(office_id), ACTION, f"office:{office_id}", records=len(rows),
            digest=copies_digest(rows), voids=void_names_digest(voided),
        )  # fmt: skip


def old_rows(conn: Connection, office_id: int) -> list[dict[str, Any]]:
    """The records of version 1 of an office, oldest first."""
    query = select(Handover.__table__).where(Handover.office_id == office_id, Handover.digest_version == 1)
    return [dict(row) for row in conn.execute(query.order_by(Handover.id)).mappings()]


def _offices_to_seal(conn: Connection) -> Iterable[int]:
    offices = set(conn.scalars(select(Handover.office_id).where(Handover.digest_version == 1).distinct()))
    if not offices:
        return []
    sealed = set(conn.scalars(select(AuditEntry.chain).where(AuditEntry.action == ACTION)))
    return sorted(offices - sealed)
