"""A file of hashes of leaked passwords on this machine: the format "Pwned Passwords, ordered by hash".

Each line is the SHA-1 of a password in capital hex, a colon, and how often it has leaked; lines are sorted. The file
has tens of gigabytes and is searched by halves: a look reads some forty lines of it, and nothing leaves the machine.
"""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

LINE = re.compile(rb"([0-9A-F]{40}):([0-9]{1,12})\r?\n?")
HASH = 40  # characters
LONGEST_LINE = 64  # bytes
RULE = 'must be a file of "Pwned Passwords, ordered by hash" (SHA-1): lines like 0018A45C…:3, sorted.'


def check(path: str) -> Path:
    """The file of the setting. Raises ValueError with a sentence when it is none."""
    file = Path(path)
    try:
        with file.open("rb") as lines:
            size = _size(lines)
            known = [_line_at(lines, size * part // 8) for part in range(8)]
    except OSError as error:
        raise ValueError(f"cannot be read ({type(error).__name__}).") from None
    found = [LINE.fullmatch(line) for line in known if line]
    hashes = [match[1] for match in found if match]
    if not hashes or len(hashes) < len(found) or hashes != sorted(hashes):
        raise ValueError(RULE)
    return file


def has(file: Path, password: str) -> bool:
    """Whether this password has leaked. Raises OSError when the file cannot be read any more."""
    digest = hashlib.new("sha1", password.encode(), usedforsecurity=False)  # the file has no other; nothing keeps it
    wanted = digest.hexdigest().upper().encode()
    with file.open("rb", buffering=LONGEST_LINE * 2) as lines:
        low, high = 0, _size(lines)
        while low < high:
            middle = (low + high) // 2
            if (line := _line_at(lines, middle)) and line[:HASH] < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_at(lines, low)[:HASH] == wanted


def _size(lines: BinaryIO) -> int:
    return lines.seek(0, 2)


def _line_at(lines: BinaryIO, place: int) -> bytes:
    """The first line that begins at this byte or after it; empty behind the last."""
    lines.seek(max(place - 1, 0))
    if place:
        lines.readline(LONGEST_LINE)
    return lines.readline(LONGEST_LINE)
