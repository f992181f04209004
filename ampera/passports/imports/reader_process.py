"""Reads a file of books in a separate process: a hostile file cannot harm the server, a large one cannot slow it.

The process reads the file from standard input, writes checked rows (one JSON line each) to a file that only this user
can read, and reports its progress on standard output. Cells never pass through the server's loop.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

from ampera.installation import private_files
from ampera.passports.fields import FieldError
from ampera.passports.imports import row as imports_row
from ampera.passports.imports import sheets
from ampera.settings import PACKAGE

MEMORY = 1024 * 1024 * 1024  # bytes
CPU_SECONDS = 60
REPORT_EVERY = 500  # rows


class Reading:
    """A running process. `finish` waits for its end. With a `niceness` above 0 other processes run first."""

    def __init__(self, file: IO[bytes], out: Path, today: date, niceness: int = 0) -> None:
        command = [
            sys.executable,
            "-m",
            "ampera.passports.imports.reader_process",
            today.isoformat(),
            str(out),
            str(niceness),
        ]
        self.process = subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PACKAGE.parent,
            env=private_files.child_environment(),
        )

    def finish(self, report: Callable[[int, int], None] = lambda _done, _total: None) -> dict[str, Any]:
        """Wait for the rows; returns the overview of the file as `sheets.Overview` has it.

        `report` receives the rows so far and their number (0: unknown). Raises SheetRefused.
        """
        last = None
        with self.process as process:
            for line in process.stdout or ():
                last = json.loads(line)
                if isinstance(last, list):
                    report(*last)
        if process.returncode or not isinstance(last, dict):
            raise sheets.SheetRefused(FieldError("", "unreadable"))
        if last["problems"]:
            raise sheets.SheetRefused(*(FieldError(*problem) for problem in last["problems"]))
        return last["overview"]


def load(path: Path) -> list[imports_row.CheckedRow]:
    """The checked rows of a finished process."""
    with path.open(encoding="utf-8") as lines:
        return [imports_row.unpacked(json.loads(line)) for line in lines]


def main(today: date, out: Path, niceness: int) -> None:
    """The process: standard input to `out`. The last printed line has the errors of the whole file."""
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        found = sheets.read_file(sys.stdin.buffer.read(sheets.MAX_BYTES + 1), lambda row: _report([row, 0]))
    except sheets.SheetRefused as refused:
        _report({"problems": refused.problems})
        return
    private_files.keep_private()
    rows = found.rows
    with out.open("w", encoding="utf-8") as written:
        for done, row in enumerate(imports_row.checked(rows, today), 1):
            written.write(json.dumps(imports_row.packed(row)) + "\n")
            if done % REPORT_EVERY == 0 or done == len(rows):
                _report([done, len(rows)])
    _report({"problems": [], "overview": asdict(found.overview)})


def _report(progress: object) -> None:
    print(json.dumps(progress), flush=True)


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
