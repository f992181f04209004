"""Backups: one archive with the database and a manifest. Secrets are not in it and must be kept elsewhere.

SQLite is copied with its online backup, so the server may work meanwhile; PostgreSQL is copied with pg_dump.
"""

import hashlib
import json
import os
import re
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
from ampera.installation import private_files, server_lock
from ampera.tools.auditing import proof

MANIFEST = "manifest.json"
FIRST_KEYED = "0005"  # the revision whose chains have keys
EXTENSION = re.compile(r"^\d+; \d+ \d+ (COMMENT - )?EXTENSION ")
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
        _write_archive(out, copy, manifest)
    return verify(out)


def proved(database: Database) -> proof.Proof | None:
    """The proof of the present history; None for an older version. A dump can be proved only where it is restored."""
    with database.long_reader.connect() as conn, Session(conn) as session:
        return proof.verify(session) if migrate.is_current(conn) else None


def _write_archive(out: Path, copy: Path, manifest: dict[str, Any]) -> None:
    """Readable by the owner only from the first byte; whole or not there."""
    if not out.parent.is_dir():
        raise BackupError(f"There is no folder {out.parent}. Make it, then try again.")
    draft = out.with_name(f".{out.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private_files.FILE), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(copy, copy.name)
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, out)
    except OSError as error:
        raise BackupError(f"The archive cannot be written to {out.parent} ({error.strerror}).") from error
    finally:
        draft.unlink(missing_ok=True)


def verify(file: Path) -> dict[str, Any]:
    """Unpack the archive and compare the hash; prove the whole history of a SQLite copy. Raises BackupError."""
    with _unpacked(file) as (copy, manifest):
        if _sha256(copy) != manifest["sha256"]:
            raise BackupError("The archive is damaged: its content differs from its manifest.")
        if manifest["database"] == "sqlite":
            manifest["audit"] = _prove(copy, manifest.get("revision", ""))
        else:
            _contents(copy)
    return manifest


def restore(database: Database, file: Path) -> Path | None:
    """Replace the database by the archive. Returns the path of the SQLite file that was there, which is kept.

    Raises BackupError, also while a server works with the database: what it confirms meanwhile would be lost.
    """
    manifest = verify(file)
    if manifest["database"] != database.url.get_backend_name():
        raise BackupError(f"This is a backup of {manifest['database']}, AMPERA_DATABASE_URL names another database.")
    if manifest["revision"] > migrate.newest():
        raise BackupError("This backup was made by a newer version. Install that version, then restore.")
    try:
        with server_lock.alone(database), _unpacked(file) as (copy, _manifest):
            if database.is_sqlite:
                database.dispose()
                return _put_in_place(copy, Path(database.url.database or ""))
            _load(database, copy)
            return None
    except server_lock.InUse:
        raise BackupError("A server works with this database. Stop it first: what it confirms would be lost.") from None


def _load(database: Database, copy: Path) -> None:
    """Replace the tables in one transaction: an archive that fails half-way changes nothing."""
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
    listed = copy.with_suffix(".list")
    listed.write_text("".join(f"{line}\n" for line in _contents(copy) if not EXTENSION.search(line)))
    _run_with(database, "pg_restore", *options, "--use-list", str(listed), "--dbname", _libpq(database), str(copy))


def _contents(copy: Path) -> list[str]:
    """The list of what a dump of PostgreSQL holds. Extensions belong to the administrator of its server."""
    return _run("pg_restore", "--list", str(copy)).splitlines()


def _put_in_place(copy: Path, target: Path) -> Path | None:
    """Written beside the target, then renamed: whenever the machine stops, a whole database is in place."""
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
    _sync_folder(target.parent)
    return kept


def _copy_durably(copy: Path, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    with copy.open("rb") as source, open(os.open(draft, os.O_WRONLY | os.O_CREAT, private_files.FILE), "wb") as written:
        shutil.copyfileobj(source, written, 1024 * 1024)
        written.flush()
        os.fsync(written.fileno())


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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy_sqlite(database: Database, copy: Path) -> None:
    source = Path(database.url.database or "")
    if not source.exists():
        raise BackupError("There is no database yet. Run: ampera init")
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _dump(database: Database, copy: Path) -> None:
    _run_with(database, "pg_dump", "--format=custom", "--no-owner", "--file", str(copy), "--dbname", _libpq(database))


def _libpq(database: Database) -> str:
    """The address without its password: every user of the machine sees the arguments of a program."""
    url = database.url._replace(drivername="postgresql", password=None).difference_update_query(["password"])
    return url.render_as_string(hide_password=False)


def _run_with(database: Database, program: str, *arguments: str) -> None:
    password = database.url.password or database.url.query.get("password", "")
    _run(program, *arguments, **({"PGPASSWORD": str(password)} if password else {}))


def _run(program: str, *arguments: str, **environ: str) -> str:
    """What a program of PostgreSQL prints, with nothing of this installation's environment. Raises BackupError."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing: install PostgreSQL's client programs (postgresql-client).")
    environment = private_files.child_environment() | environ
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise BackupError(f"{program} failed: {_reason(done.stderr)}")
    return done.stdout


def _reason(stderr: str) -> str:
    """The first error of the program. Its further lines may quote rows."""
    first = next((line for line in stderr.splitlines() if "error:" in line), "the server's log says why")
    return first.partition("error: ")[2][:200] or first[:200]


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
        except OSError as error:
            raise BackupError(f"{file} cannot be read ({error.strerror}).") from error
        except (KeyError, ValueError, zipfile.BadZipFile) as error:
            raise BackupError("This is not a backup of this product.") from error
        yield Path(folder) / CONTENT[manifest["database"]], manifest


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
