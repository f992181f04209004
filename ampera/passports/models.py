"""A book on a shelf, whose state moves only through `states.py` and whose row is never deleted; and imported files."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, ForeignKey, Index, UniqueConstraint, bindparam, text, update
from sqlalchemy.orm import Mapped, mapped_column

from ampera import audit
from ampera.audit import Actor
from ampera.db import Base, Unit, UtcDateTime
from ampera.passports.events import BookChanged
from ampera.sql.sealed import FoundText, SealedDate, SealedText
from ampera.sql.statements import BYTEWISE

# The last word about numbers. An old twin is a second live book from before the rule; `ampera doctor` lists it.
LIVE_NUMBER = "state IN ('ready', 'held') AND is_old_twin IS NULL"
PHONE = "passports.phone"
# SQLite takes a partial index only for these very words.
LIVE = text("state IN ('ready', 'held')")
READY = text("state = 'ready'")
LOCKED = text("locked_at IS NOT NULL")


class Passport(Base):
    """One passport book of one office, found by its application number.

    Two offices may have the same application number: a unique one would tell an office what the others have, and let
    it take a number that another office needs.
    """

    __tablename__ = "passports"
    __table_args__ = (
        UniqueConstraint("application_no", "office_id"),  # in this order: requests for a link search all offices
        Index("ix_passports_office_state", "office_id", "state"),
        Index("ix_passports_office_name", "office_id", "name_key"),
        Index("ix_passports_live_name", "office_id", "name_key", sqlite_where=LIVE, postgresql_where=LIVE),
        Index(
            "ix_passports_ready_issued",
            "office_id",
            "issued_on",
            "late_until",
            "state",  # SQLite reads it again, also of a partial index
            sqlite_where=READY,
            postgresql_where=READY,
        ),
        Index("ix_passports_locked", "office_id", "locked_at", sqlite_where=LOCKED, postgresql_where=LOCKED),
        Index(
            "ux_passports_live_number",
            "office_id",
            "kind",
            "passport_no",
            unique=True,
            sqlite_where=text(LIVE_NUMBER),
            postgresql_where=text(LIVE_NUMBER),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickups.id"), index=True)
    application_no: Mapped[str] = mapped_column(BYTEWISE)
    passport_no: Mapped[str] = mapped_column(index=True)
    holder_name: Mapped[str]
    name_key: Mapped[str]
    birth_date: Mapped[date] = mapped_column(SealedDate("passports.birth_date"), server_default=text("''"))
    issued_on: Mapped[date]
    shelf: Mapped[str] = mapped_column(default="")
    nik: Mapped[str | None] = mapped_column(FoundText("passports.nik"), index=True)
    document_no: Mapped[str | None] = mapped_column(SealedText("passports.document_no"))
    phone: Mapped[str | None] = mapped_column(FoundText(PHONE), index=True)
    email: Mapped[str | None] = mapped_column(SealedText("passports.email"))
    group_name: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="passport")
    state: Mapped[str] = mapped_column(default="ready")
    is_old_twin: Mapped[bool | None]
    held_reason: Mapped[str | None]
    late_until: Mapped[date | None]
    collected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    collected_lane: Mapped[int | None]
    collected_by: Mapped[str | None]
    # Wrong identities and book numbers since the last handover or unlock. They stay with the book wherever it goes.
    misses: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @staticmethod
    def unlock(conn: Connection, passport_id: int) -> None:
        """Forget the misses of this book."""
        conn.execute(_UNLOCK, {"p": passport_id})

    @staticmethod
    def count_miss(unit: Unit, actor: Actor, office_id: int, passport_id: int, tries_left: int) -> None:
        """One more miss of this book. The last of the `tries_left` that were allowed before it locks the book."""
        is_locked = tries_left <= 1
        unit.conn.execute(_MISS, {"p": passport_id, "locked_at": unit.at if is_locked else None})
        if is_locked:
            audit.record(unit, actor, "passport.locked", f"passport:{passport_id}")
            unit.emit(BookChanged(office_id, passport_id))


_UNLOCK = update(Passport).where(Passport.id == bindparam("p")).values(misses=0, locked_at=None)
_MISS = update(Passport).where(Passport.id == bindparam("p")).values(misses=Passport.misses + 1)


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
