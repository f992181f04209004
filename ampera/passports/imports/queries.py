"""Reads of imports: the files that an office has taken in, and how it already spells its groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.passports.imports.row import CheckedRow
from ampera.passports.models import ImportedFile, Passport
from ampera.passports.states import ON_SHELF

SHOWN = 20


@dataclass(frozen=True)
class PastImport:
    """A saved file. `who` is None for the command on the server."""

    import_id: str | None
    at: datetime
    who: str | None
    name: str
    created: int
    updated: int
    unchanged: int
    refused: int


def past_imports(session: Session, office_id: int) -> list[PastImport]:
    """The office's last files, newest first."""
    file = ImportedFile
    columns = file.import_id, file.at, Staff.name, file.name, file.created, file.updated, file.unchanged, file.refused
    found = select(*columns).outerjoin(Staff, Staff.id == file.staff_id).where(file.office_id == office_id)
    return [PastImport(*row) for row in session.execute(found.order_by(file.at.desc(), file.id.desc()).limit(SHOWN))]


def of_one_spelling(session: Session, office_id: int, rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """The rows with their groups as the office spells them already: `Keluarga Contoh` and `KELUARGA CONTOH` share a
    pickup.
    """
    spelling = _spellings(session, office_id, (row.record.group_name for row in rows if row.record))
    return [_spelled(row, spelling) for row in rows]


def _spelled(row: CheckedRow, spelling: dict[str, str]) -> CheckedRow:
    if row.record is None or row.record.group_name is None:
        return row
    return row._replace(record=row.record._replace(group_name=spelling[_folded(row.record.group_name)]))


def _folded(group: str) -> str:
    """A group without its case and the width of its blanks."""
    return " ".join(group.casefold().split())


def _spellings(session: Session, office_id: int, groups: Iterable[str | None]) -> dict[str, str]:
    """Folded group -> its spelling: the one of books on the shelf, else the first one given."""
    given: dict[str, str] = {}
    for group in groups:
        if group:
            given.setdefault(_folded(group), group)
    if not given:
        return {}
    known = select(Passport.group_name).where(
        Passport.office_id == office_id, Passport.state.in_(ON_SHELF), Passport.group_name.is_not(None)
    )
    stored = session.scalars(known.distinct().order_by(Passport.group_name))
    on_shelf = {_folded(group): group for group in stored if group}
    return {folded: on_shelf.get(folded, group) for folded, group in given.items()}
