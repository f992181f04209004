"""Imports between upload and confirmation: files in the instance folder that are removed after half an hour.

The result of a saved import is kept for a day, so that its refused rows can be corrected. They hold personal data of
the uploaded file, so only the server's user can read them, only their own office sees them, and no backup contains
them. An import is `<id>.json` (its small state), `.upload`, `.rows` and `.outcomes`.
"""

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ampera import clock, db, tasks
from ampera.audit import Actor
from ampera.passports.fields import FieldError
from ampera.passports.imports.intake_plan import RowOutcome, counts

LIVES = timedelta(minutes=30)
SAVED_LIVES = timedelta(days=1)
SWEEP_SECONDS = 600.0
ASK_SECONDS = 0.1  # between two looks whether the office's other file has been read
MOST_WAIT_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9_-]{16}")
_ORDER = ("refused", "", "updated", "created", "unchanged")  # refused rows are shown first, then those with warnings


@dataclass
class Import:
    """`state` is `reading`, `ready`, `refused` (the whole file), `saving` or `saved`."""

    id: str
    office_id: int
    name: str
    at: str
    state: str = "reading"
    done: int = 0
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Any] = field(default_factory=list)
    overview: dict[str, Any] = field(default_factory=dict)
    warned: int = 0

    @property
    def ends(self) -> datetime:
        """When its files are removed."""
        return datetime.fromisoformat(self.at) + (SAVED_LIVES if self.state == "saved" else LIVES)

    @property
    def file_problems(self) -> list[FieldError]:
        return [FieldError(*problem) for problem in self.problems]

    @property
    def warnings(self) -> list[FieldError]:
        """The warnings about sheets, columns and rows that hold no book."""
        return [FieldError(*warning) for warning in self.overview.get("warnings", ())]


class ImportStore:
    """The imports of an installation, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, actor: Actor, name: str) -> Import:
        """A new import, whose file belongs at `path(id, "upload")`. Expired imports are removed on the way."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        begun = Import(secrets.token_urlsafe(12), actor.office_id or 0, name[:100], clock.now().isoformat())
        self.save(begun)
        return begun

    def get(self, import_id: str, office_id: int | None) -> Import | None:
        """The office's import with this id; None for an unknown or expired job."""
        if not _ID.fullmatch(import_id):
            return None
        found = self._stored(import_id)
        return found if found and clock.now() < found.ends and found.office_id == office_id else None

    def save(self, job: Import) -> None:
        """Replace the stored state in one step: a reader gets the old or the new state."""
        draft = self.path(job.id, f"draft{secrets.token_hex(4)}")
        with private(draft) as out:
            json.dump(asdict(job), out)
        draft.replace(self.path(job.id, "json"))

    def save_outcomes(self, job: Import, outcomes: list[RowOutcome]) -> None:
        """One JSON line for each row, refused rows first, then those with warnings; and the counts of the import."""
        job.counts = counts(outcomes)
        job.warned = sum(bool(outcome.problems) and outcome.outcome != "refused" for outcome in outcomes)
        with private(self.path(job.id, "outcomes")) as out:
            for outcome in sorted(outcomes, key=_place):
                out.write(json.dumps(_packed(outcome)) + "\n")

    def outcomes(self, job: Import, most: int | None = None) -> Iterator[RowOutcome]:
        """The stored rows, at most `most` of them."""
        with self.path(job.id, "outcomes").open(encoding="utf-8") as lines:
            yield from map(_unpacked, islice(lines, most))

    def claim(self, job: Import) -> bool:
        """Whether the caller may save this import now. Only one of two simultaneous confirmations may."""
        try:
            self.path(job.id, "rows").rename(self.path(job.id, "saving"))
        except FileNotFoundError:
            return False
        return True

    def release(self, job: Import) -> None:
        """Make the import ready again after a failed confirmation."""
        self.path(job.id, "saving").rename(self.path(job.id, "rows"))

    def remove(self, job: Import, *parts: str) -> None:
        for part in parts:
            self.path(job.id, part).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the files of expired imports."""
        files = list(_files(self.folder))
        ends = {_id(file): self._end(_id(file)) for file in files}
        for file in files:
            if (ends[_id(file)] or _touched(file) + LIVES) <= clock.now():
                file.unlink(missing_ok=True)

    @contextmanager
    def reading(self, office_id: int) -> Iterator[None]:
        """One file of an office is read at a time, by all processes: it takes a processor and half a gigabyte."""
        with private(self.folder.with_name(f"imports-{office_id}.lock")) as turn:
            until = time.monotonic() + MOST_WAIT_SECONDS
            while not _is_locked(turn):
                if time.monotonic() > until:
                    raise TimeoutError
                time.sleep(ASK_SECONDS)
            yield

    def _end(self, import_id: str) -> datetime | None:
        found = self._stored(import_id)
        return found.ends if found else None

    def _stored(self, import_id: str) -> Import | None:
        try:
            return Import(**json.loads(self.path(import_id, "json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def path(self, import_id: str, part: str) -> Path:
        return self.folder / f"{import_id}.{part}"


@tasks.every(SWEEP_SECONDS)
def remove_expired() -> None:
    """The server removes files that nobody confirmed: they hold names and numbers. No command does."""
    ImportStore(db.current_settings().instance / "imports").sweep()


def private(path: Path, mode: str = "w") -> Any:
    """A new file that only this user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, mode, encoding=None if "b" in mode else "utf-8")


def _is_locked(turn: IO[str]) -> bool:
    """Whether this process has the turn now. The turn ends with the open file."""
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _files(folder: Path) -> Iterable[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _touched(file: Path) -> datetime:
    """When a file without a stored state was last written."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _id(file: Path) -> str:
    return file.name.split(".")[0]


def _place(row: RowOutcome) -> int:
    return _ORDER.index("" if row.problems and row.outcome != "refused" else row.outcome)


def _packed(row: RowOutcome) -> list[Any]:
    """The row as plain lists. Only a refused row is given back for correction, so only that keeps its cells."""
    called = row.number, row.application_no, row.holder_name, row.outcome
    return [*called, row.problems, row.changes, row.sheet, row.original if row.outcome == "refused" else ()]


def _unpacked(line: str) -> RowOutcome:
    number, application_no, holder_name, outcome, problems, changes, sheet, original = json.loads(line)
    named = tuple(FieldError(*problem) for problem in problems)
    called = number, application_no, holder_name, outcome
    return RowOutcome(*called, named, tuple(map(tuple, changes)), sheet=sheet, original=tuple(original))
