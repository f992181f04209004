"""SQLite: copied while the server works, and put in place beside the file that was there."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO

from ampera import clock, migrate
from ampera.db import Database
from ampera.installation import private_files
from ampera.tools.backups import proof_service
from ampera.tools.backups.archive_service import BLOCK, BackupError, Manifest, sync_folder


def copy(database: Database, content: IO[bytes]) -> Manifest:
    """Write a copy of this moment; returns what its manifest says of it. Raises BackupError."""
    source = Path(database.url.database or "")
    if not source.exists():
        raise BackupError(migrate.Shape.NONE.value)
    made_at = clock.iso(clock.now())
    with tempfile.TemporaryDirectory(prefix="ampera-backup-") as folder:
        file = Path(folder, source.name)
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(file)) as new:
                old.backup(new)
        except sqlite3.Error as error:  # "unable to open database file", "database or disk is full"
            raise BackupError(f"{source} cannot be copied to {folder} ({error}).") from error
        facts = _facts(file)
        with file.open("rb") as written:
            shutil.copyfileobj(written, content, BLOCK)
    return {"made_at": made_at, **facts}


def _facts(file: Path) -> Manifest:
    copied = Database(f"sqlite:///{file}")
    try:
        with copied.long_reader.connect() as conn:
            return proof_service.facts(conn)
    finally:
        copied.dispose()


def put_in_place(copy: Path, target: Path) -> Path | None:
    """Written beside the target, then renamed: whenever the machine stops, a whole database is in place.

    Returns the path of the file that was there, which is kept.
    """
    private_files.make_folder(target.parent)
    draft = target.with_name(f".{target.name}.restoring")
    _copy_durably(copy, draft)
    kept = None
    if target.exists():
        _close_journal(target)
        kept = target.with_name(f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}")
        kept.unlink(missing_ok=True)
        os.link(target, kept)
        kept.chmod(private_files.FILE)
    os.replace(draft, target)
    sync_folder(target.parent)
    return kept


def _copy_durably(copy: Path, draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT, private_files.FILE)
        with copy.open("rb") as source, open(descriptor, "wb") as written:
            shutil.copyfileobj(source, written, BLOCK)
            written.flush()
            os.fsync(written.fileno())
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"{draft.parent} cannot be written ({error.strerror}).") from error


def _close_journal(target: Path) -> None:
    """Bring the journal into its own file and remove it: it must not be applied to the file that comes."""
    try:
        with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as old:
            busy, _pages, _moved = old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy or old.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
                raise sqlite3.OperationalError
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) or "malformed" in str(error):  # a damaged file is what a restore is for
            for end in private_files.JOURNALS[1:]:
                target.with_name(target.name + end).unlink(missing_ok=True)
            return
        raise BackupError("Another program uses the database. Stop it, then try again.") from error
