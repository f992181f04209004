"""Files that only the server's own user may read: the database holds names, numbers and signatures of applicants.

Every process sets the umask first, so that a new file is private from its first byte. `tighten` mends what an earlier
version, a copy or a hand has left open; `open_to_others` only looks.
"""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
FOLDER, FILE = 0o700, 0o600
JOURNALS = ("", "-wal", "-shm", "-journal")
# All that a child process needs that reads or copies files. Secrets of the environment are none of its business.
CHILD_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME")


def keep_private() -> None:
    """Let this process create files for its own user only. Call this before the first file is opened."""
    os.umask(UMASK)


def make_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER)
    return folder


def open_to_others(instance: Path, database_file: Path | None) -> list[Path]:
    """The files and folders of this installation that another user of the machine may open."""
    return [path for path in _all(instance, database_file) if path.lstat().st_mode & UMASK]


def tighten(instance: Path, database_file: Path | None) -> list[Path]:
    """Close what is open to others and belongs to this user. Returns the paths that were closed."""
    closed = []
    for path in open_to_others(instance, database_file):
        if path.lstat().st_uid == os.geteuid():
            path.chmod(FOLDER if path.is_dir() else FILE)
            closed.append(path)
    return closed


def closed_to_us(file: Path) -> str:
    """Why this user cannot even look for the file, as a sentence; empty where the folder may be searched."""
    try:
        file.lstat()
    except PermissionError:
        return (
            f"This user may not look into {file.parent}. It belongs to the user {owner(file.parent)}: run as that user."
        )
    except OSError:
        pass
    return ""


def owner(path: Path) -> str:
    try:
        uid = path.stat().st_uid
    except OSError:
        return "who made it"
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def child_environment() -> dict[str, str]:
    """The environment of a child process: no setting of this installation, only what is named here."""
    return {name: os.environ[name] for name in CHILD_ENVIRONMENT if name in os.environ}


def _all(instance: Path, database_file: Path | None) -> Iterator[Path]:
    """The instance folder with all below it, and a database file elsewhere with its journals; no links."""
    if instance.is_dir():
        yield instance
        for folder, names, files in os.walk(instance):
            yield from (path for name in (*names, *files) if not (path := Path(folder, name)).is_symlink())
    if database_file and not database_file.is_relative_to(instance):
        journals = (database_file.with_name(database_file.name + end) for end in JOURNALS)
        yield from (path for path in journals if path.exists() and stat.S_ISREG(path.lstat().st_mode))
