"""Backups: one archive with the database and a manifest. Secrets are not in it and must be kept elsewhere.

SQLite is copied with its online backup, so the server may work meanwhile; PostgreSQL is copied with pg_dump.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ampera import clock, migrate
from ampera.db import Database
from ampera.tools.auditing import proof

MANIFEST = "manifest.json"
FIRST_KEYED = "0005"  # the revision whose chains have keys
CONTENT = {"sqlite": "ampera.db", "postgresql": "ampera.dump"}


class BackupError(Exception):
    """The backup cannot be made, is damaged, or belongs to another database. The text gives the reason."""


def create(database: Database, out: Path) -> dict[str, Any]:
    """Write the archive, verify it, and return its manifest. Raises BackupError."""
    with tempfile.TemporaryDirectory(prefix="ampera-backup-") as folder:
        kind = database.url.get_backend_name()
        copy = Path(folder) / CONTENT[kind]
        _copy_sqlite(database, copy) if database.is_sqlite else _dump(database, copy)
        manifest = {
            "made_at": clock.iso(clock.now()),
            "database": kind,
            "revision": migrate.newest(),
            "sha256": _sha256(copy),
            "bytes": copy.stat().st_size,
        }
        draft = out.with_name(f".{out.name}.part")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, copy.name)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        draft.chmod(0o600)
        os.replace(draft, out)
    return verify(out)


def verify(file: Path) -> dict[str, Any]:
    """Unpack the archive and compare the hash; prove the whole history of a SQLite copy. Raises BackupError."""
    with _unpacked(file) as (copy, manifest):
        if _sha256(copy) != manifest["sha256"]:
            raise BackupError("The archive is damaged: its content differs from its manifest.")
        if manifest["database"] == "sqlite":
            manifest["audit"] = _prove(copy, manifest.get("revision", ""))
        else:
            _run("pg_restore", "--list", str(copy))
    return manifest


def restore(database: Database, file: Path) -> Path | None:
    """Replace the database by the archive. Returns the path of the SQLite file that was there, which is kept."""
    manifest = verify(file)
    if manifest["database"] != database.url.get_backend_name():
        raise BackupError(f"This is a backup of {manifest['database']}, AMPERA_DATABASE_URL names another database.")
    with _unpacked(file) as (copy, _manifest):
        if not database.is_sqlite:
            _run(
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                "-d",
                _libpq(database),
                str(copy),
            )
            return None
        return _put_in_place(copy, Path(database.url.database or ""))


def _put_in_place(copy: Path, target: Path) -> Path | None:
    kept = None
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        kept = target.with_name(f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}")
        with closing(sqlite3.connect(target)) as old:  # the journal belongs to the old file
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.replace(target, kept)
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    shutil.copyfile(copy, target)
    return kept


def _copy_sqlite(database: Database, copy: Path) -> None:
    source = Path(database.url.database or "")
    if not source.exists():
        raise BackupError("There is no database yet. Run: ampera init")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _dump(database: Database, copy: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--file", str(copy), _libpq(database))


def _libpq(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs (postgresql-client).")
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{program} failed; the server's log says why.")


def _prove(copy: Path, revision: str) -> proof.Proof:
    """The proof of a copy. A copy of an older version is brought to this one first; its chains may have no key."""
    database = Database(f"sqlite:///{copy}")
    is_opened = revision >= FIRST_KEYED
    try:
        migrate.ensure(database)
        with database.long_reader.connect() as conn, Session(conn) as session:
            if conn.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                raise BackupError("The copied database is damaged.")
            return proof.verify(session, is_opened=is_opened)
    finally:
        database.dispose()


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="ampera-backup-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = json.loads(archive.read(MANIFEST))
                archive.extract(CONTENT[manifest["database"]], folder)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise BackupError("This is not a backup of this product.") from error
        yield Path(folder) / CONTENT[manifest["database"]], manifest


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
