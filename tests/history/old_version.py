"""A database as version 1.1 left it: links without keys, digests of version 1, no copies, no triggers."""

import json
from typing import Any

from sqlalchemy import select, update

from ampera import audit, db, migrate
from ampera.audit import AuditEntry, AuditHead
from ampera.handovers.digest import digest
from ampera.handovers.models import Handover
from tests import intruder


def make_old() -> None:
    """Write the history of the current database as version 1.1 would have written it, and take the new columns away."""
    ends: dict[int, tuple[int, str]] = {}
    with intruder.without_triggers() as unit:
        conn = unit.conn
        records = {row["id"]: dict(row) for row in conn.execute(select(Handover.__table__)).mappings()}
        for entry in conn.execute(select(AuditEntry.__table__).order_by(AuditEntry.chain, AuditEntry.seq)).mappings():
            row = {**entry, "details": _details(entry, records)}
            _, before = ends.get(row["chain"], (0, audit.GENESIS))
            link = audit.link_hash(before, row["chain"], row["seq"], row)
            values = {"details": row["details"], "hash": link}
            conn.execute(update(AuditEntry).where(AuditEntry.id == row["id"]).values(**values))
            ends[row["chain"]] = row["seq"], link
        for chain, (_, link) in ends.items():
            conn.execute(update(AuditHead).where(AuditHead.chain == chain).values(hash=link))
    migrate.downgrade(db.current(), "0004")


def _details(entry: Any, records: dict[int, dict[str, Any]]) -> str:
    """The details without what version 1.1 did not know."""
    details = json.loads(entry["details"])
    if entry["action"] == "handover.recorded":
        details.pop("version")
        details["digest"] = digest({**records[details["handover"]], "digest_version": 1, "found_by": None})
    elif entry["action"] == "handover.voided":
        details.pop("digest")
    return json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
