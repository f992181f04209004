"""What somebody proposed about the holder of a book. The values of the book count until a second person confirms."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, bindparam, insert, text, update
from sqlalchemy.orm import Mapped, mapped_column

from ampera.db import Base, UtcDateTime
from ampera.sql.sealed import SealedJson

# What proves the holder and the book at the window.
IDENTITY = ("passport_no", "holder_name", "birth_date", "nik", "document_no")
OPEN, REPLACED, CONFIRMED, REJECTED = "open", "replaced", "confirmed", "rejected"
IS_OPEN = "state = 'open'"


class Correction(Base):
    """A proposal for one book. `proposed` and `before` have the names of `IDENTITY`; dates are ISO.

    `before` is None until the proposal is confirmed: then it has the values that counted until that moment.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        Index(
            "ux_corrections_open",
            "passport_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_corrections_office_state", "office_id", "state"),
        Index("ix_corrections_passport", "passport_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    passport_id: Mapped[int] = mapped_column(ForeignKey("passports.id"))
    state: Mapped[str] = mapped_column(default=OPEN)
    proposed: Mapped[dict] = mapped_column(SealedJson("corrections.proposed"))
    before: Mapped[dict | None] = mapped_column(SealedJson("corrections.before"))
    reason: Mapped[str]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @staticmethod
    def open_all(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Open these proposals. Each replaces the open proposal of its book: the newest one is decided."""
        if rows:
            conn.execute(_REPLACE, [{"book": row["passport_id"]} for row in rows])
            conn.execute(_OPEN, list(rows))


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a proposal keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def columns(proposed: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a proposal as the columns of a book take them."""
    return {name: date.fromisoformat(value) if name == "birth_date" else value for name, value in proposed.items()}


_REPLACE = (
    update(Correction)
    .where(Correction.passport_id == bindparam("book"), Correction.state == OPEN)
    .values(state=REPLACED)
    .execution_options(synchronize_session=False)
)
_OPEN = insert(Correction)
