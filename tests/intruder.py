"""A person with the database and without the product: drops what keeps the history, changes it, covers the traces."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update

from ampera import audit, db
from ampera.audit import AuditEntry, AuditHead
from ampera.history import immutability


def change(statement: Any) -> None:
    """Run a statement that the triggers would refuse, and put the triggers back as if nothing had happened."""
    with without_triggers() as unit:
        unit.conn.execute(statement)


def rewrite(
    changed: Callable[[dict[str, Any]], dict[str, Any]],
    link: Callable[..., str],
    head_mac: Callable[..., str | None],
) -> None:
    """Change the details of entries, and compute all chains again from their first entry to their heads."""
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.seq)).all()
    before = dict.fromkeys({entry.chain for entry in entries}, audit.GENESIS)
    for entry in entries:
        kept = json.dumps(changed(json.loads(entry.details)), sort_keys=True, separators=(",", ":"))
        values = {name: getattr(entry, name) for name in ("at", "actor", "staff_id", "action", "subject")}
        before[entry.chain] = link(before[entry.chain], entry.chain, entry.seq, {**values, "details": kept})
        change(update(AuditEntry).where(AuditEntry.id == entry.id).values(details=kept, hash=before[entry.chain]))
    seqs = {entry.chain: entry.seq for entry in entries}
    for chain, end in before.items():
        mac = head_mac(chain, seqs[chain], end)
        change(update(AuditHead).where(AuditHead.chain == chain).values(hash=end, mac=mac))


@contextmanager
def without_triggers() -> Iterator[db.Unit]:
    """One transaction on the tables of the history without their triggers."""
    database = db.current()
    with database.writer.begin() as conn:
        immutability.remove(conn)
        yield db.Unit(conn, db.current_settings())
        immutability.install(conn)
