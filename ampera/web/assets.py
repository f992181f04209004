"""The address of static files contains a digest: browsers keep files for a year and never mix two versions."""

import hashlib
from pathlib import Path

YEAR = 365 * 24 * 3600


def address(folder: Path) -> str:
    """`/static/<digest>`: SHA-256 over every file's name and content, the same on every machine."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            total.update(file.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return f"/static/{total.hexdigest()[:12]}"
