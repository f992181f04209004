"""The files that an office has taken in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ampera.accounts.models import Staff
from ampera.passports.imports.models import ImportedFile

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
