"""What makes an upgrade safe: one process at a time, and the copy of a SQLite database from before it."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ampera.installation import private_files

SPARE_BYTES = 16_000_000


class CannotUpgrade(Exception):
    """The database cannot be brought to this version. The text says why and what to do; nothing was changed."""


@contextmanager
def turn(file: Path) -> Iterator[None]:
    """Wait until no other process upgrades this SQLite file: the wait of SQLite itself ends after some seconds."""
    descriptor = os.open(file.with_name(f"{file.name}.upgrade"), os.O_RDWR | os.O_CREAT, private_files.FILE)
    with os.fdopen(descriptor, "r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def keep_copy(file: Path, revision: str) -> Path:
    """Copy the SQLite file of this revision beside it: the way back. Raises CannotUpgrade without room for it."""
    kept = file.with_name(f"{file.name}.of-{revision}")
    draft = file.with_name(f".{kept.name}.part")
    size = 2 * file.stat().st_size + SPARE_BYTES  # the upgrade's own journal may be as long as the file
    if shutil.disk_usage(file.parent).free < size:
        raise CannotUpgrade(
            f"There is too little room for an upgrade: {size // 1_000_000:,} MB are needed in {file.parent}, half "
            "of it for a copy of the database from before. Make room, then try again."
        )
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT, private_files.FILE))
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(draft)) as new:
        old.backup(new)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(draft, kept)
    return kept
