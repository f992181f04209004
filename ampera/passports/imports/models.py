"""Files whose books were taken in: who, when, and how many rows of each outcome. Their contents are not kept here."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ampera.audit import Actor
from ampera.db import Base, Unit, UtcDateTime


class Source(NamedTuple):
    """The file that rows come from. `import_id` is of an import by page or API; None for the command."""

    name: str
    import_id: str | None = None


class ImportedFile(Base):
    """A file that was saved. `staff_id` is None for the command on the server."""

    __tablename__ = "imported_files"
    __table_args__ = (Index("ix_imported_files_office_at", "office_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    import_id: Mapped[str | None] = mapped_column(unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]

    @staticmethod
    def add(unit: Unit, actor: Actor, source: Source, counts: Mapping[str, int]) -> None:
        """Note the file beside the books that came from it, in their transaction."""
        numbers = {name: counts[name] for name in ("created", "updated", "unchanged", "refused")}
        by = {"office_id": actor.office_id, "staff_id": actor.staff_id, "at": unit.at}
        unit.session.add(ImportedFile(**by, **source._asdict(), **numbers))
