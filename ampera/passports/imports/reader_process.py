"""Reads a file of books in a process of its own: a hostile file cannot hurt the server, a large one not slow it down.

The process gets the file as standard input, writes checked rows (one JSON line each) to a file that only this user can
read, and tells its progress on standard output. Cells never pass through the server's loop.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO

from ampera.passports.fields import FieldError
from ampera.passports.imports import row as imports_row
from ampera.passports.imports import sheets
from ampera.settings import PROJECT

MEMORY = 1024 * 1024 * 1024  # bytes
CPU_SECONDS = 120
TELL_EVERY = 500  # rows


class Reading:
    """A reading in progress. `finish` waits for it. `niceness` above 0 lets everybody else have the processor first."""

    def __init__(self, file: IO[bytes], out: Path, today: date, niceness: int = 0) -> None:
        command = [
            sys.executable,
            "-m",
            "ampera.passports.imports.reader_process",
            today.isoformat(),
            str(out),
            str(niceness),
        ]
        self.process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, text=True, cwd=PROJECT)

    def finish(self, tell: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        """Wait for the rows. `tell` hears (rows so far, rows in all or 0). Raises SheetRefused."""
        last = None
        with self.process as process:
            for line in process.stdout or ():
                last = json.loads(line)
                if isinstance(last, list):
                    tell(*last)
        if process.returncode or not isinstance(last, dict):
            raise sheets.SheetRefused(FieldError("", "unreadable"))
        if last["problems"]:
            raise sheets.SheetRefused(*(FieldError(*one) for one in last["problems"]))


def load(path: Path) -> list[imports_row.Row]:
    """The rows that were read."""
    with path.open(encoding="utf-8") as lines:
        return [imports_row.unpacked(json.loads(line)) for line in lines]


def main(today: date, out: Path, niceness: int) -> None:
    """The process itself: standard input to `out`. The last line it prints is the verdict on the whole file."""
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        lines = sheets.read(sys.stdin.buffer.read(sheets.MAX_BYTES + 1), lambda row: _tell([row, 0]))
    except sheets.SheetRefused as refused:
        _tell({"problems": refused.problems})
        return
    os.umask(0o077)
    with out.open("w", encoding="utf-8") as written:
        for done, row in enumerate(imports_row.checked(lines, today), 1):
            written.write(json.dumps(imports_row.packed(row)) + "\n")
            if done % TELL_EVERY == 0 or done == len(lines):
                _tell([done, len(lines)])
    _tell({"problems": []})


def _tell(news: object) -> None:
    print(json.dumps(news), flush=True)


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
