"""Imports between their upload and their confirmation: files in the instance folder, gone after half an hour.

They hold what the uploaded file held, so only the server's user can read them, only their own office sees them, and
no backup of the database carries them. One import is `<id>.json` (its state, small), `.upload`, `.rows`, `.outcomes`.
"""

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ampera import clock
from ampera.audit import Actor
from ampera.passports.fields import FieldError
from ampera.passports.imports.intake import Outcome, counts

LIVES = timedelta(minutes=30)
_ID = re.compile(r"[A-Za-z0-9_-]{16}")
_ORDER = ("refused", "updated", "created", "unchanged")  # what a person must see first


@dataclass
class Import:
    """`state` is reading, ready, refused (the file as a whole), saving or saved."""

    id: str
    office_id: int
    name: str
    at: str
    state: str = "reading"
    done: int = 0
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Any] = field(default_factory=list)

    @property
    def file_problems(self) -> list[FieldError]:
        return [FieldError(*one) for one in self.problems]


class Imports:
    """The imports of one installation, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, actor: Actor, name: str) -> Import:
        """A new import; its file goes to `path(id, "upload")`. Old ones are swept out on the way."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        begun = Import(secrets.token_urlsafe(12), actor.office_id or 0, name[:100], clock.now().isoformat())
        self.keep(begun)
        return begun

    def get(self, import_id: str, office_id: int | None) -> Import | None:
        """The office's import with this id, unless it is too old."""
        if not _ID.fullmatch(import_id):
            return None
        try:
            found = Import(**json.loads(self.path(import_id, "json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        is_young = clock.now() - datetime.fromisoformat(found.at) < LIVES
        return found if is_young and found.office_id == office_id else None

    def keep(self, one: Import) -> None:
        """Replace the import's state as a whole: readers see the old or the new one."""
        draft = self.path(one.id, f"draft{secrets.token_hex(4)}")
        with private(draft) as out:
            json.dump(asdict(one), out)
        draft.replace(self.path(one.id, "json"))

    def keep_outcomes(self, one: Import, outcomes: list[Outcome]) -> None:
        """One JSON line for each row, what a person must see first on top; and their counts."""
        one.counts = counts(outcomes)
        with private(self.path(one.id, "outcomes")) as out:
            for outcome in sorted(outcomes, key=lambda outcome: (_ORDER.index(outcome.outcome), outcome.number)):
                out.write(json.dumps(_packed(outcome)) + "\n")

    def outcomes(self, one: Import, most: int | None = None) -> Iterator[Outcome]:
        """The rows as they were kept, the first `most` of them."""
        with self.path(one.id, "outcomes").open(encoding="utf-8") as lines:
            yield from map(_unpacked, islice(lines, most))

    def claim(self, one: Import) -> bool:
        """Whether the caller is the one who may save this import now: of two confirmations only one is."""
        try:
            self.path(one.id, "rows").rename(self.path(one.id, "saving"))
        except FileNotFoundError:
            return False
        return True

    def give_back(self, one: Import) -> None:
        """Nothing was saved after all."""
        self.path(one.id, "saving").rename(self.path(one.id, "rows"))

    def forget(self, one: Import, *parts: str) -> None:
        for part in parts:
            self.path(one.id, part).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what is older than its time."""
        oldest = (clock.now() - LIVES).timestamp()
        for file in _files(self.folder):
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)

    def path(self, import_id: str, part: str) -> Path:
        return self.folder / f"{import_id}.{part}"


def private(path: Path, mode: str = "w") -> Any:
    """A new file for this user only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, mode, encoding=None if "b" in mode else "utf-8")


def _files(folder: Path) -> Iterable[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _packed(one: Outcome) -> list[Any]:
    return [one.number, one.application_no, one.holder_name, one.outcome, one.problems, one.changes]


def _unpacked(line: str) -> Outcome:
    number, application_no, holder_name, outcome, problems, changes = json.loads(line)
    named = tuple(FieldError(*one) for one in problems)
    return Outcome(number, application_no, holder_name, outcome, named, tuple(map(tuple, changes)))
