"""Encrypted archives in the age format. The server knows public keys only: it cannot read its own backups.

The programs `age` and `rage` read and write the same files and keys.
"""

import os
import shutil
from pathlib import Path
from typing import IO

from ampera.installation import private_files
from ampera.tools.backups.refusals import BackupError

BEGINS = b"age-encryption.org/v1"
SPARE_BYTES = 16_000_000  # a proof writes a little beside the copy
SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 - how a secret key begins


def make_keypair(out: Path) -> str:
    """Write a new secret key into a file that only its owner reads; returns the public key. Raises BackupError."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    try:
        with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, private_files.FILE), "w") as file:
            file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except FileExistsError:
        raise BackupError(f"{out} is there already. A key that is overwritten is lost, with all its backups.") from None
    return str(identity.to_public())


def encrypt(source: IO[bytes], target: IO[bytes], recipients: str) -> None:
    """Encrypt a stream for these public keys, separated by commas. Raises BackupError."""
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients.split(",")]
    except pyrage.RecipientError:
        raise BackupError("AMPERA_BACKUP_RECIPIENTS has a key with a typing mistake. Nothing was written.") from None
    pyrage.encrypt_io(source, target, keys)


def opened(file: Path, identity: Path | None, folder: Path) -> Path:
    """The archive itself, or a decrypted copy in `folder` when it is encrypted. Raises BackupError and OSError."""
    with file.open("rb") as source:
        is_encrypted = source.read(len(BEGINS)) == BEGINS
    if not is_encrypted:
        return file
    if identity is None:
        raise BackupError(f"{file} is encrypted. Name the file with its secret key: --identity FILE")
    need_room(folder, file.stat().st_size)
    plain = folder / "plain.zip"
    with file.open("rb") as source, plain.open("wb") as target:
        _decrypt(source, target, _secrets(identity), file)
    return plain


def need_room(folder: Path, size: int) -> None:
    """A disk that is filled half-way would fail later, and everything else on it with it. Raises BackupError."""
    if shutil.disk_usage(folder).free < size + SPARE_BYTES:
        needed = f"{(size + SPARE_BYTES) // 1_000_000:,} MB are needed in {folder.parent}"
        raise BackupError(f"There is too little room: {needed}. Set TMPDIR to a folder that has them.")


def _decrypt(source: IO[bytes], target: IO[bytes], secrets: list[str], file: Path) -> None:
    import pyrage

    try:
        pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(secret) for secret in secrets])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
        if getattr(error, "errno", None):  # of the disk; the library has none for a changed file
            raise
        raise BackupError(f"{file} cannot be decrypted: it is damaged, or encrypted for another key.") from error


def _secrets(identity: Path) -> list[str]:
    """The secret keys of a file: one a line, as `keypair` and age-keygen write them."""
    try:
        lines = [line.strip() for line in identity.read_text("utf-8", "replace").splitlines()]
    except OSError as error:
        raise BackupError(f"{identity} cannot be read ({error.strerror}).") from error
    if not (found := [line for line in lines if line.startswith(SECRET)]):
        raise BackupError(f"{identity} has no secret key: a line that begins with {SECRET}")
    return found
