"""The archive of a backup: a zip file with the copy of a database and a manifest. Only its owner can read it.

It is written beside its place and then renamed: whenever the machine stops, it is whole or not there.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from ampera.installation import last_backup, private_files
from ampera.tools.backups import encryption
from ampera.tools.backups.refusals import BackupError as BackupError

MANIFEST = "manifest.json"
CONTENT = {"sqlite": "ampera.db", "postgresql": "ampera.dump"}
# pg_dump compresses by itself: to do it twice would take most of the time.
PACKED = {"sqlite": zipfile.ZIP_DEFLATED, "postgresql": zipfile.ZIP_STORED}
NAME = "ampera-%Y%m%d-%H%M%S.zip"
ENCRYPTED = ".age"  # after the name
BLOCK = 1024 * 1024

Manifest = dict[str, Any]


@dataclass
class Measured:
    """What is written goes on to `file`; its length and its hash are kept."""

    file: IO[bytes]
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, block: bytes) -> int:
        self.size += len(block)
        self.digest.update(block)
        return self.file.write(block)


@dataclass(frozen=True)
class Keep:
    """Which archives stay: those of the last `days`, at most the `most` newest, and always the `least` newest."""

    days: int
    most: int
    least: int


def write(out: Path, kind: str, copy_to: Callable[[IO[bytes]], Manifest]) -> None:
    """Make the archive. `copy_to` writes the copy and returns what the manifest says of it. Raises BackupError."""
    if not out.parent.is_dir():
        raise BackupError(f"There is no folder {out.parent}. Make it, then try again.")
    with _draft(out) as file:
        _fill(file, kind, copy_to)


@contextmanager
def encrypted(out: Path, recipients: str) -> Iterator[Path]:
    """Where to write and prove an archive that goes encrypted to `out`: a private folder of this machine.

    It is encrypted when the block ends, also when no proof could be made. Without recipients it is `out` itself.
    """
    if not recipients:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="ampera-backup-") as folder:
        plain = Path(folder, "plain.zip")
        try:
            yield plain
        finally:
            if plain.exists():
                with plain.open("rb") as source, _draft(out) as file:
                    encryption.encrypt(source, file, recipients)


@contextmanager
def _draft(out: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner only, which becomes `out` when it is whole. Raises BackupError."""
    draft = out.with_name(f".{out.name}.part")
    try:
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private_files.FILE), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, out)
        sync_folder(out.parent)
    except OSError as error:
        raise BackupError(f"The archive cannot be written to {out.parent} ({error.strerror}).") from error
    finally:
        if private_files.closed_to_us(draft) == "":
            draft.unlink(missing_ok=True)


def _fill(file: IO[bytes], kind: str, copy_to: Callable[[IO[bytes]], Manifest]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        entry = zipfile.ZipInfo(CONTENT[kind], datetime.now(UTC).timetuple()[:6])
        entry.compress_type = PACKED[kind]
        with archive.open(entry, "w", force_zip64=True) as content:
            measured = Measured(content)
            facts = copy_to(measured)  # type: ignore[arg-type]
        written = {"sha256": measured.digest.hexdigest(), "bytes": measured.size}
        archive.writestr(MANIFEST, json.dumps({"database": kind, **facts, **written}, indent=1))


@contextmanager
def unpacked(file: Path, identity: Path | None = None) -> Iterator[tuple[Path, Manifest]]:
    """The copy of the database in a folder of its own, compared with its hash, and the manifest.

    `identity` is the file with the key of an encrypted archive. Raises BackupError.
    """
    with tempfile.TemporaryDirectory(prefix="ampera-backup-") as folder:
        try:
            plain = encryption.opened(file, identity, Path(folder))
            with zipfile.ZipFile(plain) as archive:
                manifest = json.loads(archive.read(MANIFEST))
                name = CONTENT[manifest["database"]]
                encryption.need_room(Path(folder), archive.getinfo(name).file_size)
                archive.extract(name, folder)
        except OSError as error:
            raise BackupError(f"{file} cannot be read ({error.strerror}).") from error
        except (KeyError, ValueError, zipfile.BadZipFile) as error:
            raise BackupError(f"{file} is not a backup of this product, or it is damaged.") from error
        copy = Path(folder, name)
        if _sha256(copy) != manifest["sha256"]:
            raise BackupError("The archive is damaged: its content differs from its manifest.")
        yield copy, manifest


def note(instance: Path, file: Path, made_at: str) -> None:
    """Keep when the last proved backup was made, for the doctor: the archives may lie on another machine."""
    with suppress(OSError):  # the backup is what counts
        private_files.make_folder(instance)
        (instance / last_backup.NOTE).write_text(json.dumps({"file": str(file), "made_at": made_at}))


def newest(folder: Path) -> Path | None:
    """The newest archive of a folder, by the time in its name."""
    made = sorted(_made(folder))
    return made[-1][1] if made else None


def outdated(folder: Path, keep: Keep, now: datetime) -> list[Path]:
    """The archives of a folder that need not be kept, oldest first. Files with other names are not looked at."""
    made = sorted(_made(folder), reverse=True)
    since = now - timedelta(days=keep.days)
    late = [n >= keep.most or at < since for n, (at, _file) in enumerate(made)]
    return [file for n, (_at, file) in enumerate(made) if late[n] and n >= keep.least][::-1]


def _made(folder: Path) -> Iterator[tuple[datetime, Path]]:
    for file in folder.glob("ampera-*.zip*"):
        try:
            yield datetime.strptime(file.name.removesuffix(ENCRYPTED), NAME).replace(tzinfo=UTC), file
        except ValueError:  # made with another name: not ours to count
            continue


def sync_folder(folder: Path) -> None:
    """A renamed file is in its place after a power cut, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
