"""The proof of a copy where nobody works with it: its rows, its history, the newest checkpoint, its codes.

A copy of an older version is brought to this version first. That is the reason why a proof is never made in place.
"""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.orm import Session

from ampera import db, migrate
from ampera.db import Database
from ampera.history import checkpoints
from ampera.pickups.code_keys.key_queries import unfit_keys
from ampera.pickups.codes import CodeKeys
from ampera.tools.auditing import proof
from ampera.tools.backups.archive_service import BackupError, Manifest

REVISION = text("SELECT version_num FROM alembic_version")
FIRST_KEYED = "0005"  # the revision whose chains have keys
CHECKED = text("PRAGMA integrity_check")


def facts(conn: Connection) -> Manifest:
    """What a manifest says of a database: its revision, and the number of rows of each table. Raises BackupError."""
    shape = migrate.shape(conn)
    if shape in (migrate.Shape.NONE, migrate.Shape.NEWER):
        raise BackupError(shape.value)
    return {"revision": conn.scalar(REVISION), "rows": _rows(conn)}


def prove(database: Database, manifest: Manifest) -> Manifest:
    """Prove a copy that was restored into `database`, which becomes one of this version.

    Returns what was found: `audit`, the proof of its history; `checkpoint`, the moment of the newest one that it was
    compared with; `unfit_keys`, the keys of its codes that are not here; `seconds`. Raises BackupError for a copy that
    is not what the manifest says.
    """
    began = time.monotonic()
    with database.long_reader.connect() as conn:
        if database.is_sqlite and conn.scalar(CHECKED) != "ok":
            raise BackupError("The copied database is damaged.")
        compare(conn, manifest)
    migrate.ensure(database)
    settings = db.current_settings()
    with database.long_reader.connect() as conn, Session(conn) as session:
        signed = _checkpoint(session, settings.checkpoint_dir, manifest["made_at"])
        unfit = unfit_keys(session, CodeKeys.parse(settings.code_keys))
    with database.long_reader.connect() as conn, Session(conn) as session:
        proved = proof.verify(session, signed, is_opened=manifest.get("revision", "") >= FIRST_KEYED)
    found: dict[str, Any] = {"audit": proved, "checkpoint": signed and signed["at"], "unfit_keys": unfit}
    return found | {"seconds": round(time.monotonic() - began, 1)}


def compare(conn: Connection, manifest: Manifest) -> None:
    """Raises BackupError when a table has other rows than the manifest says. Older manifests say nothing of rows."""
    rows, expected = _rows(conn), manifest.get("rows", {})
    for name in expected:
        if rows.get(name) != expected[name]:
            found = f"{rows.get(name, 0)} rows instead of {expected[name]}"
            raise BackupError(f"The copy is not whole: the table {name} has {found}.")


def _rows(conn: Connection) -> dict[str, int]:
    """Of the product's tables that are there: an index of a search or a table of the administrator is none of them."""
    there = set(inspect(conn).get_table_names())
    tables = [table for name, table in sorted(migrate.all_tables().tables.items()) if name in there]
    return {table.name: conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def _checkpoint(session: Session, folder: str, made_at: str) -> dict[str, Any] | None:
    """The newest checkpoint that is not younger than the copy. One of another installation proves nothing."""
    secret, pinned = db.current_settings().secret_key, checkpoints.pinned_keys(session)
    for file in sorted(Path(folder).glob(checkpoints.NAME), reverse=True) if folder else ():
        signed = checkpoints.read(file)
        if signed.get("at", made_at) < made_at and checkpoints.is_genuine(signed, secret, pinned):
            return signed
    return None
